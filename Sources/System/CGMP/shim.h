#include <gmp.h>
#include <stdint.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "a limb of GMP is one 64-bit word");

/// `mpn_tdiv_qr` is a macro over a mangled name, which Swift cannot call. Quotient of `nn - dn + 1` words, remainder of
/// `dn` words; `dn` is at least 1, `nn` at least `dn`, and the divisor's highest word is not zero.
static inline void limbs_tdiv_qr(uint64_t *quotient, uint64_t *remainder, const uint64_t *numerator, long nn,
                                 const uint64_t *divisor, long dn) {
  mpn_tdiv_qr(quotient, remainder, 0, numerator, nn, divisor, dn);
}
