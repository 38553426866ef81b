import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// A proof of a delivery is sound, and each check fails when its part is false.
struct DeliveryVerifierTests {
  static let endings = ["call", "put"].flatMap { option in
    PaidDelivery.Ending.allCases.map { (option, $0) }
  }

  private func failed(_ proof: SettlementProof, _ block: Digest) -> [Finding.Check] {
    Verifier.findings(in: proof, trustedBlock: block).filter { $0.verdict == .failed }.map(\.check)
  }

  @Test(arguments: endings)
  func `a proof of each ending is sound, check by check`(_ option: String, _ ending: PaidDelivery.Ending) throws {
    let (proof, block) = try PaidDelivery(option, ending).make()
    let findings = Verifier.findings(in: proof, trustedBlock: block)
    #expect(findings.map(\.check) == Finding.Check.allCases)
    for finding in findings { #expect(finding.verdict == .passed, "\(finding.check.name): \(finding.detail)") }
    #expect(try SettlementProof(bytes: proof.bytes) == proof)
    let untrusted = Verifier.findings(in: proof, trustedBlock: nil)
    #expect(untrusted.filter { $0.verdict != .passed }.map(\.check) == [.trustedBlock])
  }

  /// Numbers by one, everything else by its last digit; the file alone, or with the journal chained and signed anew by whoever
  /// sent the transaction. That one may write what it likes about what came before; of the end it may not.
  @Test(arguments: endings, [false, true])
  func `no value of the file can be another`(_ ending: (String, PaidDelivery.Ending), isSealed: Bool) throws {
    let (proof, block) = try PaidDelivery(ending.0, ending.1).make()
    let document = proof.document
    let entryCount = proof.journal.count
    let end = (ending.1 == .exercised ? entryCount - 2 : entryCount - 1)..<entryCount
    var tried = 0
    for path in document.leaves where path != ["format"] {
      guard let text = document.at(path)?.asString, let last = text.last else { continue }
      if isSealed, path.first == "journal", path.count > 2, !end.contains(Int(path[2]) ?? 0) || path[3] == "at" {
        continue
      }
      let other =
        (try? UInt256(decimal: text).adding(1))?.description ?? String(text.dropLast()) + (last == "0" ? "1" : "0")
      var changed = document.replacing(path, with: .string(other))
      if isSealed { changed = try Self.sealed(changed, in: proof.terms) }
      guard let forged = try? SettlementProof(bytes: changed.canonicalBytes()), forged != proof else { continue }
      tried += 1
      #expect(ProofVerdict(Verifier.findings(in: forged, trustedBlock: block)) != .sound, "\(path) \(other)")
    }
    #expect(tried > 40)
  }

  /// The journal's chain of digests made anew, and its head signed by the coordinator.
  private static func sealed(_ document: JSONValue, in terms: OptionTerms) throws -> JSONValue {
    var head = Digest.zero
    var entries: [JSONValue] = []
    for entry in document.at(["journal", "entries"])?.asArray ?? [] {
      let linked = entry.replacing(["previous"], with: .string(head.hex))
      head = Keccak256.hash(linked.canonicalBytes())
      entries.append(linked)
    }
    let end = JournalHead(agreementID: AgreementID(terms.digest), entries: UInt64(entries.count), head: head)
    let signature = try Sample.key("coordinator").sign(end.typed.digest(in: terms.domain))
    return document.replacing(["journal", "entries"], with: .array(entries))
      .replacing(["journal", "signature"], with: .string(signature.hex))
  }

  // MARK: Each part, made false

  private func expect(
    _ check: Finding.Check, _ option: String, _ ending: PaidDelivery.Ending,
    _ change: (inout PaidDelivery) throws -> Void, location: SourceLocation = #_sourceLocation
  ) throws {
    var trade = try PaidDelivery(option, ending)
    try change(&trade)
    let (proof, block) = try trade.make()
    #expect(failed(proof, block).contains(check), sourceLocation: location)
  }

  @Test(arguments: endings)
  func `one base unit more or less in either token is found`(_ option: String, _ ending: PaidDelivery.Ending) throws {
    let count = try PaidDelivery(option, ending).movements.count
    #expect(count >= 2)
    for index in 0..<count {
      try expect(.payments, option, ending) { $0.movements[index].value = try $0.movements[index].value.adding(1) }
      try expect(.payments, option, ending) { $0.movements[index].value = try $0.movements[index].value.subtracting(1) }
      try expect(.payments, option, ending) { $0.movements.remove(at: index) }
      try expect(.payments, option, ending) { $0.movements.append($0.movements[index]) }
      try expect(.payments, option, ending) { $0.movements[index].party = try Sample.address("stranger") }
      try expect(.payments, option, ending) { $0.movements[index].token = try Sample.address("third token") }
      try expect(.payments, option, ending) {
        $0.movements[index].token =
          $0.movements[index].token == $0.terms.escrow.token ? $0.terms.escrow.deliveryToken : $0.terms.escrow.token
      }
    }
  }

  @Test(arguments: endings)
  func `amounts that the vault and the journal say together are held against rule and clause`(
    _ option: String, _ ending: PaidDelivery.Ending
  ) throws {
    for place in 0..<4 {
      try expect(.settledEvent, option, ending) { trade in
        var parts = [
          trade.paid.toBuyer, trade.paid.toSeller, trade.delivered.toBuyer, trade.delivered.toSeller,
        ]
        // What both signed stays as it is; what the vault says changes.
        if ending == .agreed {
          trade.editLogs = { logs in
            for index in logs.indices where logs[index].data.count == 6 * 32 {
              var data = logs[index].data
              data[(3 + place) * 32 - 1] ^= 1
              logs[index] = Log(address: logs[index].address, topics: logs[index].topics, data: data)
            }
          }
        } else {
          parts[place] = try parts[place].adding(1)
          trade.paid = Parts(toBuyer: parts[0], toSeller: parts[1])
          trade.delivered = Parts(toBuyer: parts[2], toSeller: parts[3])
        }
      }
    }
  }

  @Test(arguments: ["call", "put"])
  func `what goes to the seller may be a claim, what the buyer exercised for may not`(_ option: String) throws {
    for index in 0..<5 {
      var trade = try PaidDelivery(option, .exercised)
      let movement = trade.movements[index]
      trade.movements[index].way = .claim
      let (proof, block) = try trade.make()
      // The first is what the buyer brings, the second what it gets for that.
      #expect(failed(proof, block) == (index < 2 ? [.payments] : []), "\(movement)")
    }
  }

  @Test func `an expiry before its second, and an exercise after it, are found`() throws {
    for option in ["call", "put"] {
      try expect(.timing, option, .expired) { $0.time -= 1 }
      try expect(.timing, option, .exercised) { $0.time = $0.terms.escrow.expirationTime }
      try expect(.timing, option, .exercised) { $0.time = $0.terms.escrow.exerciseStart - 1 }
      try expect(.timing, option, .exercised) {
        $0.noticeValidUntil = $0.time + 1
        $0.time += 1
      }
      try expect(.timing, option, .agreed) { $0.time += 10 }
    }
  }

  @Test func `another call, another chain, a failed transaction and other events are found`() throws {
    for (option, ending) in Self.endings {
      if ending == .expired {
        try expect(.call, option, ending) { $0.editTransaction = { $0.data[4] ^= 1 } }
        try expect(.call, option, ending) { $0.editTransaction = { $0.value = 1 } }
      }
      try expect(.execution, option, ending) { $0.succeeded = false }
      try expect(.settledEvent, option, ending) { trade in trade.editLogs = { $0.removeLast() } }
      try expect(.settledEvent, option, ending) { trade in trade.editLogs = { $0.append($0[$0.count - 1]) } }
      if ending == .exercised {
        try expect(.settledEvent, option, ending) { trade in trade.editLogs = { $0.removeFirst() } }
      }
    }
  }

  @Test func `who sent it signs the journal, and nobody else`() throws {
    var trade = try PaidDelivery("call", .exercised)
    trade.journalSigner = "stranger"
    let (proof, block) = try trade.make()
    let missing = Verifier.findings(in: proof, trustedBlock: block).filter { $0.verdict != .passed }
    #expect(missing.map(\.check) == [.journalSignature] && missing.allSatisfy { $0.verdict == .missing })
  }

  // MARK: The basis

  @Test func `a notice of another version, or of somebody else, is no basis`() throws {
    let (proof, block) = try PaidDelivery("call", .exercised).make()
    let history = try History(delivering: "call")
    for notice in [
      try history.notice(version: 2), try history.notice(by: "seller"), try history.notice(by: "stranger"),
    ] {
      let changed = proof.document.replacing(["basis", "notice"], with: notice.document)
      #expect(failed(try SettlementProof(bytes: changed.canonicalBytes()), block).first == .basis)
    }
    // One that the buyer signed as well, and that the transaction does not carry.
    let other = try history.notice(validUntil: history.terms.escrow.settleBy)
    let changed = proof.document.replacing(["basis", "notice"], with: other.document)
    #expect(failed(try SettlementProof(bytes: changed.canonicalBytes()), block).contains(.call))
  }

  @Test(arguments: ["call", "put"]) func `one ending does not pass for another`(_ option: String) throws {
    for ending in PaidDelivery.Ending.allCases {
      for other in PaidDelivery.Ending.allCases where other != ending {
        let (proof, block) = try PaidDelivery(option, ending).make()
        let basis = try PaidDelivery(option, other).make().proof.document.at(["basis"])
        let changed = proof.document.replacing(["basis"], with: basis)
        let checks = failed(try SettlementProof(bytes: changed.canonicalBytes()), block)
        #expect(checks.contains(.call) && checks.contains(.journal), "\(ending) as \(other): \(checks)")
      }
    }
  }

  @Test func `a basis of the other settlement is none`() throws {
    let (delivery, block) = try PaidDelivery("call", .expired).make()
    let (cash, cashBlock) = try PaidTrade(.silent).make()
    for basis: JSONValue in [["route": "default"], ["route": "observed"]] {
      let changed = delivery.document.replacing(["basis"], with: basis)
      #expect(failed(try SettlementProof(bytes: changed.canonicalBytes()), block).first == .basis)
    }
    let expired = cash.document.replacing(["basis"], with: ["route": "expired"])
    #expect(failed(try SettlementProof(bytes: expired.canonicalBytes()), cashBlock).first == .basis)
    let agreed = try PaidTrade(.agreed).make().proof.document.at(["basis"])
    let changed = delivery.document.replacing(["basis"], with: agreed)
    #expect(failed(try SettlementProof(bytes: changed.canonicalBytes()), block).first == .basis)
  }

  @Test func `an exercise that the file hides is found`() throws {
    let (proof, block) = try PaidDelivery("put", .exercised).make()
    let entries = try proof.document.at(["journal", "entries"])?.asArray.orThrow() ?? []
    var kept = entries.filter { $0["event"]?["name"] != "deliveryExercised" }
    kept[kept.count - 1] = kept[kept.count - 1].replacing(["sequence"], with: .string(String(kept.count - 1)))
    let hidden = try Self.sealed(
      proof.document.replacing(["journal", "entries"], with: .array(kept)), in: proof.terms)
    let checks = failed(try SettlementProof(bytes: hidden.canonicalBytes()), block)
    #expect(checks.contains(.outcome) && checks.contains(.journal), "\(checks)")
  }
}
