import Arithmetic
package import Clauses

/// What an evaluator says, in one line, so that two can be compared.
package struct Answer: Equatable, Sendable, CustomStringConvertible {
  package let text: String
  /// The fault's name, if it is one.
  package let fault: String?

  package var description: String { text }

  init(text: String) {
    self.text = text
    fault = nil
  }

  init(fault: String, at range: SourceRange?, values: [String]) {
    let place = range.map { "\($0) (\($0.bytes.lowerBound)..<\($0.bytes.upperBound))" } ?? "-"
    text = "\(place) \(fault) \(values.joined(separator: ", "))"
    self.fault = fault
  }

  package init(_ evaluation: Evaluation) {
    func words(_ payments: Payments, _ deliveries: Payments?) -> String {
      [payments, deliveries].compactMap(\.self).map { "\($0.toBuyer) + \($0.toSeller)" }.joined(separator: " and ")
    }
    var parts = evaluation.findings.map { "\($0.name) = \($0.value)" }
    if let payments = evaluation.payments { parts.append(words(payments, evaluation.deliveries)) }
    parts += evaluation.routes.map { route in
      let release = route.payments.map { words($0, route.deliveries) }
      return "\(route.name) \(release ?? (route.isOpen ? "open" : "closed"))"
    }
    self.init(text: parts.joined(separator: ", "))
  }

  package init(_ trap: Trap) {
    func texts(_ values: [Int256]) -> [String] { values.map(\.description) }
    let values: [String] =
      switch trap.kind {
      case .overflow(_, let operands), .divisionByZero(_, let operands): texts(operands)
      case .emptyInterval(let low, let high): texts([low, high])
      case .missingInput(let name), .inputForm(let name, _): [name]
      case .inputOutOfRange(let name, let value): [name, "\(value)"]
      case .listTooLong(let name, let count, let max): [name, "\(count)", "\(max)"]
      case .givenBroken: []
      case .unevenLists(let names, let counts): names + counts.map(\.description)
      case .noSuchItem(let name, let index, let count): [name, "\(index)", "\(count)"]
      case .staleObservation(let observedAt, let asOf, let maxAge): texts([observedAt, asOf, maxAge])
      case .negativeEscrow(let value): ["\(value)"]
      case .negativePart(let party, let value): [party.rawValue, "\(value)"]
      }
    self.init(fault: trap.kind.name, at: trap.source, values: values)
  }

  /// The names of all faults.
  static let faults = [
    "overflow", "divisionByZero", "emptyInterval", "missingInput", "inputOutOfRange", "listTooLong", "inputForm",
    "givenBroken", "unevenLists", "noSuchItem", "staleObservation", "negativeEscrow", "negativePart",
  ]
}
