/// Gradients by kernels through Winograd's minimal filtering: the adjoint of the forward pass, a transformation at a time.
///
/// With `Y = A' [(G g G') * (B' d B)] A` for every tile (`*` point by point) the gradient by the kernel g is
/// `G' [sum over tiles of (A dY A') * (B' d B)] G`: as many matrix products as there are points, whose depth are the tiles.

/// The adjoint of `transform_output`.
INLINE void transform_slopes(int outputs, int inputs, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  UNROLLED for (int pair = 0; pair < pairs_of(inputs); pair++) {
    vector even = winograd_powers[pair][0] * in[0], odd = 0;
    UNROLLED for (int i = 2; i < outputs; i += 2) even += winograd_powers[pair][i] * in[i];
    UNROLLED for (int i = 1; i < outputs; i += 2) odd += winograd_powers[pair][i] * in[i];
    out[2 * pair + 1] = even + odd;
    out[2 * pair + 2] = even - odd;
  }
  out[inputs - 1] = in[outputs - 1];
}

/// The adjoint of `transform_kernel`.
INLINE void restore_kernel(int inputs, int taps, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  const int pairs = pairs_of(inputs);
  vector sums[WINOGRAD_MOST_PAIRS], differences[WINOGRAD_MOST_PAIRS];
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    const float factor = kernel_factor(pairs, pair);
    sums[pair] = factor * (in[2 * pair + 1] + in[2 * pair + 2]);
    differences[pair] = factor * (in[2 * pair + 1] - in[2 * pair + 2]);
  }
  UNROLLED for (int tap = 0; tap < taps; tap++) {
    const vector *terms = tap % 2 == 0 ? sums : differences;
    vector sum = winograd_powers[0][tap] * terms[0];
    UNROLLED for (int pair = 1; pair < pairs; pair++) sum += winograd_powers[pair][tap] * terms[pair];
    if (tap == 0) sum += (1 / winograd_products[pairs][0]) * in[0];
    out[tap] = tap == taps - 1 ? sum + in[inputs - 1] : sum;
  }
}

/// Tiles one after the other, without a division for each.
typedef struct {
  tile_line rows, columns;
  long image, row, column;
} tile_cursor;

INLINE tile_cursor cursor_at(tile_form form, const kernels_window *window, long index) {
  const tile_line rows = tiles_along(form.y, window->output_height);
  const tile_line columns = tiles_along(form.x, window->output_width);
  const long each = rows.count * columns.count, tile = index % each;
  return (tile_cursor){
      .rows = rows, .columns = columns, .image = index / each, .row = tile / columns.count,
      .column = tile % columns.count};
}

INLINE tile_place place_of(tile_form form, const tile_cursor *cursor) {
  return (tile_place){
      .image = cursor->image, .x = tile_begin(form.x, cursor->columns, cursor->column),
      .y = tile_begin(form.y, cursor->rows, cursor->row),
      .width = form.x.outputs - (cursor->column >= cursor->columns.whole),
      .height = form.y.outputs - (cursor->row >= cursor->rows.whole)};
}

INLINE void advance(tile_cursor *cursor) {
  if (++cursor->column < cursor->columns.count) return;
  cursor->column = 0;
  if (++cursor->row < cursor->rows.count) return;
  cursor->row = 0;
  cursor->image++;
}

/// How many tiles of a slice are chosen, for each choice.
typedef struct {
  long counts[TILE_CHOICES];
} chosen_tiles;

INLINE chosen_tiles count_tiles(tile_form form, const kernels_kernel_gradient *work) {
  chosen_tiles result = {{0}};
  tile_cursor cursor = cursor_at(form, &work->window, work->first_tile);
  for (long tile = 0; tile < work->tiles; tile++, advance(&cursor)) {
    const tile_place place = place_of(form, &cursor);
    UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++)
      result.counts[choice] += is_chosen(form, place, choice);
  }
  return result;
}

/// Transforms the gradients of one tile, up to LANES filters.
INLINE void transform_tile_slopes(
    tile_form form, const kernels_kernel_gradient *work, tile_place place, long filter, long lanes, long width,
    const long *positions, float *target) {
  const kernels_window *window = &work->window;
  const int rows = inputs_of(form.y), columns = inputs_of(form.x);
  const long inside_y = smaller_of(place.height, window->output_height - place.y);
  const long inside_x = smaller_of(place.width, window->output_width - place.x);
  const long first = (place.image * window->output_height + place.y) * window->output_width + place.x;
  vector lines[WINOGRAD_MOST_POINTS];
  UNROLLED for (int y = 0; y < form.y.outputs; y++) {
    vector line[WINOGRAD_MOST_OUTPUTS];
    UNROLLED for (int x = 0; x < form.x.outputs; x++)
      line[x] = y < inside_y && x < inside_x
                    ? load_some(work->gradient + (first + y * window->output_width + x) * work->filters + filter, lanes)
                    : (vector)0.0f;
    transform_slopes(form.x.outputs, columns, line, lines + y * columns);
  }
  UNROLLED for (int x = 0; x < columns; x++) {
    vector line[WINOGRAD_MOST_OUTPUTS], points[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int y = 0; y < form.y.outputs; y++) line[y] = lines[y * columns + x];
    transform_slopes(form.y.outputs, rows, line, points);
    UNROLLED for (int y = 0; y < rows; y++) {
      const int point = y * columns + x, choice = choice_of(form, point);
      if (is_chosen(form, place, choice)) store(target + (point * work->tiles + positions[choice]) * width, points[y]);
    }
  }
}

/// Moves on to the next tile.
INLINE void pass_tile(tile_form form, tile_place place, long *positions) {
  UNROLLED for (int choice = 0; choice < TILE_CHOICES; choice++)
    positions[choice] += is_chosen(form, place, choice);
}

/// Transforms the gradients of filters `first..<end` in all tiles of the slice: panels of `[points, tiles, columns]`.
INLINE void transform_gradients(tile_form form, const kernels_kernel_gradient *work, long first, long end) {
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long width = panel_width(work->filters - column);
    float *panel = work->slopes + column * points_of(form) * work->tiles;
    long positions[TILE_CHOICES] = {0};
    tile_cursor cursor = cursor_at(form, &work->window, work->first_tile);
    for (long tile = 0; tile < work->tiles; tile++, advance(&cursor)) {
      const tile_place place = place_of(form, &cursor);
      for (long n = 0; n < width; n += LANES)
        transform_tile_slopes(
            form, work, place, column + n, work->filters - column - n, width, positions, panel + n);
      pass_tile(form, place, positions);
    }
  }
}

/// Transforms channels `channel..` of the input's pixels in all tiles of the slice: `[points, tiles, KERNELS_GRADIENT_CHANNELS]`.
INLINE void transform_inputs(
    tile_form form, const kernels_kernel_gradient *work, long channel, long channels, float *target) {
  const kernels_window *window = &work->window;
  const long width = inputs_of(form.x), image = window->input_height * window->input_width * window->input_stride;
  long positions[TILE_CHOICES] = {0};
  tile_cursor cursor = cursor_at(form, window, work->first_tile);
  for (long tile = 0; tile < work->tiles; tile++, advance(&cursor)) {
    const tile_place place = place_of(form, &cursor);
    const corner at = {
        .image = window->input + place.image * image, .x = place.x - window->left, .y = place.y - window->top};
    const float *pixels[WINOGRAD_MOST_POINTS];
    UNROLLED for (long point = 0; point < points_of(form); point++)
      pixels[point] = pixel_at(window, at, point / width, point % width, work->zeros) + channel;
    for (long n = 0; n < channels; n += LANES) {
      float points[WINOGRAD_MOST_POINTS * LANES];
      transform_tile(form, pixels, n, channels - n, points, LANES);
      UNROLLED for (int point = 0; point < points_of(form); point++) {
        const long place = point * work->tiles + positions[choice_of(form, point)];
        store(target + place * KERNELS_GRADIENT_CHANNELS + n, load(points + point * LANES));
      }
    }
    pass_tile(form, place, positions);
  }
}

/// `sums += transpose(inputs) x slopes` for some channels and one panel of filters, both read a tile at a time.
typedef struct {
  const float *inputs, *slopes;
  long tiles;
  float *sums;
  bool adds;
} outer_products;

INLINE void add_outer_products(int rows, int vectors, const outer_products *work) {
  vector sums[TILE_ROWS][TILE_VECTORS];
  UNROLLED for (int row = 0; row < rows; row++)
    UNROLLED for (int i = 0; i < vectors; i++)
      sums[row][i] = work->adds ? load(work->sums + (row * vectors + i) * LANES) : (vector)0.0f;
  const float *inputs = work->inputs, *slopes = work->slopes;
  for (long tile = 0; tile < work->tiles; tile++, inputs += KERNELS_GRADIENT_CHANNELS, slopes += vectors * LANES) {
    vector slice[TILE_VECTORS];
    UNROLLED for (int i = 0; i < vectors; i++) slice[i] = load(slopes + i * LANES);
    UNROLLED for (int i = 0; i < vectors * LANES; i += LINE_FLOATS)
      __builtin_prefetch(slopes + NEAR_STEPS * vectors * LANES + i);
    UNROLLED for (int row = 0; row < rows; row++) {
      const vector input = (vector)inputs[row];
      UNROLLED for (int i = 0; i < vectors; i++) sums[row][i] += input * slice[i];
    }
  }
  UNROLLED for (int row = 0; row < rows; row++)
    UNROLLED for (int i = 0; i < vectors; i++) store(work->sums + (row * vectors + i) * LANES, sums[row][i]);
}

#define OUTER(count) \
  static __attribute__((noinline)) void NAMED(outer_##count)(const outer_products *work) { \
    add_outer_products(TILE_ROWS, count, work); \
  }
OUTER(1)
#if TILE_VECTORS >= 2
OUTER(2)
#endif
#if TILE_VECTORS >= 3
OUTER(3)
#endif
#if TILE_VECTORS >= 4
OUTER(4)
#endif
#undef OUTER

/// Channels are filled up to whole register tiles, with sums that nobody reads.
static void multiply_outer(const outer_products *work, int vectors, long channels) {
  outer_products part = *work;
  for (long channel = 0; channel < channels; channel += TILE_ROWS) {
    part.inputs = work->inputs + channel;
    part.sums = work->sums + channel * vectors * LANES;
    switch (vectors) {
      case 1: NAMED(outer_1)(&part); break;
#if TILE_VECTORS >= 2
      case 2: NAMED(outer_2)(&part); break;
#endif
#if TILE_VECTORS >= 3
      case 3: NAMED(outer_3)(&part); break;
#endif
#if TILE_VECTORS >= 4
      case 4: NAMED(outer_4)(&part); break;
#endif
    }
  }
}

/// Takes sums `[points, KERNELS_GRADIENT_CHANNELS, width]` back to `[taps, channels, filters]`.
INLINE void restore_kernels(
    tile_form form, const kernels_kernel_gradient *work, const float *sums, long channel, long channels,
    long column) {
  const int height = form.y.taps, width = form.x.taps, rows = inputs_of(form.y), columns = inputs_of(form.x);
  const long panel = panel_width(work->filters - column), all = work->window.input_channels;
  for (long row = 0; row < channels; row++)
    for (long n = 0; n < panel; n += LANES) {
      vector lines[WINOGRAD_MOST_POINTS];
      UNROLLED for (int y = 0; y < rows; y++) {
        vector points[WINOGRAD_MOST_INPUTS];
        UNROLLED for (int x = 0; x < columns; x++)
          points[x] = load(sums + ((y * columns + x) * KERNELS_GRADIENT_CHANNELS + row) * panel + n);
        restore_kernel(columns, width, points, lines + y * width);
      }
      UNROLLED for (int x = 0; x < width; x++) {
        vector line[WINOGRAD_MOST_INPUTS], taps[WINOGRAD_MOST_TAPS];
        UNROLLED for (int y = 0; y < rows; y++) line[y] = lines[y * width + x];
        restore_kernel(rows, height, line, taps);
        UNROLLED for (int y = 0; y < height; y++)
          store_some(
              work->output + ((y * width + x) * all + channel + row) * work->filters + column + n, taps[y],
              work->filters - column - n);
      }
    }
}

/// Floats of the sums of one block of channels and one panel of filters.
INLINE long gradient_sums(tile_form form) { return points_of(form) * KERNELS_GRADIENT_CHANNELS * PANEL_COLUMNS; }

/// Channels from `channel` on, as many as are worked on at a time, with filters `first_column..<end_column`.
INLINE void add_kernel_gradients(
    tile_form form, const kernels_kernel_gradient *work, float *scratch, long channel, long first_column,
    long end_column) {
  const long channels = smaller_of(KERNELS_GRADIENT_CHANNELS, work->window.input_channels - channel);
  const long panels = blocks_of(work->filters, PANEL_COLUMNS);
  const chosen_tiles chosen = count_tiles(form, work);
  float *own = scratch + points_of(form) * work->tiles * KERNELS_GRADIENT_CHANNELS;
  transform_inputs(form, work, channel, channels, scratch);
  for (long column = first_column; column < end_column; column += PANEL_COLUMNS) {
    const long width = panel_width(work->filters - column);
    const long region = channel / KERNELS_GRADIENT_CHANNELS * panels + column / PANEL_COLUMNS;
    float *sums = work->sums ? work->sums + region * gradient_sums(form) : own;
    const float *panel = work->slopes + column * points_of(form) * work->tiles;
    for (long point = 0; point < points_of(form); point++) {
      const outer_products products = {
          .inputs = scratch + point * work->tiles * KERNELS_GRADIENT_CHANNELS,
          .slopes = panel + point * work->tiles * width, .tiles = chosen.counts[choice_of(form, (int)point)],
          .sums = sums + point * KERNELS_GRADIENT_CHANNELS * width, .adds = !work->begins};
      multiply_outer(&products, (int)(width / LANES), channels);
    }
    if (work->ends) restore_kernels(form, work, sums, channel, channels, column);
  }
}

#define DEFINE(name, rows, columns, height, width) \
  static void NAMED(slopes_##name)(const kernels_kernel_gradient *work, long first, long end) { \
    transform_gradients(NAMED(name##_form), work, first, end); \
  } \
  static void NAMED(gradient_##name)( \
      const kernels_kernel_gradient *work, float *scratch, long channel, long first_column, long end_column) { \
    add_kernel_gradients(NAMED(name##_form), work, scratch, channel, first_column, end_column); \
  } \
  static long NAMED(name##_gradient_scratch)(long tiles) { \
    return points_of(NAMED(name##_form)) * tiles * KERNELS_GRADIENT_CHANNELS + gradient_sums(NAMED(name##_form)); \
  }
WINOGRAD_FORMS(DEFINE)
#undef DEFINE

#define ENTRY(name, rows, columns, kernel_height, kernel_width) \
  {.output_height = rows, .output_width = columns, .height = kernel_height, .width = kernel_width, \
   .pack = NAMED(pack_##name), .run = NAMED(name), .pack_late = NAMED(pack_late_##name), \
   .run_late = NAMED(late_##name), .scratch = NAMED(name##_scratch), \
   .block = NAMED(name##_block), .slopes = NAMED(slopes_##name), .gradient = NAMED(gradient_##name), \
   .gradient_scratch = NAMED(name##_gradient_scratch)},
static const kernels_winograd NAMED(winograd_forms)[KERNELS_WINOGRAD_FORMS] = {WINOGRAD_FORMS(ENTRY)};
#undef ENTRY
#undef WINOGRAD_FORMS
