/// The struct types that a typed-data document declares.
///
/// - Source: EIP-712, "Definition of encodeType".
struct TypedTypes: Hashable, Sendable {
  struct Field: Hashable, Sendable {
    let name: String
    /// The type as the document writes it: so it stands in the type string.
    let text: String
    let type: TypedType
  }

  private let fields: [String: [Field]]
  private let strings: [String: String]
  private let hashes: [String: Digest]

  /// Types of which each refers to others of these alone.
  init(_ fields: [String: [Field]]) {
    self.fields = fields
    var strings: [String: String] = [:]
    for name in fields.keys {
      let others = Self.names(reachedFrom: name, in: fields).subtracting([name])
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      strings[name] = ([name] + others).map { Self.part($0, fields[$0] ?? []) }.joined()
    }
    self.strings = strings
    hashes = strings.mapValues { Keccak256.hash(Array($0.utf8)) }
  }

  func fields(of name: String) -> [Field] { fields[name] ?? [] }
  func typeString(of name: String) -> String? { strings[name] }
  func typeHash(of name: String) -> Digest? { hashes[name] }

  /// The one struct that no other contains, where there is just one: what a document without `primaryType` means.
  static func primary(of fields: [String: [Field]]) -> String? {
    var candidates = Set(fields.keys)
    for (name, fields) in fields {
      for field in fields {
        if let inner = field.type.structName, inner != name { candidates.remove(inner) }
      }
    }
    return candidates.count == 1 ? candidates.first : nil
  }

  private static func names(reachedFrom name: String, in fields: [String: [Field]]) -> Set<String> {
    var found: Set = [name]
    var open = [name]
    while let next = open.popLast() {
      for inner in (fields[next] ?? []).compactMap(\.type.structName) where found.insert(inner).inserted {
        open.append(inner)
      }
    }
    return found
  }

  private static func part(_ name: String, _ fields: [Field]) -> String {
    name + "(" + fields.map { $0.text + " " + $0.name }.joined(separator: ",") + ")"
  }
}

/// The type of one member.
indirect enum TypedType: Hashable, Sendable {
  /// A type of the contract ABI that is neither array nor tuple.
  case elementary(ABIType)
  /// A struct of the document.
  case structure(String)
  /// Values of one type: as many as the count says, or any number.
  case array(TypedType, count: Int?)

  /// The type that a text writes, where structs of these names are declared; nil if it is none.
  init?(_ text: String, structs names: Set<String>, depth: Int = 0) {
    if text.hasSuffix("]") {
      guard depth < Limits.abiTypeDepthMax, let open = text.lastIndex(of: "[") else { return nil }
      let digits = text[text.index(after: open)...].dropLast()
      let count = Int(digits)
      guard digits.isEmpty || (count.map { $0 >= 0 && String($0) == digits } ?? false),
        let element = TypedType(String(text[..<open]), structs: names, depth: depth + 1)
      else { return nil }
      self = .array(element, count: count)
    } else if let index = names.firstIndex(of: text), names[index].utf8.elementsEqual(text.utf8) {
      self = .structure(names[index])
    } else {
      self.init(elementary: text)
    }
  }

  /// An elementary type, in its one spelling: EIP-712 has no `uint` for `uint256`.
  init?(elementary text: String) {
    guard let type = try? ABIType(parsing: text), type.description == text, type.isElementary else { return nil }
    self = .elementary(type)
  }

  /// The struct of the member, or of an array's elements.
  var structName: String? {
    switch self {
    case .elementary: nil
    case .structure(let name): name
    case .array(let element, _): element.structName
    }
  }
}

extension ABIType {
  /// Whether this is neither array nor tuple, nor the function that EIP-712 does not have.
  fileprivate var isElementary: Bool {
    switch kind {
    case .array, .fixedArray, .tuple, .function: false
    default: true
    }
  }
}
