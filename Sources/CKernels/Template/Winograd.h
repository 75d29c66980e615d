/// Winograd's minimal filtering F(4x4, 3x3) for 3 x 3 windows that move by one pixel (Lavin and Gray, "Fast
/// algorithms for convolutional neural networks", 2015): 36 products where 144 would be needed.
///
/// The image is cut into tiles of 4 x 4 output pixels. A tile's 6 x 6 input pixels are transformed, each of the
/// 36 results is multiplied by a transformed kernel (one matrix product over all tiles and channels for each),
/// and the products are transformed back into the 4 x 4 outputs.

/// Output pixels along each side of a tile, input pixels, and numbers a tile has after transformation.
#define WINOGRAD_OUTPUT 4
#define WINOGRAD_INPUT 6
#define WINOGRAD_POINTS (WINOGRAD_INPUT * WINOGRAD_INPUT)

/// Six numbers to six: rows of the matrix B transposed.
INLINE void transform_input(const vector in[WINOGRAD_INPUT], vector out[WINOGRAD_INPUT]) {
  const vector even = in[4] - 4.0f * in[2], odd = in[3] - 4.0f * in[1];
  const vector even_half = in[4] - in[2], odd_double = 2.0f * (in[3] - in[1]);
  out[0] = 4.0f * in[0] - 5.0f * in[2] + in[4];
  out[1] = even + odd;
  out[2] = even - odd;
  out[3] = even_half + odd_double;
  out[4] = even_half - odd_double;
  out[5] = 4.0f * in[1] - 5.0f * in[3] + in[5];
}

/// Six numbers to four: rows of the matrix A transposed.
INLINE void transform_output(const vector in[WINOGRAD_INPUT], vector out[WINOGRAD_OUTPUT]) {
  const vector sum = in[1] + in[2], difference = in[1] - in[2];
  const vector sum_double = in[3] + in[4], difference_double = in[3] - in[4];
  out[0] = in[0] + sum + sum_double;
  out[1] = difference + 2.0f * difference_double;
  out[2] = sum + 4.0f * sum_double;
  out[3] = difference + 8.0f * difference_double + in[5];
}

/// Numbers for a panel's columns, in double precision.
typedef double panel_row[PANEL_COLUMNS];

/// Three rows to six: rows of the matrix G.
static void transform_kernel(panel_row *const in[3], panel_row *const out[WINOGRAD_INPUT]) {
  for (int n = 0; n < PANEL_COLUMNS; n++) {
    const double a = (*in[0])[n], b = (*in[1])[n], c = (*in[2])[n];
    const double outer = (a + c) * (1.0 / 6), inner = b * (1.0 / 6);
    const double outer_double = a * (1.0 / 24) + c * (1.0 / 6), inner_double = b * (1.0 / 12);
    (*out[0])[n] = a * 0.25;
    (*out[1])[n] = -outer - inner;
    (*out[2])[n] = inner - outer;
    (*out[3])[n] = outer_double + inner_double;
    (*out[4])[n] = outer_double - inner_double;
    (*out[5])[n] = c;
  }
}

/// The 3 x 3 kernels of one channel for a panel's columns, to 36 rows.
static void transform_kernels(panel_row kernels[3][3], panel_row points[WINOGRAD_INPUT][WINOGRAD_INPUT]) {
  panel_row columns[WINOGRAD_INPUT][3];
  for (int x = 0; x < 3; x++) {
    panel_row *const in[3] = {&kernels[0][x], &kernels[1][x], &kernels[2][x]};
    panel_row *out[WINOGRAD_INPUT];
    for (int i = 0; i < WINOGRAD_INPUT; i++) out[i] = &columns[i][x];
    transform_kernel(in, out);
  }
  for (int y = 0; y < WINOGRAD_INPUT; y++) {
    panel_row *const in[3] = {&columns[y][0], &columns[y][1], &columns[y][2]};
    panel_row *out[WINOGRAD_INPUT];
    for (int i = 0; i < WINOGRAD_INPUT; i++) out[i] = &points[y][i];
    transform_kernel(in, out);
  }
}

/// Reads one channel's kernels for some columns, times their factors; columns beyond are zero.
static void load_kernels(
    const kernels_right_side *right, long channel, long column, long columns, panel_row kernels[3][3]) {
  const long channels = right->depth / 9;
  memset(kernels, 0, 9 * sizeof(panel_row));
  for (int tap = 0; tap < 9; tap++) {
    const float *source = right->source + (tap * channels + channel) * right->columns + column;
    double *target = kernels[tap / 3][tap % 3];
    for (long n = 0; n < columns; n++) target[n] = source[n];
    if (right->scale)
      for (long n = 0; n < columns; n++) target[n] *= right->scale[column + n];
  }
}

static void NAMED(pack_winograd)(const kernels_right_side *right, float *panels, long first, long end) {
  const long channels = right->depth / 9;
  const long point_stride = channels * ((right->columns + LANES - 1) / LANES * LANES);
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long columns = smaller_of(PANEL_COLUMNS, right->columns - column);
    const long width = (columns + LANES - 1) / LANES * LANES;
    for (long channel = 0; channel < channels; channel++) {
      panel_row kernels[3][3], points[WINOGRAD_INPUT][WINOGRAD_INPUT];
      load_kernels(right, channel, column, columns, kernels);
      transform_kernels(kernels, points);
      float *target = panels + column * channels + channel * width;
      for (int point = 0; point < WINOGRAD_POINTS; point++, target += point_stride)
        for (long n = 0; n < width; n++)
          target[n] = (float)points[point / WINOGRAD_INPUT][point % WINOGRAD_INPUT][n];
    }
  }
}

/// Where a tile lies: its image's first pixel, and the corner of its outputs.
typedef struct {
  long image, x, y;
} tile_place;

INLINE tile_place tile_at(const kernels_window *window, long index) {
  const long columns = (window->output_width + WINOGRAD_OUTPUT - 1) / WINOGRAD_OUTPUT;
  const long rows = (window->output_height + WINOGRAD_OUTPUT - 1) / WINOGRAD_OUTPUT;
  const long image = index / (rows * columns), tile = index - image * rows * columns;
  return (tile_place){
      .image = image, .x = tile % columns * WINOGRAD_OUTPUT, .y = tile / columns * WINOGRAD_OUTPUT};
}

/// Transforms channels `channel..` of one tile's input pixels; `target` takes one vector every `point_stride`.
INLINE void transform_tile(
    const float *const pixels[WINOGRAD_POINTS], long channel, long lanes, float *target, long point_stride) {
  vector rows[WINOGRAD_INPUT][WINOGRAD_INPUT];
  for (int y = 0; y < WINOGRAD_INPUT; y++) {
    vector row[WINOGRAD_INPUT];
    UNROLLED for (int x = 0; x < WINOGRAD_INPUT; x++)
      row[x] = load_some(pixels[y * WINOGRAD_INPUT + x] + channel, lanes);
    transform_input(row, rows[y]);
  }
  for (int x = 0; x < WINOGRAD_INPUT; x++) {
    vector column[WINOGRAD_INPUT], points[WINOGRAD_INPUT];
    UNROLLED for (int y = 0; y < WINOGRAD_INPUT; y++) column[y] = rows[y][x];
    transform_input(column, points);
    UNROLLED for (int y = 0; y < WINOGRAD_INPUT; y++)
      store_some(target + (y * WINOGRAD_INPUT + x) * point_stride + channel, points[y], lanes);
  }
}

static void transform_tiles(
    const kernels_convolution *work, long first, long tiles, float *target, long point_stride) {
  const kernels_window *window = &work->window;
  const long channels = window->input_channels;
  for (long tile = 0; tile < tiles; tile++, target += channels) {
    const tile_place place = tile_at(window, first + tile);
    const corner at = {
        .image = window->input
                 + place.image * window->input_height * window->input_width * window->input_stride,
        .x = place.x - window->left, .y = place.y - window->top};
    const float *pixels[WINOGRAD_POINTS];
    for (int point = 0; point < WINOGRAD_POINTS; point++)
      pixels[point] = pixel_at(window, at, point / WINOGRAD_INPUT, point % WINOGRAD_INPUT, work->zeros);
    long channel = 0;
    for (; channel + LANES <= channels; channel += LANES)
      transform_tile(pixels, channel, LANES, target, point_stride);
    if (channel < channels) transform_tile(pixels, channel, channels - channel, target, point_stride);
  }
}

/// The 4 x 4 outputs of one tile for the columns from `column` on, before the epilogue.
INLINE void restore_tile(
    const float *products, long point_stride, vector outputs[WINOGRAD_OUTPUT][WINOGRAD_OUTPUT]) {
  vector columns[WINOGRAD_INPUT][WINOGRAD_OUTPUT];
  for (int x = 0; x < WINOGRAD_INPUT; x++) {
    vector column[WINOGRAD_INPUT];
    UNROLLED for (int y = 0; y < WINOGRAD_INPUT; y++)
      column[y] = load(products + (y * WINOGRAD_INPUT + x) * point_stride);
    transform_output(column, columns[x]);
  }
  for (int y = 0; y < WINOGRAD_OUTPUT; y++) {
    vector row[WINOGRAD_INPUT];
    UNROLLED for (int x = 0; x < WINOGRAD_INPUT; x++) row[x] = columns[x][y];
    transform_output(row, outputs[y]);
  }
}

/// Writes those outputs of a tile that lie inside the image.
INLINE void store_tile(
    const kernels_convolution *work, tile_place place, long column, long lanes,
    vector outputs[WINOGRAD_OUTPUT][WINOGRAD_OUTPUT]) {
  const kernels_window *window = &work->window;
  const kernels_epilogue *epilogue = &work->epilogue;
  const vector bias = epilogue->bias ? load(epilogue->bias + column) : (vector)0.0f;
  const long rows = smaller_of(WINOGRAD_OUTPUT, window->output_height - place.y);
  const long columns = smaller_of(WINOGRAD_OUTPUT, window->output_width - place.x);
  for (long y = 0; y < rows; y++)
    for (long x = 0; x < columns; x++) {
      const long pixel =
          (place.image * window->output_height + place.y + y) * window->output_width + place.x + x;
      vector value = outputs[y][x] + bias;
      if (epilogue->residual)
        value += load_some(epilogue->residual + pixel * epilogue->residual_stride + column, lanes);
      if (epilogue->rectifies) value = rectified(value);
      store_some(work->output + pixel * work->output_stride + column, value, lanes);
    }
}

static void restore_tiles(
    const kernels_convolution *work, long first, long tiles, long first_column, long end_column,
    const float *products, long width, long point_stride) {
  for (long tile = 0; tile < tiles; tile++, products += width) {
    const tile_place place = tile_at(&work->window, first + tile);
    for (long column = first_column; column < end_column; column += LANES) {
      vector outputs[WINOGRAD_OUTPUT][WINOGRAD_OUTPUT];
      restore_tile(products + column - first_column, point_stride, outputs);
      store_tile(work, place, column, end_column - column, outputs);
    }
  }
}

/// One matrix product over all tiles for each of the 36 points.
static void multiply_points(
    const kernels_convolution *work, long tiles, long first_column, long end_column, const float *inputs,
    long input_point_stride, float *products, long width, long product_point_stride) {
  const long channels = work->window.input_channels;
  const long panel_point_stride = channels * ((work->filters + LANES - 1) / LANES * LANES);
  for (int point = 0; point < WINOGRAD_POINTS; point++) {
    const kernels_convolution product = {
        .window = {
            .input = inputs + point * input_point_stride, .input_height = 1, .input_width = tiles,
            .input_channels = channels, .input_stride = channels, .output_height = 1, .output_width = tiles,
            .window_height = 1, .window_width = 1, .step_y = 1, .step_x = 1},
        .panels = work->panels + point * panel_point_stride + first_column * channels,
        // Columns that only fill the last vector up are computed too: the buffer has room for them.
        .filters = width, .output = products + point * product_point_stride, .output_stride = width};
    convolve_rows(&product, 0, tiles, 0, end_column - first_column);
  }
}

/// Distance between the numbers of two points. Not a multiple of a page, or all points of a tile would fall
/// into one set of the cache.
INLINE long point_stride_for(long tiles, long width) { return (tiles * width + 15) / 16 * 16 + 16; }

static void NAMED(winograd)(
    const kernels_convolution *work, float *scratch, long first_tile, long end_tile, long first_column,
    long end_column) {
  const long channels = work->window.input_channels;
  const long width = (end_column - first_column + LANES - 1) / LANES * LANES;
  for (long tile = first_tile; tile < end_tile; tile += KERNELS_WINOGRAD_TILES) {
    const long tiles = smaller_of(KERNELS_WINOGRAD_TILES, end_tile - tile);
    const long input_stride = point_stride_for(tiles, channels), product_stride = point_stride_for(tiles, width);
    float *products = scratch + WINOGRAD_POINTS * input_stride;
    transform_tiles(work, tile, tiles, scratch, input_stride);
    multiply_points(
        work, tiles, first_column, end_column, scratch, input_stride, products, width, product_stride);
    restore_tiles(work, tile, tiles, first_column, end_column, products, width, product_stride);
  }
}
