/// The targets of `Package.swift` as its text declares them.
struct Manifest {
  /// Modules and what each depends on.
  private(set) var modules: [String: [String]] = [:]
  /// Names of the test targets.
  private(set) var tests: Set<String> = []

  init(_ text: String) {
    for call in Self.calls("module(", in: text) {
      guard let name = call.first else { continue }
      modules[name] = Array(call.dropFirst()).filter { !$0.contains(".") }
    }
    for call in Self.calls(".executableTarget(", in: text) {
      // A program of the tests' own may use everything.
      guard let name = call.first, !call.contains(where: { $0.hasPrefix("Tests/") }) else { continue }
      modules[name] = Array(call.dropFirst())
    }
    for call in Self.calls("tests(", in: text) { if let name = call.first { tests.insert(name + "Tests") } }
  }

  /// The string literals in each call of a function, up to its closing parenthesis.
  private static func calls(_ function: String, in text: String) -> [[String]] {
    var calls: [[String]] = []
    var rest = text[...]
    while let start = rest.firstRange(of: function) {
      rest = rest[start.upperBound...]
      var depth = 1
      var end = rest.startIndex
      while end < rest.endIndex, depth > 0 {
        if rest[end] == "(" { depth += 1 }
        if rest[end] == ")" { depth -= 1 }
        end = rest.index(after: end)
      }
      let parts = rest[..<end].split(separator: "\"", omittingEmptySubsequences: false)
      calls.append(parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) })
    }
    return calls
  }
}
