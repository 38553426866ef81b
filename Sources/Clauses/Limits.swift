/// Every bound of the language, in one place. A bound protects the reader of a clause, or the process that loads one
/// from a stranger; each is far above what the clauses of the library need.
public enum Limits {
  /// Bytes of source text. The longest clause of the library is a tenth of this.
  public static let sourceByteCountMax = 32_768
  /// Diagnostics reported for one file; what follows is usually an echo.
  public static let diagnosticCountMax = 50
  /// Levels of nesting in one expression, definitions expanded: bounds the recursion of parser, checker and compiler.
  public static let expressionDepthMax = 96
  /// Bytes of one name.
  public static let nameByteCountMax = 32
  /// Inputs of one program. An index is one byte.
  public static let inputCountMax = 128
  /// Definitions (`let`) of one source file. A slot is one byte.
  public static let definitionCountMax = 128
  /// Routes of one escrow rule.
  public static let routeCountMax = 32
  /// Bytes of one program. A jump distance is two bytes.
  public static let bytecodeByteCountMax = 32_768
  /// Instructions of one program.
  public static let instructionCountMax = 8_192
  /// Values on the machine's stack at one time.
  public static let stackDepthMax = 256
  /// Worst-case cost of one run, in the units of ``Opcode/cost``: a small part of a millisecond.
  public static let costMax = 10_000
}
