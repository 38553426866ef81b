import Arithmetic
import Clauses
import Ethereum
import Signing
import Terms

/// What the rule says of each observation.
extension Evidence {
  /// The rule's verdicts, by its names.
  enum Verdict: String {
    case counts = "Counts"
    case otherFeed = "OtherFeed"
    case otherTime = "OtherTime"
    case outsideWindow = "OutsideWindow"
    case outOfRange = "OutOfRange"
    case notOnThePanel = "NotOnThePanel"
    case equivocated = "Equivocated"
    case repeated = "Repeated"
  }

  /// One observer's instant: what else the same one signed for it is all that bears on an observation.
  private struct Slot: Hashable {
    let signer: Address
    let observedAt: UInt64
  }

  /// The most observations of one slot that the rule is asked about at once.
  private static let slotCountMax = 60

  /// The verdict on each of these, which are distinct and sorted.
  static func judge(
    _ observations: [Signed<Observation>], under terms: OptionTerms
  ) throws(SettlementError) -> [Entry: Verdict] {
    var slots: [Slot: [Signed<Observation>]] = [:]
    for observation in observations {
      slots[Slot(signer: observation.signer, observedAt: observation.message.observedAt), default: []]
        .append(observation)
    }
    let question = try question(under: terms)
    var verdicts: [Entry: Verdict] = [:]
    for (slot, held) in slots {
      guard held.count <= slotCountMax else {
        throw .tooMany(of: Observation.what, by: slot.signer, max: slotCountMax)
      }
      var inputs = question
      try add(held, to: &inputs)
      for (index, observation) in held.enumerated() {
        inputs["index"] = .number(Int256(Int64(index)))
        let name = try Rule.evidence.run(inputs).name("verdict")
        guard let verdict = Verdict(rawValue: name) else { throw .unfitClause("it finds a verdict \(name)") }
        verdicts[Entry(observation)] = verdict
      }
    }
    return verdicts
  }

  private static func question(under terms: OptionTerms) throws(SettlementError) -> [String: InputValue] {
    var panel: [Int256] = []
    for member in terms.escrow.observers.members { panel.append(try InputValue.bits(member.bytes)) }
    return [
      "feed": try .word(terms.escrow.feed.bytes), "evidenceCloses": try .unsigned(terms.escrow.evidenceCloses),
      "fixingStart": try .unsigned(terms.fixings.start), "fixingInterval": try .unsigned(terms.fixings.interval),
      "fixingCount": try .unsigned(terms.fixings.count), "panel": .list(panel),
    ]
  }

  private static func add(
    _ observations: [Signed<Observation>], to inputs: inout [String: InputValue]
  ) throws(SettlementError) {
    var (signers, feeds, values): ([Int256], [Int256], [Int256]) = ([], [], [])
    for observation in observations {
      signers.append(try InputValue.bits(observation.signer.bytes))
      feeds.append(try InputValue.bits(observation.message.feed.bytes))
      // One that is no number of the machine's is too large anyway.
      values.append((try? Int256(observation.message.value)) ?? .max)
    }
    inputs["signers"] = .list(signers)
    inputs["feeds"] = .list(feeds)
    inputs["values"] = .list(values)
    inputs["observed"] = .list(
      try observations.map { (each) throws(SettlementError) in
        try signed(UInt256(each.message.observedAt))
      })
    inputs["published"] = .list(
      try observations.map { (each) throws(SettlementError) in
        try signed(UInt256(each.message.publishedAt))
      })
  }

  /// An observation counts when it is of the agreed feed at a fixing's second, published while evidence was open, with a
  /// price above zero and below two to the 128th, by a member of the panel.
  static func checkAdmissible(_ observation: Signed<Observation>, under terms: OptionTerms) throws(SettlementError) {
    guard let verdict = try judge([observation], under: terms).values.first else { return }
    try requireAdmissible(observation, verdict, under: terms)
  }

  /// As `checkAdmissible`, where something else than a refusal is to follow.
  static func isAdmissible(
    _ observation: Signed<Observation>, under terms: OptionTerms
  ) throws(SettlementError) -> Bool {
    do throws(SettlementError) {
      try checkAdmissible(observation, under: terms)
      return true
    } catch {
      if case .inadmissible = error { return false }
      throw error
    }
  }

  static func requireAdmissible(
    _ signed: Signed<Observation>, _ verdict: Verdict, under terms: OptionTerms
  ) throws(SettlementError) {
    let observation = signed.message
    let reason: Inadmissibility? =
      switch verdict {
      case .counts, .equivocated, .repeated: nil
      case .otherFeed: .otherFeed
      case .otherTime:
        terms.fixings.count == 1
          ? .notTheFixingTime(expected: terms.fixings.start, found: observation.observedAt)
          : .notOnTheSchedule(terms.fixings, found: observation.observedAt)
      case .outsideWindow:
        .publishedOutsideWindow(
          from: observation.observedAt, before: terms.escrow.evidenceCloses, found: observation.publishedAt)
      case .outOfRange: observation.value == .zero ? .zeroPrice : .priceTooLarge(found: observation.value)
      case .notOnThePanel: .notOnThePanel
      }
    if let reason { throw .inadmissible(observer: signed.signer, reason: reason) }
  }
}
