import Ethereum
import JSON
import TestSupport
import Testing

/// One spelling only: bytes that are still read after a change are written again with the change.
@Suite(.enabled(if: Vectors.areThere)) struct ChangedBytesTests {
  @Test func `a changed encoding is refused or means another value`() throws {
    var random = SeededGenerator("ABI encodings changed in one byte")
    for vector in try Vectors.cases("ethers/abi") {
      let type = try ABIType(parsing: #require(vector["type"]?.asString))
      var encoded = try Hex.decode(#require(vector["encoded"]?.asString))
      let position = Int.random(in: 0..<encoded.count, using: &random)
      encoded[position] ^= UInt8.random(in: 1...255, using: &random)
      guard let values = try? ABIValue.decode(encoded, as: [type]) else { continue }
      #expect(try ABIValue.encode(values, as: [type]) == encoded, "\(type), byte \(position)")
    }
  }

  @Test func `a changed transaction is refused or is another one`() throws {
    var random = SeededGenerator("signed transactions changed in one byte")
    var (read, refused) = (0, 0)
    for vector in try Vectors.cases("ethers/transactions") {
      let kind = ["Eip155", "Berlin", "London", "Cancun"][Int.random(in: 0...3, using: &random)]
      guard let text = vector["signed" + kind]?.asString, !text.isEmpty else { continue }
      var raw = try Hex.decode(text)
      let position = Int.random(in: 0..<raw.count, using: &random)
      raw[position] ^= UInt8.random(in: 1...255, using: &random)
      guard let signed = try? SignedTransaction(decoding: raw) else {
        refused += 1
        continue
      }
      read += 1
      let again = SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s)
      #expect(again.raw == raw, "byte \(position) of \(Hex.encode(raw))")
    }
    #expect(read > 0 && refused > 0)
  }
}
