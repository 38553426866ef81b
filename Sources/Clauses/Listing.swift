import Arithmetic

extension Program {
  /// The program as text: its inputs, its cost, and each instruction with its operand spelled out, the type of the
  /// value it leaves, and the place in the source when that is known.
  public var listing: String {
    let title = kind == .payoff ? "payoff" : "escrow rule"
    var lines = ["\(title), language \(languageVersion), \(bytecode.count) bytes, costs at most \(costBound)"]
    let width = inputs.map(\.name.utf8.count).max() ?? 0
    for input in inputs {
      lines.append("  \(Self.pad("\(input.group)", 5))  \(Self.pad(input.name, width)) : \(input.type)")
    }
    for (index, instruction) in code.enumerated() {
      let number = "\(index)"
      var line = String(repeating: " ", count: Swift.max(0, 5 - number.count)) + number + "  "
      line += Self.pad("\(instruction.opcode)", 15) + Self.pad(operand(at: index), 26)
      line += Self.pad(types[index].map { ": \($0)" } ?? "", 11)
      if let sourceMap { line += "@ \(sourceMap[index])" }
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func operand(at index: Int) -> String {
    let argument = code[index].argument
    switch code[index].opcode.row.operand {
    case .none: return decides[index].flatMap { routes.indices.contains($0) ? routes[$0] : nil } ?? ""
    case .constant:
      let constant = constants[argument]
      return switch constant.type {
      case .bool: constant.value == .zero ? "false" : "true"
      case .status: ClauseType.statusNames[Int(constant.value.asInt64 ?? 0)]
      case .int: "\(constant.value)"
      default: "\(constant.value) \(constant.type)"
      }
    case .input: return inputs[argument].name
    case .slot: return "slot \(argument)"
    case .distance: return "-> \(argument)"
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(0, width - text.utf8.count))
  }
}
