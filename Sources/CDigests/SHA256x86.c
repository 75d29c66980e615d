#include "SHA256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

bool sha256_x86_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  bool shuffles = (c >> 9 & 1) && (c >> 19 & 1);  // SSSE3, SSE4.1
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  return shuffles && (b >> 29 & 1);  // SHA
}

// The instructions keep the eight working variables as the pairs ABEF and CDGH.
__attribute__((target("sha,sse4.1,ssse3"))) void sha256_compress_x86(
    uint32_t *state, const uint8_t *blocks, size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

  for (; count > 0; count--, blocks += 64) {
    const __m128i abef0 = abef, cdgh0 = cdgh;
    __m128i words[4];
    for (int index = 0; index < 4; index++) {
      words[index] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * index)), swap);
    }
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      __m128i now = words[group % 4], last = words[(group + 3) % 4];
      __m128i keyed =
          _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(sha256_constants + 4 * group)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, keyed);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(keyed, 0x0E));
      if (group < 12) {
        __m128i sum = _mm_add_epi32(
            _mm_sha256msg1_epu32(now, words[(group + 1) % 4]),
            _mm_alignr_epi8(last, words[(group + 2) % 4], 4));
        words[group % 4] = _mm_sha256msg2_epu32(sum, last);
      }
    }
    abef = _mm_add_epi32(abef, abef0);
    cdgh = _mm_add_epi32(cdgh, cdgh0);
  }

  __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_x86_is_available(void) { return false; }

void sha256_compress_x86(uint32_t *state, const uint8_t *blocks, size_t count) {
  sha256_compress_portable(state, blocks, count);
}

#endif
