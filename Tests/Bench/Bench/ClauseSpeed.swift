import Arithmetic
import Clauses
import Foundation

// How fast clauses are compiled and evaluated.

/// A clause of the library under `Contracts/Clauses`.
private func library(_ name: String) throws -> (source: String, program: Program) {
  let source = try String(contentsOfFile: "Contracts/Clauses/\(name).clause", encoding: .utf8)
  return (source, try Program(compiling: source))
}

/// Three payoffs, the longest lists that a trade of theirs is likely to have, and the compiler over all there are.
func clauses() throws {
  func fixings(_ count: Int) -> InputValue {
    .list((0..<count).map { Int256(Int64(255_000 + $0 * 7 % 1000)) })
  }
  let inputs: [String: InputValue] = [
    "strikePrice": 250_000, "quantity": 1500, "buyerCollateral": 40, "sellerCollateral": 300_000_000, "scaleUp": 10,
    "scaleDown": 1, "settlementPrice": 262_000, "barrier": 300_000, "rebate": 5_000, "minimumFixings": 1,
  ]
  let payoffs: [(name: String, words: String, fixings: Int, toBuyer: Int)] = [
    ("european-call", "a European call", 0, 180_000_040),
    ("asian-average-price-call", "an Asian over 30 fixings", 30, 0),
    ("up-and-out-call", "a knock-out over 365 fixings", 365, 180_000_040),
  ]
  for payoff in payoffs {
    let program = try library("payoff/\(payoff.name)").program
    let inputs = inputs.merging(["fixings": fixings(payoff.fixings)]) { $1 }
    let found = try Machine.run(program, inputs: inputs)
    if payoff.toBuyer > 0, found.payments?.toBuyer != UInt256(UInt64(payoff.toBuyer)) {
      preconditionFailure("\(payoff.name) pays another amount")
    }
    Table.row(
      "evaluate \(payoff.words), \(found.cost) units",
      Comparison.best { count in
        (0..<count).reduce(0) { sum, _ in sum &+ ((try? Machine.run(program, inputs: inputs).cost) ?? 0) }
      })
  }
  var names: [String] = []
  for folder in ["payoff", "escrow", "arbitration"] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "Contracts/Clauses/\(folder)")) ?? []
    names += files.filter { $0.hasSuffix(".clause") }.map { "\(folder)/\($0.dropLast(7))" }
  }
  var times: [(name: String, microseconds: Double)] = []
  for name in names.sorted() {
    let source = try library(name).source
    let time = Comparison.best(samples: 7) { count in
      (0..<count).reduce(0) { sum, _ in sum &+ ((try? Program(compiling: source).costBound) ?? 0) }
    }
    times.append((name, time))
  }
  let ordered = times.sorted { $0.microseconds < $1.microseconds }
  for (words, place) in [
    ("the quickest of \(times.count)", 0), ("the median", times.count / 2), ("the slowest", times.count - 1),
  ] where ordered.indices.contains(place) {
    Table.row("compile \(ordered[place].name), \(words)", ordered[place].microseconds)
  }
}

/// A million rounds of 256-bit arithmetic as a fold, and how long they take: for the comparison with an EVM.
enum Loop {
  static let source = """
    arbitration Loop language 1
    terms
      start : Int
    find x =
      fold x = start over i below 1_000_000 with
        remainder(
          (if x < 3138550867693340381917894711603833208051177722232017256448 then
            x + 1096513418924651398391826281928479103215281739372845012231
          else
            x + 987654321987654321987654321987654321)
            * 3_735_928_559_123_456_789,
          6277101735386680763835789423207666416102355444464034512659)
    """

  static func run() throws -> (microseconds: Double, value: Int256) {
    let program = try Program(compiling: source)
    let value = try Machine.run(program, inputs: ["start": 1]).findings[0].value
    let time = Comparison.best(samples: 9) { count in
      (0..<count).reduce(0) { sum, _ in sum &+ ((try? Machine.run(program, inputs: ["start": 1]).cost) ?? 0) }
    }
    return (time, value)
  }
}
