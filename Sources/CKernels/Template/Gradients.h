/// The way back through activations, poolings, normalisations and depthwise convolutions, and the matrices of convolutions.

typedef int integers __attribute__((ext_vector_type(LANES)));

/// Pixels whose sum is made in single precision before it is added in double.
#define SUM_PIXELS 64

/// Vectors of channels whose sums are made at a time, so that a pixel is read in longer pieces.
#define SUM_VECTORS 4

/// The sums of up to `vectors * LANES` channels.
INLINE void sum_channels(
    const kernels_channel_sums *work, int vectors, bool plain, bool products, long channel, long lanes) {
  const long all = work->channels;
  const float *gradient = work->gradient + (plain ? 0 : channel), *x = work->x + (products ? channel : 0);
  vector mean[SUM_VECTORS];
  UNROLLED for (int i = 0; i < vectors; i++)
    mean[i] = work->mean ? load_some(work->mean + channel + i * LANES, lanes - i * LANES) : (vector)0.0f;
  doubles sums[SUM_VECTORS] = {0}, weighted[SUM_VECTORS] = {0};
  for (long start = 0; start < work->pixels; start += SUM_PIXELS) {
    const long end = smaller_of(start + SUM_PIXELS, work->pixels);
    vector sum[SUM_VECTORS] = {0}, product[SUM_VECTORS] = {0};
    for (long pixel = start; pixel < end; pixel++)
      UNROLLED for (int i = 0; i < vectors; i++) {
        const long place = pixel * all + i * LANES, left = lanes - i * LANES;
        const vector distance = products ? load_some(x + place, left) - mean[i] : (vector)0.0f;
        const vector slope = plain ? distance : load_some(gradient + place, left);
        sum[i] += slope;
        if (products) product[i] += slope * distance;
      }
    UNROLLED for (int i = 0; i < vectors; i++) {
      sums[i] += __builtin_convertvector(sum[i], doubles);
      weighted[i] += __builtin_convertvector(product[i], doubles);
    }
  }
  UNROLLED for (int i = 0; i < vectors; i++) {
    const long place = channel + i * LANES;
    const size_t size = (size_t)smaller_of(lanes - i * LANES, LANES) * sizeof(double);
    if (work->sums) memcpy(work->sums + place, &sums[i], size);
    if (work->products) memcpy(work->products + place, &weighted[i], size);
  }
}

INLINE void sum_vectors(const kernels_channel_sums *work, int vectors, long channel, long lanes) {
  if (!work->gradient) sum_channels(work, vectors, true, true, channel, lanes);
  else if (work->x) sum_channels(work, vectors, false, true, channel, lanes);
  else sum_channels(work, vectors, false, false, channel, lanes);
}

static void NAMED(channel_sums)(const kernels_channel_sums *work, long first, long end) {
  long channel = first;
  for (; channel + SUM_VECTORS * LANES <= end; channel += SUM_VECTORS * LANES)
    sum_vectors(work, SUM_VECTORS, channel, SUM_VECTORS * LANES);
  for (; channel < end; channel += LANES) sum_vectors(work, 1, channel, end - channel);
}

static void NAMED(normalization_gradient)(const kernels_normalization_gradient *work, long first, long end) {
  const kernels_normalization_gradient own = *work;
  for (long pixel = first; pixel < end; pixel++)
    for (long channel = 0; channel < own.channels; channel += LANES) {
      const long lanes = own.channels - channel, at = pixel * own.channels + channel;
      const vector distance = load_some(own.x + at, lanes) - load_some(own.mean + channel, lanes);
      const vector rest = load_some(own.gradient + at, lanes) - load_some(own.offset + channel, lanes)
                          - distance * load_some(own.slope + channel, lanes);
      store_some(own.output + at, rest * load_some(own.scale + channel, lanes), lanes);
    }
}

INLINE void multiply_slopes(kernels_slope slope, const kernels_slopes *work, long first, long end) {
  const kernels_slopes own = *work;
  for (long at = first; at < end; at += LANES) {
    const long lanes = end - at;
    const vector gradient = load_some(own.gradient + at, lanes), x = load_some(own.x + at, lanes);
    vector result = gradient;
    switch (slope) {
      case KERNELS_SLOPE_CLAMP:
        result = x > (vector)own.minimum && x < (vector)own.maximum ? gradient : (vector)0.0f;
        break;
      case KERNELS_SLOPE_SILU: {
        const vector part = load_some(own.output + at, lanes);
        result = gradient * (part * (1 + x * (1 - part)));
        break;
      }
      case KERNELS_SLOPE_SIGMOID: result = gradient * (x * (1 - x)); break;
    }
    store_some(own.output + at, result, lanes);
  }
}

static void NAMED(slopes)(const kernels_slopes *work, long first, long end) {
  switch (work->slope) {
    case KERNELS_SLOPE_CLAMP: return multiply_slopes(KERNELS_SLOPE_CLAMP, work, first, end);
    case KERNELS_SLOPE_SILU: return multiply_slopes(KERNELS_SLOPE_SILU, work, first, end);
    case KERNELS_SLOPE_SIGMOID: return multiply_slopes(KERNELS_SLOPE_SIGMOID, work, first, end);
  }
}

/// Adds up to LANES floats to what is there.
INLINE void add_some(float *target, vector value, long lanes) {
  store_some(target, load_some(target, lanes) + value, lanes);
}

/// Hands the gradient of one output pixel on to the pixels in its window, up to LANES channels.
INLINE void spread_pixel(
    const kernels_pooling_gradient *work, corner at, inside range, bool largest, long row, long channel, long lanes) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels, from = row * all + channel;
  vector gradient = load_some(work->gradient + from, lanes);
  if (!largest) gradient /= (vector)(float)area(range);
  const vector maximum = largest ? load_some(work->maxima + from, lanes) : (vector)0.0f;
  float *image = work->output + (at.image - window->input);
  integers open = ~(integers)0;
  for (long y = at.y + range.first_y; y < at.y + range.end_y; y++)
    for (long x = at.x + range.first_x; x < at.x + range.end_x; x++) {
      const long place = (y * window->input_width + x) * all + channel;
      if (!largest) {
        add_some(image + place, gradient, lanes);
        continue;
      }
      const integers hit = (load_some(at.image + place, lanes) == maximum) & open;
      open &= ~hit;
      add_some(image + place, hit ? gradient : (vector)0.0f, lanes);
    }
}

static void NAMED(pooling_gradient)(const kernels_pooling_gradient *work, long first, long end) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels, pixels = window->output_height * window->output_width;
  const long size = window->input_height * window->input_width * all;
  memset(work->output + first * size, 0, (size_t)((end - first) * size) * sizeof(float));
  for (long row = first * pixels; row < end * pixels; row++) {
    const corner at = corner_of(window, row);
    const inside range = inside_of(window, at);
    for (long channel = 0; channel < all; channel += LANES)
      if (work->maxima) spread_pixel(work, at, range, true, row, channel, all - channel);
      else spread_pixel(work, at, range, false, row, channel, all - channel);
  }
}

/// Which output position has its window's position `tap` at `place`; negative for none.
INLINE long position_of(long place, long padding, long tap, long dilation, long step, long count) {
  const long distance = place + padding - tap * dilation;
  if (distance < 0 || distance % step != 0) return -1;
  return distance / step < count ? distance / step : -1;
}

/// The gradient by one pixel of the input.
static void depthwise_pixel_gradient(
    const kernels_depthwise_gradient *work, const float *image, long y, long x, float *output) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels;
  for (long channel = 0; channel < all; channel += LANES) {
    const long lanes = all - channel;
    vector sum = 0;
    for (long dy = 0; dy < window->window_height; dy++) {
      const long row = position_of(y, window->top, dy, window->dilation_y, window->step_y, window->output_height);
      if (row < 0) continue;
      for (long dx = 0; dx < window->window_width; dx++) {
        const long column = position_of(x, window->left, dx, window->dilation_x, window->step_x, window->output_width);
        if (column < 0) continue;
        sum += load_some(image + (row * window->output_width + column) * all + channel, lanes)
               * load_some(work->weights + (dy * window->window_width + dx) * all + channel, lanes);
      }
    }
    store_some(output + channel, sum, lanes);
  }
}

static void NAMED(depthwise_input_gradient)(const kernels_depthwise_gradient *work, long first, long end) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels, pixels = window->output_height * window->output_width;
  for (long line = first; line < end; line++) {
    const float *image = work->gradient + line / window->input_height * pixels * all;
    float *output = work->output + line * window->input_width * all;
    for (long x = 0; x < window->input_width; x++)
      depthwise_pixel_gradient(work, image, line % window->input_height, x, output + x * all);
  }
}

/// Adds what one image says of the weights in rows `first_y..<end_y` of the window, up to LANES channels.
INLINE void add_image_products(
    const kernels_depthwise_gradient *work, long image, long first_y, long end_y, long channel, long lanes,
    doubles *totals) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels, width = window->window_width;
  const long pixels = window->output_height * window->output_width, taps = (end_y - first_y) * width;
  vector sums[KERNELS_GRADIENT_TAPS];
  for (long tap = 0; tap < taps; tap++) sums[tap] = 0;
  corner at = corner_of(window, image * pixels);
  for (long y = 0; y < window->output_height; y++, at.y += window->step_y) {
    at.x = -window->left;
    for (long x = 0; x < window->output_width; x++, at.x += window->step_x) {
      const inside range = inside_of(window, at);
      const vector gradient =
          load_some(work->gradient + (image * pixels + y * window->output_width + x) * all + channel, lanes);
      const long begin = range.first_y > first_y ? range.first_y : first_y;
      for (long dy = begin; dy < smaller_of(range.end_y, end_y); dy++) {
        const long line = (at.y + dy * window->dilation_y) * window->input_width + at.x;
        for (long dx = range.first_x; dx < range.end_x; dx++)
          sums[(dy - first_y) * width + dx] +=
              gradient * load_some(at.image + (line + dx * window->dilation_x) * all + channel, lanes);
      }
    }
  }
  for (long tap = 0; tap < taps; tap++) totals[tap] += __builtin_convertvector(sums[tap], doubles);
}

static void NAMED(depthwise_weight_gradient)(
    const kernels_depthwise_gradient *work, long images, long first, long end) {
  const kernels_window *window = &work->window;
  const long width = window->window_width, together = KERNELS_GRADIENT_TAPS / width;
  for (long channel = first; channel < end; channel += LANES)
    for (long row = 0; row < window->window_height; row += together) {
      const long last = smaller_of(row + together, window->window_height), taps = (last - row) * width;
      doubles totals[KERNELS_GRADIENT_TAPS];
      for (long tap = 0; tap < taps; tap++) totals[tap] = 0;
      for (long image = 0; image < images; image++)
        add_image_products(work, image, row, last, channel, end - channel, totals);
      for (long tap = 0; tap < taps; tap++)
        store_some(
            work->output + (row * width + tap) * window->input_channels + channel,
            __builtin_convertvector(totals[tap], vector), end - channel);
    }
}

/// Some neighbouring columns of a window's matrix: all of one position, or else lane by lane.
typedef struct {
  long down, right, channel, column;
  bool whole;
} column_group;

INLINE column_group columns_at(const kernels_window *window, long column, long columns) {
  const long tap = column / window->input_channels, channel = column - tap * window->input_channels;
  const long dy = tap / window->window_width, dx = tap - dy * window->window_width;
  return (column_group){
      .down = dy * window->dilation_y, .right = dx * window->dilation_x, .channel = channel, .column = column,
      .whole = channel + LANES <= window->input_channels && column + LANES <= columns};
}

INLINE vector window_vector(const kernels_window_columns *work, corner at, column_group group, long columns) {
  const kernels_window *window = &work->window;
  if (group.whole) return load(pixel_at(window, at, group.down, group.right, work->zeros) + group.channel);
  vector result = 0;
  for (long lane = 0; lane < smaller_of(LANES, columns - group.column); lane++) {
    const column_group own = columns_at(window, group.column + lane, columns);
    result[lane] = pixel_at(window, at, own.down, own.right, work->zeros)[own.channel];
  }
  return result;
}

static void NAMED(pack_window)(const kernels_window_columns *work, float *panels, long first, long end) {
  const kernels_window *window = &work->window;
  const long columns = window->window_height * window->window_width * window->input_channels;
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long width = panel_width(columns - column);
    column_group groups[TILE_VECTORS];
    for (long n = 0; n < width; n += LANES) groups[n / LANES] = columns_at(window, column + n, columns);
    float *target = panels + column * work->depth;
    for (long start = 0; start < work->depth; start += KERNELS_ROW_BLOCK) {
      corner corners[KERNELS_ROW_BLOCK];
      const long count = smaller_of(KERNELS_ROW_BLOCK, work->depth - start);
      find_corners(window, work->first + start, count, corners);
      for (long row = 0; row < count; row++, target += width)
        for (long n = 0; n < width; n += LANES)
          store(target + n, window_vector(work, corners[row], groups[n / LANES], columns));
    }
  }
}

static void NAMED(scatter_window)(const kernels_window_columns *work, long first, long end) {
  const kernels_window *window = &work->window;
  const long all = window->input_channels, pixels = window->output_height * window->output_width;
  const long size = window->input_height * window->input_width * all;
  const long columns = window->window_height * window->window_width * all;
  memset(work->output + first * size, 0, (size_t)((end - first) * size) * sizeof(float));
  for (long row = first * pixels; row < end * pixels; row++) {
    const corner at = corner_of(window, row);
    const inside range = inside_of(window, at);
    float *image = work->output + (at.image - window->input);
    for (long dy = range.first_y; dy < range.end_y; dy++)
      for (long dx = range.first_x; dx < range.end_x; dx++) {
        const long y = at.y + dy * window->dilation_y, x = at.x + dx * window->dilation_x;
        const float *source = work->columns + row * columns + (dy * window->window_width + dx) * all;
        float *target = image + (y * window->input_width + x) * all;
        for (long channel = 0; channel < all; channel += LANES)
          add_some(target + channel, load_some(source + channel, all - channel), all - channel);
      }
  }
}

/// Rows and columns of a piece of a matrix that stays in the first-level cache.
#define TRANSPOSED_ROWS 16

static void NAMED(transpose)(const kernels_transposition *work, long first, long end) {
  const kernels_transposition own = *work;
  for (long row = 0; row < own.rows; row += TRANSPOSED_ROWS) {
    const long count = smaller_of(TRANSPOSED_ROWS, own.rows - row);
    for (long column = first; column < end; column++) {
      const float *source = own.source + row * own.columns + column;
      float *target = own.target + column * own.rows + row;
      if (count == TRANSPOSED_ROWS)
        UNROLLED for (int i = 0; i < TRANSPOSED_ROWS; i++) target[i] = source[i * own.columns];
      else for (long i = 0; i < count; i++) target[i] = source[i * own.columns];
    }
  }
}

static const kernels_gradients NAMED(gradients) = {
    .channel_sums = NAMED(channel_sums),
    .normalization = NAMED(normalization_gradient),
    .slopes = NAMED(slopes),
    .pooling = NAMED(pooling_gradient),
    .depthwise_input = NAMED(depthwise_input_gradient),
    .depthwise_weights = NAMED(depthwise_weight_gradient),
    .pack_window = NAMED(pack_window),
    .scatter_window = NAMED(scatter_window),
    .transpose = NAMED(transpose),
};
