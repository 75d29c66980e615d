/// Work that looks at one element, or at the channels of one pixel, at a time.

static void NAMED(affine)(
    const float *x, long x_stride, const float *scale, const float *shift, kernels_activation activation,
    float *output, long output_stride, long pixels, long channels) {
  const limits limits = limits_of(activation);
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) {
    for (long channel = 0; channel < channels; channel += LANES) {
      const long lanes = channels - channel;
      const vector value = load_some(x + channel, lanes) * load_some(scale + channel, lanes)
                           + load_some(shift + channel, lanes);
      store_some(output + channel, clamped(value, limits), lanes);
    }
    finish(activation, output, output_stride, 1, channels);
  }
}

static void NAMED(add)(
    const float *x, long x_stride, const float *y, long y_stride, kernels_activation activation, float *output,
    long output_stride, long pixels, long channels) {
  const limits limits = limits_of(activation);
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, y += y_stride, output += output_stride) {
    for (long channel = 0; channel < channels; channel += LANES) {
      const long lanes = channels - channel;
      const vector value = load_some(x + channel, lanes) + load_some(y + channel, lanes);
      store_some(output + channel, clamped(value, limits), lanes);
    }
    finish(activation, output, output_stride, 1, channels);
  }
}

static void NAMED(normalize)(
    const float *x, long x_stride, float *output, long output_stride, long pixels, long channels) {
  for (long pixel = 0; pixel < pixels; pixel++, x += x_stride, output += output_stride) {
    vector squares = 0;
    for (long channel = 0; channel < channels; channel += LANES) {
      const vector value = load_some(x + channel, channels - channel);
      squares += value * value;
    }
    float sum = 0;
    UNROLLED for (int lane = 0; lane < LANES; lane++) sum += squares[lane];
    const float inverse = 1 / __builtin_sqrtf(sum), factor = inverse > 1e12f ? 1e12f : inverse;
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
