/// The vector type of the instruction set being compiled, and what kernels do with one.
///
/// A variant defines LANES, TILE_ROWS, TILE_VECTORS and VARIANT, sets the target attribute, then includes `Template/Kernels.h`.
#include <string.h>

#include "../include/CKernels.h"

#define CONCATENATED_(name, variant) name##_##variant
#define CONCATENATED(name, variant) CONCATENATED_(name, variant)
/// `name` with the variant's name behind it.
#define NAMED(name) CONCATENATED(name, VARIANT)
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float vector __attribute__((ext_vector_type(LANES)));

INLINE vector load(const float *source) {
  vector result;
  memcpy(&result, source, sizeof result);
  return result;
}

INLINE void store(float *target, vector value) { memcpy(target, &value, sizeof value); }

/// The larger, lane by lane; the second where either is not a number.
INLINE vector larger(vector a, vector b) { return a > b ? a : b; }

/// Negative lanes become zero; what is not a number stays.
INLINE vector rectified(vector value) { return larger((vector)0.0f, value); }

/// Up to LANES floats; the other lanes are zero.
INLINE vector load_some(const float *source, long count) {
  if (count >= LANES) return load(source);
  vector result = 0;
  memcpy(&result, source, (size_t)count * sizeof(float));
  return result;
}

INLINE void store_some(float *target, vector value, long count) {
  if (count >= LANES) return store(target, value);
  memcpy(target, &value, (size_t)count * sizeof(float));
}

INLINE long smaller_of(long a, long b) { return a < b ? a : b; }

/// Columns rounded up to whole vectors.
INLINE long whole_vectors(long columns) { return (columns + LANES - 1) / LANES * LANES; }
