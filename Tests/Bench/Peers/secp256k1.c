#include "peers.h"
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <string.h>

static secp256k1_context *context;
static secp256k1_pubkey owner;
static uint8_t secret[32];

void peer_secp256k1_open(const uint8_t key[32]) {
  static const uint8_t seed[32] = {1};
  context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  (void)!secp256k1_context_randomize(context, seed);
  memcpy(secret, key, 32);
  (void)!secp256k1_ec_pubkey_create(context, &owner, secret);
}

int peer_sign_loop(const uint8_t digest[32], uint8_t signature[64], int count) {
  int recovery_id = -1;
  for (int i = 0; i < count; i++) {
    secp256k1_ecdsa_recoverable_signature made;
    if (!secp256k1_ecdsa_sign_recoverable(context, &made, digest, secret, NULL, NULL)) return -1;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signature, &recovery_id, &made);
  }
  return recovery_id;
}

int peer_recover_loop(
  const uint8_t digest[32], const uint8_t signature[64], int recovery_id, uint8_t address[20], int count) {
  int found = 1;
  for (int i = 0; i < count; i++) {
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey point;
    uint8_t bytes[65], hash[32];
    size_t size = sizeof bytes;
    found &= secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature, recovery_id);
    found &= secp256k1_ecdsa_recover(context, &point, &parsed, digest);
    secp256k1_ec_pubkey_serialize(context, bytes, &size, &point, SECP256K1_EC_UNCOMPRESSED);
    peer_keccak256(bytes + 1, 64, hash);
    memcpy(address, hash + 12, 20);
  }
  return found;
}

int peer_verify_loop(const uint8_t digest[32], const uint8_t signature[64], int count) {
  int valid = 1;
  for (int i = 0; i < count; i++) {
    secp256k1_ecdsa_signature parsed;
    valid &= secp256k1_ecdsa_signature_parse_compact(context, &parsed, signature);
    valid &= secp256k1_ecdsa_verify(context, &parsed, digest, &owner);
  }
  return valid;
}
