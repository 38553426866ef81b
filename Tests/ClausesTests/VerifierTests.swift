import Arithmetic
import Clauses
import TestSupport
import Testing

/// Bytes that are no program, and the reason.
struct BadBytecode: CustomTestStringConvertible {
  let title: String
  let bytes: [UInt8]
  let error: ClauseError

  var testDescription: String { title }

  init(_ title: String, _ assembly: Assembly, _ error: ClauseError) {
    self.init(title, assembly.bytes, error)
  }

  init(_ title: String, _ bytes: [UInt8], _ error: ClauseError) {
    self.title = title
    self.bytes = bytes
    self.error = error
  }
}

@Suite struct VerifierTests {
  // load a; load a; pay: costs 1 + 1 + 2.
  static let good = Assembly.payoff(cost: 4, 2, 0, 2, 0, 0x40)
  // load now; push 5 Time; less; jumpUnless 6; load a; load a; pay; jump 1; closed; nothing
  static let goodRule = Assembly.escrow(
    cost: 10, 2, 1, 1, 6, 1, 5, 0x22, 0x31, 0, 8, 2, 0, 2, 0, 0x40, 0x30, 0, 1, 0x42, 0x41)

  static func changed(_ change: (inout Assembly) -> Void) -> Assembly {
    var assembly = good
    change(&assembly)
    return assembly
  }

  static let encodings = [
    BadBytecode("nothing", [], .notBytecode),
    BadBytecode("another magic", changed { $0.magic[0] = 0 }, .notBytecode),
    BadBytecode("another version", changed { $0.version = 2 }, .unknownLanguageVersion(2)),
    BadBytecode("an unknown kind", changed { $0.kind = 4 }, .unknownByte(4, offset: 5, expected: "a kind of rule")),
    BadBytecode(
      "an unknown group", changed { $0.inputs[0].group = 5 },
      .unknownByte(
        5, offset: 7,
        expected: "a group of "
          + "inputs")),
    BadBytecode("an unknown type", changed { $0.inputs[0].type = 11 }, .unknownByte(11, offset: 8, expected: "a type")),
    BadBytecode("an empty name", changed { $0.inputs[0].name = "" }, .malformedName(offset: 9)),
    BadBytecode("a name with a space", changed { $0.inputs[0].name = "a b" }, .malformedName(offset: 9)),
    BadBytecode("a name that starts with a digit", changed { $0.inputs[0].name = "1a" }, .malformedName(offset: 9)),
    BadBytecode(
      "a long name", changed { $0.inputs[0].name = String(repeating: "a", count: 33) }, .malformedName(offset: 9)),
    BadBytecode("cut short", Array(good.bytes.dropLast()), .truncated(offset: 22)),
    BadBytecode("cut in a name", Array(good.bytes.prefix(10)), .truncated(offset: 10)),
    BadBytecode("one byte more", good.bytes + [0], .trailingBytes(offset: 23)),
    BadBytecode("too long", good.bytes + Array(repeating: 0, count: 40_000), .tooLong(byteCount: 40_023)),
    BadBytecode(
      "an unknown instruction", Assembly.payoff(cost: 4, 2, 0, 2, 0, 0x50),
      .unknownByte(0x50, offset: 22, expected: "an instruction")),
    BadBytecode("an operand missing", Assembly.payoff(cost: 4, 2, 0, 2), .truncated(offset: 21)),
    BadBytecode(
      "a constant with a leading zero", Assembly.payoff(cost: 4, 2, 0, 1, 3, 2, 0, 5, 0x40),
      .malformedConstant(offset: 21)),
    BadBytecode(
      "a constant of 33 bytes", Assembly.payoff(cost: 4, 2, 0, 1, 3, 33, 0, 5, 0x40), .malformedConstant(offset: 21)),
    BadBytecode(
      "a Bool of 2", Assembly.payoff(cost: 4, 2, 0, 1, 1, 1, 2, 0x40), .malformedConstant(offset: 21)),
    BadBytecode(
      "a Status of 7", Assembly.payoff(cost: 4, 2, 0, 1, 0x10, 1, 7, 0x40), .malformedConstant(offset: 21)),
    BadBytecode(
      "more inputs than allowed", Assembly.changedCount(good.bytes, at: 6, to: 129),
      .tooMany("inputs", found: 129, max: 128)),
  ]

  static let tables = [
    BadBytecode(
      "the same input twice", changed { $0.inputs.append($0.inputs[0]) }, .inputsOutOfOrder("a")),
    BadBytecode(
      "inputs out of order", changed { $0.inputs = [(1, 3, "b"), (1, 3, "a")] }, .inputsOutOfOrder("a")),
    BadBytecode("state in a payoff", changed { $0.inputs[0].group = 3 }, .misplacedInput("a")),
    BadBytecode("a clock in a payoff", changed { $0.inputs[0] = (4, 6, "now") }, .misplacedInput("now")),
    BadBytecode(
      "a clock of another name",
      changed {
        $0.inputs[0] = (4, 6, "b"); $0.kind = 2
      }, .misplacedInput("b")),
    BadBytecode(
      "a term called now",
      changed {
        $0.inputs[0] = (1, 6, "now"); $0.kind = 2
      }, .misplacedInput("now")),
    BadBytecode("a payoff with a route", changed { $0.routes = ["r"] }, .routeCount(found: 1, .payoff)),
    BadBytecode("an escrow rule without routes", changed { $0.kind = 2 }, .routeCount(found: 0, .escrow)),
    BadBytecode(
      "one route twice",
      changed {
        $0.kind = 2; $0.routes = ["r", "r"]
      }, .repeatedRoute("r")),
    BadBytecode("an input that is never read", changed { $0.inputs.append((1, 3, "b")) }, .unusedInput("b")),
  ]

  static let code = [
    BadBytecode("no code", Assembly(), .unfinished(stack: 0, routes: 1)),
    BadBytecode("an input that is not there", .payoff(cost: 4, 2, 0, 2, 1, 0x40), .noSuchInput(instruction: 1)),
    BadBytecode("too few values", .payoff(cost: 4, 2, 0, 0x40), .stackUnderflow(instruction: 1)),
    BadBytecode("a value left over", .payoff(cost: 4, 2, 0, 2, 0, 2, 0, 0x40), .unfinished(stack: 1, routes: 0)),
    BadBytecode("paid twice", .payoff(cost: 4, 2, 0, 2, 0, 0x40, 2, 0, 2, 0, 0x40), .routeOrder(instruction: 5)),
    BadBytecode("a closed payoff", .payoff(cost: 4, 2, 0, 2, 0, 0x10, 0x42), .routeOrder(instruction: 3)),
    BadBytecode(
      "an Int paid", .payoff(cost: 4, 2, 0, 1, 2, 0, 0x40), .types(instruction: 2, .pay, [.amount, .int])),
    BadBytecode(
      "amounts multiplied", .payoff(cost: 4, 2, 0, 2, 0, 0x12), .types(instruction: 2, .multiply, [.amount, .amount])),
    BadBytecode(
      "a Bool of an Amount", .payoff(cost: 4, 2, 0, 0x26), .types(instruction: 1, .not, [.amount])),
    BadBytecode(
      "an Amount as a condition", .payoff(cost: 4, 2, 0, 0x31, 0, 2, 2, 0, 2, 0, 0x40),
      .types(instruction: 1, .jumpUnless, [.amount])),
    BadBytecode("known of a term", .payoff(cost: 4, 3, 0, 2, 0, 0x40), .knownOfTerm(instruction: 0)),
    BadBytecode("an empty slot", .payoff(cost: 4, 2, 0, 4, 0, 0x40), .unassignedSlot(instruction: 1)),
    BadBytecode("a slot skipped", .payoff(cost: 4, 2, 0, 5, 1, 2, 0, 0x40), .slotOrder(instruction: 1)),
    BadBytecode("a slot filled twice", .payoff(cost: 4, 2, 0, 5, 0, 5, 0, 2, 0, 0x40), .assignedSlot(instruction: 2)),
    BadBytecode("a jump to itself", .payoff(cost: 4, 0x30, 0, 0, 2, 0, 2, 0, 0x40), .jumpTarget(instruction: 0)),
    BadBytecode(
      "a jump into an instruction", .payoff(cost: 4, 0x30, 0, 1, 2, 0, 2, 0, 0x40), .jumpTarget(instruction: 0)),
    BadBytecode("a jump past the end", .payoff(cost: 4, 2, 0, 2, 0, 0x40, 0x30, 0, 1), .jumpTarget(instruction: 3)),
    BadBytecode(
      "code that cannot run", .payoff(cost: 4, 0x30, 0, 2, 2, 0, 2, 0, 2, 0, 0x40), .unreachable(instruction: 1)),
    // push true; jumpUnless over one load: the other path brings one value less.
    BadBytecode(
      "paths with different stacks", .payoff(cost: 4, 1, 1, 1, 1, 0x31, 0, 2, 2, 0, 2, 0, 2, 0, 0x40),
      .paths(instruction: 3)),
    // push true; jumpUnless over a definition that is kept and read later.
    BadBytecode(
      "a slot filled on one path only",
      .payoff(cost: 4, 2, 0, 1, 1, 1, 1, 0x31, 0, 8, 2, 0, 5, 0, 0x10, 0x30, 0, 3, 2, 0, 0x10, 4, 0, 0x40),
      .unassignedSlot(instruction: 9)),
    BadBytecode(
      "a deep stack", changed { $0.code = Array(repeating: [2, 0], count: 257).flatMap(\.self) },
      .stackOverflow(instruction: 256)),
    // load a; load a; a million rounds of: get 0; five times push 1; push 1; mulDiv.floor; next
    BadBytecode(
      "a fold beyond the limit",
      changed {
        let quotients = [[UInt8]](repeating: [1, 2, 1, 1, 1, 2, 1, 1, 0x14], count: 5).flatMap(\.self)
        let body: [UInt8] = [4, 0] + quotients + [0x34]
        $0.code = [2, 0, 2, 0, 0x32, 0, 0, UInt8(body.count), 0, 15, 66, 64] + body + [0x40]
      },
      .foldTooDear(instruction: 2, cost: 53_000_000)),
    BadBytecode(
      "more instructions than allowed", changed { $0.code = [2, 0] + Array(repeating: 0x13, count: 8_192) },
      .tooMany("instructions", found: 8_193, max: 8_192)),
    BadBytecode("a cost too low", .payoff(cost: 3, 2, 0, 2, 0, 0x40), .cost(stated: 3, actual: 4)),
    BadBytecode("a cost too high", .payoff(cost: 5, 2, 0, 2, 0, 0x40), .cost(stated: 5, actual: 4)),
    BadBytecode(
      "one route undecided", .escrow(cost: 4, 2, 1, 2, 1, 0x20, 0x31, 0, 5, 2, 0, 2, 0, 0x40),
      .paths(instruction: 7)),
    BadBytecode(
      "routes undecided at the end", .escrow(cost: 4, 2, 1, 2, 1, 0x20, 0x26, 0x26, 0x31, 0, 1, 0x42, 2, 0, 2, 0, 0x40),
      .paths(instruction: 7)),
  ]

  @Test(arguments: encodings + tables + code)
  func `bytes that are no program are refused with the reason`(_ bad: BadBytecode) {
    #expect(throws: bad.error) { try Program(bytecode: bad.bytes) }
  }

  @Test func `bytecode written by hand loads and runs`() throws {
    let payoff = try Program(bytecode: Self.good.bytes)
    #expect(try Machine.run(payoff, inputs: ["a": 7]).payments?.toBuyer == 7)
    let rule = try Program(bytecode: Self.goodRule.bytes)
    #expect(try Machine.run(rule, inputs: ["a": 7, "now": 4]).routes.map(\.toBuyer) == [7, nil])
    #expect(try Machine.run(rule, inputs: ["now": 5]).routes.map(\.isOpen) == [false, true])
    #expect(rule.costBound == 10)
  }

  @Test func `the compiler writes what the definition of the encoding says`() throws {
    let source = "payoff P language 1\nterms\n  a : Amount\nescrow a\npay buyer a\npay seller remainder"
    #expect(try Program(compiling: source).bytecode == Self.good.bytes)
    let rule = """
      escrow E language 1
      facts
        a : Amount
      now : Time
      escrow a
      route r
        open when now < 5 Time
        pays buyer a
      route s
        open when true
        pays nothing
      """
    var expected = Self.goodRule
    // The second route is open when true: push true; jumpUnless 4; nothing; jump 1; closed.
    expected.code = Array(expected.code.dropLast()) + [1, 1, 1, 1, 0x31, 0, 4, 0x41, 0x30, 0, 1, 0x42]
    expected.cost = 9 + 4
    #expect(try Program(compiling: rule).bytecode == expected.bytes)
  }

  @Test func `the instruction table has one row for each instruction, and sensible costs`() {
    #expect(Opcode.table.map(\.opcode) == Opcode.allCases)
    #expect(Set(Opcode.table.map(\.name)).count == Opcode.allCases.count)
    for row in Opcode.table {
      #expect(row.cost >= 1)
      #expect(row.pushes <= 1)
      #expect(row.opcode.row.name == row.name)
    }
  }

  @Test func `random and damaged bytes are refused or run, and never trap`() throws {
    var random = SeededGenerator("damaged bytecode")
    let seeds = try ClauseFile.allCases.map { try $0.program.bytecode } + [Self.good.bytes, Self.goodRule.bytes]
    var accepted = 0
    for round in 0..<6_000 {
      var bytes = seeds[round % seeds.count]
      switch round % 3 {
      case 0: bytes = random.bytes(Int.random(in: 0...80, using: &random))
      case 1: bytes = Array(bytes.prefix(7)) + random.bytes(Int.random(in: 0...80, using: &random))
      default:
        for _ in 0...Int.random(in: 0...2, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let program = try? Program(bytecode: bytes) else { continue }
      accepted += 1
      #expect(program.bytecode == bytes)
      var inputs: [String: InputValue] = [:]
      for input in program.inputs { inputs[input.name] = .number(Int256(Int64.random(in: 0...4, using: &random))) }
      if let evaluation = try? Machine.run(program, inputs: inputs) { #expect(evaluation.cost <= program.costBound) }
    }
    // A changed letter of a name or a changed constant is still a program.
    #expect(accepted > 10)
  }

  @Test func `random text is refused or compiles, and never traps`() throws {
    var random = SeededGenerator("random text")
    let sources = try ClauseFile.allCases.map { try $0.source }
    let words = sources.joined(separator: " ").split(whereSeparator: \.isWhitespace).map(String.init)
    var accepted = 0
    for round in 0..<1_500 {
      let source: String
      switch round % 3 {
      case 0: source = String(decoding: random.bytes(Int.random(in: 0...200, using: &random)), as: UTF8.self)
      case 1:
        let soup = (0..<Int.random(in: 0...80, using: &random)).compactMap { _ in words.randomElement(using: &random) }
        source = "payoff P language 1 " + soup.joined(separator: " ")
      default:
        var bytes = Array(sources[round / 3 % sources.count].utf8)
        let place = Int.random(in: bytes.indices, using: &random)
        bytes.replaceSubrange(
          place..<min(bytes.count, place + Int.random(in: 0...3, using: &random)), with: random.bytes(1))
        source = String(decoding: bytes, as: UTF8.self)
      }
      do {
        accepted += try Program(compiling: source).bytecode.isEmpty ? 0 : 1
      } catch {
        #expect(!error.diagnostics.isEmpty)
        #expect(!error.description.isEmpty)
      }
    }
    // A change in a comment leaves a clause whole.
    #expect(accepted > 0)
  }
}

extension Assembly {
  /// The bytes with one of them replaced.
  static func changedCount(_ bytes: [UInt8], at offset: Int, to value: UInt8) -> [UInt8] {
    var bytes = bytes
    bytes[offset] = value
    return bytes
  }
}
