/// An event of a contract, by its signature: what is needed to find and read it.
///
/// - Source: Solidity documentation, "Contract ABI Specification", "Events".
public struct ABIEvent: Hashable, Sendable {
  /// A value that the event carries.
  public struct Parameter: Hashable, Sendable {
    /// Its name; empty if the signature gives none.
    public let name: String
    /// Its type.
    public let type: ABIType
    /// Whether it stands among the topics.
    public let isIndexed: Bool
  }

  /// The event's name.
  public let name: String
  /// What it carries, in order.
  public let parameters: [Parameter]
  /// The first topic of its logs: Keccak-256 of the canonical signature.
  public let topic: Digest

  /// The event of this signature, such as `Transfer(address indexed from,address indexed to,uint256 value)`.
  ///
  /// - Throws: `abiType`.
  public init(signature: String) throws(EthereumError) {
    var parser = try ABITypeParser(signature)
    name = try parser.name()
    var parameters: [Parameter] = []
    guard parser.take("(") else { throw parser.fault(.badSyntax) }
    if !parser.take(")") {
      repeat {
        let type = try parser.type(depth: 0)
        var words: [String] = []
        while parser.take(" ") { words.append(parser.word()) }
        let isIndexed = words.first == "indexed"
        if isIndexed { words.removeFirst() }
        guard words.count <= 1, words.first != "" else { throw parser.fault(.badSyntax) }
        parameters.append(Parameter(name: words.first ?? "", type: type, isIndexed: isIndexed))
      } while parser.take(",")
      guard parser.take(")") else { throw parser.fault(.badSyntax) }
    }
    try parser.expectEnd()
    guard parameters.count(where: \.isIndexed) <= 3 else { throw parser.fault(.badSize) }
    self.parameters = parameters
    topic = Keccak256.hash(Array((name + ABIType(.tuple(parameters.map(\.type))).description).utf8))
  }

  /// The values in a log of this event, in the order of the signature. An indexed value that does not fit a word stands
  /// there as its hash, in `fixedBytes`.
  ///
  /// - Throws: `abi`; `wrongSelector` when the log is not of this event.
  public func decode(_ log: Log) throws(EthereumError) -> [ABIValue] {
    guard log.topics.first == topic, log.topics.count == 1 + parameters.count(where: \.isIndexed) else {
      throw .abi(.wrongSelector, offset: 0)
    }
    var topics = log.topics.dropFirst()[...]
    var data = try ABIValue.decode(log.data, as: parameters.filter { !$0.isIndexed }.map(\.type))[...]
    var values: [ABIValue] = []
    for parameter in parameters {
      if !parameter.isIndexed {
        values += data.prefix(1)
        data = data.dropFirst()
      } else if let word = topics.popFirst() {
        values += parameter.type.isElementary ? try ABIValue.decode(word.bytes, as: [parameter.type]) : [.bytes32(word)]
      }
    }
    return values
  }
}

extension ABIType {
  /// Whether a value takes exactly one word.
  fileprivate var isElementary: Bool {
    switch kind {
    case .uint, .int, .address, .bool, .fixedBytes, .function: true
    case .bytes, .string, .array, .fixedArray, .tuple: false
    }
  }
}
