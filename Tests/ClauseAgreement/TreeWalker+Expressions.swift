import Clauses

extension TreeWalker {
  func holds(_ expression: Expression) throws -> Bool { try !value(expression).isZero }

  private func truth(_ holds: Bool) -> Integer { holds ? .one : .zero }

  /// An exact result, if 256 bits with sign hold it.
  func bounded(_ result: Integer, _ operands: [Integer], at range: SourceRange) throws -> Integer {
    guard result.fitsWord else { throw Fault(name: "overflow", range: range, values: operands.map(\.description)) }
    return result
  }

  func value(_ expression: Expression) throws -> Integer {
    let range = expression.range
    switch expression.node {
    case .invalid: throw Fault(name: "invalid", range: range, values: [])
    case .number(let digits, _):
      meet(.number)
      return Integer(digits: digits)
    case .hexadecimal(let digits):
      meet(digits.utf8.count == 40 ? .address : .digest)
      let number = Integer(digits: digits, base: 16)
      // A digest is a word; as a number its first bit is a sign.
      return number.fitsWord ? number : number - Integer(digits: "1" + String(repeating: "0", count: 64), base: 16)
    case .name(let name): return try value(of: name, at: range)
    case .not(let operand):
      meet(.not)
      return truth(try !holds(operand))
    case .negate(let operand):
      meet(.negate)
      let number = try value(operand)
      return try bounded(-number, [number], at: range)
    case .conditional(let condition, let first, let second):
      meet(.conditional)
      return try value(holds(condition) ? first : second)
    case .binary(let operation, let left, let right): return try binary(operation, left, right, at: range)
    case .call(let function, let arguments): return try call(function.text, arguments, at: range)
    case .match(let subject, let arms, let otherwise): return try match(subject, arms, otherwise, at: range)
    case .fold(let fold):
      meet(.fold)
      return try self.fold(
        fold.accumulator.text, from: fold.initial, over: fold.binders, with: fold.body, at: range)
    case .quantified(let quantifier, let binders, let condition):
      meet(quantifier == .any ? .any : .all)
      return try search(quantifier, binders, condition, at: range)
    }
  }

  func value(of name: String, at range: SourceRange) throws -> Integer {
    if name == "true" || name == "false" { return truth(name == "true") }
    if let value = bound[name] {
      meet(.binder)
      return value
    }
    if let number = cases[name] {
      meet(.caseName)
      return number
    }
    if let definition = definitions[name] {
      meet(.definition)
      if let value = computed[name] { return value }
      // A definition sees nothing of the folds around the place where it is needed.
      let around = bound
      bound = [:]
      defer { bound = around }
      let value = try value(definition)
      computed[name] = value
      return value
    }
    meet(.input)
    guard case .number(let value)? = inputs[name] else {
      throw Fault(name: "missingInput", range: range, values: [name])
    }
    return value
  }

  private func match(
    _ subject: Expression, _ arms: [MatchArm], _ otherwise: Expression?, at range: SourceRange
  ) throws -> Integer {
    meet(.match)
    let number = try value(subject)
    for arm in arms where arm.cases.contains(where: { cases[$0.text] == number }) { return try value(arm.value) }
    guard let otherwise else { throw Fault(name: "no arm", range: range, values: []) }
    meet(.matchElse)
    return try value(otherwise)
  }

  private func binary(
    _ operation: BinaryOperator, _ leftSide: Expression, _ rightSide: Expression, at range: SourceRange
  ) throws -> Integer {
    let left = try value(leftSide)
    switch operation {
    case .and:
      meet(.and)
      return left.isZero ? left : try value(rightSide)
    case .or:
      meet(.or)
      return left.isZero ? try value(rightSide) : left
    default: break
    }
    let right = try value(rightSide)
    switch operation {
    case .equal:
      meet(.equal)
      return truth(left == right)
    case .notEqual:
      meet(.notEqual)
      return truth(left != right)
    case .less:
      meet(.less)
      return truth(left < right)
    case .greaterOrEqual:
      meet(.greaterOrEqual)
      return truth(!(left < right))
    case .greater:
      meet(.greater)
      return truth(right < left)
    case .lessOrEqual:
      meet(.lessOrEqual)
      return truth(!(right < left))
    case .add:
      meet(.add)
      return try bounded(left + right, [left, right], at: range)
    case .subtract:
      meet(.subtract)
      return try bounded(left - right, [left, right], at: range)
    case .multiply:
      meet(.multiply)
      return try bounded(left * right, [left, right], at: range)
    default: throw Fault(name: "division without rounding", range: range, values: [])
    }
  }
}
