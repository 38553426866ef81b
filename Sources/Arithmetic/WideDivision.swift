// The only file that calls GMP: exact division of up to 512 bits by up to 256 bits.
import CGMP

/// Divides little-endian words. The divisor must not be zero; callers check that first.
@safe func wideQuotientAndRemainder(
  _ numerator: InlineArray<8, UInt64>, dividingBy divisor: InlineArray<4, UInt64>
) -> (quotient: InlineArray<8, UInt64>, remainder: InlineArray<4, UInt64>) {
  var quotient = InlineArray<8, UInt64>(repeating: 0)
  var remainder = InlineArray<4, UInt64>(repeating: 0)
  var numeratorCount = 8
  while numeratorCount > 0, numerator[numeratorCount - 1] == 0 { numeratorCount -= 1 }
  var divisorCount = 4
  while divisorCount > 0, divisor[divisorCount - 1] == 0 { divisorCount -= 1 }
  precondition(divisorCount > 0, "division by zero")
  guard numeratorCount >= divisorCount else {
    for index in 0..<numeratorCount { remainder[index] = numerator[index] }
    return (quotient, remainder)
  }
  // The quotient has at most 8 words and the remainder at most 4, as the counts above show.
  var quotientWords = quotient.mutableSpan
  var remainderWords = remainder.mutableSpan
  unsafe quotientWords.withUnsafeMutableBufferPointer { quotientWords in
    unsafe remainderWords.withUnsafeMutableBufferPointer { remainderWords in
      unsafe numerator.span.withUnsafeBufferPointer { numeratorWords in
        unsafe divisor.span.withUnsafeBufferPointer { divisorWords in
          guard
            let q = quotientWords.baseAddress, let r = remainderWords.baseAddress,
            let n = numeratorWords.baseAddress, let d = divisorWords.baseAddress
          else { return }
          unsafe limbs_tdiv_qr(q, r, n, numeratorCount, d, divisorCount)
        }
      }
    }
  }
  return (quotient, remainder)
}
