public import Arithmetic

/// Fees of the last blocks.
///
/// - Source: execution-apis, `eth_feeHistory`.
public struct FeeHistory: Hashable, Sendable {
  /// The base fee of each block, and last that of the block to come, in wei per gas.
  public let baseFeesPerGas: [UInt256]
  /// The tip at the asked percentile of each block, in wei per gas; empty where the node does not say.
  public let tipsPerGas: [UInt256]

  /// A history.
  ///
  /// - Precondition: There is at least one base fee.
  public init(baseFeesPerGas: [UInt256], tipsPerGas: [UInt256]) {
    precondition(!baseFeesPerGas.isEmpty, "a fee history ends with the base fee of the block to come")
    self.baseFeesPerGas = baseFeesPerGas
    self.tipsPerGas = tipsPerGas
  }
}

/// The two caps of a fee-market transaction, in wei per gas.
public struct Fees: Hashable, Sendable {
  /// All that is paid at most.
  public let maxFeePerGas: UInt256
  /// What the block's builder gets at most.
  public let maxPriorityFeePerGas: UInt256

  /// Two caps.
  public init(maxFeePerGas: UInt256, maxPriorityFeePerGas: UInt256) {
    self.maxFeePerGas = maxFeePerGas
    self.maxPriorityFeePerGas = maxPriorityFeePerGas
  }
}

/// How fees follow from the last blocks: a pure function of their history.
public struct FeePolicy: Hashable, Sendable {
  /// How many blocks to look at.
  public var blockCount = 20
  /// Which percentile of each block's tips counts, 0...100.
  public var tipPercentile = 50
  /// The least tip, in wei per gas: 0.001 gwei, below which geth's builder takes nothing by default.
  public var tipPerGasMin: UInt256 = 1_000_000
  /// The most that is ever paid, in wei per gas; nil for no bound.
  public var maxFeePerGasMax: UInt256?

  /// The standard policy; change single members from here.
  public init() {}

  /// Twice the coming base fee, which bears six full blocks in a row, and the median of the tips above it.
  public func fees(from history: FeeHistory) -> Fees {
    let asked = price(from: history)
    let most = min(asked.maxFeePerGas, maxFeePerGasMax ?? .max)
    return Fees(maxFeePerGas: most, maxPriorityFeePerGas: min(asked.maxPriorityFeePerGas, most))
  }

  /// What would be offered if there were no bound.
  private func price(from history: FeeHistory) -> Fees {
    let tips = history.tipsPerGas.sorted()
    let tip = max(tipPerGasMin, tips.isEmpty ? .zero : tips[(tips.count - 1) / 2])
    let base = history.baseFeesPerGas[history.baseFeesPerGas.count - 1]
    return Fees(maxFeePerGas: (try? base.multiplied(by: 2).adding(tip)) ?? .max, maxPriorityFeePerGas: tip)
  }

  /// What is to be done about a transaction that waits for a block.
  ///
  /// - Parameter isRefused: whether the node says that it pays too little, whatever the history says.
  public func replacement(of fees: Fees, isRefused: Bool, from history: FeeHistory) -> Replacement {
    let price = price(from: history)
    guard isRefused || fees.maxFeePerGas < price.maxFeePerGas || fees.maxPriorityFeePerGas < price.maxPriorityFeePerGas
    else { return .notNeeded }
    guard let least = fees.raised(), least.maxFeePerGas <= maxFeePerGasMax ?? .max else { return .aboveBound }
    let most = min(max(least.maxFeePerGas, price.maxFeePerGas), maxFeePerGasMax ?? .max)
    let tip = min(max(least.maxPriorityFeePerGas, price.maxPriorityFeePerGas), most)
    return .caps(Fees(maxFeePerGas: most, maxPriorityFeePerGas: tip))
  }
}

/// What a policy says of a transaction that waits for a block.
public enum Replacement: Hashable, Sendable {
  /// It offers what would be offered now.
  case notNeeded
  /// It is to be signed again, with these caps in place of its own.
  case caps(Fees)
  /// A pool would take none whose caps are not above the bound.
  case aboveBound
}

extension Fees {
  /// The least caps with which a pool takes a transaction in place of one with these; nothing where no number is as high.
  /// A pool rounds a tenth more down; here it is rounded up, so that other pools take it too.
  ///
  /// - Source: go-ethereum, `core/txpool/legacypool`: `Add` of `list.go`, with `PriceBump` at its default of ten per cent.
  func raised() -> Fees? {
    do throws(ArithmeticError) {
      return Fees(
        maxFeePerGas: try Self.raised(maxFeePerGas), maxPriorityFeePerGas: try Self.raised(maxPriorityFeePerGas))
    } catch {
      return nil
    }
  }

  private static func raised(_ cap: UInt256) throws(ArithmeticError) -> UInt256 {
    try cap.adding(max(cap.divided(by: 10, rounding: .ceiling), 1))
  }
}
