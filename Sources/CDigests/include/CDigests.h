#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MD5 (RFC 1321), SHA-256 (FIPS 180-4) and CRC-32 (as zlib) over bytes that arrive in any pieces.
//
// MD5 is here because weight files were published with it; nothing relies on it against malice.

/// What both digests carry between pieces: chaining words, bytes seen, and the block being filled.
typedef struct {
  uint32_t state[8];
  uint64_t length;
  uint8_t block[64];
} digest_context;

/// How SHA-256 is computed. Every variant gives the same digest.
typedef enum {
  SHA256_PORTABLE = 0,
  SHA256_X86_SHA_EXTENSIONS = 1,
  SHA256_ARMV8_CRYPTO = 2,
} sha256_variant;

enum { MD5_BYTE_COUNT = 16, SHA256_BYTE_COUNT = 32 };

/// Whether this processor (and this build) can run a variant.
bool sha256_is_available(sha256_variant variant);

/// The fastest variant this processor can run.
sha256_variant sha256_best_variant(void);

void sha256_begin(digest_context *context);
void sha256_update(digest_context *context, sha256_variant variant, const void *bytes, size_t count);
/// Writes `SHA256_BYTE_COUNT` bytes; the context is spent.
void sha256_finish(digest_context *context, sha256_variant variant, uint8_t *digest);

void md5_begin(digest_context *context);
void md5_update(digest_context *context, const void *bytes, size_t count);
/// Writes `MD5_BYTE_COUNT` bytes; the context is spent.
void md5_finish(digest_context *context, uint8_t *digest);

/// Updates both digests with the same bytes, faster than one after the other.
void digest_pair_update(
    digest_context *md5, digest_context *sha256, sha256_variant variant, const void *bytes, size_t count);

/// Whether this processor (and this build) has instructions for CRC-32.
bool crc32_is_accelerated(void);
/// Takes as many of the first bytes as the instructions can and returns how many; none where there are too few.
/// `value` is CRC-32 as zlib has it between calls. Only where `crc32_is_accelerated`.
size_t crc32_update_accelerated(uint32_t *value, const void *bytes, size_t count);
