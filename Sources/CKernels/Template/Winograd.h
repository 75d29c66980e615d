/// Winograd's minimal filtering for windows that move by one pixel, along both sides of the window or one.
///
/// The image is cut into tiles of output pixels. A tile's input pixels are transformed to points, each point is
/// multiplied by a transformed kernel (one matrix product over all tiles and channels for each), and the products
/// are transformed back into the tile's outputs.

/// How one side of the window is computed.
typedef struct {
  int outputs, taps;
} line_form;

INLINE int inputs_of(line_form line) { return line.outputs + line.taps - 1; }

/// How a window is computed. Known at compile time wherever it is used.
typedef struct {
  line_form y, x;
} tile_form;

#define WINOGRAD_MOST_POINTS 36
#define WINOGRAD_MOST_OUTPUTS 4

INLINE int points_of(tile_form form) { return inputs_of(form.y) * inputs_of(form.x); }

/// Tiles that one pass through the transformed weights works on: the fewer points, the more fit into cache.
INLINE long block_tiles(tile_form form) { return points_of(form) > 16 ? 48 : points_of(form) > 10 ? 96 : 160; }

/// Numbers for a panel's columns, in double precision.
typedef double panel_row[PANEL_COLUMNS];

/// One line of a kernel, `taps` rows `stride` apart, to `inputs` rows.
static void transform_kernel(
    int inputs, int taps, double matrix[WINOGRAD_MOST_INPUTS][WINOGRAD_MOST_TAPS], const panel_row *in,
    long in_stride, panel_row *out, long out_stride) {
  for (int i = 0; i < inputs; i++)
    for (int n = 0; n < PANEL_COLUMNS; n++) {
      double sum = 0;
      for (int tap = 0; tap < taps; tap++) sum += matrix[i][tap] * in[tap * in_stride][n];
      out[i * out_stride][n] = sum;
    }
}

/// Reads one channel's kernels for some columns, times their factors; columns beyond are zero.
static void load_kernels(
    const kernels_right_side *right, long taps, long channel, long column, long columns, panel_row *kernels) {
  const long channels = right->depth / taps;
  memset(kernels, 0, (size_t)taps * sizeof(panel_row));
  for (long tap = 0; tap < taps; tap++) {
    const float *source = right->source + (tap * channels + channel) * right->columns + column;
    double *target = kernels[tap];
    for (long n = 0; n < columns; n++) target[n] = source[n];
    if (right->scale)
      for (long n = 0; n < columns; n++) target[n] *= right->scale[column + n];
  }
}

INLINE void pack_tiles(tile_form form, const kernels_right_side *right, float *panels, long first, long end) {
  const int height = form.y.taps, width = form.x.taps, rows = inputs_of(form.y), columns = inputs_of(form.x);
  const long channels = right->depth / (height * width);
  const long point_stride = channels * whole_vectors(right->columns);
  double by_y[WINOGRAD_MOST_INPUTS][WINOGRAD_MOST_TAPS], by_x[WINOGRAD_MOST_INPUTS][WINOGRAD_MOST_TAPS];
  find_kernel_matrix(rows, height, by_y);
  find_kernel_matrix(columns, width, by_x);
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long count = smaller_of(PANEL_COLUMNS, right->columns - column), panel = whole_vectors(count);
    for (long channel = 0; channel < channels; channel++) {
      panel_row kernels[WINOGRAD_MOST_POINTS], lines[WINOGRAD_MOST_POINTS], points[WINOGRAD_MOST_POINTS];
      load_kernels(right, height * width, channel, column, count, kernels);
      for (int x = 0; x < width; x++)
        transform_kernel(rows, height, by_y, kernels + x, width, lines + x, width);
      for (int y = 0; y < rows; y++)
        transform_kernel(columns, width, by_x, lines + y * width, 1, points + y * columns, 1);
      float *target = panels + column * channels + channel * panel;
      for (int point = 0; point < points_of(form); point++, target += point_stride)
        for (long n = 0; n < panel; n++) target[n] = (float)points[point][n];
    }
  }
}

/// Where a tile lies: its image, and the corner of its outputs.
typedef struct {
  long image, x, y;
} tile_place;

INLINE tile_place tile_at(tile_form form, const kernels_window *window, long index) {
  const long columns = (window->output_width + form.x.outputs - 1) / form.x.outputs;
  const long rows = (window->output_height + form.y.outputs - 1) / form.y.outputs;
  const long image = index / (rows * columns), tile = index - image * rows * columns;
  return (tile_place){
      .image = image, .x = tile % columns * form.x.outputs, .y = tile / columns * form.y.outputs};
}

/// Transforms channels `channel..` of one tile's input pixels; `target` takes one vector every `point_stride`.
INLINE void transform_tile(
    tile_form form, const float *const *pixels, long channel, long lanes, float *target, long point_stride) {
  const int height = inputs_of(form.y), width = inputs_of(form.x);
  vector rows[WINOGRAD_MOST_POINTS];
  UNROLLED for (int y = 0; y < height; y++) {
    vector row[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int x = 0; x < width; x++) row[x] = load_some(pixels[y * width + x] + channel, lanes);
    transform_input(width, row, rows + y * width);
  }
  UNROLLED for (int x = 0; x < width; x++) {
    vector column[WINOGRAD_MOST_INPUTS], points[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int y = 0; y < height; y++) column[y] = rows[y * width + x];
    transform_input(height, column, points);
    UNROLLED for (int y = 0; y < height; y++)
      store_some(target + (y * width + x) * point_stride + channel, points[y], lanes);
  }
}

INLINE void transform_tiles(
    tile_form form, const kernels_convolution *work, long first, const point_products *products, float *target) {
  const kernels_window *window = &work->window;
  const long channels = window->input_channels, width = inputs_of(form.x);
  const long image_stride = window->input_height * window->input_width * window->input_stride;
  for (long tile = 0; tile < products->rows; tile++, target += products->input_row) {
    const tile_place place = tile_at(form, window, first + tile);
    const corner at = {
        .image = window->input + place.image * image_stride, .x = place.x - window->left,
        .y = place.y - window->top};
    const float *pixels[WINOGRAD_MOST_POINTS];
    UNROLLED for (long point = 0; point < points_of(form); point++)
      pixels[point] = pixel_at(window, at, point / width, point % width, work->zeros);
    long channel = 0;
    for (; channel + LANES <= channels; channel += LANES)
      transform_tile(form, pixels, channel, LANES, target, products->input_point);
    if (channel < channels)
      transform_tile(form, pixels, channel, channels - channel, target, products->input_point);
  }
}

/// One vector of a tile's outputs from its products.
INLINE void restore_tile(tile_form form, const float *products, long point_stride, vector *outputs) {
  const int height = inputs_of(form.y), width = inputs_of(form.x);
  vector rows[WINOGRAD_MOST_POINTS];
  UNROLLED for (int y = 0; y < height; y++) {
    vector row[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int x = 0; x < width; x++) row[x] = load(products + (y * width + x) * point_stride);
    transform_output(form.x.outputs, width, row, rows + y * form.x.outputs);
  }
  UNROLLED for (int x = 0; x < form.x.outputs; x++) {
    vector column[WINOGRAD_MOST_INPUTS], results[WINOGRAD_MOST_OUTPUTS];
    UNROLLED for (int y = 0; y < height; y++) column[y] = rows[y * form.x.outputs + x];
    transform_output(form.y.outputs, height, column, results);
    UNROLLED for (int y = 0; y < form.y.outputs; y++) outputs[y * form.x.outputs + x] = results[y];
  }
}

/// Columns `first_column..<end_column` of those outputs that lie inside the image.
INLINE void restore_tiles(
    tile_form form, const kernels_convolution *work, long first, const point_products *products,
    long first_column, long end_column) {
  const kernels_window *window = &work->window;
  const float *source = products->products;
  for (long tile = 0; tile < products->rows; tile++, source += products->product_row) {
    const tile_place place = tile_at(form, window, first + tile);
    const long height = smaller_of(form.y.outputs, window->output_height - place.y);
    const long width = smaller_of(form.x.outputs, window->output_width - place.x);
    for (long column = first_column; column < end_column; column += LANES) {
      vector outputs[WINOGRAD_MOST_OUTPUTS * WINOGRAD_MOST_OUTPUTS];
      restore_tile(form, source + column - first_column, products->product_point, outputs);
      for (long y = 0; y < height; y++)
        for (long x = 0; x < width; x++) {
          const long row = place.image * window->output_height + place.y + y;
          write_output(
              work, row * window->output_width + place.x + x, column, end_column - column,
              outputs[y * form.x.outputs + x]);
        }
    }
  }
}

/// Columns whose products are made before they are transformed back: few enough for all points to stay in cache.
#define WINOGRAD_COLUMNS (2 * PANEL_COLUMNS)

INLINE void convolve_tiles(
    tile_form form, const kernels_convolution *work, float *scratch, long first_tile, long end_tile,
    long first_column, long end_column) {
  for (long tile = first_tile; tile < end_tile; tile += block_tiles(form)) {
    const point_products products = lay_out(
        points_of(form), smaller_of(block_tiles(form), end_tile - tile), work->window.input_channels,
        work->panels, work->filters, WINOGRAD_COLUMNS, scratch);
    transform_tiles(form, work, tile, &products, scratch);
    for (long column = first_column; column < end_column; column += WINOGRAD_COLUMNS) {
      const long last = smaller_of(column + WINOGRAD_COLUMNS, end_column);
      // Columns that only fill the last vector up are computed too: the buffer has room for them.
      multiply_points(&products, column, whole_vectors(last));
      restore_tiles(form, work, tile, &products, column, last);
    }
  }
}

INLINE long tiles_scratch(tile_form form, long channels) {
  return points_scratch(points_of(form), block_tiles(form), whole_vectors(channels))
         + points_scratch(points_of(form), block_tiles(form), WINOGRAD_COLUMNS);
}

/// All forms: `FORM(name, output height, output width, height, width)`.
#define WINOGRAD_FORMS(FORM) \
  FORM(winograd_4x4_3x3, 4, 4, 3, 3) \
  FORM(winograd_2x2_3x3, 2, 2, 3, 3) \
  FORM(winograd_2x2_5x5, 2, 2, 5, 5) \
  FORM(winograd_1x4_1x7, 1, 4, 1, 7) \
  FORM(winograd_4x1_7x1, 4, 1, 7, 1) \
  FORM(winograd_1x4_1x3, 1, 4, 1, 3) \
  FORM(winograd_4x1_3x1, 4, 1, 3, 1)

#define DEFINE(name, rows, columns, height, width) \
  static const tile_form NAMED(name##_form) = {{rows, height}, {columns, width}}; \
  static void NAMED(pack_##name)(const kernels_right_side *right, float *panels, long first, long end) { \
    pack_tiles(NAMED(name##_form), right, panels, first, end); \
  } \
  static void NAMED(name)( \
      const kernels_convolution *work, float *scratch, long first_tile, long end_tile, long first_column, \
      long end_column) { \
    convolve_tiles(NAMED(name##_form), work, scratch, first_tile, end_tile, first_column, end_column); \
  } \
  static long NAMED(name##_scratch)(long channels) { return tiles_scratch(NAMED(name##_form), channels); } \
  static long NAMED(name##_block)(void) { return block_tiles(NAMED(name##_form)); }
WINOGRAD_FORMS(DEFINE)
#undef DEFINE

#define ENTRY(name, rows, columns, kernel_height, kernel_width) \
  {.output_height = rows, .output_width = columns, .height = kernel_height, .width = kernel_width, \
   .pack = NAMED(pack_##name), .run = NAMED(name), .scratch = NAMED(name##_scratch), \
   .block = NAMED(name##_block)},
static const kernels_winograd NAMED(winograd_forms)[KERNELS_WINOGRAD_FORMS] = {WINOGRAD_FORMS(ENTRY)};
#undef ENTRY
#undef WINOGRAD_FORMS
