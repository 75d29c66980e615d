#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

// The way back: what training needs besides the kernels that run a network.

enum { IMAGES = 2, MOST_BUFFERS = 8 };

/// Buffers that are freed together.
typedef struct {
  void *all[MOST_BUFFERS];
  int count;
} buffers;

static float *noisy(buffers *buffers, noise *noise, long count) {
  float *target = numbers((size_t)count);
  fill(noise, target, (size_t)count);
  return buffers->all[buffers->count++] = target;
}

static double *zeros(buffers *buffers, long count) { return buffers->all[buffers->count++] = numbers((size_t)count); }

static void release(buffers *buffers) {
  for (int i = 0; i < buffers->count; i++) free(buffers->all[i]);
}

static long inputs_of(const kernels_window *window) { return IMAGES * window->input_height * window->input_width; }

/// Which pixel of the input, counted through the batch, an output pixel sees at a position of its window; negative for none.
static long seen(const kernels_window *window, long row, long tap) {
  const long pixels = window->output_height * window->output_width, at = row % pixels;
  const long y = at / window->output_width * window->step_y - window->top + tap / window->window_width * window->dilation_y;
  const long x = at % window->output_width * window->step_x - window->left + tap % window->window_width * window->dilation_x;
  if (y < 0 || x < 0 || y >= window->input_height || x >= window->input_width) return -1;
  return (row / pixels * window->input_height + y) * window->input_width + x;
}

static void check_sums(const kernels_table *table, long pixels, long channels, noise *noise) {
  buffers own = {0};
  float *gradient = noisy(&own, noise, pixels * channels), *x = noisy(&own, noise, pixels * channels);
  float *mean = noisy(&own, noise, channels), *found = noisy(&own, noise, 2 * channels);
  double *sums = zeros(&own, channels), *products = zeros(&own, channels), *wanted = zeros(&own, 2 * channels);
  const long middle = channels > table->lanes ? table->lanes : channels;
  for (int kind = 0; kind < 3; kind++) {
    const kernels_channel_sums work = {
        .gradient = kind == 0 ? NULL : gradient, .x = kind == 2 ? NULL : x, .mean = kind == 2 ? NULL : mean,
        .pixels = pixels, .channels = channels, .sums = sums, .products = kind == 2 ? NULL : products};
    table->gradients->channel_sums(&work, 0, middle);
    table->gradients->channel_sums(&work, middle, channels);
    for (long channel = 0; channel < channels; channel++) {
      double sum = 0, product = 0;
      for (long at = channel; at < pixels * channels; at += channels) {
        const double distance = (double)x[at] - (double)mean[channel], slope = kind == 0 ? distance : (double)gradient[at];
        sum += slope;
        product += slope * distance;
      }
      // What is summed has both signs: errors are of the size of a sum of sizes.
      wanted[channel] = (sum + (double)pixels) / (double)pixels;
      wanted[channels + channel] = kind == 2 ? 0 : (product + (double)pixels) / (double)pixels;
      found[channel] = (float)((sums[channel] + (double)pixels) / (double)pixels);
      found[channels + channel] = kind == 2 ? 0 : (float)((products[channel] + (double)pixels) / (double)pixels);
    }
    expect("channel sums", found, channels, wanted, 2, channels);
  }
  release(&own);
}

static void check_normalization(const kernels_table *table, long pixels, long channels, noise *noise) {
  buffers own = {0};
  float *gradient = noisy(&own, noise, pixels * channels), *x = noisy(&own, noise, pixels * channels);
  float *terms = noisy(&own, noise, 4 * channels), *output = noisy(&own, noise, pixels * channels);
  double *wanted = zeros(&own, pixels * channels);
  const float *scale = terms, *offset = terms + channels, *mean = offset + channels, *slope = mean + channels;
  const kernels_normalization_gradient work = {
      .gradient = gradient, .x = x, .scale = scale, .offset = offset, .mean = mean, .slope = slope, .output = output,
      .channels = channels};
  table->gradients->normalization(&work, 0, pixels / 3);
  table->gradients->normalization(&work, pixels / 3, pixels);
  for (long at = 0; at < pixels * channels; at++) {
    const long channel = at % channels;
    const double distance = (double)x[at] - (double)mean[channel];
    wanted[at] = (double)scale[channel] * ((double)gradient[at] - (double)offset[channel] - distance * (double)slope[channel]);
  }
  expect("normalization gradient", output, channels, wanted, pixels, channels);
  release(&own);
}

static void check_slopes(const kernels_table *table, long count, noise *noise) {
  buffers own = {0};
  float *gradient = noisy(&own, noise, count), *x = noisy(&own, noise, count), *output = noisy(&own, noise, count);
  double *wanted = zeros(&own, count);
  const kernels_slope slopes[] = {KERNELS_SLOPE_CLAMP, KERNELS_SLOPE_SILU, KERNELS_SLOPE_SIGMOID};
  for (size_t kind = 0; kind < 3; kind++) {
    const kernels_slopes work = {
        .slope = slopes[kind], .minimum = -0.25f, .maximum = 0.5f, .gradient = gradient, .x = x, .output = output};
    for (long at = 0; at < count; at++) {
      const double value = (double)x[at], part = 1 / (1 + exp(-value));
      const double clamp = value > -0.25 && value < 0.5 ? 1 : 0;
      output[at] = (float)part;
      wanted[at] = (double)gradient[at] * (kind == 0 ? clamp : kind == 1 ? part * (1 + value * (1 - part)) : value * (1 - value));
    }
    table->gradients->slopes(&work, 0, count / 3);
    table->gradients->slopes(&work, count / 3, count);
    expect("slopes", output, count, wanted, 1, count);
  }
  release(&own);
}

/// The largest of every window, of few different numbers, so that many are equal, and where its gradient goes.
static void spread_largest(
    const kernels_window *window, const float *gradient, float *maxima, double *wanted) {
  const long channels = window->input_channels, area = window->window_height * window->window_width;
  for (long at = 0; at < rows_of(window, IMAGES) * channels; at++) {
    long first = -1;
    for (long tap = 0; tap < area; tap++) {
      const long pixel = seen(window, at / channels, tap);
      if (pixel < 0) continue;
      const long place = pixel * channels + at % channels;
      if (first < 0 || window->input[place] > window->input[first]) first = place;
    }
    maxima[at] = window->input[first];
    wanted[first] += (double)gradient[at];
  }
}

static void spread_means(const kernels_window *window, const float *gradient, double *wanted) {
  const long channels = window->input_channels, area = window->window_height * window->window_width;
  for (long at = 0; at < rows_of(window, IMAGES) * channels; at++) {
    long count = 0;
    for (long tap = 0; tap < area; tap++) count += seen(window, at / channels, tap) >= 0;
    for (long tap = 0; tap < area; tap++) {
      const long pixel = seen(window, at / channels, tap);
      if (pixel >= 0) wanted[pixel * channels + at % channels] += (double)gradient[at] / (double)count;
    }
  }
}

static void check_pooling_gradient(const kernels_table *table, kernels_window window, noise *noise) {
  const long channels = window.input_channels, inputs = inputs_of(&window) * channels;
  const long outputs = rows_of(&window, IMAGES) * channels;
  for (int largest = 0; largest < 2; largest++) {
    buffers own = {0};
    float *input = noisy(&own, noise, inputs), *gradient = noisy(&own, noise, outputs);
    float *maxima = noisy(&own, noise, outputs), *output = noisy(&own, noise, inputs);
    double *wanted = zeros(&own, inputs);
    for (long at = 0; at < inputs; at++) input[at] = roundf(2 * input[at]);
    window.input = input;
    if (largest) spread_largest(&window, gradient, maxima, wanted);
    else spread_means(&window, gradient, wanted);
    const kernels_pooling_gradient work = {
        .window = window, .maxima = largest ? maxima : NULL, .gradient = gradient, .output = output};
    for (long image = 0; image < IMAGES; image++) table->gradients->pooling(&work, image, image + 1);
    expect("pooling gradient", output, channels, wanted, inputs / channels, channels);
    release(&own);
  }
}

static void check_depthwise_gradients(const kernels_table *table, kernels_window window, noise *noise) {
  buffers own = {0};
  const long channels = window.input_channels, area = window.window_height * window.window_width;
  const long inputs = inputs_of(&window), rows = rows_of(&window, IMAGES), lines = IMAGES * window.input_height;
  float *input = noisy(&own, noise, inputs * channels), *weights = noisy(&own, noise, area * channels);
  float *gradient = noisy(&own, noise, rows * channels), *output = noisy(&own, noise, inputs * channels);
  float *taps = noisy(&own, noise, area * channels);
  double *wanted = zeros(&own, inputs * channels), *sums = zeros(&own, area * channels);
  for (long row = 0; row < rows; row++)
    for (long tap = 0; tap < area; tap++) {
      const long pixel = seen(&window, row, tap);
      for (long channel = 0; pixel >= 0 && channel < channels; channel++) {
        const double slope = (double)gradient[row * channels + channel];
        wanted[pixel * channels + channel] += slope * (double)weights[tap * channels + channel];
        sums[tap * channels + channel] += slope * (double)input[pixel * channels + channel];
      }
    }
  window.input = input;
  kernels_depthwise_gradient work = {.window = window, .weights = weights, .gradient = gradient, .output = output};
  table->gradients->depthwise_input(&work, 0, lines / 3);
  table->gradients->depthwise_input(&work, lines / 3, lines);
  expect("depthwise gradient by input", output, channels, wanted, inputs, channels);
  const long middle = channels > table->lanes ? table->lanes : channels;
  work.output = taps;
  table->gradients->depthwise_weights(&work, IMAGES, 0, middle);
  table->gradients->depthwise_weights(&work, IMAGES, middle, channels);
  expect("depthwise gradient by weights", taps, channels, sums, area, channels);
  release(&own);
}

/// What windows see, packed as it is read, against the same matrix packed by `pack`.
static void check_window_columns(const kernels_table *table, kernels_window window, noise *noise) {
  buffers own = {0};
  const long channels = window.input_channels, columns = window.window_height * window.window_width * channels;
  const long inputs = inputs_of(&window), rows = rows_of(&window, IMAGES), first = rows / 3, depth = rows - first;
  const long whole = (columns + table->lanes - 1) / table->lanes * table->lanes;
  float *input = noisy(&own, noise, inputs * channels), *matrix = noisy(&own, noise, rows * columns);
  float *panels = noisy(&own, noise, depth * whole), *plain = noisy(&own, noise, depth * whole);
  double *wanted = zeros(&own, inputs * channels);
  float *output = noisy(&own, noise, inputs * channels);
  const float *nothing = own.all[own.count++] = numbers((size_t)channels);
  for (long at = 0; at < rows * columns; at++) {
    const long pixel = seen(&window, at / columns, at % columns / channels);
    if (pixel >= 0) wanted[pixel * channels + at % channels] += (double)matrix[at];
  }
  window.input = output;
  kernels_window_columns work = {.window = window, .columns = matrix, .output = output};
  for (long image = 0; image < IMAGES; image++) table->gradients->scatter_window(&work, image, image + 1);
  expect("scattered windows", output, channels, wanted, inputs, channels);

  for (long at = 0; at < rows * columns; at++) {
    const long pixel = seen(&window, at / columns, at % columns / channels);
    matrix[at] = pixel < 0 ? 0 : input[pixel * channels + at % channels];
  }
  window.input = input;
  work = (kernels_window_columns){.window = window, .zeros = nothing, .first = first, .depth = depth};
  const long middle = columns > table->panel_columns ? table->panel_columns : columns;
  table->gradients->pack_window(&work, panels, 0, middle);
  table->gradients->pack_window(&work, panels, middle, columns);
  const kernels_right_side right = {
      .source = matrix + first * columns, .depth = depth, .columns = columns, .depth_stride = columns, .column_stride = 1};
  table->pack(&right, plain, 0, columns);
  expect_that(
      memcmp(panels, plain, (size_t)(depth * whole) * sizeof(float)) == 0, "packed windows: %ld x %ld", depth, columns);
  release(&own);
}

static void check_transpose(const kernels_table *table, long rows, long columns, noise *noise) {
  buffers own = {0};
  float *source = noisy(&own, noise, rows * columns), *target = noisy(&own, noise, rows * columns);
  const kernels_transposition work = {.source = source, .rows = rows, .columns = columns, .target = target};
  table->gradients->transpose(&work, 0, columns / 3);
  table->gradients->transpose(&work, columns / 3, columns);
  bool is_right = true;
  for (long at = 0; at < rows * columns; at++) is_right &= target[at % columns * rows + at / columns] == source[at];
  expect_that(is_right, "transpose: %ld x %ld", rows, columns);
  release(&own);
}

void check_gradients(const kernels_table *table) {
  noise noise = {11};
  const long pixel_counts[] = {1, 15, 16, 63, 64, 65, 200};
  for (size_t c = 0; c < channel_count_count; c++) {
    const long channels = channel_counts[c];
    for (size_t p = 0; p < sizeof pixel_counts / sizeof pixel_counts[0]; p++) {
      check_sums(table, pixel_counts[p], channels, &noise);
      check_normalization(table, pixel_counts[p], channels, &noise);
      check_slopes(table, pixel_counts[p] * channels, &noise);
      check_transpose(table, pixel_counts[p], channels, &noise);
    }
    for (size_t w = 0; w < window_count; w++) {
      const kernels_window window = with_channels(windows[w], channels, 0);
      if (window.dilation_y == 1 && window.dilation_x == 1) check_pooling_gradient(table, window, &noise);
      check_depthwise_gradients(table, window, &noise);
      check_window_columns(table, window, &noise);
    }
  }
}
