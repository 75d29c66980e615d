/// The forms of Winograd's minimal filtering, and their kernels: packed, and transformed once or at every use.

/// How one side of the window is computed.
typedef struct {
  int outputs, taps;
} line_form;

INLINE int inputs_of(line_form line) { return line.outputs + line.taps - 1; }

/// How a window is computed. Known at compile time wherever it is used.
typedef struct {
  line_form y, x;
} tile_form;

#define WINOGRAD_MOST_POINTS 64
#define WINOGRAD_MOST_WINDOW 25
#define WINOGRAD_MOST_OUTPUTS 6

INLINE int points_of(tile_form form) { return inputs_of(form.y) * inputs_of(form.x); }

/// How far ahead kernels are fetched that are about to be transformed.
#define KERNELS_AHEAD (64 * LINE_FLOATS)

/// Transforms the kernels of one channel and one vector of filters; `target` takes one vector every `point_stride`.
INLINE void transform_kernels(
    tile_form form, const float *kernels, long tap_stride, float *target, long point_stride) {
  const int height = form.y.taps, width = form.x.taps, rows = inputs_of(form.y), columns = inputs_of(form.x);
  vector lines[WINOGRAD_MOST_POINTS];
  UNROLLED for (int x = 0; x < width; x++) {
    vector line[WINOGRAD_MOST_TAPS], points[WINOGRAD_MOST_INPUTS];
    UNROLLED for (int y = 0; y < height; y++) {
      line[y] = load(kernels + (y * width + x) * tap_stride);
      __builtin_prefetch(kernels + (y * width + x) * tap_stride + KERNELS_AHEAD);
    }
    transform_kernel(rows, height, line, points);
    UNROLLED for (int y = 0; y < rows; y++) lines[y * width + x] = points[y];
  }
  UNROLLED for (int y = 0; y < rows; y++) {
    vector points[WINOGRAD_MOST_INPUTS];
    transform_kernel(columns, width, lines + y * width, points);
    UNROLLED for (int x = 0; x < columns; x++) store(target + (y * columns + x) * point_stride, points[x]);
  }
}

/// The same for `channels` channels and all filters of a panel.
INLINE void transform_panel(
    tile_form form, const float *kernels, long channels, long width, float *target, long point_stride) {
  const long taps = form.y.taps * form.x.taps;
  for (long channel = 0; channel < channels; channel++, kernels += taps * width, target += width)
    for (long n = 0; n < width; n += LANES) transform_kernels(form, kernels + n, width, target + n, point_stride);
}

/// Packs kernels as they are, times their factors: panels of `[channels, height * width, columns]`.
static void pack_kernels(long taps, const kernels_right_side *right, float *panels, long first, long end) {
  const long channels = right->depth / taps;
  for (long channel = 0; channel < channels; channel++)
    for (long column = first; column < end; column += PANEL_COLUMNS) {
      const long count = smaller_of(PANEL_COLUMNS, right->columns - column), panel = whole_vectors(count);
      float *target = panels + column * right->depth + channel * taps * panel;
      for (long tap = 0; tap < taps; tap++, target += panel)
        pack_row(right, tap * channels + channel, column, count, target);
    }
}

/// Packs kernels transformed: for each point panels of `[channels, columns]`.
INLINE void pack_tiles(tile_form form, const kernels_right_side *right, float *panels, long first, long end) {
  const long taps = form.y.taps * form.x.taps, channels = right->depth / taps;
  const long point_stride = channels * whole_vectors(right->columns);
  for (long column = first; column < end; column += PANEL_COLUMNS) {
    const long count = smaller_of(PANEL_COLUMNS, right->columns - column), width = whole_vectors(count);
    float *target = panels + column * channels;
    for (long channel = 0; channel < channels; channel++, target += width) {
      float kernels[WINOGRAD_MOST_WINDOW * PANEL_COLUMNS];
      for (long tap = 0; tap < taps; tap++)
        pack_row(right, tap * channels + channel, column, count, kernels + tap * PANEL_COLUMNS);
      for (long n = 0; n < width; n += LANES)
        transform_kernels(form, kernels + n, PANEL_COLUMNS, target + n, point_stride);
    }
  }
}

/// `transform_panel` for one form.
typedef void (*panel_transform)(const float *kernels, long channels, long width, float *target, long point_stride);
