public import Arithmetic
public import Chain
public import Ethereum
public import Settlement
public import Storage
import Terms

/// Why the coordinator refused or could not do something.
public enum CoordinationError: Error, Sendable {
  /// The life cycle refuses it; nothing was changed.
  case refused(SettlementError)
  /// The terms are for another chain.
  case otherChain(expected: ChainID, found: ChainID)
  /// The terms are for another escrow contract.
  case otherEscrow(expected: Address, found: Address)
  /// The token's own decimals are not those of the terms; nothing where the address holds no ERC-20 token.
  case otherDecimals(token: Address, expected: UInt8, found: UInt256?)
  /// So many agreements wait for their first signature that no further one is taken.
  case tooManyUnsigned(Int)
  case unknownAgreement(AgreementID)
  /// The agreement is not settled as deep as was asked, so there is no proof yet.
  case notSettled(AgreementID, phase: String)
  /// The node no longer has the block that settled.
  case pruned(ChainFact)
  case chain(ChainError)
  case storage(StorageError)
  /// A journal in the store that does not replay: the store was changed from outside.
  case brokenJournal(AgreementID, JournalError)
}

extension CoordinationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let error): error.description
    case .otherChain(let expected, let found):
      "domain.chainId: \(found.rawValue); this service settles on chain \(expected.rawValue)"
    case .otherEscrow(let expected, let found):
      "domain.verifyingContract: \(found); this service settles through \(expected)"
    case .otherDecimals(let token, let expected, nil):
      "escrow.token: \(token) holds no token that says it has \(expected) decimals; give an ERC-20 contract's address"
    case .otherDecimals(let token, let expected, let found?):
      "economics.tokenDecimals: \(expected); the token \(token) has \(found): write the amounts in them"
    case .tooManyUnsigned(let count):
      "\(count) agreements wait for their first signature; sign or wait, then submit again"
    case .unknownAgreement(let id): "agreement \(id) is unknown here; submit its terms first"
    case .notSettled(let id, let phase): "agreement \(id) is \(phase); its proof is made once it is closed and final"
    case .pruned(let fact):
      "the node no longer has block \(fact.blockNumber), which is needed for the proof; point the service at an archive node"
    case .chain(let error): "\(error)"
    case .storage(let error): "\(error)"
    case .brokenJournal(let id, let error): "the journal of \(id) was changed outside of this service: \(error)"
    }
  }
}
