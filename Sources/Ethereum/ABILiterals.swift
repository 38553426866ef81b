// Types and signatures that stand in source code. There a wrong one is a programming error; text from outside goes
// through the throwing initialisers.

extension ABIType: ExpressibleByStringLiteral {
  /// The type that the literal writes; anything else than a type traps.
  public init(stringLiteral text: String) {
    do { try self.init(parsing: text) } catch { preconditionFailure("\(text): \(error)") }
  }
}

extension ABIFunction: ExpressibleByStringLiteral {
  /// The function of the literal signature; anything else than a signature traps.
  public init(stringLiteral text: String) {
    do { try self.init(signature: text) } catch { preconditionFailure("\(text): \(error)") }
  }
}

extension ABIEvent: ExpressibleByStringLiteral {
  /// The event of the literal signature; anything else than a signature traps.
  public init(stringLiteral text: String) {
    do { try self.init(signature: text) } catch { preconditionFailure("\(text): \(error)") }
  }
}
