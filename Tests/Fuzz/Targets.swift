import Arithmetic
import Clauses
import Ethereum
import JSON
import Signing
import Terms
import Verification

/// Every reader of foreign bytes. Whatever it is fed it must answer with a value or a typed error; and where a form is
/// canonical, what was read must be written back as the same bytes.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "json": { bytes in
    guard let value = try? JSONValue(parsing: bytes) else { return }
    // Numbers change their spelling, `-0` to `0`, and a whole one beyond 2^53 such as `1e20` is refused in its own digits;
    // what can be read back is the same document.
    let canonical = value.canonicalBytes()
    if let again = try? JSONValue(parsing: canonical) {
      expect(again.canonicalBytes(), canonical)
      expect((try? JSONValue(parsing: value.prettyText()))?.canonicalBytes(), canonical)
    }
  },
  "canonicalJSON": { bytes in
    guard let value = try? JSONValue(parsingCanonical: bytes) else { return }
    expect(value.canonicalBytes(), bytes)
  },
  "rlp": { bytes in
    guard let item = try? RLPItem(decoding: bytes) else { return }
    expect(item.encoded(), bytes)
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
    _ = try? signed.sender()
  },
  "abi": { bytes in
    guard let type = try? ABIType(parsing: "(uint256,address[],bytes,(string,bool,bytes32))"),
      let values = try? ABIValue.decode(bytes, as: [type])
    else { return }
    expect(try? ABIValue.encode(values, as: [type]), bytes)
  },
  "signature": { bytes in
    guard let signature = try? Signature(bytes: bytes) else { return }
    _ = try? signature.signer(of: Keccak256.hash(bytes))
    expect(try? Signature(hex: signature.hex), signature)
  },
  "clauseText": { bytes in
    guard let source = String(validating: bytes, as: UTF8.self), let program = try? Program(compiling: source) else {
      return
    }
    run(program)
  },
  "bytecode": { bytes in
    guard let program = try? Program(bytecode: bytes) else { return }
    expect(program.bytecode, bytes)
    run(program)
  },
  "terms": { bytes in
    guard let terms = try? OptionTerms(document: bytes) else { return }
    expect(try? OptionTerms(document: terms.document), terms)
  },
  "proof": { bytes in
    guard let proof = try? SettlementProof(bytes: bytes) else { return }
    expect(proof.bytes, bytes)
    _ = Verifier.findings(in: proof, trustedBlock: nil)
  },
]

/// Twice with the same inputs, drawn from the program's own bytes: both runs end alike, and within the stated cost.
private func run(_ program: Program) {
  var inputs: [String: Int256] = [:]
  for (index, input) in program.inputs.enumerated() {
    let byte = UInt64(program.bytecode[index % program.bytecode.count])
    inputs[input.name] = try? Int256(UInt256(input.type == .bool ? byte & 1 : byte << (byte & 31)))
  }
  do throws(Trap) {
    let first = try Machine.run(program, inputs: inputs)
    precondition(first.cost <= program.costBound, "a run cost more than the bound")
    expect(try? Machine.run(program, inputs: inputs).cost, first.cost)
  } catch {
    expect((try? Machine.run(program, inputs: inputs)) == nil, true)
  }
}

/// Ends the process where both differ, which is how libFuzzer learns of it.
private func expect<T: Equatable>(_ found: T, _ wanted: T) {
  precondition(found == wanted, "what was read is not what was written")
}
