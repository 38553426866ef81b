import Arithmetic
public import Ethereum
import Terms

/// A call of the escrow or of a vault; whoever sends it, with no value, it does the same.
public struct EscrowCall: Hashable, Sendable {
  /// The function's name.
  public let name: String
  /// The chain on which it counts.
  public let chainID: ChainID
  /// The contract: the escrow, or an agreement's vault.
  public let to: Address
  /// The calldata.
  public let data: [UInt8]

  init(
    _ function: ABIFunction, to: Address, in domain: TypedDomain, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    name = function.name
    chainID = domain.chainID
    self.to = to
    do throws(EthereumError) {
      data = try function.encodeCall(arguments)
    } catch {
      throw .unencodable("the call \(function.name): \(error)")
    }
  }
}
