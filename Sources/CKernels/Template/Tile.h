/// The register tile: up to TILE_ROWS output pixels times TILE_VECTORS vectors of columns, all sums in registers.

/// One tile's work on one block of the depth.
typedef struct {
  /// `taps` groups of one pointer a row; the products read `run` floats from `offset` behind each.
  const float *const *pointers;
  long taps, offset, run;
  const float *panel;
  float *output;
  long output_stride;
  /// Weights that will be read next, of which this tile fetches `ahead_step` floats with every step of the depth.
  const float *ahead;
  long ahead_step;
  /// Whether this is the first, the last block of the depth.
  bool begins, ends;
  kernels_epilogue epilogue;
} tile_work;

/// Floats in a cache line.
#define LINE_FLOATS 16

/// Fetches the lines that `end_tile` reads and writes where rows lie so far apart that no hardware sees them coming.
INLINE void announce_tile(int rows, int vectors, const tile_work *work) {
  const kernels_epilogue *epilogue = &work->epilogue;
  if (work->output_stride < 4 * TILE_VECTORS * LANES) return;
  const bool adds = work->ends && epilogue->residual;
  UNROLLED for (int row = 0; row < rows; row++)
    UNROLLED for (int i = 0; i < vectors * LANES; i += LINE_FLOATS) {
      __builtin_prefetch(work->output + row * work->output_stride + i, 1);
      if (adds) __builtin_prefetch(epilogue->residual + row * epilogue->residual_stride + i);
    }
}

INLINE void begin_tile(int rows, int vectors, const tile_work *work, vector sums[TILE_ROWS][TILE_VECTORS]) {
  const kernels_epilogue *epilogue = &work->epilogue;
  if (!work->begins || epilogue->accumulates) {
    UNROLLED for (int row = 0; row < rows; row++)
      UNROLLED for (int i = 0; i < vectors; i++)
        sums[row][i] = load(work->output + row * work->output_stride + i * LANES);
    return;
  }
  UNROLLED for (int i = 0; i < vectors; i++) {
    vector bias = epilogue->bias ? load(epilogue->bias + i * LANES) : (vector)0.0f;
    UNROLLED for (int row = 0; row < rows; row++) sums[row][i] = bias;
  }
}

INLINE void end_tile(int rows, int vectors, const tile_work *work, vector sums[TILE_ROWS][TILE_VECTORS]) {
  const kernels_epilogue *epilogue = &work->epilogue;
  if (work->ends && epilogue->residual) {
    UNROLLED for (int row = 0; row < rows; row++)
      UNROLLED for (int i = 0; i < vectors; i++)
        sums[row][i] += load(epilogue->residual + row * epilogue->residual_stride + i * LANES);
  }
  if (work->ends && epilogue->activation.function == KERNELS_CLAMP) {
    const limits limits = limits_of(epilogue->activation);
    UNROLLED for (int row = 0; row < rows; row++)
      UNROLLED for (int i = 0; i < vectors; i++) sums[row][i] = larger(limits.minimum, sums[row][i]);
    if (limits.has_maximum) {
      UNROLLED for (int row = 0; row < rows; row++)
        UNROLLED for (int i = 0; i < vectors; i++) sums[row][i] = smaller(limits.maximum, sums[row][i]);
    }
  }
  UNROLLED for (int row = 0; row < rows; row++)
    UNROLLED for (int i = 0; i < vectors; i++)
      store(work->output + row * work->output_stride + i * LANES, sums[row][i]);
}

/// How many steps before they are needed weights are fetched into the first-level cache: a panel rarely stays there.
#define NEAR_STEPS 32

INLINE void compute_tile(int rows, int vectors, const tile_work *work) {
  vector sums[TILE_ROWS][TILE_VECTORS];
  begin_tile(rows, vectors, work, sums);
  announce_tile(rows, vectors, work);
  const float *weights = work->panel;
  const float *const *pointers = work->pointers;
  const float *ahead = work->ahead;
  for (long tap = 0; tap < work->taps; tap++, pointers += rows) {
    const float *inputs[TILE_ROWS];
    UNROLLED for (int row = 0; row < rows; row++) inputs[row] = pointers[row] + work->offset;
    for (long k = 0; k < work->run; k++, weights += vectors * LANES) {
      vector slice[TILE_VECTORS];
      UNROLLED for (int i = 0; i < vectors; i++) slice[i] = load(weights + i * LANES);
      UNROLLED for (int i = 0; i < vectors * LANES; i += LINE_FLOATS)
        __builtin_prefetch(weights + NEAR_STEPS * vectors * LANES + i);
      __builtin_prefetch(ahead, 0, 2);
      ahead += work->ahead_step;
      UNROLLED for (int row = 0; row < rows; row++) {
        vector input = (vector)inputs[row][k];
        UNROLLED for (int i = 0; i < vectors; i++) sums[row][i] += input * slice[i];
      }
    }
  }
  end_tile(rows, vectors, work, sums);
}

/// The same with the row count, known here at compile time, chosen at run time.
INLINE void compute_rows(int rows, int vectors, const tile_work *work) {
  switch (rows) {
#define CASE(count) \
  case count: if (count <= TILE_ROWS) compute_tile(count <= TILE_ROWS ? count : 1, vectors, work); return;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#undef CASE
  }
}

#define TILES(count) \
  static __attribute__((noinline)) void NAMED(tile_##count)(int rows, const tile_work *work) { \
    compute_rows(rows, count, work); \
  }
TILES(1)
#if TILE_VECTORS >= 2
TILES(2)
#endif
#if TILE_VECTORS >= 3
TILES(3)
#endif
#if TILE_VECTORS >= 4
TILES(4)
#endif
#undef TILES

static void compute_vectors(int rows, int vectors, const tile_work *work) {
  switch (vectors) {
    case 1: return NAMED(tile_1)(rows, work);
#if TILE_VECTORS >= 2
    case 2: return NAMED(tile_2)(rows, work);
#endif
#if TILE_VECTORS >= 3
    case 3: return NAMED(tile_3)(rows, work);
#endif
#if TILE_VECTORS >= 4
    case 4: return NAMED(tile_4)(rows, work);
#endif
  }
}

/// A tile whose last vector of columns is not full goes through a buffer of whole vectors.
static void compute_narrow(int rows, int vectors, long columns, const tile_work *work) {
  float output[TILE_ROWS * TILE_VECTORS * LANES] = {0}, residual[TILE_ROWS * TILE_VECTORS * LANES] = {0};
  const long width = vectors * LANES;
  const size_t size = (size_t)columns * sizeof(float);
  tile_work buffered = *work;
  buffered.output = output;
  buffered.output_stride = width;
  if (!work->begins || work->epilogue.accumulates)
    for (int row = 0; row < rows; row++)
      memcpy(output + row * width, work->output + row * work->output_stride, size);
  if (work->ends && work->epilogue.residual) {
    for (int row = 0; row < rows; row++)
      memcpy(residual + row * width, work->epilogue.residual + row * work->epilogue.residual_stride, size);
    buffered.epilogue.residual = residual;
    buffered.epilogue.residual_stride = width;
  }
  compute_vectors(rows, vectors, &buffered);
  for (int row = 0; row < rows; row++)
    memcpy(work->output + row * work->output_stride, output + row * width, size);
}
