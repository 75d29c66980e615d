/// Depthwise convolution, and depthwise followed by pointwise while the rows between are still in cache.

/// The window positions of one output pixel that fall inside the image.
typedef struct {
  long first_y, end_y, first_x, end_x;
} inside;

INLINE inside inside_of(const kernels_window *window, corner at) {
  return (inside){
      .first_y = at.y < 0 ? -at.y : 0,
      .end_y = smaller_of(window->window_height, window->input_height - at.y),
      .first_x = at.x < 0 ? -at.x : 0,
      .end_x = smaller_of(window->window_width, window->input_width - at.x)};
}

/// The sum over a window's positions, column by column.
INLINE vector depthwise_sum(
    const kernels_depthwise *work, corner at, inside range, long channel, long lanes) {
  const kernels_window *window = &work->window;
  const limits input_limits = limits_of(work->input_activation);
  vector sum = work->bias ? load_some(work->bias + channel, lanes) : (vector)0.0f;
  for (long dx = range.first_x; dx < range.end_x; dx++)
    for (long dy = range.first_y; dy < range.end_y; dy++) {
      const long pixel = (at.y + dy) * window->input_width + at.x + dx;
      const vector input = load_some(at.image + pixel * window->input_stride + channel, lanes);
      const long tap = dy * window->window_width + dx;
      sum += clamped_if(input, input_limits) * load_some(work->weights + tap * window->input_channels + channel, lanes);
    }
  return clamped(sum, limits_of(work->activation));
}

static void depthwise_pixel(const kernels_depthwise *work, corner at, float *output) {
  const long channels = work->window.input_channels;
  const inside range = inside_of(&work->window, at);
  long channel = 0;
  for (; channel + LANES <= channels; channel += LANES)
    store(output + channel, depthwise_sum(work, at, range, channel, LANES));
  const long rest = channels - channel;
  if (rest > 0) store_some(output + channel, depthwise_sum(work, at, range, channel, rest), rest);
}

/// `count` neighbouring outputs of a 3 x 3 window that moves by one pixel. Every input is read once and added
/// to the three outputs it belongs to, whose sums move through registers; their order is that of
/// `depthwise_sum`.
INLINE void slide_window(
    const kernels_depthwise *work, corner at, long first_y, long end_y, long count, long channel, long lanes,
    float *output, long output_stride) {
  const kernels_window *window = &work->window;
  const vector bias = work->bias ? load_some(work->bias + channel, lanes) : (vector)0.0f;
  vector weights[3][3];
  UNROLLED for (int tap = 0; tap < 9; tap++)
    weights[tap / 3][tap % 3] = load_some(work->weights + tap * window->input_channels + channel, lanes);
  const long row_stride = window->input_width * window->input_stride;
  const float *input = at.image + at.y * row_stride + at.x * window->input_stride + channel;
  const limits input_limits = limits_of(work->input_activation), limits = limits_of(work->activation);
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

static void depthwise_run(
    const kernels_depthwise *work, corner at, long count, float *output, long output_stride) {
  const long channels = work->window.input_channels;
  const inside range = inside_of(&work->window, at);
  long channel = 0;
  if (range.first_y == 0 && range.end_y == 3)
    for (; channel + LANES <= channels; channel += LANES)
      slide_window(work, at, 0, 3, count, channel, LANES, output, output_stride);
  for (; channel + LANES <= channels; channel += LANES)
    slide_window(work, at, range.first_y, range.end_y, count, channel, LANES, output, output_stride);
  if (channel < channels)
    slide_window(
        work, at, range.first_y, range.end_y, count, channel, channels - channel, output, output_stride);
}

static void NAMED(depthwise)(
    const kernels_depthwise *work, float *output, long output_stride, long first, long end) {
  const kernels_window *window = &work->window;
  const bool slides = window->window_height == 3 && window->window_width == 3 && window->step_x == 1;
  long count = 1;
  for (long row = first; row < end; row += count, output += count * output_stride) {
    const corner at = corner_of(window, row);
    if (slides) {
      count = smaller_of(window->output_width - row % window->output_width, end - row);
      depthwise_run(work, at, count, output, output_stride);
    } else {
      depthwise_pixel(work, at, output);
    }
    finish(work->activation, output, output_stride, count, window->input_channels);
  }
}

static void NAMED(separable)(
    const kernels_depthwise *depthwise, const kernels_convolution *pointwise, float *scratch, long first,
    long end) {
  const long channels = depthwise->window.input_channels;
  const long blocks = blocks_of(end - first, KERNELS_ROW_BLOCK);
  for (long index = 0; index < blocks; index++) {
    const long row = first + deal(end - first, blocks, index);
    const long rows = first + deal(end - first, blocks, index + 1) - row;
    NAMED(depthwise)(depthwise, scratch, channels, row, row + rows);
    kernels_convolution block = *pointwise;
    block.window = (kernels_window){
        .input = scratch, .input_height = 1, .input_width = rows, .input_channels = channels,
        .input_stride = channels, .output_height = 1, .output_width = rows, .window_height = 1,
        .window_width = 1, .step_y = 1, .step_x = 1};
    block.output += row * block.output_stride;
    if (block.epilogue.residual) block.epilogue.residual += row * block.epilogue.residual_stride;
    convolve_rows(&block, 0, rows, 0, block.filters);
  }
}
