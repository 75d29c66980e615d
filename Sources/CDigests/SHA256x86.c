#include "SHA256x86.h"

#if defined(__x86_64__)

#include <cpuid.h>

bool sha256_x86_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  bool shuffles = (c >> 9 & 1) && (c >> 19 & 1);  // SSSE3, SSE4.1
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  return shuffles && (b >> 29 & 1);  // SHA
}

SHA256_X86 void sha256_compress_x86(uint32_t *state, const uint8_t *blocks, size_t count) {
  sha256_pairs pairs = sha256_load_pairs(state);
  for (; count > 0; count--, blocks += 64) {
    sha256_pairs before = pairs;
    __m128i words[4];
    sha256_load_block(words, blocks);
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) pairs = sha256_group(pairs, words, group);
    pairs = sha256_add(pairs, before);
  }
  sha256_store_pairs(state, pairs);
}

#else

bool sha256_x86_is_available(void) { return false; }

void sha256_compress_x86(uint32_t *state, const uint8_t *blocks, size_t count) {
  sha256_compress_portable(state, blocks, count);
}

#endif
