import Ethereum
import Foundation
import JSON
import Terms
import Testing
import TradeSamples

/// Terms as a document, both ways.
struct TermsDocumentTests {
  @Test(arguments: TypedDataTests.names) func `terms are written as they were read`(_ name: String) throws {
    let document = try Sample.document("terms/\(name).json")
    let terms = try OptionTerms(document: document)
    #expect(terms.document == document)
    #expect(try OptionTerms(document: terms.document.canonicalBytes()) == terms)
    #expect(try OptionTerms(document: Array(terms.document.prettyText().utf8)) == terms)
  }

  /// Every leaf of the document.
  static let paths: [[String]] = {
    let terms = try? Sample.terms()
    var paths = [["format"], ["domain", "chainId"], ["domain", "verifyingContract"]]
    for (part, structure) in [("economics", terms?.economics.typed), ("escrow", terms?.escrow.typed)] {
      paths += (structure?.members ?? []).map { [part, $0.name] }
    }
    return paths
  }()

  @Test func `the document has forty-nine fields`() {
    #expect(Self.paths.count == 3 + 12 + 34)
  }

  @Test(arguments: paths) func `a missing field is named`(_ path: [String]) throws {
    let document = try Sample.document("terms/call.json").replacing(path, with: nil)
    #expect(faults(document).map(\.path) == [path.joined(separator: ".")])
    #expect(faults(document).map(\.found) == ["nothing"])
  }

  @Test(arguments: paths) func `a number, null, truth, object or array of numbers is no value of any field`(
    _ path: [String]
  ) throws {
    let field = path.joined(separator: ".")
    for value: JSONValue in [1, .null, true, ["a": "b"], .array([1])] {
      let found = faults(try Sample.document("terms/call.json").replacing(path, with: value))
      #expect(!found.isEmpty, "\(value)")
      #expect(found.allSatisfy { $0.path == field || $0.path.hasPrefix(field + "[") }, "\(value)")
    }
  }

  @Test(arguments: ["1.0", "1e3", "-1", "+1", " 1", "01", "", "0x10", "１", "1_000"])
  func `an integer has one form`(_ text: String) throws {
    for path in [
      ["escrow", "premium"], ["escrow", "acceptBy"], ["escrow", "observerThreshold"], ["domain", "chainId"],
    ] {
      let document = try Sample.document("terms/call.json").replacing(path, with: .string(text))
      #expect(faults(document).map(\.path) == [path.joined(separator: ".")])
    }
  }

  @Test func `an integer beyond its type is refused by its field`() throws {
    let table: [([String], String)] = [
      (["economics", "priceDecimals"], "256"),
      (["escrow", "acceptBy"], "18446744073709551616"),
      (["escrow", "salt"], "115792089237316195423570985008687907853269984665640564039457584007913129639936"),
    ]
    for (path, text) in table {
      let document = try Sample.document("terms/call.json").replacing(path, with: .string(text))
      #expect(faults(document).map(\.path) == [path.joined(separator: ".")])
    }
  }

  @Test func `an address in one case is taken, one with a wrong checksum is not`() throws {
    let document = try Sample.document("terms/call.json")
    let buyer = try #require(document["escrow"]?["buyer"]?.asString)
    let lower = document.replacing(["escrow", "buyer"], with: .string(buyer.lowercased()))
    #expect(try OptionTerms(document: lower) == Sample.terms())
    let digits = buyer.dropFirst(2).map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined()
    let swapped = document.replacing(["escrow", "buyer"], with: .string("0x" + digits))
    #expect(faults(swapped).map(\.path) == ["escrow.buyer"])
  }

  @Test func `an unknown field is named, wherever it stands`() throws {
    for path in [["notes"], ["domain", "name"], ["economics", "volatility"], ["escrow", "Buyer"]] {
      let document = try Sample.document("terms/call.json").replacing(path, with: "x")
      #expect(faults(document).map(\.path) == [path.joined(separator: ".")])
      #expect(faults(document).map(\.found) == ["an unknown field"])
    }
  }

  @Test func `all faults of a document are told at once`() throws {
    let document = try Sample.document("terms/call.json")
      .replacing(["escrow", "buyer"], with: nil)
      .replacing(["escrow", "observers"], with: ["0x00", "x"])
      .replacing(["economics", "optionType"], with: "Straddle")
      .replacing(["format"], with: "tallystick/terms/2")
    #expect(
      Set(faults(document).map(\.path))
        == ["escrow.buyer", "escrow.observers[0]", "escrow.observers[1]", "economics.optionType", "format"])
  }

  @Test func `a name given twice is refused with its place`() throws {
    let text = try Sample.document("terms/call.json").prettyText()
      .replacingOccurrences(of: "\"salt\": \"1\"", with: "\"salt\": \"1\",\n    \"salt\": \"2\"")
    let error = try #require(throws: TermsError.self) { try OptionTerms(document: Array(text.utf8)) }
    #expect(error.faults.count == 1)
    #expect(error.description.contains("salt"))
    #expect(error.description.contains("line"))
  }

  @Test func `text that is no strict JSON is refused`() throws {
    let text = String(decoding: try Sample.bytes("Fixtures/terms/call.json"), as: UTF8.self)
    let broken = [
      "", "{", text + "x", text.replacingOccurrences(of: "\"400000000\"", with: "4e8"), "[]", "\u{feff}" + text,
      text.replacingOccurrences(of: "\"400000000\"", with: "400000000.0"),
    ]
    for text in broken {
      #expect(throws: TermsError.self) { try OptionTerms(document: Array(text.utf8)) }
    }
    #expect(throws: TermsError.self) { try OptionTerms(document: Array(text.utf8) + [0xff]) }
  }

  @Test func `a document above the limit is refused before it is parsed`() throws {
    let bytes = try Sample.bytes("Fixtures/terms/call.json")
    let padding = TermsLimits.documentByteCountMax - bytes.count
    let spaces = { (count: Int) in [UInt8](repeating: 0x20, count: count) }
    #expect(try OptionTerms(document: bytes + spaces(padding)) == Sample.terms())
    let error = try #require(throws: TermsError.self) { try OptionTerms(document: bytes + spaces(padding + 1)) }
    #expect(error.faults.map(\.found) == ["65537 bytes"])
  }

  private func faults(_ document: JSONValue) -> [DocumentFault] {
    do throws(TermsError) {
      _ = try OptionTerms(document: document)
      return []
    } catch {
      return error.faults
    }
  }
}
