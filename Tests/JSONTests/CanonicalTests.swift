import JSON
import Testing

/// RFC 8785, by its own examples.
struct CanonicalTests {
  static func canonical(_ text: String) throws -> String {
    String(decoding: try JSONValue(parsing: text).canonicalBytes(), as: UTF8.self)
  }

  /// Section 3.2.2 to 3.2.3, without the number 333333333.33333329, which no double holds and our reader refuses.
  @Test func `the RFC's example comes out as the RFC says`() throws {
    let input = #"""
      {
        "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#
    let expected =
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
      + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(try Self.canonical(input) == expected)
  }

  /// Section 3.2.3: by UTF-16 code units, so that the emoji (a surrogate pair) stands before the Hebrew letter form.
  @Test func `names are sorted by their UTF-16 code units`() throws {
    let input = #"""
      {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
      }
      """#
    let sorted = try JSONValue(parsing: try Self.canonical(input)).asObject?.members.compactMap(\.value.asString)
    #expect(
      sorted == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
      ])
  }

  /// What was read is written from its own bytes, what was built from its texts.
  @Test(arguments: [
    #"{"b":[1,{"d":"é","c":"\n"},[],{}],"a":"/\u007f","":null}"#, #"{"é":1,"e":2,"\u0065x":3,"z":-0,"\ufb33":[true]}"#,
    #"{"b":{"b":{"a":"","A":"x"}},"a":[[[{}]]],"aa":1e2,"a\"":false}"#,
  ]) func `a document read and the same one built are written alike`(text: String) throws {
    let read = try JSONValue(parsing: text)
    #expect(built(read) == read)
    #expect(built(read).canonicalBytes() == read.canonicalBytes())
    #expect(built(read).prettyText() == read.prettyText())
    #expect(try JSONValue(parsing: read.canonicalBytes()).canonicalBytes() == read.canonicalBytes())
  }

  private func built(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .number, .string: value
    case .array(let elements): .array(elements.map(built))
    case .object(let object): .object(JSONObject(object.members.map { ($0.name, built($0.value)) }))
    }
  }

  /// Appendix B and the borders of ECMAScript's Number::toString.
  static let numbers: [(String, String)] = [
    ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e7", "0"), ("1", "1"), ("-1", "-1"), ("1.0", "1"), ("1e3", "1000"),
    ("-1.50", "-1.5"), ("100e-2", "1"), ("9007199254740991", "9007199254740991"), ("5e-324", "5e-324"),
    ("-5E-324", "-5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("9.007199254740991e15", "9007199254740991"), ("-90071992547409910e-1", "-9007199254740991"),
    ("1e21", "1e+21"), ("9.999999999999997e22", "9.999999999999997e+22"),
    ("1e23", "1e+23"), ("1.0000000000000001e23", "1.0000000000000001e+23"),
    ("0.000001", "0.000001"), ("0.0000010", "0.000001"), ("0.0000001", "1e-7"),
    ("9.999999999999997e-7", "9.999999999999997e-7"),
    ("333333333.3333332", "333333333.3333332"), ("333333333.33333325", "333333333.33333325"),
    ("-0.0000033333333333333333", "-0.0000033333333333333333"), ("1424953923781206.2", "1424953923781206.2"),
    ("123.456E+1", "1234.56"), ("0.1e1", "1"), ("12e-1", "1.2"), ("0.00001234e-3", "1.234e-8"),
  ]

  @Test(arguments: numbers) func `numbers are written as ECMAScript writes them, and read again`(
    literal: String, expected: String
  ) throws {
    #expect(try Self.canonical(literal) == expected)
    #expect(try Self.canonical(expected) == expected)
  }

  /// Their canonical text is an integer beyond ±(2^53 − 1), which is refused however it is spelled.
  @Test(arguments: [
    "1e20", "1E20", "-1e20", "9007199254740992", "9.007199254740992e15", "9007199254740992.0",
    "295147905179352830000e0", "999999999999999700000.0", "100000000000000000000",
  ]) func `a whole number too wide is refused in every spelling, but kept where that was asked for`(literal: String)
    throws
  {
    #expect {
      try JSONValue(parsing: literal)
    } throws: {
      ($0 as? JSONError)?.kind == .inexactNumber(literal)
    }
    let wide = JSONLimits(byteCount: 100, depth: 1, memberCount: 1, keepsWideIntegers: true)
    let canonical = try JSONValue(parsing: Array(literal.utf8), limits: wide).canonicalBytes()
    #expect(try JSONValue(parsing: canonical, limits: wide).canonicalBytes() == canonical)
  }

  @Test func `strings keep everything but quotes, backslashes and control characters`() throws {
    #expect(
      try Self.canonical(#""\u0000\b\t\n\u000b\f\r\u001f\u007f\/\u2028\ud834\udd1e""#)
        == "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u{7F}/\u{2028}\u{1D11E}\"")
  }

  static let otherSpellings: [(String, line: Int, column: Int)] = [
    ("{ }", 1, 2), ("{\"b\":1,\"a\":2}", 1, 3), ("[1.0]", 1, 3), ("[1]\n", 1, 4), ("[\"\\u0041\"]", 1, 3),
    ("\"\\/\"", 1, 2),
    ("[1,\n2]", 1, 4), ("-0", 1, 1),
  ]

  @Test(arguments: otherSpellings) func `any other spelling of a document is refused at its first difference`(
    text: String, line: Int, column: Int
  ) throws {
    #expect {
      try JSONValue(parsingCanonical: Array(text.utf8))
    } throws: {
      let fault = $0 as? JSONError
      return fault?.kind == .notCanonical && fault?.line == line && fault?.column == column
    }
    let canonical = try JSONValue(parsing: text).canonicalBytes()
    #expect(try JSONValue(parsingCanonical: canonical) == JSONValue(parsing: canonical))
  }

  @Test func `pretty text indents by two and keeps the order`() throws {
    let value: JSONValue = ["b": [1, "x", []], "a": [:], "c": ["d": .null, "e": true]]
    #expect(
      value.prettyText() == """
        {
          "b": [
            1,
            "x",
            []
          ],
          "a": {},
          "c": {
            "d": null,
            "e": true
          }
        }
        """)
    #expect(try JSONValue(parsing: value.prettyText()) == value)
  }
}
