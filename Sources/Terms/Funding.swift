public import Arithmetic
public import Ethereum

/// What somebody brings: base units of a token.
public struct Funding: Hashable, Sendable {
  /// The ERC-20 contract.
  public let token: Address
  /// Its base units.
  public let amount: UInt256

  /// An amount of a token.
  public init(token: Address, amount: UInt256) {
    self.token = token
    self.amount = amount
  }
}

extension Escrow {
  /// What the contract knows of the payoff; nil where it knows none.
  var kind: PayoffKind? { PayoffKind(rawValue: payoffKind) }

  /// Whether the option is settled by delivery, so that its vault is of the other code and holds two tokens.
  public var settlesByDelivery: Bool { kind?.isDelivery == true }

  /// The tokens that its vault may hold.
  public var tokens: [Address] { settlesByDelivery ? [token, deliveryToken] : [token] }

  /// What opening takes from a party: premium and collateral from the buyer, the collateral from the seller, who locks
  /// what it delivers where that is the underlying.
  public func opening(of party: Party) -> Funding {
    switch party {
    case .buyer: Funding(token: token, amount: saturatingSum(premium, buyerCollateral))
    case .seller: Funding(token: kind == .physicalCall ? deliveryToken : token, amount: sellerCollateral)
    }
  }

  /// As `opening(of:)`, and one bond for a proposal or a dispute where there can be one.
  public func due(from party: Party) -> Funding {
    let opening = opening(of: party)
    return settlesByDelivery
      ? opening : Funding(token: opening.token, amount: saturatingSum(opening.amount, bond))
  }
}
