import JSON
import TestSupport
import Testing

/// Where a document is refused, and the words for it.
struct ErrorTests {
  static let messages: [(String, String)] = [
    ("", "line 1, column 1: found the end of the document; write a value here"),
    ("[1,\n 2,\n]", "line 3, column 1: found ']'; write a value here"),
    ("{\"a\" 1}", "line 1, column 6: found '1'; write ':' here"),
    ("{a:1}", "line 1, column 2: found 'a'; write a name in quotes here"),
    ("{\"a\":1,}", "line 1, column 8: found '}'; write a name in quotes here"),
    ("[1 2]", "line 1, column 4: found '2'; write ',' or ']' here"),
    ("[1}", "line 1, column 3: found '}'; write ',' or ']' here"),
    ("[1] x", "line 1, column 5: found 'x' after the end of the document; send one document only"),
    ("\"é", "line 1, column 4: found the end of the document; write the closing '\"' of the string here"),
    ("\"a\tb\"", "line 1, column 3: found the control character 0x09 in a string; write it as \\u0009"),
    ("\"\\x41\"", "line 1, column 2: found the escape \\x41; use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
    ("\"\\u12G4\"", "line 1, column 2: found the escape \\u12G4; use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
    ("\"\\uD800\"", "line 1, column 2: found half of a surrogate pair; write both halves, or the character itself"),
    (
      "[01]",
      "line 1, column 2: found the number 01; "
        + "write it without leading zeros or plus sign, with digits on both sides of a point"
    ),
    (
      "{\"amount\":\n  1.00000000000000000001}",
      "line 2, column 3: found the number 1.00000000000000000001, which other readers would round; "
        + "write it as a string in quotes"
    ),
    (
      "{\"é\":1,\"é\":2}",
      "line 1, column 9: found the name \"é\" a second time in one object; keep one of the two"
    ),
    ("\u{FEFF}{}", "line 1, column 1: found a byte order mark; save the document as UTF-8 without one"),
    ("tru", "line 1, column 1: found 't'; write a value here"),
    ("[nul]", "line 1, column 2: found 'n'; write a value here"),
    ("\u{1}", "line 1, column 1: found the byte 0x01; write a value here"),
  ]

  @Test(arguments: messages) func `a refusal says where, what, and what to do`(text: String, message: String) {
    #expect {
      try JSONValue(parsing: text)
    } throws: {
      ($0 as? JSONError)?.description == message
    }
  }

  static let brokenUTF8: [([UInt8], column: Int)] = [
    ([0x22, 0x61, 0xFF, 0x22], 3), ([0x22, 0xC3, 0x22], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 2),
    ([0x22, 0xC0, 0xAF, 0x22], 2), ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 2),
    ([0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22], 4),
  ]

  @Test(arguments: brokenUTF8) func `bytes that are not UTF-8 are refused where they stand`(bytes: [UInt8], column: Int)
  {
    #expect {
      try JSONValue(parsing: bytes)
    } throws: {
      let fault = $0 as? JSONError
      return fault?.kind == .invalidUTF8 && fault?.column == column
    }
  }

  @Test func `an error never repeats more than an excerpt`() {
    let long = String(repeating: "secret ", count: 10_000)
    for text in ["{\"\(long)\":1,\"\(long)\":2}", "[1.\(String(repeating: "9", count: 10_000))]"] {
      #expect {
        try JSONValue(parsing: text)
      } throws: {
        "\($0)".count < 200
      }
    }
  }

  @Test func `limits on bytes, depth and members hold exactly`() throws {
    let limits = JSONLimits(byteCount: 20, depth: 3, memberCount: 2)
    func kind(_ text: String) -> JSONError.Kind? {
      do {
        _ = try JSONValue(parsing: text, limits: limits)
        return nil
      } catch { return error.kind }
    }
    #expect(kind("[[[1]]]") == nil)
    #expect(kind("[[[[1]]]]") == .tooDeep(limit: 3))
    #expect(kind("{\"a\":[{\"b\":{}}]}") == .tooDeep(limit: 3))
    #expect(kind("[[],[],[[]]]") == nil)
    #expect(kind("{\"a\":1,\"b\":2}") == nil)
    #expect(kind("{\"a\":1,\"b\":2,\"c\":3}") == .tooManyMembers(limit: 2))
    #expect(kind(String(repeating: " ", count: 19) + "1") == nil)
    #expect(kind(String(repeating: " ", count: 20) + "1") == .tooLarge(limit: 20, found: 21))
  }

  @Test func `the deepest limit there is does not exhaust the stack`() throws {
    let limits = JSONLimits(byteCount: 1 << 20, depth: .max, memberCount: 1024)
    #expect(limits.depth == 512)
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(try String(decoding: JSONValue(parsing: deep, limits: limits).canonicalBytes(), as: UTF8.self) == deep)
    #expect(throws: JSONError.self) { try JSONValue(parsing: "[" + deep + "]", limits: limits) }
  }

  @Test func `wide integers are kept where they are asked for`() throws {
    var limits = JSONLimits.standard
    limits.keepsWideIntegers = true
    let value = try JSONValue(parsing: "[115792089237316195423570985008687907853]", limits: limits)
    guard case .number(let number) = value.asArray?.first else {
      Issue.record("not a number")
      return
    }
    #expect(number.literal == "115792089237316195423570985008687907853")
    #expect(number.integer == nil)
  }

  @Test func `random and damaged documents are answered, never crashed on`() throws {
    var generator = SeededGenerator("damaged documents")
    let sample = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,null,{"b":{}}],"c":"é😀","d":"\ud83d\ude00"}"#.utf8)
    let intact = try JSONValue(parsing: sample).canonicalBytes()
    var takenCount = 0
    for _ in 0..<20_000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(sample[Int.random(in: sample.indices, using: &generator)], at: index)
        }
      }
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      takenCount += 1
      let canonical = value.canonicalBytes()
      #expect(try JSONValue(parsingCanonical: canonical) == JSONValue(parsing: canonical))
    }
    #expect(takenCount > 0 && takenCount < 20_000)
    #expect(try JSONValue(parsing: intact).canonicalBytes() == intact)
  }
}
