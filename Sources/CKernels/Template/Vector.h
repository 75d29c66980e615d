/// The vector type of the instruction set being compiled, and what kernels do with one.
///
/// A variant defines LANES, TILE_ROWS, TILE_VECTORS and VARIANT, sets the target attribute, then includes `Template/Kernels.h`.
/// Where its instruction set has them it defines ROUGH_INVERSE(x), good to 1e-4, and SCALED_BY_POWER(x, n), which is `x 2^n`.
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

/// The smaller, lane by lane; the second where either is not a number.
INLINE vector smaller(vector a, vector b) { return a < b ? a : b; }

/// A clamp, or none. Both limits are numbers, so that no loop over results has to ask; most clamps have no maximum, and
/// loops over inputs, which are read more than once for each result, ask for that.
typedef struct {
  vector minimum, maximum;
  bool has_minimum, has_maximum;
} limits;

INLINE limits limits_of(kernels_activation activation) {
  const bool clamps = activation.function == KERNELS_CLAMP;
  const float infinity = __builtin_inff();
  return (limits){
      .minimum = clamps ? activation.minimum : -infinity, .maximum = clamps ? activation.maximum : infinity,
      .has_minimum = clamps && activation.minimum > -infinity, .has_maximum = clamps && activation.maximum < infinity};
}

/// What lies outside the limits becomes the limit; what is not a number stays.
INLINE vector clamped(vector value, limits limits) {
  return smaller(limits.maximum, larger(limits.minimum, value));
}

/// The same where limits are rarely there.
INLINE vector clamped_if(vector value, limits limits) {
  if (limits.has_minimum) value = larger(limits.minimum, value);
  return limits.has_maximum ? smaller(limits.maximum, value) : value;
}

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
