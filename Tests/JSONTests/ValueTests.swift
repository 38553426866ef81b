import JSON
import Testing

/// What equality, looking up and building mean.
struct ValueTests {
  @Test func `objects are equal whatever their order, and hash alike`() throws {
    let one = try JSONValue(parsing: #"{"a":1,"b":[{"c":2,"d":3}]}"#)
    let other = try JSONValue(parsing: #"{"b":[{"d":3,"c":2}],"a":1}"#)
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one != ["a": 1, "b": [["c": 2, "d": 4]]])
    #expect(one != ["a": 1])
    #expect((["a": 1, "b": 1] as JSONValue) != ["a": 1, "c": 1])
  }

  @Test func `strings and names are told apart by their bytes`() throws {
    #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    let kelvin = try JSONValue(parsing: "{\"\u{212A}\":1}")
    #expect(kelvin["K"] == nil)
    #expect(kelvin["\u{212A}"] == 1)
    #expect(kelvin != ["K": 1])
  }

  @Test func `numbers keep their text`() throws {
    let value = try JSONValue(parsing: "[1.50, 12, -0, 1e2]")
    guard case .array(let elements) = value else {
      Issue.record("not an array")
      return
    }
    #expect(elements.map(\.asInteger) == [nil, 12, 0, nil])
    #expect(elements[0] == .number(try #require(number(elements[0]))))
    #expect(number(elements[0])?.literal == "1.50")
    #expect(JSONNumber(-7).integer == -7)
    #expect(elements[1] == 12)
  }

  private func number(_ value: JSONValue) -> JSONNumber? {
    if case .number(let number) = value { number } else { nil }
  }

  @Test func `members are replaced in place, appended and removed`() {
    var object: JSONObject = ["a": 1, "b": 2]
    object["a"] = 3
    object["c"] = "new"
    object["b"] = nil
    object["none"] = nil
    #expect(object.members.map(\.name) == ["a", "c"])
    #expect(JSONValue.object(object) == ["a": 3, "c": "new"])
  }

  @Test func `building an object with a name given twice traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = JSONObject([("a", 1), ("a", 2)])
    }
  }

  @Test func `every kind is asked for by its own accessor`() {
    let values: [JSONValue] = [.null, true, 1, "x", [1], ["a": 1]]
    #expect(values.map { $0.asBool != nil } == [false, true, false, false, false, false])
    #expect(values.map { $0.asInteger != nil } == [false, false, true, false, false, false])
    #expect(values.map { $0.asString != nil } == [false, false, false, true, false, false])
    #expect(values.map { $0.asArray != nil } == [false, false, false, false, true, false])
    #expect(values.map { $0.asObject != nil } == [false, false, false, false, false, true])
    #expect(Set(values).count == values.count)
  }
}
