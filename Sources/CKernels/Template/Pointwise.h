/// Pointwise convolutions of pixels that are computed a few rows at a time, and read while they are in cache.

/// What a preparation makes of `rows` neighbouring pixels of the batch, the first of which is output pixel `row`.
static void prepare(
    const kernels_source *source, const float *x, long x_stride, float *output, long output_stride, long row,
    long rows) {
  const kernels_preparation *preparation = &source->preparation;
  const kernels_window *window = &source->depthwise.window;
  const long channels = window->input_channels * source->depthwise.multiplier;
  const long pixels = window->output_height * window->output_width, own = preparation->scale_stride;
  const float *scale = preparation->scale, *shift = preparation->shift;
  if (preparation->standardizes)
    return NAMED(standardize)(
        x, x_stride, preparation->epsilon, scale, shift, output, output_stride, rows, channels);
  if (!scale) return NAMED(activate)(preparation->activation, x, x_stride, output, output_stride, rows, channels);
  long count;
  for (long done = 0; done < rows; done += count) {
    const long image = (row + done) / pixels;
    count = own > 0 ? smaller_of(rows - done, (image + 1) * pixels - row - done) : rows;
    NAMED(affine)(
        x + done * x_stride, x_stride, scale + image * own, shift, preparation->activation,
        output + done * output_stride, output_stride, count, channels);
  }
}

/// The mean over a window inside the image, row by row, of what a preparation makes of its pixels.
static void prepare_mean(const kernels_source *source, corner at, float *output) {
  const kernels_preparation *preparation = &source->preparation;
  const kernels_window *window = &source->depthwise.window;
  const limits limits = limits_of(preparation->activation);
  const vector count = (vector)(float)(window->window_height * window->window_width);
  for (long channel = 0; channel < window->input_channels; channel += LANES) {
    const long lanes = window->input_channels - channel;
    const vector scale = preparation->scale ? load_some(preparation->scale + channel, lanes) : (vector)1.0f;
    const vector shift = preparation->shift ? load_some(preparation->shift + channel, lanes) : (vector)0.0f;
    vector sum = 0;
    for (long y = 0; y < window->window_height; y++) {
      vector line = 0;
      for (long x = 0; x < window->window_width; x++)
        line += clamped(load_some(pixel_at(window, at, y, x, NULL) + channel, lanes) * scale + shift, limits);
      sum += line;
    }
    store_some(output + channel, sum / count, lanes);
  }
}

/// Computes output pixels `first..<end` of the batch, side by side in `target`.
static void compute_pixels(const kernels_source *source, float *target, long first, long end) {
  const kernels_window *window = &source->depthwise.window;
  const kernels_preparation *preparation = &source->preparation;
  const long channels = window->input_channels * source->depthwise.multiplier;
  if (source->depthwise.weights) {
    NAMED(depthwise)(&source->depthwise, target, channels, first, end);
    if (preparation->standardizes || preparation->scale || preparation->activation.function)
      prepare(source, target, channels, target, channels, first, end - first);
    return;
  }
  if (window->window_height * window->window_width == 1 && window->step_y == 1 && window->step_x == 1)
    return prepare(
        source, window->input + first * window->input_stride, window->input_stride, target, channels, first,
        end - first);
  for (long row = first; row < end; row++, target += channels) {
    const corner at = corner_of(window, row);
    if (window->window_height * window->window_width > 1) prepare_mean(source, at, target);
    else prepare(source, pixel_at(window, at, 0, 0, NULL), window->input_stride, target, channels, row, 1);
  }
}

static void NAMED(pointwise)(
    const kernels_source *source, const kernels_convolution *work, float *scratch, long first, long end,
    long first_column, long end_column) {
  const long channels = source->depthwise.window.input_channels * source->depthwise.multiplier;
  const long blocks = blocks_of(end - first, KERNELS_ROW_BLOCK);
  for (long index = 0; index < blocks; index++) {
    const long row = first + deal(end - first, blocks, index);
    const long rows = first + deal(end - first, blocks, index + 1) - row;
    compute_pixels(source, scratch, row, row + rows);
    kernels_convolution block = *work;
    block.window = (kernels_window){
        .input = scratch, .input_height = 1, .input_width = rows, .input_channels = channels,
        .input_stride = channels, .output_height = 1, .output_width = rows, .window_height = 1,
        .window_width = 1, .step_y = 1, .step_x = 1, .dilation_y = 1, .dilation_x = 1};
    block.output += row * block.output_stride;
    if (block.epilogue.residual) block.epilogue.residual += row * block.epilogue.residual_stride;
    convolve_rows(&block, 0, rows, first_column, end_column);
  }
}
