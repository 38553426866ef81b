/// scrypt (RFC 7914) for the parameters that OpenSSL refuses, and slower than its own.
enum Scrypt {
  static func derive(
    _ password: [UInt8], salt: [UInt8], n: Int, r: Int, p: Int, into key: inout SecretBytes
  ) throws(SigningError) {
    var blocks = try SecretBytes(count: 128 * r * p)
    try Cipher.pbkdf2(password, salt: salt, rounds: 1, into: &blocks)
    var mixed: [UInt8] = []
    mixed.reserveCapacity(128 * r * p)
    blocks.withSpan { blocks in
      for start in stride(from: 0, to: blocks.count, by: 128 * r) {
        var words: [UInt32] = (0..<32 * r).map { word in
          (0..<4).reduce(0) { $0 | UInt32(blocks[start + 4 * word + $1]) << UInt32(8 * $1) }
        }
        mix(&words, n: n, r: r)
        for word in words { mixed += (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
      }
    }
    try Cipher.pbkdf2(password, salt: mixed, rounds: 1, into: &key)
    wipe(&mixed)
  }

  /// scryptROMix, RFC 7914 section 5; n is a power of two.
  private static func mix(_ block: inout [UInt32], n: Int, r: Int) {
    let size = block.count
    var table = [UInt32](repeating: 0, count: n * size)
    for row in 0..<n {
      for index in 0..<size { table[row * size + index] = block[index] }
      mixBlocks(&block, r: r)
    }
    for _ in 0..<n {
      let row = Int(block[size - 16]) & (n - 1)
      for index in 0..<size { block[index] ^= table[row * size + index] }
      mixBlocks(&block, r: r)
    }
    wipe(&table)
  }

  /// scryptBlockMix, RFC 7914 section 4: even results first, then odd ones.
  private static func mixBlocks(_ block: inout [UInt32], r: Int) {
    var state = InlineArray<16, UInt32> { block[block.count - 16 + $0] }
    var result = [UInt32](repeating: 0, count: block.count)
    for part in 0..<2 * r {
      for index in 0..<16 { state[index] ^= block[16 * part + index] }
      salsa20Rounds8(&state)
      let place = part.isMultiple(of: 2) ? part / 2 : r + part / 2
      for index in 0..<16 { result[16 * place + index] = state[index] }
    }
    block = result
  }

  /// The Salsa20/8 core, RFC 7914 section 3.
  private static func salsa20Rounds8(_ state: inout InlineArray<16, UInt32>) {
    var x = state
    func quarter(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
      func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
      x[b] ^= rotated(x[a] &+ x[d], 7)
      x[c] ^= rotated(x[b] &+ x[a], 9)
      x[d] ^= rotated(x[c] &+ x[b], 13)
      x[a] ^= rotated(x[d] &+ x[c], 18)
    }
    for _ in 0..<4 {
      quarter(0, 4, 8, 12)
      quarter(5, 9, 13, 1)
      quarter(10, 14, 2, 6)
      quarter(15, 3, 7, 11)
      quarter(0, 1, 2, 3)
      quarter(5, 6, 7, 4)
      quarter(10, 11, 8, 9)
      quarter(15, 12, 13, 14)
    }
    for index in 0..<16 { state[index] &+= x[index] }
  }
}
