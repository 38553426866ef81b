import Ethereum
import Testing

@Suite struct Keccak256Tests {
  @Test(arguments: [
    ("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    (
      "The quick brown fox jumps over the lazy dog",
      "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
    ),
  ])
  func `known texts have their known digests`(text: String, digest: String) {
    #expect(Keccak256.hash(Array(text.utf8)).hex == digest)
  }

  @Test func `bytes in parts hash like bytes at once`() {
    let bytes = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for cut in [0, 1, 7, 8, 9, 135, 136, 137, 271, 272, 273, 599] {
      var hasher = Keccak256()
      hasher.update(Array(bytes[..<cut]))
      hasher.update(Array(bytes[cut...]))
      #expect(hasher.finalize() == Keccak256.hash(bytes))
    }
  }

  @Test func `short parts at any place of a block, and over its end, hash like bytes at once`() {
    let bytes = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 91 + 13) }
    for start in Array(0..<10) + Array(120..<140) {
      for count in 0..<20 {
        var hasher = Keccak256()
        hasher.update(Array(bytes[..<start]))
        hasher.update(Array(bytes[start..<start + count]))
        hasher.update(Array(bytes[(start + count)...]))
        #expect(hasher.finalize() == Keccak256.hash(bytes), "\(count) bytes at \(start)")
      }
    }
  }
}
