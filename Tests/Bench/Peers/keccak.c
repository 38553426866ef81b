#include "peers.h"
#include <string.h>

static const uint64_t constants[24] = {
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

#define ROTATED(lane, n) ((lane) << (n) | (lane) >> (64 - (n)))

#define ROW(to, row, b0, b1, b2, b3, b4, constant) \
  to##row##a = b0 ^ (~b1 & b2) ^ (constant); \
  to##row##e = b1 ^ (~b2 & b3); \
  to##row##i = b2 ^ (~b3 & b4); \
  to##row##o = b3 ^ (~b4 & b0); \
  to##row##u = b4 ^ (~b0 & b1);

// One round from the lanes named i… to those named o…
#define ROUND(i, o, constant) { \
  uint64_t pa = i##ba ^ i##ga ^ i##ka ^ i##ma ^ i##sa, pe = i##be ^ i##ge ^ i##ke ^ i##me ^ i##se; \
  uint64_t pi = i##bi ^ i##gi ^ i##ki ^ i##mi ^ i##si, po = i##bo ^ i##go ^ i##ko ^ i##mo ^ i##so; \
  uint64_t pu = i##bu ^ i##gu ^ i##ku ^ i##mu ^ i##su; \
  uint64_t ta = pu ^ ROTATED(pe, 1), te = pa ^ ROTATED(pi, 1), ti = pe ^ ROTATED(po, 1); \
  uint64_t to = pi ^ ROTATED(pu, 1), tu = po ^ ROTATED(pa, 1); \
  { uint64_t b0 = i##ba ^ ta, b1 = ROTATED(i##ge ^ te, 44), b2 = ROTATED(i##ki ^ ti, 43); \
    uint64_t b3 = ROTATED(i##mo ^ to, 21), b4 = ROTATED(i##su ^ tu, 14); ROW(o, b, b0, b1, b2, b3, b4, constant) } \
  { uint64_t b0 = ROTATED(i##bo ^ to, 28), b1 = ROTATED(i##gu ^ tu, 20), b2 = ROTATED(i##ka ^ ta, 3); \
    uint64_t b3 = ROTATED(i##me ^ te, 45), b4 = ROTATED(i##si ^ ti, 61); ROW(o, g, b0, b1, b2, b3, b4, 0) } \
  { uint64_t b0 = ROTATED(i##be ^ te, 1), b1 = ROTATED(i##gi ^ ti, 6), b2 = ROTATED(i##ko ^ to, 25); \
    uint64_t b3 = ROTATED(i##mu ^ tu, 8), b4 = ROTATED(i##sa ^ ta, 18); ROW(o, k, b0, b1, b2, b3, b4, 0) } \
  { uint64_t b0 = ROTATED(i##bu ^ tu, 27), b1 = ROTATED(i##ga ^ ta, 36), b2 = ROTATED(i##ke ^ te, 10); \
    uint64_t b3 = ROTATED(i##mi ^ ti, 15), b4 = ROTATED(i##so ^ to, 56); ROW(o, m, b0, b1, b2, b3, b4, 0) } \
  { uint64_t b0 = ROTATED(i##bi ^ ti, 62), b1 = ROTATED(i##go ^ to, 55), b2 = ROTATED(i##ku ^ tu, 39); \
    uint64_t b3 = ROTATED(i##ma ^ ta, 41), b4 = ROTATED(i##se ^ te, 2); ROW(o, s, b0, b1, b2, b3, b4, 0) } }

#define LANES(x, apply) \
  apply(x##ba, 0) apply(x##be, 1) apply(x##bi, 2) apply(x##bo, 3) apply(x##bu, 4) \
  apply(x##ga, 5) apply(x##ge, 6) apply(x##gi, 7) apply(x##go, 8) apply(x##gu, 9) \
  apply(x##ka, 10) apply(x##ke, 11) apply(x##ki, 12) apply(x##ko, 13) apply(x##ku, 14) \
  apply(x##ma, 15) apply(x##me, 16) apply(x##mi, 17) apply(x##mo, 18) apply(x##mu, 19) \
  apply(x##sa, 20) apply(x##se, 21) apply(x##si, 22) apply(x##so, 23) apply(x##su, 24)
#define LOAD(lane, n) uint64_t lane = state[n];
#define DECLARE(lane, n) uint64_t lane;
#define STORE(lane, n) state[n] = lane;

static void permute(uint64_t state[25]) {
  LANES(a, LOAD)
  LANES(e, DECLARE)
  for (int round = 0; round < 24; round += 2) {
    ROUND(a, e, constants[round])
    ROUND(e, a, constants[round + 1])
  }
  LANES(a, STORE)
}

void peer_keccak256(const uint8_t *bytes, size_t count, uint8_t digest[32]) {
  uint64_t state[25] = {0};
  for (; count >= 136; bytes += 136, count -= 136) {
    for (int lane = 0; lane < 17; lane++) {
      uint64_t word;
      memcpy(&word, bytes + 8 * lane, 8);
      state[lane] ^= word;
    }
    permute(state);
  }
  uint8_t last[136] = {0};
  memcpy(last, bytes, count);
  last[count] ^= 0x01;
  last[135] ^= 0x80;
  for (int lane = 0; lane < 17; lane++) {
    uint64_t word;
    memcpy(&word, last + 8 * lane, 8);
    state[lane] ^= word;
  }
  permute(state);
  memcpy(digest, state, 32);
}

uint8_t peer_keccak256_loop(const uint8_t *bytes, size_t byte_count, int count) {
  uint8_t digest[32], sum = 0;
  for (int i = 0; i < count; i++) {
    peer_keccak256(bytes, byte_count, digest);
    sum ^= digest[0];
  }
  return sum;
}

static void typed_digest(
  const char *domain_name, const char *domain_version, const uint8_t chain_id[32], const uint8_t contract[32],
  const uint8_t *type, size_t type_count, const struct peer_member *members, size_t member_count, uint8_t digest[32]) {
  static const char domain_type[] =
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
  uint8_t words[32 * 33], final[66] = {0x19, 0x01};
  peer_keccak256((const uint8_t *)domain_type, sizeof domain_type - 1, words);
  peer_keccak256((const uint8_t *)domain_name, strlen(domain_name), words + 32);
  peer_keccak256((const uint8_t *)domain_version, strlen(domain_version), words + 64);
  memcpy(words + 96, chain_id, 32);
  memcpy(words + 128, contract, 32);
  peer_keccak256(words, 160, final + 2);
  peer_keccak256(type, type_count, words);
  for (size_t i = 0; i < member_count; i++) {
    if (members[i].text) peer_keccak256(members[i].text, members[i].text_count, words + 32 + 32 * i);
    else memcpy(words + 32 + 32 * i, members[i].word, 32);
  }
  peer_keccak256(words, 32 + 32 * member_count, final + 34);
  peer_keccak256(final, sizeof final, digest);
}

void peer_digest_loop(
  const char *domain_name, const char *domain_version, const uint8_t chain_id[32], const uint8_t contract[32],
  const uint8_t *type, size_t type_count, const struct peer_member *members, size_t member_count, uint8_t digest[32],
  int count) {
  for (int i = 0; i < count; i++)
    typed_digest(
      domain_name, domain_version, chain_id, contract, type, type_count, members, member_count, digest);
}
