/// Keccak-256 with the original padding, as Ethereum uses it; not SHA3-256, which pads differently.
///
/// `hash` for bytes that are at hand, or an instance for bytes that come in parts.
public struct Keccak256: Sendable {
  /// Bytes absorbed between two permutations: 1600 bits less twice the 256 of the digest.
  static let rate = 136

  private var state = InlineArray<25, UInt64>(repeating: 0)
  private var position = 0
  /// The lane in which the next byte goes.
  private var lane: Int { position &>> 3 }
  /// Where in the lane it goes, in bits.
  private var shift: UInt64 { UInt64(truncatingIfNeeded: position & 7) &<< 3 }

  /// A hasher that has seen nothing.
  public init() {}

  /// The digest of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    hash(bytes.span)
  }

  /// The digest of `bytes`.
  public static func hash(_ bytes: Span<UInt8>) -> Digest {
    var hasher = Keccak256()
    hasher.update(bytes)
    return hasher.digest()
  }

  /// The digest of the words, one after the other.
  static func hash(_ words: [Digest]) -> Digest {
    var hasher = Keccak256()
    for word in words { hasher.update(word) }
    return hasher.digest()
  }

  /// Adds bytes to what is hashed.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// Adds bytes to what is hashed.
  public mutating func update(_ bytes: Span<UInt8>) {
    var offset = 0
    while offset < bytes.count {
      if position & 7 == 0, bytes.count - offset >= 8 {
        // Whole lanes, up to the end of the block or of the bytes.
        let lanes = min((Self.rate - position) / 8, (bytes.count - offset) / 8)
        let first = lane
        for index in 0..<lanes {
          // The span checks that the eight bytes are inside it; any eight bytes make a UInt64.
          let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8 * index, as: UInt64.self)
          state[first + index] ^= UInt64(littleEndian: word)
        }
        offset += 8 * lanes
        position += 8 * lanes
      } else {
        // At most eight bytes at any place, into one lane or two.
        let count = min(8, bytes.count - offset, Self.rate - position)
        let word = Self.word(bytes, offset, count)
        state[lane] ^= word &<< shift
        if (position & 7) + count > 8 { state[lane + 1] ^= word &>> (64 &- shift) }
        offset += count
        position += count
      }
      permuteIfFull()
    }
  }

  /// One to eight bytes as a little-endian integer. Loads overlap where there is none of that length.
  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ offset: Int, _ count: Int) -> UInt64 {
    // The span checks that what is loaded is inside it; any bytes make an integer.
    if count == 8 {
      return unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    if count >= 4 {
      let low = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let high = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset + count - 4, as: UInt32.self)
      return UInt64(UInt32(littleEndian: low)) | UInt64(UInt32(littleEndian: high)) &<< UInt64(8 * (count - 4))
    }
    let (first, middle, last) = (bytes[offset], bytes[offset + count / 2], bytes[offset + count - 1])
    return UInt64(first) | UInt64(middle) &<< UInt64(8 * (count / 2)) | UInt64(last) &<< UInt64(8 * (count - 1))
  }

  /// Adds one byte to what is hashed.
  @inline(__always)
  mutating func update(_ byte: UInt8) {
    state[lane] ^= UInt64(byte) &<< shift
    position += 1
    permuteIfFull()
  }

  /// Adds a word to what is hashed.
  @inline(__always)
  mutating func update(_ word: FixedBytes<32>) {
    guard position & 7 == 0 else { return update(word.storage.span) }
    let lanes = word.lanes
    for index in 0..<4 {
      state[lane] ^= UInt64(littleEndian: lanes[index])
      position += 8
      permuteIfFull()
    }
  }

  /// Adds the text, as UTF-8, to what is hashed.
  @inline(__always)
  mutating func update(_ text: String) {
    // The buffer lives as long as the closure runs; `utf8Span` would cost several calls.
    let done: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe update($0.span) }
    if done == nil { update(Array(text.utf8)) }
  }

  @inline(__always)
  private mutating func permuteIfFull() {
    if position == Self.rate {
      keccakF1600(&state)
      position = 0
    }
  }

  /// The digest of everything added so far, after which nothing may be added.
  mutating func digest() -> Digest {
    state[lane] ^= 0x01 &<< shift
    state[Self.rate / 8 - 1] ^= 0x80 << 56
    keccakF1600(&state)
    return Digest(
      lanes: (state[0].littleEndian, state[1].littleEndian, state[2].littleEndian, state[3].littleEndian))
  }

  /// The digest of everything added so far.
  public consuming func finalize() -> Digest {
    digest()
  }
}
