import Arithmetic

/// Names and dimensions. The checker goes through a whole file and collects every fault; an expression that is already
/// reported has no type, and what depends on it is not reported again.
struct Checker {
  /// What a name stands for inside a fold.
  struct Local {
    let type: ClauseType
    /// Nil when its fold is already at fault.
    let node: TypedExpression.Node?
  }

  let file: SourceFile
  private(set) var faults: [LocatedFault] = []
  var enumerations: [Enumeration] = []
  var declared: [String: (type: ClauseType?, group: InputGroup, range: SourceRange)] = [:]
  var definitions: [String: Int] = [:]
  var typed: [TypedExpression?] = []
  var used: Set<String> = []
  /// The names of the folds around what is being checked.
  var scope: [String: Local] = [:]
  var foldCount = 0
  var sharedCount = 0
  var usesScale = false
  var usesCoins = false
  /// Whether a second token is shared.
  var sharesDelivery = false
  var isWhole = true

  /// The typed clause, or every fault found. A clause is given only when there is no fault.
  ///
  /// - Parameter isWhole: false when part of the text could not be read; then nothing is said of what is missing or
  ///   unused.
  static func check(_ file: SourceFile, isWhole: Bool) -> (clause: TypedClause?, faults: [LocatedFault]) {
    var checker = Checker(file: file)
    checker.isWhole = isWhole
    let clause = checker.check()
    return (checker.faults.isEmpty ? clause : nil, checker.faults)
  }

  private init(file: SourceFile) {
    self.file = file
  }

  mutating func report(_ fault: Diagnostic.Fault, at range: SourceRange) {
    faults.append(LocatedFault(fault, at: range))
  }

  private mutating func check() -> TypedClause? {
    declareEnumerations()
    declareInputs()
    checkDefinitions()
    let givens = checkGivens()
    let finds = checkFinds()
    let claims = checkClaims()
    let wholes = checkWholes()
    // Without a kind the header is at fault, and already reported.
    guard let kind = file.kind else { return nil }
    let routes: [TypedClause.Route]?
    switch kind {
    case .payoff: routes = checkPayments()
    case .escrow: routes = checkRoutes()
    case .arbitration:
      refuseRoutes()
      routes = []
    }
    if isWhole { reportUnused() }
    guard let routes, let givens, let finds, wholes.count == file.wholes.count else { return nil }
    let definitions = typed.compactMap(\.self)
    guard definitions.count == typed.count else { return nil }
    return TypedClause(
      kind: kind, enumerations: enumerations, inputs: inputs(), definitions: definitions, givens: givens, finds: finds,
      claims: claims, whole: wholes.first, deliveryWhole: wholes.count > 1 ? wholes[1] : nil, routes: routes)
  }

  // MARK: Declarations

  mutating func checkCount<T>(_ what: String, _ items: [T], max: Int, at range: (T) -> SourceRange) {
    if items.count > max { report(.tooMany(what, found: items.count, max: max), at: range(items[max])) }
  }

  private mutating func declareEnumerations() {
    let declarations = file.enumerations
    checkCount("enumerations", declarations, max: Limits.enumerationCountMax) { $0.name.range }
    for declaration in declarations.prefix(Limits.enumerationCountMax) {
      checkCount("values of `\(declaration.name.text)`", declaration.cases, max: Limits.caseCountMax) { $0.range }
      let isFree = claim(declaration.name)
      var cases: [String] = []
      for name in declaration.cases where claim(name, besides: cases, firstLine: declaration.name.range.line) {
        cases.append(name.text)
      }
      guard isFree, !cases.isEmpty else { continue }
      enumerations.append(Enumeration(index: enumerations.count, name: declaration.name.text, cases: cases))
    }
  }

  private mutating func declareInputs() {
    // Up to four more are implied by what is called.
    let limit = Limits.inputCountMax - Words.implicit.count
    checkCount("inputs", file.declarations, max: limit) { $0.name.range }
    for declaration in file.declarations {
      let type = resolve(declaration.type)
      if file.kind == .payoff, declaration.group == .state || declaration.group == .now {
        report(.misplacedInput(declaration.group, .payoff), at: declaration.name.range)
      }
      if declaration.group == .now, let type, type != .time { report(.nowType(type), at: declaration.type.range) }
      if claim(declaration.name, isNow: declaration.group == .now) {
        declared[declaration.name.text] = (type, declaration.group, declaration.name.range)
      }
    }
  }

  /// The type of that name; nil, reported, when there is none.
  mutating func resolve(_ name: TypeName) -> ClauseType? {
    let enumeration = enumerations.first { $0.name == name.text }
    guard let element = ClauseType(name: name.text) ?? enumeration.map(ClauseType.enumeration) else {
      let names = ClauseType.basic.map(\.description) + enumerations.map(\.name)
      // An enumeration that is itself at fault is not reported again.
      if !file.enumerations.contains(where: { $0.name.text == name.text }) {
        report(.unknownType(name.text, nearest: Self.nearest(name.text, among: names)), at: name.range)
      }
      return nil
    }
    if enumeration != nil { used.insert(name.text) }
    guard let digits = name.bound else { return element }
    guard let bound = Int(digits), (1...Limits.listCountMax).contains(bound) else {
      report(.listBound(digits), at: name.range)
      return nil
    }
    return .list(of: element, upTo: bound)
  }

  /// Where a name of the file already stands.
  func place(of name: String) -> SourceRange? {
    if let range = declared[name]?.range ?? definitions[name].map({ file.definitions[$0].name.range }) { return range }
    let type = enumerations.first { $0.name == name || $0.cases.contains(name) }
    return file.enumerations.first { $0.name.text == type?.name }?.name.range
  }

  /// Reports a name that cannot be taken; true when it can.
  mutating func claim(_ name: Name, isNow: Bool = false, besides others: [String] = [], firstLine: Int = 0) -> Bool {
    if Words.reserved.contains(name.text), !isNow {
      report(.reservedName(name.text), at: name.range)
      return false
    }
    if name.text.utf8.count > Limits.nameByteCountMax { report(.nameTooLong(name.text), at: name.range) }
    if let line = others.contains(name.text) ? firstLine : place(of: name.text)?.line {
      report(.repeatedName(name.text, firstLine: line), at: name.range)
      return false
    }
    return true
  }

  private mutating func checkDefinitions() {
    checkCount("definitions", file.definitions, max: Limits.definitionCountMax) { $0.name.range }
    for (index, definition) in file.definitions.enumerated() {
      let value = check(definition.value)
      typed.append(value)
      if claim(definition.name) { definitions[definition.name.text] = index }
    }
  }

  private mutating func reportUnused() {
    for declaration in file.declarations where declared[declaration.name.text]?.range == declaration.name.range {
      if !used.contains(declaration.name.text) {
        report(.unusedName(declaration.name.text, isInput: true), at: declaration.name.range)
      }
    }
    for (index, definition) in file.definitions.enumerated() where definitions[definition.name.text] == index {
      if !used.contains(definition.name.text) {
        report(.unusedName(definition.name.text, isInput: false), at: definition.name.range)
      }
    }
    for declaration in file.enumerations
    where enumerations.contains(where: { $0.name == declaration.name.text }) && !used.contains(declaration.name.text) {
      report(.unusedName(declaration.name.text, isInput: false), at: declaration.name.range)
    }
  }

  /// The input table in canonical order, which is that of the names' bytes.
  private func inputs() -> [Input] {
    var inputs = declared.compactMap { name, entry in
      entry.type.map { Input(name: name, type: $0, group: entry.group) }
    }
    let implied = (usesScale ? ["scaleUp", "scaleDown"] : []) + (usesCoins ? ["coinUp", "coinDown"] : [])
    inputs += implied.map { Input(name: $0, type: .int, group: .terms) }
    return inputs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
