/// Winograd's minimal filtering for windows that move by one pixel, along both sides of the window or one.
///
/// The image is cut into tiles of output pixels. A tile's input pixels are transformed to points, each point is
/// multiplied by a transformed kernel (one matrix product over all tiles and channels for each), and the products
/// are transformed back into the tile's outputs.

/// Tiles that one pass through the transformed weights works on: the fewer points, the more fit into cache.
INLINE long block_tiles(tile_form form) {
  const int points = points_of(form);
  return points > 36 ? 48 : points > 16 ? 64 : points > 10 ? 96 : 160;
}

/// The tiles along one side of an image: `whole` of them, then others that are one output shorter, so that as few
/// outputs as possible lie outside. Infinity is the one point that only the last output needs: shorter tiles do
/// without its products.
typedef struct {
  long count, whole;
} tile_line;

INLINE tile_line tiles_along(line_form line, long extent) {
  const long count = (extent + line.outputs - 1) / line.outputs, whole = extent - count * (line.outputs - 1);
  return (tile_line){.count = count, .whole = whole < 0 ? 0 : whole};
}

/// Where tile `index` of a line begins.
INLINE long tile_begin(line_form line, tile_line tiles, long index) {
  return index * line.outputs - (index > tiles.whole ? index - tiles.whole : 0);
}

/// Where a tile lies: its image, the corner of its outputs, and how many of them there are at most.
typedef struct {
  long image, x, y, width, height;
} tile_place;

INLINE tile_place tile_at(tile_form form, const kernels_window *window, long index) {
  const tile_line columns = tiles_along(form.x, window->output_width);
  const tile_line rows = tiles_along(form.y, window->output_height);
  const long image = index / (rows.count * columns.count), tile = index - image * rows.count * columns.count;
  const long row = tile / columns.count, column = tile % columns.count;
  return (tile_place){
      .image = image, .x = tile_begin(form.x, columns, column), .y = tile_begin(form.y, rows, row),
      .width = form.x.outputs - (column >= columns.whole), .height = form.y.outputs - (row >= rows.whole)};
}

/// Which tiles a point's products are made for: all, or those that are whole along one side or both.
enum { ALL_TILES, WHOLE_WIDTH, WHOLE_HEIGHT, WHOLE_TILES, TILE_CHOICES };

INLINE int choice_of(tile_form form, int point) {
  const int height = inputs_of(form.y), width = inputs_of(form.x);
  return (width > 1 && point % width == width - 1 ? WHOLE_WIDTH : 0)
         + (height > 1 && point / width == height - 1 ? WHOLE_HEIGHT : 0);
}

INLINE bool is_chosen(tile_form form, tile_place place, int choice) {
  return (place.width == form.x.outputs || !(choice & WHOLE_WIDTH))
         && (place.height == form.y.outputs || !(choice & WHOLE_HEIGHT));
}

/// Sorts a block's tiles for all choices.
INLINE void choose_tiles(
    tile_form form, const kernels_window *window, long first, long count, row_choice choices[TILE_CHOICES]) {
  UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++) choices[choice].count = 0;
  for (long tile = 0; tile < count; tile++) {
    const tile_place place = tile_at(form, window, first + tile);
    UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++)
      if (is_chosen(form, place, choice)) choices[choice].rows[choices[choice].count++] = (short)tile;
  }
}

/// Transforms channels `channel..` of one tile's input pixels; `target` takes their vectors, one every `point_stride`.
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
      store_some(target + (y * width + x) * point_stride, points[y], lanes);
  }
}

/// What 2 x 2 pixels of three channels have: a number known here is loaded without a call.
#define BLOCK_CHANNELS 12

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
      transform_tile(form, pixels, channel, LANES, target + channel, products->input_point);
    const long rest = channels - channel;
    if (rest == 0) continue;
    if (rest == BLOCK_CHANNELS % LANES)
      transform_tile(form, pixels, channel, BLOCK_CHANNELS % LANES, target + channel, products->input_point);
    else transform_tile(form, pixels, channel, rest, target + channel, products->input_point);
  }
}

/// One vector of a tile's outputs from its products, which begin apart for every choice.
INLINE void restore_tile(
    tile_form form, const float *const *products, long column, long point_stride, vector *outputs) {
  const int height = inputs_of(form.y), width = inputs_of(form.x);
  vector rows[WINOGRAD_MOST_POINTS];
  UNROLLED for (int y = 0; y < height; y++) {
    vector row[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int x = 0; x < width; x++) {
      const int point = y * width + x;
      row[x] = load(products[choice_of(form, point)] + point * point_stride + column);
    }
    transform_output(form.x.outputs, width, row, rows + y * form.x.outputs);
  }
  UNROLLED for (int x = 0; x < form.x.outputs; x++) {
    vector column[WINOGRAD_MOST_INPUTS], results[WINOGRAD_MOST_OUTPUTS];
    UNROLLED for (int y = 0; y < height; y++) column[y] = rows[y * form.x.outputs + x];
    transform_output(form.y.outputs, height, column, results);
    UNROLLED for (int y = 0; y < form.y.outputs; y++) outputs[y * form.x.outputs + x] = results[y];
  }
}

/// Writes one vector of columns of the outputs that lie inside the image.
INLINE void write_tile(
    tile_form form, const kernels_convolution *work, tile_place place, long column, long lanes,
    const vector *outputs) {
  const kernels_window *window = &work->window;
  const long height = smaller_of(place.height, window->output_height - place.y);
  const long width = smaller_of(place.width, window->output_width - place.x);
  const long first = (place.image * window->output_height + place.y) * window->output_width + place.x;
  if (lanes < LANES || work->epilogue.residual) {
    for (long y = 0; y < height; y++)
      for (long x = 0; x < width; x++)
        write_output(
            work, first + y * window->output_width + x, column, lanes, outputs[y * form.x.outputs + x]);
    return;
  }
  const vector bias = work->epilogue.bias ? load(work->epilogue.bias + column) : (vector)0.0f;
  float *target = work->output + first * work->output_stride + column;
  const long row = window->output_width * work->output_stride;
  const limits limits = limits_of(work->epilogue.activation);
  UNROLLED for (int y = 0; y < form.y.outputs; y++)
    UNROLLED for (int x = 0; x < form.x.outputs; x++) {
      const vector sum = outputs[y * form.x.outputs + x] + bias;
      if (y < height && x < width)
        store(target + y * row + x * work->output_stride, clamped(sum, limits));
    }
}

/// `finish` for the outputs of a tile that lie inside the image.
static void finish_tile(const kernels_convolution *work, tile_place place, long column, long columns) {
  const kernels_window *window = &work->window;
  const long height = smaller_of(place.height, window->output_height - place.y);
  const long width = smaller_of(place.width, window->output_width - place.x);
  const long first = (place.image * window->output_height + place.y) * window->output_width + place.x;
  for (long y = 0; y < height; y++)
    finish(
        work->epilogue.activation, work->output + (first + y * window->output_width) * work->output_stride + column,
        work->output_stride, width, columns);
}

/// Columns `first_column..<end_column` of a block of tiles.
INLINE void restore_tiles(
    tile_form form, const kernels_convolution *work, long first, const point_products *products,
    long first_column, long end_column) {
  const float *sources[TILE_CHOICES];
  UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++) sources[choice] = products->products;
  for (long tile = 0; tile < products->rows; tile++) {
    const tile_place place = tile_at(form, &work->window, first + tile);
    for (long column = first_column; column < end_column; column += LANES) {
      vector outputs[WINOGRAD_MOST_OUTPUTS * WINOGRAD_MOST_OUTPUTS];
      restore_tile(form, sources, column - first_column, products->product_point, outputs);
      write_tile(form, work, place, column, end_column - column, outputs);
    }
    if (work->epilogue.activation.function > KERNELS_CLAMP)
      finish_tile(work, place, first_column, end_column - first_column);
    UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++)
      if (is_chosen(form, place, choice)) sources[choice] += products->product_row;
  }
}

/// Columns whose products are made before they are transformed back: few enough for all points to stay in cache.
#define WINOGRAD_COLUMNS (2 * PANEL_COLUMNS)

INLINE long tiles_scratch(tile_form form, long channels) {
  return points_scratch(points_of(form), block_tiles(form), whole_vectors(channels))
         + points_scratch(points_of(form), block_tiles(form), WINOGRAD_COLUMNS);
}

/// Channels whose kernels are transformed at a time, for one panel: as many as stay in cache.
#define LATE_CHANNELS 256

INLINE long kernels_scratch(tile_form form) {
  return points_of(form) * scattering_stride(LATE_CHANNELS * PANEL_COLUMNS);
}

/// `multiply_points` for one panel with kernels as `pack_kernels` leaves them, transformed piece by piece into
/// `points`.
static void multiply_kernels(
    panel_transform transform, const float *kernels, long taps, const point_products *products, float *points,
    long columns) {
  const long channels = products->depth;
  for (long channel = 0; channel < channels; channel += LATE_CHANNELS) {
    point_products part = *products;
    part.depth = smaller_of(LATE_CHANNELS, channels - channel);
    part.inputs += channel;
    part.panels = points;
    part.panel_point = scattering_stride(part.depth * columns);
    part.accumulates = channel > 0;
    part.next = kernels + (channel + part.depth) * taps * columns;
    part.next_point = taps * LATE_CHANNELS * columns / products->points;
    transform(kernels + channel * taps * columns, part.depth, columns, points, part.panel_point);
    multiply_points(&part, 0, columns);
  }
}

/// With `transform` kernels are transformed only here, for every block of tiles anew.
INLINE void convolve_tiles(
    tile_form form, panel_transform transform, const kernels_convolution *work, float *scratch, long first_tile,
    long end_tile, long first_column, long end_column) {
  const long channels = work->window.input_channels, taps = form.y.taps * form.x.taps;
  const long step = transform ? PANEL_COLUMNS : WINOGRAD_COLUMNS;
  float *points = scratch + tiles_scratch(form, channels);
  row_choice choices[TILE_CHOICES];
  const row_choice *chosen[WINOGRAD_MOST_POINTS];
  UNROLLED for (int point = 0; point < points_of(form); point++) chosen[point] = &choices[choice_of(form, point)];
  const long blocks = blocks_of(end_tile - first_tile, block_tiles(form));
  for (long index = 0; index < blocks; index++) {
    const long start = deal(end_tile - first_tile, blocks, index), tile = first_tile + start;
    point_products products = lay_out(
        points_of(form), deal(end_tile - first_tile, blocks, index + 1) - start, channels, work->panels,
        work->filters, step, scratch);
    choose_tiles(form, &work->window, tile, products.rows, choices);
    products.choices = chosen;
    transform_tiles(form, work, tile, &products, scratch);
    for (long column = first_column; column < end_column; column += step) {
      const long last = smaller_of(column + step, end_column);
      // Columns that only fill the last vector up are computed too: the buffer has room for them.
      const long end = whole_vectors(last);
      if (transform)
        multiply_kernels(
            transform, work->panels + column * channels * taps, taps, &products, points, end - column);
      else multiply_points(&products, column, end);
      restore_tiles(form, work, tile, &products, column, last);
    }
  }
}

/// All forms: `FORM(name, output height, output width, height, width)`. The last is the plain product.
#define WINOGRAD_FORMS(FORM) \
  FORM(winograd_6x6_3x3, 6, 6, 3, 3) \
  FORM(winograd_4x4_3x3, 4, 4, 3, 3) \
  FORM(winograd_2x2_3x3, 2, 2, 3, 3) \
  FORM(winograd_5x5_4x4, 5, 5, 4, 4) \
  FORM(winograd_2x2_5x5, 2, 2, 5, 5) \
  FORM(winograd_1x4_1x7, 1, 4, 1, 7) \
  FORM(winograd_4x1_7x1, 4, 1, 7, 1) \
  FORM(winograd_1x4_1x3, 1, 4, 1, 3) \
  FORM(winograd_4x1_3x1, 4, 1, 3, 1) \
  FORM(winograd_1x1_1x1, 1, 1, 1, 1)

#define DEFINE(name, rows, columns, height, width) \
  static const tile_form NAMED(name##_form) = {{rows, height}, {columns, width}}; \
  static void NAMED(pack_##name)(const kernels_right_side *right, float *panels, long first, long end) { \
    pack_tiles(NAMED(name##_form), right, panels, first, end); \
  } \
  static void NAMED(name)( \
      const kernels_convolution *work, float *scratch, long first_tile, long end_tile, long first_column, \
      long end_column) { \
    convolve_tiles(NAMED(name##_form), NULL, work, scratch, first_tile, end_tile, first_column, end_column); \
  } \
  static void NAMED(pack_late_##name)(const kernels_right_side *right, float *panels, long first, long end) { \
    pack_kernels(height * width, right, panels, first, end); \
  } \
  static __attribute__((noinline)) void NAMED(transform_##name)( \
      const float *kernels, long channels, long panel, float *target, long point_stride) { \
    transform_panel(NAMED(name##_form), kernels, channels, panel, target, point_stride); \
  } \
  static void NAMED(late_##name)( \
      const kernels_convolution *work, float *scratch, long first_tile, long end_tile, long first_column, \
      long end_column) { \
    convolve_tiles( \
        NAMED(name##_form), NAMED(transform_##name), work, scratch, first_tile, end_tile, first_column, \
        end_column); \
  } \
  static long NAMED(name##_scratch)(long channels) { \
    return tiles_scratch(NAMED(name##_form), channels) + kernels_scratch(NAMED(name##_form)); \
  } \
  static long NAMED(name##_block)(void) { return block_tiles(NAMED(name##_form)); }
WINOGRAD_FORMS(DEFINE)
#undef DEFINE
