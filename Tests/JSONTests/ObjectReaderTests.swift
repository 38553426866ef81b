import JSON
import Testing

/// Faults of documents, as their authors read them.
struct ObjectReaderTests {
  /// A document in the shape of our own: strings parsed by the caller, an inner object, arrays.
  struct Order: Equatable {
    var name: String
    var count: Int64
    var isOpen: Bool
    var amount: UInt64
    var inner: String
    var observers: [UInt8]
    var notes: [String]
    var memo: String?
  }

  static func read(_ document: JSONValue) -> (order: Order?, faults: [String]) {
    var reader = ObjectReader(document)
    let name = reader.string("name")
    let count = reader.integer("count", in: 1...10)
    let isOpen = reader.bool("isOpen")
    let amount = reader.read("amount", as: "a whole number in quotes") { UInt64($0) }
    let inner = reader.object("escrow") { escrow in escrow.string("premium") }
    let observers = reader.strings("observers", as: "a number below 256 in quotes") { UInt8($0) }
    let notes = reader.objects("notes") { note in note.string("text") }
    let memo = reader.optionalString("memo")
    let faults = reader.finish().map(\.description)
    guard faults.isEmpty, let name, let count, let isOpen, let amount, let inner, let observers, let notes else {
      return (nil, faults)
    }
    return (
      Order(
        name: name, count: count, isOpen: isOpen, amount: amount, inner: inner, observers: observers, notes: notes,
        memo: memo), faults
    )
  }

  static let sound: JSONValue = [
    "name": "n", "count": 3, "isOpen": true, "amount": "18446744073709551615", "escrow": ["premium": "5"],
    "observers": ["1", "2"], "notes": [["text": "t"]],
  ]

  @Test func `a sound document is read, with and without what is optional`() {
    var expected = Order(
      name: "n", count: 3, isOpen: true, amount: .max, inner: "5", observers: [1, 2], notes: ["t"], memo: nil)
    #expect(Self.read(Self.sound).order == expected)
    #expect(Self.read(Self.changed { $0["memo"] = "m" }).order != expected)
    expected.memo = "m"
    #expect(Self.read(Self.changed { $0["memo"] = "m" }).order == expected)
  }

  static func changed(_ change: (inout JSONObject) -> Void) -> JSONValue {
    var object = sound.asObject ?? [:]
    change(&object)
    return .object(object)
  }

  static let faults: [(String, JSONValue?, String)] = [
    ("name", nil, "name: found nothing; add it: write a string in quotes"),
    ("name", JSONValue.null, "name: found null; write a string in quotes"),
    ("name", 12, "name: found the number 12; write a string in quotes"),
    ("count", "3", "count: found the string \"3\"; write a whole number from 1 to 10"),
    ("count", 11, "count: found the number 11; write a whole number from 1 to 10"),
    ("count", 0, "count: found the number 0; write a whole number from 1 to 10"),
    ("isOpen", "true", "isOpen: found the string \"true\"; write true or false"),
    ("amount", 5, "amount: found the number 5; write a whole number in quotes"),
    ("amount", "-5", "amount: found the string \"-5\"; write a whole number in quotes"),
    ("escrow", [], "escrow: found an array of 0 elements; write an object"),
    ("escrow", nil, "escrow: found nothing; add it: write an object"),
    ("escrow", [:], "escrow.premium: found nothing; add it: write a string in quotes"),
    (
      "escrow", ["premium": "5", "premum": "6"],
      "escrow.premum: found an unknown field; remove it, or correct its name"
    ),
    ("observers", "1", "observers: found the string \"1\"; write an array"),
    ("observers", ["1", "256"], "observers[1]: found the string \"256\"; write a number below 256 in quotes"),
    ("observers", [true], "observers[0]: found true; write a number below 256 in quotes"),
    ("notes", [["text": "t"], "t"], "notes[1]: found the string \"t\"; write an object"),
    ("notes", [["text": [1]]], "notes[0].text: found an array of 1 element; write a string in quotes"),
    ("memo", false, "memo: found false; write a string in quotes"),
    ("extra", 1, "extra: found an unknown field; remove it, or correct its name"),
    ("\u{1B}[2J", 1, "\\u{1B}[2J: found an unknown field; remove it, or correct its name"),
  ]

  @Test(arguments: faults) func `a fault says where, what, and what to do`(
    name: String, value: JSONValue?, message: String
  ) {
    let result = Self.read(Self.changed { $0[name] = value })
    #expect(result.order == nil)
    #expect(result.faults == [message])
  }

  @Test func `all faults of a document are reported together`() {
    let document: JSONValue = ["name": 1, "count": 1.5.asJSON, "escrow": ["premium": 1, "x": 1], "unknown": .null]
    #expect(
      Self.read(document).faults == [
        "name: found the number 1; write a string in quotes",
        "count: found the number 1.5; write a whole number from 1 to 10",
        "isOpen: found nothing; add it: write true or false",
        "amount: found nothing; add it: write a whole number in quotes",
        "escrow.premium: found the number 1; write a string in quotes",
        "escrow.x: found an unknown field; remove it, or correct its name",
        "observers: found nothing; add it: write an array",
        "notes: found nothing; add it: write an array",
        "unknown: found an unknown field; remove it, or correct its name",
      ])
  }

  @Test func `a document that is no object has one fault`() {
    for (document, found) in [("[]", "an array of 0 elements"), ("null", "null"), ("\"x\"", "the string \"x\"")] {
      let faults = (try? JSONValue(parsing: document)).map { Self.read($0).faults }
      #expect(faults == ["the document: found \(found); write an object"])
    }
  }

  @Test func `a fault never repeats more than an excerpt`() {
    let long = String(repeating: "x", count: 5_000)
    let faults = Self.read(
      Self.changed {
        $0["amount"] = .string(long); $0[long] = 1
      }
    ).faults
    #expect(faults.count == 2 && faults.allSatisfy { $0.count < 150 })
  }

  @Test func `a hostile document cannot make the report long`() throws {
    let faults = Self.read(Self.changed { $0["observers"] = .array(Array(repeating: 1, count: 10_000)) }).faults
    #expect(faults.count == 101)
    #expect(faults.last == "the document: found 9900 more faults; mend the ones listed first")
  }

  @Test func `unknown members are taken where the reader allows them, there only`() {
    var reader = ObjectReader(["a": ["b": 1], "x": 1])
    reader.allowUnknown()
    _ = reader.object("a") { $0.integer("c") }
    #expect(reader.finish().map(\.path) == ["a.c", "a.b"])
  }

  @Test func `a fault of the caller's own stands among the others`() {
    var reader = ObjectReader(["from": 5, "to": 4], at: "schedule")
    if let from = reader.integer("from"), let to = reader.integer("to"), to < from {
      reader.fault("to", found: "\(to), before from", fix: "write a later time")
    }
    let faults = reader.finish()
    #expect(faults == [DocumentFault(path: "schedule.to", found: "4, before from", fix: "write a later time")])
    #expect(reader.finish() == faults)
  }
}

extension Double {
  /// A number with a fraction, which only a document can hold.
  fileprivate var asJSON: JSONValue { (try? JSONValue(parsing: description)) ?? .null }
}
