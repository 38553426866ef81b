public import Arithmetic
public import Chain
public import Ethereum
public import Settlement
public import Storage

/// Why the coordinator refused or could not do something.
public enum CoordinationError: Error, Sendable {
  /// The life cycle refuses it; nothing was changed.
  case refused(SettlementError)
  /// The terms, or now the node, are for another chain.
  case otherChain(expected: ChainID, found: ChainID)
  /// The terms are for another escrow contract.
  case otherEscrow(expected: Address, found: Address)
  /// There is no contract where the escrow should be.
  case noEscrow(Address)
  /// The escrow keeps to other rules than this program replays.
  case otherRules(Address, [RuleDifference])
  /// A token's own decimals are not those in this field of the terms; nothing where the address holds no ERC-20 token.
  case otherDecimals(field: String, token: Address, expected: UInt8, found: UInt256?)
  /// So many agreements wait to be opened that no further one is taken.
  case tooManyWaiting(Int)
  /// No agreement of this id was submitted here.
  case unknownAgreement(AgreementID)
  /// The agreement is not settled as deep as was asked, so there is no proof yet.
  case notSettled(AgreementID, phase: String)
  /// The node no longer has the block that settled.
  case pruned(ChainFact)
  /// A block that was taken as final is no longer on the node's chain.
  case reorganised(below: UInt64)
  /// The call would use more gas than the operator allows for one transaction.
  case tooMuchGas(UInt64, allowed: UInt64)
  /// The stored bytes are not a transaction that was signed for this agreement.
  case foreignTransaction(Digest)
  /// So many final blocks were not taken yet.
  case behind(blocks: UInt64)
  /// The node failed, or refused a question.
  case chain(ChainError)
  /// The store failed.
  case storage(StorageError)
  /// A journal in the store that does not replay: the store was changed from outside.
  case brokenJournal(AgreementID, JournalError)
}

extension CoordinationError: CustomStringConvertible {
  /// What, where and what to do, in one line, for the operator.
  public var description: String {
    switch self {
    case .refused(let error): error.description
    case .otherChain(let expected, let found):
      "domain.chainId: \(found.rawValue); this service settles on chain \(expected.rawValue)"
    case .otherEscrow(let expected, let found):
      "domain.verifyingContract: \(found); this service settles through \(expected)"
    case .noEscrow(let address): "there is no contract at \(address); give the escrow's address on the node's chain"
    case .otherRules(let address, let differences):
      "the escrow \(address) keeps to other rules: \(differences.map(\.description).joined(separator: "; ")); use the "
        + "program that was released with this escrow, or give the address of one that names these rules"
    case .otherDecimals(let field, let token, let expected, nil):
      "\(field): \(token) holds no token that says it has \(expected) decimals; give an ERC-20 contract's address"
    case .otherDecimals(let field, let token, let expected, let found?):
      "\(field): \(expected); the token \(token) has \(found): write the amounts in them"
    case .tooManyWaiting(let count): "\(count) agreements wait to be opened; submit again when some are open or lapsed"
    case .unknownAgreement(let id): "agreement \(id) is unknown here; submit its terms first"
    case .notSettled(let id, let phase): "agreement \(id) is \(phase); its proof is made once it is closed and final"
    case .pruned(let fact):
      "the node no longer has block \(fact.blockNumber), which is needed for the proof; point the service at an archive node"
    case .reorganised(let number):
      "block \(number), taken as final, is no longer on the node's chain; compare nodes, and ask for more confirmations"
    case .tooMuchGas(let gas, let allowed):
      "the call would use \(gas) gas, and \(allowed) are allowed; somebody else may carry it"
    case .foreignTransaction(let hash):
      "the stored bytes of transaction \(hash) are not what was signed for this agreement; restore a backup"
    case .behind(let blocks):
      "\(blocks) final blocks were not read yet; wait, and look at the log if that does not pass"
    case .chain(let error): error.description
    case .storage(let error): error.description
    case .brokenJournal(let id, let error): "the journal of \(id) was changed outside of this service: \(error)"
    }
  }

  /// The same for everybody: without the node's address and words, and without paths, which are the operator's alone.
  public var publicDescription: String {
    switch self {
    case .chain(.transport(let fault, _)): "the chain's node does not answer: \(fault)"
    case .chain(.node(let method, let code, _)): "\(method): the chain's node refuses (\(code))"
    case .storage: "the store is not available; try again later"
    default: description
    }
  }

  /// Whether it keeps one agreement from going on and not the others: whatever is wrong with one must not stop the rest.
  var concernsOneAgreement: Bool {
    switch self {
    case .storage(.alreadySigned), .storage(.notAReplacement), .storage(.taskNotOpen), .storage(.nonceTaken): true
    case .storage, .reorganised: false
    default: true
    }
  }

  /// Whether the node did not answer at all, so that asking for the next agreement is idle.
  var isSilence: Bool {
    if case .chain(.transport(let fault, _)) = self { fault.isRetryable || fault == .cancelled } else { false }
  }
}
