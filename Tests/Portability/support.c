#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define WINDOW(h, w, oh, ow, kh, kw, sy, sx, t, l) \
  {.input_height = h, .input_width = w, .output_height = oh, .output_width = ow, .window_height = kh, \
   .window_width = kw, .step_y = sy, .step_x = sx, .dilation_y = 1, .dilation_x = 1, .top = t, .left = l}
#define DILATED(h, w, oh, ow, kh, kw, sy, sx, dy, dx, t, l) \
  {.input_height = h, .input_width = w, .output_height = oh, .output_width = ow, .window_height = kh, \
   .window_width = kw, .step_y = sy, .step_x = sx, .dilation_y = dy, .dilation_x = dx, .top = t, .left = l}

const kernels_window windows[] = {
    WINDOW(1, 1, 1, 1, 1, 1, 1, 1, 0, 0),       WINDOW(7, 5, 7, 5, 1, 1, 1, 1, 0, 0),
    WINDOW(15, 14, 15, 14, 1, 1, 1, 1, 0, 0),   WINDOW(9, 7, 5, 4, 1, 1, 2, 2, 0, 0),
    WINDOW(7, 7, 7, 7, 3, 3, 1, 1, 1, 1),       WINDOW(13, 10, 11, 8, 3, 3, 1, 1, 0, 0),
    WINDOW(17, 19, 17, 19, 3, 3, 1, 1, 1, 1),   WINDOW(2, 3, 2, 3, 3, 3, 1, 1, 1, 1),
    WINDOW(15, 11, 7, 5, 3, 3, 2, 2, 0, 0),     WINDOW(14, 12, 7, 6, 3, 3, 2, 2, 0, 0),
    WINDOW(9, 9, 9, 9, 1, 7, 1, 1, 0, 3),       WINDOW(9, 9, 9, 9, 7, 1, 1, 1, 3, 0),
    WINDOW(6, 8, 6, 8, 1, 3, 1, 1, 0, 1),       WINDOW(6, 8, 6, 8, 3, 1, 1, 1, 1, 0),
    WINDOW(11, 9, 11, 9, 5, 5, 1, 1, 2, 2),     WINDOW(20, 20, 7, 7, 7, 7, 2, 2, 0, 0),
    WINDOW(15, 17, 15, 17, 7, 7, 1, 1, 3, 3),   WINDOW(16, 13, 8, 7, 5, 5, 2, 2, 1, 2),
    WINDOW(9, 12, 5, 6, 3, 5, 2, 2, 1, 1),      DILATED(12, 11, 12, 11, 3, 3, 1, 1, 2, 2, 2, 2),
    DILATED(13, 9, 5, 5, 3, 2, 2, 1, 3, 4, 1, 0), DILATED(3, 4, 3, 4, 3, 3, 1, 1, 6, 6, 6, 6),
};
const size_t window_count = sizeof windows / sizeof windows[0];
const long channel_counts[] = {1, 3, 4, 8, 17, 32, 70};
const size_t channel_count_count = sizeof channel_counts / sizeof channel_counts[0];
const long filter_counts[] = {1, 4, 15, 16, 33, 64, 65};
const size_t filter_count_count = sizeof filter_counts / sizeof filter_counts[0];
const float untouched = 12345;

static long made;
static double worst;
static int failed;

long checks_made(void) { return made; }
double largest_error(void) { return worst; }
int failures(void) { return failed; }

void *numbers(size_t count) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, (count + 16) * sizeof(double)) != 0) abort();
  memset(memory, 0, (count + 16) * sizeof(double));
  return memory;
}

void fill(noise *noise, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    noise->state = noise->state * 6364136223846793005ULL + 1442695040888963407ULL;
    target[i] = (float)((long)(noise->state >> 40) - (1L << 23)) * 0x1p-23f;
  }
}

void expect(const char *what, const float *found, long stride, const double *expected, long rows, long columns) {
  double largest = 1e-30, error = 0;
  bool is_torn = false;
  for (long row = 0; row < rows; row++) {
    for (long column = 0; column < columns; column++) {
      const double wanted = expected[row * columns + column];
      const double distance = fabs((double)found[row * stride + column] - wanted);
      largest = fmax(largest, fabs(wanted));
      error = distance > error || isnan(distance) ? (isnan(distance) ? INFINITY : distance) : error;
    }
    for (long column = columns; column < stride; column++)
      is_torn |= found[row * stride + column] != untouched;
  }
  made++;
  worst = fmax(worst, error / largest);
  // A sum of a few thousand products in single precision, or of fewer behind Winograd's transforms.
  if (error / largest < 1e-4 && !is_torn) return;
  failed++;
  if (failed < 20)
    printf("  %s: off by %.1e of the largest%s\n", what, error / largest, is_torn ? ", wrote between rows" : "");
}

void expect_that(bool holds, const char *format, ...) {
  made++;
  if (holds || ++failed >= 60) return;
  va_list words;
  va_start(words, format);
  vprintf(format, words);
  va_end(words);
}

kernels_window with_channels(kernels_window window, long channels, long margin) {
  window.input_channels = channels;
  window.input_stride = channels + margin;
  return window;
}

long rows_of(const kernels_window *window, long images) {
  return images * window->output_height * window->output_width;
}

long floats_of(const kernels_window *window, long images) {
  return images * window->input_height * window->input_width * window->input_stride;
}

/// The pixel under a window's position for one output row, or null outside the image.
static const float *pixel(const kernels_window *window, long row, long dy, long dx) {
  const long pixels = window->output_height * window->output_width;
  const long image = row / pixels, y = row % pixels / window->output_width * window->step_y - window->top + dy * window->dilation_y;
  const long x = row % window->output_width * window->step_x - window->left + dx * window->dilation_x;
  if (y < 0 || y >= window->input_height || x < 0 || x >= window->input_width) return NULL;
  return window->input
         + ((image * window->input_height + y) * window->input_width + x) * window->input_stride;
}

void convolve_plainly(
    const kernels_window *window, long images, const float *kernel, long filters, const float *bias,
    const float *residual, long residual_stride, kernels_activation activation, double *output) {
  const long channels = window->input_channels;
  for (long row = 0; row < rows_of(window, images); row++)
    for (long filter = 0; filter < filters; filter++) {
      double sum = bias ? (double)bias[filter] : 0;
      for (long dy = 0; dy < window->window_height; dy++)
        for (long dx = 0; dx < window->window_width; dx++) {
          const float *input = pixel(window, row, dy, dx);
          if (!input) continue;
          const float *weights = kernel + (dy * window->window_width + dx) * channels * filters + filter;
          for (long channel = 0; channel < channels; channel++)
            sum += (double)input[channel] * (double)weights[channel * filters];
        }
      if (residual) sum += (double)residual[row * residual_stride + filter];
      output[row * filters + filter] = activated(activation, sum);
    }
}

void filter_plainly(
    const kernels_window *window, long images, long multiplier, const float *weights, const float *bias,
    kernels_activation input_activation, kernels_activation activation, double *output) {
  const long channels = window->input_channels, area = window->window_height * window->window_width;
  for (long row = 0; row < rows_of(window, images); row++)
    for (long channel = 0; channel < channels; channel++)
      for (long index = 0; index < multiplier; index++) {
        double sum = bias ? (double)bias[index * channels + channel] : 0;
        for (long dy = 0; dy < window->window_height; dy++)
          for (long dx = 0; dx < window->window_width; dx++) {
            const float *input = pixel(window, row, dy, dx);
            if (!input) continue;
            const double value = activated(input_activation, (double)input[channel]);
            const long tap = index * area + dy * window->window_width + dx;
            sum += value * (double)weights[tap * channels + channel];
          }
        output[(row * channels + channel) * multiplier + index] = activated(activation, sum);
      }
}
