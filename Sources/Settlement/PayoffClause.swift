import Arithmetic
public import Clauses
public import Ethereum
import Terms

/// A payoff clause as terms name it: source that compiles to the bytecode whose Keccak-256 is signed, and that asks for
/// nothing which terms and evidence cannot give.
public struct PayoffClause: Hashable, Sendable {
  /// The text that was compiled.
  public let source: String
  /// The compiled clause.
  public let program: Program
  /// Keccak-256 of the bytecode, which the terms name.
  public let digest: Digest

  /// - Throws: `SettlementError.brokenClause` with every diagnostic, `.unfitClause` where it is no payoff or has an
  ///   unknown input.
  public init(source: String) throws(SettlementError) {
    let program: Program
    do throws(ClauseErrors) {
      program = try Program(compiling: source)
    } catch {
      throw .brokenClause(error.description)
    }
    guard program.kind == .payoff else { throw .unfitClause("it is no payoff clause; give one") }
    for input in program.inputs {
      guard let type = Self.inputTypes[input.name] else {
        throw .unfitClause(
          "\(input.name) is no input of a vanilla option; use \(Self.inputTypes.keys.sorted().joined(separator: ", "))")
      }
      guard input.type == type else {
        throw .unfitClause("\(input.name) is declared as \(input.type); declare it as \(type)")
      }
    }
    self.source = source
    self.program = program
    self.digest = program.digest
  }

  /// What terms and evidence can give, and what it means.
  private static let inputTypes: [String: ClauseType] = [
    "strikePrice": .price, "quantity": .quantity, "buyerCollateral": .amount, "sellerCollateral": .amount,
    "settlementPrice": .price, "scaleUp": .int, "scaleDown": .int,
  ]

  /// What a run of the clause reads.
  static func inputs(
    of terms: OptionTerms, settlementPrice: UInt256
  ) throws(SettlementError) -> [String: Int256] {
    let scale = terms.scale
    return [
      "strikePrice": try signed(terms.economics.strikePrice),
      "quantity": try signed(terms.economics.quantity),
      "buyerCollateral": try signed(terms.escrow.buyerCollateral),
      "sellerCollateral": try signed(terms.escrow.sellerCollateral),
      "settlementPrice": try signed(settlementPrice),
      "scaleUp": try signed(scale.up),
      "scaleDown": try signed(scale.down),
    ]
  }
}

extension Program {
  /// Keccak-256 of the canonical bytecode.
  public var digest: Digest { Keccak256.hash(bytecode) }
}

/// The same number in the machine's signed type.
func signed(_ value: UInt256) throws(SettlementError) -> Int256 {
  do throws(ArithmeticError) { return try Int256(value) } catch { throw .unencodable("\(value)") }
}
