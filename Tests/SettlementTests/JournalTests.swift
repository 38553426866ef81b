import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import TestSupport
import Testing
import TradeSamples

/// The journal: replaying it gives the state back, and no byte of it can be another.
struct JournalTests {
  /// A trade with every kind of event in it, but for the two that exclude the rest.
  private func long() throws -> Journal {
    let terms = try Sample.terms()
    let escrow = terms.escrow
    var history = try History(terms, reaching: .active)
    let proposal = try Sample.sign(history.claim(by: "seller"), by: "seller", in: terms.domain)
    try history.take(.proposalSigned(proposal), at: escrow.settleFrom)
    try history.take(.due(.propose), at: escrow.settleFrom)
    try history.take(.withdrawn(.propose, transaction: nil), at: escrow.settleFrom)
    try history.take(.happened(history.lie, History.fact("p", at: escrow.settleFrom)), at: escrow.settleFrom)
    let dispute = try Sample.sign(Dispute(counter: history.claim(by: "buyer")), by: "buyer", in: terms.domain)
    try history.take(.disputeSigned(dispute), at: escrow.settleFrom + 1)
    try history.take(.happened(history.dispute, History.fact("d", at: escrow.settleFrom)), at: escrow.settleFrom)
    for name in ["buyer", "seller"] {
      try history.take(.outcomeSigned(history.outcome(60_000_000, by: name)), at: escrow.settleFrom)
    }
    try history.take(.due(.agreed), at: escrow.settleFrom)
    let fact = History.fact("s", at: escrow.settleFrom)
    try history.take(.instructed(.agreed, transaction: fact.transaction), at: escrow.settleFrom)
    let dearer = History.fact("t", at: escrow.settleFrom).transaction
    try history.take(.replaced(.agreed, transaction: fact.transaction, by: dearer), at: escrow.settleFrom)
    try history.take(.withdrawn(.agreed, transaction: dearer), at: escrow.settleFrom)
    let payment = EscrowEvent.settled(.agreed, toBuyer: 60_000_000, toSeller: 9_990_000_000)
    try history.take(.happened(payment, fact), at: escrow.settleFrom)
    return history.journal
  }

  /// An entry as a store reads it back.
  private func read(_ bytes: [UInt8]) throws -> JournalEntry {
    var reader = ObjectReader(try JSONValue(parsingCanonical: bytes))
    let entry = JournalEntry(reading: &reader)
    let faults = reader.finish()
    if let fault = faults.first { throw fault }
    return try #require(entry)
  }

  @Test(arguments: History.Stage.allCases) func `replaying gives the same state`(_ stage: History.Stage) throws {
    let journal = try History(Sample.terms(), reaching: stage).journal
    #expect(try Journal(replaying: journal.entries.map { try read($0.bytes) }) == journal)
  }

  @Test func `every kind of event is read back as it was written`() throws {
    let journal = try long()
    let names = Set(journal.entries.compactMap { $0.event["name"]?.asString })
    #expect(
      names == [
        "submitted", "signed", "due", "instructed", "replaced", "withdrawn", "opened", "observed", "proposalSigned",
        "proposed",
        "disputeSigned", "disputed", "outcomeSigned", "settled",
      ])
    #expect(try Journal(replaying: journal.entries.map { try read($0.bytes) }) == journal)
    #expect(journal.signedHead?.head == journal.head)
    #expect(journal.signedHead?.entries == UInt64(journal.entries.count))
    for (index, entry) in journal.entries.enumerated() {
      #expect(entry.sequence == UInt64(index))
      #expect(entry.previous == (index == 0 ? .zero : journal.entries[index - 1].digest))
    }
  }

  @Test func `a flipped byte anywhere is refused, or is another head`() throws {
    let journal = try long()
    let bytes = journal.entries.map(\.bytes)
    var generator = SeededGenerator("flipped journal bytes")
    var refused = 0
    for _ in 0..<400 {
      let index = Int.random(in: bytes.indices, using: &generator)
      let place = Int.random(in: bytes[index].indices, using: &generator)
      var flipped = bytes
      flipped[index][place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      do {
        let replayed = try Journal(replaying: flipped.map { try read($0) })
        // Nothing follows the last entry to name it; the head does.
        #expect(index == bytes.count - 1, "entry \(index), byte \(place)")
        #expect(replayed.head != journal.head)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 300)
  }

  @Test func `an entry left out, doubled, swapped or of another agreement breaks the journal`() throws {
    let journal = try long()
    let entries = journal.entries
    for index in entries.indices.dropLast() {
      var without = entries
      without.remove(at: index)
      #expect(throws: JournalError.broken(at: UInt64(index))) { try Journal(replaying: without) }
      var doubled = entries
      doubled.insert(entries[index], at: index)
      #expect(throws: JournalError.broken(at: UInt64(index + 1))) { try Journal(replaying: doubled) }
      var swapped = entries
      swapped.swapAt(index, index + 1)
      #expect(throws: JournalError.broken(at: UInt64(index))) { try Journal(replaying: swapped) }
    }
    let other = try History(Sample.terms("main-network"), reaching: .confirmed).journal
    #expect(throws: JournalError.broken(at: 1)) { try Journal(replaying: [entries[0], other.entries[1]]) }
    #expect(try Journal(replaying: []).trade == nil)
  }

  @Test func `an entry with another agreement's id is refused even when it is the last`() throws {
    let entries = try History(Sample.terms(), reaching: .confirmed).journal.entries
    let last = try #require(entries.last)
    let other = try read(
      last.document.replacing(["agreementId"], with: .string(Digest.zero.hex)).canonicalBytes())
    #expect(throws: JournalError.broken(at: UInt64(entries.count - 1))) {
      try Journal(replaying: entries.dropLast() + [other])
    }
  }

  @Test func `an event that the life cycle refuses is named with its place`() throws {
    let journal = try History(Sample.terms(), reaching: .execution).journal
    var entry = try #require(journal.entries.first).document
    entry = entry.replacing(["at"], with: .string(String(try Sample.terms().escrow.acceptBy)))
    let error = try #require(throws: JournalError.self) { try Journal(replaying: [read(entry.canonicalBytes())]) }
    guard case .refused(at: 0, .expired) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.description.contains("entry 0"))
  }

  @Test func `an event in another form is unreadable or broken`() throws {
    let journal = try History(Sample.terms(), reaching: .execution).journal
    let entry = try #require(journal.entries.first).document
    let buyer = try Sample.terms().escrow.buyer.checksummed
    let rows: [(JSONValue, Bool)] = [
      (entry.replacing(["event", "name"], with: "sold"), true),
      (entry.replacing(["event", "clause"], with: "payoff"), true),
      (entry.replacing(["event", "more"], with: "x"), true),
      (entry.replacing(["event", "terms", "escrow", "buyer"], with: .string(buyer.lowercased())), false),
    ]
    for (document, isUnreadable) in rows {
      let error = try #require(throws: JournalError.self) {
        try Journal(replaying: [read(document.canonicalBytes())])
      }
      if case .unreadable = error { #expect(isUnreadable) } else { #expect(error == .broken(at: 0) && !isUnreadable) }
    }
  }

  @Test func `a signature in the journal is verified again`() throws {
    let history = try History(Sample.terms(), reaching: .confirmed)
    let entry = try #require(history.journal.entries.last)
    let stranger = try Sample.key("stranger").sign(history.terms.digest)
    let forged = try read(
      entry.document.replacing(["event", "signature"], with: .string(stranger.hex)).canonicalBytes())
    let error = try #require(throws: JournalError.self) {
      try Journal(replaying: history.journal.entries.dropLast() + [forged])
    }
    guard case .refused(_, .wrongSigner) = error else {
      Issue.record("\(error)")
      return
    }
  }
}
