internal import Clauses

/// What a number of pairs have shown.
package struct Tally: Sendable {
  package var pairs = 0
  package var programs = 0
  /// Programs refused for their size alone; others stand in for them.
  package var tooLarge = 0
  /// Pairs where two evaluators differ, or a cost is above its bound, in words.
  package var disagreements: [String] = []
  /// Runs of programs without a branch that came to their end, each at exactly the bound.
  package var straightRuns = 0
  /// Runs of programs with branches that cost as much as the bound says.
  package var dearestRuns = 0
  /// Results, and faults by name.
  package var answers: [String: Int] = [:]
  var opcodes = Array(repeating: 0, count: 256)
  var forms = Array(repeating: 0, count: Form.allCases.count)
  var digests: [Int: UInt64] = [:]

  package init() {}

  package mutating func add(_ other: Tally) {
    pairs += other.pairs
    programs += other.programs
    tooLarge += other.tooLarge
    disagreements += other.disagreements
    straightRuns += other.straightRuns
    dearestRuns += other.dearestRuns
    answers.merge(other.answers, uniquingKeysWith: +)
    for index in opcodes.indices { opcodes[index] += other.opcodes[index] }
    for index in forms.indices { forms[index] += other.forms[index] }
    digests.merge(other.digests) { first, _ in first }
  }

  /// One number for everything that the machine said and did, whoever ran which part of it.
  package var digest: String {
    var hash = Hash()
    for block in digests.keys.sorted() { hash.mix(digests[block] ?? 0) }
    return String(hash.value, radix: 16)
  }

  /// Every instruction, form and fault that was not met.
  package var missing: [String] {
    Opcode.allCases.filter { opcodes[Int($0.rawValue)] == 0 }.map { "instruction \($0)" }
      + Form.allCases.filter { forms[$0.rawValue] == 0 }.map { "form \($0)" }
      + (Answer.faults + ["result"]).filter { answers[$0] == nil }.map { "answer \($0)" }
  }

  /// The tables of what was met.
  package var report: String {
    func table(_ title: String, _ rows: [(name: String, count: Int)]) -> String {
      "\(title): \(rows.map { "\($0.name) \($0.count)" }.joined(separator: ", "))"
    }
    return [
      "\(pairs) pairs of \(programs) programs, \(tooLarge) more too large; digest \(digest)",
      "cost: \(straightRuns) runs without a branch at the bound, \(dearestRuns) others reached it",
      table("answers", answers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
      table("instructions", Opcode.allCases.map { ("\($0)", opcodes[Int($0.rawValue)]) }),
      table("forms", Form.allCases.map { ("\($0)", forms[$0.rawValue]) }),
    ].joined(separator: "\n")
  }
}

/// 64 bits that differ when what was mixed in differs, by FNV-1a over words.
struct Hash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func mix(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01b3
    value ^= value >> 29
  }

  mutating func mix(_ text: String) {
    for byte in text.utf8 { mix(UInt64(byte)) }
  }
}
