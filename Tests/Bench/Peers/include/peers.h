// What the benchmarks compare with: the same work in plain C, and JSON by simdjson. Every loop does it `count` times.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void peer_keccak256(const uint8_t *bytes, size_t count, uint8_t digest[32]);
uint8_t peer_keccak256_loop(const uint8_t *bytes, size_t byte_count, int count);

/// Blinded contexts, as a careful program has them. Call once, before anything below.
void peer_secp256k1_open(const uint8_t key[32]);
/// The signature over a digest by the key given at opening: r, s and the recovery id.
int peer_sign_loop(const uint8_t digest[32], uint8_t signature[64], int count);
/// The address of the signer.
int peer_recover_loop(const uint8_t digest[32], const uint8_t signature[64], int recovery_id, uint8_t address[20], int count);
/// Whether the key given at opening made the signature.
int peer_verify_loop(const uint8_t digest[32], const uint8_t signature[64], int count);

/// EIP-712 over values laid out as words; a member whose text is not null is hashed in place of its word.
struct peer_member {
  uint8_t word[32];
  const uint8_t *text;
  size_t text_count;
};
void peer_digest_loop(
  const char *domain_name, const char *domain_version, const uint8_t chain_id[32], const uint8_t contract[32],
  const uint8_t *type, size_t type_count, const struct peer_member *members, size_t member_count, uint8_t digest[32],
  int count);

/// Parses a document with simdjson's DOM; the number of bytes in the strings of `message` when it is to read them too.
/// The document is copied behind padding once, outside the loop.
void peer_json_open(const uint8_t *bytes, size_t count);
size_t peer_json_loop(int reads_fields, int count);

#ifdef __cplusplus
}
#endif
