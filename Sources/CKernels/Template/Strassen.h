/// Strassen's matrix product ("Gaussian elimination is not optimal", 1969) for pointwise convolutions: rows, depth
/// and columns are cut in halves, and seven products of halves do the work of eight.
///
/// What is added and subtracted on the weights' side is packed beforehand. Rows are paired within an image, output
/// pixel p with p + half the pixels, so that what an image yields does not depend on its neighbours in a batch.
/// A second cut was tried: 49 products for 64 lose more to memory than they save.

#define STRASSEN_POINTS 7

/// The left sides of the seven products from the quarters `[row half][depth half]`.
INLINE void split_left(const vector quarters[2][2], vector points[STRASSEN_POINTS]) {
  points[0] = quarters[0][0] + quarters[1][1];
  points[1] = quarters[1][0] + quarters[1][1];
  points[2] = quarters[0][0];
  points[3] = quarters[1][1];
  points[4] = quarters[0][0] + quarters[0][1];
  points[5] = quarters[1][0] - quarters[0][0];
  points[6] = quarters[0][1] - quarters[1][1];
}

/// The right sides from the quarters `[depth half][column half]`.
INLINE void split_right(const vector quarters[2][2], vector points[STRASSEN_POINTS]) {
  points[0] = quarters[0][0] + quarters[1][1];
  points[1] = quarters[0][0];
  points[2] = quarters[0][1] - quarters[1][1];
  points[3] = quarters[1][0] - quarters[0][0];
  points[4] = quarters[1][1];
  points[5] = quarters[0][0] + quarters[0][1];
  points[6] = quarters[1][0] + quarters[1][1];
}

/// The result's quarters `[row half][column half]` from the seven products.
INLINE void join_products(const vector points[STRASSEN_POINTS], vector quarters[2][2]) {
  quarters[0][0] = points[0] + points[3] - points[4] + points[6];
  quarters[0][1] = points[2] + points[4];
  quarters[1][0] = points[1] + points[3];
  quarters[1][1] = points[0] - points[1] + points[2] + points[5];
}

/// The columns of a half, in whole vectors; the second half may have fewer.
INLINE long half_columns(long columns) { return whole_vectors((columns + 1) / 2); }

static void NAMED(pack_strassen)(const kernels_right_side *right, float *panels, long first, long end) {
  const long depth = right->depth / 2, columns = half_columns(right->columns);
  for (long k = 0; k < depth; k++) {
    for (long column = first; column < end; column += LANES) {
      const long panel = column / PANEL_COLUMNS * PANEL_COLUMNS;
      const long width = smaller_of(PANEL_COLUMNS, columns - panel);
      float *target = panels + panel * depth + k * width + column - panel;
      vector quarters[2][2], points[STRASSEN_POINTS];
      for (int i = 0; i < 4; i++)
        quarters[i / 2][i % 2] = weights_at(right, i / 2 * depth + k, i % 2 * columns + column);
      split_right(quarters, points);
      for (int point = 0; point < STRASSEN_POINTS; point++)
        store(target + point * depth * columns, points[point]);
    }
  }
}

/// Pairs of output pixels that are worked on together.
typedef struct {
  long first, count;
  /// How many pairs an image has.
  long per_image;
  /// What the pairs' two outputs are computed from; zeros stand for a pixel that the image does not have.
  const float *pixels[KERNELS_STRASSEN_PAIRS][2];
} pair_block;

INLINE long pairs_per_image(const kernels_window *window) {
  return (window->output_height * window->output_width + 1) / 2;
}

/// Pixels that lie in the image as they are.
static void locate_pairs(const kernels_convolution *work, pair_block *block) {
  const kernels_window *window = &work->window;
  const long pixels = window->output_height * window->output_width;
  long image = block->first / block->per_image, pixel = block->first - image * block->per_image;
  for (long pair = 0; pair < block->count; pair++) {
    for (long half = 0; half < 2; half++) {
      const long row = half * block->per_image + pixel;
      block->pixels[pair][half] =
          row < pixels ? pixel_at(window, corner_of(window, image * pixels + row), 0, 0, work->zeros)
                       : work->zeros;
    }
    if (++pixel == block->per_image) pixel = 0, image++;
  }
}

/// Pixels that are computed first, into `rows`.
static void compute_pairs(const kernels_source *source, const float *zeros, float *rows, pair_block *block) {
  const kernels_window *window = &source->depthwise.window;
  const long pixels = window->output_height * window->output_width, channels = window->input_channels;
  long count;
  for (long pair = 0; pair < block->count; pair += count) {
    const long image = (block->first + pair) / block->per_image;
    const long pixel = block->first + pair - image * block->per_image;
    count = smaller_of(block->count - pair, block->per_image - pixel);
    for (long half = 0; half < 2; half++) {
      const long first = half * block->per_image + pixel, present = smaller_of(count, pixels - first);
      float *target = rows + (half * block->count + pair) * channels;
      compute_pixels(source, target, image * pixels + first, image * pixels + first + present);
      for (long i = 0; i < count; i++)
        block->pixels[pair + i][half] = i < present ? target + i * channels : zeros;
    }
  }
}

/// Combines the pairs' pixels to the left sides of the products.
static void split_pairs(const pair_block *block, const point_products *products, float *inputs) {
  const long depth = products->depth;
  for (long pair = 0; pair < block->count; pair++, inputs += products->input_row) {
    const float *const *pixels = block->pixels[pair];
    // Pixels lie too far apart for hardware to see the next one coming.
    const float *const *next = block->pixels[pair + 1 < block->count ? pair + 1 : pair];
    for (long k = 0; k < depth; k += LANES) {
      const long lanes = smaller_of(LANES, depth - k);
      UNROLLED for (int i = 0; i < 4; i++) __builtin_prefetch(next[i / 2] + i % 2 * depth + k);
      vector quarters[2][2], points[STRASSEN_POINTS];
      UNROLLED for (int i = 0; i < 4; i++)
        quarters[i / 2][i % 2] = load_some(pixels[i / 2] + i % 2 * depth + k, lanes);
      split_left(quarters, points);
      UNROLLED for (int point = 0; point < STRASSEN_POINTS; point++)
        store(inputs + point * products->input_point + k, points[point]);
    }
  }
}

/// `finish` for columns `first..<end` of both halves of a row and of the one `pair` rows below, if that is not zero.
static void finish_pair(const kernels_convolution *work, long row, long pair, long first, long end) {
  const long half = half_columns(work->filters);
  for (int i = 0; i < (pair > 0 ? 4 : 2); i++) {
    const long column = i % 2 * half + first, columns = smaller_of(end - first, work->filters - column);
    if (columns > 0)
      finish(
          work->epilogue.activation, work->output + (row + i / 2 * pair) * work->output_stride + column,
          work->output_stride, 1, columns);
  }
}

/// Columns `first..<end` of both halves, from the products of a block of pairs.
static void join_pairs(
    const kernels_convolution *work, const pair_block *block, const point_products *products, long first,
    long end) {
  const long pixels = work->window.output_height * work->window.output_width;
  const long columns = half_columns(work->filters);
  long image = block->first / block->per_image, pixel = block->first - image * block->per_image;
  for (long pair = 0; pair < block->count; pair++) {
    const float *source = products->products + pair * products->product_row;
    for (long column = first; column < end; column += LANES, source += LANES) {
      vector points[STRASSEN_POINTS], quarters[2][2];
      UNROLLED for (int point = 0; point < STRASSEN_POINTS; point++)
        points[point] = load(source + point * products->product_point);
      join_products(points, quarters);
      UNROLLED for (int i = 0; i < 4; i++) {
        const long row = i / 2 * block->per_image + pixel, place = i % 2 * columns + column;
        if (row >= pixels || place >= work->filters) continue;
        announce_output(work, image * pixels + row + 1, place);
        write_output(work, image * pixels + row, place, work->filters - place, quarters[i / 2][i % 2]);
      }
    }
    if (work->epilogue.activation.function > KERNELS_CLAMP)
      finish_pair(work, image * pixels + pixel, pixel + block->per_image < pixels ? block->per_image : 0, first, end);
    if (++pixel == block->per_image) pixel = 0, image++;
  }
}

/// Columns whose products are made before they are joined: few enough for all points to stay in cache.
#define STRASSEN_COLUMNS (4 * PANEL_COLUMNS)

static void NAMED(strassen)(
    const kernels_convolution *work, const kernels_source *source, float *scratch, long first, long end,
    long first_column, long end_column) {
  const long blocks = blocks_of(end - first, KERNELS_STRASSEN_PAIRS);
  for (long index = 0; index < blocks; index++) {
    const long start = deal(end - first, blocks, index);
    pair_block block = {
        .first = first + start, .count = deal(end - first, blocks, index + 1) - start,
        .per_image = pairs_per_image(&work->window)};
    const point_products products = lay_out(
        STRASSEN_POINTS, block.count, work->window.input_channels / 2, work->panels,
        half_columns(work->filters), STRASSEN_COLUMNS, scratch);
    // The pixels lie where products will be once they are split.
    if (source) compute_pairs(source, work->zeros, products.products, &block);
    else locate_pairs(work, &block);
    split_pairs(&block, &products, scratch);
    for (long column = first_column; column < end_column; column += STRASSEN_COLUMNS) {
      const long last = smaller_of(column + STRASSEN_COLUMNS, end_column);
      multiply_points(&products, column, last);
      join_pairs(work, &block, &products, column, last);
    }
  }
}

static long NAMED(strassen_scratch)(long channels) {
  const long inputs =
      points_scratch(STRASSEN_POINTS, KERNELS_STRASSEN_PAIRS, whole_vectors((channels + 1) / 2));
  const long products = points_scratch(STRASSEN_POINTS, KERNELS_STRASSEN_PAIRS, STRASSEN_COLUMNS);
  const long pixels = 2 * KERNELS_STRASSEN_PAIRS * channels;
  return inputs + (products > pixels ? products : pixels);
}
