/// What came of the cases of one file.
final class Report {
  let name: String
  private(set) var passed = 0
  private(set) var failed = 0
  private(set) var skips: [(reason: String, count: Int)] = []

  init(_ name: String) {
    self.name = name
  }

  var skipped: Int { skips.reduce(0) { $0 + $1.count } }

  /// One case: it passes unless `body` throws; a `Skip` skips it.
  func check(_ name: String, _ body: () throws -> Void) {
    do {
      try body()
      passed += 1
    } catch {
      note(name, error)
    }
  }

  /// As the other, for what waits.
  func check(_ name: String, _ body: () async throws -> Void) async {
    do {
      try await body()
      passed += 1
    } catch {
      note(name, error)
    }
  }

  func fail(_ name: String, _ reason: String) {
    failed += 1
    Output.line("FAILED \(self.name): \(name): \(reason.split(separator: "\n").joined(separator: "; "))")
  }

  func skip(_ reason: String, count: Int = 1) {
    if let index = skips.firstIndex(where: { $0.reason == reason }) {
      skips[index].count += count
    } else {
      skips.append((reason, count))
    }
  }

  func printSummary() {
    Output.line("\(name): \(passed) passed, \(failed) failed, \(skipped) skipped")
    for skip in skips { Output.line("  skipped \(skip.count): \(skip.reason)") }
  }

  private func note(_ name: String, _ error: any Error) {
    if let skip = error as? Skip { self.skip(skip.reason) } else { fail(name, "\(error)") }
  }
}

/// A case that is not checked, and why.
struct Skip: Error {
  let reason: String
}

/// Why a case fails.
struct Mismatch: Error, CustomStringConvertible {
  let description: String
}

func expect(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  guard holds else { throw Mismatch(description: what()) }
}

func expectEqual<T: Equatable>(_ found: T, _ expected: T, _ what: @autoclosure () -> String) throws {
  guard found == expected else {
    throw Mismatch(description: "\(what()): found \(shortened(found)), expected \(shortened(expected))")
  }
}

/// Expects a refusal: nothing but an error will do.
func expectRefusal<T>(_ what: @autoclosure () -> String, _ body: () throws -> T) throws {
  guard (try? body()) == nil else { throw Mismatch(description: what() + " was taken") }
}

private func shortened<T>(_ value: T) -> String {
  let text = "\(value)"
  return text.count > 160 ? text.prefix(160) + "…" : text
}
