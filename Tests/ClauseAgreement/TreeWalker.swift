import Clauses

/// A second evaluator, as naive as can be: it walks the syntax tree, looks names up as it meets them, knows no types,
/// and computes with integers of any size. It shares with the language only the parser.
final class TreeWalker {
  /// Why there is no result.
  struct Fault: Error {
    let name: String
    let range: SourceRange?
    let values: [String]
  }

  typealias Given = ProgramGenerator.Given

  let file: SourceFile
  let definitions: [String: Expression]
  /// Every case's number.
  let cases: [String: Integer]
  private let caseCounts: [String: Int]

  var inputs: [String: Given] = [:]
  /// Definitions computed so far on this path.
  var computed: [String: Integer] = [:]
  /// What the folds around give names to.
  var bound: [String: Integer] = [:]
  /// How often each form was met, by its raw value.
  var met = Array(repeating: 0, count: Form.allCases.count)

  init(_ file: SourceFile) {
    self.file = file
    definitions = Dictionary(file.definitions.map { ($0.name.text, $0.value) }, uniquingKeysWith: { first, _ in first })
    var cases: [String: Integer] = [:]
    var counts: [String: Int] = [:]
    let status = ["Unopened", "Open", "Proposed", "Disputed", "Closed", "Ruled", "Appealed"]
    for (name, names) in [("Status", status)] + file.enumerations.map({ ($0.name.text, $0.cases.map(\.text)) }) {
      counts[name] = names.count
      for (number, each) in names.enumerated() { cases[each] = Integer(number) }
    }
    self.cases = cases
    caseCounts = counts
  }

  func meet(_ form: Form) { met[form.rawValue] += 1 }

  /// What the clause says of these inputs.
  func answer(_ inputs: [String: Given]) -> Answer {
    (self.inputs, computed, bound) = (inputs, [:], [:])
    do {
      try checkRanges()
      for given in file.givens {
        meet(.given)
        if try !holds(given) { throw Fault(name: "givenBroken", range: given.range, values: []) }
      }
      var parts: [String] = []
      for find in file.finds {
        meet(.find)
        parts.append("\(find.name.text) = \(try value(find.value))")
      }
      parts += try file.kind == .payoff ? [payment()] : routes()
      return Answer(text: parts.joined(separator: ", "))
    } catch let fault as Fault {
      return Answer(fault: fault.name, at: fault.range, values: fault.values)
    } catch {
      return Answer(text: "\(error)")
    }
  }

  // MARK: Inputs

  private func checkRanges() throws {
    for declaration in file.declarations.sorted(by: { $0.name.text < $1.name.text }) {
      let name = declaration.name.text
      switch inputs[name] {
      case nil: break
      case .number(let value):
        if declaration.type.bound != nil { throw Fault(name: "inputForm", range: nil, values: [name]) }
        try check(value, declaration.type, name)
      case .list(let values):
        if declaration.type.bound == nil { throw Fault(name: "inputForm", range: nil, values: [name]) }
        if let bound = declaration.type.bound, Integer(digits: bound) < Integer(values.count) {
          throw Fault(name: "listTooLong", range: nil, values: [name, "\(values.count)", bound])
        }
        for value in values { try check(value, declaration.type, name) }
      }
    }
  }

  private func check(_ value: Integer, _ type: TypeName, _ name: String) throws {
    let end: Integer
    switch type.text {
    case "Int", "Digest": return
    case "Bool": end = Integer(2)
    case "Time", "Duration": end = Integer(digits: "1" + String(repeating: "0", count: 16), base: 16)
    case "Address": end = Integer(digits: "1" + String(repeating: "0", count: 40), base: 16)
    case let other:
      end = caseCounts[other].map(Integer.init) ?? Integer(digits: "1" + String(repeating: "0", count: 32), base: 16)
    }
    if value.isNegative || !(value < end) {
      throw Fault(name: "inputOutOfRange", range: nil, values: [name, "\(value)"])
    }
  }

  // MARK: Payments

  private func payment() throws -> String {
    let amounts = file.payments.compactMap(\.amount)
    guard file.wholes.count > 1 else { return try split(file.wholes[0].amount, amounts[0]) }
    meet(.deliveries)
    return try split(file.wholes[0].amount, amounts[0]) + " and " + split(file.wholes[1].amount, amounts[1])
  }

  /// The routes in the order of first appearance; the first open arm of each decides.
  private func routes() throws -> [String] {
    var names: [String] = []
    for route in file.routes where !names.contains(route.name.text) { names.append(route.name.text) }
    return try names.map { name in
      for arm in file.routes where arm.name.text == name {
        if try isOpen(arm) { return "\(name) \(try release(arm))" }
      }
      return "\(name) closed"
    }
  }

  private func isOpen(_ arm: SourceFile.Route) throws -> Bool {
    if let place = arm.stage {
      let stage = file.stages[place]
      meet(.stage)
      guard try holds(stage.condition) else { return false }
      if let until = stage.until {
        meet(arm.isAfter ? .after : .until)
        let now = try value(of: "now", at: until.range)
        let isBefore = try now < value(until)
        guard isBefore != arm.isAfter else { return false }
      }
    }
    return try arm.condition.map(holds) ?? true
  }

  private func release(_ arm: SourceFile.Route) throws -> String {
    guard let toBuyer = arm.toBuyer else { return "open" }
    let text = try split(file.wholes[0].amount, toBuyer)
    guard let delivered = arm.deliveredToBuyer else { return text }
    meet(.deliveries)
    return try text + " and " + split(file.wholes[1].amount, delivered)
  }

  private func split(_ wholeAmount: Expression, _ part: Expression) throws -> String {
    let whole = try value(wholeAmount)
    let toBuyer = try value(part)
    if whole.isNegative { throw Fault(name: "negativeEscrow", range: part.range, values: ["\(whole)"]) }
    if toBuyer.isNegative { throw Fault(name: "negativePart", range: part.range, values: ["buyer", "\(toBuyer)"]) }
    let rest = whole - toBuyer
    if rest.isNegative { throw Fault(name: "negativePart", range: part.range, values: ["seller", "\(rest)"]) }
    return "\(toBuyer) + \(rest)"
  }
}
