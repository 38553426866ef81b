import Glibc

/// The directory of the data, made for its owner alone (0700), and the lock that keeps every other process, and every
/// other store of this one, away from it. The system lets go of the lock when the process ends, however it ends.
final class DataDirectory {
  /// The database's file; it exists, for its owner alone (0600), as do the files that SQLite puts beside it.
  let databasePath: String
  private let lock: Int32

  /// - Throws: `unreachable`, `inUse`.
  init(_ path: String) throws(StorageError) {
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .unreachable(path: path, errno: errno) }
    databasePath = path + "/tallystick.sqlite"
    let lockPath = databasePath + ".lock"
    lock = try Self.open(lockPath)
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let error = errno
      Glibc.close(lock)
      throw error == EWOULDBLOCK ? .inUse(path: lockPath) : .unreachable(path: lockPath, errno: error)
    }
    do throws(StorageError) {
      Glibc.close(try Self.open(databasePath))
    } catch {
      Glibc.close(lock)
      throw error
    }
  }

  /// Lets go of the lock before the descriptor: another thread may be starting a process just now, which holds a copy of
  /// the descriptor, and so of the lock, until it runs its own program.
  deinit {
    flock(lock, LOCK_UN)
    Glibc.close(lock)
  }

  private static func open(_ path: String) throws(StorageError) -> Int32 {
    let file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .unreachable(path: path, errno: errno) }
    return file
  }
}
