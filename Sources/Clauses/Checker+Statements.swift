/// What a file says: promises, results, shares and ways out.
extension Checker {
  // MARK: Promises and results

  mutating func checkGivens() -> [TypedExpression]? {
    var givens: [TypedExpression] = []
    checkCount("givens", file.givens, max: Limits.givenCountMax) { $0.range }
    for condition in file.givens {
      guard let typed = check(condition, is: .bool, in: "what is given") else { continue }
      if file.kind == .payoff, let name = nameBeyondTerms(typed) { report(.givenReads(name), at: condition.range) }
      givens.append(typed)
    }
    return givens.count == file.givens.count ? givens : nil
  }

  /// An input that an expression reads, definitions included, and that is not one of the terms.
  private func nameBeyondTerms(_ expression: TypedExpression) -> String? {
    var pending = [expression]
    var seen: Set<Int> = []
    while let next = pending.popLast() {
      var names: [String] = []
      switch next.node {
      case .input(let name), .known(let name), .count(let name), .item(let name, _): names = [name]
      case .fold(let fold):
        names = fold.paired
        if case .list(let name) = fold.rounds { names.append(name) }
      case .definition(let index):
        if seen.insert(index).inserted, let value = typed[index] { pending.append(value) }
      case .shared(let number, _):
        // The same value is reached from each test of its `match`.
        if !seen.insert(-1 - number).inserted { continue }
      default: break
      }
      if let name = names.first(where: { declared[$0].map { $0.group != .terms } ?? false }) { return name }
      pending += next.children
    }
    return nil
  }

  mutating func checkFinds() -> [TypedClause.Find]? {
    if file.kind == .payoff {
      for find in file.finds { report(.misplacedStatement(form: "find", .payoff), at: find.name.range) }
    }
    if file.kind == .arbitration, isWhole, file.finds.isEmpty {
      report(.missingStatement(.arbitration, form: "find name = value"), at: file.end)
    }
    checkCount("finds", file.finds, max: Limits.findCountMax) { $0.name.range }
    var first: [String: SourceRange] = [:]
    var finds: [TypedClause.Find] = []
    for find in file.finds {
      checkResultName(find.name, &first)
      if let value = check(find.value) { finds.append(TypedClause.Find(name: find.name.text, value: value)) }
    }
    return finds.count == file.finds.count ? finds : nil
  }

  /// Names of results and ways out stand for themselves: they may be words of the language, but not be said twice.
  private mutating func checkResultName(_ name: Name, _ first: inout [String: SourceRange]) {
    if let line = first[name.text]?.line { report(.repeatedName(name.text, firstLine: line), at: name.range) }
    if name.text.utf8.count > Limits.nameByteCountMax { report(.nameTooLong(name.text), at: name.range) }
    if first[name.text] == nil { first[name.text] = name.range }
  }

  mutating func checkClaims() -> [Claim] {
    var first: [String: Int] = [:]
    var claims: [Claim] = []
    for claim in file.claims {
      let (name, range) = (claim.input.text, claim.input.range)
      if let kind = file.kind, kind != .payoff { report(.misplacedStatement(form: "claim", kind), at: range) }
      if let line = first[name] {
        report(.repeatedStatement(form: "claim buyer … with \(name)", firstLine: line), at: range)
        continue
      }
      first[name] = range.line
      guard let input = declared[name] else {
        report(.unknownName(name, nearest: Self.nearest(name, among: Array(declared.keys))), at: range)
        continue
      }
      guard let type = input.type else { continue }
      guard (type.element ?? type).isNumber else {
        report(.claimInput(name, type), at: range)
        continue
      }
      claims.append(Claim(direction: claim.rises ? .rises : .falls, input: name))
    }
    return claims
  }

  // MARK: Shares

  /// How much there is to share: of the token, and of the delivery token.
  mutating func checkWholes() -> [TypedExpression] {
    if file.kind == .arbitration {
      for whole in file.wholes { report(.misplacedStatement(form: "escrow", .arbitration), at: whole.keyword) }
      return []
    }
    let someRoutePays = file.routes.contains { $0.toBuyer != nil }
    guard let first = file.wholes.first else {
      if let kind = file.kind, isWhole, kind == .payoff || someRoutePays {
        report(.missingStatement(kind, form: "escrow amount"), at: file.end)
      }
      return []
    }
    if file.kind == .escrow, isWhole, !someRoutePays { report(.unsharedEscrow, at: first.keyword) }
    var wholes = [check(first.amount, is: .amount, in: "the escrow")].compactMap(\.self)
    for (place, extra) in file.wholes.enumerated().dropFirst() {
      guard let typed = check(extra.amount) else {
        sharesDelivery = true
        continue
      }
      if place > 1 || typed.type == .amount {
        report(.repeatedStatement(form: "escrow", firstLine: first.keyword.line), at: extra.keyword)
      } else if let whole = require(typed, .delivery, in: "the second escrow", at: extra.amount.range) {
        sharesDelivery = true
        wholes.append(whole)
      }
    }
    return wholes
  }

  /// The types of what is shared, in order.
  private var tokens: [ClauseType] { sharesDelivery ? [.amount, .delivery] : [.amount] }

  mutating func checkPayments() -> [TypedClause.Route]? {
    refuseRoutes()
    var toBuyer: [TypedExpression?] = []
    var buyers: [SourceRange] = []
    var remainders: [Bool: SourceRange] = [:]
    for payment in file.payments {
      let party: Party = payment.party.text == "buyer" ? .buyer : .seller
      if party == .buyer, buyers.count >= tokens.count {
        if let amount = payment.amount { _ = check(amount, is: .amount, in: "what the buyer is paid") }
        report(.repeatedStatement(form: "pay buyer", firstLine: buyers[buyers.count - 1].line), at: payment.range)
        continue
      }
      if party == .seller, let line = remainders[payment.isDelivery]?.line {
        report(.repeatedStatement(form: "pay seller", firstLine: line), at: payment.range)
        continue
      }
      let wanted = party == .buyer ? tokens[buyers.count] : .amount
      let amount = payment.amount.flatMap { check($0, is: wanted, in: "what the buyer is paid") }
      if (party == .seller) != (payment.amount == nil) {
        report(.payment(party: party, isRemainder: payment.amount == nil), at: payment.range)
      } else if payment.isDelivery, tokens.count < 2 {
        report(.noDeliveryEscrow, at: payment.range)
      }
      if party == .buyer {
        buyers.append(payment.range)
        toBuyer.append(amount)
      } else {
        remainders[payment.isDelivery] = payment.range
      }
    }
    for (place, _) in tokens.enumerated() where isWhole {
      let of = place == 0 ? "" : " of deliveryToken"
      if buyers.count <= place { report(.missingStatement(.payoff, form: "pay buyer amount\(of)"), at: file.end) }
      if remainders[place == 1] == nil {
        report(.missingStatement(.payoff, form: "pay seller remainder\(of)"), at: file.end)
      }
    }
    let parts = toBuyer.compactMap(\.self)
    guard parts.count == tokens.count else { return nil }
    let arm = TypedClause.Arm(
      condition: nil, toBuyer: parts[0], deliveredToBuyer: parts.count > 1 ? parts[1] : nil, range: buyers[0])
    return [TypedClause.Route(name: nil, arms: [arm])]
  }

  /// A payoff and an arbitration rule have no ways out.
  mutating func refuseRoutes() {
    guard let kind = file.kind else { return }
    for stage in file.stages { report(.misplacedStatement(form: "stage", kind), at: stage.name.range) }
    for route in file.routes { report(.misplacedStatement(form: "route", kind), at: route.name.range) }
    guard kind != .payoff else { return }
    for payment in file.payments { report(.misplacedStatement(form: "pay", kind), at: payment.range) }
  }

  // MARK: Ways out

  /// A stage whose parts are typed.
  private struct Stage {
    var during: TypedExpression?
    var afterwards: TypedExpression?
    var isFaulty = false
  }

  mutating func checkRoutes() -> [TypedClause.Route]? {
    for payment in file.payments { report(.misplacedStatement(form: "pay", .escrow), at: payment.range) }
    if isWhole, file.routes.isEmpty { report(.missingStatement(.escrow, form: "route name"), at: file.end) }
    let stages = checkStages()
    var firsts: [String: SourceFile.Route] = [:]
    var places: [String: Int] = [:]
    var routes: [TypedClause.Route] = []
    var arms = 0
    for route in file.routes {
      let name = route.name.text
      checkArmName(route, firsts[name])
      if firsts[name] == nil { firsts[name] = route }
      let arm = arm(of: route, stages)
      guard let arm else { continue }
      arms += 1
      if let place = places[name] {
        routes[place].arms.append(arm)
      } else {
        places[name] = routes.count
        routes.append(TypedClause.Route(name: name, arms: [arm]))
      }
    }
    if firsts.count > Limits.routeCountMax {
      let extra = routes.indices.contains(Limits.routeCountMax) ? routes[Limits.routeCountMax].arms[0].range : file.end
      report(.tooMany("routes", found: firsts.count, max: Limits.routeCountMax), at: extra)
    }
    return arms == file.routes.count ? routes : nil
  }

  /// A name may come back in another stage only.
  private mutating func checkArmName(_ route: SourceFile.Route, _ first: SourceFile.Route?) {
    let name = route.name
    if name.text.utf8.count > Limits.nameByteCountMax { report(.nameTooLong(name.text), at: name.range) }
    guard let first else { return }
    let rivals = file.routes.prefix { $0.name.range != name.range }.filter { $0.name.text == name.text }
    let isTaken = route.stage == nil || first.stage == nil || rivals.contains { $0.stage == route.stage }
    if isTaken { report(.repeatedName(name.text, firstLine: first.name.range.line), at: name.range) }
  }

  private mutating func arm(of route: SourceFile.Route, _ stages: [Stage]) -> TypedClause.Arm? {
    var condition: TypedExpression?
    var isFaulty = false
    if let stage = route.stage {
      condition = route.isAfter ? stages[stage].afterwards : stages[stage].during
      isFaulty = stages[stage].isFaulty || condition == nil
    }
    if let own = route.condition {
      if let typed = check(own, is: .bool, in: "the condition of a route") {
        condition = condition.map { both($0, typed) } ?? typed
      } else {
        isFaulty = true
      }
    }
    let toBuyer = route.toBuyer.flatMap { check($0, is: .amount, in: "what the buyer is paid") }
    let delivered = route.deliveredToBuyer.flatMap {
      check($0, is: .delivery, in: "what the buyer is paid of the delivery token")
    }
    if route.toBuyer != nil, (route.deliveredToBuyer != nil) != (tokens.count > 1) {
      report(tokens.count > 1 ? .missingDelivery(route.name.text) : .noDeliveryEscrow, at: route.name.range)
      return nil
    }
    guard !isFaulty, let condition, (toBuyer == nil) == (route.toBuyer == nil),
      (delivered == nil) == (route.deliveredToBuyer == nil)
    else { return nil }
    return TypedClause.Arm(
      condition: condition, toBuyer: toBuyer, deliveredToBuyer: delivered, range: route.name.range)
  }

  private func both(_ left: TypedExpression, _ right: TypedExpression) -> TypedExpression {
    TypedExpression(
      node: .both(left, right), type: .bool, range: left.range, depth: 1 + Swift.max(left.depth, right.depth))
  }

  private mutating func checkStages() -> [Stage] {
    checkCount("stages", file.stages, max: Limits.routeCountMax) { $0.name.range }
    var first: [String: SourceRange] = [:]
    var stages: [Stage] = []
    for (place, stage) in file.stages.enumerated() {
      checkResultName(stage.name, &first)
      if isWhole, !file.routes.contains(where: { $0.stage == place }) {
        report(.emptyStage(stage.name.text), at: stage.name.range)
      }
      if let after = stage.after, stage.until == nil { report(.afterNeedsUntil, at: after) }
      stages.append(check(stage))
    }
    return stages
  }

  private mutating func check(_ stage: SourceFile.Stage) -> Stage {
    let guarding = check(stage.condition, is: .bool, in: "the condition of a stage")
    guard let until = stage.until else { return Stage(during: guarding, isFaulty: guarding == nil) }
    let end = check(until, is: .time, in: "the end of a stage")
    guard declared["now"] != nil else {
      report(.stageNeedsNow, at: until.range)
      return Stage(isFaulty: true)
    }
    used.insert("now")
    guard let guarding, let end, let now = make(.input("now"), .time, until.range),
      let before = make(.apply(.less, [now, end]), .bool, until.range, [now, end]),
      let behind = make(.apply(.greaterOrEqual, [now, end]), .bool, until.range, [now, end])
    else { return Stage(isFaulty: true) }
    return Stage(during: both(guarding, before), afterwards: both(guarding, behind))
  }
}
