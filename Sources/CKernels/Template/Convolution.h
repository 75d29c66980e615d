/// Convolution as a matrix product whose left side is never built: tiles read the image through pointers.

#define PANEL_COLUMNS (TILE_VECTORS * LANES)
/// How many products an accumulation makes before it moves on to the next columns: a panel of weights that
/// deep stays in the first-level cache while all rows of the block pass over it.
#define DEPTH_BLOCK 384
/// Window positions whose pointers are at hand at a time.
#define TAP_LIMIT 32

/// How many rows before they are packed weights are fetched: they lie too far apart for hardware to see them coming.
#define PACK_AHEAD 16

typedef double doubles __attribute__((ext_vector_type(LANES)));

/// Up to LANES weights at depth `k` from `column` on, times their factors; zeros outside the matrix.
INLINE vector weights_at(const kernels_right_side *right, long k, long column) {
  const long lanes = smaller_of(LANES, right->columns - column);
  const float *source = right->source + k * right->depth_stride + column * right->column_stride;
  __builtin_prefetch(source + PACK_AHEAD * right->depth_stride);
  vector result = 0;
  if (lanes == LANES && right->column_stride == 1) result = load(source);
  else for (long n = 0; n < lanes; n++) result[n] = source[n * right->column_stride];
  if (!right->scale) return result;
  doubles scale = 0;
  if (lanes == LANES) memcpy(&scale, right->scale + column, sizeof scale);
  else for (long n = 0; n < lanes; n++) scale[n] = right->scale[column + n];
  return __builtin_convertvector(__builtin_convertvector(result, doubles) * scale, vector);
}

/// One row of a panel: `columns` weights at depth `k`, filled up with zeros to whole vectors.
INLINE void pack_row(const kernels_right_side *right, long k, long column, long columns, float *target) {
  for (long n = 0; n < columns; n += LANES) store(target + n, weights_at(right, k, column + n));
}

static void NAMED(pack)(const kernels_right_side *right, float *panels, long first, long end) {
  for (long k = 0; k < right->depth; k++)
    for (long column = first; column < end; column += PANEL_COLUMNS) {
      const long columns = smaller_of(PANEL_COLUMNS, right->columns - column);
      pack_row(right, k, column, columns, panels + column * right->depth + k * whole_vectors(columns));
    }
}

/// An output pixel's place: image, and the window's corner in it.
typedef struct {
  const float *image;
  long x, y;
} corner;

INLINE corner corner_of(const kernels_window *window, long row) {
  const long pixels = window->output_height * window->output_width;
  const long image = row / pixels, pixel = row - image * pixels;
  const long y = pixel / window->output_width, x = pixel - y * window->output_width;
  return (corner){
      .image = window->input + image * window->input_height * window->input_width * window->input_stride,
      .x = x * window->step_x - window->left,
      .y = y * window->step_y - window->top};
}

/// The places of `rows` neighbouring output pixels.
INLINE void find_corners(const kernels_window *window, long first_row, long rows, corner *corners) {
  const long pixels = window->output_height * window->output_width;
  const long image_stride = window->input_height * window->input_width * window->input_stride;
  const long pixel = first_row % pixels;
  corner at = corner_of(window, first_row);
  long x = pixel % window->output_width, y = pixel / window->output_width;
  for (long row = 0; row < rows; row++) {
    corners[row] = at;
    at.x += window->step_x;
    if (++x < window->output_width) continue;
    x = 0;
    at.x = -window->left;
    at.y += window->step_y;
    if (++y < window->output_height) continue;
    y = 0;
    at.y = -window->top;
    at.image += image_stride;
  }
}

/// The pixel that lies so far down and right of a window's corner, or `outside`.
INLINE const float *pixel_at(
    const kernels_window *window, corner at, long down, long right, const float *outside) {
  const long y = at.y + down, x = at.x + right;
  if (y < 0 || y >= window->input_height || x < 0 || x >= window->input_width) return outside;
  return at.image + (y * window->input_width + x) * window->input_stride;
}

/// Rows are dealt to tiles, and tiles to blocks, as evenly as possible: share `index` of `count` starts here.
INLINE long deal(long rows, long count, long index) { return rows * index / count; }

/// How many blocks of at most `most` there are.
INLINE long blocks_of(long count, long most) { return (count + most - 1) / most; }

/// Pointers for window positions `first_tap ..< first_tap + taps`, tile after tile, tap after tap.
static void gather(
    const kernels_convolution *convolution, const corner *corners, long rows, long tiles, long first_tap,
    long taps, const float **pointers) {
  const kernels_window *window = &convolution->window;
  for (long tile = 0; tile < tiles; tile++) {
    const long start = deal(rows, tiles, tile), end = deal(rows, tiles, tile + 1);
    for (long tap = first_tap; tap < first_tap + taps; tap++) {
      const long dy = tap / window->window_width, dx = tap - dy * window->window_width;
      const long down = dy * window->dilation_y, right = dx * window->dilation_x;
      for (long row = start; row < end; row++)
        *pointers++ = pixel_at(window, corners[row], down, right, convolution->zeros);
    }
  }
}

/// Whether all positions of all windows lie in the image.
INLINE bool stays_inside(const kernels_window *window) {
  const long down = (window->output_height - 1) * window->step_y + (window->window_height - 1) * window->dilation_y;
  const long right = (window->output_width - 1) * window->step_x + (window->window_width - 1) * window->dilation_x;
  return window->top == 0 && window->left == 0 && down < window->input_height && right < window->input_width;
}

/// `gather` for windows that stay inside, whose corners are `pixels`.
static void gather_inside(
    const kernels_window *window, const float *const *pixels, long rows, long tiles, long first_tap, long taps,
    const float **pointers) {
  for (long tile = 0; tile < tiles; tile++) {
    const long start = deal(rows, tiles, tile), end = deal(rows, tiles, tile + 1);
    for (long tap = first_tap; tap < first_tap + taps; tap++) {
      const long dy = tap / window->window_width * window->dilation_y;
      const long dx = tap % window->window_width * window->dilation_x;
      const long distance = (dy * window->input_width + dx) * window->input_stride;
      for (long row = start; row < end; row++) *pointers++ = pixels[row] + distance;
    }
  }
}

/// A block of the depth: some window positions, or part of one.
typedef struct {
  long first_tap, taps, offset, run;
  bool begins, ends;
  /// The weights that are read after this block's.
  const float *next;
} depth_block;

/// Output pixels that pass over the weights together, dealt to tiles; the pointers are laid out for `gather`.
typedef struct {
  const float *const *pointers;
  long first, count;
} row_block;

INLINE long tiles_of(long rows) { return blocks_of(rows, TILE_ROWS); }

/// The width of the panel that starts where `columns` are left.
INLINE long panel_width(long columns) { return whole_vectors(smaller_of(PANEL_COLUMNS, columns)); }

/// All tiles of the rows over one panel's share of the depth, whose outputs stay in the first-level cache.
static void convolve_panel(
    const kernels_convolution *convolution, row_block rows, depth_block depth, long column, tile_work work) {
  const long columns = smaller_of(PANEL_COLUMNS, convolution->filters - column);
  const int vectors = (int)(panel_width(columns) / LANES);
  const long tiles = tiles_of(rows.count), taken = depth.taps * depth.run;
  if (work.epilogue.bias) work.epilogue.bias += column;
  // Every tile fetches its share of what comes next, so that memory delivers evenly while there is work to do.
  work.ahead_step = (PANEL_COLUMNS + tiles - 1) / tiles;
  for (long tile = 0; tile < tiles; tile++, work.ahead += taken * work.ahead_step) {
    const long start = deal(rows.count, tiles, tile);
    const int count = (int)(deal(rows.count, tiles, tile + 1) - start);
    const long row = rows.first + start;
    work.pointers = rows.pointers + start * depth.taps;
    work.output = convolution->output + row * convolution->output_stride + column;
    if (convolution->epilogue.residual)
      work.epilogue.residual = convolution->epilogue.residual + row * work.epilogue.residual_stride + column;
    if (columns == vectors * LANES)
      compute_vectors(count, vectors, &work);
    else
      compute_narrow(count, vectors, columns, &work);
  }
  if (depth.ends)
    finish(
        work.epilogue.activation, convolution->output + rows.first * convolution->output_stride + column,
        convolution->output_stride, rows.count, columns);
}

static void convolve_block(
    const kernels_convolution *convolution, row_block rows, depth_block depth, long first_column,
    long end_column) {
  const kernels_window *window = &convolution->window;
  const long whole_depth = window->window_height * window->window_width * window->input_channels;
  const long start = depth.first_tap * window->input_channels + depth.offset;
  for (long column = first_column; column < end_column; column += PANEL_COLUMNS) {
    const float *panel = convolution->panels + column * whole_depth;
    const tile_work work = {
        .taps = depth.taps, .offset = depth.offset, .run = depth.run,
        .panel = panel + start * panel_width(convolution->filters - column),
        .ahead = column + PANEL_COLUMNS < end_column
                     ? panel + PANEL_COLUMNS * whole_depth
                           + start * panel_width(convolution->filters - column - PANEL_COLUMNS)
                     : depth.next,
        .output_stride = convolution->output_stride, .begins = depth.begins, .ends = depth.ends,
        .epilogue = convolution->epilogue};
    convolve_panel(convolution, rows, depth, column, work);
  }
}

/// How a depth is divided: whole window positions together, or one position in pieces.
INLINE void divide_depth(long run, long *taps, long *piece) {
  const long together = run > 0 ? DEPTH_BLOCK / run : 1;
  *taps = together < 1 ? 1 : smaller_of(together, TAP_LIMIT);
  const long pieces = (run + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  *piece = pieces <= 1 ? run : (run + pieces - 1) / pieces;
}

/// Adds the products of window positions `first_tap ..< first_tap + taps`, whose pointers are at hand, piece by piece
/// of the channels. `next` is what is read when the whole depth is done.
static void convolve_taps(
    const kernels_convolution *convolution, row_block rows, long first_tap, long taps, long piece,
    long first_column, long end_column, const float *next) {
  const kernels_window *window = &convolution->window;
  const long run = window->input_channels, all_taps = window->window_height * window->window_width;
  const float *panel = convolution->panels + first_column * all_taps * run;
  const long width = panel_width(convolution->filters - first_column);
  long offset = 0;
  do {
    const long length = smaller_of(piece, run - offset), end = (first_tap * run) + offset + taps * length;
    const bool ends = end == all_taps * run;
    const depth_block depth = {
        .first_tap = first_tap, .taps = taps, .offset = offset, .run = length,
        .begins = first_tap == 0 && offset == 0, .ends = ends, .next = ends ? next : panel + end * width};
    convolve_block(convolution, rows, depth, first_column, end_column);
    offset += length;
  } while (offset < run);
}

/// Whether output pixels are made of the input pixels in their places.
INLINE bool is_pointwise(const kernels_window *window) {
  return window->window_height == 1 && window->window_width == 1 && window->step_y == 1 && window->step_x == 1
         && window->top == 0 && window->left == 0 && window->output_height == window->input_height
         && window->output_width == window->input_width;
}

static void convolve_rows(
    const kernels_convolution *convolution, long first_row, long rows, long first_column, long end_column) {
  const kernels_window *window = &convolution->window;
  const long taps = window->window_height * window->window_width;
  const float *pointers[KERNELS_ROW_BLOCK * TAP_LIMIT];
  const float *pixels[KERNELS_ROW_BLOCK];
  corner corners[KERNELS_ROW_BLOCK];
  const bool in_place = is_pointwise(window), inside = stays_inside(window);
  if (in_place)
    for (long row = 0; row < rows; row++) pointers[row] = window->input + (first_row + row) * window->input_stride;
  else find_corners(window, first_row, rows, corners);
  if (inside && !in_place)
    for (long row = 0; row < rows; row++) pixels[row] = pixel_at(window, corners[row], 0, 0, NULL);
  long together, piece;
  divide_depth(window->input_channels, &together, &piece);
  for (long tap = 0; tap < taps; tap += together) {
    const long count = smaller_of(together, taps - tap);
    if (inside && !in_place) gather_inside(window, pixels, rows, tiles_of(rows), tap, count, pointers);
    else if (!in_place) gather(convolution, corners, rows, tiles_of(rows), tap, count, pointers);
    const row_block block = {.pointers = pointers, .first = first_row, .count = rows};
    convolve_taps(
        convolution, block, tap, count, piece, first_column, end_column,
        convolution->panels + first_column * window->input_channels * taps);
  }
}

static void NAMED(convolve)(
    const kernels_convolution *convolution, long first_row, long end_row, long first_column, long end_column) {
  const long rows = end_row - first_row, blocks = blocks_of(rows, KERNELS_ROW_BLOCK);
  for (long index = 0; index < blocks; index++) {
    const long start = deal(rows, blocks, index);
    convolve_rows(convolution, first_row + start, deal(rows, blocks, index + 1) - start, first_column, end_column);
  }
}
