import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What a file says was agreed on: an agreement document, or terms alone, for what needs nobody's signature of them.
struct Deal {
  static let file = Operand("AGREEMENT", "the agreement document; the terms alone where no signature of them is needed")
  static let signed = Operand("SIGNED", "what `escrow sign` printed, a file for each signer", count: .many)
  static let present = Option.value("terms", "FILE", "the present terms, where they changed and the file does not tell")

  /// The terms that gave the agreement its id.
  let first: OptionTerms
  /// The terms that the vault holds now.
  let terms: OptionTerms
  /// Nothing verified yet; nil where the file holds terms alone.
  let document: AgreementDocument?

  init(_ arguments: Arguments) throws {
    let content = try Self.content(arguments.operand(Self.file.name))
    if content["terms"] == nil {
      document = nil
      first = try OptionTerms(document: content)
    } else {
      let document = try AgreementDocument(content)
      self.document = document
      first = document.firstTerms
    }
    terms =
      try arguments.value("terms").map { try OptionTerms(document: try Self.content($0)) } ?? document?.terms ?? first
  }

  /// The version that the file says; 1 where it says none.
  var version: UInt64 { document?.version ?? 1 }

  var vault: Vault { Vault(first: first, present: terms) }

  /// The evidence in the agreement document; nil where there is no such document.
  func evidence() throws -> Evidence? {
    try document?.evidence()
  }

  /// A file's document, or the data of an envelope.
  static func content(_ path: String) throws -> JSONValue {
    let json = try Files.json(path)
    return json["data"] ?? json
  }

  /// The messages in the files given for SIGNED.
  static func messages<Message: TypedMessage>(
    _ type: Message.Type, _ arguments: Arguments
  ) throws -> [CarriedMessage<Message>] {
    try arguments.operands(signed.name).map { path in try read(path) { CarriedMessage(reading: &$0) } }
  }

  /// What a file holds, or every fault in it.
  static func read<T>(_ path: String, _ read: (inout ObjectReader) -> T?) throws -> T {
    var reader = ObjectReader(try content(path), at: path)
    let value = read(&reader)
    let faults = reader.finish()
    guard let value, faults.isEmpty else { throw DocumentError(faults: faults) }
    return value
  }

  /// The one message that an act carries.
  static func message<Message: TypedMessage>(
    _ type: Message.Type, _ arguments: Arguments
  ) throws -> CarriedMessage<Message> {
    let messages = try messages(type, arguments)
    guard messages.count == 1 else { throw InputError.value(name: "SIGNED", expected: "one file") }
    return messages[0]
  }

  /// One message that several signed, with each one's signature at its signer's place. A signature of nobody expected
  /// takes the first place that is left, so that the dry run can say whose it is not.
  func countersigned<Message: TypedMessage>(
    _ type: Message.Type, by signers: (Message) -> [Address], _ arguments: Arguments
  ) throws -> (message: Message, signatures: [AccountSignature]) {
    let messages = try Self.messages(type, arguments)
    let message = messages[0].message
    let expected = signers(message)
    guard messages.count == expected.count, messages.allSatisfy({ $0.message == message }) else {
      throw InputError.value(name: "SIGNED", expected: "\(expected.count) files that hold one and the same message")
    }
    var rest = messages
    var placed = expected.map { signer -> AccountSignature? in
      rest.firstIndex { $0.signer(in: terms.domain) == signer }.map { rest.remove(at: $0).signature }
    }
    for index in placed.indices where placed[index] == nil { placed[index] = rest.removeFirst().signature }
    return (message, placed.compactMap { $0 })
  }
}

extension EscrowCall {
  /// The call as every tool prints it.
  var document: JSONValue {
    [
      "name": .string(name), "chainId": .string(String(chainID.rawValue)), "to": .string(to.checksummed), "value": "0",
      "data": .string(Hex.encode(data)),
    ]
  }
}
