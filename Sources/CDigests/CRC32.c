#include "include/CDigests.h"

// CRC-32 is the remainder of a division of polynomials. Blocks of 16 bytes can be folded into the ones some way
// behind them with two products each, and only the last 16 bytes need be divided (Gopal et al., "Fast CRC
// computation for generic polynomials using PCLMULQDQ instruction", Intel, 2009).

#if defined(__x86_64__)

#include <immintrin.h>

#define CRC32_X86 __attribute__((target("pclmul,sse4.1")))
#define CRC32_X86_STEP static inline __attribute__((always_inline, target("pclmul,sse4.1")))

enum { FOLDED_LANES = 4, LANE_BYTES = 16, SMALLEST = 2 * FOLDED_LANES * LANE_BYTES };

bool crc32_is_accelerated(void) {
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

/// `lane` moved on by as many bytes as `factors` are for, plus what is there.
CRC32_X86_STEP __m128i fold(__m128i lane, __m128i factors, __m128i there) {
  __m128i low = _mm_clmulepi64_si128(lane, factors, 0x00), high = _mm_clmulepi64_si128(lane, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), there);
}

CRC32_X86_STEP __m128i load_lane(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

/// The remainder of 16 bytes: to 8 bytes by a fold, to 4 by Barrett's reduction.
CRC32_X86_STEP uint32_t remainder_of(__m128i lane) {
  const __m128i even_words = _mm_setr_epi32(-1, 0, -1, 0);
  const __m128i by_8_bytes = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  lane = _mm_xor_si128(_mm_clmulepi64_si128(lane, by_8_bytes, 0x10), _mm_srli_si128(lane, 8));
  const __m128i by_4_bytes = _mm_set_epi64x(0, 0x0163cd6124);
  __m128i rest = _mm_srli_si128(lane, 4);
  lane = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(lane, even_words), by_4_bytes, 0x00), rest);
  const __m128i polynomial_and_inverse = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(lane, even_words), polynomial_and_inverse, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, even_words), polynomial_and_inverse, 0x00);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(lane, quotient), 1);
}

CRC32_X86 static size_t update(uint32_t *value, const uint8_t *bytes, size_t count) {
  const __m128i by_64_bytes = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by_16_bytes = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  if (count < SMALLEST) return 0;
  __m128i lanes[FOLDED_LANES];
  for (int i = 0; i < FOLDED_LANES; i++) lanes[i] = load_lane(bytes + LANE_BYTES * i);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)~*value));
  size_t done = FOLDED_LANES * LANE_BYTES;
  for (; count - done >= FOLDED_LANES * LANE_BYTES; done += FOLDED_LANES * LANE_BYTES)
    for (int i = 0; i < FOLDED_LANES; i++)
      lanes[i] = fold(lanes[i], by_64_bytes, load_lane(bytes + done + LANE_BYTES * (size_t)i));
  __m128i lane = lanes[0];
  for (int i = 1; i < FOLDED_LANES; i++) lane = fold(lane, by_16_bytes, lanes[i]);
  for (; count - done >= LANE_BYTES; done += LANE_BYTES)
    lane = fold(lane, by_16_bytes, load_lane(bytes + done));
  *value = ~remainder_of(lane);
  return done;
}

#elif defined(__aarch64__)

#include <string.h>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

bool crc32_is_accelerated(void) {
#if defined(__APPLE__)
  return true;
#elif defined(__linux__)
  return getauxval(AT_HWCAP) >> 7 & 1;  // HWCAP_CRC32
#else
  return false;
#endif
}

__attribute__((target("crc"))) static size_t update(uint32_t *value, const uint8_t *bytes, size_t count) {
  uint32_t state = ~*value;
  size_t done = 0;
  for (; count - done >= sizeof(uint64_t); done += sizeof(uint64_t)) {
    uint64_t word;
    memcpy(&word, bytes + done, sizeof word);
    state = __builtin_arm_crc32d(state, word);
  }
  *value = ~state;
  return done;
}

#else

bool crc32_is_accelerated(void) { return false; }

static size_t update(uint32_t *value, const uint8_t *bytes, size_t count) {
  (void)value, (void)bytes, (void)count;
  return 0;
}

#endif

size_t crc32_update_accelerated(uint32_t *value, const void *bytes, size_t count) {
  return update(value, bytes, count);
}
