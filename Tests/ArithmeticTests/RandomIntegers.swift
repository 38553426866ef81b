import Arithmetic
import TestSupport

extension SeededGenerator {
  /// A number whose size varies evenly from 0 to 256 bits, often next to a power of two or a limb's end.
  mutating func uint256() -> UInt256 {
    let random = UInt256(limbs: [next(), next(), next(), next()])
    let bits = Int.random(in: 0...256, using: &self)
    let cut = random >> (256 - bits)
    switch Int.random(in: 0...7, using: &self) {
    case 0: return bits == 256 ? .max : .one << bits
    case 1: return bits == 0 ? .zero : UInt256.max >> (256 - bits)
    case 2: return bits >= 255 ? .max : (.one << bits) | .one
    default: return cut
    }
  }

  /// A signed number of such a size.
  mutating func int256() -> Int256 {
    Int256(bits: Bool.random(using: &self) ? uint256() : ~uint256())
  }
}
