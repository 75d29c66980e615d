#include "MD5.h"

static void compress(uint32_t *state, const uint8_t *blocks, size_t count) {
  md5_words words = {state[0], state[1], state[2], state[3]};
  for (; count > 0; count--, blocks += 64) {
    md5_words before = words;
#pragma clang loop unroll(full)
    for (int step = 0; step < 64; step++) words = md5_step(words, blocks, step);
    words = md5_add(words, before);
  }
  state[0] = words.a;
  state[1] = words.b;
  state[2] = words.c;
  state[3] = words.d;
}

void md5_begin(digest_context *context) {
  *context = (digest_context){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

void md5_update(digest_context *context, const void *bytes, size_t count) {
  blocks_update(context, compress, bytes, count);
}

void md5_finish(digest_context *context, uint8_t *digest) {
  blocks_finish(context, compress, LITTLE_ENDIAN_WORDS, digest, 4);
}
