/// Keccak-256 with the original padding, as Ethereum uses it; not SHA3-256, which pads differently.
///
/// `hash` for bytes that are at hand, or an instance for bytes that come in parts.
public struct Keccak256: Sendable {
  /// Bytes absorbed between two permutations: 1600 bits less twice the 256 of the digest.
  static let rate = 136

  private var state = InlineArray<25, UInt64>(repeating: 0)
  private var position = 0

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

  /// Adds bytes to what is hashed.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// Adds bytes to what is hashed.
  public mutating func update(_ bytes: Span<UInt8>) {
    var offset = 0
    while offset < bytes.count {
      if position % 8 == 0, bytes.count - offset >= 8 {
        // Whole lanes, up to the end of the block or of the bytes.
        let lanes = min((Self.rate - position) / 8, (bytes.count - offset) / 8)
        let first = position / 8
        for lane in 0..<lanes {
          // The span checks that the eight bytes are inside it; any eight bytes make a UInt64.
          let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8 * lane, as: UInt64.self)
          state[first + lane] ^= UInt64(littleEndian: word)
        }
        offset += 8 * lanes
        position += 8 * lanes
      } else {
        state[position / 8] ^= UInt64(bytes[offset]) << UInt64(position % 8 * 8)
        offset += 1
        position += 1
      }
      if position == Self.rate {
        keccakF1600(&state)
        position = 0
      }
    }
  }

  /// The digest of everything added so far.
  public consuming func finalize() -> Digest {
    digest()
  }

  private mutating func digest() -> Digest {
    state[position / 8] ^= 0x01 << UInt64(position % 8 * 8)
    state[Self.rate / 8 - 1] ^= 0x80 << 56
    keccakF1600(&state)
    return Digest(
      lanes: (state[0].littleEndian, state[1].littleEndian, state[2].littleEndian, state[3].littleEndian))
  }
}
