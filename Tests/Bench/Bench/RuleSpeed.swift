import Foundation
import JSON
import Settlement
import Terms

/// What a settlement asks of the rules, on the agreement of the fixtures and its three observations, signatures verified
/// before.
func rules() throws {
  let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "Fixtures/agreements/call.json")))
  let document = try AgreementDocument(JSONValue(parsing: bytes))
  let agreement = try document.agreement()
  let signed = try document.observations.map { try $0.verified(in: agreement.terms.domain) }
  let evidence = try Evidence(signed, for: agreement)
  let time = agreement.terms.escrow.settleFrom
  Table.row(
    "judge three observations and find their price",
    Comparison.best { count in
      (0..<count).reduce(0) { sum, _ in sum &+ ((try? Evidence(signed, for: agreement).observations.count) ?? 0) }
    })
  Table.row(
    "run the payoff on them, with its trace",
    Comparison.best { count in
      (0..<count).reduce(0) { sum, _ in sum &+ ((try? Outcome(of: agreement, given: evidence).notes.count) ?? 0) }
    })
  Table.row(
    "ask the vault's rule for every route",
    Comparison.best { count in
      (0..<count).reduce(0) { sum, _ in
        sum &+ ((try? EscrowRule.routes(of: agreement.terms, in: .open, agreed: nil, at: time).count) ?? 0)
      }
    })
}
