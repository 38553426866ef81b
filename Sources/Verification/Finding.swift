/// One check of a proof and what it found. The numbers are fixed for good, and their order is the order of the checks.
public struct Finding: Hashable, Sendable {
  /// What was checked.
  public let check: Check
  /// What it came to.
  public let verdict: Verdict
  /// What was compared, in one line.
  public let detail: String

  /// A finding of the verifier.
  public init(_ check: Check, _ verdict: Verdict, _ detail: String) {
    self.check = check
    self.verdict = verdict
    self.detail = detail
  }

  /// What one check came to.
  public enum Verdict: String, Hashable, Sendable {
    case passed
    case failed
    /// Something needed for the check is not there; a proof with such a finding is incomplete, never sound.
    case missing
  }

  /// Every check of a proof.
  public enum Check: Int, Hashable, Sendable, CaseIterable {
    case clause = 1
    case buyerSignature = 2
    case sellerSignature = 3
    case observations = 4
    case price = 5
    case outcome = 6
    case trace = 7
    case basis = 8
    case amounts = 9
    case trustedBlock = 10
    case transactionInclusion = 11
    case call = 12
    case receiptInclusion = 13
    case execution = 14
    case settledEvent = 15
    case payments = 16
    case timing = 17
    case journal = 18
    case journalSignature = 19
    case changes = 20

    /// The name under which a finding is reported.
    public var name: String {
      switch self {
      case .clause: "clause"
      case .buyerSignature: "buyer's signature"
      case .sellerSignature: "seller's signature"
      case .observations: "observations"
      case .price: "settlement price"
      case .outcome: "outcome"
      case .trace: "trace"
      case .basis: "basis"
      case .amounts: "amounts"
      case .trustedBlock: "trusted block"
      case .transactionInclusion: "transaction in block"
      case .call: "call"
      case .receiptInclusion: "receipt in block"
      case .execution: "execution"
      case .settledEvent: "settled event"
      case .payments: "payments"
      case .timing: "timing"
      case .journal: "journal"
      case .journalSignature: "journal's signature"
      case .changes: "changes"
      }
    }
  }
}

/// What all findings together come to.
public enum ProofVerdict: Hashable, Sendable {
  case sound
  /// The first check that failed.
  case unsound(Finding)
  /// Nothing failed, but these could not be checked.
  case incomplete([Finding])

  /// The verdict over one finding for each check.
  public init(_ findings: [Finding]) {
    let missing = findings.filter { $0.verdict == .missing }
    if let failed = findings.first(where: { $0.verdict == .failed }) {
      self = .unsound(failed)
    } else if !missing.isEmpty || Set(findings.map(\.check)).count < Finding.Check.allCases.count {
      self = .incomplete(missing)
    } else {
      self = .sound
    }
  }
}
