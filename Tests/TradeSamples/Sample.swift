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
  /// The same document with the member at a path, such as `["escrow", "salt"]`, replaced, or removed by nil.
  public func replacing(_ path: [String], with value: JSONValue?) -> JSONValue {
    guard let name = path.first, let members = asObject?.members else { return value ?? self }
    var replaced: [(String, JSONValue)] = []
    for member in members {
      guard member.name == name else {
        replaced.append((member.name, member.value))
        continue
      }
      if path.count > 1 {
        replaced.append((name, member.value.replacing(Array(path.dropFirst()), with: value)))
      } else if let value {
        replaced.append((name, value))
      }
    }
    if path.count == 1, self[name] == nil, let value { replaced.append((name, value)) }
    return .object(JSONObject(replaced))
  }
}
