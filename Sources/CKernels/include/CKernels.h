#pragma once
#include <stdbool.h>

/// The one header of the native kernels. Only the Swift module `Kernels` imports it.
///
/// Every kernel exists once as source (`Template/`) and is compiled once per instruction set. Activations are
/// `[N, H, W, C]` floats: a *pixel* is C neighbouring floats, and pixels lie `stride` floats apart, so that an
/// image may be a slice of the channels of a wider one. All sizes and strides count floats.

#if defined(__cplusplus)
extern "C" {
#endif

/// A description that several threads read at a time while nobody changes it.
#define KERNELS_SENDABLE __attribute__((swift_attr("@Sendable")))

/// A function of one number. What is not a number stays so. Memory full of zeros is the one that changes nothing; it and
/// a clamp are done in registers, the others on results that have just been written.
typedef enum {
  KERNELS_LINEAR,
  /// `min(max(x, minimum), maximum)`; a zero keeps its sign if a limit is zero too.
  KERNELS_CLAMP,
  /// `x > offset ? min(x, maximum) : slope (x - offset)`
  KERNELS_RELU,
  /// `x > 0 ? slope x : minimum (1 - e^x)`
  KERNELS_ELU,
  /// `min(max(slope x + offset, 0), 1)`
  KERNELS_HARD_SIGMOID,
  /// `x min(max(slope x + offset, 0), 1)`
  KERNELS_HARD_SILU,
  /// `1 / (1 + e^-x)`
  KERNELS_SIGMOID,
  /// `x / (1 + e^-x)`
  KERNELS_SILU,
  KERNELS_TANH,
  /// `log(1 + e^x)`
  KERNELS_SOFTPLUS,
  /// `x tanh(log(1 + e^x))`
  KERNELS_MISH,
  /// `x / (1 + |x|)`
  KERNELS_SOFTSIGN,
  /// `e^x`
  KERNELS_EXPONENTIAL,
  /// `x (1 + erf(x / sqrt(2))) / 2`
  KERNELS_GELU,
  /// `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`
  KERNELS_GELU_BY_TANH,
} kernels_function;

/// An activation function with its constants.
typedef struct KERNELS_SENDABLE {
  kernels_function function;
  float minimum, maximum, slope, offset;
} kernels_activation;

/// What follows the sums of products of one output: `activation(sum + bias + residual)`.
typedef struct KERNELS_SENDABLE {
  /// One number a column, padded with zeros to whole vectors; null for none.
  const float *bias;
  /// Added to the output, pixel by pixel; null for none. Must not overlap the output.
  const float *residual;
  long residual_stride;
  kernels_activation activation;
  /// Whether the sums start from what the output holds, instead of from the bias.
  bool accumulates;
} kernels_epilogue;

/// A window that slides over a batch of images. Padding is what `top` and `left` shift it outside by; the positions of a
/// window lie `dilation` pixels apart, which is 1 for all that a kernel does not call dilated.
typedef struct KERNELS_SENDABLE {
  const float *input;
  long input_height, input_width, input_channels, input_stride;
  long output_height, output_width;
  long window_height, window_width;
  long step_y, step_x;
  long dilation_y, dilation_x;
  long top, left;
} kernels_window;

/// A convolution, dilated or not: output pixel = sum over the window's pixels of pixel x kernel slice, then the epilogue.
///
/// A plain matrix product is a 1 x 1 window over an image of one row.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  /// At least `input_channels` zeros: what lies outside the image.
  const float *zeros;
  /// The kernel `[window_height * window_width * input_channels, filters]` as `pack` leaves it.
  const float *panels;
  long filters;
  float *output;
  long output_stride;
  kernels_epilogue epilogue;
} kernels_convolution;

/// A depthwise convolution, dilated or not: `multiplier` filters a channel, whose results lie beside each other.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  long multiplier;
  /// `[multiplier, window_height * window_width, input_channels]`.
  const float *weights;
  /// `[multiplier, input_channels]`; null for none.
  const float *bias;
  /// What becomes of every input first: nothing, or a clamp.
  kernels_activation input_activation;
  /// `activation(sum + bias)`.
  kernels_activation activation;
  /// Where the means of every line of the output go, `[N * output_height, input_channels * multiplier]`; null where nobody
  /// wants them. Whoever does computes whole lines at a time.
  float *line_means;
} kernels_depthwise;

/// What becomes of the pixels of a pointwise convolution ahead of it. Memory full of zeros is nothing.
typedef struct KERNELS_SENDABLE {
  /// Whether that is `(x - mean) / sqrt(variance + epsilon) * scale + shift`, with the mean and the variance of a pixel's
  /// channels, and not `activation(x * scale + shift)`.
  bool standardizes;
  float epsilon;
  /// A factor and a term a channel; null for none. There is no term without factors.
  const float *scale, *shift;
  /// Floats from an image's factors to those of the next; 0 where all images have the same.
  long scale_stride;
  kernels_activation activation;
} kernels_preparation;

/// The pixels of a pointwise convolution: those of a depthwise one, or without weights the means of windows that lie inside the
/// image, which may be windows of one pixel. Of larger ones the mean is taken behind the preparation, which is a clamp then, with
/// the same factors for all images or none.
typedef struct KERNELS_SENDABLE {
  kernels_depthwise depthwise;
  kernels_preparation preparation;
} kernels_source;

/// Maximum or average over a window.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  float *output;
  long output_stride;
  /// Where the maximum starts when part of the window lies outside the image: -infinity, or 0 when zeros
  /// were padded there.
  float outside;
} kernels_pooling;

/// A matrix product's right side before packing: element (k, n) at `k * depth_stride + n * column_stride`.
typedef struct KERNELS_SENDABLE {
  const float *source;
  long depth, columns;
  long depth_stride, column_stride;
  /// One factor a column, applied in double precision; null for none.
  const double *scale;
} kernels_right_side;

#include "Gradients.h"

/// A convolution by Winograd's minimal filtering for one window's extents, with steps of one.
typedef struct KERNELS_SENDABLE {
  /// A tile's output pixels, and the window's extents.
  long output_height, output_width, height, width;
  /// As the table's `pack`; `right->source` is a dense kernel `[height, width, channels, filters]`. The panels take
  /// `points * channels * filters` floats with `filters` rounded up to `lanes`, where
  /// `points = (output_height + height - 1) * (output_width + width - 1)`.
  void (*pack)(const kernels_right_side *, float *panels, long first, long end);
  /// Computes tiles `first_tile..<end_tile`, counted row by row through the whole batch, of columns as in
  /// `convolve`. Takes `scratch(input channels)` floats.
  void (*run)(
      const kernels_convolution *, float *scratch, long first_tile, long end_tile, long first_column,
      long end_column);
  /// The same with kernels that are packed as they are, in `height * width * channels * filters` floats, and
  /// transformed whenever they are used: less to read and to keep, more to compute.
  void (*pack_late)(const kernels_right_side *, float *panels, long first, long end);
  void (*run_late)(
      const kernels_convolution *, float *scratch, long first_tile, long end_tile, long first_column,
      long end_column);
  long (*scratch)(long channels);
  /// Tiles that one pass through the weights works on.
  long (*block)(void);
  /// The gradient by a kernel. Transforms the gradients of filters `first..<end`, a multiple of `panel_columns` as in
  /// `pack`, in the slice's tiles; then, when all are there, `gradient` multiplies them by the input's channels from
  /// `channel`, a multiple of `KERNELS_GRADIENT_CHANNELS`, on, as many as those, with filters
  /// `first_column..<end_column`. Takes `gradient_scratch(tiles)` floats.
  void (*slopes)(const kernels_kernel_gradient *, long first, long end);
  void (*gradient)(
      const kernels_kernel_gradient *, float *scratch, long channel, long first_column, long end_column);
  long (*gradient_scratch)(long tiles);
} kernels_winograd;

#define KERNELS_WINOGRAD_FORMS 10

/// What becomes of two numbers.
typedef enum {
  KERNELS_ADD,
  KERNELS_SUBTRACT,
  KERNELS_MULTIPLY,
  /// What is not a number wins over every number, as in the next.
  KERNELS_MAXIMUM,
  KERNELS_MINIMUM,
} kernels_pairing;

/// Two activations made one, element by element: `activation((x pairing y) / divisor)`.
typedef struct KERNELS_SENDABLE {
  kernels_pairing pairing;
  const float *x, *y;
  /// Floats from one pixel of `y` to the next may be 0: then every pixel of `x` meets the same one.
  long x_stride, y_stride;
  /// Whether pixels of `y` have one channel, which meets all channels of `x`.
  bool y_is_narrow;
  /// 1 where nothing is to be divided.
  float divisor;
  kernels_activation activation;
  float *output;
  long output_stride, channels;
} kernels_combination;

/// The kernels of one instruction set.
///
/// Rows are output pixels counted through the whole batch. Every output element is one chain of multiply-adds
/// in an order that its layer's shape alone decides, so results do not depend on how rows and columns are
/// divided among calls.
typedef struct KERNELS_SENDABLE {
  const char *name;
  /// Floats in a vector, output pixels in a register tile, columns in a packed panel.
  long lanes, tile_rows, panel_columns;

  /// Packs columns `first..<end`; `first` is a multiple of `panel_columns`. The panels take
  /// `depth * columns` floats with `columns` rounded up to `lanes`.
  void (*pack)(const kernels_right_side *, float *panels, long first, long end);
  /// Computes rows `first_row..<end_row` of columns `first_column..<end_column`; `first_column` is a multiple
  /// of `panel_columns`, `end_column` too or the last.
  void (*convolve)(
      const kernels_convolution *, long first_row, long end_row, long first_column, long end_column);
  /// The same forms in the same order in every table.
  const kernels_winograd *winograd;
  /// As `pack`, for `strassen`: columns `first..<end` of each half, which is `ceil(columns / 2)` wide, rounded up to
  /// `lanes`. The depth must be even. The panels take `7 * depth / 2` times that width.
  void (*pack_strassen)(const kernels_right_side *, float *panels, long first, long end);
  /// A pointwise convolution of the pixels in its window, or of those of a source with a multiplier of 1. Computes pairs of
  /// pixels `first..<end`, of which an image has half as many as output pixels, rounded up, in columns
  /// `first_column..<end_column` of each half, with bounds as in `convolve`. Takes `strassen_scratch(input channels)` floats.
  void (*strassen)(
      const kernels_convolution *, const kernels_source *, float *scratch, long first, long end,
      long first_column, long end_column);
  long (*strassen_scratch)(long channels);
  /// Computes rows `first..<end` into `output`, whose pixel 0 is row `first`.
  void (*depthwise)(const kernels_depthwise *, float *output, long output_stride, long first, long end);
  /// A pointwise convolution (whose window is not read) of a source's pixels, rows and columns as in `convolve`, through
  /// `scratch`: `row_block * input_channels * multiplier` floats.
  void (*pointwise)(
      const kernels_source *, const kernels_convolution *, float *scratch, long first, long end,
      long first_column, long end_column);

  void (*max_pool)(const kernels_pooling *, long first, long end);
  void (*average_pool)(const kernels_pooling *, long first, long end);
  /// Over all pixels of images `first..<end`; one output pixel an image. The window gives only the input.
  void (*global_average)(const kernels_pooling *, long first, long end);
  void (*global_max)(const kernels_pooling *, long first, long end);

  /// output = activation(x * scale + shift), over `pixels` pixels of `channels`; `shift` may be null. The output may be the
  /// input, as in all that follow.
  void (*affine)(
      const float *x, long x_stride, const float *scale, const float *shift, kernels_activation activation,
      float *output, long output_stride, long pixels, long channels);
  /// Pixels `first..<end`; the output may be one of the inputs.
  void (*combine)(const kernels_combination *, long first, long end);
  /// output = activation(x).
  void (*activate)(
      kernels_activation activation, const float *x, long x_stride, float *output, long output_stride, long pixels,
      long channels);
  /// output = e^x / (sum of e^x over the channels of the pixel).
  void (*softmax)(
      const float *x, long x_stride, float *output, long output_stride, long pixels, long channels);
  /// output = x / sqrt(sum of x^2 over the channels of the pixel), at most 1e12 x.
  void (*normalize)(
      const float *x, long x_stride, float *output, long output_stride, long pixels, long channels);
  /// output = (x - mean) / sqrt(variance + epsilon) * scale + shift, with the mean and the variance of the pixel's channels;
  /// without `scale` no `shift` either.
  void (*standardize)(
      const float *x, long x_stride, float epsilon, const float *scale, const float *shift, float *output,
      long output_stride, long pixels, long channels);
  /// Multiply-adds on registers alone, `count` rounds, starting from and ending in one number; returns how many
  /// floating-point operations a round is.
  long (*measure_peak)(long count, float *sink);
  /// What training needs besides.
  const kernels_gradients *gradients;
} kernels_table;

/// Rows that one pass through the weights works on.
#define KERNELS_ROW_BLOCK 192
/// Pairs of pixels that one pass through the weights of Strassen's products works on.
#define KERNELS_STRASSEN_PAIRS 80

/// The instruction sets this source knows, best first; null when the processor lacks it.
#define KERNELS_VARIANT_COUNT 4
const kernels_table *kernels_variant(int index);

/// Lets all threads share one heap, where the C library would make one for each.
void kernels_share_heap(void);

/// Tells the processor that this thread waits in a loop.
static inline void kernels_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Steps of optimizers over a range of the parameters `w`, whose gradients are `g`, in the formulas of
/// `ParameterUpdates`. Memory that the settings have no use for is not touched.
typedef struct {
  long start, end;
} kernels_range;
typedef struct {
  float alpha, first_decay, second_decay, epsilon;
  bool amsgrad;
} kernels_adam_settings;
typedef struct {
  float rate, rho, rest, momentum, epsilon;
  bool centered;
} kernels_rms_settings;
void kernels_descend(float *w, const float *g, kernels_range range, float rate);
void kernels_decay(float *w, kernels_range range, float part);
void kernels_momentum(
    float *w, const float *g, float *m, kernels_range range, float rate, float momentum, bool nesterov);
void kernels_adam(
    float *w, const float *g, float *m, float *v, float *largest, kernels_range range, kernels_adam_settings s);
void kernels_rms(
    float *w, const float *g, float *v, float *means, float *moments, kernels_range range, kernels_rms_settings s);
void kernels_adagrad(float *w, const float *g, float *sums, kernels_range range, float rate, float epsilon);

#if defined(__cplusplus)
}
#endif
