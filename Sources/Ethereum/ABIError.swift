public import Arithmetic

/// An error that a contract declares, by its signature: what is needed to read it when a call is undone.
///
/// - Source: Solidity documentation, "Contract ABI Specification", "Errors".
public struct ABIError: Hashable, Sendable {
  private let function: ABIFunction

  /// The error of this signature, such as `InsufficientBalance(uint256,uint256)`.
  ///
  /// - Throws: `abiType`.
  public init(signature: String) throws(EthereumError) {
    function = try ABIFunction(signature: signature)
  }

  /// `Error(string)`: what `require` and `revert` give with a text.
  public static let message: ABIError = "Error(string)"
  /// `Panic(uint256)`: what the compiler's own checks give.
  public static let panic: ABIError = "Panic(uint256)"

  /// The error's name.
  public var name: String { function.name }
  /// The types of its arguments.
  public var inputs: [ABIType] { function.inputs }
  /// The first four bytes of the data.
  public var selector: FixedBytes<4> { function.selector }
  /// The canonical signature.
  public var signature: String { function.signature }

  /// The arguments in the data with which a call was undone.
  ///
  /// - Throws: `abi`; `wrongSelector` when it is another error.
  public func decode(_ data: [UInt8]) throws(EthereumError) -> [ABIValue] {
    try function.decodeCall(data)
  }

  /// The data with which a call is undone.
  ///
  /// - Throws: `abiMismatch`.
  public func encode(_ arguments: [ABIValue]) throws(EthereumError) -> [UInt8] {
    try function.encodeCall(arguments)
  }

  /// What a panic's code means; nil for a code that no compiler gives.
  ///
  /// - Source: Solidity documentation, "Panic via assert and Error via require".
  public static func panicMeaning(_ code: UInt256) -> String? {
    switch code {
    case 0x00: "a panic inserted by the compiler"
    case 0x01: "a failed assertion"
    case 0x11: "arithmetic overflow"
    case 0x12: "division by zero"
    case 0x21: "a value outside its enumeration"
    case 0x22: "a badly encoded byte array in storage"
    case 0x31: "pop from an empty array"
    case 0x32: "an index outside the array"
    case 0x41: "too much memory"
    case 0x51: "a call of a function that was never set"
    default: nil
    }
  }
}

extension ABIError: ExpressibleByStringLiteral {
  /// The error of the literal signature; anything else than a signature traps.
  public init(stringLiteral text: String) {
    function = ABIFunction(stringLiteral: text)
  }
}
