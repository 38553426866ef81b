import Arithmetic
import Clauses

/// What an evaluator says, in one line, so that two can be compared.
struct Answer: Equatable, CustomStringConvertible {
  let text: String
  /// The fault's name, if it is one.
  let fault: String?

  var description: String { text }

  init(text: String) {
    self.text = text
    fault = nil
  }

  init(fault: String, at range: SourceRange?, values: [String]) {
    text = "\(range.map(\.description) ?? "-") \(fault) \(values.joined(separator: ", "))"
    self.fault = fault
  }

  init(_ evaluation: Evaluation) {
    var parts: [String] = []
    if let payments = evaluation.payments { parts.append(Self.words(payments, evaluation.deliveries)) }
    parts += evaluation.routes.map { route in
      let release = route.payments.map { Self.words($0, route.deliveries) }
      return "\(route.name) \(release ?? (route.isOpen ? "open" : "closed"))"
    }
    parts += evaluation.findings.map { "\($0.name) = \($0.value)" }
    self.init(text: parts.joined(separator: ", "))
  }

  private static func words(_ payments: Payments, _ deliveries: Payments?) -> String {
    let delivered = deliveries.map { " and \($0.toBuyer) + \($0.toSeller)" } ?? ""
    return "\(payments.toBuyer) + \(payments.toSeller)\(delivered)"
  }

  init(_ trap: Trap) {
    func texts(_ values: [Int256]) -> [String] { values.map(\.description) }
    let values: [String] =
      switch trap.kind {
      case .overflow(_, let operands), .divisionByZero(_, let operands): texts(operands)
      case .emptyInterval(let low, let high): texts([low, high])
      case .missingInput(let name): [name]
      case .inputOutOfRange(let name, let value): [name, "\(value)"]
      case .listTooLong(let name, let count, let max): [name, "\(count)", "\(max)"]
      case .inputForm(let name, _): [name]
      case .givenBroken: []
      case .unevenLists(let names, let counts): names + counts.map(\.description)
      case .noSuchItem(let name, let index, let count): [name, "\(index)", "\(count)"]
      case .staleObservation(let observedAt, let asOf, let maxAge): texts([observedAt, asOf, maxAge])
      case .negativeEscrow(let value): ["\(value)"]
      case .negativePart(let party, let value): [party.rawValue, "\(value)"]
      }
    self.init(fault: trap.kind.name, at: trap.source, values: values)
  }
}
