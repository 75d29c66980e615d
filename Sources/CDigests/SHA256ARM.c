#include "SHA256.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

bool sha256_arm_is_available(void) {
#if defined(__APPLE__)
  return true;
#elif defined(__linux__)
  return getauxval(AT_HWCAP) >> 6 & 1;  // HWCAP_SHA2
#else
  return false;
#endif
}

__attribute__((target("sha2"))) void sha256_compress_arm(
    uint32_t *state, const uint8_t *blocks, size_t count) {
  uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
  for (; count > 0; count--, blocks += 64) {
    const uint32x4_t abcd0 = abcd, efgh0 = efgh;
    uint32x4_t words[4];
    for (int index = 0; index < 4; index++) {
      words[index] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks + 16 * index)));
    }
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      uint32x4_t keyed = vaddq_u32(words[group % 4], vld1q_u32(sha256_constants + 4 * group));
      uint32x4_t before = abcd;
      abcd = vsha256hq_u32(abcd, efgh, keyed);
      efgh = vsha256h2q_u32(efgh, before, keyed);
      if (group < 12) {
        uint32x4_t half = vsha256su0q_u32(words[group % 4], words[(group + 1) % 4]);
        words[group % 4] = vsha256su1q_u32(half, words[(group + 2) % 4], words[(group + 3) % 4]);
      }
    }
    abcd = vaddq_u32(abcd, abcd0);
    efgh = vaddq_u32(efgh, efgh0);
  }
  vst1q_u32(state, abcd);
  vst1q_u32(state + 4, efgh);
}

#else

bool sha256_arm_is_available(void) { return false; }

void sha256_compress_arm(uint32_t *state, const uint8_t *blocks, size_t count) {
  sha256_compress_portable(state, blocks, count);
}

#endif
