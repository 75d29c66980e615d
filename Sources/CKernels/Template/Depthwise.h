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

INLINE vector depthwise_sum(
    const kernels_depthwise *work, corner at, inside range, long channel, long lanes) {
  const kernels_window *window = &work->window;
  vector sum = work->bias ? load_some(work->bias + channel, lanes) : (vector)0.0f;
  for (long dy = range.first_y; dy < range.end_y; dy++) {
    const long first = (at.y + dy) * window->input_width + at.x;
    for (long dx = range.first_x; dx < range.end_x; dx++) {
      vector input = load_some(at.image + (first + dx) * window->input_stride + channel, lanes);
      if (work->rectifies_input) input = rectified(input);
      const long tap = dy * window->window_width + dx;
      sum += input * load_some(work->weights + tap * window->input_channels + channel, lanes);
    }
  }
  return work->rectifies ? rectified(sum) : sum;
}

static void NAMED(depthwise)(
    const kernels_depthwise *work, float *output, long output_stride, long first, long end) {
  const long channels = work->window.input_channels;
  for (long row = first; row < end; row++, output += output_stride) {
    const corner at = corner_of(&work->window, row);
    const inside range = inside_of(&work->window, at);
    long channel = 0;
    for (; channel + LANES <= channels; channel += LANES)
      store(output + channel, depthwise_sum(work, at, range, channel, LANES));
    if (channel < channels)
      store_some(
          output + channel, depthwise_sum(work, at, range, channel, channels - channel), channels - channel);
  }
}

static void NAMED(separable)(
    const kernels_depthwise *depthwise, const kernels_convolution *pointwise, float *scratch, long first,
    long end) {
  const long channels = depthwise->window.input_channels;
  for (long row = first; row < end; row += KERNELS_ROW_BLOCK) {
    const long rows = smaller_of(KERNELS_ROW_BLOCK, end - row);
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
