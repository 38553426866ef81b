public import Arithmetic
public import Ethereum
public import JSON
import Signing
import Terms

/// A holder of a token lets a vault take some of it, by signature instead of by transaction. Unlike every other message
/// it is signed in the token's own domain. The EIP-712 type is `Permit`.
///
/// - Source: EIP-2612.
public struct Permit: TypedMessage {
  /// What errors call it.
  public static var what: String { "permit" }

  /// Whose tokens they are, and who signs.
  public var owner: Address
  /// Who may take them: the vault.
  public var spender: Address
  /// Base units of the token; they replace what was allowed before.
  public var value: UInt256
  /// How many permits of the owner the token has taken.
  public var nonce: UInt256
  /// The token takes it up to and including this time, Unix seconds.
  public var deadline: UInt256

  /// A message to sign.
  public init(owner: Address, spender: Address, value: UInt256, nonce: UInt256, deadline: UInt256) {
    self.owner = owner
    self.spender = spender
    self.value = value
    self.nonce = nonce
    self.deadline = deadline
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let owner = reader.address("owner")
    let spender = reader.address("spender")
    let value = reader.uint256("value")
    let nonce = reader.uint256("nonce")
    let deadline = reader.uint256("deadline")
    guard let owner, let spender, let value, let nonce, let deadline else { return nil }
    self.init(owner: owner, spender: spender, value: value, nonce: nonce, deadline: deadline)
  }

  /// The EIP-712 type `Permit`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Permit",
      members: [
        .address("owner", owner), .address("spender", spender), .uint256("value", value), .uint256("nonce", nonce),
        .uint256("deadline", deadline),
      ])
  }

  /// The owner.
  public var claimedSigner: Address? { owner }
}

extension UnverifiedMessage<Permit> {
  /// The token's own function, as the escrow calls it.
  public func tokenCall() throws(SettlementError) -> [UInt8] {
    do throws(EthereumError) {
      return try Self.function.encodeCall([
        .address(message.owner), .address(message.spender), .uint(message.value), .uint(message.deadline),
        .uint(UInt256(UInt64(signature.bytes[64]))), .fixedBytes(signature.r.bytes), .fixedBytes(signature.s.bytes),
      ])
    } catch {
      throw .unencodable("the call permit: \(error)")
    }
  }

  /// The escrow's struct for it: deadline, v, r, s, value.
  var abi: ABIValue {
    .tuple([
      .uint(message.deadline), .uint(UInt256(UInt64(signature.bytes[64]))), .fixedBytes(signature.r.bytes),
      .fixedBytes(signature.s.bytes), .uint(message.value),
    ])
  }

  private static var function: ABIFunction { "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)" }
}
