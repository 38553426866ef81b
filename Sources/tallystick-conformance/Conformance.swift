import Glibc
import JSON

/// One kind of vector file: which files are of this kind, and how their cases are checked.
struct Suite: Sendable {
  /// The names of its files, without folder and endings.
  let names: [String]
  /// Names of members that together only the cases of this kind have, for files of another name.
  let shape: Set<String>
  /// Checks the cases.
  let check: @Sendable (JSONValue, Report, VectorFolder) async throws -> Void

  init(
    _ names: String..., shape: Set<String> = [],
    check: @escaping @Sendable (JSONValue, Report, VectorFolder) async throws -> Void
  ) {
    self.names = names
    self.shape = shape
    self.check = check
  }

  /// A file of which nothing can be checked here, and why.
  static func skipped(
    _ name: String, because reason: String, counting count: @escaping @Sendable (JSONValue) -> Int = \.caseCount
  ) -> Suite {
    Suite(name) { document, report, _ in report.skip(reason, count: count(document)) }
  }
}

/// Reads every vector file under a folder and prints what came of each.
enum Conformance {
  static let suites: [Suite] =
    HashVectors.suites + RLPVectors.suites + TrieVectors.suites + ABIVectors.suites + AddressVectors.suites
    + AmountVectors.suites + TypedDataVectors.suites + MessageVectors.suites + TransactionVectors.suites
    + TransactionRuleVectors.suites + BlockVectors.suites + NodeVectors.suites + KeyVectors.suites
    + SignatureVectors.suites + PointVectors.suites + JSONVectors.suites + ExampleVectors.suites

  /// Whether nothing failed, and there was something to check.
  static func run(_ path: String) async -> Bool {
    let folder: VectorFolder
    do { folder = try VectorFolder(path) } catch {
      Output.note("tallystick-conformance: \(error)")
      return false
    }
    var (passed, failed, skipped) = (0, 0, 0)
    for file in folder.files {
      let report = Report(file.displayName)
      await check(file, in: folder, report)
      report.printSummary()
      passed += report.passed
      failed += report.failed
      skipped += report.skipped
    }
    Output.line("\(passed) passed, \(failed) failed, \(skipped) skipped")
    if passed == 0 { Output.note("tallystick-conformance: no vectors under \(path)") }
    return failed == 0 && passed > 0
  }

  private static func check(_ file: VectorFile, in folder: VectorFolder, _ report: Report) async {
    do {
      let document = try folder.document(file)
      guard let suite = suite(for: file, document) else {
        report.skip("a format that is not known", count: document.caseCount)
        return
      }
      try await suite.check(document, report, folder)
      if report.passed + report.failed + report.skipped == 0 { report.fail("the file", "no case was found in it") }
    } catch {
      report.fail("the file", "\(error)")
    }
  }

  private static func suite(for file: VectorFile, _ document: JSONValue) -> Suite? {
    if let named = suites.first(where: { $0.names.contains(file.name) }) { return named }
    // The most telling shape that fits, of the document itself or of its cases.
    let objects = [document.asObject, document.firstCase?.asObject].compactMap { $0 }
    let shapes = objects.map { Set($0.members.map(\.name)) }
    return suites.filter { suite in !suite.shape.isEmpty && shapes.contains { suite.shape.isSubset(of: $0) } }
      .max { $0.shape.count < $1.shape.count }
  }
}

extension JSONValue {
  /// The first of a file's cases, which are an array or a named object.
  fileprivate var firstCase: JSONValue? { asArray?.first ?? asObject?.members.first?.value }

  var caseCount: Int { asArray?.count ?? asObject?.members.count ?? 1 }
}
