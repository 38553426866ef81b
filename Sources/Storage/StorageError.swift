public import Ethereum
public import Settlement

/// Why nothing was remembered, or cannot be read.
public enum StorageError: Error, Hashable, Sendable {
  /// The journal does not end where this entry begins: somebody else wrote first.
  case conflict(AgreementID, sequence: UInt64)
  /// Another transaction of this sender has the nonce.
  case nonceTaken(Address, nonce: UInt64)
  /// The task has its transaction; only a replacement may join it.
  case alreadySigned(OutboxTask.ID)
  /// The task has no transaction of this sender and nonce, or has this very one.
  case notAReplacement(OutboxTask.ID)
  /// No such task, or it is finished.
  case taskNotOpen(OutboxTask.ID)
  /// A nonce or block number of 2^63 or more.
  case numberTooLarge(UInt64)
  /// The entry could be written but not be read again: too long or too deep.
  case unreadable(AgreementID, sequence: UInt64)
  /// Another process, or another store of this one, has the data.
  case inUse(path: String)
  /// The data cannot be reached; `errno` as the system set it.
  case unreachable(path: String, errno: Int32)
  /// The file is a database, but none of ours.
  case foreign(path: String)
  /// The data was written by a later version.
  case newerSchema(found: Int64, known: Int64)
  /// What is stored is not what was written.
  case corrupt(what: String)
  /// Somebody outside holds the database.
  case busy
  /// The disk is full; what is stored can still be read.
  case full
  /// SQLite gave up, with this extended result code.
  case failed(code: Int32)
  /// The commit failed half-way and the data cannot be read back now: it may be stored or not.
  case outcomeUnknown
  /// The store was closed.
  case closed
}

extension StorageError: CustomStringConvertible {
  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .conflict(let id, let sequence):
      "entry \(sequence) does not follow the journal of \(id): read the journal again and decide anew"
    case .nonceTaken(let sender, let nonce):
      "nonce \(nonce) of \(sender.checksummed) is taken: sign with the next one"
    case .alreadySigned(let task): "task \(task) has its transaction: send those bytes"
    case .notAReplacement(let task):
      "task \(task) has no other transaction of that sender and nonce: read the open tasks again"
    case .taskNotOpen(let task): "task \(task) is unknown or finished: read the open tasks again"
    case .numberTooLarge(let number): "\(number) is no nonce or block number: it must be below 2^63"
    case .unreadable(let id, let sequence):
      "entry \(sequence) of \(id) could not be read again: it is too long or too deep"
    case .inUse(let path): "\(path) is locked: stop the other process that uses this data"
    case .unreachable(let path, let errno):
      "\(path) cannot be opened (errno \(errno)): check that it exists and is yours"
    case .foreign(let path): "\(path) is another program's database: name another directory"
    case .newerSchema(let found, let known):
      "the data has schema \(found), this version knows \(known): use the version that wrote it"
    case .corrupt(let what): "\(what) is not what was written: restore a backup"
    case .busy: "another program holds the database: close it and try again"
    case .full: "the disk is full: free space and try again"
    case .failed(let code): "the database failed with SQLite code \(code): check the disk, then try again"
    case .outcomeUnknown: "the commit may be stored or not: read the journal again before going on"
    case .closed: "the store is closed: open it again"
    }
  }
}
