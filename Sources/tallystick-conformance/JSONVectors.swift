import JSON

/// The strict reader of RFC 8259.
enum JSONVectors {
  static let suites = [
    Suite("test_parsing", shape: ["name", "expect", "base64"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let bytes = try Base64.decode(vector.text("base64"))
        do throws(JSONError) {
          let value = try JSONValue(parsing: bytes)
          try? checkRoundTrip(value)
        } catch {
          // A rule of this library's own: a name stands once.
          if case .duplicateName = error.kind, vector["expect"]?.asString == "accept" {
            throw Skip(reason: "RFC 8259 leaves names that stand twice open (section 4); they are refused here")
          }
          try expect(vector["expect"]?.asString != "accept", "refused: \(error)")
          return
        }
        try expect(vector["expect"]?.asString != "reject", "taken")
        try checkRoundTrip(try JSONValue(parsing: bytes))
      }
    },
    Suite("test_transform", shape: ["name", "base64"]) { document, report, _ in
      // Readers differ on these: each is refused with a reason, or means one thing, which writing keeps.
      report.checkEach(try document.elements) { vector in
        let bytes = try Base64.decode(vector.text("base64"))
        guard let value = try? JSONValue(parsing: bytes) else { return }
        try checkRoundTrip(value)
      }
    },
    .skipped("openrpc_eth_only", because: "schemas of requests; what a node answers is checked by rpc_io") { document in
      document["methods"]?.caseCount ?? 1
    },
  ]

  private static func checkRoundTrip(_ value: JSONValue) throws {
    let canonical = value.canonicalBytes()
    try expectEqual(JSONValue(parsingCanonical: canonical).canonicalBytes(), canonical, "canonical form")
    try expectEqual(JSONValue(parsing: value.prettyText()).canonicalBytes(), canonical, "pretty form")
  }
}

/// RFC 4648, section 4.
private enum Base64 {
  static func decode(_ text: String) throws -> [UInt8] {
    var (bits, count): (UInt32, Int) = (0, 0)
    var bytes: [UInt8] = []
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let index = alphabet.firstIndex(of: character) else { throw Mismatch(description: "no base 64") }
      bits = bits << 6 | UInt32(index)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
