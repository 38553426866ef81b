import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// What counts as evidence, in which order, and under which digest.
struct EvidenceTests {
  let terms: OptionTerms
  let agreement: Agreement

  init() throws {
    terms = try Sample.terms()
    agreement = try Sample.agreement(terms)
  }

  @Test(arguments: ["call", "asian-call", "american-put"])
  func `order, digest and manifest are those made elsewhere`(_ name: String) throws {
    let document = try AgreementDocument(Sample.document("agreements/\(name).json"))
    let evidence = try document.evidence(for: document.agreement())
    let expected = try Sample.document("evidence/\(name).json")
    #expect(evidence.observations.map { .string($0.signer.checksummed) } == expected["order"]?.asArray)
    #expect(evidence.digest.hex == expected["digest"]?.asString)
    #expect(Hex.encode(evidence.manifest) == expected["manifest"]?.asString)
  }

  @Test func `the order in which observations come changes nothing`() throws {
    let observations = try (0..<3).map {
      try Sample.observation(terms, by: "observer \($0)", price: 275_000_000_000 + UInt64($0))
    }
    let evidence = try Evidence(observations, for: agreement)
    for order in [[1, 0, 2], [2, 1, 0], [2, 0, 1, 1, 2]] {
      #expect(try Evidence(order.map { observations[$0] }, for: agreement) == evidence)
    }
  }

  @Test func `no evidence has the digest of nothing`() throws {
    let evidence = try Evidence([], for: agreement)
    #expect(evidence.digest.hex == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    #expect(evidence.manifest == [0xc0])
    #expect(evidence.price == .tooFew(count: 0, threshold: 2))
  }

  @Test func `the window of publishing is half-open, and the fixing is one second`() throws {
    let fixing = terms.escrow.expirationTime
    let closes = terms.escrow.evidenceCloses
    let rows: [(observedAt: UInt64, publishedAt: UInt64, refusal: Inadmissibility?)] = [
      (fixing, fixing, nil), (fixing, closes - 1, nil),
      (fixing, closes, .publishedOutsideWindow(from: fixing, before: closes, found: closes)),
      (fixing, fixing - 1, .publishedOutsideWindow(from: fixing, before: closes, found: fixing - 1)),
      (fixing - 1, fixing, .notTheFixingTime(expected: fixing, found: fixing - 1)),
      (fixing + 1, fixing + 1, .notTheFixingTime(expected: fixing, found: fixing + 1)),
    ]
    for row in rows {
      let observation = try Sample.observation(
        terms, by: "observer 0", price: 1, observedAt: row.observedAt, publishedAt: row.publishedAt)
      try expect(observation, row.refusal)
    }
  }

  @Test func `another feed, a stranger and a price out of range never count`() throws {
    try expect(Sample.observation(terms, by: "observer 0", price: 1, feed: .zero), .otherFeed)
    try expect(Sample.observation(terms, by: "observer 3", price: 1), .notOnThePanel)
    try expect(Sample.observation(terms, by: "buyer", price: 1), .notOnThePanel)
    try expect(Sample.observation(terms, by: "observer 0", price: 0), .zeroPrice)
    let largest = try (UInt256.one << 128).subtracting(1)
    for (value, refusal) in [(largest, nil), (UInt256.one << 128, Inadmissibility.priceTooLarge(found: .one << 128))] {
      var message = try Sample.observation(terms, by: "observer 0", price: 1).message
      message.value = value
      try expect(Sample.sign(message, by: "observer 0", in: terms.domain), refusal)
    }
  }

  @Test func `an observation under another domain is somebody else's`() throws {
    let elsewhere = TypedDomain(chainID: ChainID(rawValue: 1), escrow: terms.domain.verifyingContract)
    let message = try Sample.observation(terms, by: "observer 0", price: 1).message
    let signature = try Sample.key("observer 0").sign(message.typed.digest(in: elsewhere))
    let signed = try Signed(message, signature: signature, in: terms.domain)
    #expect(signed.signer != (try Sample.address("observer 0")))
    try expect(signed, .notOnThePanel)
  }

  @Test func `the same price twice is one observation, two prices are none`() throws {
    let fixing = terms.escrow.expirationTime
    let first = try Sample.observation(terms, by: "observer 0", price: 275_000_000_000)
    let second = try Sample.observation(terms, by: "observer 1", price: 275_000_000_000)
    let again = try Sample.observation(terms, by: "observer 0", price: 275_000_000_000, publishedAt: fixing + 1)
    let other = try Sample.observation(terms, by: "observer 0", price: 275_000_000_001)

    let same = try Evidence([first, first, second], for: agreement)
    #expect(same == (try Evidence([first, second], for: agreement)))
    let restated = try Evidence([first, again, second], for: agreement)
    #expect(restated.observations.count == 3)
    #expect(restated.equivocators == [])
    #expect(restated.price.price == 275_000_000_000)
    #expect(restated.digest != same.digest)

    let both = try Evidence([first, other, second], for: agreement)
    #expect(both.equivocators == [try Sample.address("observer 0")])
    #expect(both.observations.count == 3)
    #expect(both.price == .tooFew(count: 1, threshold: 2))
  }

  @Test func `of two signatures of one statement the lower stands, and the digest knows neither`() throws {
    let document = try AgreementDocument(Sample.document("agreements/call.json"))
    let all = try document.evidence(for: agreement)
    let first = try document.observations[0].verified(in: terms.domain)
    var reader = ObjectReader(try #require(try Sample.document("evidence/call.json")["again"]))
    let again = try #require(UnverifiedMessage<Observation>(reading: &reader)).verified(in: terms.domain)
    #expect(again.message == first.message && again.signer == first.signer && again.signature != first.signature)
    let lower = again.signature.bytes.lexicographicallyPrecedes(first.signature.bytes) ? again : first
    for order in [[first, again], [again, first]] {
      let evidence = try Evidence(order, for: agreement)
      #expect(evidence.observations == [lower])
      #expect(evidence.equivocators == [])
      #expect(
        try Evidence(
          order + document.observations.dropFirst().map { try $0.verified(in: terms.domain) }, for: agreement
        )
        .digest == all.digest)
    }
  }

  private func expect(_ observation: Signed<Observation>, _ refusal: Inadmissibility?) throws {
    guard let refusal else {
      #expect(try Evidence([observation], for: agreement).observations == [observation])
      return
    }
    #expect(throws: SettlementError.inadmissible(observer: observation.signer, reason: refusal)) {
      try Evidence([observation], for: agreement)
    }
    #expect(!refusal.description.isEmpty)
  }
}
