import Arithmetic
import Ethereum
import Settlement
import Terms
import TestSupport
import Testing
import TradeSamples

/// What the clauses of prices and evidence say against a second implementation, written here in Swift from the rule's
/// words and asked nowhere else.
struct RuleAgreementTests {
  @Test func `price clause and plain search agree on 2,000 panels`() throws {
    var generator = SeededGenerator("price clause against plain search")
    var established = 0
    for _ in 0..<2_000 {
      let bases: [UInt64] = [1, 50, 1_000, 1_000_000_000]
      let widths: [UInt64] = [0, 3, 12, 300]
      let (base, width) = (bases.randomElement(using: &generator) ?? 1, widths.randomElement(using: &generator) ?? 0)
      let quotes = (0..<Int.random(in: 0...15, using: &generator)).map { place in
        let scale = UInt256.one << ([0, 0, 90].randomElement(using: &generator) ?? 0)
        return Quote(
          value: (try? UInt256(base + UInt64.random(in: 0...width, using: &generator)).multiplied(by: scale)) ?? .one,
          observer: Address.created(by: .zero, nonce: UInt64(place)))
      }
      let threshold = Int.random(in: 1...9, using: &generator)
      let ppm =
        [UInt64(0), 1, 999_999, .random(in: 0...9_000, using: &generator)].randomElement(using: &generator) ?? 0
      let found = try PriceFinding(from: quotes, threshold: threshold, disagreementPpm: ppm)
      #expect(found == Self.search(quotes, threshold, ppm), "\(quotes.map(\.value)), \(threshold), \(ppm)")
      if found.price != nil { established += 1 }
    }
    #expect((200...1_900).contains(established))
  }

  private static func search(_ quotes: [Quote], _ threshold: Int, _ ppm: UInt64) -> PriceFinding {
    let sorted = quotes.sorted { ($0.value, $0.observer) < ($1.value, $1.observer) }
    guard let first = sorted.first, let last = sorted.last, sorted.count >= threshold else {
      return .tooFew(count: sorted.count, threshold: threshold)
    }
    var best: (run: ArraySlice<Quote>, spread: UInt256)?
    for start in sorted.indices {
      for end in sorted.indices.dropFirst(start) where end - start + 1 >= threshold {
        let low = sorted[start].value
        guard let spread = try? sorted[end].value.subtracting(low),
          spread.fullWidthProduct(1_000_000) <= low.fullWidthProduct(UInt256(ppm))
        else { continue }
        let run = sorted[start...end]
        // Runs are met in ascending order of their lowest quote, so a tie leaves the lower one standing.
        if let held = best, (held.run.count, spread) >= (run.count, held.spread) { continue }
        best = (run, spread)
      }
    }
    guard let run = best?.run else { return .disagreement(lowest: first.value, highest: last.value) }
    return .established(price: run[run.startIndex + (run.count - 1) / 2].value, run: Array(run))
  }

  @Test func `evidence clause and plain reading agree on 300 unions`() throws {
    let agreement = try Sample.agreement(Sample.terms())
    let escrow = agreement.terms.escrow
    var generator = SeededGenerator("evidence clause against plain reading")
    var outcomes: [String: Int] = [:]
    for _ in 0..<300 {
      var union: [Signed<Observation>] = []
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let fault = Int.random(in: 0...30, using: &generator)
        union.append(
          try Sample.observation(
            agreement.terms, by: fault == 0 ? "stranger" : "observer \(Int.random(in: 0...2, using: &generator))",
            price: fault == 1 ? 0 : .random(in: 275_000_000_000...275_000_000_001, using: &generator),
            feed: fault == 2 ? .zero : nil, observedAt: escrow.expirationTime - (fault == 3 ? 1 : 0),
            publishedAt: fault == 4 ? escrow.evidenceCloses : escrow.expirationTime + UInt64(fault % 3)))
      }
      let bad = union.first { Self.refusal(of: $0, escrow) != nil }
      do throws(SettlementError) {
        let evidence = try Evidence(union, for: agreement)
        #expect(bad == nil)
        let prices = Dictionary(grouping: Set(union.map { [$0.signer.checksummed, $0.message.value.description] })) {
          $0[0]
        }
        let twice = prices.filter { $0.value.count > 1 }.keys.sorted()
        #expect(Set(evidence.equivocators.map(\.checksummed)) == Set(twice))
        let quotes = Set(
          union.filter { !twice.contains($0.signer.checksummed) }
            .map { Quote(value: $0.message.value, observer: $0.signer) })
        #expect(evidence.price == Self.search(Array(quotes), 2, escrow.maxDisagreementPpm))
        outcomes[twice.isEmpty ? "all count" : "equivocated", default: 0] += 1
      } catch {
        let first = try #require(bad)
        let reason = try #require(Self.refusal(of: first, escrow))
        #expect(error == .inadmissible(observer: first.signer, reason: reason))
        outcomes["refused", default: 0] += 1
      }
    }
    #expect(outcomes.count == 3 && outcomes.values.allSatisfy { $0 > 20 }, "\(outcomes)")
  }

  private static func refusal(of signed: Signed<Observation>, _ escrow: Escrow) -> Inadmissibility? {
    let observation = signed.message
    return if observation.feed != escrow.feed {
      .otherFeed
    } else if observation.observedAt != escrow.expirationTime {
      .notTheFixingTime(expected: escrow.expirationTime, found: observation.observedAt)
    } else if observation.publishedAt < observation.observedAt || observation.publishedAt >= escrow.evidenceCloses {
      .publishedOutsideWindow(
        from: observation.observedAt, before: escrow.evidenceCloses, found: observation.publishedAt)
    } else if observation.value == .zero {
      .zeroPrice
    } else if observation.value.bitWidth > SettlementLimits.priceBitWidthMax {
      .priceTooLarge(found: observation.value)
    } else if !escrow.observers.members.contains(signed.signer) {
      .notOnThePanel
    } else {
      nil
    }
  }
}
