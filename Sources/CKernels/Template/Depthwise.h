/// Depthwise convolution, and depthwise followed by pointwise while the rows between are still in cache.

/// The window positions of one output pixel that fall inside the image.
typedef struct {
  long first_y, end_y, first_x, end_x;
} inside;

/// Positions of a window along one side that fall inside `extent`, from its corner at `at` on.
INLINE void clip(long at, long count, long dilation, long extent, long *first, long *end) {
  const long before = at < 0 ? -at : 0, after = extent - at;
  // Most windows are not dilated, and dividing takes as long as a whole small window.
  *first = dilation == 1 ? before : (before + dilation - 1) / dilation;
  *end = smaller_of(count, dilation == 1 ? after : (after + dilation - 1) / dilation);
}

INLINE inside inside_of(const kernels_window *window, corner at) {
  inside range;
  clip(at.y, window->window_height, window->dilation_y, window->input_height, &range.first_y, &range.end_y);
  clip(at.x, window->window_width, window->dilation_x, window->input_width, &range.first_x, &range.end_x);
  return range;
}

/// One of the filters that each channel has.
typedef struct {
  const kernels_depthwise *work;
  const float *weights, *bias;
  limits input_limits, limits;
} depthwise_filter;

INLINE depthwise_filter filter_of(const kernels_depthwise *work, long index) {
  const long channels = work->window.input_channels, area = work->window.window_height * work->window.window_width;
  return (depthwise_filter){
      .work = work, .weights = work->weights + index * area * channels,
      .bias = work->bias ? work->bias + index * channels : NULL,
      .input_limits = limits_of(work->input_activation), .limits = limits_of(work->activation)};
}

INLINE vector bias_of(const depthwise_filter *filter, long channel, long lanes) {
  return filter->bias ? load_some(filter->bias + channel, lanes) : (vector)0.0f;
}

/// The sum over a window's positions, row by row.
INLINE vector depthwise_sum(
    const depthwise_filter *filter, corner at, inside range, long channel, long lanes) {
  const kernels_window *window = &filter->work->window;
  const long right = window->dilation_x * window->input_stride;
  vector sum = bias_of(filter, channel, lanes);
  for (long dy = range.first_y; dy < range.end_y; dy++) {
    const long line = (at.y + dy * window->dilation_y) * window->input_width + at.x;
    const float *input = at.image + line * window->input_stride + range.first_x * right + channel;
    const float *weights =
        filter->weights + (dy * window->window_width + range.first_x) * window->input_channels + channel;
    for (long dx = range.first_x; dx < range.end_x; dx++, input += right, weights += window->input_channels)
      sum += clamped_if(load_some(input, lanes), filter->input_limits) * load_some(weights, lanes);
  }
  return clamped(sum, filter->limits);
}

static void depthwise_pixel(const depthwise_filter *filter, corner at, float *output) {
  const long channels = filter->work->window.input_channels;
  const inside range = inside_of(&filter->work->window, at);
  long channel = 0;
  for (; channel + LANES <= channels; channel += LANES)
    store(output + channel, depthwise_sum(filter, at, range, channel, LANES));
  const long rest = channels - channel;
  if (rest > 0) store_some(output + channel, depthwise_sum(filter, at, range, channel, rest), rest);
}

/// All filters of every channel of one output pixel.
static void multiplied_pixel(const kernels_depthwise *work, corner at, float *output) {
  const long channels = work->window.input_channels;
  const inside range = inside_of(&work->window, at);
  for (long index = 0; index < work->multiplier; index++) {
    const depthwise_filter filter = filter_of(work, index);
    for (long channel = 0; channel < channels; channel += LANES) {
      const long lanes = smaller_of(LANES, channels - channel);
      const vector sum = depthwise_sum(&filter, at, range, channel, lanes);
      for (long lane = 0; lane < lanes; lane++) output[(channel + lane) * work->multiplier + index] = sum[lane];
    }
  }
}

/// `count` neighbouring outputs of a 3 x 3 window that moves by one pixel. Every input is read once and added
/// to the three outputs it belongs to, whose sums move through registers, column by column of the window.
INLINE void slide_window(
    const depthwise_filter *filter, corner at, long first_y, long end_y, long count, long channel, long lanes,
    float *output, long output_stride) {
  const kernels_window *window = &filter->work->window;
  const vector bias = bias_of(filter, channel, lanes);
  vector weights[3][3];
  UNROLLED for (int tap = 0; tap < 9; tap++)
    weights[tap / 3][tap % 3] = load_some(filter->weights + tap * window->input_channels + channel, lanes);
  const long row_stride = window->input_width * window->input_stride;
  const float *input = at.image + at.y * row_stride + at.x * window->input_stride + channel;
  const limits input_limits = filter->input_limits, limits = filter->limits;
  const long input_stride = window->input_stride, width = window->input_width;
  vector third = bias, second = bias;
  for (long column = 0; column < count + 2; column++, input += input_stride) {
    vector first = bias;
    if (at.x + column >= 0 && at.x + column < width) {
      UNROLLED for (int y = 0; y < 3; y++) {
        if (y < first_y || y >= end_y) continue;
        // A pixel's next channels come next; no hardware sees that from strides this long.
        __builtin_prefetch(input + y * row_stride + LINE_FLOATS);
        const vector value = clamped_if(load_some(input + y * row_stride, lanes), input_limits);
        first += value * weights[y][0];
        second += value * weights[y][1];
        third += value * weights[y][2];
      }
    }
    if (column >= 2)
      store_some(output + (column - 2) * output_stride + channel, clamped(third, limits), lanes);
    third = second;
    second = first;
  }
}

static void slide_along(
    const depthwise_filter *filter, corner at, long count, float *output, long output_stride) {
  const long channels = filter->work->window.input_channels;
  const inside range = inside_of(&filter->work->window, at);
  long channel = 0;
  if (range.first_y == 0 && range.end_y == 3)
    for (; channel + LANES <= channels; channel += LANES)
      slide_window(filter, at, 0, 3, count, channel, LANES, output, output_stride);
  for (; channel + LANES <= channels; channel += LANES)
    slide_window(filter, at, range.first_y, range.end_y, count, channel, LANES, output, output_stride);
  if (channel < channels)
    slide_window(
        filter, at, range.first_y, range.end_y, count, channel, channels - channel, output, output_stride);
}

/// Neighbouring outputs whose sums are in registers at a time.
#define DEPTHWISE_OUTPUTS 4

/// As many neighbouring outputs of a window that lies inside the image from side to side. A row's inputs are read once
/// for all of them; each sum is `depthwise_sum`'s.
INLINE void filter_together(
    int width, int step, const depthwise_filter *filter, corner at, inside range, long channel, long lanes,
    float *output, long output_stride) {
  const kernels_window *window = &filter->work->window;
  vector sums[DEPTHWISE_OUTPUTS];
  UNROLLED for (int i = 0; i < DEPTHWISE_OUTPUTS; i++) sums[i] = bias_of(filter, channel, lanes);
  for (long dy = range.first_y; dy < range.end_y; dy++) {
    const float *input =
        at.image + ((at.y + dy) * window->input_width + at.x) * window->input_stride + channel;
    vector weights[7];
    UNROLLED for (int dx = 0; dx < width; dx++)
      weights[dx] = load_some(filter->weights + (dy * width + dx) * window->input_channels + channel, lanes);
    UNROLLED for (int x = 0; x < (DEPTHWISE_OUTPUTS - 1) * step + width; x++) {
      // As for a window that slides.
      __builtin_prefetch(input + x * window->input_stride + LINE_FLOATS);
      const vector value = clamped_if(load_some(input + x * window->input_stride, lanes), filter->input_limits);
      UNROLLED for (int i = 0; i < DEPTHWISE_OUTPUTS; i++)
        if (x - i * step >= 0 && x - i * step < width) sums[i] += value * weights[x - i * step];
    }
  }
  UNROLLED for (int i = 0; i < DEPTHWISE_OUTPUTS; i++)
    store_some(output + i * output_stride + channel, clamped(sums[i], filter->limits), lanes);
}

/// `count` neighbouring outputs of a window that is `width` wide and moves by `step` pixels.
INLINE void filter_along(
    int width, int step, const depthwise_filter *filter, corner at, long count, float *output,
    long output_stride) {
  const kernels_window *window = &filter->work->window;
  const long channels = window->input_channels;
  const inside range = inside_of(window, at);
  long together;
  for (long done = 0; done < count; done += together, at.x += together * step, output += together * output_stride) {
    together = 1;
    const long reach = at.x + (DEPTHWISE_OUTPUTS - 1) * step + width;
    if (count - done < DEPTHWISE_OUTPUTS || at.x < 0 || reach > window->input_width) {
      depthwise_pixel(filter, at, output);
      continue;
    }
    together = DEPTHWISE_OUTPUTS;
    long channel = 0;
    for (; channel + LANES <= channels; channel += LANES)
      filter_together(width, step, filter, at, range, channel, LANES, output, output_stride);
    if (channel < channels)
      filter_together(width, step, filter, at, range, channel, channels - channel, output, output_stride);
  }
}

/// All extents of windows and steps that have a function of their own.
#define DEPTHWISE_WINDOWS(DO) DO(3, 2) DO(5, 1) DO(5, 2) DO(7, 1) DO(7, 2)

#define DEFINE(width, step) \
  static __attribute__((noinline)) void NAMED(filter_##width##_##step)( \
      const depthwise_filter *filter, corner at, long count, float *output, long output_stride) { \
    filter_along(width, step, filter, at, count, output, output_stride); \
  }
DEPTHWISE_WINDOWS(DEFINE)
#undef DEFINE

typedef void (*line_filter)(
    const depthwise_filter *filter, corner at, long count, float *output, long output_stride);

/// What computes many outputs of a row faster than one by one; null for nothing.
static line_filter line_filter_of(const kernels_depthwise *work) {
  const kernels_window *window = &work->window;
  if (work->multiplier > 1 || window->dilation_y > 1 || window->dilation_x > 1) return NULL;
  if (window->window_width == 3 && window->window_height == 3 && window->step_x == 1) return slide_along;
#define FIND(width, step) \
  if (window->window_width == width && window->step_x == step) return NAMED(filter_##width##_##step);
  DEPTHWISE_WINDOWS(FIND)
#undef FIND
  return NULL;
}

static void NAMED(depthwise)(
    const kernels_depthwise *work, float *output, long output_stride, long first, long end) {
  const kernels_window *window = &work->window;
  const line_filter along = line_filter_of(work);
  const depthwise_filter filter = filter_of(work, 0);
  long count = 1;
  for (long row = first; row < end; row += count, output += count * output_stride) {
    const corner at = corner_of(window, row);
    if (along) {
      count = smaller_of(window->output_width - row % window->output_width, end - row);
      along(&filter, at, count, output, output_stride);
    } else if (work->multiplier > 1) {
      multiplied_pixel(work, at, output);
    } else {
      depthwise_pixel(&filter, at, output);
    }
    finish(work->activation, output, output_stride, count, window->input_channels * work->multiplier);
  }
}

static void NAMED(separable)(
    const kernels_depthwise *depthwise, const kernels_convolution *pointwise, float *scratch, long first,
    long end) {
  const long channels = depthwise->window.input_channels * depthwise->multiplier;
  const long blocks = blocks_of(end - first, KERNELS_ROW_BLOCK);
  for (long index = 0; index < blocks; index++) {
    const long row = first + deal(end - first, blocks, index);
    const long rows = first + deal(end - first, blocks, index + 1) - row;
    NAMED(depthwise)(depthwise, scratch, channels, row, row + rows);
    kernels_convolution block = *pointwise;
    block.window = (kernels_window){
        .input = scratch, .input_height = 1, .input_width = rows, .input_channels = channels,
        .input_stride = channels, .output_height = 1, .output_width = rows, .window_height = 1,
        .window_width = 1, .step_y = 1, .step_x = 1, .dilation_y = 1, .dilation_x = 1};
    block.output += row * block.output_stride;
    if (block.epilogue.residual) block.epilogue.residual += row * block.epilogue.residual_stride;
    convolve_rows(&block, 0, rows, 0, block.filters);
  }
}
