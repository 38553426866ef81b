/// Why bytecode is not a program. Numbers of instructions count from 0.
public enum ClauseError: Error, Hashable, Sendable {
  // Encoding: offsets are in bytes.
  case tooLong(byteCount: Int)
  case truncated(offset: Int)
  case trailingBytes(offset: Int)
  case notBytecode
  case unknownLanguageVersion(UInt8)
  case unknownByte(UInt8, offset: Int, expected: String)
  case malformedName(offset: Int)
  case malformedConstant(offset: Int)
  case notCanonical
  // Tables
  case tooMany(String, found: Int, max: Int)
  case inputsOutOfOrder(String)
  case misplacedInput(String)
  case repeatedRoute(String)
  case repeatedName(String)
  case findCount(found: Int, ClauseKind)
  case unusedEnumeration(String)
  case listBounds
  case routeCount(found: Int, ClauseKind)
  case unusedInput(String)
  // Code
  case noSuchInput(instruction: Int)
  case slotOrder(instruction: Int)
  case jumpTarget(instruction: Int)
  case unreachable(instruction: Int)
  case stackUnderflow(instruction: Int)
  case stackOverflow(instruction: Int)
  case types(instruction: Int, Opcode, [ClauseType])
  case unassignedSlot(instruction: Int)
  case assignedSlot(instruction: Int)
  case paths(instruction: Int)
  case knownOfTerm(instruction: Int)
  case routeOrder(instruction: Int)
  case unfinished(stack: Int, routes: Int)
  case findOrder(instruction: Int)
  case givenOrder(instruction: Int)
  case foldBorder(instruction: Int)
  case foldRounds(instruction: Int)
  // Cost
  case cost(stated: Int, actual: Int)
  case foldTooDear(instruction: Int, cost: Int)
  case costTooHigh(Int)
}

extension ClauseError: CustomStringConvertible {
  /// What is wrong, and where.
  public var description: String {
    switch self {
    case .tooLong(let count): "\(count) bytes, at most \(Limits.bytecodeByteCountMax) are allowed"
    case .truncated(let offset): "the bytecode ends at byte \(offset) in the middle of something"
    case .trailingBytes(let offset): "there are bytes after the end of the program, from byte \(offset) on"
    case .notBytecode: "it does not start with TSCL: it is not the bytecode of a clause"
    case .unknownLanguageVersion(let version): "language version \(version) is not known, only 1 is"
    case .unknownByte(let byte, let offset, let expected): "byte \(offset) is \(byte), which is not \(expected)"
    case .malformedName(let offset): "the name at byte \(offset) is not a letter followed by letters, digits or `_`"
    case .malformedConstant(let offset): "the constant at byte \(offset) is out of its type's range or not minimal"
    case .notCanonical: "encoding the program again gives other bytes"
    case .tooMany(let what, let found, let max): "\(found) \(what), at most \(max) are allowed"
    case .inputsOutOfOrder(let name): "the input `\(name)` is out of order: names ascend, each once"
    case .misplacedInput(let name): "the input `\(name)` is of a group that this kind of rule does not have"
    case .repeatedRoute(let name): "the route `\(name)` appears twice"
    case .repeatedName(let name): "the name `\(name)` appears twice"
    case .findCount(let found, let kind): "\(kind.withArticle) with \(found) named results"
    case .unusedEnumeration(let name): "the enumeration `\(name)` is never used"
    case .listBounds: "the bounds are not those of the lists among the inputs, each from 1 to \(Limits.listCountMax)"
    case .routeCount(let found, let kind): "\(kind.withArticle) with \(found) named routes"
    case .unusedInput(let name): "the input `\(name)` is never read"
    case .noSuchInput(let index): "instruction \(index) reads an input that is not in the table"
    case .slotOrder(let index): "instruction \(index) skips a slot"
    case .jumpTarget(let index): "instruction \(index) jumps into the middle of an instruction or past the end"
    case .unreachable(let index): "instruction \(index) can never run"
    case .stackUnderflow(let index): "instruction \(index) takes more values than there are"
    case .stackOverflow(let index): "instruction \(index) needs more than \(Limits.stackDepthMax) values on the stack"
    case .types(let index, let opcode, let types):
      "instruction \(index), \(opcode), does not take \(types.map(\.description).joined(separator: ", "))"
    case .unassignedSlot(let index): "instruction \(index) reads a slot that some path leaves empty"
    case .assignedSlot(let index): "instruction \(index) fills a slot that is already filled"
    case .paths(let index): "the paths that meet at instruction \(index) bring different stacks or routes"
    case .knownOfTerm(let index): "instruction \(index) asks whether an input is known that is always there"
    case .routeOrder(let index): "instruction \(index) decides a route that the program does not have"
    case .unfinished(let stack, let routes):
      "the code ends with \(stack) values left over and \(routes) routes undecided"
    case .findOrder(let index): "instruction \(index) finds a result that the program does not have"
    case .givenOrder(let index):
      "instruction \(index) checks a promise that is not about inputs alone: in a payoff it reads terms only, and it comes first"
    case .foldBorder(let index): "instruction \(index) crosses the border of a fold"
    case .foldRounds(let index): "instruction \(index) states a number of rounds out of 1...\(Limits.roundCountMax)"
    case .foldTooDear(let index, let cost):
      "the fold at instruction \(index) may cost \(cost) or more, at most \(Limits.costMax) is allowed"
    case .cost(let stated, let actual): "it states a worst-case cost of \(stated), and costs \(actual)"
    case .costTooHigh(let cost): "its worst-case cost is \(cost), at most \(Limits.costMax) is allowed"
    }
  }
}
