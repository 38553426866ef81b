import Arithmetic
import Ethereum
import Foundation
import JSON
import Terms
import Testing
import TradeSamples

/// The typed data as it is frozen, against digests that eth-account made.
struct TypedDataTests {
  static let names = [
    "call", "put", "main-network", "widest-chain", "largest-salt", "no-premium-no-bond", "no-buyer-collateral",
    "largest-amounts", "whole-token", "most-decimals", "longest-names", "full-panels", "one-observer-alone",
    "raised-epochs", "far-future", "same-watcher", "asian-call", "american-put",
  ]

  @Test func `the type strings are the frozen ones`() throws {
    let economics =
      "Economics(string optionType,string exerciseStyle,string settlementType,string underlying,string priceCurrency,"
      + "uint256 strikePrice,uint8 priceDecimals,uint256 quantity,uint8 quantityDecimals,uint8 tokenDecimals,"
      + "string priceSource,string parameters)"
    let escrow =
      "Escrow(address buyer,address seller,address token,address deliveryToken,uint256 premium,"
      + "uint256 buyerCollateral,uint256 sellerCollateral,bytes32 clause,uint8 payoffKind,bytes32 feed,uint64 acceptBy,"
      + "uint64 exerciseStart,uint64 expirationTime,uint64 evidenceCloses,uint64 settleFrom,uint64 settleBy,"
      + "uint64 disputeWindow,uint64 rulingWindow,uint256 bond,uint256 arbitrationFee,uint256 defaultToBuyer,"
      + "uint256 defaultToSeller,address[] observers,uint8 observerThreshold,uint64 maxDisagreementPpm,"
      + "address[] arbitrators,uint8 arbitratorThreshold,address[] fallbackArbitrators,uint8 fallbackThreshold,"
      + "address buyerWatcher,address sellerWatcher,uint64 buyerEpoch,uint64 sellerEpoch,uint256 salt)"
    let terms = try Sample.terms()
    #expect(terms.economics.typed.typeString == economics)
    #expect(terms.escrow.typed.typeString == escrow)
    #expect(terms.typed.typeString == "OptionTerms(Economics economics,Escrow escrow)" + economics + escrow)
    #expect(
      terms.domain.structure.typeString
        == "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
    #expect(terms.domain.name == "Tallystick")
    #expect(terms.domain.version == "1")
  }

  @Test(arguments: names) func `every digest is the one that eth-account makes`(_ name: String) throws {
    let expected = try #require(try Sample.document("terms/digests.json")[name])
    let terms = try Sample.terms(name)
    #expect(terms.domain.separator.hex == expected["domainSeparator"]?.asString)
    #expect(terms.economics.typed.structHash.hex == expected["economics"]?.asString)
    #expect(terms.escrow.typed.structHash.hex == expected["escrow"]?.asString)
    #expect(terms.typed.structHash.hex == expected["optionTerms"]?.asString)
    #expect(terms.digest.hex == expected["digest"]?.asString)
  }

  @Test func `no fixture of terms goes untested, and no two have one digest`() throws {
    let digests = try #require(try Sample.document("terms/digests.json").asObject?.members)
    #expect(Set(digests.map(\.name)) == Set(Self.names))
    #expect(Set(digests.compactMap { $0.value["digest"]?.asString }).count == Self.names.count)
  }

  @Test func `the fixtures are what their script makes`() throws {
    let python = "\(Sample.package)/.build/python/bin/python"
    guard FileManager.default.isExecutableFile(atPath: python) else {
      return print("SKIPPED: no \(python), so the fixtures were not made again; run Tests/DevChain/environment.sh")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["\(Sample.package)/Fixtures/make.py", "--check"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "the files named on standard error differ")
  }

  @Test func `a wallet is shown every field, the chain id as a number`() throws {
    let terms = try Sample.terms()
    #expect(try terms.typed.walletDocument(in: terms.domain) == Sample.document("terms/call.typed-data.json"))
  }

  @Test func `a chain id that a JSON number cannot hold is a decimal string`() throws {
    let terms = try Sample.terms("widest-chain")
    #expect(terms.typed.walletDocument(in: terms.domain)["domain"]?["chainId"] == "18446744073709551615")
  }

  @Test func `a change of any one field changes the digest`() throws {
    let terms = try Sample.terms()
    let typed = terms.typed
    var count = 0
    for (outer, part) in typed.members.enumerated() {
      guard case .structure(let structure) = part.value else { continue }
      for (inner, member) in structure.members.enumerated() {
        var members = structure.members
        members[inner] = .init(member.name, member.type, member.value.other)
        var parts = typed.members
        parts[outer] = .init(part.name, part.type, .structure(TypedStruct(name: structure.name, members: members)))
        let changed = TypedStruct(name: typed.name, members: parts)
        #expect(changed.digest(in: terms.domain) != terms.digest, "\(part.name).\(member.name)")
        count += 1
      }
    }
    #expect(count == 12 + 34)
  }

  @Test func `another chain, escrow, name or version is another digest`() throws {
    let terms = try Sample.terms()
    let domain = terms.domain
    let others = [
      TypedDomain(
        name: domain.name, version: domain.version, chainID: ChainID(rawValue: domain.chainID.rawValue + 1),
        verifyingContract: domain.verifyingContract),
      TypedDomain(
        name: domain.name, version: domain.version, chainID: domain.chainID, verifyingContract: terms.escrow.token),
      TypedDomain(
        name: "Tallystic", version: domain.version, chainID: domain.chainID,
        verifyingContract: domain.verifyingContract),
      TypedDomain(
        name: domain.name, version: "2", chainID: domain.chainID, verifyingContract: domain.verifyingContract),
    ]
    #expect(Set(others.map { terms.typed.digest(in: $0) } + [terms.digest]).count == 5)
  }
}

extension TypedValue {
  /// Some other value of the same type; of types that no message of ours has, and of structs, the same one.
  fileprivate var other: TypedValue {
    switch self {
    case .uint(let value): .uint(value == .zero ? .one : .zero)
    case .address(let value): .address(value == .zero ? Address.created(by: .zero, nonce: 1) : .zero)
    case .bytes32(let value): .bytes32(value == .zero ? Keccak256.hash([]) : .zero)
    case .string(let value): .string(value + "x")
    case .bool(let value): .bool(!value)
    case .array(let values): .array(values + values.prefix(1))
    case .int, .fixedBytes, .bytes, .structure, .noStructure: self
    }
  }
}
