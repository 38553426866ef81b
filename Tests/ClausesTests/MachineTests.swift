import Arithmetic
import Clauses
import Testing

@Suite struct MachineTests {
  /// A payoff over two Ints that pays the buyer as many base units as one expression says.
  private func payoff(_ expression: String) throws -> Program {
    try Program(
      compiling: """
        payoff P language 1
        facts
          x : Int
          y : Int
          z : Int
        let used = known(x) or known(y) or known(z)
        escrow if used then 1000000 Amount else 1000000 Amount
        pay buyer (\(expression)) * 1 Amount
        pay seller remainder
        """)
  }

  private func value(_ expression: String, _ inputs: [String: InputValue] = [:]) throws -> UInt256 {
    try #require(try Machine.run(payoff(expression), inputs: inputs).payments).toBuyer
  }

  @Test(
    arguments: [
      ("1000 + floor(x / y)", -7, 2, 996), ("1000 + ceiling(x / y)", -7, 2, 997), ("1000 + floor(x / y)", 7, -2, 996),
      ("1000 + ceiling(x / y)", 7, -2, 997), ("1000 + floor(x / y)", -7, -2, 1003), ("1000 + floor(x / y)", 7, 2, 1003),
      ("1000 + ceiling(x / y)", -7, -2, 1004), ("1000 + ceiling(x / y)", 7, 2, 1004),
      ("1000 + floor(x / y)", -8, 2, 996), ("1000 + ceiling(x / y)", -8, 2, 996), ("10 + x * y", -3, 2, 4),
      ("10 - -x", -3, 0, 7), ("min(x, y)", 5, 6, 5), ("max(x, y)", 5, 6, 6), ("clamp(x, 3, 4)", 2, 0, 3),
      ("clamp(x, 3, 4)", 9, 0, 4), ("clamp(x, 3, 3)", 9, 0, 3), ("if x < y then 1 else 2", 1, 2, 1),
      ("if x >= y then 1 else 2", 1, 2, 2), ("if not (x == y) and x != y then 1 else 2", 1, 2, 1),
    ] as [(String, Int256, Int256, UInt256)])
  func `operations mean what they say, below zero too`(
    _ expression: String, _ x: Int256, _ y: Int256, _ expected: UInt256
  ) throws {
    // The other facts are named once each, so that every program has the same inputs.
    let complete = "if known(z) then x + y + z else \(expression)"
    #expect(try value(complete, ["x": .number(x), "y": .number(y)]) == expected)
  }

  @Test func `a product inside a division is exact, one outside must fit`() throws {
    let wide: Int256 = 0x4000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000
    #expect(try value("if known(z) then z else floor(x * y / x)", ["x": .number(wide), "y": 5]) == 5)
    let trap = try #require(throws: Trap.self) {
      try Machine.run(payoff("if known(z) then z else x * y - x * y"), inputs: ["x": .number(wide), "y": 5])
    }
    #expect(trap.kind == .overflow(.multiply, operands: [wide, 5]))
    #expect(trap.source?.description == "8:36")
  }

  @Test(
    arguments: [
      (
        "x + y + z", ["x": 1, "y": 2], .missingInput("z"),
        "8:20: `z` is not known: establish it first, or ask `known(z)` before reading it"
      ),
      (
        "floor(x / y) + z", ["x": 1, "y": 0, "z": 0], .divisionByZero(.mulDivFloor, operands: [1, 1, 0]),
        "8:12: mulDiv.floor of 1, 1, 0 divides by zero"
      ),
      (
        "clamp(x, y, z)", ["x": 1, "y": 3, "z": 2], .emptyInterval(low: 3, high: 2),
        "8:11: clamp between 3 and 2: the lower bound is above the upper"
      ),
      (
        "x + y - z", ["x": 0, "y": 0, "z": 1], .negativePart(.buyer, -1),
        "8:11: the buyer would be paid -1, less than nothing"
      ),
      (
        "x + y + z", ["x": 1_000_001, "y": 0, "z": 0], .negativePart(.seller, -1),
        "8:11: the remainder for the seller is -1: the buyer is paid more than the escrow"
      ),
      (
        "-x + y + z", ["x": .number(.min), "y": 0, "z": 0], .overflow(.negate, operands: [.min]),
        "8:12: negate of \(Int256.min) does not fit 256 bits"
      ),
      (
        "x + y + z", ["x": .number(.max), "y": 1, "z": 0], .overflow(.add, operands: [.max, 1]),
        "8:12: add of \(Int256.max), 1 does not fit 256 bits"
      ),
    ] as [(String, [String: InputValue], Trap.Kind, String)])
  func `a fault says what, where and with which values`(
    _ expression: String, _ inputs: [String: InputValue], _ kind: Trap.Kind, _ words: String
  ) throws {
    let trap = try #require(throws: Trap.self) { try Machine.run(payoff(expression), inputs: inputs) }
    #expect(trap.kind == kind)
    #expect(trap.description == words)
  }

  @Test func `an input outside the range of its type is refused before the first step`() throws {
    let program = try Program(
      compiling: "payoff P language 1\nterms\n  a : Amount\nescrow 1 Amount + a\npay buyer a\npay seller remainder")
    for value: Int256 in [-1, 0x1_0000_0000_0000_0000_0000_0000_0000_0000] {
      let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: ["a": .number(value)]) }
      #expect(trap.kind == .inputOutOfRange("a", value))
      #expect(trap.instruction == nil)
    }
    let most: Int256 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff
    #expect(try Machine.run(program, inputs: ["a": .number(most), "unrelated": -1]).payments?.toSeller == 1)
  }

  @Test func `an escrow of less than nothing is a fault`() throws {
    let program = try Program(
      compiling: "payoff P language 1\nterms\n  a : Amount\nescrow 1 Amount - a\npay buyer a\npay seller remainder")
    let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: ["a": 2]) }
    #expect(trap.kind == .negativeEscrow(-1))
  }

  @Test func `what a closed route or an untaken branch would need is never read`() throws {
    let program = try Program(
      compiling: """
        escrow E language 1
        facts
          a : Amount
          n : Int
        let half = floor(a / n)
        escrow a
        route first
          open when known(a) and known(n) and n != 0
          pays buyer half
        route second
          open when not known(a) or n == 0
          pays nothing
        """)
    let closed = try Machine.run(program, inputs: [:])
    #expect(closed.routes.map(\.isOpen) == [false, true])
    #expect(try Machine.run(program, inputs: ["a": 5, "n": 0]).routes.map(\.isOpen) == [false, true])
    let open = try Machine.run(program, inputs: ["a": 5, "n": 2])
    #expect(open.routes.map(\.toBuyer) == [2, nil])
    #expect(open.routes.map(\.toSeller) == [3, nil])
    #expect(throws: Trap.self) { try Machine.run(program, inputs: ["a": 5]) }
  }

  @Test func `a definition is computed once on a path`() throws {
    let program = try Program(
      compiling: """
        payoff P language 1
        terms
          a : Amount
        let twice = a + a
        escrow twice + twice
        pay buyer twice
        pay seller remainder
        """)
    let evaluation = try Machine.run(program, inputs: ["a": 3], tracing: true)
    #expect(evaluation.payments == Machine.run(program, ["a": 3]))
    let opcodes = try #require(evaluation.trace).steps.map(\.opcode)
    #expect(opcodes == [.load, .load, .add, .keep, .get, .add, .get, .pay])
    // Seven instructions of 1 unit and a payment of 2.
    #expect(evaluation.cost == 9)
    #expect(program.costBound == 9)
  }

  @Test func `the canonical bytes of a trace are those of the definition`() throws {
    let program = try Program(
      compiling: "payoff P language 1\nescrow 300 Amount\npay buyer 2 Amount\npay seller remainder")
    let trace = try #require(try Machine.run(program, inputs: [:], tracing: true).trace)
    let zeros = [UInt8](repeating: 0, count: 30)
    let expected: [UInt8] =
      Array("TSTR".utf8) + [1, 0, 0, 0, 3]  // version, three steps
      + [0, 0, 0x01, 1] + zeros + [1, 44]  // push 300
      + [0, 1, 0x01, 1] + zeros + [0, 2]  // push 2
      + [0, 2, 0x40, 1] + zeros + [0, 2]  // pay 2
    #expect(trace.bytes == expected)
  }
}

extension Machine {
  /// The payments of a payoff, or nil.
  fileprivate static func run(_ program: Program, _ inputs: [String: InputValue]) -> Payments? {
    try? run(program, inputs: inputs).payments
  }
}
