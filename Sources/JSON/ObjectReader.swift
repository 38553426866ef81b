/// Reads the members of one object and collects everything wrong with it, so that a document is mended in one go.
///
/// Every read returns nil where it noted a fault; the `optional` ones also, without a fault, where the member is absent.
/// `finish()` adds one fault for each member that nobody asked for, and returns them all.
public struct ObjectReader: Sendable {
  /// Where this object stands in its document; empty for the document itself.
  public let path: String
  private let object: JSONObject?
  private var known: [String] = []
  private var faults: [DocumentFault] = []
  private var unlistedCount = 0
  private var refusesUnknown = true

  /// How many faults are listed; a hostile document must not make a report larger than itself.
  static let faultCountMax = 100

  /// A reader over a value, which ought to be an object.
  public init(_ value: JSONValue, at path: String = "") {
    self.path = path
    object = value.asObject
    if object == nil { note(DocumentFault(path: path, found: value.summary, fix: "write an object")) }
  }

  /// Takes members that are never asked for as well, in this object, not in those inside it.
  public mutating func allowUnknown() {
    refusesUnknown = false
  }

  /// Notes a fault at a member; what was found is said in words.
  public mutating func fault(_ name: String, found: String, fix: String) {
    note(DocumentFault(path: path(to: name), found: found, fix: fix))
  }

  /// All faults, those of inner objects among them, then one for each unknown member.
  public mutating func finish() -> [DocumentFault] {
    if refusesUnknown {
      let members = object?.members ?? []
      for member in members where !known.contains(where: { isSameText($0, member.name) }) {
        note(
          DocumentFault(
            path: path(to: excerpt(member.name)), found: "an unknown field", fix: "remove it, or correct its name"))
      }
      refusesUnknown = false
    }
    if unlistedCount > 0 {
      let rest = DocumentFault(path: path, found: "\(unlistedCount) more faults", fix: "mend the ones listed first")
      return faults + [rest]
    }
    return faults
  }
}

/// Single members.
extension ObjectReader {
  /// A member of any kind.
  public mutating func value(_ name: String) -> JSONValue? { required(name, "a value") { $0 } }

  /// A string.
  public mutating func string(_ name: String) -> String? { required(name, "a string in quotes", \.asString) }

  /// A whole number without fraction and exponent, inside a range where one is given.
  public mutating func integer(_ name: String, in range: ClosedRange<Int64>? = nil) -> Int64? {
    required(name, Self.integerText(range)) { Self.integer($0, range) }
  }

  /// `true` or `false`.
  public mutating func bool(_ name: String) -> Bool? { required(name, "true or false", \.asBool) }

  /// An array of anything.
  public mutating func array(_ name: String) -> [JSONValue]? { required(name, "an array", \.asArray) }

  /// A string that `parse` understands; `what` completes the sentence "write …".
  public mutating func read<T>(_ name: String, as what: String, _ parse: (String) -> T?) -> T? {
    required(name, what) { $0.asString.flatMap(parse) }
  }

  /// A member of any kind, or nothing.
  public mutating func optionalValue(_ name: String) -> JSONValue? { optional(name, "a value") { $0 } }

  /// A string, or nothing.
  public mutating func optionalString(_ name: String) -> String? { optional(name, "a string in quotes", \.asString) }

  /// A whole number, or nothing.
  public mutating func optionalInteger(_ name: String, in range: ClosedRange<Int64>? = nil) -> Int64? {
    optional(name, Self.integerText(range)) { Self.integer($0, range) }
  }

  /// `true`, `false`, or nothing.
  public mutating func optionalBool(_ name: String) -> Bool? { optional(name, "true or false", \.asBool) }

  /// An array of anything, or nothing.
  public mutating func optionalArray(_ name: String) -> [JSONValue]? { optional(name, "an array", \.asArray) }

  /// A string that `parse` understands, or nothing; `what` completes the sentence "write …".
  public mutating func optionalRead<T>(_ name: String, as what: String, _ parse: (String) -> T?) -> T? {
    optional(name, what) { $0.asString.flatMap(parse) }
  }
}

/// Members that hold further ones.
extension ObjectReader {
  /// An inner object, read by `body`; its faults become this reader's.
  public mutating func object<T>(_ name: String, _ body: (inout ObjectReader) -> T?) -> T? {
    required(name, "an object") { $0.asObject == nil ? nil : $0 }.flatMap { inner($0, at: path(to: name), body) }
  }

  /// An inner object, or nothing.
  public mutating func optionalObject<T>(_ name: String, _ body: (inout ObjectReader) -> T?) -> T? {
    optional(name, "an object") { $0.asObject == nil ? nil : $0 }.flatMap { inner($0, at: path(to: name), body) }
  }

  /// An array of strings that `parse` understands; nil when any of them is refused.
  public mutating func strings<T>(_ name: String, as what: String, _ parse: (String) -> T?) -> [T]? {
    guard let elements = array(name) else { return nil }
    var result: [T] = []
    for (index, element) in elements.enumerated() {
      if let value = element.asString.flatMap(parse) {
        result.append(value)
      } else {
        note(DocumentFault(path: path(to: name) + "[\(index)]", found: element.summary, fix: "write \(what)"))
      }
    }
    return result.count == elements.count ? result : nil
  }

  /// An array of objects, each read by `body`; nil when any of them is refused.
  public mutating func objects<T>(_ name: String, _ body: (inout ObjectReader) -> T?) -> [T]? {
    guard let elements = array(name) else { return nil }
    var result: [T] = []
    for (index, element) in elements.enumerated() {
      if let value = inner(element, at: path(to: name) + "[\(index)]", body) { result.append(value) }
    }
    return result.count == elements.count ? result : nil
  }
}

extension ObjectReader {
  private mutating func required<T>(_ name: String, _ what: String, _ convert: (JSONValue) -> T?) -> T? {
    read(name, what, convert) { $0.fault(name, found: "nothing", fix: "add it: write \(what)") }
  }

  private mutating func optional<T>(_ name: String, _ what: String, _ convert: (JSONValue) -> T?) -> T? {
    read(name, what, convert) { _ in }
  }

  private mutating func read<T>(
    _ name: String, _ what: String, _ convert: (JSONValue) -> T?, ifAbsent: (inout ObjectReader) -> Void
  ) -> T? {
    known.append(name)
    guard let object else { return nil }
    guard let value = object[name] else {
      ifAbsent(&self)
      return nil
    }
    if let result = convert(value) { return result }
    fault(name, found: value.summary, fix: "write \(what)")
    return nil
  }

  private mutating func inner<T>(_ value: JSONValue, at path: String, _ body: (inout ObjectReader) -> T?) -> T? {
    var reader = ObjectReader(value, at: path)
    let result = reader.object == nil ? nil : body(&reader)
    for fault in reader.finish() { note(fault) }
    return result
  }

  private mutating func note(_ fault: DocumentFault) {
    if faults.count < Self.faultCountMax { faults.append(fault) } else { unlistedCount += 1 }
  }

  private func path(to name: String) -> String { path.isEmpty ? name : path + "." + name }

  private static func integer(_ value: JSONValue, _ range: ClosedRange<Int64>?) -> Int64? {
    value.asInteger.flatMap { range?.contains($0) ?? true ? $0 : nil }
  }

  private static func integerText(_ range: ClosedRange<Int64>?) -> String {
    guard let range else { return "a whole number" }
    return range.count == 1 ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }
}
