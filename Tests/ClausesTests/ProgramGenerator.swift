import Arithmetic
import Clauses
import TestSupport

/// Random well-typed clauses, as source text, and random inputs for them.
struct ProgramGenerator {
  private var random: SeededGenerator
  /// What an expression may name, with its type.
  private var names: [(name: String, type: ClauseType)] = []
  private var facts: [String] = []
  private var used: Set<String> = []

  private static let types: [ClauseType] = [.bool, .int, .amount, .price, .quantity, .time, .duration, .status]
  private static let numbers: [ClauseType] = [.int, .amount, .price, .quantity, .time, .duration]
  private static let scalable: [ClauseType] = [.int, .amount, .price, .quantity, .duration]

  init(_ random: SeededGenerator) {
    self.random = random
  }

  // MARK: Programs

  /// A whole source text.
  mutating func program() -> String {
    let kind: ClauseKind = chance(50) ? .payoff : .escrow
    let declared = declarations(kind)
    names = declared.map { ($0.name, $0.type) }
    facts = declared.filter { $0.group == .facts || $0.group == .state }.map(\.name)
    let definitions = definitions()
    used = []
    let statements = kind == .payoff ? payments() : routes()
    var lines: [String] = []
    for definition in definitions.reversed() where used.contains(definition.name) {
      used.formUnion(definition.uses)
      lines.insert("let \(definition.name) = \(definition.text)", at: 0)
    }
    var head = ["\(kind) Random language 1"]
    for group in [InputGroup.terms, .facts, .state] {
      let inputs = declared.filter { $0.group == group && used.contains($0.name) }
      if !inputs.isEmpty { head.append("\(group)") }
      head += inputs.map { "  \($0.name) : \($0.type)" }
    }
    if used.contains("now") { head.append("now : Time") }
    return (head + lines + statements).joined(separator: "\n") + "\n"
  }

  private mutating func declarations(_ kind: ClauseKind) -> [Input] {
    var inputs: [Input] = []
    let groups: [InputGroup] = kind == .payoff ? [.terms, .facts] : [.terms, .facts, .state]
    for type in Self.types {
      for index in 0...Int.random(in: 0...1, using: &random) {
        guard let group = groups.randomElement(using: &random) else { continue }
        inputs.append(Input(name: "\(type)\(index)".lowercased(), type: type, group: group))
      }
    }
    if kind == .escrow { inputs.append(Input(name: "now", type: .time, group: .now)) }
    return inputs
  }

  private mutating func definitions() -> [(name: String, text: String, uses: Set<String>)] {
    var definitions: [(name: String, text: String, uses: Set<String>)] = []
    for index in 0..<Int.random(in: 0...5, using: &random) {
      guard let type = Self.types.randomElement(using: &random) else { continue }
      used = []
      let text = expression(type, 3)
      definitions.append(("d\(index)", text, used))
      names.append(("d\(index)", type))
    }
    return definitions
  }

  private mutating func part() -> String {
    chance(60)
      ? "clamp(\(expression(.amount, 3)), 0 Amount, 1000000 Amount)" : expression(.amount, 3)
  }

  private mutating func whole() -> String {
    chance(70) ? "max(\(expression(.amount, 2)), 1000000 Amount)" : expression(.amount, 2)
  }

  private mutating func payments() -> [String] {
    ["escrow \(whole())", "pay buyer \(part())", "pay seller remainder"]
  }

  private mutating func routes() -> [String] {
    var lines: [String] = []
    var someRoutePays = false
    for index in 0...Int.random(in: 0...3, using: &random) {
      lines += ["route r\(index)", "  open when \(expression(.bool, 3))"]
      let pays = chance(60)
      lines.append(pays ? "  pays buyer \(part())" : "  pays nothing")
      someRoutePays = someRoutePays || pays
    }
    return someRoutePays ? ["escrow \(whole())"] + lines : lines
  }

  // MARK: Expressions

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: choices.indices, using: &random)] }

  private mutating func expression(_ type: ClauseType, _ depth: Int) -> String {
    guard depth > 0, !chance(15) else { return leaf(type) }
    if chance(10) {
      return
        "(if \(expression(.bool, depth - 1)) then \(expression(type, depth - 1)) else \(expression(type, depth - 1)))"
    }
    switch type {
    case .bool: return condition(depth - 1)
    case .status: return leaf(type)
    default: return number(type, depth - 1)
    }
  }

  private mutating func leaf(_ type: ClauseType) -> String {
    let candidates = names.filter { $0.type == type }
    if !candidates.isEmpty, chance(75) {
      let name = pick(candidates).name
      used.insert(name)
      return name
    }
    switch type {
    case .bool: return pick(["true", "false"])
    case .status: return pick(ClauseType.statusNames)
    case .int: return "\(value(.int).magnitude >> 1)"
    default: return "\(value(type)) \(type)"
    }
  }

  private mutating func condition(_ depth: Int) -> String {
    switch Int.random(in: 0..<10, using: &random) {
    case 0...1: return "(\(expression(.bool, depth)) and \(expression(.bool, depth)))"
    case 2...3: return "(\(expression(.bool, depth)) or \(expression(.bool, depth)))"
    case 4: return "(not \(expression(.bool, depth)))"
    case 5 where !facts.isEmpty:
      let name = pick(facts)
      used.insert(name)
      return "known(\(name))"
    case 6:
      let type = pick(Self.types)
      return "(\(expression(type, depth)) \(pick(["==", "!="])) \(expression(type, depth)))"
    default:
      let type = pick(Self.numbers)
      return "(\(expression(type, depth)) \(pick(["<", "<=", ">", ">="])) \(expression(type, depth)))"
    }
  }

  private mutating func number(_ type: ClauseType, _ depth: Int) -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "min(\(expression(type, depth)), \(expression(type, depth)))"
    case 1: return "max(\(expression(type, depth)), \(expression(type, depth)))"
    case 2: return "clamp(\(expression(type, depth)), \(expression(type, depth)), \(expression(type, depth)))"
    case 3...5: return sum(type, depth)
    case 6...7 where type == .amount: return amount(depth)
    case 6 where type != .time:
      return chance(50)
        ? "(\(expression(.int, depth)) * \(expression(type, depth)))"
        : "(\(expression(type, depth)) * \(expression(.int, depth)))"
    case 7 where type != .time: return "(-\(expression(type, depth)))"
    case 8...10 where type != .time: return "\(pick(["floor", "ceiling"]))(\(quotient(type, depth)))"
    default: return sum(type, depth)
    }
  }

  private mutating func amount(_ depth: Int) -> String {
    "amount(\(expression(.quantity, depth)), \(expression(.price, depth)), \(pick(["floor", "ceiling"])))"
  }

  private mutating func sum(_ type: ClauseType, _ depth: Int) -> String {
    let sign = pick(["+", "-"])
    switch (type, sign) {
    case (.time, "+") where chance(50): return "(\(expression(.duration, depth)) + \(expression(.time, depth)))"
    case (.time, _): return "(\(expression(.time, depth)) \(sign) \(expression(.duration, depth)))"
    case (.duration, "-") where chance(50): return "(\(expression(.time, depth)) - \(expression(.time, depth)))"
    default: return "(\(expression(type, depth)) \(sign) \(expression(type, depth)))"
    }
  }

  private mutating func quotient(_ type: ClauseType, _ depth: Int) -> String {
    let other = pick(Self.scalable)
    switch Int.random(in: 0..<3, using: &random) {
    case 0 where type == .int: return "\(expression(other, depth)) / \(expression(other, depth))"
    case 1: return "\(expression(type, depth)) * \(expression(other, depth)) / \(expression(other, depth))"
    case 2: return "\(expression(other, depth)) * \(expression(type, depth)) / \(expression(other, depth))"
    default: return "\(expression(type, depth)) / \(expression(.int, depth))"
    }
  }

  // MARK: Inputs

  /// Values for a program's inputs: mostly ordinary, some missing, a few out of range.
  mutating func inputs(for program: Program) -> [String: Int256] {
    var inputs: [String: Int256] = [:]
    for input in program.inputs {
      let isMissing = chance(input.group == .facts || input.group == .state ? 12 : 1)
      if isMissing { continue }
      if input.name == "scaleUp" || input.name == "scaleDown" {
        inputs[input.name] = pick([1, 1, 1, 10, 1_000_000, 0, -3])
      } else if input.type != .int, Int.random(in: 0..<1_000, using: &random) == 0 {
        inputs[input.name] = pick([-1, 0x1_0000_0000_0000_0000_0000_0000_0000_0000, .max, .min])
      } else {
        inputs[input.name] = value(input.type)
      }
    }
    return inputs
  }

  private mutating func value(_ type: ClauseType) -> Int256 {
    let range = type.range
    switch type {
    case .bool: return pick([0, 1])
    case .status: return Int256(Int64.random(in: 0...6, using: &random))
    default: break
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return range.upperBound
    case 1: return range.lowerBound
    case 2: return 0
    case 3...7: return Int256(Int64.random(in: 0...2_000, using: &random))
    default:
      let bytes = random.bytes(Int.random(in: 1...32, using: &random))
      let bits = (try? UInt256(bigEndian: bytes)) ?? .zero
      return type == .int ? Int256(bits: bits) : Int256(bits: bits & range.upperBound.bits)
    }
  }
}
