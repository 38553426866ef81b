import Clauses

/// Bytes to well-typed bytecode: every choice among instructions, operands and shapes is the next byte; where there are
/// no more, what is begun is ended in the shortest way. So whatever the fuzzer changes, the machine has something to run.
struct Builder {
  private struct Slot {
    let place: UInt8
    let type: UInt8
  }

  /// Type bytes of the language.
  private enum Kind {
    static let bool: UInt8 = 0x01
    static let int: UInt8 = 0x02
    static let amount: UInt8 = 0x03
    static let price: UInt8 = 0x04
    static let quantity: UInt8 = 0x05
    static let time: UInt8 = 0x06
    static let duration: UInt8 = 0x07
    static let delivery: UInt8 = 0x08
    static let address: UInt8 = 0x09
    static let digest: UInt8 = 0x0a
    static let status: UInt8 = 0x10
    static let enumeration: UInt8 = 0x20
    static let list: UInt8 = 0x80
    static let numbers = [int, amount, price, quantity, time, duration, delivery]
    static let all = numbers + [bool, address, digest, status, enumeration]
  }

  /// What a program may read, by ascending name: a fact of each type, and lists of at most four numbers.
  static let inputs: [(name: String, type: UInt8)] = [
    ("a", Kind.amount), ("b", Kind.bool), ("c", Kind.address), ("d", Kind.duration), ("e", Kind.enumeration),
    ("g", Kind.digest), ("i", Kind.int),
    ("l", Kind.list | Kind.int), ("m", Kind.list | Kind.amount), ("n", Kind.list | Kind.time), ("p", Kind.price),
    ("q", Kind.quantity), ("s", Kind.status), ("t", Kind.time), ("v", Kind.delivery),
  ]

  private static let depthMax = 6
  private static let boundOfLists = 4

  private(set) var rest: ArraySlice<UInt8>
  private var used: Set<Int> = []
  private var namesCase = false
  private var code: [UInt8] = []
  /// The cost of the dearest path through the code, which the verifier has to find too.
  private var cost = 0
  private var slots: [Slot] = []
  private var slotCount = 0
  private var foldDepth = 0

  /// The bytecode, and the bytes that were not needed for it.
  static func build(_ bytes: [UInt8]) -> (bytecode: [UInt8], rest: ArraySlice<UInt8>) {
    var builder = Builder(rest: bytes[...])
    let bytecode = builder.program()
    return (bytecode, builder.rest)
  }

  private init(rest: ArraySlice<UInt8>) {
    self.rest = rest
  }

  private mutating func choice(_ count: Int) -> Int { Int(rest.popFirst() ?? 0) % count }

  // MARK: Programs

  private mutating func program() -> [UInt8] {
    let kind = UInt8(choice(3)) + 1
    var finds: [UInt8] = []
    // A payoff promises things of its terms alone; here all inputs are facts.
    if kind > 1 {
      for _ in 0..<choice(2) {
        expression(Kind.bool, 2)
        emit(0x45)
      }
      for _ in 0..<(kind == 3 ? 1 : 0) + choice(3) {
        let type = Kind.all[choice(Kind.all.count)]
        expression(type, 0)
        emit(0x43)
        finds.append(type)
      }
    }
    let routes = kind == 2 ? 1 + choice(3) : 0
    for _ in 0..<routes { route() }
    if kind == 1 { pay() }
    let inputs = used.sorted().map { Self.inputs[$0] }
    let hasEnumeration = namesCase || (inputs.map(\.type) + finds).contains(Kind.enumeration)
    return Self.encoded(kind, inputs, routes: routes, finds: finds, hasEnumeration, cost: cost, placed())
  }

  /// The code with places in the program's own table instead of those in ``inputs``.
  private func placed() -> [UInt8] {
    var places = [UInt8](repeating: 0, count: Self.inputs.count)
    for (place, index) in used.sorted().enumerated() { places[index] = UInt8(place) }
    var placed = code
    var at = 0
    while at < placed.count {
      var operands: [Int] = []
      let start = at
      switch placed[start] {
      case 0x01: at += 3 + Int(placed[start + 2])
      case 0x02, 0x03, 0x06, 0x07: (operands, at) = ([1], start + 2)
      case 0x04, 0x05: at += 2
      case 0x08: (operands, at) = ([1, 2], start + 3)
      case 0x30, 0x31: at += 3
      case 0x32: at += 8
      case 0x33: (operands, at) = ([4], start + 5)
      default: at += 1
      }
      for operand in operands { placed[start + operand] = places[Int(placed[start + operand])] }
    }
    return placed
  }

  private static func encoded(
    _ kind: UInt8, _ inputs: [(name: String, type: UInt8)], routes: Int, finds: [UInt8], _ hasEnumeration: Bool,
    cost: Int, _ code: [UInt8]
  ) -> [UInt8] {
    var bytes: [UInt8] = Array("TSCL".utf8) + [1, kind, UInt8(inputs.count)]
    for input in inputs { bytes += [2, input.type, 1] + input.name.utf8 }
    bytes.append(UInt8(routes))
    for route in 0..<routes { bytes += [2, UInt8(ascii: "r"), UInt8(ascii: "0") + UInt8(route)] }
    bytes += word(cost, 4) + word(code.count, 2) + code
    if hasEnumeration {
      bytes += [1, 1, 1, UInt8(ascii: "E"), 3, 1, UInt8(ascii: "A"), 1, UInt8(ascii: "B"), 1, UInt8(ascii: "C")]
    }
    let lists = inputs.indices.filter { inputs[$0].type >= Kind.list }
    if !lists.isEmpty { bytes += [2, UInt8(lists.count)] }
    for list in lists { bytes += [UInt8(list)] + word(boundOfLists, 2) }
    if !finds.isEmpty { bytes += [3, UInt8(finds.count)] }
    for (index, type) in finds.enumerated() { bytes += [2, UInt8(ascii: "f"), UInt8(ascii: "0") + UInt8(index), type] }
    return bytes
  }

  private static func word(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  private mutating func pay() {
    for type in choice(4) == 3 ? [Kind.amount, Kind.delivery] : [Kind.amount] {
      expression(type, 1)
      expression(type, 1)
      emit(0x40)
    }
  }

  private mutating func route() {
    branch {
      if $0.choice(3) == 0 { $0.emit(0x41) } else { $0.pay() }
    } _: {
      $0.emit(0x42)
    }
  }

  /// A condition, and code for either case.
  private mutating func branch(_ first: (inout Builder) -> Void, _ second: (inout Builder) -> Void) {
    expression(Kind.bool, 2)
    let kept = slots
    let (before, costBefore) = (code, cost + Self.cost(0x31))
    (code, cost) = ([], Self.cost(0x30))
    first(&self)
    let (then, costOfFirst) = (code, cost)
    (code, cost, slots) = ([], 0, kept)
    second(&self)
    let otherwise = code
    slots = kept
    code = before + [0x31] + Self.word(then.count + 3, 2) + then + [0x30] + Self.word(otherwise.count, 2) + otherwise
    cost = costBefore + Swift.max(costOfFirst, cost)
  }

  // MARK: Expressions

  private mutating func expression(_ type: UInt8, _ depth: Int) {
    guard depth < Self.depthMax, !rest.isEmpty, code.count < 2_000 else { return leaf(type) }
    switch choice(16) {
    case 0...4: leaf(type)
    case 5:
      branch {
        $0.expression(type, depth + 1)
      } _: {
        $0.expression(type, depth + 1)
      }
    case 6: fold(type, depth)
    case 7: operation(0x1e, [type, Kind.time, Kind.time, Kind.duration], depth)
    case 8 where slotCount < 200:
      expression(type, depth + 1)
      slots.append(Slot(place: UInt8(slotCount), type: type))
      emit(0x05, UInt8(slotCount))
      slotCount += 1
    default: computed(type, depth)
    }
  }

  private mutating func operation(_ opcode: UInt8, _ operands: [UInt8], _ depth: Int) {
    for operand in operands { expression(operand, depth + 1) }
    emit(opcode)
  }

  private mutating func leaf(_ type: UInt8) {
    switch choice(4) {
    case 0:
      if let slot = slots.last(where: { $0.type == type }) {
        emit(0x04, slot.place)
        return
      }
      fallthrough
    case 1: constant(type)
    default: load(0x02, type)
    }
  }

  private mutating func constant(_ type: UInt8) {
    let value = UInt8(choice(256))
    let byte: UInt8 =
      switch type {
      case Kind.bool: value & 1
      case Kind.status: value % 7
      case Kind.enumeration: value % 3
      default: value
      }
    let wide = value > 0xf0 && (Kind.numbers.contains(type)) ? [byte] + [UInt8](repeating: 0xff, count: 7) : [byte]
    let digits = byte == 0 ? [] : wide
    namesCase = namesCase || type == Kind.enumeration
    emit(0x01, type, UInt8(digits.count))
    code += digits
  }

  private mutating func load(_ opcode: UInt8, _ type: UInt8) {
    guard let index = Self.inputs.firstIndex(where: { $0.type == type }) else { return constant(type) }
    emit(opcode, place(index))
  }

  private mutating func place(_ index: Int) -> UInt8 {
    used.insert(index)
    return UInt8(index)
  }

  /// One instruction and its operand.
  private mutating func emit(_ bytes: UInt8...) {
    code += bytes
    cost += Self.cost(bytes[0])
  }

  private static func cost(_ byte: UInt8) -> Int { Opcode(rawValue: byte)?.cost ?? 0 }

  private static let lists = inputs.indices.filter { inputs[$0].type >= Kind.list }

  private mutating func fold(_ type: UInt8, _ depth: Int) {
    guard foldDepth < 2, slotCount < 200 else { return leaf(type) }
    foldDepth += 1
    let list = choice(2) == 0 ? nil : Self.lists[choice(Self.lists.count)]
    if let list, choice(2) == 0 { emit(0x08, place(list), place(Self.lists[choice(Self.lists.count)])) }
    let rounds = 1 + choice(4)
    expression(type, depth + 1)
    let kept = slots
    let slot = UInt8(slotCount)
    slots += [Slot(place: slot, type: type), Slot(place: slot + 1, type: Kind.int)]
    slotCount += 2
    let (before, costBefore) = (code, cost + Self.cost(0x32))
    (code, cost) = ([], Self.cost(0x34))
    if let list, Self.inputs[list].type == Kind.list | type {
      emit(0x04, slot + 1)
      emit(0x07, place(list))
    } else {
      expression(type, depth + 1)
    }
    let body = code + [0x34]
    slots = kept
    foldDepth -= 1
    let distance = Self.word(body.count, 2)
    code =
      before + (list.map { [0x33, slot] + distance + [place($0)] } ?? [0x32, slot] + distance + Self.word(rounds, 4))
    code += body
    cost = costBefore + (list == nil ? rounds : Self.boundOfLists) * cost
  }

  private mutating func computed(_ type: UInt8, _ depth: Int) {
    switch type {
    case Kind.bool: truth(depth)
    case Kind.time:
      choice(3) == 0
        ? operation(0x10, [Kind.duration, Kind.time], depth)
        : operation(0x10 + UInt8(choice(2)), [Kind.time, Kind.duration], depth)
    case _ where Kind.numbers.contains(type): number(type, depth)
    default: leaf(type)
    }
  }

  private mutating func truth(_ depth: Int) {
    let kind = Kind.all[choice(Kind.all.count)]
    switch choice(10) {
    case 0: operation(0x26, [Kind.bool], depth)
    case 1: emit(0x03, place(choice(Self.inputs.count)))
    case 2...5: operation(0x20 + UInt8(choice(2)), [kind, kind], depth)
    default:
      let number = Kind.numbers[choice(Kind.numbers.count)]
      operation(0x22 + UInt8(choice(4)), [number, number], depth)
    }
  }

  private mutating func number(_ type: UInt8, _ depth: Int) {
    switch choice(12) {
    case 0...1: operation(0x10 + UInt8(choice(2)), [type, type], depth)
    case 2: operation(0x12, [Kind.int, type], depth)
    case 3: operation(0x13, [type], depth)
    case 4...5: operation(0x14 + UInt8(choice(2)), [type, Kind.price, Kind.price], depth)
    case 6: operation(0x18 + UInt8(choice(2)), [type, type], depth)
    case 7: operation(0x1a, [type, type, type], depth)
    case 8 where type == Kind.amount:
      operation(0x16 + UInt8(choice(2)), [Kind.quantity, Kind.price, Kind.int, Kind.int], depth)
    case 9 where type == Kind.amount:
      operation(0x1b + UInt8(choice(2)), [Kind.quantity, Kind.price, Kind.price, Kind.int, Kind.int], depth)
    case 8...10 where type == Kind.delivery: operation(0x1d, [Kind.quantity], depth)
    case 9...10 where type == Kind.int: operation(0x1f, [type, type], depth)
    case 8 where type == Kind.int: emit(0x06, place(Self.lists[choice(Self.lists.count)]))
    default:
      guard let list = Self.lists.first(where: { Self.inputs[$0].type == Kind.list | type }) else { return leaf(type) }
      expression(Kind.int, depth + 1)
      emit(0x07, place(list))
    }
  }
}
