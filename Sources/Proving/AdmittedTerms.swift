package import Arithmetic
package import Clauses
import Terms

/// What the validator of terms admits, for inputs that have the names of agreed fields: narrower than their types.
/// A clause may use other names as well; of those nothing is known but their types.
package enum AdmittedTerms {
  /// A statement about inputs that need not be proved, as a person reads it.
  package struct Assumption: Sendable {
    package let text: String
    package let condition: Expression
  }

  /// Powers of ten that a scale may be.
  package static let exponents: [String: ClosedRange<Int>] = {
    let most = Int(TermsLimits.decimalsMax)
    // Token decimals less those of price and quantity, and less those of the quantity alone.
    return [
      "scaleUp": 0...most, "scaleDown": 0...(2 * most), "coinUp": 0...most, "coinDown": 0...most,
    ]
  }()

  /// Facts that may never come to be.
  static let optionalFacts: Set<String> = ["exercisedAt"]

  private static let times: Set<String> = [
    "acceptBy", "exerciseStart", "expirationTime", "evidenceCloses", "settleFrom", "settleBy",
  ]
  private static let windows: Set<String> = ["disputeWindow", "rulingWindow"]
  private static let positive: Set<String> = ["strikePrice", "quantity", "sellerCollateral"]

  /// The range of an input.
  package static func range(of input: Input) -> ClosedRange<Int256> {
    let range = input.type.range
    guard input.group == .terms else { return range }
    switch input.type {
    case .int:
      guard let exponents = exponents[input.name], let most = power(exponents.upperBound) else { return range }
      return 1...most
    case .time where times.contains(input.name): return 1...Int256(Int64(TermsLimits.unixSecondsMax))
    case .duration where windows.contains(input.name): return 1...Int256(Int64(TermsLimits.windowSecondsMax))
    case .price, .quantity, .amount: return positive.contains(input.name) ? 1...range.upperBound : range
    default: return range
    }
  }

  /// What holds between inputs.
  package static func assumptions(_ inputs: ClauseInputs, in graph: inout Graph) -> [Assumption] {
    var builder = Builder(inputs: inputs)
    builder.scales("scaleUp", "scaleDown", &graph)
    builder.scales("coinUp", "coinDown", &graph)
    builder.largestPayoff(&graph)
    builder.collaterals(&graph)
    builder.schedule(&graph)
    builder.fixings(&graph)
    return builder.assumptions
  }

  static func power(_ exponent: Int) -> Int256? {
    (try? UInt256.powerOfTen(exponent)).flatMap { try? Int256($0) }
  }

  private struct Builder {
    let inputs: ClauseInputs
    var assumptions: [Assumption] = []

    mutating func assume(_ text: String, _ condition: Expression, _ graph: inout Graph) {
      if condition != graph.truth(true) { assumptions.append(Assumption(text: text, condition: condition)) }
    }

    func value(_ name: String, _ type: ClauseType) -> Expression? {
      inputs[name].flatMap { $0.type == type ? $0.value : nil }
    }

    mutating func scales(_ up: String, _ down: String, _ graph: inout Graph) {
      guard let upwards = value(up, .int), let downwards = value(down, .int) else { return }
      let one = graph.number(1)
      for (name, scale) in [(up, upwards), (down, downwards)] {
        let exponents = AdmittedTerms.exponents[name] ?? 0...0
        let powers = exponents.compactMap { AdmittedTerms.power($0) }.map { graph.equal(scale, graph.number($0)) }
        assume("\(name) is a power of ten, at most 10^\(exponents.upperBound)", graph.any(powers), &graph)
      }
      assume(
        "\(up) or \(down) is 1", graph.or(graph.equal(upwards, one), graph.equal(downwards, one)), &graph)
    }

    /// The quantity at the largest price rounds up below 2^255. With a scale down this is so for every quantity, as
    /// 2^256 / 10 is below 2^255; without one it bounds the scaled quantity.
    mutating func largestPayoff(_ graph: inout Graph) {
      guard let quantity = value("quantity", .quantity), let up = value("scaleUp", .int),
        let down = value("scaleDown", .int),
        let most = try? Int256.max.divided(by: ClauseType.price.range.upperBound, rounding: .floor)
      else { return }
      let fits = graph.lessOrEqual(graph.product(quantity, up), graph.number(most))
      assume(
        "quantity at the largest price fits 255 bits in base units of the token",
        graph.implies(graph.equal(down, graph.number(1)), fits), &graph)
    }

    mutating func collaterals(_ graph: inout Graph) {
      guard let buyer = value("buyerCollateral", .amount), let seller = value("sellerCollateral", .amount) else {
        return
      }
      let whole = graph.sum(buyer, seller)
      guard let toBuyer = value("defaultToBuyer", .amount) else { return }
      if let toSeller = value("defaultToSeller", .amount) {
        assume(
          "both defaults sum to both collaterals", graph.equal(graph.sum(toBuyer, toSeller), whole), &graph)
      } else {
        assume("defaultToBuyer is at most both collaterals", graph.lessOrEqual(toBuyer, whole), &graph)
      }
    }

    /// Fixings come with their times, in order of time.
    mutating func fixings(_ graph: inout Graph) {
      guard let prices = inputs["fixings"], let times = inputs["fixingTimes"], let priceList = prices.list,
        let timeList = times.list
      else { return }
      assume(
        "fixings and fixingTimes come together, and are of one length",
        graph.and(
          graph.equal(prices.isKnown, times.isKnown), graph.equal(priceList.count, timeList.count)), &graph)
      var isOrdered = graph.truth(true)
      for (index, pair) in zip(timeList.elements, timeList.elements.dropFirst()).enumerated() {
        let isEnd = graph.lessOrEqual(timeList.count, graph.number(Int256(Int64(index + 1))))
        isOrdered = graph.and(isOrdered, graph.or(isEnd, graph.less(pair.0, pair.1)))
      }
      assume("fixingTimes ascend", isOrdered, &graph)
    }

    mutating func schedule(_ graph: inout Graph) {
      let order = [
        ("acceptBy", "expirationTime", true), ("exerciseStart", "expirationTime", true),
        ("expirationTime", "evidenceCloses", false), ("evidenceCloses", "settleFrom", true),
        ("settleFrom", "settleBy", false), ("acceptBy", "settleFrom", false), ("expirationTime", "settleFrom", false),
      ]
      for (first, second, mayBeEqual) in order {
        guard let a = value(first, .time), let b = value(second, .time) else { continue }
        assume(
          "\(first) is \(mayBeEqual ? "at or before" : "before") \(second)",
          mayBeEqual ? graph.lessOrEqual(a, b) : graph.less(a, b), &graph)
      }
    }
  }
}
