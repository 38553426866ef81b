import Arithmetic
import Ethereum
import JSON
import Peers
import Signing

/// `bench` measures everything, `bench NAME...` only what is named. For a comparison with other programs,
/// `bench microseconds` prints how long a typed digest takes, with a domain made anew and with one that is kept, and
/// `bench digest-value` the digest; `bench loop` how long a fold takes, and what it gives.
let document = try Document()
let sections: [(name: String, run: () throws -> Void)] = [
  ("curve", curve), ("keccak", keccak), ("digest", { typedDigest(document) }), ("transaction", transaction),
  ("json", { json(document.bytes) }), ("clause", clauses), ("rules", rules), ("cost", cost),
]
let names = CommandLine.arguments.dropFirst()
if names.first == "digest-value" {
  print(document.message.digest(in: Document.domain()))
} else if names.first == "loop" {
  let (microseconds, value) = try Loop.run()
  print(microseconds, value)
} else if names.first == "microseconds" {
  let message = document.message
  let domain = Document.domain()
  print(
    Comparison.best(samples: 15) { count in (0..<count).reduce(0) { sum, _ in sum &+ digestByte(message) } },
    Comparison.best(samples: 15) { count in
      (0..<count).reduce(0) { sum, _ in sum &+ Int(message.digest(in: domain)[0]) }
    })
} else {
  Table.heading()
  for section in sections where names.isEmpty || names.contains(section.name) { try section.run() }
  if names.isEmpty || names.contains("store") { try await store(document) }
}

/// One byte of the digest, with nothing of it cached.
func digestByte(_ message: TypedStruct) -> Int { Int(message.digest(in: Document.domain())[0]) }

/// Signatures checked through our module, and by a loop in C over the same library.
func curve() throws {
  let secret = Array(UInt8(1)...32)
  let key = try PrivateKey(bytes: secret)
  let digest = Keccak256.hash(secret)
  let signature = try key.sign(digest)
  let (publicKey, address) = (key.publicKey, key.address)
  unsafe peer_secp256k1_open(secret)
  let (hash, compact) = (digest.bytes, Array(signature.bytes.prefix(64)))
  let parity = Int32(signature.yParity)

  for threads in [1, 2] {
    let suffix = threads == 1 ? "" : ", two threads"
    Table.row(
      "verify a signature" + suffix,
      Comparison(
        threads: threads,
        ours: { count in
          (0..<count).reduce(0) { sum, _ in sum + (publicKey.verifies(signature, of: digest) ? 1 : 0) }
        },
        peer: { Int(unsafe peer_verify_loop(hash, compact, Int32($0))) }), against: "C, libsecp256k1", .atLeast(0.98))
    Table.row(
      "recover the signer's address" + suffix,
      Comparison(
        threads: threads,
        ours: { count in
          (0..<count).reduce(0) { sum, _ in sum + ((try? signature.signer(of: digest)) == address ? 1 : 0) }
        },
        peer: { count in
          var found = [UInt8](repeating: 0, count: 20)
          let result = unsafe peer_recover_loop(hash, compact, parity, &found, Int32(count))
          precondition(found == address.bytes, "the peer recovers another address")
          return Int(result)
        }), against: "C, libsecp256k1", .atLeast(0.98))
  }
}

/// Two blocks of the hash.
func keccak() {
  let bytes = [UInt8](repeating: 7, count: 136)
  Table.row(
    "Keccak-256 of 136 bytes",
    Comparison(
      ours: { count in (0..<count).reduce(0) { sum, _ in sum ^ Int(Keccak256.hash(bytes)[0]) } },
      peer: { Int(unsafe peer_keccak256_loop(bytes, bytes.count, Int32($0))) }), against: "C", .atMost(1.1))
}

/// The digest of sixteen members with everything hashed anew: type strings, domain, texts.
func typedDigest(_ document: Document) {
  let message = document.message
  let peer = PeerDocument(message)
  precondition(peer.digest(1) == message.digest(in: Document.domain()).bytes, "the peer has another digest")
  Table.row(
    "EIP-712 digest of 16 members, uncached",
    Comparison(
      ours: { count in (0..<count).reduce(0) { sum, _ in sum &+ digestByte(message) } },
      peer: { Int(peer.digest($0)[0]) }), against: "C", .atMost(1.5))
}

/// A signed EIP-1559 transaction with 100 bytes of data, against the sum of its parts, all but the RLP in C.
func transaction() throws {
  let secret = Array(UInt8(1)...32)
  let transaction = FeeMarketTransaction(
    chainID: 1, nonce: 7, maxPriorityFeePerGas: 1_000_000_000, maxFeePerGas: 30_000_000_000, gasLimit: 200_000,
    to: Document.contract, value: 0, data: [UInt8](repeating: 5, count: 100))
  let key = try PrivateKey(bytes: secret)
  let raw = try transaction.signed(by: key).raw
  let word = Digest(UInt256.max)

  for checks in [true, false] {
    Table.row(
      checks ? "sign an EIP-1559 transaction" : "the same, parts without the check",
      Comparison(
        ours: { count in
          guard let key = try? PrivateKey(bytes: secret) else { return 0 }
          return (0..<count).reduce(0) { sum, _ in sum &+ ((try? transaction.signed(by: key).raw.count) ?? 0) }
        },
        peer: { count in
          var (digest, compact) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
          var sum = 0
          for _ in 0..<count {
            let payload = transaction.signingPayload
            unsafe peer_keccak256(payload, payload.count, &digest)
            sum &+= Int(unsafe peer_sign_loop(digest, &compact, 1))
            if checks { sum &+= Int(unsafe peer_verify_loop(digest, compact, 1)) }
            sum &+= transaction.encoded(yParity: 1, r: word, s: word).count
            unsafe peer_keccak256(raw, raw.count, &digest)
          }
          return sum
        }),
      against: checks ? "C: hashes, sign, verify; our RLP" : "C: hashes, sign; our RLP", checks ? .atLeast(0.85) : .none
    )
  }
}

/// The document parsed, and parsed with the texts of its message read.
func json(_ bytes: [UInt8]) {
  unsafe peer_json_open(bytes, bytes.count)
  Table.row(
    "parse 2,048 bytes of JSON",
    Comparison(
      ours: { count in (0..<count).reduce(0) { sum, _ in sum + ((try? JSONValue(parsing: bytes)) == nil ? 0 : 1) } },
      peer: { peer_json_loop(0, Int32($0)) }), against: "simdjson DOM", .atMost(4))
  precondition(Document.textCount(bytes) == peer_json_loop(1, 1), "the peer reads other texts")
  Table.row(
    "the same, and read the texts of the message",
    Comparison(
      ours: { count in (0..<count).reduce(0) { sum, _ in sum &+ Document.textCount(bytes) } },
      peer: { peer_json_loop(1, Int32($0)) }), against: "simdjson DOM", .atMost(4))
  guard let value = try? JSONValue(parsing: bytes) else { return }
  Table.row(
    "write the same canonically",
    Comparison.best { count in (0..<count).reduce(0) { sum, _ in sum &+ value.canonicalBytes().count } })
}
