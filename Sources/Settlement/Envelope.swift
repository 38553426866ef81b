public import Arithmetic
public import Ethereum

/// What the sender adds around a call: its nonce, gas and fees. They are the sender's configuration, never terms, so a fee
/// can delay a settlement but not change it.
public struct Envelope: Hashable, Sendable {
  /// What is carried.
  public let call: SettlementCall
  /// The sender's.
  public let nonce: UInt64
  /// Gas units.
  public let gasLimit: UInt64
  /// Wei per gas.
  public let maxFeePerGas: UInt256
  /// Wei per gas.
  public let maxPriorityFeePerGas: UInt256

  /// An envelope around a call.
  public init(
    carrying call: SettlementCall, nonce: UInt64, gasLimit: UInt64, maxFeePerGas: UInt256,
    maxPriorityFeePerGas: UInt256
  ) {
    self.call = call
    self.nonce = nonce
    self.gasLimit = gasLimit
    self.maxFeePerGas = maxFeePerGas
    self.maxPriorityFeePerGas = maxPriorityFeePerGas
  }

  /// The transaction to sign.
  ///
  /// - Source: EIP-1559.
  public var transaction: FeeMarketTransaction {
    FeeMarketTransaction(
      chainID: call.chainID, nonce: nonce, maxPriorityFeePerGas: maxPriorityFeePerGas, maxFeePerGas: maxFeePerGas,
      gasLimit: gasLimit, to: call.to, value: .zero, data: call.data, accessList: [])
  }
}
