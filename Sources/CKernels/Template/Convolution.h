/// Convolution as a matrix product whose left side is never built: tiles read the image through pointers.

#define PANEL_COLUMNS (TILE_VECTORS * LANES)
/// How many products an accumulation makes before it moves on to the next columns: a panel of weights that
/// deep stays in the first-level cache while all rows of the block pass over it.
#define DEPTH_BLOCK 384
/// Window positions whose pointers are at hand at a time.
#define TAP_LIMIT 32

static void NAMED(pack)(const kernels_right_side *right, float *panels, long first, long end) {
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long columns = smaller_of(PANEL_COLUMNS, right->columns - column);
    const long width = (columns + LANES - 1) / LANES * LANES;
    float *target = panels + column * right->depth;
    for (long k = 0; k < right->depth; k++, target += width) {
      const float *source = right->source + k * right->depth_stride + column * right->column_stride;
      if (right->column_stride == 1 && !right->scale)
        __builtin_memcpy(target, source, (unsigned long)columns * sizeof(float));
      else
        for (long n = 0; n < columns; n++) {
          const float value = source[n * right->column_stride];
          target[n] = right->scale ? (float)((double)value * right->scale[column + n]) : value;
        }
      for (long n = columns; n < width; n++) target[n] = 0;
    }
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

/// The pixel a window position falls on, or `outside`.
INLINE const float *pixel_at(const kernels_window *window, corner at, long dy, long dx, const float *outside) {
  const long y = at.y + dy, x = at.x + dx;
  if (y < 0 || y >= window->input_height || x < 0 || x >= window->input_width) return outside;
  return at.image + (y * window->input_width + x) * window->input_stride;
}

/// Rows are dealt to tiles as evenly as possible: tile `index` of `count` starts here.
INLINE long tile_start(long rows, long count, long index) { return rows * index / count; }

/// Pointers for window positions `first_tap ..< first_tap + taps`, tile after tile, tap after tap.
static void gather(
    const kernels_convolution *convolution, const corner *corners, long rows, long tiles, long first_tap,
    long taps, const float **pointers) {
  const kernels_window *window = &convolution->window;
  for (long tile = 0; tile < tiles; tile++) {
    const long start = tile_start(rows, tiles, tile), end = tile_start(rows, tiles, tile + 1);
    for (long tap = first_tap; tap < first_tap + taps; tap++) {
      const long dy = tap / window->window_width, dx = tap - dy * window->window_width;
      for (long row = start; row < end; row++)
        *pointers++ = pixel_at(window, corners[row], dy, dx, convolution->zeros);
    }
  }
}

/// A block of the depth: some window positions, or part of one.
typedef struct {
  long first_tap, taps, offset, run;
  bool begins, ends;
} depth_block;

static void convolve_block(
    const kernels_convolution *convolution, const float *const *pointers, depth_block depth, long first_row,
    long rows, long tiles, long first_column, long end_column) {
  const kernels_window *window = &convolution->window;
  const long whole_run = window->input_channels;
  const long whole_depth = window->window_height * window->window_width * whole_run;
  for (long column = first_column; column < end_column; column += PANEL_COLUMNS) {
    const long columns = smaller_of(PANEL_COLUMNS, convolution->filters - column);
    const int vectors = (int)((columns + LANES - 1) / LANES);
    tile_work work = {
        .taps = depth.taps, .offset = depth.offset, .run = depth.run,
        .panel = convolution->panels + column * whole_depth
                 + (depth.first_tap * whole_run + depth.offset) * vectors * LANES,
        .output_stride = convolution->output_stride, .begins = depth.begins, .ends = depth.ends,
        .epilogue = convolution->epilogue};
    if (work.epilogue.bias) work.epilogue.bias += column;
    for (long tile = 0; tile < tiles; tile++) {
      const long start = tile_start(rows, tiles, tile);
      const int count = (int)(tile_start(rows, tiles, tile + 1) - start);
      const long row = first_row + start;
      work.pointers = pointers + start * depth.taps;
      work.output = convolution->output + row * convolution->output_stride + column;
      if (convolution->epilogue.residual)
        work.epilogue.residual =
            convolution->epilogue.residual + row * work.epilogue.residual_stride + column;
      if (columns == vectors * LANES)
        compute_vectors(count, vectors, &work);
      else
        compute_narrow(count, vectors, columns, &work);
    }
  }
}

/// How a depth is divided: whole window positions together, or one position in pieces.
INLINE void divide_depth(long run, long *taps, long *piece) {
  const long together = run > 0 ? DEPTH_BLOCK / run : 1;
  *taps = together < 1 ? 1 : smaller_of(together, TAP_LIMIT);
  const long pieces = (run + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  *piece = pieces <= 1 ? run : (run + pieces - 1) / pieces;
}

static void convolve_rows(
    const kernels_convolution *convolution, long first_row, long rows, long first_column, long end_column) {
  const kernels_window *window = &convolution->window;
  const long taps = window->window_height * window->window_width, run = window->input_channels;
  const long tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const float *pointers[KERNELS_ROW_BLOCK * TAP_LIMIT];
  corner corners[KERNELS_ROW_BLOCK];
  for (long row = 0; row < rows; row++) corners[row] = corner_of(window, first_row + row);
  long together, piece;
  divide_depth(run, &together, &piece);
  for (long tap = 0; tap < taps; tap += together) {
    const long count = smaller_of(together, taps - tap);
    gather(convolution, corners, rows, tiles, tap, count, pointers);
    long offset = 0;
    do {
      const long length = smaller_of(piece, run - offset);
      const depth_block depth = {
          .first_tap = tap, .taps = count, .offset = offset, .run = length,
          .begins = tap == 0 && offset == 0, .ends = tap + count == taps && offset + length == run};
      convolve_block(convolution, pointers, depth, first_row, rows, tiles, first_column, end_column);
      offset += length;
    } while (offset < run);
  }
}

static void NAMED(convolve)(
    const kernels_convolution *convolution, long first_row, long end_row, long first_column, long end_column) {
  for (long row = first_row; row < end_row; row += KERNELS_ROW_BLOCK)
    convolve_rows(convolution, row, smaller_of(KERNELS_ROW_BLOCK, end_row - row), first_column, end_column);
}
