public import JSON

/// A typed-data document of any types, as wallets take it: what it says, and the digest that a signature covers.
///
/// A struct that is null or missing counts as 32 zero bytes. Any other value must be there and of its type, in one
/// form: integers as decimal or hexadecimal text or as a JSON number, bytes as hexadecimal text, an address in mixed
/// case with its checksum. Members that no type declares are ignored, as `eth_signTypedData_v4` defines, and listed.
///
/// - Source: EIP-712; `eth_signTypedData_v4` where the EIP leaves it open.
public struct TypedData: Hashable, Sendable {
  /// The domain, with the fields that the document gives.
  public let domain: TypedStruct
  /// The message; nil where the primary type is the domain itself.
  public let message: TypedStruct?
  /// Where values stand that no type declares, and so no signature covers.
  public let ignoredPaths: [String]

  /// What is signed: Keccak-256 of 0x1901, the domain separator and the message's struct hash, if there is a message.
  public var digest: Digest {
    message?.digest(separator: domain.structHash) ?? Keccak256.hash([0x19, 0x01] + domain.structHash.bytes)
  }

  /// The document of these types, domain and message.
  ///
  /// - Throws: `document` with every fault found.
  public init(_ document: JSONValue) throws(EthereumError) {
    var reader = TypedDataReader()
    let parsed = reader.read(document)
    guard let parsed, reader.faults.isEmpty else { throw .document(reader.faults) }
    domain = parsed.domain
    message = parsed.message
    ignoredPaths = reader.ignoredPaths
  }
}

/// Reads a document and notes everything wrong with it.
private struct TypedDataReader {
  var faults: [DocumentFault] = []
  var ignoredPaths: [String] = []

  static let domainName = "EIP712Domain"
  /// The members of a domain that a document declares no type for (EIP-712, "Definition of domainSeparator").
  static let domainFields = [
    ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
    ("salt", "bytes32"),
  ]

  mutating func read(_ document: JSONValue) -> (domain: TypedStruct, message: TypedStruct?)? {
    guard document.asObject != nil else { return fault("", document, "write an object") }
    guard let declared = document["types"]?.asObject else {
      return fault("types", document["types"], "write an object of struct types")
    }
    guard let domain = document["domain"]?.asObject else {
      return fault("domain", document["domain"], "write an object")
    }
    guard declared.members.count <= Limits.typedDataTypeCountMax else {
      return fault("types", document["types"], "declare at most \(Limits.typedDataTypeCountMax) types")
    }
    var fields = readTypes(declared)
    if fields[Self.domainName] == nil { fields[Self.domainName] = impliedDomain(domain) }
    guard faults.isEmpty else { return nil }

    let types = TypedTypes(fields)
    let declaresDomain = declared[Self.domainName] != nil
    for member in domain.members where !fields[Self.domainName, default: []].contains(where: { $0.name == member.name })
    {
      // Wallets differ on what an undeclared member of the domain means, so that it means nothing here.
      if declaresDomain || member.value != .null {
        note("domain.\(member.name)", member.value, "declare it in types.EIP712Domain, or remove it")
      }
    }
    let domainStruct = structure(Self.domainName, .object(domain), types, at: "domain")
    guard let primary = primaryType(document["primaryType"], fields) else { return nil }
    var message: TypedStruct?
    if primary != Self.domainName {
      guard let value = document["message"], value.asObject != nil else {
        return fault("message", document["message"], "write an object")
      }
      message = structure(primary, value, types, at: "message")
    }
    guard faults.isEmpty, let domainStruct else { return nil }
    return (domainStruct, message)
  }

  private mutating func readTypes(_ declared: JSONObject) -> [String: [TypedTypes.Field]] {
    let names = Set(declared.members.map(\.name))
    var result: [String: [TypedTypes.Field]] = [:]
    for type in declared.members {
      let path = "types.\(type.name)"
      if TypedType(elementary: type.name) != nil || type.name.contains(where: { "[](),".contains($0) }) {
        note(path, nil, "give the struct another name", found: "a struct with the name of another type")
      }
      guard let members = type.value.asArray else {
        note(path, type.value, "write an array of members")
        continue
      }
      var fields: [TypedTypes.Field] = []
      for (index, member) in members.enumerated() {
        let place = "\(path)[\(index)]"
        guard let name = member["name"]?.asString, let text = member["type"]?.asString else {
          note(place, member, "write an object with the texts name and type")
          continue
        }
        guard let memberType = TypedType(text, structs: names) else {
          note(place + ".type", member["type"], "write a type of EIP-712, or declare this struct in types")
          continue
        }
        if fields.contains(where: { $0.name == name }) {
          note(place + ".name", member["name"], "name each member once")
        }
        fields.append(.init(name: name, text: text, type: memberType))
      }
      result[type.name] = fields
    }
    return result
  }

  private func impliedDomain(_ domain: JSONObject) -> [TypedTypes.Field] {
    Self.domainFields.compactMap { name, text in
      guard let value = domain[name], value != .null, let type = TypedType(elementary: text) else { return nil }
      return .init(name: name, text: text, type: type)
    }
  }

  private mutating func primaryType(_ given: JSONValue?, _ fields: [String: [TypedTypes.Field]]) -> String? {
    if let given {
      guard let name = given.asString, fields[name] != nil else {
        note("primaryType", given, "write the name of a struct in types")
        return nil
      }
      return name
    }
    var others = fields
    others[Self.domainName] = nil
    if let name = TypedTypes.primary(of: others) { return name }
    note("primaryType", nil, "add it: write the name of a struct in types")
    return nil
  }

  private mutating func structure(
    _ name: String, _ value: JSONValue, _ types: TypedTypes, at path: String
  ) -> TypedStruct? {
    guard let object = value.asObject else {
      note(path, value, "write an object, the struct \(name)")
      return nil
    }
    let fields = types.fields(of: name)
    var members: [TypedStruct.Member] = []
    for field in fields {
      guard let value = self.value(field.type, object[field.name], types, at: path + "." + field.name) else { continue }
      members.append(.init(field.name, field.text, value))
    }
    if object.members.count > fields.count || members.count < object.members.count {
      for member in object.members where !fields.contains(where: { $0.name == member.name }) {
        ignoredPaths.append(path + "." + member.name)
      }
    }
    return members.count == fields.count ? TypedStruct(name: name, members: members, types: types) : nil
  }

  private mutating func value(
    _ type: TypedType, _ value: JSONValue?, _ types: TypedTypes, at path: String
  ) -> TypedValue? {
    switch type {
    case .structure(let name):
      guard let value, value != .null else { return .noStructure }
      return structure(name, value, types, at: path).map { .structure($0) }
    case .array(let element, let count):
      guard let elements = value?.asArray, count.map({ $0 == elements.count }) ?? true else {
        note(path, value, count.map { "write an array of \($0) elements" } ?? "write an array")
        return nil
      }
      var values: [TypedValue] = []
      for (index, each) in elements.enumerated() {
        if let read = self.value(element, each, types, at: "\(path)[\(index)]") { values.append(read) }
      }
      return values.count == elements.count ? .array(values) : nil
    case .elementary(let type):
      var reader = ABIValueReader()
      let read = reader.value(value, as: type, at: path)
      faults += reader.faults
      return read.flatMap(TypedValue.init)
    }
  }

  private mutating func note(_ path: String, _ value: JSONValue?, _ fix: String, found: String? = nil) {
    guard faults.count < 100 else { return }
    faults.append(DocumentFault(path: path, found: found ?? value?.summary ?? "nothing", fix: fix))
  }

  private mutating func fault<T>(_ path: String, _ value: JSONValue?, _ fix: String) -> T? {
    note(path, value, fix)
    return nil
  }
}

extension TypedValue {
  /// The same value inside a struct; nil for arrays and tuples, which typed data writes in another way.
  fileprivate init?(_ value: ABIValue) {
    switch value {
    case .uint(let number): self = .uint(number)
    case .int(let number): self = .int(number)
    case .address(let address): self = .address(address)
    case .bool(let flag): self = .bool(flag)
    case .fixedBytes(let bytes): self = (try? Digest(bytes)).map { .bytes32($0) } ?? .fixedBytes(bytes)
    case .bytes(let bytes): self = .bytes(bytes)
    case .string(let text): self = .string(text)
    case .array, .tuple: return nil
    }
  }
}
