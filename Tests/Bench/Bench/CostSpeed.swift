import Arithmetic
import Clauses
import Foundation

// What a unit of cost takes.

/// Operations repeated in a program once and seventeen times: the difference is their own.
private struct CostSample: Sendable {
  let operations: String
  /// How often a run repeats what stands in the program once.
  let rounds: Int
  let source: @Sendable (_ repetitions: Int) -> String

  /// An expression nested in the body of a fold.
  init(_ operations: String, _ type: String = "Int", _ expression: @escaping @Sendable (String) -> String) {
    self.operations = operations
    rounds = Self.foldRounds
    source = { repetitions in
      let body = (0..<repetitions).reduce("x") { text, _ in expression(text) }
      let used = Self.types.keys.filter(Set(body.split { !$0.isLetter }.map(String.init)).contains).sorted()
      func declared(_ names: [String]) -> String {
        names.map { "  \($0) : \(Self.types[$0] ?? "")\n" }.joined()
      }
      let facts = used.filter(Self.facts.contains)
      return "arbitration Cost language 1\nterms\n  start : \(type)\n"
        + declared(used.filter { !Self.facts.contains($0) }) + (facts.isEmpty ? "" : "facts\n" + declared(facts))
        + "find r = fold x = start over i below \(Self.foldRounds) with \(body)\n"
    }
  }

  /// A statement, which no fold can hold, with what the program needs around it.
  init(_ operations: String, in frame: String, _ statement: @escaping @Sendable (Int) -> String) {
    self.operations = operations
    rounds = 1
    source = { frame + (0..<$0).map { statement($0) + "\n" }.joined() }
  }

  private static let foldRounds = 5_000
  private static let facts: Set<String> = ["f", "items", "none", "nil", "single"]
  private static let types = [
    "a": "Int", "b": "Int", "c": "Int", "one": "Int", "f": "Int", "items": "List of Int up to 8",
    "none": "List of Int up to 8", "nil": "List of Int up to 8", "single": "List of Int up to 1", "q": "Quantity",
    "p": "Price", "d": "Price", "t": "Time", "u": "Time", "age": "Duration",
  ]
}

private let costSamples: [CostSample] = [
  CostSample("load, add") { "(\($0) + a)" }, CostSample("push, add") { "(\($0) + 1)" },
  CostSample("load, subtract") { "(\($0) - a)" }, CostSample("load, multiply") { "(\($0) * one)" },
  CostSample("negate") { "(-\($0))" }, CostSample("load, min") { "min(\($0), b)" },
  CostSample("load, max") { "max(\($0), a)" }, CostSample("2 load, clamp") { "clamp(\($0), a, b)" },
  CostSample("load, remainder") { "remainder(\($0), b)" },
  CostSample("2 load, mulDiv.floor") { "floor(\($0) * b / c)" },
  CostSample("2 load, mulDiv.ceiling") { "ceiling(\($0) * b / c)" },
  CostSample("push, item, add") { "(\($0) + at(items, 3))" }, CostSample("count, add") { "(\($0) + count(items))" },
  CostSample("load, less, jumpUnless, load, jump") { "(if \($0) < b then a else b)" },
  CostSample("load, equal, jumpUnless, load") { "(if \($0) == b then a else b)" },
  CostSample("load, greaterOrEqual, not, jumpUnless, load, jump") { "(if not (\($0) >= b) then a else b)" },
  CostSample("known, jumpUnless, jump") { "(if known(f) then \($0) else a)" },
  CostSample("4 load, amount.floor, add", "Amount") { "(\($0) + amount(q, p, floor))" },
  CostSample("4 load, amount.ceiling, add", "Amount") { "(\($0) + amount(q, p, ceiling))" },
  CostSample("5 load, coins.floor, add", "Amount") { "(\($0) + coins(q, p, d, floor))" },
  CostSample("5 load, coins.ceiling, add", "Amount") { "(\($0) + coins(q, p, d, ceiling))" },
  CostSample("load, delivery, add", "Amount of deliveryToken") { "(\($0) + delivery(q))" },
  CostSample("3 load, fresh") { "fresh(\($0), t, u, age)" },
  CostSample("foldList of no element") { "(fold y = \($0) over e in none with y)" },
  CostSample("paired, foldList of no element") { "(fold y = \($0) over e in none, g in nil with y)" },
  CostSample("foldList of one element, get, next") { "(fold y = \($0) over e in single with y)" },
  CostSample("2 load, less, given", in: "arbitration Cost language 1\nterms\n  a : Int\n  b : Int\nfind r = a\n") { _ in
    "given a < b"
  },
  CostSample("load, find", in: "arbitration Cost language 1\nterms\n  a : Int\n") { "find r\($0) = a" },
  CostSample(
    "4 load, less, jumpUnless, pay, jump", in: "escrow Cost language 1\nterms\n  a : Amount\n  b : Amount\nescrow b\n"
  ) {
    "route r\($0) open when a < b pays buyer a"
  },
]

/// Prints for each group of operations what it costs and takes.
func cost() throws {
  let inputs: [String: InputValue] = [
    "a": 12_345, "b": 1_000_000_007, "c": 1_000_000_009, "one": 1, "q": 1_500, "p": 262_000, "d": 250_000,
    "scaleUp": 10, "scaleDown": 1_000, "coinUp": 10, "coinDown": 1_000, "f": 1, "items": .list([1, 2, 3, 4, 5]),
    "none": .list([]), "nil": .list([]), "single": .list([1]), "start": 77, "t": 1_000, "u": 1_010, "age": 60,
  ]
  var found: [(operations: String, units: Double, nanoseconds: Double)] = []
  for sample in costSamples {
    var results: [(units: Int, nanoseconds: Double)] = []
    for repetitions in [1, 17] {
      let program = try Program(compiling: sample.source(repetitions))
      let cost = try Machine.run(program, inputs: inputs).cost
      let time = Comparison.best(samples: 15) { count in
        (0..<count).reduce(0) { sum, _ in sum &+ ((try? Machine.run(program, inputs: inputs).cost) ?? 0) }
      }
      results.append((cost, time * 1000))
    }
    let share = Double(sample.rounds * 16)
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
