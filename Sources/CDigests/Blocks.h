#pragma once

#include "CDigests.h"

// MD5 and SHA-256 cut their input into the same 64-byte blocks and end it with the same padding; they differ
// in the compression function and in the byte order of numbers.

/// Folds `count` blocks of 64 bytes into the chaining words.
typedef void (*compression)(uint32_t *state, const uint8_t *blocks, size_t count);

typedef enum { LITTLE_ENDIAN_WORDS, BIG_ENDIAN_WORDS } word_order;

void blocks_update(digest_context *context, compression compress, const void *bytes, size_t count);
void blocks_finish(
    digest_context *context, compression compress, word_order order, uint8_t *digest, size_t words);
