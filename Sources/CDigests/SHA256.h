#pragma once

#include "Blocks.h"

/// The round constants of FIPS 180-4, section 4.2.2.
extern const uint32_t sha256_constants[64];

// Compression functions, one a file; `..._is_available` says whether this processor can run it.
void sha256_compress_portable(uint32_t *state, const uint8_t *blocks, size_t count);
void sha256_compress_x86(uint32_t *state, const uint8_t *blocks, size_t count);
bool sha256_x86_is_available(void);
void sha256_compress_arm(uint32_t *state, const uint8_t *blocks, size_t count);
bool sha256_arm_is_available(void);
