/// One fault of a source text: where it is, the line to show, what was found, what was expected, and what to try.
public struct Diagnostic: Hashable, Sendable {
  /// What is wrong, as facts. The words are made in one place, from ``Diagnostic/message`` on.
  public enum Fault: Hashable, Sendable {
    // Text
    case sourceTooLong(byteCount: Int)
    case unexpectedCharacter(String)
    case hiddenCharacter
    case malformedNumber(String)
    case malformedWord(String)
    case numberTooLarge(digits: String, ClauseType)
    case nestedTooDeep
    // Form
    case unexpected(found: String, expected: String, suggestion: String)
    case languageVersion(String)
    case tooMany(String, found: Int, max: Int)
    case missingStatement(ClauseKind, form: String)
    case repeatedStatement(form: String, firstLine: Int)
    case misplacedStatement(form: String, ClauseKind)
    case payment(party: Party, isRemainder: Bool)
    case unsharedEscrow
    case noDeliveryEscrow
    case missingDelivery(String)
    case unfinishedStage(String)
    case emptyStage(String)
    case stageNeedsNow
    case afterNeedsUntil
    case givenReads(String)
    case claimInput(String, ClauseType)
    // Names
    case reservedName(String)
    case nameTooLong(String)
    case repeatedName(String, firstLine: Int)
    case unknownName(String, nearest: String?)
    case usedBeforeDefinition(String, definedAtLine: Int)
    case unknownType(String, nearest: String?)
    case unknownFunction(String, nearest: String?)
    case functionWithoutArguments(String)
    case unusedName(String, isInput: Bool)
    case misplacedInput(InputGroup, ClauseKind)
    case nowType(ClauseType)
    case knownNeedsFact(String)
    // Lists, folds and matches
    case listBound(String)
    case listAsValue(String)
    case notAList(String)
    case roundCount(String)
    case mixedRounds
    case foldTooDear(Int)
    case matchSubject(ClauseType)
    case unknownCase(String, ClauseType, nearest: String?)
    case unreachableCase(String, firstLine: Int)
    case unreachableElse
    case missingCases([String])
    case singleArm
    // Types
    case operands(BinaryOperator, ClauseType, ClauseType)
    case operand(String, ClauseType)
    case type(found: ClauseType, expected: ClauseType, place: String)
    case branches(ClauseType, ClauseType)
    case unit(ClauseType)
    case argumentCount(String, found: Int, form: String)
    case arguments(String, [ClauseType], form: String)
    case bareDivision
    case quotient([ClauseType], by: ClauseType)
    case roundingNeedsDivision(String)
    case roundingName
    // Size of the whole
    case program(ClauseError)
  }

  /// What is wrong, as facts.
  public let fault: Fault
  /// Where.
  public let range: SourceRange
  /// The source line at which the fault starts.
  public let sourceLine: String
}

/// A fault before its source line is attached.
package struct LocatedFault: Error, Hashable, Sendable {
  package let fault: Diagnostic.Fault
  package let range: SourceRange

  init(_ fault: Diagnostic.Fault, at range: SourceRange) {
    self.fault = fault
    self.range = range
  }
}

/// Everything wrong with a source text, in the order of the text.
public struct ClauseErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// At least one.
  public let diagnostics: [Diagnostic]

  init(_ faults: [LocatedFault], in source: [UInt8]) {
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    diagnostics =
      faults.enumerated()
      .sorted { ($0.element.range.bytes.lowerBound, $0.offset) < ($1.element.range.bytes.lowerBound, $1.offset) }
      .prefix(Limits.diagnosticCountMax)
      .map { _, located in
        let line = located.range.line <= lines.count ? lines[located.range.line - 1] : []
        let text = String(decoding: line, as: UTF8.self).replacing("\t", with: " ").replacing("\r", with: "")
        return Diagnostic(fault: located.fault, range: located.range, sourceLine: text)
      }
  }

  /// All diagnostics, one after the other.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n\n") }
}
