public import Ethereum
import Terms

/// Where the vault keeps an observer's price: it knows no version, so a price counts under all terms that ask for it.
struct PriceSlot: Hashable, Sendable {
  let feed: Digest
  let observedAt: UInt64
  let observer: Address
}

extension Trade {
  /// Where an observer's price is kept under the terms that hold.
  func slot(of observer: Address) -> PriceSlot {
    PriceSlot(feed: terms.escrow.feed, observedAt: terms.escrow.expirationTime, observer: observer)
  }

  /// The prices that the vault holds and that count under the terms that hold: of their feed and fixing, by members of
  /// their panel.
  public var heldPrices: [Address: HeldPrice] {
    var held: [Address: HeldPrice] = [:]
    for observer in terms.escrow.observers.members { held[observer] = prices[slot(of: observer)] }
    return held
  }
}
