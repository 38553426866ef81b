import Clauses
import Foundation
import Proving
import Testing

/// Clauses that are wrong on purpose: the compiler refuses them, or the prover shows inputs on which the machine fails.
@Suite struct WrongClauseTests {
  /// What is wrong with a file, and how that is said.
  enum Fault: Sendable {
    /// The compiler says this.
    case refused(String)
    /// This theorem is refuted, by a run that ends in this fault.
    case fault(String, trap: String)
    /// This theorem is refuted, by two runs.
    case order(String)
    /// This theorem is refuted, by a run that ends well.
    case state(String)
    /// This theorem is refuted: no inputs are.
    case never(String)
  }

  static let faults: [(file: String, fault: Fault)] = [
    ("pays-more-than-the-escrow", .fault("the buyer is not paid more than the escrow", trap: "negativePart")),
    ("negative-remainder", .fault("the buyer is not paid more than the escrow", trap: "negativePart")),
    ("divides-by-zero-at-a-price", .fault("mulDiv.floor does not divide by zero", trap: "divisionByZero")),
    ("mixes-units", .refused("found     Price, Amount")),
    ("forgets-rounding", .refused("a division must name its rounding")),
    ("overflows-at-the-end-of-a-range", .fault("multiply fits 256 bits", trap: "overflow")),
    ("rises-when-it-must-fall", .order("the buyer's payment falls with settlementPrice")),
    ("unbounded-cost", .refused("this fold may cost too much")),
    ("stuck-after-the-deadline", .state("after the last deadline a route that pays is open")),
    ("unreachable-stage", .never("route default can be open")),
  ]

  @Test func `every wrong clause is told why it is wrong`() {
    let files = LibraryClause.paths(in: "Tests/ProvingTests/Wrong").map {
      URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent
    }
    #expect(files == Self.faults.map(\.file).sorted())
  }

  @Test(arguments: faults.indices)
  func `a wrong clause is refused, or refuted by inputs on which it fails`(index: Int) throws {
    let (file, fault) = Self.faults[index]
    let program: Program
    do {
      program = try LibraryClause.program("Tests/ProvingTests/Wrong/\(file).clause")
    } catch let error as ClauseErrors {
      guard case .refused(let words) = fault else { throw error }
      #expect(error.description.contains(words))
      return
    }
    let proof = try Prover.prove(program, solverPath: LibraryClause.solverPath)
    #expect(proof.unknown.isEmpty)
    switch fault {
    case .refused: Issue.record("\(file) compiles")
    case .fault(let theorem, let trap):
      let example = try #require(try Self.example(of: theorem, in: proof))
      #expect(throws: Trap.self) { try Machine.run(program, inputs: example.inputs) }
      do throws(Trap) { _ = try Machine.run(program, inputs: example.inputs) } catch {
        #expect(error.kind.name == trap)
      }
    case .order(let theorem):
      let example = try #require(try Self.example(of: theorem, in: proof))
      let paid = try Machine.run(program, inputs: example.inputs).payments?.toBuyer
      let others = try Machine.run(program, inputs: try #require(example.others)).payments?.toBuyer
      #expect(try #require(paid) < #require(others))
    case .state(let theorem):
      let example = try #require(try Self.example(of: theorem, in: proof))
      let routes = try Machine.run(program, inputs: example.inputs).routes
      #expect(!routes.contains { $0.isOpen && $0.payments != nil })
    case .never(let theorem): #expect(try Self.example(of: theorem, in: proof) == nil)
    }
  }

  private static func example(of name: String, in proof: Proof) throws -> Proof.Counterexample? {
    let theorem = try #require(proof.refuted.first { $0.name == name })
    guard case .refuted(let example) = theorem.verdict else { return nil }
    return example
  }
}
