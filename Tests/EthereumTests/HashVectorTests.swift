import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct HashVectorTests {
  @Test func `every digest of ethers is ours`() throws {
    for vector in try Vectors.cases("ethers/hashes") {
      let name = try vector.text("name")
      #expect(try Keccak256.hash(vector.bytes("data")) == vector.digest("keccak256"), "\(name)")
    }
  }

  @Test func `every digest of Crypto++ is ours, a million letters included`() throws {
    for vector in try Vectors.cases("cryptopp/keccak256") {
      var hasher = Keccak256()
      for _ in 0..<(vector["repeat"]?.asInteger ?? 1) { hasher.update(Array(try vector.text("text").utf8)) }
      #expect(try hasher.finalize() == vector.digest("keccak256"))
    }
  }
}
