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

/// One of the filters that each channel has, for some of the channels.
typedef struct {
  const kernels_window *window;
  const float *weights, *bias;
  /// Floats of weights from one position of the window to the next, and channels that are worked on.
  long weights_step, channels;
  limits input_limits, limits;
} depthwise_filter;

/// The filter `index` of channels `first..<first + channels`.
INLINE depthwise_filter filter_of(const kernels_depthwise *work, long index, long first, long channels) {
  const long all = work->window.input_channels, area = work->window.window_height * work->window.window_width;
  return (depthwise_filter){
      .window = &work->window, .weights = work->weights + index * area * all + first,
      .bias = work->bias ? work->bias + index * all + first : NULL, .weights_step = all, .channels = channels,
      .input_limits = limits_of(work->input_activation), .limits = limits_of(work->activation)};
}

INLINE vector bias_at(const float *bias, long channel, long lanes) {
  return bias ? load_some(bias + channel, lanes) : (vector)0.0f;
}

/// The sum over a window's positions, row by row.
INLINE vector depthwise_sum(
    const depthwise_filter *filter, corner at, inside range, long channel, long lanes) {
  const kernels_window *window = filter->window;
  const long right = window->dilation_x * window->input_stride;
  vector sum = bias_at(filter->bias, channel, lanes);
  for (long dy = range.first_y; dy < range.end_y; dy++) {
    const long line = (at.y + dy * window->dilation_y) * window->input_width + at.x;
    const float *input = at.image + line * window->input_stride + range.first_x * right + channel;
    const float *weights =
        filter->weights + (dy * window->window_width + range.first_x) * filter->weights_step + channel;
    for (long dx = range.first_x; dx < range.end_x; dx++, input += right, weights += filter->weights_step)
      sum += clamped_if(load_some(input, lanes), filter->input_limits) * load_some(weights, lanes);
  }
  return clamped(sum, filter->limits);
}

static void depthwise_pixel(const depthwise_filter *filter, corner at, float *output) {
  const inside range = inside_of(filter->window, at);
  long channel = 0;
  for (; channel + LANES <= filter->channels; channel += LANES)
    store(output + channel, depthwise_sum(filter, at, range, channel, LANES));
  const long rest = filter->channels - channel;
  if (rest > 0) store_some(output + channel, depthwise_sum(filter, at, range, channel, rest), rest);
}

/// All filters of every channel of one output pixel.
static void multiplied_pixel(const kernels_depthwise *work, corner at, float *output) {
  const long channels = work->window.input_channels;
  const inside range = inside_of(&work->window, at);
  for (long index = 0; index < work->multiplier; index++) {
    const depthwise_filter filter = filter_of(work, index, 0, channels);
    for (long channel = 0; channel < channels; channel += LANES) {
      const long lanes = smaller_of(LANES, channels - channel);
      const vector sum = depthwise_sum(&filter, at, range, channel, lanes);
      for (long lane = 0; lane < lanes; lane++) output[(channel + lane) * work->multiplier + index] = sum[lane];
    }
  }
}

/// Neighbouring outputs whose sums are in registers at a time: enough to keep the multipliers busy, and a divisor of the
/// widths that images of 224 pixels lead to. Fewer where a row has not so many.
#define DEPTHWISE_OUTPUTS 7
#define FEW_DEPTHWISE_OUTPUTS 4

/// What neighbouring outputs are computed from, all by value: the compiler cannot know that outputs are not part of what a
/// pointer leads to, and would read it again and again.
typedef struct {
  /// The first of the window's rows in the image, at the corner's column, which may lie outside; and its weights.
  const float *input, *weights, *bias;
  long rows, pixel, line, weights_step;
  /// Columns of the image under the outputs' windows, counted from the corner.
  long first, end;
  limits input_limits, limits;
  float *output;
  long output_stride;
} filter_group;

/// What is known at compile time of a group: that its windows lie inside the image from side to side, or reach over its edges by
/// half a window, as those with zeros all around do; that inputs are not clamped.
typedef enum { WITHIN, OVER_LEFT, OVER_RIGHT, OVER_BOTH, WITHIN_CLAMPED, ANYWHERE } group_kind;

/// Whether the image has column `x` under a group's windows, which are `reach` wide together.
INLINE bool has_column(group_kind kind, const filter_group group, int width, int reach, int x) {
  const bool after_left = x >= width / 2, before_right = x < reach - width / 2;
  switch (kind) {
    case WITHIN:
    case WITHIN_CLAMPED: return true;
    case OVER_LEFT: return after_left;
    case OVER_RIGHT: return before_right;
    case OVER_BOTH: return after_left && before_right;
    case ANYWHERE: return x >= group.first && x < group.end;
  }
}

/// The kind of a group of outputs, of which there are as many as sums in registers.
INLINE group_kind kind_of(const filter_group group, int width, int reach) {
  const bool clamps = group.input_limits.has_minimum || group.input_limits.has_maximum;
  const bool from_start = group.first == 0, to_end = group.end == reach;
  if (from_start && to_end) return clamps ? WITHIN_CLAMPED : WITHIN;
  const bool over_left = group.first == width / 2, over_right = group.end == reach - width / 2;
  if (clamps || !(from_start || over_left) || !(to_end || over_right)) return ANYWHERE;
  return from_start ? OVER_RIGHT : to_end ? OVER_LEFT : OVER_BOTH;
}

/// As many neighbouring outputs of a window. A row's inputs are read once for all of them; each sum is `depthwise_sum`'s.
INLINE void filter_together(
    group_kind kind, int outputs, int width, int step, const filter_group group, long channel, long lanes) {
  const int reach = (outputs - 1) * step + width;
  vector sums[DEPTHWISE_OUTPUTS];
  UNROLLED for (int i = 0; i < outputs; i++) sums[i] = bias_at(group.bias, channel, lanes);
  const float *input = group.input + channel, *taps = group.weights + channel;
  for (long row = 0; row < group.rows; row++, input += group.line, taps += width * group.weights_step) {
    vector weights[7];
    UNROLLED for (int dx = 0; dx < width; dx++) weights[dx] = load_some(taps + dx * group.weights_step, lanes);
    UNROLLED for (int x = 0; x < reach; x++) {
      if (!has_column(kind, group, width, reach, x)) continue;
      // A pixel's next channels come next; no hardware sees that from strides this long.
      __builtin_prefetch(input + x * group.pixel + LINE_FLOATS);
      vector value = load_some(input + x * group.pixel, lanes);
      if (kind == WITHIN_CLAMPED) value = clamped(value, group.input_limits);
      if (kind == ANYWHERE) value = clamped_if(value, group.input_limits);
      UNROLLED for (int i = 0; i < outputs; i++)
        if (x - i * step >= 0 && x - i * step < width) sums[i] += value * weights[x - i * step];
    }
  }
  UNROLLED for (int i = 0; i < outputs; i++)
    store_some(group.output + i * group.output_stride + channel, clamped(sums[i], group.limits), lanes);
}

/// The same for all channels.
INLINE void filter_channels(int outputs, int width, int step, const filter_group group, long channels) {
  const group_kind kind =
      outputs == DEPTHWISE_OUTPUTS ? kind_of(group, width, (outputs - 1) * step + width) : ANYWHERE;
  long channel = 0;
#define EACH(known) \
  case known: \
    for (; channel + LANES <= channels; channel += LANES) \
      filter_together(known, known == ANYWHERE ? outputs : DEPTHWISE_OUTPUTS, width, step, group, channel, LANES); \
    break;
  switch (kind) {
    EACH(WITHIN) EACH(OVER_LEFT) EACH(OVER_RIGHT) EACH(OVER_BOTH) EACH(WITHIN_CLAMPED) EACH(ANYWHERE)
  }
#undef EACH
  if (channel < channels) filter_together(ANYWHERE, outputs, width, step, group, channel, channels - channel);
}

/// `count` neighbouring outputs of a window that is `width` wide and moves by `step` pixels, `outputs` at a time: those at the
/// end with some that are there already, which come out as they were.
INLINE void filter_groups(
    int outputs, int width, int step, const depthwise_filter *filter, corner at, long count, float *output,
    long output_stride) {
  const kernels_window *window = filter->window;
  const inside range = inside_of(window, at);
  const long pixel = window->input_stride, line = window->input_width * pixel;
  filter_group group = {
      .weights = filter->weights + range.first_y * width * filter->weights_step, .bias = filter->bias,
      .rows = range.end_y - range.first_y, .pixel = pixel, .line = line, .weights_step = filter->weights_step,
      .input_limits = filter->input_limits, .limits = filter->limits, .output_stride = output_stride};
  for (long done = 0; done < count; done += outputs) {
    const long start = smaller_of(done, count - outputs), x = at.x + start * step;
    group.input = at.image + (at.y + range.first_y) * line + x * pixel;
    group.first = x < 0 ? -x : 0;
    group.end = smaller_of((outputs - 1) * step + width, window->input_width - x);
    group.output = output + start * output_stride;
    filter_channels(outputs, width, step, group, filter->channels);
  }
}

INLINE void filter_along(
    int width, int step, const depthwise_filter *filter, corner at, long count, float *output,
    long output_stride) {
  if (count >= DEPTHWISE_OUTPUTS)
    return filter_groups(DEPTHWISE_OUTPUTS, width, step, filter, at, count, output, output_stride);
  if (count >= FEW_DEPTHWISE_OUTPUTS)
    return filter_groups(FEW_DEPTHWISE_OUTPUTS, width, step, filter, at, count, output, output_stride);
  for (; count > 0; count--, at.x += step, output += output_stride) depthwise_pixel(filter, at, output);
}

/// All extents of windows and steps that have a function of their own.
#define DEPTHWISE_WINDOWS(DO) DO(3, 1) DO(3, 2) DO(5, 1) DO(5, 2) DO(7, 1) DO(7, 2)

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
#define FIND(width, step) \
  if (window->window_width == width && window->step_x == step) return NAMED(filter_##width##_##step);
  DEPTHWISE_WINDOWS(FIND)
#undef FIND
  return NULL;
}

/// The means of `count` pixels, channel by channel.
INLINE void average_line(const float *pixels, long stride, long count, long channels, float *means) {
  const vector divisor = (vector)(float)count;
  for (long channel = 0; channel < channels; channel += LANES) {
    const long lanes = channels - channel;
    vector sum = 0;
    for (long x = 0; x < count; x++) sum += load_some(pixels + x * stride + channel, lanes);
    store_some(means + channel, sum / divisor, lanes);
  }
}

/// Bytes of the lines under a window that stay in the first-level cache.
#define DEPTHWISE_CACHE (24 << 10)
#define FEW_CHANNELS 64

/// Channels of all lines that are worked on before the next: as many as leave the lines that the next line of outputs reads
/// again in the first-level cache. Where those are few, all: hardware reads ahead along a line, not along its parts.
INLINE long channels_together(const kernels_window *window) {
  const long line = window->window_height * window->input_width * (long)sizeof(float);
  const long fitting = DEPTHWISE_CACHE / line / LANES * LANES;
  return fitting >= FEW_CHANNELS ? fitting : window->input_channels;
}

/// Some outputs of one line, of channels that a filter stands for.
static void filter_line(
    const kernels_depthwise *work, const depthwise_filter *filter, line_filter along, corner at, long count,
    float *output, long output_stride) {
  if (along) along(filter, at, count, output, output_stride);
  else
    for (long x = 0; x < count; x++, at.x += work->window.step_x) {
      if (work->multiplier > 1) multiplied_pixel(work, at, output + x * output_stride);
      else depthwise_pixel(filter, at, output + x * output_stride);
    }
}

static void NAMED(depthwise)(
    const kernels_depthwise *work, float *output, long output_stride, long first, long end) {
  const kernels_window *window = &work->window;
  const long width = window->output_width, all = window->input_channels;
  const long together = work->multiplier > 1 ? all : channels_together(window);
  const line_filter along = line_filter_of(work);
  for (long channel = 0; channel < all; channel += together) {
    const long channels = smaller_of(together, all - channel), results = channels * work->multiplier;
    const depthwise_filter filter = filter_of(work, 0, channel, channels);
    float *target = output + channel;
    long count;
    for (long row = first; row < end; row += count, target += count * output_stride) {
      corner at = corner_of(window, row);
      at.image += channel;
      count = smaller_of(width - row % width, end - row);
      filter_line(work, &filter, along, at, count, target, output_stride);
      finish(work->activation, target, output_stride, count, results);
      if (work->line_means)
        average_line(
            target, output_stride, count, results, work->line_means + row / width * all * work->multiplier + channel);
    }
  }
}
