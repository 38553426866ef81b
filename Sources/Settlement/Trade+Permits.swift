import Arithmetic
import Ethereum
import Signing
import Terms

/// Taking permits: a party lets its token's vault-to-be take what opening takes, by signature instead of by transaction.
extension Trade {
  /// Who signed it only the token can say, in whose domain it is signed; what it allows is held against the terms here.
  mutating func take(
    _ event: Event, _ permit: UnverifiedMessage<Permit>, at now: UInt64
  ) throws(SettlementError) {
    guard isWaiting else { throw outOfPlace(event) }
    let message = permit.message
    guard let party = terms.escrow.party(at: message.owner) else {
      throw .notAParty(of: Permit.what, found: message.owner)
    }
    let vault = EscrowContract.vault(of: id, under: terms)
    guard message.spender == vault else {
      throw .unfitPermit("it is for \(message.spender); sign one for the vault, \(vault)")
    }
    let opening = terms.escrow.opening(of: party)
    guard message.value >= opening.amount else {
      throw .unfitPermit("it allows \(message.value); opening takes \(opening.amount) of \(opening.token)")
    }
    // The token takes it up to and including its deadline.
    if let deadline = message.deadline.asUInt64, deadline < now {
      throw .expired("the permit's validity", at: deadline, now: now)
    }
    try count(permit.signature, of: message.owner)
    permits[party] = permit
  }

  /// As for signed messages.
  public func holds(_ permit: UnverifiedMessage<Permit>) -> Bool { holds(permit.signature, of: permit.message.owner) }

  /// The permits that the token may still take. One that fails does no harm where the allowance is there.
  func carriablePermits(at now: UInt64) -> [Party: UnverifiedMessage<Permit>] {
    permits.filter { $0.value.message.deadline.asUInt64.map { now <= $0 } ?? true }
  }

  /// Whether its escrow may still be opened.
  public var isWaiting: Bool {
    switch phase {
    case .execution, .confirmed: true
    case .active, .proposed, .disputed, .ruled, .appealed, .changed, .closed, .lapsed: false
    }
  }
}
