import Clauses
import Proving
import Testing

/// The library's clauses hold, whatever the inputs.
@Suite struct ProverTests {
  @Test(arguments: LibraryClause.all.filter { $0.path.contains("/payoff/") })
  func `a clause of the library is proved`(clause: LibraryClause) throws {
    let proof = try Prover.prove(try clause.program, solverPath: LibraryClause.solverPath)
    for theorem in proof.refuted + proof.unknown { Issue.record("\(theorem.name): \(theorem.verdict)") }
    #expect(proof.isProved)
    #expect(!proof.theorems.isEmpty)
  }
}
