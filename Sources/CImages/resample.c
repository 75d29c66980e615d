#include "CImages.h"

#include <string.h>

// Sums are exact integers, so every instruction set gives the same bytes.
enum { precision = 22, half = 1 << (precision - 1) };

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int32_t words4 __attribute__((vector_size(16)));
typedef int32_t words16 __attribute__((vector_size(64)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// A macro, because it serves vectors of two lengths.
#define CLAMPED(sum) \
  __builtin_elementwise_min(__builtin_elementwise_max((sum) >> precision, (sum) - (sum)), (sum) - (sum) + 255)

// One pixel, its fourth lane whatever follows it. The caller says how many bytes may be read.
ALWAYS_INLINE words4 pixel(const uint8_t *source, size_t byte_count) {
  bytes4 bytes = {0};
  memcpy(&bytes, source, byte_count);
  return __builtin_convertvector(bytes, words4);
}

ALWAYS_INLINE void stretch_row(const uint8_t *source, const cimages_weights *weights, uint8_t *target) {
  for (size_t i = 0; i < weights->size; i += 1) {
    const uint8_t *from = source + 3 * (size_t)weights->starts[i];
    const int32_t *weight = weights->values + weights->capacity * i;
    size_t last = (size_t)weights->counts[i] - 1;
    words4 sum = {half, half, half, 0};
    for (size_t k = 0; k < last; k += 1) sum += pixel(from + 3 * k, 4) * weight[k];
    sum += pixel(from + 3 * last, 3) * weight[last];
    bytes4 bytes = __builtin_convertvector(CLAMPED(sum), bytes4);
    memcpy(target + 3 * i, &bytes, 3);
  }
}

ALWAYS_INLINE void blend_row(
    const uint8_t *source, size_t stride, const int32_t *weight, size_t count, uint8_t *target) {
  size_t x = 0;
  for (; x + 16 <= stride; x += 16) {
    words16 sum = (words16){0} + half;
    for (size_t k = 0; k < count; k += 1) {
      bytes16 bytes;
      memcpy(&bytes, source + stride * k + x, 16);
      sum += __builtin_convertvector(bytes, words16) * weight[k];
    }
    bytes16 bytes = __builtin_convertvector(CLAMPED(sum), bytes16);
    memcpy(target + x, &bytes, 16);
  }
  for (; x < stride; x += 1) {
    int32_t sum = half;
    for (size_t k = 0; k < count; k += 1) sum += source[stride * k + x] * weight[k];
    sum >>= precision;
    target[x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
  }
}

ALWAYS_INLINE void stretch_rows(
    const uint8_t *source, size_t width, size_t height, const cimages_weights *weights, uint8_t *target) {
  for (size_t y = 0; y < height; y += 1)
    stretch_row(source + 3 * width * y, weights, target + 3 * weights->size * y);
}

ALWAYS_INLINE void blend_rows(
    const uint8_t *source, size_t stride, const cimages_weights *weights, uint8_t *target) {
  for (size_t y = 0; y < weights->size; y += 1)
    blend_row(
        source + stride * (size_t)weights->starts[y], stride, weights->values + weights->capacity * y,
        (size_t)weights->counts[y], target + stride * y);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void stretch_rows_avx2(
    const uint8_t *source, size_t width, size_t height, const cimages_weights *weights, uint8_t *target) {
  stretch_rows(source, width, height, weights, target);
}

__attribute__((target("avx2"))) static void blend_rows_avx2(
    const uint8_t *source, size_t stride, const cimages_weights *weights, uint8_t *target) {
  blend_rows(source, stride, weights, target);
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#else
static int has_avx2(void) { return 0; }
#define stretch_rows_avx2 stretch_rows
#define blend_rows_avx2 blend_rows
#endif

void cimages_resample_columns(
    const uint8_t *source, size_t width, size_t height, const cimages_weights *weights, uint8_t *target) {
  if (has_avx2()) stretch_rows_avx2(source, width, height, weights, target);
  else stretch_rows(source, width, height, weights, target);
}

void cimages_resample_rows(
    const uint8_t *source, size_t width, const cimages_weights *weights, uint8_t *target) {
  if (has_avx2()) blend_rows_avx2(source, 3 * width, weights, target);
  else blend_rows(source, 3 * width, weights, target);
}
