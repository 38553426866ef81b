/// scrypt with r = 1 (RFC 7914), which OpenSSL refuses from n = 2^16 on.
enum Scrypt {
  /// Half a block of scrypt: 64 bytes as 16 little-endian words.
  private typealias Half = SIMD16<UInt32>

  static func derive(
    _ password: [UInt8], salt: [UInt8], n: Int, p: Int, into key: inout SecretBytes
  ) throws(SigningError) {
    var blocks = try SecretBytes(count: 128 * p)
    try Cipher.pbkdf2(password, salt: salt, rounds: 1, into: &blocks)
    var mixed: [UInt8] = []
    mixed.reserveCapacity(128 * p)
    blocks.withSpan { blocks in
      for start in stride(from: 0, to: blocks.count, by: 128) {
        let (first, second) = mix(half(blocks, start), half(blocks, start + 64), n: n)
        for half in [first, second] {
          for word in half.indices { mixed += (0..<4).map { UInt8(truncatingIfNeeded: half[word] >> UInt32(8 * $0)) } }
        }
      }
    }
    try Cipher.pbkdf2(password, salt: mixed, rounds: 1, into: &key)
    wipe(&mixed)
  }

  private static func half(_ bytes: Span<UInt8>, _ start: Int) -> Half {
    var half = Half()
    for index in 0..<64 { half[index / 4] |= UInt32(bytes[start + index]) << UInt32(index % 4 * 8) }
    return half
  }

  /// scryptROMix (section 5); n is a power of two.
  private static func mix(_ first: Half, _ second: Half, n: Int) -> (Half, Half) {
    var (first, second) = (first, second)
    var table: [Half] = []
    table.reserveCapacity(2 * n)
    for _ in 0..<n {
      table.append(first)
      table.append(second)
      mixBlock(&first, &second)
    }
    for _ in 0..<n {
      let row = Int(second[0]) & (n - 1)
      first ^= table[2 * row]
      second ^= table[2 * row + 1]
      mixBlock(&first, &second)
    }
    wipe(&table)
    return (first, second)
  }

  /// scryptBlockMix (section 4), where r = 1 leaves nothing to reorder.
  private static func mixBlock(_ first: inout Half, _ second: inout Half) {
    first = salsa20Rounds8(second ^ first)
    second = salsa20Rounds8(first ^ second)
  }

  /// The Salsa20/8 core (section 3).
  private static func salsa20Rounds8(_ input: Half) -> Half {
    var (x0, x1, x2, x3) = (input[0], input[1], input[2], input[3])
    var (x4, x5, x6, x7) = (input[4], input[5], input[6], input[7])
    var (x8, x9, x10, x11) = (input[8], input[9], input[10], input[11])
    var (x12, x13, x14, x15) = (input[12], input[13], input[14], input[15])
    for _ in 0..<4 {
      quarter(&x0, &x4, &x8, &x12)
      quarter(&x5, &x9, &x13, &x1)
      quarter(&x10, &x14, &x2, &x6)
      quarter(&x15, &x3, &x7, &x11)
      quarter(&x0, &x1, &x2, &x3)
      quarter(&x5, &x6, &x7, &x4)
      quarter(&x10, &x11, &x8, &x9)
      quarter(&x15, &x12, &x13, &x14)
    }
    return input &+ Half(x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15)
  }

  private static func quarter(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32, _ d: inout UInt32) {
    let ad = a &+ d
    b ^= ad &<< 7 | ad &>> 25
    let ba = b &+ a
    c ^= ba &<< 9 | ba &>> 23
    let cb = c &+ b
    d ^= cb &<< 13 | cb &>> 19
    let dc = d &+ c
    a ^= dc &<< 18 | dc &>> 14
  }
}
