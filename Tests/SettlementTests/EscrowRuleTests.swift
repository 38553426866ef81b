import Arithmetic
import Settlement
import Terms
import Testing
import TradeSamples

/// Which routes are open at which second: every window one second either side.
struct EscrowRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let state: VaultState
    let at: UInt64
    let open: Set<Route>
  }

  static let table: [Case] = {
    guard let escrow = try? Sample.terms().escrow else { return [] }
    let (from, by) = (escrow.settleFrom, escrow.settleBy)
    let (dispute, ruling) = (escrow.disputeWindow, escrow.rulingWindow)
    func at(_ time: UInt64, _ name: String, _ state: VaultState, _ open: Route...) -> Case {
      Case(testDescription: name, state: state, at: time, open: Set(open))
    }
    let early = VaultState.proposed(at: from, toBuyer: 60_000_000)
    let late = VaultState.proposed(at: by - 1, toBuyer: 60_000_000)
    return [
      at(escrow.acceptBy - 1, "the last second of acceptance", .unopened, .open),
      at(escrow.acceptBy, "acceptance has ended", .unopened),
      at(by, "never opened", .unopened),
      at(from - 1, "before settleFrom", .open),
      at(from, "from settleFrom on", .open, .propose),
      at(by - 1, "the last second for a proposal", .open, .propose),
      at(by, "silence", .open, .settleByDefault),
      at(from + dispute - 1, "the last second of the dispute window", early, .propose, .dispute),
      at(from + dispute, "the dispute window has ended", early, .finalise),
      at(by - 1, "a proposal in its own second", late, .propose, .dispute),
      at(by, "a proposal in the last second can be disputed after settleBy", late, .dispute),
      at(by + dispute - 2, "the last second to dispute the last proposal", late, .dispute),
      at(by + dispute - 1, "the last proposal stands", late, .finalise),
      at(from + ruling - 1, "the last second of the ruling window", .disputed(at: from)),
      at(from + ruling, "nobody ruled", .disputed(at: from), .settleByDefault),
      at(by, "closed", .closed),
    ]
  }()

  @Test(arguments: table) func `a route is open in its window and not a second longer`(_ row: Case) throws {
    let views = try EscrowRule.routes(of: Sample.terms(), in: row.state, agreed: nil, at: row.at)
    #expect(views.map(\.route) == Route.allCases.filter { !$0.changesTerms && $0 != .expire })
    #expect(Set(views.filter(\.isOpen).map(\.route)) == row.open)
    for view in views where !view.isOpen { #expect(view.releases == nil) }
  }

  @Test func `an agreed outcome is good in every state that is not final, until its last second`() throws {
    let terms = try Sample.terms()
    let agreed = try History(terms).outcome(70_000_000, by: "buyer", validUntil: 1_900_000_000).message
    let states: [(VaultState, Bool)] = [
      (.unopened, false), (.open, true), (.proposed(at: 1_899_999_990, toBuyer: .zero), true),
      (.disputed(at: 1_899_999_990), true), (.closed, false),
    ]
    for (state, isLive) in states {
      for (now, isValid) in [(UInt64(1_899_999_999), true), (1_900_000_000, false)] {
        let view = try EscrowRule.routes(of: terms, in: state, agreed: agreed, at: now).first { $0.route == .agreed }
        #expect(view?.isOpen == (isLive && isValid), "\(state) at \(now)")
        #expect(view?.releases == (isLive && isValid ? Release(toBuyer: 70_000_000, toSeller: 9_980_000_000) : nil))
      }
    }
  }

  @Test func `each paying route releases the whole`() throws {
    let terms = try Sample.terms()
    let escrow = terms.escrow
    let finalise = try EscrowRule.routes(
      of: terms, in: .proposed(at: escrow.settleFrom, toBuyer: 60_000_000), agreed: nil, at: escrow.settleBy)
    #expect(
      finalise.first { $0.route == .finalise }?.releases == Release(toBuyer: 60_000_000, toSeller: 9_990_000_000))
    let silence = try EscrowRule.routes(of: terms, in: .open, agreed: nil, at: escrow.settleBy)
    #expect(
      silence.first { $0.route == .settleByDefault }?.releases
        == Release(toBuyer: 3_050_000_000, toSeller: 7_000_000_000))
  }

  /// Terms with a second round, in which evidence closes at once.
  private func twoRounds() throws -> OptionTerms {
    try Sample.terms().changed { _, escrow in
      escrow.fallbackArbitrators = Panel(members: [try Sample.address("fallback")], threshold: 1)
    }
  }

  @Test func `a ruling of the only round is paid, of the first of two it waits, of the second it is paid`() throws {
    let one = try Sample.terms()
    let two = try twoRounds()
    let (at, window) = (one.escrow.settleFrom, one.escrow.rulingWindow)
    let ruling = EscrowPapers(rulingToBuyer: 60_000_000)
    let paid = Release(toBuyer: 60_000_000, toSeller: 9_990_000_000)
    let rows: [(OptionTerms, UInt64, open: Set<Route>, releases: Release?)] = [
      (one, at + window - 1, [.rule], paid), (one, at + window, [.settleByDefault], nil),
      (two, at + window - 1, [.rule], nil), (two, at + window, [.rule], paid),
      (two, at + 2 * window - 1, [.rule], paid), (two, at + 2 * window, [.settleByDefault], nil),
    ]
    for (terms, now, open, releases) in rows {
      let views = try EscrowRule.routes(of: terms, in: .disputed(at: at), holding: ruling, at: now)
      #expect(Set(views.filter(\.isOpen).map(\.route)) == open, "\(now)")
      #expect(views.first { $0.route == .rule }?.releases == releases, "\(now)")
    }
    let silent = try EscrowRule.routes(of: one, in: .disputed(at: at), agreed: nil, at: at)
    #expect(silent.allSatisfy { !$0.isOpen })
    let tooMuch = EscrowPapers(rulingToBuyer: try one.escrowed.adding(1))
    #expect(try EscrowRule.routes(of: one, in: .disputed(at: at), holding: tooMuch, at: at).allSatisfy { !$0.isOpen })
  }

  @Test func `an appeal has its window, and silence on it upholds the first ruling`() throws {
    let terms = try twoRounds()
    let (at, dispute, window) = (terms.escrow.settleFrom, terms.escrow.disputeWindow, terms.escrow.rulingWindow)
    let ruled = VaultState.ruled(at: at, toBuyer: 60_000_000)
    let appealed = VaultState.appealed(at: at, toBuyer: 60_000_000)
    let second = EscrowPapers(rulingToBuyer: 70_000_000)
    let rows: [(VaultState, EscrowPapers, UInt64, Route, toBuyer: UInt256?)] = [
      (ruled, EscrowPapers(), at + dispute - 1, .appeal, nil), (ruled, second, at + dispute - 1, .appeal, nil),
      (ruled, second, at + dispute, .uphold, 60_000_000), (appealed, second, at + window - 1, .rule, 70_000_000),
      (appealed, second, at + window, .uphold, 60_000_000),
    ]
    for (state, papers, now, route, toBuyer) in rows {
      let open = try EscrowRule.routes(of: terms, in: state, holding: papers, at: now).filter(\.isOpen)
      #expect(open.map(\.route) == [route], "\(state) at \(now)")
      #expect(open.first?.releases?.toBuyer == toBuyer)
    }
    let waiting = try EscrowRule.routes(of: terms, in: appealed, agreed: nil, at: at)
    #expect(waiting.allSatisfy { !$0.isOpen })
  }

  @Test func `prices are shown from the fixing until evidence closes, and settle from then on`() throws {
    let terms = try Sample.terms().changed { _, escrow in escrow.payoffKind = 1 }
    let (fixing, closes) = (terms.escrow.expirationTime, terms.escrow.evidenceCloses)
    let papers = EscrowPapers(observedToBuyer: 60_000_000)
    let rows: [(UInt64, Set<Route>)] = [
      (fixing - 1, []), (fixing, [.observe]), (closes - 1, [.observe]), (closes, [.observed]),
      (terms.escrow.settleBy, [.observed, .settleByDefault]),
    ]
    for (now, open) in rows {
      let views = try EscrowRule.routes(of: terms, in: .open, holding: papers, at: now)
      #expect(Set(views.filter(\.isOpen).map(\.route)) == open, "\(now)")
      let none = try EscrowRule.routes(of: Sample.terms(), in: .open, holding: papers, at: now)
      #expect(none.allSatisfy { !$0.isOpen || $0.route == .settleByDefault }, "the contract does not know the payoff")
    }
  }

  @Test func `exercise is open once, from its start until expiration`() throws {
    let terms = try Sample.terms().changed { economics, escrow in
      economics.exerciseStyle = .american
      escrow.exerciseStart = escrow.expirationTime - 100
    }
    let end = terms.escrow.expirationTime
    for (now, isOpen) in [(end - 101, false), (end - 100, true), (end - 1, true), (end, false)] {
      for exercisedAt in [nil, end - 100] {
        let views = try EscrowRule.routes(
          of: terms, in: .open, holding: EscrowPapers(exercisedAt: exercisedAt), at: now)
        #expect(views.first { $0.route == .exercise }?.isOpen == (isOpen && exercisedAt == nil))
      }
    }
  }

  @Test func `the longest possible lock-up with a second round ends when the review says`() throws {
    for (dispute, ruling) in [(1, 1), (1, 4), (2, 3), (3, 1), (5, 4)] as [(UInt64, UInt64)] {
      let terms = try twoRounds().changed { _, escrow in
        escrow.settleBy = escrow.settleFrom + 2
        escrow.disputeWindow = dispute
        escrow.rulingWindow = ruling
      }
      let escrow = terms.escrow
      var states: [VaultState] = []
      for proposed in escrow.settleFrom..<escrow.settleBy {
        for disputed in proposed..<(proposed + dispute) {
          states.append(.disputed(at: disputed))
          for ruled in disputed..<(disputed + ruling) {
            states.append(.ruled(at: ruled, toBuyer: .zero))
            for appealed in ruled..<(ruled + dispute) { states.append(.appealed(at: appealed, toBuyer: .zero)) }
          }
        }
      }
      func isReleasable(_ state: VaultState, _ now: UInt64) throws -> Bool {
        try EscrowRule.routes(of: terms, in: state, agreed: nil, at: now).contains { $0.isOpen && $0.releases != nil }
      }
      let end = TermsReview(of: terms).releasedBy
      #expect(try states.allSatisfy { try isReleasable($0, end) })
      #expect(try !states.allSatisfy { try isReleasable($0, end - 1) })
    }
  }

  @Test func `the longest possible lock-up ends when the review says`() throws {
    let terms = try Sample.terms().changed { _, escrow in
      escrow.settleBy = escrow.settleFrom + 6
      escrow.disputeWindow = 5
      escrow.rulingWindow = 4
    }
    let escrow = terms.escrow
    let end = TermsReview(of: terms).releasedBy
    func isReleasable(_ state: VaultState, _ now: UInt64) throws -> Bool {
      try EscrowRule.routes(of: terms, in: state, agreed: nil, at: now).contains { $0.isOpen && $0.releases != nil }
    }
    // Every schedule of a proposal and a dispute that the rule allows.
    var states: [VaultState] = [.open]
    for proposed in escrow.settleFrom..<escrow.settleBy {
      states.append(.proposed(at: proposed, toBuyer: .zero))
      for disputed in proposed..<(proposed + escrow.disputeWindow) { states.append(.disputed(at: disputed)) }
    }
    #expect(states.count == 1 + 6 + 30)
    #expect(try states.allSatisfy { try isReleasable($0, end) })
    #expect(try !states.allSatisfy { try isReleasable($0, end - 1) })
  }

  @Test func `an absurd time or amount is an error and no crash`() throws {
    let terms = try Sample.terms()
    let states: [VaultState] = [.proposed(at: .max, toBuyer: .max), .disputed(at: .max), .open, .unopened]
    for state in states {
      for now in [0, UInt64.max] { _ = try? EscrowRule.routes(of: terms, in: state, agreed: nil, at: now) }
    }
    #expect(throws: SettlementError.self) {
      try EscrowRule.routes(of: terms, in: .proposed(at: 0, toBuyer: .max), agreed: nil, at: .max)
    }
  }
}
