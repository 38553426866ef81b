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
  /// Enumerations of one program, so that each has its byte beside the other types.
  public static let enumerationCountMax = 32
  /// Values of one enumeration. A `match` of them all nests as deeply.
  public static let caseCountMax = 32
  /// Elements of one list: nearly three years of days.
  public static let listCountMax = 1_024
  /// Rounds of one fold that counts.
  public static let roundCountMax = 1_000_000
  /// Promises (`given`) of one source file.
  public static let givenCountMax = 64
  /// Named results (`find`) of one program. Their count is one byte.
  public static let findCountMax = 64
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
  /// Slots of one program. A slot is one byte.
  public static let slotCountMax = 256
  /// Worst-case cost of one run, in the units of ``Opcode/cost``: well under a second, so that a stranger's program cannot
  /// hold a machine up.
  public static let costMax = 20_000_000
  /// Worst-case cost of a payoff that terms may name: every party, verifier and arbitrator runs it.
  public static let payoffCostMax = 1_000_000
  /// Steps that a trace keeps; no payoff that terms may name has more.
  public static let traceStepCountMax = 1_000_000
}
