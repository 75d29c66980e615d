/// What algorithms share that transform a layer to several smaller matrix products, one for each *point*: the
/// products, and the epilogue behind the transformation back.

/// Some of the rows of a block.
typedef struct {
  long count;
  short rows[KERNELS_ROW_BLOCK];
} row_choice;

/// Products `[rows, depth] x [depth, columns]` for each point.
typedef struct {
  long points, rows, depth;
  /// The rows that each point's product is made for, one below the other; null for all rows.
  const row_choice *const *choices;
  const float *inputs;
  long input_row, input_point;
  /// The right sides, one after the other, each as `pack` leaves it.
  const float *panels;
  long panel_point;
  float *products;
  long product_row, product_point;
  /// Whether the products are added to what is there.
  bool accumulates;
  /// What is read after the products, a share of `next_point` floats for each point; null for the panels that follow.
  const float *next;
  long next_point;
} point_products;

/// At least `length` floats, and an odd number of cache lines: neighbours in a column of a matrix with such rows
/// never fall into one set of the cache.
INLINE long scattering_stride(long length) {
  return ((length + LINE_FLOATS - 1) / LINE_FLOATS | 1) * LINE_FLOATS;
}

/// Lays the inputs and, for up to `columns` columns at a time, the products of all points out in scratch memory.
INLINE point_products lay_out(
    long points, long rows, long depth, const float *panels, long filters, long columns, float *scratch) {
  point_products result = {
      .points = points, .rows = rows, .depth = depth, .inputs = scratch,
      .input_row = scattering_stride(whole_vectors(depth)), .panels = panels,
      .panel_point = depth * whole_vectors(filters), .product_row = scattering_stride(columns)};
  result.input_point = scattering_stride(rows * result.input_row);
  result.product_point = scattering_stride(rows * result.product_row);
  result.products = scratch + points * result.input_point;
  return result;
}

/// Floats of scratch memory that `lay_out` gives matrices of `rows` x `length`, one for each point.
INLINE long points_scratch(long points, long rows, long length) {
  return points * scattering_stride(rows * scattering_stride(length));
}

/// Columns `first..<end` of all products; column `first` comes to stand at the start of a product's row.
static void multiply_points(const point_products *work, long first, long end) {
  const float *pointers[KERNELS_ROW_BLOCK];
  long together, piece;
  divide_depth(work->depth, &together, &piece);
  for (long point = 0; point < work->points; point++) {
    const float *input = work->inputs + point * work->input_point;
    const row_choice *choice = work->choices ? work->choices[point] : NULL;
    const long count = choice ? choice->count : work->rows;
    if (count == 0) continue;
    for (long row = 0; row < count; row++)
      pointers[row] = input + (choice ? choice->rows[row] : row) * work->input_row;
    const kernels_convolution product = {
        .window = {.input_channels = work->depth, .window_height = 1, .window_width = 1},
        .panels = work->panels + point * work->panel_point + first * work->depth, .filters = end - first,
        .output = work->products + point * work->product_point, .output_stride = work->product_row,
        .epilogue = {.accumulates = work->accumulates}};
    const float *following = point + 1 < work->points ? product.panels + work->panel_point
                                                      : work->panels + end * work->depth;
    const float *next = work->next ? work->next + point * work->next_point : following;
    const row_block rows = {.pointers = pointers, .count = count};
    convolve_taps(&product, rows, 0, 1, piece, 0, end - first, next);
  }
}

/// Fetches what `write_output` will read and write.
INLINE void announce_output(const kernels_convolution *work, long pixel, long column) {
  const kernels_epilogue *epilogue = &work->epilogue;
  __builtin_prefetch(work->output + pixel * work->output_stride + column, 1);
  if (epilogue->residual) __builtin_prefetch(epilogue->residual + pixel * epilogue->residual_stride + column);
}

/// Writes a finished sum of up to LANES columns of one output pixel, which `finish` is still to see.
INLINE void write_output(const kernels_convolution *work, long pixel, long column, long lanes, vector sum) {
  const kernels_epilogue *epilogue = &work->epilogue;
  if (epilogue->bias) sum += load(epilogue->bias + column);
  if (epilogue->residual)
    sum += load_some(epilogue->residual + pixel * epilogue->residual_stride + column, lanes);
  store_some(
      work->output + pixel * work->output_stride + column, clamped(sum, limits_of(epilogue->activation)), lanes);
}
