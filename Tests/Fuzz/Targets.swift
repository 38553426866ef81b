import Clauses
import Ethereum
import HTTP
import JSON
import Settlement
import Signing
import Terms
import Verification

/// Every reader of foreign bytes. Whatever it is fed it must answer with a value or a typed error; and where a form is
/// canonical, what was read must be written back as the same bytes.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "json": { bytes in
    guard let value = try? JSONValue(parsing: bytes) else { return }
    // Numbers change their spelling, `-0` to `0`; what is read back is the same document.
    let canonical = value.canonicalBytes()
    expect(built(value).canonicalBytes(), canonical)
    expect(built(value), value)
    expect((try? JSONValue(parsing: canonical))?.canonicalBytes(), canonical)
    expect((try? JSONValue(parsing: value.prettyText()))?.canonicalBytes(), canonical)
  },
  "canonicalJSON": { bytes in
    guard let value = try? JSONValue(parsingCanonical: bytes) else { return }
    expect(value.canonicalBytes(), bytes)
  },
  "rlp": { bytes in
    guard let item = try? RLPItem(decoding: bytes) else { return }
    expect(item.encoded(), bytes)
    expect(try? RLPItem(item.document), item)
  },
  "header": { bytes in
    guard let header = try? BlockHeader(decoding: bytes) else { return }
    expect(header.encoded(), bytes)
  },
  "receipt": { bytes in
    guard let receipt = try? Receipt(decoding: bytes) else { return }
    expect(receipt.encoded(), bytes)
  },
  "transaction": { bytes in
    guard let signed = try? SignedTransaction(decoding: bytes) else { return }
    expect(signed.raw, bytes)
    let again = SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s)
    expect(again.raw, bytes)
    expect(try? SignedTransaction(signed.document), signed)
    _ = try? signed.sender()
  },
  "abi": { bytes in
    // The first byte chooses the types.
    guard let first = bytes.first, let types = try? abiTypes[Int(first) % abiTypes.count].map(ABIType.init(parsing:)),
      let values = try? ABIValue.decode(Array(bytes.dropFirst()), as: types)
    else { return }
    expect(try? ABIValue.encode(values, as: types), Array(bytes.dropFirst()))
  },
  "abiType": { bytes in
    guard let text = String(validating: bytes, as: UTF8.self), let type = try? ABIType(parsing: text) else { return }
    expect(try? ABIType(parsing: type.description), type)
  },
  "typedData": { bytes in
    guard let document = try? JSONValue(parsing: bytes), let data = try? TypedData(document) else { return }
    if let again = try? JSONValue(parsing: document.canonicalBytes()) {
      expect((try? TypedData(again))?.digest, data.digest)
    }
  },
  "signature": { bytes in
    guard let signature = try? Signature(bytes: bytes) else { return }
    _ = try? signature.signer(of: Keccak256.hash(bytes))
    expect(try? Signature(hex: signature.hex), signature)
    expect(try? Signature(compact: signature.compactBytes), signature)
  },
  "keyFile": { bytes in
    guard let document = try? JSONValue(parsing: bytes) else { return }
    let stated = KeyFile.address(in: document)
    guard isCheap(document) else { return }
    do throws(SigningError) {
      let key = try KeyFile.decrypt(document, password: "fuzz")
      if let stated { expect(key.address, stated) }
    } catch {}
  },
  "trieProof": { bytes in
    // A list of the key and the nodes; the root is the one that the first node has.
    guard case .list(let items)? = try? RLPItem(decoding: bytes) else { return }
    let parts = items.compactMap { if case .bytes(let part) = $0 { part } else { nil } }
    guard let key = parts.first, parts.count == items.count else { return }
    let nodes = Array(parts.dropFirst())
    let root = nodes.first.map { Keccak256.hash($0) } ?? MerklePatriciaTrie.emptyRoot
    guard (try? MerklePatriciaTrie.verify(root: root, key: key, proof: nodes)) != nil else { return }
    // Every node was needed, so that one less, or one more, proves nothing.
    for other in [Array(nodes.dropLast()), nodes + [[0x80]]] where other != nodes {
      expect((try? MerklePatriciaTrie.verify(root: root, key: key, proof: other)) == nil, true)
    }
  },
  "trie": { bytes in
    let entries = trieEntries(bytes)
    let trie = MerklePatriciaTrie(entries.map { (key: $0.key, value: $0.value) })
    let root = trie.root
    for key in Array(entries.keys) + [bytes] {
      do throws(EthereumError) {
        let proved = try MerklePatriciaTrie.verify(root: root, key: key, proof: trie.proof(for: key))
        expect(proved, entries[key].flatMap { $0.isEmpty ? nil : $0 })
      } catch {
        preconditionFailure("a trie's own proof is refused")
      }
    }
  },
  "clauseText": { bytes in
    guard let source = String(validating: bytes, as: UTF8.self), let program = try? Program(compiling: source) else {
      return
    }
    expect(try? Program(bytecode: program.bytecode), program)
    // What costs more is accepted, and bounded, but spends the fuzzer's time on nothing else.
    if program.costBound <= 20_000 { run(program) }
  },
  "bytecode": { bytes in
    guard let program = try? Program(bytecode: bytes) else { return }
    expect(program.bytecode, bytes)
    if program.costBound <= 20_000 { run(program) }
  },
  "machine": { bytes in
    let (bytecode, rest) = Builder.build(bytes)
    guard let program = load(bytecode) else { return }
    run(program, given(to: program, from: rest))
  },
  "terms": { bytes in
    guard let terms = try? OptionTerms(document: bytes) else { return }
    expect(try? OptionTerms(document: terms.document), terms)
  },
  "agreement": { bytes in
    guard let json = try? JSONValue(parsing: bytes), let document = try? AgreementDocument(json) else { return }
    for (party, signature) in document.signatures {
      expect(try? AccountSignature(hex: signature.hex), signature)
      // Who has no key's signature has no key as signer.
      if signature.key == nil { expect(signature.keySigner(of: document.terms.digest), nil) }
      expect(document.terms.escrow.party(at: document.terms.escrow.address(of: party)), party)
    }
    // Whoever signed for both, the evidence is the same.
    guard let agreement = try? document.agreement() else { return }
    expect(try? document.evidence(for: agreement), try? document.evidence())
  },
  "message": { bytes in
    carried(AgreedOutcome.self, bytes)
    carried(DeliveryOutcome.self, bytes)
    carried(Ruling.self, bytes)
    carried(Novation.self, bytes)
    carried(Permit.self, bytes)
  },
  "proof": { bytes in
    guard let proof = try? SettlementProof(bytes: bytes) else { return }
    expect(proof.bytes, bytes)
    _ = Verifier.findings(in: proof, trustedBlock: nil)
  },
  "httpHead": { bytes in
    guard let head = requestHead(bytes) else { return }
    expect(head.target.segments.contains { [".", ".."].contains($0) || $0.utf8.contains(0) }, false)
    expect(head.headers.fields.contains { $0.name.isEmpty || $0.value.utf8.contains { $0 < 0x20 && $0 != 9 } }, false)
  },
]

/// A message on its way to the contract is written back as it was read.
func carried<Message: TypedMessage>(_ type: Message.Type, _ bytes: [UInt8]) {
  func read(_ document: JSONValue) -> CarriedMessage<Message>? {
    var reader = ObjectReader(document, at: "")
    let message = CarriedMessage<Message>(reading: &reader)
    return reader.finish().isEmpty ? message : nil
  }
  guard let document = try? JSONValue(parsing: bytes), let message = read(document) else { return }
  expect(read(message.document), message)
}

/// Ends the process where both differ, which is how libFuzzer learns of it.
func expect<T: Equatable>(_ found: T, _ wanted: T) {
  precondition(found == wanted, "what was read is not what was written")
}
