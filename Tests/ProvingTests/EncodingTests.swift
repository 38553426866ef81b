import Clauses
import Proving
import TestSupport
import Testing

/// The expressions say what the machine does.
@Suite struct EncodingTests {
  @Test(arguments: LibraryClause.all)
  func `the encoding of a clause agrees with the machine on 10,000 inputs`(clause: LibraryClause) throws {
    var model = EncodedClause(try clause.program)
    var random = RandomInputs(SeededGenerator("encoding of \(clause.path)"))
    for _ in 0..<10_000 {
      let inputs = random.inputs(for: model.program)
      guard let difference = model.difference(inputs) else { continue }
      Issue.record("\(difference) for \(inputs)")
      return
    }
  }

  @Test(arguments: LibraryClause.all)
  func `Z3 works out the same for 200 inputs`(clause: LibraryClause) throws {
    let model = EncodedClause(try clause.program)
    var random = RandomInputs(SeededGenerator("Z3 on \(clause.path)"))
    let samples = (0..<200).map { _ in random.inputs(for: model.program) }
    for (inputs, difference) in zip(samples, try model.differences(samples)) {
      guard let difference else { continue }
      Issue.record("\(difference) for \(inputs)")
      return
    }
  }

  @Test(arguments: LibraryClause.all)
  func `every lemma holds for 500 inputs`(clause: LibraryClause) throws {
    var model = EncodedClause(try clause.program)
    var random = RandomInputs(SeededGenerator("lemmas of \(clause.path)"))
    for _ in 0..<500 {
      let inputs = random.inputs(for: model.program)
      guard model.brokenLemmas(inputs) > 0 else { continue }
      Issue.record("\(model.brokenLemmas(inputs)) lemmas do not hold for \(inputs)")
      return
    }
  }
}
