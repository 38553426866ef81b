import Arithmetic
import Clauses
import Testing

/// Folds and sections in bytecode that is written by hand.
@Suite struct FoldBytecodeTests {
  // load a; push 0 Amount; foldList slot 0 over l: get 0; get 1; item l; add; next; pay.
  // 1 + 1 + 2 + 3 * (1 + 1 + 1 + 1 + 2) + 2.
  static let sum = Assembly(
    inputs: [(1, 3, "a"), (1, 0x83, "l")], cost: 24,
    code: [2, 0, 1, 3, 0, 0x33, 0, 0, 8, 1, 4, 0, 4, 1, 7, 1, 0x10, 0x34, 0x40], sections: [2, 1, 1, 0, 3])

  static func changed(_ change: (inout Assembly) -> Void) -> Assembly {
    var assembly = sum
    change(&assembly)
    return assembly
  }

  /// load a; push 0 Amount; fold of 2 rounds over a body that leaves an Amount; pay.
  static func fold(_ body: UInt8..., rounds: UInt8 = 2, then: [UInt8] = [], cost: Int = 0) -> Assembly {
    let code: [UInt8] = [2, 0, 1, 3, 0, 0x32, 0, 0, UInt8(body.count), 0, 0, 0, rounds]
    return Assembly(inputs: [(1, 3, "a")], cost: cost, code: code + body + then + [0x40])
  }

  static let bad = [
    BadBytecode("a list without bound", changed { $0.sections = [] }, .listBounds),
    BadBytecode("a bound of 0", changed { $0.sections[4] = 0 }, .listBounds),
    BadBytecode("a bound beyond the limit", changed { $0.sections[3] = 5 }, .listBounds),
    BadBytecode("a bound of no list", changed { $0.sections[2] = 0 }, .listBounds),
    BadBytecode("a bound of no input", changed { $0.sections = [2, 2, 1, 0, 3, 7, 0, 3] }, .listBounds),
    BadBytecode("a bound twice", changed { $0.sections = [2, 2, 1, 0, 3, 1, 0, 3] }, .notCanonical),
    BadBytecode("an empty section", changed { $0.sections += [3, 0] }, .notCanonical),
    BadBytecode("a section cut short", changed { $0.sections.removeLast() }, .truncated(offset: 45)),
    BadBytecode("sections out of order", changed { $0.sections += [1, 0] }, .trailingBytes(offset: 46)),
    BadBytecode("an unknown section", changed { $0.sections += [4] }, .trailingBytes(offset: 46)),
    BadBytecode(
      "an enumeration that nothing uses", changed { $0.sections = [1, 1, 1, 69, 1, 1, 65] + $0.sections },
      .unusedEnumeration("E")),
    BadBytecode("finds in a payoff", changed { $0.sections += [3, 1, 1, 102, 2] }, .findCount(found: 1, .payoff)),
    BadBytecode("a list on the stack", changed { $0.code = [2, 1, 2, 0] }, .types(instruction: 0, .load, [amounts])),
    BadBytecode(
      "the length of no list", changed { $0.code = [6, 0, 7, 1] }, .types(instruction: 0, .count, [.amount])),
    BadBytecode("a fold over no list", changed { $0.code[9] = 0 }, .types(instruction: 2, .foldList, [.amount])),
    BadBytecode("a place that is an Amount", changed { $0.code[13] = 0 }, .types(instruction: 5, .item, [.amount])),
    BadBytecode("a body cut short", changed { $0.code[8] = 7 }, .foldBorder(instruction: 2)),
    BadBytecode("a body that reaches too far", changed { $0.code[8] = 9 }, .foldBorder(instruction: 2)),
    BadBytecode(
      "an end without begin", changed { $0.code = [2, 0, 2, 0, 0x34, 0x40, 6, 1] }, .foldBorder(instruction: 2)),
    BadBytecode("no rounds", fold(4, 0, 0x34, rounds: 0), .foldRounds(instruction: 2)),
    BadBytecode("a round of another type", fold(4, 1, 0x34), .types(instruction: 4, .next, [.int])),
    BadBytecode("a round that takes from below", fold(0x10, 0x34), .stackUnderflow(instruction: 3)),
    BadBytecode(
      "a round that leaves more", fold(4, 0, 4, 0, 0x34), .types(instruction: 5, .next, [.amount])),
    BadBytecode("a payment in a round", fold(4, 0, 4, 0, 0x40, 4, 0, 0x34), .foldBorder(instruction: 5)),
    BadBytecode("a jump out of a round", fold(4, 0, 0x30, 0, 1, 0x34), .foldBorder(instruction: 4)),
    BadBytecode(
      "a jump into a round",
      changed { $0.code = [0x30, 0, 10] + $0.code }, .foldBorder(instruction: 0)),
    BadBytecode(
      "the value read behind its fold", fold(4, 0, 0x34, then: [4, 0, 0x10]), .unassignedSlot(instruction: 5)),
    BadBytecode(
      "a slot of a round read behind it", fold(4, 0, 5, 2, 0x34, then: [4, 2, 0x10]), .unassignedSlot(instruction: 6)),
    BadBytecode(
      "a fold in the slots of another", fold(4, 0, 0x32, 0, 0, 3, 0, 0, 0, 1, 4, 0, 0x34, 0x34),
      .assignedSlot(instruction: 4)),
    BadBytecode("a promise in a round", fold(1, 1, 1, 1, 0x45, 4, 0, 0x34), .givenOrder(instruction: 4)),
    BadBytecode(
      "a payoff's promise about a fact",
      changed {
        $0.inputs[1].group = 2
        $0.code = [6, 1, 6, 1, 0x20, 0x45] + $0.code
      }, .givenOrder(instruction: 0)),
    BadBytecode(
      "the second token alone", Assembly(inputs: [(1, 8, "d")], code: [2, 0, 2, 0, 0x40]), .routeOrder(instruction: 2)),
    BadBytecode(
      "the second token on one path only",
      Assembly(
        inputs: [(1, 3, "a"), (1, 8, "d")],
        code: [2, 0, 2, 0, 0x40, 1, 1, 1, 1, 0x31, 0, 5, 2, 1, 2, 1, 0x40]), .paths(instruction: 8)),
    BadBytecode(
      "a cost that counts one round", fold(4, 0, 0x34, cost: 9), .cost(stated: 9, actual: 12)),
  ]

  private static let amounts = ClauseType.list(of: .amount, upTo: 3)

  @Test(arguments: bad)
  func `folds and sections that do not hold are refused with the reason`(_ bad: BadBytecode) {
    #expect(throws: bad.error) { try Program(bytecode: bad.bytes) }
  }

  @Test func `a fold written by hand loads and runs, and the compiler writes the same`() throws {
    let program = try Program(bytecode: Self.sum.bytes)
    #expect(try Machine.run(program, inputs: ["a": 10, "l": [1, 2, 3]]).payments?.toBuyer == 6)
    #expect(try Machine.run(program, inputs: ["a": 10, "l": [1, 2, 3]]).cost == 24)
    #expect(try Machine.run(program, inputs: ["a": 10, "l": []]).payments?.toBuyer == 0)
    #expect(try Machine.run(program, inputs: ["a": 10, "l": []]).cost == 6)
    let source = """
      payoff P language 1
      terms
        a : Amount
        l : List of Amount up to 3
      escrow a
      pay buyer sum(l)
      pay seller remainder
      """
    #expect(try Program(compiling: source).bytecode == Self.sum.bytes)
  }

  @Test func `a fold counts, and its slots are empty again in each round and behind it`() throws {
    // get 0; keep 2; push 3 Amount; add; next: twice over, in the same slots.
    let body: [UInt8] = [4, 0, 5, 2, 1, 3, 1, 3, 0x10, 0x34]
    let again: [UInt8] = [0x32, 0, 0, UInt8(body.count), 0, 0, 0, 4]
    let code: [UInt8] = [2, 0, 1, 3, 0, 0x32, 0, 0, UInt8(body.count), 0, 0, 0, 2] + body + again + body + [0x40]
    let program = try Program(bytecode: Assembly(inputs: [(1, 3, "a")], cost: 44, code: code).bytes)
    #expect(try Machine.run(program, inputs: ["a": 100]).payments?.toBuyer == 18)
    #expect(try Machine.run(program, inputs: ["a": 100]).cost == 44)
  }

  @Test func `names, addresses and digests stand in the bytecode as they are`() throws {
    let word = String(repeating: "f", count: 64)
    let program = try Program(
      compiling: """
        arbitration A language 1
        enum Side = Long | Short
        facts
          who : Address
          what : Digest
        find side = if who == 0x00000000000000000000000000000000000000ff then Short else Long
        find same = what == 0x\(word)
        """)
    let loaded = try Program(bytecode: program.bytecode)
    #expect(loaded.enumerations.map(\.name) == ["Side"])
    #expect(loaded.finds.map(\.type.description) == ["Side", "Bool"])
    let found = try Machine.run(loaded, inputs: ["who": 255, "what": -1])
    #expect(found.findings.map(\.value) == [1, 1])
    #expect(program.listing.contains("find side : Side"))
    #expect(program.listing.contains("0x\(word)"))
    #expect(throws: Trap.self) { try Machine.run(loaded, inputs: ["who": -1, "what": 0]) }
  }
}
