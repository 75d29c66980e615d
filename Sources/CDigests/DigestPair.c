#include "MD5.h"
#include "SHA256x86.h"

enum { BLOCK = 64 };

static void update_each(
    digest_context *md5, digest_context *sha256, sha256_variant variant, const uint8_t *bytes, size_t count) {
  md5_update(md5, bytes, count);
  sha256_update(sha256, variant, bytes, count);
}

#if defined(__x86_64__)

// Every step of either digest waits for the one before it. Done in turns, each fills the other's waiting time:
// both together take little longer than MD5 alone.
SHA256_X86 static void compress_both(
    uint32_t *md5_state, uint32_t *sha256_state, const uint8_t *blocks, size_t count) {
  md5_words words = {md5_state[0], md5_state[1], md5_state[2], md5_state[3]};
  sha256_pairs pairs = sha256_load_pairs(sha256_state);
  for (; count > 0; count--, blocks += BLOCK) {
    md5_words words_before = words;
    sha256_pairs pairs_before = pairs;
    __m128i schedule[4];
    sha256_load_block(schedule, blocks);
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      pairs = sha256_group(pairs, schedule, group);
      words = md5_step(words, blocks, 4 * group);
      words = md5_step(words, blocks, 4 * group + 1);
      words = md5_step(words, blocks, 4 * group + 2);
      words = md5_step(words, blocks, 4 * group + 3);
    }
    words = md5_add(words, words_before);
    pairs = sha256_add(pairs, pairs_before);
  }
  md5_state[0] = words.a;
  md5_state[1] = words.b;
  md5_state[2] = words.c;
  md5_state[3] = words.d;
  sha256_store_pairs(sha256_state, pairs);
}

void digest_pair_update(
    digest_context *md5, digest_context *sha256, sha256_variant variant, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  size_t missing = (BLOCK - md5->length % BLOCK) % BLOCK;
  if (variant != SHA256_X86_SHA_EXTENSIONS || md5->length != sha256->length || count < missing + BLOCK) {
    update_each(md5, sha256, variant, next, count);
    return;
  }
  update_each(md5, sha256, variant, next, missing);
  size_t whole = (count - missing) / BLOCK;
  compress_both(md5->state, sha256->state, next + missing, whole);
  md5->length += whole * BLOCK;
  sha256->length += whole * BLOCK;
  size_t done = missing + whole * BLOCK;
  update_each(md5, sha256, variant, next + done, count - done);
}

#else

void digest_pair_update(
    digest_context *md5, digest_context *sha256, sha256_variant variant, const void *bytes, size_t count) {
  update_each(md5, sha256, variant, bytes, count);
}

#endif
