public import Arithmetic

/// Why a run ended without a result, with the values that led there. A fault is never turned into a number.
public struct Trap: Error, Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// The exact result of the operation does not fit 256 bits with sign.
    case overflow(Opcode, operands: [Int256])
    /// The divisor is zero.
    case divisionByZero(Opcode, operands: [Int256])
    /// A value was to be kept between bounds that leave no room.
    case emptyInterval(low: Int256, high: Int256)
    /// An input that this path reads was not given.
    case missingInput(String)
    /// A given input is outside the range of its type.
    case inputOutOfRange(String, Int256)
    /// An input has more elements than its type allows.
    case listTooLong(String, count: Int, max: Int)
    /// A list was given for a number, or a number for a list.
    case inputForm(String, ClauseType)
    /// What was promised of the inputs does not hold.
    case givenBroken
    /// Lists that are read side by side have different lengths.
    case unevenLists([String], counts: [Int])
    /// A list has no element at that place.
    case noSuchItem(String, index: Int256, count: Int)
    /// An observation is older than allowed, or later than the time it is wanted for.
    case staleObservation(observedAt: Int256, asOf: Int256, maxAge: Int256)
    /// There is less than nothing to share.
    case negativeEscrow(Int256)
    /// A party would be paid less than nothing; for the seller this is the remainder.
    case negativePart(Party, Int256)

    /// A short stable name, the same in every version.
    public var name: String {
      switch self {
      case .overflow: "overflow"
      case .divisionByZero: "divisionByZero"
      case .emptyInterval: "emptyInterval"
      case .missingInput: "missingInput"
      case .inputOutOfRange: "inputOutOfRange"
      case .listTooLong: "listTooLong"
      case .inputForm: "inputForm"
      case .givenBroken: "givenBroken"
      case .unevenLists: "unevenLists"
      case .noSuchItem: "noSuchItem"
      case .staleObservation: "staleObservation"
      case .negativeEscrow: "negativeEscrow"
      case .negativePart: "negativePart"
      }
    }
  }

  /// What happened.
  public let kind: Kind
  /// The instruction at fault; nil when an input was refused before the first one.
  public let instruction: Int?
  /// Where in the source, when the program was compiled here.
  public let source: SourceRange?
  /// The steps before the fault, when they were asked for.
  public let trace: Trace?
}

extension Trap: CustomStringConvertible {
  /// Where, what and which values.
  public var description: String {
    let place = source.map { "\($0): " } ?? instruction.map { "instruction \($0): " } ?? ""
    return place + words
  }

  private var words: String {
    func list(_ values: [Int256]) -> String { values.map(\.description).joined(separator: ", ") }
    return switch kind {
    case .overflow(let opcode, let operands): "\(opcode) of \(list(operands)) does not fit 256 bits"
    case .divisionByZero(let opcode, let operands): "\(opcode) of \(list(operands)) divides by zero"
    case .emptyInterval(let low, let high): "clamp between \(low) and \(high): the lower bound is above the upper"
    case .missingInput(let name):
      "`\(name)` is not known: establish it first, or ask `known(\(name))` before reading it"
    case .inputOutOfRange(let name, let value): "`\(name)` is \(value), which is outside the range of its type"
    case .listTooLong(let name, let count, let max): "`\(name)` has \(count) elements, at most \(max) are allowed"
    case .inputForm(let name, let type):
      type.element == nil ? "`\(name)` is one value, not a list" : "`\(name)` is a list, not one value"
    case .givenBroken: "what the clause is given does not hold for these inputs"
    case .unevenLists(let names, let counts):
      zip(names, counts).map { "`\($0)` has \($1) elements" }.joined(separator: ", ")
        + ": lists that are read side by side are of one length"
    case .noSuchItem(let name, let index, let count):
      "`\(name)` has no element \(index): it has \(count), counted from 0"
    case .staleObservation(let observedAt, let asOf, let maxAge):
      observedAt > asOf
        ? "it was observed at \(observedAt), after the time \(asOf) it is wanted for"
        : "it was observed at \(observedAt), more than \(maxAge) seconds before \(asOf)"
    case .negativeEscrow(let value): "the escrow is \(value): there is less than nothing to share"
    case .negativePart(.buyer, let value): "the buyer would be paid \(value), less than nothing"
    case .negativePart(.seller, let value):
      "the remainder for the seller is \(value): the buyer is paid more than the escrow"
    }
  }
}
