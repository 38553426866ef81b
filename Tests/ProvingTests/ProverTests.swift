import Arithmetic
import Clauses
import Proving
import Testing

/// The library's clauses hold, whatever the inputs.
@Suite struct ProverTests {
  @Test(arguments: LibraryClause.all)
  func `a clause of the library is proved`(clause: LibraryClause) throws {
    let proof = try Prover.prove(try clause.program, solverPath: LibraryClause.solverPath)
    for theorem in proof.refuted + proof.unknown { Issue.record("\(theorem.name): \(theorem.verdict)") }
    #expect(proof.isProved)
    #expect(!proof.theorems.isEmpty)
  }

  @Test func `terms stand as constants, and a narrowed range is said`() throws {
    let program = try LibraryClause.program("Contracts/Clauses/payoff/european-call.clause")
    let terms: [String: InputValue] = [
      "strikePrice": 250_000, "quantity": 1_000, "buyerCollateral": 0, "sellerCollateral": 5_000_000, "scaleUp": 1,
      "scaleDown": 100,
    ]
    let proof = try Prover.prove(
      program, narrowed: ["settlementPrice": 0...1_000_000], constants: terms, solverPath: LibraryClause.solverPath)
    #expect(proof.isProved)
    #expect(proof.isNarrowed)
    #expect(proof.ranges.first { $0.name == "strikePrice" }?.values == 250_000...250_000)
    #expect(proof.ranges.filter(\.isNarrowed).map(\.name) == ["settlementPrice"])
  }

  @Test func `every question stands on its own as a file, and Z3 answers it as the proof says`() throws {
    let program = try LibraryClause.program("Contracts/Clauses/payoff/european-put.clause")
    var queries: [Prover.Query] = []
    let proof = try Prover.prove(program, solverPath: LibraryClause.solverPath) { queries.append($0) }
    #expect(Set(queries.map(\.name)).count == queries.count)
    let asked = queries.filter { !$0.name.hasSuffix(".exact") }
    #expect(asked.count == proof.theorems.count)
    for query in asked {
      let expected = query.text.hasPrefix("; ") && query.text.contains(": unsat proves it\n") ? "unsat\n" : "sat\n"
      #expect(try LibraryClause.solve(query.text) == expected, "\(query.name)")
    }
  }

  @Test func `a range that names no input, or goes beyond it, is refused`() throws {
    let program = try LibraryClause.program("Contracts/Clauses/payoff/european-call.clause")
    #expect(throws: ProvingError.noSuchInput("price")) {
      try Prover.prove(program, narrowed: ["price": 0...1], solverPath: LibraryClause.solverPath)
    }
    #expect(throws: ProvingError.rangeTooWide("settlementPrice", ClauseType.price.range)) {
      try Prover.prove(program, narrowed: ["settlementPrice": -1...1], solverPath: LibraryClause.solverPath)
    }
  }

  @Test func `without a solver the answer says how to get one`() throws {
    let program = try LibraryClause.program("Contracts/Clauses/payoff/european-call.clause")
    #expect(throws: SolverError.missing("/nowhere/z3")) { try Prover.prove(program, solverPath: "/nowhere/z3") }
    #expect(throws: SolverError.silent("/bin/true")) { try Prover.prove(program, solverPath: "/bin/true") }
    #expect(SolverError.missing("z3").description.contains("pip install z3-solver"))
  }

  @Test func `a question that takes too long is given up, and the next one is answered`() throws {
    let solver = try Solver(path: LibraryClause.solverPath, limits: Solver.Limits(milliseconds: 100))
    let names = ["a", "b", "c"]
    let declared = names.map { "(declare-const \($0) Int)(assert (< 1 \($0)))" }.joined()
    let cubes = "(assert (= (+ (* a a a) (* b b b)) (* c c c)))"
    guard case .unknown = solver.check(declared + cubes, variables: names) else {
      Issue.record("decided a case of Fermat's theorem in a tenth of a second")
      return
    }
    #expect(solver.check("(assert false)", variables: []) == .unsatisfiable)
    let bound = solver.check("(declare-const a Int)(assert (= a (- 5)))", variables: ["a"])
    #expect(bound == .satisfiable(["a": -5]))
  }
}
