/// Work that looks at one element, or at the channels of one pixel, at a time.

/// As many pixels as stay in the first-level cache, but one at least.
INLINE long cached_pixels(long channels) { return channels < 4096 ? 4096 / channels : 1; }

/// `x * scale`, and `shift` beside it where there is one, held between limits, for the channels of one pixel.
INLINE void affine_pixel(
    const float *x, const float *scale, const float *shift, limits limits, float *output, long channels) {
  for (long channel = 0; channel < channels; channel += LANES) {
    const long lanes = channels - channel;
    vector value = load_some(x + channel, lanes) * load_some(scale + channel, lanes);
    if (shift) value += load_some(shift + channel, lanes);
    store_some(output + channel, clamped(value, limits), lanes);
  }
}

static void NAMED(affine)(
    const float *x, long x_stride, const float *scale, const float *shift, kernels_activation activation,
    float *output, long output_stride, long pixels, long channels) {
  const limits limits = limits_of(activation);
  const long together = cached_pixels(channels);
  for (long first = 0; first < pixels; first += together) {
    const long end = smaller_of(first + together, pixels);
    for (long pixel = first; pixel < end; pixel++)
      if (shift) affine_pixel(x + pixel * x_stride, scale, shift, limits, output + pixel * output_stride, channels);
      else affine_pixel(x + pixel * x_stride, scale, NULL, limits, output + pixel * output_stride, channels);
    finish(activation, output + first * output_stride, output_stride, end - first, channels);
  }
}

/// One pixel of a combination, whose `y` has as many channels or one.
INLINE void combine_pixel(
    kernels_pairing pairing, bool narrow, bool divides, vector divisor, limits limits, const float *x, const float *y,
    float *output, long channels) {
  for (long channel = 0; channel < channels; channel += LANES) {
    const long lanes = channels - channel;
    const vector a = load_some(x + channel, lanes), b = narrow ? (vector)y[0] : load_some(y + channel, lanes);
    vector value = a;
    switch (pairing) {
      case KERNELS_ADD: value = a + b; break;
      case KERNELS_SUBTRACT: value = a - b; break;
      case KERNELS_MULTIPLY: value = a * b; break;
      case KERNELS_MAXIMUM: value = a == a ? larger(a, b) : a; break;
      case KERNELS_MINIMUM: value = a == a ? smaller(a, b) : a; break;
    }
    if (divides) value /= divisor;
    store_some(output + channel, clamped(value, limits), lanes);
  }
}

INLINE void combine_pixels(kernels_pairing pairing, const kernels_combination *work, long first, long end) {
  // Copied, for the compiler cannot know that the output is not part of the work's description.
  const kernels_combination own = *work;
  const limits limits = limits_of(own.activation);
  const vector divisor = (vector)own.divisor;
  for (long pixel = first; pixel < end; pixel++) {
    const float *x = own.x + pixel * own.x_stride, *y = own.y + pixel * own.y_stride;
    float *output = own.output + pixel * own.output_stride;
    if (own.y_is_narrow) combine_pixel(pairing, true, own.divisor != 1, divisor, limits, x, y, output, own.channels);
    else if (own.divisor != 1) combine_pixel(pairing, false, true, divisor, limits, x, y, output, own.channels);
    else combine_pixel(pairing, false, false, divisor, limits, x, y, output, own.channels);
  }
}

/// The same with each pairing known at compile time.
static void combine_by(const kernels_combination *work, long first, long end) {
  switch (work->pairing) {
    case KERNELS_ADD: return combine_pixels(KERNELS_ADD, work, first, end);
    case KERNELS_SUBTRACT: return combine_pixels(KERNELS_SUBTRACT, work, first, end);
    case KERNELS_MULTIPLY: return combine_pixels(KERNELS_MULTIPLY, work, first, end);
    case KERNELS_MAXIMUM: return combine_pixels(KERNELS_MAXIMUM, work, first, end);
    case KERNELS_MINIMUM: return combine_pixels(KERNELS_MINIMUM, work, first, end);
  }
}

/// Whether all pixels are one row of elements.
INLINE bool is_dense(const kernels_combination *work) {
  return !work->y_is_narrow && work->x_stride == work->channels && work->y_stride == work->channels
         && work->output_stride == work->channels;
}

static void NAMED(combine)(const kernels_combination *work, long first, long end) {
  const long together = cached_pixels(work->channels);
  for (long pixel = first; pixel < end; pixel += together) {
    kernels_combination block = *work;
    long pixels = smaller_of(together, end - pixel);
    block.x += pixel * work->x_stride;
    block.y += pixel * work->y_stride;
    block.output += pixel * work->output_stride;
    if (is_dense(work)) block.channels *= pixels, pixels = 1;
    combine_by(&block, 0, pixels);
    finish(work->activation, block.output, work->output_stride, pixels, block.channels);
  }
}

/// The sum of all lanes.
INLINE float sum_of(vector lanes) {
  typedef float four __attribute__((ext_vector_type(4)));
#if LANES == 16
  typedef float eight __attribute__((ext_vector_type(8)));
  const eight half = lanes.lo + lanes.hi;
  const four rest = half.lo + half.hi;
#elif LANES == 8
  const four rest = lanes.lo + lanes.hi;
#else
  const four rest = lanes;
#endif
  return (rest.x + rest.z) + (rest.y + rest.w);
}

/// Sums that are added to in turns, so that none waits for the one before it.
#define SUM_CHAINS 4

/// The sum over a pixel's channels: of `x - mean`, or of its squares. With a mean of zero and no squares of `x`.
INLINE float channel_sum(const float *x, float mean, bool squares, long channels) {
  vector sums[SUM_CHAINS] = {0};
  long channel = 0;
  for (; channel + SUM_CHAINS * LANES <= channels; channel += SUM_CHAINS * LANES)
    UNROLLED for (int i = 0; i < SUM_CHAINS; i++) {
      const vector value = load(x + channel + i * LANES) - mean;
      sums[i] += squares ? value * value : value;
    }
  for (; channel < channels; channel += LANES) {
    const long lanes = channels - channel;
    const vector value = load_some(x + channel, lanes) - mean;
    const vector kept = lanes < LANES ? (first_lanes(lanes) ? value : (vector)0.0f) : value;
    sums[0] += squares ? kept * kept : kept;
  }
  return sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static void NAMED(standardize)(
    const float *x, long x_stride, float epsilon, const float *scale, const float *shift, float *output,
    long output_stride, long pixels, long channels) {
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) {
    const float mean = channel_sum(x, 0, false, channels) / (float)channels;
    const float variance = channel_sum(x, mean, true, channels) / (float)channels;
    const float factor = 1 / __builtin_sqrtf(variance + epsilon);
    for (long channel = 0; channel < channels; channel += LANES) {
      const long lanes = channels - channel;
      vector value = (load_some(x + channel, lanes) - mean) * factor;
      if (scale) value = value * load_some(scale + channel, lanes) + load_some(shift + channel, lanes);
      store_some(output + channel, value, lanes);
    }
  }
}

static void NAMED(normalize)(
    const float *x, long x_stride, float *output, long output_stride, long pixels, long channels) {
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) {
    const float inverse = 1 / __builtin_sqrtf(channel_sum(x, 0, true, channels));
    const float factor = inverse > 1e12f ? 1e12f : inverse;
    for (long channel = 0; channel < channels; channel += LANES)
      store_some(output + channel, load_some(x + channel, channels - channel) * factor, channels - channel);
  }
}

#define PEAK_CHAINS 10

static long NAMED(measure_peak)(long count, float *sink) {
  // Read from memory: a compiler that knew the numbers would find the fixed point of a chain and drop it.
  vector sums[PEAK_CHAINS], factor = (vector)sink[0], term = (vector)sink[0];
  UNROLLED for (int i = 0; i < PEAK_CHAINS; i++) sums[i] = (vector)(float)i;
  for (long round = 0; round < count; round++) {
    UNROLLED for (int i = 0; i < PEAK_CHAINS; i++) sums[i] = sums[i] * factor + term;
  }
  vector total = 0;
  UNROLLED for (int i = 0; i < PEAK_CHAINS; i++) total += sums[i];
  store_some(sink, total, 1);
  return 2 * PEAK_CHAINS * LANES;
}
