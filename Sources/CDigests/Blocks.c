#include "Blocks.h"

#include <string.h>

enum { BLOCK = 64, LENGTH_FIELD = 8 };

static void store(uint8_t *target, uint64_t value, size_t bytes, word_order order) {
  for (size_t index = 0; index < bytes; index++) {
    size_t place = order == LITTLE_ENDIAN_WORDS ? index : bytes - 1 - index;
    target[place] = (uint8_t)(value >> (8 * index));
  }
}

void blocks_update(digest_context *context, compression compress, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  size_t filled = context->length % BLOCK;
  context->length += count;
  if (filled > 0) {
    size_t room = BLOCK - filled;
    size_t taken = count < room ? count : room;
    if (taken > 0) memcpy(context->block + filled, next, taken);
    if (taken < room) return;
    compress(context->state, context->block, 1);
    next += taken;
    count -= taken;
  }
  compress(context->state, next, count / BLOCK);
  size_t rest = count % BLOCK;
  if (rest > 0) memcpy(context->block, next + (count - rest), rest);
}

void blocks_finish(
    digest_context *context, compression compress, word_order order, uint8_t *digest, size_t words) {
  size_t filled = context->length % BLOCK;
  uint8_t tail[2 * BLOCK] = {0};
  memcpy(tail, context->block, filled);
  tail[filled] = 0x80;
  size_t blocks = filled + 1 + LENGTH_FIELD <= BLOCK ? 1 : 2;
  store(tail + blocks * BLOCK - LENGTH_FIELD, context->length * 8, LENGTH_FIELD, order);
  compress(context->state, tail, blocks);
  for (size_t word = 0; word < words; word++) store(digest + 4 * word, context->state[word], 4, order);
}
