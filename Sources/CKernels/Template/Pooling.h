/// Maximum and average, over windows and over whole images.

INLINE vector window_max(
    const kernels_pooling *work, corner at, inside range, bool clipped, long channel, long lanes) {
  const kernels_window *window = &work->window;
  vector result = clipped ? (vector)work->outside : (vector)-__builtin_inff();
  for (long y = at.y + range.first_y; y < at.y + range.end_y; y++)
    for (long x = at.x + range.first_x; x < at.x + range.end_x; x++)
      result = larger(
          result, load_some(at.image + (y * window->input_width + x) * window->input_stride + channel, lanes));
  return result;
}

/// The sum of a window's pixels, row by row.
INLINE vector window_sum(const kernels_window *window, corner at, inside range, long channel, long lanes) {
  vector result = 0;
  for (long y = at.y + range.first_y; y < at.y + range.end_y; y++) {
    vector line = 0;
    for (long x = at.x + range.first_x; x < at.x + range.end_x; x++)
      line += load_some(at.image + (y * window->input_width + x) * window->input_stride + channel, lanes);
    result += line;
  }
  return result;
}

INLINE long area(inside range) { return (range.end_y - range.first_y) * (range.end_x - range.first_x); }

static void NAMED(max_pool)(const kernels_pooling *work, long first, long end) {
  const kernels_window *window = &work->window;
  const long channels = window->input_channels;
  for (long row = first; row < end; row++) {
    const corner at = corner_of(window, row);
    const inside range = inside_of(window, at);
    const bool clipped = area(range) < window->window_height * window->window_width;
    float *output = work->output + row * work->output_stride;
    long channel = 0;
    for (; channel + LANES <= channels; channel += LANES)
      store(output + channel, window_max(work, at, range, clipped, channel, LANES));
    if (channel < channels)
      store_some(
          output + channel, window_max(work, at, range, clipped, channel, channels - channel),
          channels - channel);
  }
}

/// The mean of the pixels in `range`, for every channel.
INLINE void average_pixel(const kernels_window *window, corner at, inside range, float *output) {
  const long channels = window->input_channels;
  const vector count = (vector)(float)area(range);
  long channel = 0;
  for (; channel + LANES <= channels; channel += LANES)
    store(output + channel, window_sum(window, at, range, channel, LANES) / count);
  const long rest = channels - channel;
  if (rest > 0)
    store_some(output + channel, window_sum(window, at, range, channel, rest) / count, rest);
}

static void NAMED(average_pool)(const kernels_pooling *work, long first, long end) {
  for (long row = first; row < end; row++) {
    const corner at = corner_of(&work->window, row);
    average_pixel(&work->window, at, inside_of(&work->window, at), work->output + row * work->output_stride);
  }
}

/// The same work with one window as large as the image.
INLINE kernels_pooling over_whole_image(const kernels_pooling *work) {
  kernels_pooling whole = *work;
  whole.window.output_height = whole.window.output_width = 1;
  whole.window.window_height = whole.window.input_height;
  whole.window.window_width = whole.window.input_width;
  whole.window.step_y = whole.window.step_x = 1;
  whole.window.dilation_y = whole.window.dilation_x = 1;
  whole.window.top = whole.window.left = 0;
  return whole;
}

static void NAMED(global_average)(const kernels_pooling *work, long first, long end) {
  const kernels_pooling whole = over_whole_image(work);
  NAMED(average_pool)(&whole, first, end);
}

static void NAMED(global_max)(const kernels_pooling *work, long first, long end) {
  const kernels_pooling whole = over_whole_image(work);
  NAMED(max_pool)(&whole, first, end);
}
