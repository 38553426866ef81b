import Testing

/// The reference pages list what the code has: routes, codes, commands, checks, instructions.
struct ReferenceTests {
  private func page(_ name: String) throws -> String { try Repository.text("Sources/Tallystick.docc/\(name).md") }

  @Test func `every check of the verifier is described by its number and name`() throws {
    let page = try page("SpecificationProof")
    let code = SourceFile(path: "", text: try Repository.text("Sources/Verification/Finding.swift")).code
    let cases = code.filter { $0.contains("case ") && $0.contains(" = ") }
    #expect(!cases.isEmpty)
    for line in cases {
      let words = line.words
      #expect(page.contains("| \(words[2]) | `\(words[1])` |"), "check \(words[2]), \(words[1])")
    }
  }

  @Test func `every instruction of a clause is described by its byte, name and cost`() throws {
    let page = try page("SpecificationClauses")
    let source = try Repository.text("Sources/Clauses/Opcode.swift")
    let names = Reference.rows(of: source)
    #expect(!names.isEmpty)
    for (name, cost, byte) in names {
      let row = page.split(separator: "\n").first { $0.hasPrefix("| \(byte) | \(name) |") }
      #expect(row?.hasSuffix("| \(cost) |") == true, "\(byte) \(name), cost \(cost)")
    }
  }

  @Test func `every route of the service is described`() throws {
    let page = try page("HTTPInterface")
    let routes = Reference.routes(in: try Repository.text("Sources/API/Routes.swift"))
    #expect(!routes.isEmpty)
    for route in routes { #expect(page.contains("`\(route)`"), "\(route)") }
  }

  @Test func `every error code that the service may answer is listed`() throws {
    let page = try page("HTTPInterface")
    for file in ["API/APIError.swift", "HTTP/HTTPError.swift", "Settlement/SettlementError.swift"] {
      let codes = Reference.codes(in: try Repository.text("Sources/" + file))
      #expect(codes.count > 2, "\(file)")
      for code in codes { #expect(page.contains("`\(code)`"), "\(code), of \(file)") }
    }
  }

  @Test func `every command is described, and none that is not there`() throws {
    let page = try page("CommandLine")
    var commands: Set<String> = []
    for file in try Repository.swift(in: "Sources/tallystick") {
      commands.formUnion(Reference.commands(in: file.lines))
    }
    #expect(!commands.isEmpty)
    let described = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { row in
      row.split(separator: "`").dropFirst().first.map { cell in
        cell.split(separator: " ").prefix { $0.allSatisfy { $0.isLowercase || $0 == "-" } && !$0.hasPrefix("-") }
          .joined(separator: " ")
      }
    }
    #expect(Set(described) == commands)
  }

  @Test func `every option of the service is named where its operation is described`() throws {
    let page = try page("Operating")
    let command = try Repository.text("Sources/tallystick/ServeCommand.swift")
    let options = Reference.options(in: command)
    #expect(options.isSuperset(of: ["--escrow", "--data"]))
    for option in options { #expect(page.contains(option), "\(option)") }
  }

  @Test func `what the pages are held against is read as it is written`() {
    #expect(
      Reference.routes(in: "Route(.post, \"/v1/agreements/:id/evidence\", a.b),") == ["POST /v1/agreements/ID/evidence"]
    )
    #expect(
      Reference.codes(in: "case .a: \"no_price\"\ncase .b: \"Some words, not a code\"\ncase .c(let e): e.code")
        == ["no_price"])
    #expect(
      Reference.commands(in: ["Command(", "  \"terms check\", \"check terms\",", "Command(\"serve\", \"run\")", "f("])
        == ["terms check", "serve"])
    #expect(
      Reference.options(in: ".value(\n  \"poll-ms\", \"MS\"), .flag(\"json\", \"x\")") == ["--poll-ms", "--json"])
    #expect(
      Reference.rows(of: "  case add = 0x10\n  Row(.add, \"add\", .none, pops: 2, pushes: 1, cost: 1),")
        .map { "\($0.byte) \($0.name) \($0.cost)" } == ["10 add 1"])
  }
}

enum Reference {
  /// Method and path of each route.
  static func routes(in source: String) -> [String] {
    source.split(separator: "\n").compactMap { line in
      guard let start = line.firstRange(of: "Route(.") else { return nil }
      let parts = line[start.upperBound...].split(separator: "\"")
      guard parts.count > 1, let method = String(parts[0]).words.first else { return nil }
      return "\(method.uppercased()) \(parts[1].replacing(":id", with: "ID"))"
    }
  }

  /// The stable words that a switch over cases gives.
  static func codes(in source: String) -> [String] {
    source.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0].contains("case ."), parts[2].isEmpty, !parts[1].isEmpty else { return nil }
      return parts[1].allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" } ? String(parts[1]) : nil
    }
  }

  /// The first literal in each declaration of a command.
  static func commands(in lines: [String]) -> [String] {
    zip(lines, lines.dropFirst() + [""]).compactMap { line, next in
      guard let start = line.firstRange(of: "Command(") else { return nil }
      let rest = line[start.upperBound...].isEmpty ? next : String(line[start.upperBound...])
      let parts = rest.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count > 1, parts[0].allSatisfy(\.isWhitespace) else { return nil }
      return String(parts[1])
    }
  }

  /// The options that a command declares.
  static func options(in source: String) -> Set<String> {
    var options: Set<String> = []
    for declaration in [".value(", ".flag("] {
      for part in source.split(separator: declaration, omittingEmptySubsequences: false).dropFirst() {
        let literals = part.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        if literals.count > 1, literals[0].allSatisfy(\.isWhitespace) { options.insert("--" + literals[1]) }
      }
    }
    return options
  }

  /// Name, cost and byte of each row of the instruction table.
  static func rows(of source: String) -> [(name: String, cost: String, byte: String)] {
    let lines = source.split(separator: "\n").map(String.init)
    var bytes: [String: String] = [:]
    for line in lines where line.contains("case ") && line.contains(" = 0x") {
      let words = line.words
      bytes[words[1]] = String(words[2].dropFirst(2))
    }
    return lines.compactMap { line in
      guard line.contains("Row(.") else { return nil }
      let words = line.words
      let literals = line.split(separator: "\"")
      guard words.count > 1, literals.count > 1, let place = words.firstIndex(of: "cost"), let byte = bytes[words[1]]
      else { return nil }
      return (String(literals[1]), words[place + 1], byte)
    }
  }
}
