import Arithmetic

/// Values to try on the machine: edges of ranges, the numbers of the program, one's own and another input's neighbours.
/// The same values every time.
struct Search {
  private let graph: Graph
  /// Inputs of one value, which decide more often than the elements of lists.
  private let single: [Graph.Variable]
  private let pool: [Int256]
  private var state: UInt64 = 0x5eed

  init(_ graph: Graph) {
    self.graph = graph
    single = graph.variables.filter { !Self.isElement($0) }
    var pool: Set<Int256> = [0, 1, 2, 10, 100, 1_000, 1_000_000]
    for shape in graph.shapes {
      guard case .number(let value) = shape else { continue }
      for step: Int256 in [-1, 0, 1] {
        if let near = try? value.adding(step) { pool.insert(near) }
      }
    }
    self.pool = pool.sorted()
  }

  /// `in.LIST.PLACE`.
  private static func isElement(_ variable: Graph.Variable) -> Bool {
    variable.name.utf8.count { $0 == UInt8(ascii: ".") } > 1
  }

  /// Every variable at an ordinary value of its range.
  var ordinary: [String: Int256] {
    var values: [String: Int256] = [:]
    for (index, variable) in graph.variables.enumerated() {
      guard let range = variable.range else {
        values[variable.name] = .one
        continue
      }
      let isScale = variable.name.hasPrefix("in.scale") || variable.name.hasPrefix("in.coin")
      let isCount = variable.name.hasPrefix("count.")
      // Elements of a list ascend.
      let usual: Int256 = isScale ? 1 : isCount ? 3 : Int256(Int64(Self.isElement(variable) ? 1_000 + index : 1_000))
      values[variable.name] = clamped(usual, range)
    }
    return values
  }

  /// The values with some of them changed.
  mutating func varied(_ values: [String: Int256]) -> [String: Int256] {
    var result = values
    for _ in 0...below(4) {
      guard let variable = below(4) == 0 ? pick(graph.variables) : pick(single) else { return result }
      result[variable.name] = value(of: variable, values)
    }
    return result
  }

  private mutating func value(of variable: Graph.Variable, _ values: [String: Int256]) -> Int256 {
    guard let range = variable.range else { return below(4) == 0 ? .zero : .one }
    let now = values[variable.name] ?? .zero
    let candidate: Int256? =
      switch below(8) {
      case 0: range.low ?? .min
      case 1: range.high ?? .max
      case 2: pick(pool)
      case 3: pick(single).flatMap { values[$0.name] }.flatMap { try? $0.adding(Int256(Int64(below(3)) - 1)) }
      case 4: try? now.adding(Int256(Int64(below(3)) - 1))
      case 5: try? now.multiplied(by: 2)
      case 6: try? now.divided(by: 2, rounding: .floor)
      default: Int256(bits: (try? UInt256(bigEndian: bytes(1 + below(32)))) ?? .zero)
      }
    return clamped(candidate ?? now, range)
  }

  private func clamped(_ value: Int256, _ range: Interval) -> Int256 {
    var result = value
    if let low = range.low { result = Swift.max(result, low) }
    if let high = range.high { result = Swift.min(result, high) }
    return result
  }

  // MARK: Randomness

  /// SplitMix64 (Steele, Lea and Flood 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  private mutating func pick<T>(_ choices: [T]) -> T? {
    choices.isEmpty ? nil : choices[below(choices.count)]
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
