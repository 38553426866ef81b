import Arithmetic

/// The inputs of a run in the order of the program's table.
struct RunInputs {
  /// What stands in one row of the table.
  struct Value {
    /// Zero for a missing value and for a list.
    let number: Int256
    let isPresent: Bool
    /// Where a list's elements begin, and how many there are.
    let start: Int
    let count: Int
  }

  var values: [Value] = []
  /// The elements of all lists, one after the other.
  var elements: [Int256] = []

  init(of program: Program, from inputs: [String: InputValue]) throws(Trap.Kind) {
    // A span lends its rows; they would be copied out of the array, each with its name.
    let rows = program.bounds.span
    values.reserveCapacity(rows.count)
    for place in rows.indices {
      let value: Value
      switch inputs[rows[place].name] {
      case nil: value = Value(number: .zero, isPresent: false, start: 0, count: 0)
      case .number(let number)? where rows[place].listCountMax == nil:
        guard rows[place].contains(number) else { throw .inputOutOfRange(rows[place].name, number) }
        value = Value(number: number, isPresent: true, start: 0, count: 0)
      case .list(let list)?:
        guard let countMax = rows[place].listCountMax else { throw Self.form(program.inputs[place]) }
        guard list.count <= countMax else { throw .listTooLong(rows[place].name, count: list.count, max: countMax) }
        for number in list where !rows[place].contains(number) { throw .inputOutOfRange(rows[place].name, number) }
        value = Value(number: .zero, isPresent: true, start: elements.count, count: list.count)
        elements += list
      default: throw Self.form(program.inputs[place])
      }
      values.append(value)
    }
  }

  private static func form(_ input: Input) -> Trap.Kind { .inputForm(input.name, input.type) }
}

/// What an input may be given: worked out of its type once for a program.
struct InputBounds: Sendable {
  let name: String
  /// Most elements of a list; nothing for a single value.
  let listCountMax: Int?
  private let lowest: Int256
  private let highest: Int256

  init(_ input: Input) {
    name = input.name
    (lowest, highest) = (input.type.range.lowerBound, input.type.range.upperBound)
    listCountMax = if case .list(_, let bound) = input.type { bound } else { nil }
  }

  /// Whether a value, or an element of a list, may be this number.
  func contains(_ number: Int256) -> Bool { lowest <= number && number <= highest }
}
