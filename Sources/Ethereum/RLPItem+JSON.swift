public import JSON

extension RLPItem {
  /// The item in JSON: hexadecimal text for bytes, an array for a list.
  public var document: JSONValue {
    switch self {
    case .bytes(let bytes): .string(Hex.encode(bytes))
    case .list(let items): .array(items.map(\.document))
    }
  }

  /// The item that JSON writes: hexadecimal text for bytes, an array for a list.
  ///
  /// - Throws: `document` with every fault.
  public init(_ document: JSONValue) throws(EthereumError) {
    var faults: [DocumentFault] = []
    self = Self.read(document, at: "", &faults)
    guard faults.isEmpty else { throw .document(faults) }
  }

  private static func read(_ value: JSONValue, at path: String, _ faults: inout [DocumentFault]) -> RLPItem {
    if let elements = value.asArray {
      var items: [RLPItem] = []
      for (index, element) in elements.enumerated() { items.append(read(element, at: "\(path)[\(index)]", &faults)) }
      return .list(items)
    }
    if let bytes = value.asString.flatMap({ try? Hex.decode($0) }) { return .bytes(bytes) }
    if faults.count < 100 {
      faults.append(
        DocumentFault(
          path: path, found: value.summary, fix: "write bytes, 0x and pairs of hexadecimal digits, or an array of items"
        ))
    }
    return .bytes([])
  }
}
