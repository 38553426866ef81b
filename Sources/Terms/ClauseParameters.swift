public import Arithmetic

/// What only some clauses need, as the terms' `parameters` say it: one `name value unit` a line.
///
/// Each line ends with a line feed. Names are a clause's: a letter, then letters, digits and underscores, at most 32
/// bytes; they ascend by their bytes, none twice. A value is a decimal integer without leading zeros.
public struct ClauseParameters: Hashable, Sendable {
  /// One line.
  public struct Entry: Hashable, Sendable {
    /// The name under which the clause declares it.
    public let name: String
    /// The number, in base units or scaled by the terms' decimals, as the unit says.
    public let value: UInt256
    /// What the number means.
    public let unit: Unit
  }

  /// What a number may mean.
  public enum Unit: String, Hashable, Sendable, CaseIterable {
    /// Base units of the token.
    case amount
    /// A price in the terms' price decimals.
    case price
    /// A quantity in the terms' quantity decimals.
    case quantity
    /// Unix seconds.
    case time
    /// Seconds.
    case duration
    /// A plain number.
    case count
    /// Base units of the delivery token.
    case delivery

    /// Bits of the largest value.
    var bitWidthMax: Int {
      switch self {
      case .amount, .price, .quantity, .count, .delivery: TermsLimits.amountBitWidthMax
      case .time, .duration: 64
      }
    }
  }

  /// The lines, in their order.
  public let entries: [Entry]

  /// Why a text is none.
  struct Fault: Error {
    let found: String
    let fix: String
  }

  /// Reads the terms' text.
  init(_ text: String) throws(Fault) {
    guard text.utf8.count <= TermsLimits.parametersByteCountMax else {
      throw Fault(found: "\(text.utf8.count) bytes", fix: "use at most \(TermsLimits.parametersByteCountMax)")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true else {
      throw Fault(found: "no line feed at the end", fix: "end each line with a line feed")
    }
    var entries: [Entry] = []
    for line in lines {
      let entry = try Entry(line)
      if let last = entries.last, !last.name.utf8.lexicographicallyPrecedes(entry.name.utf8) {
        throw Fault(found: "\(entry.name) after \(last.name)", fix: "sort the lines by name, each name once")
      }
      entries.append(entry)
    }
    self.entries = entries
  }

  /// The line of that name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  func value(_ name: String, _ unit: Unit) -> UInt64? {
    self[name].flatMap { $0.unit == unit ? $0.value.asUInt64 : nil }
  }
}

extension ClauseParameters.Entry {
  fileprivate init(_ line: Substring) throws(ClauseParameters.Fault) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3 else {
      throw ClauseParameters.Fault(found: "the line \"\(line)\"", fix: "write name value unit, one space between")
    }
    guard Self.isName(words[0]) else {
      throw ClauseParameters.Fault(
        found: "the name \"\(words[0])\"", fix: "use a letter, then letters, digits and _, at most 32 in all")
    }
    guard let unit = ClauseParameters.Unit(rawValue: String(words[2])) else {
      let units = ClauseParameters.Unit.allCases.map(\.rawValue).joined(separator: ", ")
      throw ClauseParameters.Fault(found: "the unit \"\(words[2])\"", fix: "use one of \(units)")
    }
    let value: UInt256?
    do throws(ArithmeticError) { value = try UInt256(decimal: String(words[1])) } catch { value = nil }
    guard let value, value.bitWidth <= unit.bitWidthMax else {
      throw ClauseParameters.Fault(
        found: "\(words[0]) \(words[1])", fix: "use digits without leading zeros, below 2^\(unit.bitWidthMax)")
    }
    self.init(name: String(words[0]), value: value, unit: unit)
  }

  private static func isName(_ word: Substring) -> Bool {
    guard let first = word.utf8.first, word.utf8.count <= TermsLimits.nameByteCountMax else { return false }
    let isLetter = { (byte: UInt8) in (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
    return isLetter(first) && word.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
  }
}

/// The instants for which observers sign prices: `count` of them, `interval` seconds apart, from `start` on.
public struct FixingSchedule: Hashable, Sendable {
  /// The first, in Unix seconds.
  public let start: UInt64
  /// Seconds from one to the next, at least 1.
  public let interval: UInt64
  /// How many, at least 1.
  public let count: UInt64

  /// The names of the three parameters that say a schedule.
  public static let parameterNames = ["fixingCount", "fixingInterval", "fixingStart"]

  /// A vanilla option's: the expiration time alone.
  init(onlyAt time: UInt64) {
    start = time
    interval = 1
    count = 1
  }

  /// Nothing where one of the three parameters is missing or has another unit, or the last fixing fits no 64 bits.
  init?(_ parameters: ClauseParameters) {
    guard let count = parameters.value("fixingCount", .count), let start = parameters.value("fixingStart", .time),
      let interval = parameters.value("fixingInterval", .duration), count > 0, interval > 0
    else { return nil }
    let (span, spanOverflows) = interval.multipliedReportingOverflow(by: count - 1)
    guard !spanOverflows, !start.addingReportingOverflow(span).overflow else { return nil }
    self.start = start
    self.interval = interval
    self.count = count
  }

  /// The last fixing, in Unix seconds.
  public var end: UInt64 { start + interval * (count - 1) }

  /// All of them, in order.
  public var times: [UInt64] { (0..<count).map { start + interval * $0 } }
}

extension OptionTerms {
  /// What only some clauses need.
  public var parameters: ClauseParameters {
    do throws(ClauseParameters.Fault) { return try ClauseParameters(economics.parameters) } catch { return .none }
  }

  /// When prices are fixed: as the parameters say, or else at the expiration time alone.
  public var fixings: FixingSchedule {
    FixingSchedule(parameters) ?? FixingSchedule(onlyAt: escrow.expirationTime)
  }
}

extension ClauseParameters {
  /// No lines.
  static let none = ClauseParameters(entries: [])

  private init(entries: [Entry]) { self.entries = entries }
}
