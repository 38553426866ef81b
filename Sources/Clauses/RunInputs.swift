import Arithmetic

/// The inputs of a run in the order of the program's table.
struct RunInputs {
  /// The value of each input; zero for a missing one and for a list.
  var values: [Int256] = []
  var isPresent: [Bool] = []
  /// The elements of all lists, one after the other.
  var elements: [Int256] = []
  /// Where each input's elements begin, and how many there are.
  var starts: [Int] = []
  var counts: [Int] = []

  init(of program: Program, from inputs: [String: InputValue]) throws(Trap.Kind) {
    for input in program.inputs {
      let given = inputs[input.name]
      isPresent.append(given != nil)
      starts.append(elements.count)
      switch (given, input.type) {
      case (nil, _):
        values.append(.zero)
        counts.append(0)
      case (.number(let value)?, let type) where type.element == nil:
        guard type.range.contains(value) else { throw .inputOutOfRange(input.name, value) }
        values.append(value)
        counts.append(0)
      case (.list(let list)?, .list(_, let bound)):
        guard list.count <= bound else { throw .listTooLong(input.name, count: list.count, max: bound) }
        let range = input.type.range
        for value in list where !range.contains(value) { throw .inputOutOfRange(input.name, value) }
        values.append(.zero)
        counts.append(list.count)
        elements += list
      default: throw .inputForm(input.name, input.type)
      }
    }
  }
}
