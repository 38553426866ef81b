/// The instructions of language version 1. The raw value is the instruction's byte; a byte keeps its meaning for ever.
public enum Opcode: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case push = 0x01
  case load = 0x02
  case known = 0x03
  case get = 0x04
  case keep = 0x05
  case count = 0x06
  case item = 0x07
  case paired = 0x08
  case store = 0x09
  case add = 0x10
  case subtract = 0x11
  case multiply = 0x12
  case negate = 0x13
  case mulDivFloor = 0x14
  case mulDivCeiling = 0x15
  case amountFloor = 0x16
  case amountCeiling = 0x17
  case min = 0x18
  case max = 0x19
  case clamp = 0x1a
  case coinsFloor = 0x1b
  case coinsCeiling = 0x1c
  case delivery = 0x1d
  case fresh = 0x1e
  case remainder = 0x1f
  case equal = 0x20
  case notEqual = 0x21
  case less = 0x22
  case lessOrEqual = 0x23
  case greater = 0x24
  case greaterOrEqual = 0x25
  case not = 0x26
  case jump = 0x30
  case jumpUnless = 0x31
  case fold = 0x32
  case foldList = 0x33
  case next = 0x34
  case pay = 0x40
  case nothing = 0x41
  case closed = 0x42
  case find = 0x43
  case given = 0x45

  /// What follows the instruction's byte.
  public enum Operand: Hashable, Sendable {
    /// Nothing.
    case none
    /// Type byte, length byte (0...32), then the value big-endian without leading zeros.
    case constant
    /// One byte: a place in the input table.
    case input
    /// One byte: a slot for a definition's value.
    case slot
    /// Two bytes: two places in the input table.
    case inputs
    /// Two bytes, big-endian: bytes to skip after this instruction, at least 1.
    case distance
    /// A slot, a distance past the body, and four bytes: how many rounds.
    case rounds
    /// A slot, a distance past the body, and an input: the list whose length is the number of rounds.
    case list
  }

  /// One row of the instruction table.
  package struct Row: Sendable {
    package let opcode: Opcode
    package let name: String
    package let operand: Operand
    package let pops: Int
    package let pushes: Int
    package let cost: Int

    init(_ opcode: Opcode, _ name: String, _ operand: Operand, pops: Int, pushes: Int, cost: Int) {
      self.opcode = opcode
      self.name = name
      self.operand = operand
      self.pops = pops
      self.pushes = pushes
      self.cost = cost
    }
  }

  /// The instruction set as data. Cost units are shares of the machine's time, the plainest instruction being 1.
  package static let table: [Row] = [
    Row(.push, "push", .constant, pops: 0, pushes: 1, cost: 1),  // a literal
    Row(.load, "load", .input, pops: 0, pushes: 1, cost: 1),  // an input; a missing one is a fault
    Row(.known, "known", .input, pops: 0, pushes: 1, cost: 1),  // whether a fact or state is present
    Row(.get, "get", .slot, pops: 0, pushes: 1, cost: 1),  // the value kept in a slot
    Row(.keep, "keep", .slot, pops: 1, pushes: 1, cost: 1),  // copy the top into a slot
    Row(.count, "count", .input, pops: 0, pushes: 1, cost: 1),  // the length of a list
    Row(.item, "item", .input, pops: 1, pushes: 1, cost: 1),  // index: an element; none there is a fault
    Row(.paired, "paired", .inputs, pops: 0, pushes: 0, cost: 1),  // two lists; unequal lengths are a fault
    Row(.store, "store", .slot, pops: 1, pushes: 0, cost: 1),  // move the top into a slot
    Row(.add, "add", .none, pops: 2, pushes: 1, cost: 1),
    Row(.subtract, "subtract", .none, pops: 2, pushes: 1, cost: 1),
    Row(.multiply, "multiply", .none, pops: 2, pushes: 1, cost: 2),
    Row(.negate, "negate", .none, pops: 1, pushes: 1, cost: 1),
    Row(.mulDivFloor, "mulDiv.floor", .none, pops: 3, pushes: 1, cost: 8),  // a * b / c, exact in between
    Row(.mulDivCeiling, "mulDiv.ceiling", .none, pops: 3, pushes: 1, cost: 8),
    Row(.amountFloor, "amount.floor", .none, pops: 4, pushes: 1, cost: 10),  // (q * up) * p / down
    Row(.amountCeiling, "amount.ceiling", .none, pops: 4, pushes: 1, cost: 10),
    Row(.min, "min", .none, pops: 2, pushes: 1, cost: 1),
    Row(.max, "max", .none, pops: 2, pushes: 1, cost: 1),
    Row(.clamp, "clamp", .none, pops: 3, pushes: 1, cost: 2),  // value, low, high; low > high is a fault
    Row(.coinsFloor, "coins.floor", .none, pops: 5, pushes: 1, cost: 12),  // (q * up) * n / (d * down)
    Row(.coinsCeiling, "coins.ceiling", .none, pops: 5, pushes: 1, cost: 12),
    Row(.delivery, "delivery", .none, pops: 1, pushes: 1, cost: 1),  // a quantity, counted in the delivery token
    Row(.fresh, "fresh", .none, pops: 4, pushes: 1, cost: 2),  // value, observedAt, asOf, maxAge; stale is a fault
    Row(.remainder, "remainder", .none, pops: 2, pushes: 1, cost: 4),  // a - floor(a / b) * b
    Row(.equal, "equal", .none, pops: 2, pushes: 1, cost: 1),
    Row(.notEqual, "notEqual", .none, pops: 2, pushes: 1, cost: 1),
    Row(.less, "less", .none, pops: 2, pushes: 1, cost: 1),
    Row(.lessOrEqual, "lessOrEqual", .none, pops: 2, pushes: 1, cost: 1),
    Row(.greater, "greater", .none, pops: 2, pushes: 1, cost: 1),
    Row(.greaterOrEqual, "greaterOrEqual", .none, pops: 2, pushes: 1, cost: 1),
    Row(.not, "not", .none, pops: 1, pushes: 1, cost: 1),
    Row(.jump, "jump", .distance, pops: 0, pushes: 0, cost: 1),
    Row(.jumpUnless, "jumpUnless", .distance, pops: 1, pushes: 0, cost: 1),
    Row(.fold, "fold", .rounds, pops: 1, pushes: 0, cost: 2),  // the value to start from
    Row(.foldList, "foldList", .list, pops: 1, pushes: 0, cost: 2),
    Row(.next, "next", .none, pops: 1, pushes: 1, cost: 2),  // the value for the next round, or the result
    Row(.pay, "pay", .none, pops: 2, pushes: 0, cost: 2),  // whole, buyer's part: the seller has the remainder
    Row(.nothing, "nothing", .none, pops: 0, pushes: 0, cost: 1),  // the route is open and releases nothing
    Row(.closed, "closed", .none, pops: 0, pushes: 0, cost: 1),  // the route is closed
    Row(.find, "find", .none, pops: 1, pushes: 0, cost: 1),  // the next named result
    Row(.given, "given", .none, pops: 1, pushes: 0, cost: 1),  // what was promised; false is a fault
  ]

  /// The table by byte.
  private static let rows: [Row] = {
    var rows = Array(repeating: table[0], count: 256)
    for row in table { rows[Int(row.opcode.rawValue)] = row }
    return rows
  }()

  /// This instruction's row; every case has one (tested).
  package var row: Row { Self.rows[Int(rawValue)] }

  /// Cost units charged each time the instruction runs.
  public var cost: Int { row.cost }

  /// The name shown in listings and traces.
  public var description: String { row.name }
}
