/// Activation functions of vectors. Each is the formula that Keras has for it, infinities and what is not a number
/// included, to within six units in the last place, most of them three.

typedef int integers __attribute__((ext_vector_type(LANES)));
typedef unsigned words __attribute__((ext_vector_type(LANES)));

INLINE vector magnitude(vector x) { return (vector)((words)x & 0x7fffffffu); }
INLINE vector with_sign_of(vector x, vector sign) { return (vector)((words)x | ((words)sign & 0x80000000u)); }

/// 2 to the power of whole numbers from -126 to 127.
INLINE vector power_of_two(words exponent) { return (vector)((exponent + 127u) << 23); }

/// A number that leaves no room behind the point for what is added to it.
#define ROUNDING 12582912.0f

/// How often the logarithm of 2 is in x, to the nearest whole number, plus ROUNDING.
INLINE vector rounded_times(vector x) { return x * 0x1.715476p+0f + ROUNDING; }

/// Takes as many times the logarithm of 2 from `x - less` as leaves at most half of it; `count` says how many.
INLINE vector reduced(vector x, vector less, words *count) {
  const vector rounded = rounded_times(x), times = rounded - ROUNDING;
  *count = (words)rounded - (words)(vector)ROUNDING;
  // The logarithm in two parts; the first has few enough digits for its multiples to be exact.
  return x - times * 0x1.63p-1f - times * -0x1.bd0106p-13f - less;
}

/// e to the power of x, less one, for x of at most half the logarithm of 2: a minimax polynomial, good to 1.3e-8.
INLINE vector short_power(vector x) {
  vector sum = 0x1.6bebfap-10f * x + 0x1.1227bp-7f;
  sum = sum * x + 0x1.555674p-5f;
  sum = sum * x + 0x1.5554bp-3f;
  sum = sum * x + 0x1.fffffep-2f;
  return sum * x * x + x;
}

/// e to the power of `x - less`, where `less` is small.
INLINE vector power_less(vector x, vector less) {
  words count;
  const vector rest = reduced(smaller((vector)89.0f, larger((vector)-104.0f, x)), less, &count);
  // Twice half the exponent: results may be too small, or their factor too large, for one.
  const words half = (words)((integers)count >> 1);
  return (short_power(rest) + 1) * power_of_two(half) * power_of_two(count - half);
}

INLINE vector power(vector x) { return power_less(x, (vector)0.0f); }

/// The same for x of at most zero, where one factor will do: results that are too small for it are made 2^32 times as large first.
INLINE vector fraction_less(vector x, vector less) {
  words count;
  const vector limited = larger((vector)-104.0f, x), rest = reduced(limited, less, &count);
#ifdef SCALED_BY_POWER
  return SCALED_BY_POWER(short_power(rest) + 1, rounded_times(limited) - ROUNDING);
#else
  return (short_power(rest) + 1) * power_of_two(count + 32u) * 0x1p-32f;
#endif
}

INLINE vector fraction(vector x) { return fraction_less(x, (vector)0.0f); }

/// e to the power of x, less one, for x of at most zero.
INLINE vector power_below_one(vector x) {
  words count;
  const vector rest = reduced(larger((vector)-30.0f, x), (vector)0.0f, &count), factor = power_of_two(count);
  return factor * short_power(rest) + (factor - 1);
}

/// log(1 + x) for x from zero to one, from the series of the inverse hyperbolic tangent.
INLINE vector short_logarithm(vector x) {
  const vector ratio = x / (x + 2), square = ratio * ratio;
  vector sum = 0x1.1ed98ap-3f * square + 0x1.1ebcb8p-3f;
  sum = sum * square + 0x1.99d20ep-3f;
  sum = sum * square + 0x1.555502p-2f;
  return 2 * (sum * square * ratio + ratio);
}

/// `1 / x` from a first guess whose relative error is `error`, which comes out to the power of 4. Several times faster than a
/// division, of which a processor begins one at a time.
INLINE vector better_inverse(vector guess, vector error) {
  const vector closer = guess + guess * error;
  return closer + closer * (error * error);
}

/// `1 / (1 + x)` for x from zero to one, to within 1e-8: the guess is off by a hundredth at most, as Chebyshev's
/// polynomial of degree 3 is.
INLINE vector inverse_beyond_one(vector x) {
#ifdef ROUGH_INVERSE
  const vector near = ROUGH_INVERSE(1 + x);
  return near + near * (1 - (near + near * x));
#endif
  const vector guess = (32.0f / 99 * x - 80.0f / 99) * x + 98.0f / 99;
  return better_inverse(guess, 1 - (guess + guess * x));
}

/// `1 / x` for positive x that are neither huge nor tiny, to within 3e-4. The bits of a number are about its logarithm.
INLINE vector rough_inverse(vector x) {
#ifdef ROUGH_INVERSE
  return ROUGH_INVERSE(x);
#endif
  const vector guess = (vector)(0x7ef311c7u - (words)x);
  return better_inverse(guess, 1 - guess * x);
}

/// `factor / (1 + e^-x)`, with every digit on both sides.
INLINE vector times_sigmoid(vector factor, vector x) {
  const vector small = fraction(-magnitude(x));
  return factor * (x < 0 ? small : (vector)1.0f) * inverse_beyond_one(small);
}

/// The normal distribution's share below x. With t = 1 / (1 + 0.35 |x|), what lies beyond |x| is
/// exp(-x^2 / 2) t P(t): a minimax polynomial, good to 3.6e-8, and exact for x of zero.
INLINE vector normal_share(vector x) {
  const vector distance = smaller((vector)20.0f, magnitude(x)), step = 0.35f * distance;
  const vector near = rough_inverse(1 + step);
  // Newton's step finds the digits that are missing, and those that the sum with one lost.
  const vector t = near + near * ((1 - near) - near * step);
  vector sum = -0x1.d9cd38p-6f * t + 0x1.24ce38p-3f;
  sum = sum * t - 0x1.03f4d6p-2f;
  sum = sum * t + 0x1.422772p-3f;
  sum = sum * t - 0x1.682840p-6f;
  sum = sum * t + 0x1.ae7966p-4f;
  sum = sum * t + 0x1.eb32bep-4f;
  sum = sum * t + 0x1.1e6a88p-3f;
  sum = sum * t + 0x1.1df216p-3f;
  // The square in two parts, the first of them exact: a power has as few wrong digits as its exponent.
  const vector head = (vector)((words)distance & 0xfffff000u), tail = (distance - head) * (distance + head);
  const vector beyond = fraction_less(head * head * -0.5f, tail * 0.5f) * t * sum;
  return x < 0 ? beyond : 1 - beyond;
}

/// The constants of a function that has none.
#define ALONE [[maybe_unused]] kernels_activation a

INLINE vector relu_of(vector x, kernels_activation a) {
  return x > a.offset ? smaller((vector)a.maximum, x) : a.slope * (x - a.offset);
}

INLINE vector elu_of(vector x, kernels_activation a) { return x > 0 ? a.slope * x : -a.minimum * power_below_one(x); }

INLINE vector hard_sigmoid_of(vector x, kernels_activation a) {
  return smaller((vector)1.0f, larger((vector)0.0f, x * a.slope + a.offset));
}

INLINE vector hard_silu_of(vector x, kernels_activation a) { return x * hard_sigmoid_of(x, a); }

INLINE vector sigmoid_of(vector x, ALONE) { return times_sigmoid((vector)1.0f, x); }

INLINE vector silu_of(vector x, ALONE) { return times_sigmoid(x, x); }

INLINE vector tanh_of(vector x, ALONE) {
  const vector less = power_below_one(-2 * magnitude(x));
  return with_sign_of(-less / (2 + less), x);
}

INLINE vector softplus_of(vector x, ALONE) {
  return larger((vector)0.0f, x) + short_logarithm(fraction(-magnitude(x)));
}

/// x tanh(log(1 + e^x)) is x n / (n + 2) with n = e^x (e^x + 2).
INLINE vector mish_of(vector x, ALONE) {
  const vector e = power(smaller((vector)20.0f, x)), n = e * (e + 2);
  return x * (n / (n + 2));
}

INLINE vector softsign_of(vector x, ALONE) { return x / (1 + magnitude(x)); }

INLINE vector exponential_of(vector x, ALONE) { return power(x); }

INLINE vector gelu_of(vector x, ALONE) { return x * normal_share(x); }

/// (1 + tanh(u)) / 2 is the sigmoid of 2 u.
INLINE vector gelu_by_tanh_of(vector x, ALONE) {
  return times_sigmoid(x, x * (0x1.2444f2p-4f * x * x + 0x1.988454p+0f));
}

INLINE vector clamp_of(vector x, kernels_activation a) { return clamped(x, limits_of(a)); }

/// All functions but the one that changes nothing.
#define ACTIVATIONS(DO) \
  DO(KERNELS_CLAMP, clamp) \
  DO(KERNELS_RELU, relu) \
  DO(KERNELS_ELU, elu) \
  DO(KERNELS_HARD_SIGMOID, hard_sigmoid) \
  DO(KERNELS_HARD_SILU, hard_silu) \
  DO(KERNELS_SIGMOID, sigmoid) \
  DO(KERNELS_SILU, silu) \
  DO(KERNELS_TANH, tanh) \
  DO(KERNELS_SOFTPLUS, softplus) \
  DO(KERNELS_MISH, mish) \
  DO(KERNELS_SOFTSIGN, softsign) \
  DO(KERNELS_EXPONENTIAL, exponential) \
  DO(KERNELS_GELU, gelu) \
  DO(KERNELS_GELU_BY_TANH, gelu_by_tanh)

#define DEFINE(function, name) \
  static __attribute__((noinline)) void NAMED(name##_all)( \
      kernels_activation activation, const float *x, long x_stride, float *output, long output_stride, \
      long pixels, long channels) { \
    for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) { \
      long channel = 0; \
      for (; channel + LANES <= channels; channel += LANES) \
        store(output + channel, name##_of(load(x + channel), activation)); \
      const long rest = channels - channel; \
      if (rest > 0) store_some(output + channel, name##_of(load_some(x + channel, rest), activation), rest); \
    } \
  }
ACTIVATIONS(DEFINE)
#undef DEFINE

static void NAMED(activate)(
    kernels_activation activation, const float *x, long x_stride, float *output, long output_stride, long pixels,
    long channels) {
  if (x_stride == channels && output_stride == channels) channels *= pixels, pixels = pixels > 0;
  switch (activation.function) {
    case KERNELS_LINEAR:
      for (long pixel = 0; pixel < pixels && x != output; pixel++)
        memcpy(output + pixel * output_stride, x + pixel * x_stride, (size_t)channels * sizeof(float));
      return;
#define CASE(function, name) \
  case function: return NAMED(name##_all)(activation, x, x_stride, output, output_stride, pixels, channels);
    ACTIVATIONS(CASE)
#undef CASE
  }
}

/// Applies to results that have just been written, and are still in cache, what is not done in registers before.
INLINE void finish(
    kernels_activation activation, float *output, long output_stride, long pixels, long channels) {
  if (activation.function > KERNELS_CLAMP)
    NAMED(activate)(activation, output, output_stride, output, output_stride, pixels, channels);
}

/// The lanes below `count`, all bits set.
INLINE integers first_lanes(long count) {
  integers result;
  UNROLLED for (int lane = 0; lane < LANES; lane++) result[lane] = lane < count ? -1 : 0;
  return result;
}

static void NAMED(softmax)(
    const float *x, long x_stride, float *output, long output_stride, long pixels, long channels) {
  const long whole = channels / LANES * LANES, rest = channels - whole;
  const integers last = first_lanes(rest);
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) {
    vector largest = -__builtin_inff(), sum = 0;
    for (long channel = 0; channel < whole; channel += LANES) largest = larger(largest, load(x + channel));
    if (rest > 0) largest = last ? larger(largest, load_some(x + whole, rest)) : largest;
    float top = largest[0], total = 0;
    UNROLLED for (int lane = 1; lane < LANES; lane++) top = largest[lane] > top ? largest[lane] : top;
    for (long channel = 0; channel < whole; channel += LANES) {
      const vector value = fraction(load(x + channel) - top);
      store(output + channel, value);
      sum += value;
    }
    if (rest > 0) {
      const vector value = fraction(load_some(x + whole, rest) - top);
      store_some(output + whole, value, rest);
      sum += last ? value : (vector)0.0f;
    }
    UNROLLED for (int lane = 0; lane < LANES; lane++) total += sum[lane];
    for (long channel = 0; channel < whole; channel += LANES)
      store(output + channel, load(output + channel) / total);
    if (rest > 0) store_some(output + whole, load_some(output + whole, rest) / total, rest);
  }
}
