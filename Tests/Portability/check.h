#pragma once
#include <stddef.h>

#include "../../Sources/CKernels/include/CKernels.h"

// Every kernel of a table against its definition, computed here one product at a time in double precision.

/// Numbers that are the same every time, in [-1, 1).
typedef struct {
  unsigned long long state;
} noise;
void fill(noise *noise, float *numbers, size_t count);

/// A window over two images, with what lies around them.
typedef struct {
  kernels_window window;
  long images;
} scene;

/// All windows that are tried: odd extents, steps, paddings, images smaller than tiles and larger than blocks.
extern const kernels_window windows[];
extern const size_t window_count;
/// Channels of inputs and filters: below, at and above vectors and panels.
extern const long channel_counts[], filter_counts[];
extern const size_t channel_count_count, filter_count_count;

/// Compares `rows` rows of `columns` numbers with what they should be; what lies between rows must be untouched.
void expect(const char *what, const float *found, long stride, const double *expected, long rows, long columns);
/// The mark that fills buffers before a kernel writes to them.
extern const float untouched;

long checks_made(void);
double largest_error(void);
int failures(void);

void check_convolutions(const kernels_table *table);
void check_winograd(const kernels_table *table);
void check_strassen(const kernels_table *table);
void check_depthwise(const kernels_table *table);
void check_sources(const kernels_table *table);
void check_standardize(const kernels_table *table);
void check_pooling(const kernels_table *table);
void check_elementwise(const kernels_table *table);
void check_combinations(const kernels_table *table);
void check_activations(const kernels_table *table);
void check_softmax(const kernels_table *table);
void check_normalize(const kernels_table *table);
void check_gradients(const kernels_table *table);

/// Counts a check that says itself what it is about.
void expect_that(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Functions that are tried by turns: every one there is, clamps with one limit and with two.
kernels_activation activation_of(size_t turn);
extern const size_t activation_count;
/// Those that grow as what they are applied to does, so that errors of both can be compared with the largest.
kernels_activation growing_activation_of(size_t turn);
/// None, one limit, two limits, by turns.
kernels_activation clamp_of(size_t turn);
/// Its value by the C library.
double activated(kernels_activation activation, double x);

/// output[row][filter] = activation(sum + bias + residual); null for what is left out.
void convolve_plainly(
    const kernels_window *window, long images, const float *kernel, long filters, const float *bias,
    const float *residual, long residual_stride, kernels_activation activation, double *output);
/// output[row][channel][filter of the channel].
void filter_plainly(
    const kernels_window *window, long images, long multiplier, const float *weights, const float *bias,
    kernels_activation input_activation, kernels_activation activation, double *output);

/// The same window over images of so many channels, a pixel `margin` floats apart from the next.
kernels_window with_channels(kernels_window window, long channels, long margin);
long rows_of(const kernels_window *window, long images);
long floats_of(const kernels_window *window, long images);
void *numbers(size_t count);
