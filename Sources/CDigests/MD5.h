#pragma once

#include "Blocks.h"

#include <string.h>

// RFC 1321, step by step: for the plain digest and for the one that goes along with SHA-256.

/// The chaining words between steps.
typedef struct {
  uint32_t a, b, c, d;
} md5_words;

/// floor(2^32 * abs(sin(i))), i = 1...64.
static const uint32_t md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static inline uint32_t md5_load(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/// Keeps the compiler from adding `value`'s terms one by one to what depends on the step before: every addition
/// on that path costs a cycle in each of the 64 steps.
static inline uint32_t md5_settled(uint32_t value) {
  __asm__("" : "+r"(value));
  return value;
}

static inline uint32_t md5_mix(int round, uint32_t b, uint32_t c, uint32_t d) {
  switch (round) {
    case 0: return d ^ (b & (c ^ d));
    // The two halves share no bit, so `+` is `|`; a sum lets the processor start with the half without b.
    case 1: return (c & ~d) + (b & d);
    case 2: return b ^ (c ^ d);
    default: return c ^ (b | ~d);
  }
}

static inline int md5_word_index(int round, int step) {
  switch (round) {
    case 0: return step;
    case 1: return (5 * step + 1) % 16;
    case 2: return (3 * step + 5) % 16;
    default: return (7 * step) % 16;
  }
}

/// One of the 64 steps over a block; `step` is to be known when compiling.
static inline __attribute__((always_inline)) md5_words md5_step(
    md5_words words, const uint8_t *block, int step) {
  static const uint8_t shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  int round = step / 16;
  uint32_t word = md5_load(block + 4 * md5_word_index(round, step % 16));
  uint32_t early = md5_settled(words.a + md5_sines[step] + word);
  uint32_t sum = early + md5_mix(round, words.b, words.c, words.d);
  uint32_t turned = __builtin_rotateleft32(sum, shifts[round][step % 4]);
  return (md5_words){.a = words.d, .b = words.b + turned, .c = words.b, .d = words.c};
}

static inline md5_words md5_add(md5_words left, md5_words right) {
  return (md5_words){left.a + right.a, left.b + right.b, left.c + right.c, left.d + right.d};
}
