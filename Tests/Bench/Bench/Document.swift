import Arithmetic
import Ethereum
import JSON

/// The typed-data document that everything is measured with: 2,048 bytes, sixteen members, one text of 526 bytes.
struct Document {
  let bytes = PackageResources.typed_data_json
  let message: TypedStruct
  private let json: JSONValue

  init() throws {
    json = try JSONValue(parsing: bytes)
    let members = json["types"]?["Terms"]?.asArray ?? []
    let values = json["message"]
    message = TypedStruct(
      name: "Terms",
      members: try members.map { member in
        let (name, type) = (member["name"]?.asString ?? "", member["type"]?.asString ?? "")
        let text = values?[name]?.asString ?? ""
        let value: TypedValue =
          switch type {
          case "address": .address(try Address(hex: text))
          case "bytes32": .bytes32(try Digest(hex: text))
          case "bool": .bool(values?[name]?.asBool ?? false)
          case "string": .string(text)
          default: .uint(try UInt256(decimal: text))
          }
        return TypedStruct.Member(name, type, value)
      })
  }

  /// A domain made anew, so that nothing of it is cached.
  static func domain() -> TypedDomain {
    TypedDomain(name: "Tallystick", version: "1", chainID: 1, verifyingContract: contract)
  }

  static let contract: Address = (try? Address(hex: "0x1234567890abcdef1234567890abcdef1234b345")) ?? .zero

  /// How many bytes the strings of the message have, read from a document parsed anew.
  static func textCount(_ bytes: [UInt8]) -> Int {
    var count = 0
    for member in (try? JSONValue(parsing: bytes))?["message"]?.asObject?.members ?? [] {
      count += member.value.asString?.utf8.count ?? 0
    }
    return count
  }
}
