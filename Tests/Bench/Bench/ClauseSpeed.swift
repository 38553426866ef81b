import Arithmetic
import Clauses
import Foundation

// How fast clauses are compiled and evaluated, and what a cost unit takes.

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
  let (quickest, slowest) = (
    times.min { $0.microseconds < $1.microseconds }, times.max { $0.microseconds < $1.microseconds }
  )
  if let quickest, let slowest {
    Table.row("compile \(quickest.name), the quickest of \(times.count)", quickest.microseconds)
    Table.row("compile \(slowest.name), the slowest", slowest.microseconds)
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

/// What a unit of cost takes: an expression nested in a fold once and seventeen times, the difference shared out.
func cost() throws {
  struct Sample {
    let operations: String
    let type: String
    let expression: (String) -> String
    init(_ operations: String, _ type: String = "Int", _ expression: @escaping (String) -> String) {
      (self.operations, self.type, self.expression) = (operations, type, expression)
    }
  }
  let samples: [Sample] = [
    Sample("load, add") { "(\($0) + a)" }, Sample("push, add") { "(\($0) + 1)" },
    Sample("load, subtract") { "(\($0) - a)" }, Sample("load, multiply") { "(\($0) * one)" },
    Sample("negate") { "(-\($0))" }, Sample("load, min") { "min(\($0), b)" }, Sample("load, max") { "max(\($0), a)" },
    Sample("2 load, clamp") { "clamp(\($0), a, b)" }, Sample("load, remainder") { "remainder(\($0), b)" },
    Sample("2 load, mulDiv.floor") { "floor(\($0) * b / c)" },
    Sample("2 load, mulDiv.ceiling") { "ceiling(\($0) * b / c)" },
    Sample("push, item, add") { "(\($0) + at(items, 3))" }, Sample("count, add") { "(\($0) + count(items))" },
    Sample("load, less, jumpUnless, load, jump") { "(if \($0) < b then a else b)" },
    Sample("load, equal, jumpUnless, load, jump") { "(if \($0) == b then a else b)" },
    Sample("load, greaterOrEqual, not, jumpUnless, load, jump") { "(if not (\($0) >= b) then a else b)" },
    Sample("known, jumpUnless, jump", "Int") { "(if known(f) then \($0) else a)" },
    Sample("4 load, amount.floor, add", "Amount") { "(\($0) + amount(q, p, floor))" },
    Sample("4 load, amount.ceiling, add", "Amount") { "(\($0) + amount(q, p, ceiling))" },
  ]
  let inputs: [String: InputValue] = [
    "a": 12_345, "b": 1_000_000_007, "c": 1_000_000_009, "one": 1, "q": 1_500, "p": 262_000, "scaleUp": 10,
    "scaleDown": 1_000, "f": 1, "items": .list([1, 2, 3, 4, 5]), "start": 77,
  ]
  let rounds = 5_000
  let words = Set(["a", "b", "c", "one", "f", "items", "q", "p"])
  var found: [(operations: String, units: Double, nanoseconds: Double)] = []
  for sample in samples {
    var results: [(units: Int, nanoseconds: Double)] = []
    for depth in [1, 17] {
      let body = (0..<depth).reduce("x") { text, _ in sample.expression(text) }
      let used = words.intersection(body.split { !$0.isLetter }.map(String.init)).sorted()
      func declared(_ names: [String]) -> String {
        let types = ["items": "List of Int up to 8", "q": "Quantity", "p": "Price"]
        return names.map { "  \($0) : \(types[$0] ?? "Int")\n" }.joined()
      }
      let facts = declared(used.filter { ["f", "items"].contains($0) })
      let program = try Program(
        compiling: "arbitration Cost language 1\nterms\n  start : \(sample.type)\n"
          + declared(used.filter { !["f", "items"].contains($0) }) + (facts.isEmpty ? "" : "facts\n" + facts)
          + "find r = fold x = start over i below \(rounds) with \(body)\n")
      let cost = try Machine.run(program, inputs: inputs).cost
      let time = Comparison.best(samples: 15) { count in
        (0..<count).reduce(0) { sum, _ in sum &+ ((try? Machine.run(program, inputs: inputs).cost) ?? 0) }
      }
      results.append((cost, time * 1000))
    }
    let share = Double(rounds * 16)
    found.append(
      (
        sample.operations, Double(results[1].units - results[0].units) / share,
        (results[1].nanoseconds - results[0].nanoseconds) / share
      ))
  }
  print("\n" + "operations".padding(toLength: 58, withPad: " ", startingAt: 0) + "units       ns  ns a unit")
  for row in found {
    print(
      row.operations.padding(toLength: 58, withPad: " ", startingAt: 0)
        + String(format: "%5.0f%9.2f%11.2f", row.units, row.nanoseconds, row.nanoseconds / row.units))
  }
  let shares = found.map { $0.nanoseconds / $0.units }
  print(
    String(
      format: "a unit takes %.2f to %.2f ns, %.1f times", shares.min() ?? 0, shares.max() ?? 0,
      (shares.max() ?? 0) / (shares.min() ?? 1)))
}
