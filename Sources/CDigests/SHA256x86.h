#pragma once

#include "SHA256.h"

#if defined(__x86_64__)

#include <immintrin.h>

// SHA-256 with the processor's instructions, four rounds at a time.

#define SHA256_X86 __attribute__((target("sha,sse4.1,ssse3")))
#define SHA256_X86_STEP static inline __attribute__((always_inline, target("sha,sse4.1,ssse3")))

/// The instructions keep the eight working variables as the pairs ABEF and CDGH.
typedef struct {
  __m128i abef, cdgh;
} sha256_pairs;

SHA256_X86_STEP sha256_pairs sha256_load_pairs(const uint32_t *state) {
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  return (sha256_pairs){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

SHA256_X86_STEP void sha256_store_pairs(uint32_t *state, sha256_pairs pairs) {
  __m128i feba = _mm_shuffle_epi32(pairs.abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(pairs.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

SHA256_X86_STEP void sha256_load_block(__m128i words[4], const uint8_t *block) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (int index = 0; index < 4; index++) {
    words[index] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * index)), swap);
  }
}

/// One of the 16 groups of four rounds over a block; `group` is to be known when compiling.
SHA256_X86_STEP sha256_pairs sha256_group(sha256_pairs pairs, __m128i words[4], int group) {
  __m128i now = words[group % 4], last = words[(group + 3) % 4];
  __m128i keyed = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(sha256_constants + 4 * group)));
  pairs.cdgh = _mm_sha256rnds2_epu32(pairs.cdgh, pairs.abef, keyed);
  pairs.abef = _mm_sha256rnds2_epu32(pairs.abef, pairs.cdgh, _mm_shuffle_epi32(keyed, 0x0E));
  if (group < 12) {
    __m128i sum = _mm_add_epi32(
        _mm_sha256msg1_epu32(now, words[(group + 1) % 4]), _mm_alignr_epi8(last, words[(group + 2) % 4], 4));
    words[group % 4] = _mm_sha256msg2_epu32(sum, last);
  }
  return pairs;
}

SHA256_X86_STEP sha256_pairs sha256_add(sha256_pairs left, sha256_pairs right) {
  return (sha256_pairs){_mm_add_epi32(left.abef, right.abef), _mm_add_epi32(left.cdgh, right.cdgh)};
}

#endif
