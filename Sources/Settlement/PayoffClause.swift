import Arithmetic
public import Clauses
public import Ethereum
public import Terms

/// A payoff clause as terms name it: source that compiles to the bytecode whose Keccak-256 is signed, and that asks for
/// nothing which terms and evidence cannot give.
public struct PayoffClause: Hashable, Sendable {
  /// The text that was compiled.
  public let source: String
  /// The compiled clause.
  public let program: Program
  /// Keccak-256 of the bytecode, which the terms name.
  public let digest: Digest

  /// - Throws: `SettlementError.brokenClause` with every diagnostic, `.unfitClause` where it is no payoff, reads a fact
  ///   that no evidence gives, or costs more than everybody who checks it should bear.
  public init(source: String) throws(SettlementError) {
    let program: Program
    do throws(ClauseErrors) {
      program = try Program(compiling: source)
    } catch {
      throw .brokenClause(error.description)
    }
    guard program.kind == .payoff else { throw .unfitClause("it is no payoff clause; give one") }
    guard program.costBound <= Limits.payoffCostMax else {
      throw .unfitClause("a run may cost \(program.costBound); let it cost at most \(Limits.payoffCostMax)")
    }
    for input in program.inputs { try Self.check(input) }
    self.source = source
    self.program = program
    self.digest = program.digest
  }

  /// Whether terms name this clause, hold every parameter it declares, of its unit and no other, and satisfy what the
  /// clause is given.
  ///
  /// - Throws: `SettlementError.otherClause`, or `.unfitClause` with the parameter or the sentence that does not hold.
  public func check(against terms: OptionTerms) throws(SettlementError) {
    guard digest == terms.escrow.clause else { throw .otherClause(expected: terms.escrow.clause, found: digest) }
    let declared = program.inputs.filter { $0.group == .terms && Self.fields[$0.name] == nil }
    for input in declared {
      guard let entry = terms.parameters[input.name] else {
        throw .unfitClause("the terms have no parameter \(input.name), which is declared as \(input.type)")
      }
      guard entry.unit.type == input.type else {
        throw .unfitClause(
          "the parameter \(input.name) is in \(entry.unit.rawValue), but it is declared as \(input.type)")
      }
    }
    for entry in terms.parameters.entries where !declared.contains(where: { $0.name == entry.name }) {
      guard FixingSchedule.parameterNames.contains(entry.name) else {
        throw .unfitClause("it declares no parameter \(entry.name); remove it from the terms, or name another clause")
      }
    }
    for input in program.inputs {
      guard case .list(_, let bound) = input.type, terms.fixings.count > UInt64(bound) else { continue }
      throw .unfitClause("it takes up to \(bound) \(input.name), and the terms have \(terms.fixings.count)")
    }
    try checkGivens(on: terms)
  }

  /// What a clause is given speaks of terms alone and comes first, so a run without any fact shows whether it holds.
  private func checkGivens(on terms: OptionTerms) throws(SettlementError) {
    guard let lastGiven = program.code.lastIndex(where: { $0.opcode == .given }) else { return }
    let inputs = try Self.inputs(of: terms)
    do throws(Trap) {
      _ = try Machine.run(program, inputs: inputs)
    } catch {
      guard let instruction = error.instruction, instruction <= lastGiven else { return }
      let sentence = error.source.flatMap { text(at: $0) } ?? "at instruction \(instruction)"
      throw .unfitClause("these terms are not what it is given: \(sentence)")
    }
  }

  /// The source at a place, on one line.
  private func text(at range: SourceRange) -> String? {
    let bytes = Array(source.utf8)
    guard range.bytes.upperBound <= bytes.count else { return nil }
    let words = String(decoding: bytes[range.bytes], as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return "\(words.joined(separator: " ")) (line \(range.line))"
  }
}

// MARK: What it reads

extension PayoffClause {
  /// The fields of the terms that a clause may declare, and what they mean.
  private static let fields: [String: ClauseType] = [
    "strikePrice": .price, "quantity": .quantity, "buyerCollateral": .amount, "sellerCollateral": .amount,
    "sellerDelivery": .delivery, "expirationTime": .time, "exerciseStart": .time, "scaleUp": .int, "scaleDown": .int,
    "coinUp": .int, "coinDown": .int,
  ]

  /// What evidence and chain can establish. Of lists these are the elements' types.
  private static let facts: [String: ClauseType] = [
    "settlementPrice": .price, "exercisedAt": .time, "fixings": .price, "fixingTimes": .time,
  ]

  private static let lists: Set<String> = ["fixings", "fixingTimes"]

  private static func check(_ input: Input) throws(SettlementError) {
    switch input.group {
    case .terms:
      if let type = fields[input.name] { return try require(input, type) }
      guard ClauseParameters.Unit.allCases.contains(where: { $0.type == input.type }) else {
        throw .unfitClause("\(input.name) is declared as \(input.type), which no parameter of the terms can be")
      }
      if facts[input.name] != nil { throw .unfitClause("\(input.name) is declared as one of the terms; it is a fact") }
    default:
      guard let type = facts[input.name] else {
        throw .unfitClause(
          "\(input.name) is no fact that evidence establishes; use \(facts.keys.sorted().joined(separator: ", "))")
      }
      if lists.contains(input.name) {
        guard input.type.element == type else {
          throw .unfitClause("\(input.name) is declared as \(input.type); declare it as List of \(type) up to a bound")
        }
      } else {
        try require(input, type)
      }
    }
  }

  private static func require(_ input: Input, _ type: ClauseType) throws(SettlementError) {
    guard input.type == type else {
      throw .unfitClause("\(input.name) is declared as \(input.type); declare it as \(type)")
    }
  }

  /// What a run of the clause reads of the terms.
  ///
  /// - Throws: `SettlementError.unencodable` for a number that the machine cannot hold.
  public static func inputs(of terms: OptionTerms) throws(SettlementError) -> [String: InputValue] {
    let (economics, escrow, scale, coins) = (terms.economics, terms.escrow, terms.scale, terms.coinScale)
    var inputs: [String: InputValue] = [:]
    for entry in terms.parameters.entries { inputs[entry.name] = try .unsigned(entry.value) }
    let isDelivered = escrow.deliveryToken != .zero && economics.optionType == .call
    inputs["strikePrice"] = try .unsigned(economics.strikePrice)
    inputs["quantity"] = try .unsigned(economics.quantity)
    inputs["buyerCollateral"] = try .unsigned(escrow.buyerCollateral)
    inputs["sellerCollateral"] = try .unsigned(isDelivered ? .zero : escrow.sellerCollateral)
    inputs["sellerDelivery"] = try .unsigned(isDelivered ? escrow.sellerCollateral : .zero)
    inputs["expirationTime"] = try .unsigned(escrow.expirationTime)
    inputs["exerciseStart"] = try .unsigned(escrow.exerciseStart)
    inputs["scaleUp"] = try .unsigned(scale.up)
    inputs["scaleDown"] = try .unsigned(scale.down)
    inputs["coinUp"] = try .unsigned(coins.up)
    inputs["coinDown"] = try .unsigned(coins.down)
    return inputs
  }

  /// What a run of the clause reads: terms, and what evidence and chain have established.
  ///
  /// - Parameter exercisedAt: block time of the notice of exercise, Unix seconds; nothing where there is none.
  static func inputs(
    of terms: OptionTerms, on evidence: Evidence, exercisedAt: UInt64?
  ) throws(SettlementError) -> [String: InputValue] {
    var inputs = try inputs(of: terms)
    var (times, prices): ([Int256], [Int256]) = ([], [])
    for fixing in evidence.fixings {
      guard let price = fixing.finding.price else { continue }
      times.append(try signed(UInt256(fixing.time)))
      prices.append(try signed(price))
    }
    inputs["fixings"] = .list(prices)
    inputs["fixingTimes"] = .list(times)
    if let price = evidence.price.price { inputs["settlementPrice"] = try .unsigned(price) }
    if let exercisedAt { inputs["exercisedAt"] = try .unsigned(exercisedAt) }
    return inputs
  }
}

extension ClauseParameters.Unit {
  /// How a clause declares a parameter of this unit.
  var type: ClauseType {
    switch self {
    case .amount: .amount
    case .price: .price
    case .quantity: .quantity
    case .time: .time
    case .duration: .duration
    case .count: .int
    case .delivery: .delivery
    }
  }
}

extension Program {
  /// Keccak-256 of the canonical bytecode.
  public var digest: Digest { Keccak256.hash(bytecode) }
}
