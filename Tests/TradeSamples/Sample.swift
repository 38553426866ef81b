internal import Arithmetic
public import Ethereum
internal import Foundation
public import JSON
public import Settlement
public import Signing
public import Terms

/// The people and documents of `Fixtures`, so that every suite speaks of the same trade.
public enum Sample {
  /// The package's folder.
  public static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The bytes of a file of the package.
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(package)/\(path)")))
  }

  /// A JSON file under `Fixtures`.
  public static func document(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: bytes("Fixtures/\(path)"))
  }

  /// The source of a payoff clause of the library.
  public static func clause(_ name: String = "european-call") throws -> String {
    String(decoding: try bytes("Contracts/Clauses/payoff/\(name).clause"), as: UTF8.self)
  }

  /// The terms of a fixture.
  public static func terms(_ name: String = "call") throws -> OptionTerms {
    try OptionTerms(document: document("terms/\(name).json"))
  }

  /// A key made from a name, as `Fixtures/make.py` makes it.
  public static func key(_ name: String) throws -> PrivateKey {
    try PrivateKey(bytes: Keccak256.hash(Array("tallystick fixture \(name)".utf8)).bytes)
  }

  /// The address of the key of that name.
  public static func address(_ name: String) throws -> Address { try key(name).address }

  /// A message signed by the one of that name.
  public static func sign<Message: TypedMessage>(
    _ message: Message, by name: String, in domain: TypedDomain
  ) throws -> Signed<Message> {
    try Signed(message, signature: key(name).sign(message.typed.digest(in: domain)), in: domain)
  }

  /// The agreement of these terms, signed by the buyer and the seller of the fixtures.
  public static func agreement(_ terms: OptionTerms, clause: String = "european-call") throws -> Agreement {
    try Agreement(
      terms, clause: PayoffClause(source: Sample.clause(clause)),
      buyerSignature: key("buyer").sign(terms.digest), sellerSignature: key("seller").sign(terms.digest))
  }

  /// A price signed by an observer, admissible unless something is said.
  public static func observation(
    _ terms: OptionTerms, by name: String, price: UInt64, feed: Digest? = nil, observedAt: UInt64? = nil,
    publishedAt: UInt64? = nil
  ) throws -> Signed<Observation> {
    let fixing = terms.escrow.expirationTime
    let message = Observation(
      feed: feed ?? terms.escrow.feed, observedAt: observedAt ?? fixing, publishedAt: publishedAt ?? fixing,
      value: UInt256(price))
    return try sign(message, by: name, in: terms.domain)
  }
}

extension OptionTerms {
  /// The same terms with some of them changed.
  ///
  /// - Throws: `TermsError` where the changed terms do not hold.
  public func changed(
    _ change: (inout Economics, inout Escrow) throws -> Void
  ) throws -> OptionTerms {
    var economics = economics
    var escrow = escrow
    try change(&economics, &escrow)
    return try OptionTerms(domain: domain, economics: economics, escrow: escrow)
  }
}

extension JSONValue {
  /// The same document with the value at a path, such as `["escrow", "salt"]` or `["evidence", "0"]`, replaced, or removed
  /// by nil. A member that is not there is added.
  public func replacing(_ path: [String], with value: JSONValue?) -> JSONValue {
    guard let name = path.first else { return value ?? self }
    let rest = Array(path.dropFirst())
    if let elements = asArray {
      return .array(
        elements.enumerated().flatMap { index, element in
          String(index) != name
            ? [element] : rest.isEmpty ? value.map { [$0] } ?? [] : [element.replacing(rest, with: value)]
        })
    }
    guard let members = asObject?.members else { return self }
    var replaced: [(String, JSONValue)] = members.compactMap { member in
      guard member.name == name else { return (member.name, member.value) }
      return rest.isEmpty ? value.map { (name, $0) } : (name, member.value.replacing(rest, with: value))
    }
    if rest.isEmpty, self[name] == nil, let value { replaced.append((name, value)) }
    return .object(JSONObject(replaced))
  }

  /// The value at a path.
  public func at(_ path: [String]) -> JSONValue? {
    guard let name = path.first else { return self }
    let next = asArray.map { elements in Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil } }
    return (next ?? self[name])?.at(Array(path.dropFirst()))
  }

  /// The paths of all values that hold no others.
  public var leaves: [[String]] {
    if let members = asObject?.members { return members.flatMap { m in m.value.leaves.map { [m.name] + $0 } } }
    if let elements = asArray {
      return elements.enumerated().flatMap { index, element in element.leaves.map { [String(index)] + $0 } }
    }
    return [[]]
  }
}
