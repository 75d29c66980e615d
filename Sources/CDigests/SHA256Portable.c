#include "SHA256.h"

static inline uint32_t rotate(uint32_t value, int by) { return value >> by | value << (32 - by); }

static inline uint32_t load(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

/// FIPS 180-4, section 6.2.2, step 1.
static void expand(uint32_t words[64], const uint8_t *block) {
  for (int t = 0; t < 16; t++) words[t] = load(block + 4 * t);
  for (int t = 16; t < 64; t++) {
    uint32_t near = words[t - 2], far = words[t - 15];
    uint32_t sigma1 = rotate(near, 17) ^ rotate(near, 19) ^ near >> 10;
    uint32_t sigma0 = rotate(far, 7) ^ rotate(far, 18) ^ far >> 3;
    words[t] = sigma1 + words[t - 7] + sigma0 + words[t - 16];
  }
}

void sha256_compress_portable(uint32_t *state, const uint8_t *blocks, size_t count) {
  for (; count > 0; count--, blocks += 64) {
    uint32_t words[64];
    expand(words, blocks);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
      uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      uint32_t choice = g ^ (e & (f ^ g));
      uint32_t majority = (a & b) | (c & (a | b));
      uint32_t t1 = h + sum1 + choice + sha256_constants[t] + words[t];
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + sum0 + majority;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}
