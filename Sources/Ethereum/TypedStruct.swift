/// A struct of typed data with its values: the one description from which the type string, the hashes and the
/// document for a wallet are derived.
///
/// - Source: EIP-712.
public struct TypedStruct: Hashable, Sendable {
  /// One named, typed value.
  public struct Member: Hashable, Sendable {
    /// The member's name.
    public let name: String
    /// The declared type: `uint8` to `uint256`, `int8` to `int256`, `address`, `bytes1` to `bytes32`, `bytes`,
    /// `string`, `bool`, a struct's name, or an array of any of these such as `address[]`.
    public let type: String
    /// The value.
    public let value: TypedValue

    /// A member. A value that is not of the declared type, or too large for it, is a programming error.
    public init(_ name: String, _ type: String, _ value: TypedValue) {
      precondition(value.fits(type: type), "the value of \(name) is not a \(type)")
      self.name = name
      self.type = type
      self.value = value
    }
  }

  /// The struct's name.
  public let name: String
  /// The members, in the order in which they are hashed.
  public let members: [Member]
  /// The types of the document that the struct comes from; nil where its values tell all types there are.
  let types: TypedTypes?

  /// A struct of these members. The types of structs inside are known from their values, so that there must be one
  /// wherever a struct may be; a document that declares its types is read by `TypedData`.
  public init(name: String, members: [Member]) {
    self.init(name: name, members: members, types: nil)
  }

  init(name: String, members: [Member], types: TypedTypes?) {
    self.name = name
    self.members = members
    self.types = types
  }
}

extension TypedStruct {
  /// The struct's own part of a type string: `Name(type name,type name)`.
  public var ownTypeString: String {
    name + "(" + members.map { $0.type + " " + $0.name }.joined(separator: ",") + ")"
  }

  /// Hashes the struct's own part of a type string, text by text: making one string takes longer than its hash.
  private func hashOwnType(into hasher: inout Keccak256) {
    // A span, since elements of an array are copied out.
    let members = members.span
    hasher.update(name)
    hasher.update(UInt8(ascii: "("))
    for index in members.indices {
      if index > 0 { hasher.update(UInt8(ascii: ",")) }
      hasher.update(members[index].type)
      hasher.update(UInt8(ascii: " "))
      hasher.update(members[index].name)
    }
    hasher.update(UInt8(ascii: ")"))
  }

  /// The structs inside this one, at any depth, by name. Two of one name that declare other members are a programming
  /// error.
  public var referencedStructs: [TypedStruct] {
    var found: [TypedStruct] = []
    collectReferences(into: &found)
    found.removeAll { $0.name == name }
    return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func collectReferences(into found: inout [TypedStruct]) {
    let members = members.span
    for index in members.indices {
      switch members[index].value {
      case .structure(let inner): inner.collect(into: &found)
      case .array(let values):
        for inner in values.flatMap(\.structures) { inner.collect(into: &found) }
      default: break
      }
    }
  }

  private func collect(into found: inout [TypedStruct]) {
    if let known = found.first(where: { $0.name == name }) {
      precondition(known.ownTypeString == ownTypeString, "two structs named \(name)")
    } else {
      found.append(self)
    }
    collectReferences(into: &found)
  }

  /// The struct's part, then those of the structs it refers to, by name.
  ///
  /// - Source: EIP-712, "Definition of encodeType".
  public var typeString: String {
    types?.typeString(of: name) ?? referencedStructs.reduce(ownTypeString) { $0 + $1.ownTypeString }
  }

  /// Keccak-256 of the type string.
  public var typeHash: Digest {
    if let types, let known = types.typeHash(of: name) { return known }
    var hasher = Keccak256()
    hashOwnType(into: &hasher)
    for inner in referencedStructs { inner.hashOwnType(into: &hasher) }
    return hasher.digest()
  }

  /// Keccak-256 of the type hash and the encoded members.
  ///
  /// - Source: EIP-712, "Definition of hashStruct".
  public var structHash: Digest {
    var hasher = Keccak256()
    hasher.update(typeHash)
    let members = members.span
    for index in members.indices { hasher.update(members[index].value.word) }
    return hasher.digest()
  }

  /// The type hash, then 32 bytes for each member.
  ///
  /// - Source: EIP-712, "Definition of encodeData".
  public var encodedData: [UInt8] {
    typeHash.bytes + members.flatMap(\.value.word.bytes)
  }

  /// What is signed: Keccak-256 of 0x1901, the domain separator and the struct hash.
  ///
  /// - Source: EIP-712, "Specification of the eth_signTypedData JSON RPC".
  public func digest(in domain: TypedDomain) -> Digest { digest(separator: domain.separator) }

  /// As `digest(in:)`, in the domain of this struct hash.
  public func digest(separator: Digest) -> Digest {
    var hasher = Keccak256()
    hasher.update([0x19, 0x01])
    hasher.update(separator)
    hasher.update(structHash)
    return hasher.digest()
  }
}
