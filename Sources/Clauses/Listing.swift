import Arithmetic

extension Program {
  /// The program as text: its inputs, its cost, and each instruction with its operand spelled out, the type of the
  /// value it leaves, and the place in the source when that is known.
  public var listing: String {
    let title =
      switch kind {
      case .payoff: "payoff"
      case .escrow: "escrow rule"
      case .arbitration: "arbitration rule"
      }
    var lines = ["\(title), language \(languageVersion), \(bytecode.count) bytes, costs at most \(costBound)"]
    for enumeration in enumerations {
      lines.append("  enum \(enumeration.name) = \(enumeration.cases.joined(separator: " | "))")
    }
    let width = inputs.map(\.name.utf8.count).max() ?? 0
    for input in inputs {
      lines.append("  \(Self.pad("\(input.group)", 5))  \(Self.pad(input.name, width)) : \(input.type)")
    }
    for find in finds { lines.append("  find \(find.name) : \(find.type)") }
    for (index, instruction) in code.enumerated() {
      let number = "\(index)"
      var line = String(repeating: " ", count: Swift.max(0, 5 - number.count)) + number + "  "
      line += Self.pad("\(instruction.opcode)", 15) + Self.pad(operand(at: index), 26)
      line += Self.pad(types[index].map { ": \($0)" } ?? "", 11)
      if let sourceMap { line += (line.hasSuffix(" ") ? "" : " ") + "@ \(sourceMap[index])" }
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func operand(at index: Int) -> String {
    let argument = code[index].argument
    switch code[index].opcode.row.operand {
    case .none: return decides[index].flatMap { name(decided: $0, at: index) } ?? ""
    case .constant:
      let constant = constants[argument]
      let place = Int(constant.value.asInt64 ?? 0)
      if let names = constant.type.caseNames { return names[place] }
      return switch constant.type {
      case .bool: constant.value == .zero ? "false" : "true"
      case .int: "\(constant.value)"
      case .address, .digest: "0x" + Self.hexadecimal(constant)
      default: "\(constant.value) \(constant.type)"
      }
    case .input: return inputs[argument].name
    case .slot: return "slot \(argument)"
    case .distance: return "-> \(argument)"
    case .inputs: return "\(inputs[argument].name), \(inputs[code[index].second].name)"
    case .rounds: return "slot \(argument), \(code[index].second) rounds -> \(code[index].target)"
    case .list: return "slot \(argument), \(inputs[code[index].second].name) -> \(code[index].target)"
    }
  }

  /// The route or the result that an instruction decides.
  private func name(decided place: Int, at index: Int) -> String? {
    let names = code[index].opcode == .find ? finds.map(\.name) : routes
    return names.indices.contains(place) ? names[place] : nil
  }

  private static func hexadecimal(_ constant: Constant) -> String {
    constant.value.bits.bigEndianBytes.suffix(constant.type == .address ? 20 : 32)
      .map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(0, width - text.utf8.count))
  }
}
