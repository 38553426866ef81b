import Arithmetic

/// Lists and folds; and `match`, which becomes conditions.
extension Checker {
  // MARK: Lists

  /// The element type of a list that an argument names; nil, reported, when it names none.
  private mutating func list(named name: Name) -> ClauseType? {
    guard let input = declared[name.text] else {
      if definitions[name.text] != nil || scope[name.text] != nil {
        report(.notAList(name.text), at: name.range)
      } else {
        let lists = declared.filter { $0.value.type?.element != nil }.map(\.key)
        report(.unknownName(name.text, nearest: Self.nearest(name.text, among: lists)), at: name.range)
      }
      return nil
    }
    used.insert(name.text)
    guard let type = input.type else { return nil }
    if type.element == nil { report(.notAList(name.text), at: name.range) }
    return type.element
  }

  private static let listForms = [
    "count": "count(list)", "sum": "sum(list)", "average": "average(list, floor)", "highest": "highest(list)",
    "lowest": "lowest(list)", "at": "at(list, index)",
  ]

  /// The functions whose first argument is a list.
  mutating func list(_ function: Name, _ arguments: [Expression], _ range: SourceRange) -> TypedExpression? {
    let form = Self.listForms[function.text] ?? ""
    let count = function.text == "average" || function.text == "at" ? 2 : 1
    guard arguments.count == count, case .name(let name) = arguments[0].node else {
      for argument in arguments { use(argument) }
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let element = list(named: Name(text: name, range: arguments[0].range))
    switch function.text {
    case "count": return element.flatMap { _ in make(.count(name), .int, range) }
    case "at":
      let index = check(arguments[1], is: .int, in: "the place in a list")
      guard let element, let index else { return nil }
      return make(.item(name, index), element, range, [index])
    case "average":
      let rounding = rounding(arguments[1])
      guard let total = element.flatMap({ total(of: name, $0, function, range) }), let rounding,
        let one = make(.constant(.one), .int, range), let count = make(.count(name), .int, range)
      else { return nil }
      let operands = [total, one, count]
      return make(
        .apply(rounding == .floor ? .mulDivFloor : .mulDivCeiling, operands), total.type, range, operands)
    case "sum": return element.flatMap { total(of: name, $0, function, range) }
    default: return element.flatMap { extreme(of: name, $0, function, range) }
    }
  }

  private mutating func total(
    of list: String, _ element: ClauseType, _ function: Name, _ range: SourceRange
  ) -> TypedExpression? {
    guard element.isScalable else {
      report(.arguments(function.text, [element], form: "\(function.text) of numbers that add up"), at: range)
      return nil
    }
    guard let zero = make(.constant(.zero), element, range) else { return nil }
    return over(list, element, from: zero, range) { checker, total, value in
      checker.make(.apply(.add, [total, value]), element, range, [total, value])
    }
  }

  /// The first element is the value to start from, so that an empty list is a fault.
  private mutating func extreme(
    of list: String, _ element: ClauseType, _ function: Name, _ range: SourceRange
  ) -> TypedExpression? {
    guard element.isNumber else {
      report(.arguments(function.text, [element], form: "\(function.text) of numbers"), at: range)
      return nil
    }
    guard let zero = make(.constant(.zero), .int, range), let first = make(.item(list, zero), element, range, [zero])
    else { return nil }
    let opcode: Opcode = function.text == "highest" ? .max : .min
    return over(list, element, from: first, range) { checker, best, value in
      checker.make(.apply(opcode, [best, value]), element, range, [best, value])
    }
  }

  private mutating func over(
    _ list: String, _ element: ClauseType, from initial: TypedExpression, _ range: SourceRange,
    _ body: (inout Checker, TypedExpression, TypedExpression) -> TypedExpression?
  ) -> TypedExpression? {
    let number = foldCount
    foldCount += 1
    guard let accumulator = make(.accumulator(number), initial.type, range),
      let index = make(.index(number), .int, range),
      let value = make(.item(list, index), element, range, [index]), let body = body(&self, accumulator, value)
    else { return nil }
    let fold = TypedFold(number: number, rounds: .list(list), paired: [], initial: initial, body: body)
    return make(.fold(fold), initial.type, range, [initial, body])
  }

  // MARK: Folds

  mutating func fold(_ fold: Fold, _ range: SourceRange) -> TypedExpression? {
    let initial = check(fold.initial)
    let outside = scope
    defer { scope = outside }
    let number = foldCount
    foldCount += 1
    let rounds = bind(fold.binders, number)
    if let type = initial?.type {
      bind(fold.accumulator, Local(type: type, node: .accumulator(number)))
    } else {
      bind(fold.accumulator, Local(type: .int, node: nil))
    }
    guard let initial else {
      _ = check(fold.body)
      return nil
    }
    let body = check(fold.body, is: initial.type, in: "what each round gives")
    guard let rounds, let body else { return nil }
    let typed = TypedFold(number: number, rounds: rounds.rounds, paired: rounds.paired, initial: initial, body: body)
    return make(.fold(typed), initial.type, range, [initial, body])
  }

  mutating func quantified(
    _ quantifier: Quantifier, _ binders: [Binder], _ condition: Expression, _ range: SourceRange
  ) -> TypedExpression? {
    let outside = scope
    defer { scope = outside }
    let number = foldCount
    foldCount += 1
    let rounds = bind(binders, number)
    let condition = check(condition, is: .bool, in: "the condition after `with`")
    guard let rounds, let condition, let initial = make(.constant(quantifier == .all ? 1 : 0), .bool, range),
      let soFar = make(.accumulator(number), .bool, range),
      let body = make(
        quantifier == .all ? .both(soFar, condition) : .either(soFar, condition), .bool, range, [soFar, condition])
    else { return nil }
    let typed = TypedFold(number: number, rounds: rounds.rounds, paired: rounds.paired, initial: initial, body: body)
    return make(.fold(typed), .bool, range, [initial, body])
  }

  private mutating func bind(_ name: Name, _ local: Local) {
    let later = file.definitions.first { $0.name.text == name.text }?.name.range
    if Words.reserved.contains(name.text) {
      report(.reservedName(name.text), at: name.range)
    } else if let line = (place(of: name.text) ?? later)?.line {
      report(.repeatedName(name.text, firstLine: line), at: name.range)
    } else if scope[name.text] != nil {
      report(.repeatedName(name.text, firstLine: name.range.line), at: name.range)
    }
    scope[name.text] = local
  }

  /// Brings the names of the rounds into scope, and says how many rounds there are; nil, reported, when that is not said.
  private mutating func bind(
    _ binders: [Binder], _ number: Int
  ) -> (rounds: TypedFold.Rounds, paired: [String])? {
    var lists: [String] = []
    var bound: Int?
    var isFaulty = false
    for binder in binders {
      let index = TypedExpression(node: .index(number), type: .int, range: binder.name.range, depth: 1)
      switch binder.source {
      case .below(let digits, let range):
        if binders.count > 1 {
          report(.mixedRounds, at: binder.name.range)
          isFaulty = true
        }
        if let count = Int(digits), (1...Limits.roundCountMax).contains(count) {
          bound = count
        } else {
          report(.roundCount(digits), at: range)
          isFaulty = true
        }
        bind(binder.name, Local(type: .int, node: .index(number)))
      case .elements(let list):
        let element = self.list(named: list)
        if !lists.contains(list.text) { lists.append(list.text) }
        isFaulty = isFaulty || element == nil
        bind(binder.name, Local(type: element ?? .int, node: element.map { _ in .item(list.text, index) }))
      case .indices(let list):
        isFaulty = self.list(named: list) == nil || isFaulty
        if !lists.contains(list.text) { lists.append(list.text) }
        bind(binder.name, Local(type: .int, node: .index(number)))
      }
    }
    guard !isFaulty else { return nil }
    if let bound { return (.below(bound), []) }
    return lists.first.map { (.list($0), Array(lists.dropFirst())) }
  }

  // MARK: Match

  /// `match` as conditions: the subject is compared with the values of each arm but the last, which needs no test when
  /// all values are named.
  mutating func match(
    _ subject: Expression, _ arms: [MatchArm], _ otherwise: Expression?, _ range: SourceRange
  ) -> TypedExpression? {
    let subject = check(subject)
    let values = arms.map { check($0.value) }
    let last = otherwise.map { check($0) }
    guard let subject else { return nil }
    guard let names = subject.type.caseNames else {
      report(.matchSubject(subject.type), at: subject.range)
      return nil
    }
    guard let tests = cases(of: arms, names, subject.type, hasElse: otherwise != nil, range) else { return nil }
    let known = (values + [last].compactMap(\.self)).compactMap(\.self)
    guard known.count == values.count + (last == nil ? 0 : 1) else { return nil }
    for other in known.dropFirst() where other.type != known[0].type {
      report(.branches(known[0].type, other.type), at: other.range)
      return nil
    }
    guard known.count > 1 else {
      report(.singleArm, at: range)
      return nil
    }
    let shared = share(subject)
    var result: TypedExpression? = known[known.count - 1]
    for (test, value) in zip(tests, known.dropLast()).reversed() {
      guard let shared, let condition = condition(shared, test, range), let rest = result else { return nil }
      result = make(.conditional(condition, then: value, else: rest), value.type, range, [condition, value, rest])
    }
    return result
  }

  /// The numbers of each arm's values; nil, reported, when they do not cover the type once each.
  private mutating func cases(
    of arms: [MatchArm], _ names: [String], _ type: ClauseType, hasElse: Bool, _ range: SourceRange
  ) -> [[Int]]? {
    var lines: [String: Int] = [:]
    var tests: [[Int]] = []
    var isFaulty = false
    for arm in arms {
      var test: [Int] = []
      for name in arm.cases {
        if let index = names.firstIndex(of: name.text) {
          if let line = lines[name.text] {
            report(.unreachableCase(name.text, firstLine: line), at: name.range)
            isFaulty = true
          }
          lines[name.text] = name.range.line
          test.append(index)
        } else {
          report(.unknownCase(name.text, type, nearest: Self.nearest(name.text, among: names)), at: name.range)
          isFaulty = true
        }
      }
      tests.append(test)
    }
    guard !isFaulty else { return nil }
    let missing = names.filter { lines[$0] == nil }
    if hasElse == missing.isEmpty {
      report(hasElse ? .unreachableElse : .missingCases(missing), at: range)
      return nil
    }
    return tests
  }

  /// The subject as something that the tests may name again and again.
  private mutating func share(_ subject: TypedExpression) -> TypedExpression? {
    switch subject.node {
    case .constant, .input, .definition, .accumulator, .index: return subject
    default:
      sharedCount += 1
      return make(.shared(sharedCount - 1, subject), subject.type, subject.range, [subject])
    }
  }

  private mutating func condition(
    _ subject: TypedExpression, _ cases: [Int], _ range: SourceRange
  ) -> TypedExpression? {
    var result: TypedExpression?
    for index in cases {
      guard let value = make(.constant(Int256(Int64(index))), subject.type, range),
        let test = make(.apply(.equal, [subject, value]), .bool, range, [subject, value])
      else { return nil }
      guard let soFar = result else {
        result = test
        continue
      }
      result = make(.either(soFar, test), .bool, range, [soFar, test])
    }
    return result
  }
}
