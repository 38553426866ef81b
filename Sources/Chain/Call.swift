public import Arithmetic
public import Ethereum
import JSON

/// A message to a contract that changes nothing.
public struct Call: Hashable, Sendable {
  /// Whom the contract takes for the sender; the zero address if nil.
  public var from: Address?
  /// The contract; nil runs the data as init code.
  public var to: Address?
  /// The call data.
  public var data: [UInt8]
  /// Wei sent along.
  public var value: UInt256
  /// Gas at most; the node's own bound if nil.
  public var gas: UInt64?

  /// A call.
  public init(to: Address?, data: [UInt8], from: Address? = nil, value: UInt256 = .zero, gas: UInt64? = nil) {
    self.from = from
    self.to = to
    self.data = data
    self.value = value
    self.gas = gas
  }

  var parameter: JSONValue {
    var members: [(String, JSONValue)] = [("data", .string(Hex.encode(data)))]
    if let from { members.append(("from", .string(from.fixedBytes.hex))) }
    if let to { members.append(("to", .string(to.fixedBytes.hex))) }
    if value != .zero { members.append(("value", .string(value.hexQuantity))) }
    if let gas { members.append(("gas", .string(hexadecimal(gas)))) }
    return .object(JSONObject(members))
  }
}
