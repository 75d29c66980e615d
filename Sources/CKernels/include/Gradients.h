#pragma once

/// The way back through a network: what training needs besides the kernels that run one. Included by `CKernels.h`, whose
/// terms hold here. Activations are dense: their stride is their number of channels.
///
/// Every sum is made in an order that shapes alone decide, so results do not depend on how work is divided among calls.

/// Sums over all pixels, a channel at a time, in double precision.
typedef struct KERNELS_SENDABLE {
  /// Null for `x - mean` itself.
  const float *gradient;
  /// Null where only the gradient is summed.
  const float *x;
  /// One number a channel; null for zeros.
  const float *mean;
  long pixels, channels;
  /// The sum of the gradient; null where nobody wants it.
  double *sums;
  /// The sum of gradient times `x - mean`; null where nobody wants it.
  double *products;
} kernels_channel_sums;

/// `output = scale (gradient - offset - (x - mean) slope)`, with one number a channel each.
typedef struct KERNELS_SENDABLE {
  const float *gradient, *x;
  const float *scale, *offset, *mean, *slope;
  float *output;
  long channels;
} kernels_normalization_gradient;

/// By which slope a gradient is multiplied.
typedef enum {
  /// 1 where `x` lies between minimum and maximum, else 0.
  KERNELS_SLOPE_CLAMP,
  /// That of `x / (1 + e^-x)`, where the output holds `1 / (1 + e^-x)`.
  KERNELS_SLOPE_SILU,
  /// `x (1 - x)`: that of a sigmoid whose result is `x`.
  KERNELS_SLOPE_SIGMOID,
} kernels_slope;

/// `output = gradient * slope(x)`, element by element.
typedef struct KERNELS_SENDABLE {
  kernels_slope slope;
  float minimum, maximum;
  const float *gradient, *x;
  float *output;
} kernels_slopes;

/// The gradient by the input of a pooling.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  /// The largest of each window, of which the first place in a window gets the gradient; null for a mean over the places
  /// inside the image, each of which gets its part.
  const float *maxima;
  const float *gradient;
  float *output;
} kernels_pooling_gradient;

/// A gradient of a depthwise convolution with one filter a channel.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  /// `[window_height * window_width, channels]`; read for the gradient by the input.
  const float *weights;
  const float *gradient;
  /// As the input, or as the weights.
  float *output;
} kernels_depthwise_gradient;

/// What a window sees, as a matrix: a row for each output pixel from `first` on, `depth` of them, with a column for each of its
/// positions and channels.
typedef struct KERNELS_SENDABLE {
  kernels_window window;
  /// At least `input_channels` zeros: what lies outside the image.
  const float *zeros;
  long first, depth;
  /// The matrix, dense, for whole images; read by `scatter_window`.
  const float *columns;
  /// Images of the input; written by `scatter_window`.
  float *output;
} kernels_window_columns;

/// Channels of the input whose gradients by a kernel are made at a time: whole register tiles, and an odd number of cache
/// lines.
#define KERNELS_GRADIENT_CHANNELS 48

/// The gradient by a kernel that `kernels_winograd` computes: a slice of the tiles at a time, in order.
typedef struct KERNELS_SENDABLE {
  /// Of the forward pass.
  kernels_window window;
  /// At least `input_channels` zeros: what lies outside the image.
  const float *zeros;
  /// By the output, dense.
  const float *gradient;
  long filters;
  /// The slice, counted row by row through the whole batch.
  long first_tile, tiles;
  /// Whether it is the first, the last slice.
  bool begins, ends;
  /// The gradients transformed: `points * tiles * filters` floats with `filters` rounded up to `lanes`.
  float *slopes;
  /// Sums over slices, `points * KERNELS_GRADIENT_CHANNELS * panel_columns` floats for every block of channels and every
  /// panel; null where there is one slice.
  float *sums;
  /// `[window_height, window_width, input_channels, filters]`; written with the last slice.
  float *output;
} kernels_kernel_gradient;

/// A dense row-major matrix and where its transpose goes.
typedef struct KERNELS_SENDABLE {
  const float *source;
  long rows, columns;
  float *target;
} kernels_transposition;

/// The kernels of one instruction set.
typedef struct KERNELS_SENDABLE {
  /// Channels `first..<end`; `first` is a multiple of `lanes`.
  void (*channel_sums)(const kernels_channel_sums *, long first, long end);
  /// Pixels `first..<end`.
  void (*normalization)(const kernels_normalization_gradient *, long first, long end);
  /// Elements `first..<end`.
  void (*slopes)(const kernels_slopes *, long first, long end);
  /// Images `first..<end`.
  void (*pooling)(const kernels_pooling_gradient *, long first, long end);
  /// Rows `first..<end` of the input, counted through the batch.
  void (*depthwise_input)(const kernels_depthwise_gradient *, long first, long end);
  /// Channels `first..<end` of the weights, over `images` images; `first` is a multiple of `lanes`. Windows are at most
  /// `KERNELS_GRADIENT_TAPS` wide.
  void (*depthwise_weights)(const kernels_depthwise_gradient *, long images, long first, long end);
  /// Columns `first..<end` of the matrix as `pack` leaves a right side; `first` is a multiple of `panel_columns`.
  void (*pack_window)(const kernels_window_columns *, float *panels, long first, long end);
  /// Adds every element of the matrix to the pixel that it was taken from, in images `first..<end`, which are zeroed first.
  void (*scatter_window)(const kernels_window_columns *, long first, long end);
  /// Columns `first..<end` of the source.
  void (*transpose)(const kernels_transposition *, long first, long end);
} kernels_gradients;

/// Positions of a window whose sums are in registers, or near, at a time.
#define KERNELS_GRADIENT_TAPS 64
