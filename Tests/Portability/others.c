#include <math.h>
#include <stdlib.h>

#include "check.h"

// Everything that is not a convolution over all channels.

enum { IMAGES = 2, MARGIN = 5 };

static void mark(float *target, long count) {
  for (long i = 0; i < count; i++) target[i] = untouched;
}

/// Behind `lines` lines of pixels, the means of each.
static void average_lines(long width, long lines, long channels, double *pixels) {
  double *means = pixels + lines * width * channels;
  for (long i = 0; i < lines * channels; i++) {
    means[i] = 0;
    for (long x = 0; x < width; x++)
      means[i] += pixels[(i / channels * width + x) * channels + i % channels] / (double)width;
  }
}

static void check_filters(
    const kernels_table *table, kernels_window window, long multiplier, size_t turn, noise *noise) {
  const long channels = window.input_channels, rows = rows_of(&window, IMAGES), results = channels * multiplier;
  const long area = window.window_height * window.window_width, stride = results + MARGIN;
  float *input = numbers((size_t)floats_of(&window, IMAGES)), *weights = numbers((size_t)(area * results));
  float *bias = numbers((size_t)results), *output = numbers((size_t)(rows * stride));
  double *expected = numbers((size_t)((rows + IMAGES * window.output_height) * results));
  fill(noise, input, (size_t)floats_of(&window, IMAGES));
  fill(noise, weights, (size_t)(area * results));
  fill(noise, bias, (size_t)results);
  window.input = input;
  const kernels_activation before = clamp_of(turn), after = activation_of(turn);
  const long lines = IMAGES * window.output_height;
  float *means = numbers((size_t)(lines * results));
  kernels_depthwise work = {
      .window = window, .multiplier = multiplier, .weights = weights, .bias = bias, .input_activation = before,
      .activation = after, .line_means = means};
  mark(output, rows * stride);
  const long middle = lines / 3 * window.output_width;
  table->depthwise(&work, output, stride, 0, middle);
  table->depthwise(&work, output + middle * stride, stride, middle, rows);
  filter_plainly(&window, IMAGES, multiplier, weights, bias, before, after, expected);
  expect("depthwise", output, stride, expected, rows, results);
  average_lines(window.output_width, lines, results, expected);
  expect("line means", means, results, expected + rows * results, lines, results);
  work.line_means = NULL;

  // The same ahead of a pointwise convolution.
  const long filters = filter_counts[turn % filter_count_count];
  float *kernel = numbers((size_t)(results * filters)), *between = numbers((size_t)(rows * results));
  float *panels = numbers((size_t)(results * (filters + table->lanes)));
  float *scratch = numbers((size_t)(KERNELS_ROW_BLOCK * results));
  float *result = numbers((size_t)(rows * (filters + MARGIN)));
  double *sums = numbers((size_t)(rows * filters));
  fill(noise, kernel, (size_t)(results * filters));
  const kernels_right_side right = {
      .source = kernel, .depth = results, .columns = filters, .depth_stride = filters, .column_stride = 1};
  table->pack(&right, panels, 0, filters);
  const kernels_convolution pointwise = {
      .panels = panels, .filters = filters, .output = result, .output_stride = filters + MARGIN};
  mark(result, rows * (filters + MARGIN));
  const kernels_source source = {.depthwise = work};
  const long panel = filters > table->panel_columns ? table->panel_columns : filters;
  table->pointwise(&source, &pointwise, scratch, 0, middle, 0, filters);
  table->pointwise(&source, &pointwise, scratch, middle, rows, 0, panel);
  if (panel < filters) table->pointwise(&source, &pointwise, scratch, middle, rows, panel, filters);
  for (long i = 0; i < rows * results; i++) between[i] = (float)expected[i];
  const kernels_window dense = {
      .input = between, .input_height = 1, .input_width = rows, .input_channels = results,
      .input_stride = results, .output_height = 1, .output_width = rows, .window_height = 1,
      .window_width = 1, .step_y = 1, .step_x = 1, .dilation_y = 1, .dilation_x = 1};
  convolve_plainly(&dense, 1, kernel, filters, NULL, NULL, 0, activation_of(0), sums);
  expect("pointwise", result, filters + MARGIN, sums, rows, filters);
  void *all[] = {input, weights, bias, output, means, expected, kernel, between, panels, scratch, result, sums};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
}

void check_depthwise(const kernels_table *table) {
  noise noise = {4};
  for (size_t w = 0; w < window_count; w++)
    for (size_t c = 0; c < channel_count_count; c++)
      for (long multiplier = 1; multiplier <= 3; multiplier++)
        check_filters(
            table, with_channels(windows[w], channel_counts[c], MARGIN), multiplier,
            3 * w + c + (size_t)multiplier, &noise);
}

/// What a preparation makes of the pixels under a window, and of several their mean.
static void prepare_plainly(
    const kernels_source *source, const float *scale, const float *shift, double *output) {
  const kernels_window *window = &source->depthwise.window;
  const kernels_preparation *preparation = &source->preparation;
  const long channels = window->input_channels, pixels = window->output_height * window->output_width;
  const long area = window->window_height * window->window_width;
  for (long row = 0; row < rows_of(window, IMAGES); row++)
    for (long channel = 0; channel < channels; channel++) {
      double sum = 0;
      for (long tap = 0; tap < area; tap++) {
        const long y = row % pixels / window->output_width * window->step_y + tap / window->window_width;
        const long x = row % window->output_width * window->step_x + tap % window->window_width;
        const long place = (row / pixels * window->input_height + y) * window->input_width + x;
        const long factor = row / pixels * preparation->scale_stride + channel;
        const double value = (double)window->input[place * window->input_stride + channel];
        const double term = preparation->shift ? (double)shift[channel] : 0;
        sum += activated(preparation->activation, value * (double)scale[factor] + term);
      }
      output[row * channels + channel] = sum / (double)area;
    }
}

static void check_source(const kernels_table *table, kernels_window window, size_t turn, noise *noise) {
  const long channels = window.input_channels, rows = rows_of(&window, IMAGES), filters = 37;
  const long area = window.window_height * window.window_width;
  float *input = numbers((size_t)floats_of(&window, IMAGES)), *scale = numbers((size_t)(IMAGES * channels));
  float *shift = numbers((size_t)channels), *kernel = numbers((size_t)(channels * filters));
  float *panels = numbers((size_t)(channels * (filters + table->lanes))), *between = numbers((size_t)(rows * channels));
  float *scratch = numbers((size_t)(KERNELS_ROW_BLOCK * channels)), *result = numbers((size_t)(rows * (filters + MARGIN)));
  double *pixels = numbers((size_t)(rows * channels)), *sums = numbers((size_t)(rows * filters));
  fill(noise, input, (size_t)floats_of(&window, IMAGES)), fill(noise, scale, (size_t)(IMAGES * channels));
  fill(noise, shift, (size_t)channels), fill(noise, kernel, (size_t)(channels * filters));
  window.input = input;
  const bool own = turn % 2 == 0 && area == 1;
  const kernels_source source = {
      .depthwise = {.window = window, .multiplier = 1},
      .preparation = {
          .scale = scale, .shift = own ? NULL : shift, .scale_stride = own ? channels : 0,
          .activation = area > 1 ? clamp_of(turn) : growing_activation_of(turn)}};
  prepare_plainly(&source, scale, shift, pixels);
  const kernels_right_side right = {
      .source = kernel, .depth = channels, .columns = filters, .depth_stride = filters, .column_stride = 1};
  table->pack(&right, panels, 0, filters);
  const kernels_convolution pointwise = {
      .panels = panels, .filters = filters, .output = result, .output_stride = filters + MARGIN};
  mark(result, rows * (filters + MARGIN));
  table->pointwise(&source, &pointwise, scratch, 0, rows / 2, 0, filters);
  table->pointwise(&source, &pointwise, scratch, rows / 2, rows, 0, filters);
  for (long i = 0; i < rows * channels; i++) between[i] = (float)pixels[i];
  const kernels_window dense = {
      .input = between, .input_height = 1, .input_width = rows, .input_channels = channels,
      .input_stride = channels, .output_height = 1, .output_width = rows, .window_height = 1,
      .window_width = 1, .step_y = 1, .step_x = 1, .dilation_y = 1, .dilation_x = 1};
  convolve_plainly(&dense, 1, kernel, filters, NULL, NULL, 0, activation_of(0), sums);
  expect("prepared pointwise", result, filters + MARGIN, sums, rows, filters);
  void *all[] = {input, scale, shift, kernel, panels, between, scratch, result, pixels, sums};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
}

void check_sources(const kernels_table *table) {
  noise noise = {11};
  for (size_t w = 0; w < window_count; w++) {
    const kernels_window *window = &windows[w];
    const long down = (window->output_height - 1) * window->step_y + window->window_height;
    const long right = (window->output_width - 1) * window->step_x + window->window_width;
    // Means are of windows inside the image.
    if (window->top || window->left || down > window->input_height || right > window->input_width) continue;
    if (window->dilation_y > 1 || window->dilation_x > 1) continue;
    for (size_t c = 0; c < channel_count_count; c++)
      for (size_t turn = 0; turn < 4; turn++)
        check_source(table, with_channels(*window, channel_counts[c], MARGIN), turn, &noise);
  }
}

void check_standardize(const kernels_table *table) {
  enum { PIXELS = 4, MOST = 300 };
  noise noise = {12};
  float *x = numbers(PIXELS * (MOST + MARGIN)), *output = numbers(PIXELS * (MOST + MARGIN));
  float *scale = numbers(MOST), *shift = numbers(MOST);
  double *expected = numbers(PIXELS * MOST);
  fill(&noise, scale, MOST), fill(&noise, shift, MOST);
  for (long channels = 1; channels <= MOST; channels += channels < 70 ? 1 : 23)
    for (int scales = 0; scales < 2; scales++) {
      const long stride = channels + MARGIN;
      fill(&noise, x, (size_t)(PIXELS * stride));
      for (long pixel = 0; pixel < PIXELS; pixel++) {
        double mean = 0, squares = 0;
        for (long i = 0; i < channels; i++) mean += (double)x[pixel * stride + i] / (double)channels;
        for (long i = 0; i < channels; i++) squares += pow((double)x[pixel * stride + i] - mean, 2) / (double)channels;
        for (long i = 0; i < channels; i++) {
          const double unit = ((double)x[pixel * stride + i] - mean) / sqrt(squares + 1e-3);
          expected[pixel * channels + i] = scales ? unit * (double)scale[i] + (double)shift[i] : unit;
        }
      }
      mark(output, PIXELS * stride);
      table->standardize(
          x, stride, 1e-3f, scales ? scale : NULL, scales ? shift : NULL, output, stride, PIXELS, channels);
      expect("standardize", output, stride, expected, PIXELS, channels);
    }
  void *all[] = {x, output, scale, shift, expected};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
}

/// The largest and the mean of the pixels under a window; zeros around count for the largest only where `outside`
/// says so.
static void pool_plainly(const kernels_window *window, float outside, double *maximum, double *average) {
  const long channels = window->input_channels, pixels = window->output_height * window->output_width;
  for (long row = 0; row < rows_of(window, IMAGES); row++)
    for (long channel = 0; channel < channels; channel++) {
      double largest = -INFINITY, sum = 0;
      long count = 0;
      const long top = row % pixels / window->output_width * window->step_y - window->top;
      const long left = row % window->output_width * window->step_x - window->left;
      for (long y = top; y < top + window->window_height; y++)
        for (long x = left; x < left + window->window_width; x++) {
          if (y < 0 || y >= window->input_height || x < 0 || x >= window->input_width) {
            largest = fmax(largest, (double)outside);
            continue;
          }
          const long place = (row / pixels * window->input_height + y) * window->input_width + x;
          const double value = (double)window->input[place * window->input_stride + channel];
          largest = fmax(largest, value);
          sum += value;
          count++;
        }
      maximum[row * channels + channel] = largest;
      average[row * channels + channel] = sum / (double)count;
    }
}

static void check_pools(const kernels_table *table, kernels_window window, noise *noise) {
  const long channels = window.input_channels, rows = rows_of(&window, IMAGES), stride = channels + MARGIN;
  float *input = numbers((size_t)floats_of(&window, IMAGES)), *output = numbers((size_t)(rows * stride));
  double *maximum = numbers((size_t)(rows * channels)), *average = numbers((size_t)(rows * channels));
  fill(noise, input, (size_t)floats_of(&window, IMAGES));
  window.input = input;
  const float outside = rows % 2 == 0 ? 0 : -INFINITY;
  const kernels_pooling work = {.window = window, .output = output, .output_stride = stride, .outside = outside};
  pool_plainly(&window, outside, maximum, average);
  mark(output, rows * stride);
  table->max_pool(&work, 0, rows / 2);
  table->max_pool(&work, rows / 2, rows);
  expect("max_pool", output, stride, maximum, rows, channels);
  mark(output, rows * stride);
  table->average_pool(&work, 0, rows / 2);
  table->average_pool(&work, rows / 2, rows);
  expect("average_pool", output, stride, average, rows, channels);

  kernels_window whole = window;
  whole.output_height = whole.output_width = 1;
  whole.window_height = whole.input_height;
  whole.window_width = whole.input_width;
  whole.top = whole.left = 0;
  pool_plainly(&whole, outside, maximum, average);
  mark(output, IMAGES * stride);
  table->global_max(&work, 0, IMAGES);
  expect("global_max", output, stride, maximum, IMAGES, channels);
  mark(output, IMAGES * stride);
  table->global_average(&work, 0, 1);
  table->global_average(&work, 1, IMAGES);
  expect("global_average", output, stride, average, IMAGES, channels);
  free(input), free(output), free(maximum), free(average);
}

void check_pooling(const kernels_table *table) {
  noise noise = {5};
  for (size_t w = 0; w < window_count; w++)
    for (size_t c = 0; c < channel_count_count && windows[w].dilation_y == 1; c++)
      check_pools(table, with_channels(windows[w], channel_counts[c], MARGIN), &noise);
}

void check_elementwise(const kernels_table *table) {
  noise noise = {6};
  enum { PIXELS = 37 };
  for (size_t c = 0; c < channel_count_count; c++)
    for (size_t turn = 0; turn < activation_count; turn++) {
      const kernels_activation activation = activation_of(turn);
      const long channels = channel_counts[c], stride = channels + MARGIN;
      float *x = numbers((size_t)(PIXELS * stride)), *output = numbers((size_t)(PIXELS * stride));
      float *scale = numbers((size_t)channels), *shift = numbers((size_t)channels);
      double *affine = numbers((size_t)(PIXELS * channels));
      fill(&noise, x, (size_t)(PIXELS * stride));
      fill(&noise, scale, (size_t)channels), fill(&noise, shift, (size_t)channels);
      for (long pixel = 0; pixel < PIXELS; pixel++)
        for (long channel = 0; channel < channels; channel++) {
          const double value = (double)x[pixel * stride + channel];
          affine[pixel * channels + channel] =
              activated(activation, value * (double)scale[channel] + (double)shift[channel]);
        }
      mark(output, PIXELS * stride);
      table->affine(x, stride, scale, shift, activation, output, stride, PIXELS, channels);
      expect("affine", output, stride, affine, PIXELS, channels);
      void *all[] = {x, scale, shift, output, affine};
      for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
    }
}

static double combined(kernels_pairing pairing, double x, double y) {
  switch (pairing) {
    case KERNELS_ADD: return x + y;
    case KERNELS_SUBTRACT: return x - y;
    case KERNELS_MULTIPLY: return x * y;
    case KERNELS_MAXIMUM: return isnan(x) || isnan(y) ? NAN : fmax(x, y);
    case KERNELS_MINIMUM: return isnan(x) || isnan(y) ? NAN : fmin(x, y);
  }
  return NAN;
}

/// How pixels of the second activation meet those of the first: one by one, all the same one, one channel all.
typedef enum { WHOLE, ONE_PIXEL, ONE_CHANNEL, WAYS } meeting;

static void check_combination(
    const kernels_table *table, kernels_pairing pairing, meeting way, long channels, long margin, size_t turn,
    noise *noise) {
  enum { PIXELS = 37 };
  const long stride = channels + margin, y_stride = way == ONE_PIXEL ? 0 : way == ONE_CHANNEL ? 1 + margin : stride;
  float *x = numbers((size_t)(PIXELS * stride)), *y = numbers((size_t)(PIXELS * stride));
  float *output = numbers((size_t)(PIXELS * stride));
  double *expected = numbers((size_t)(PIXELS * channels));
  fill(noise, x, (size_t)(PIXELS * stride)), fill(noise, y, (size_t)(PIXELS * stride));
  const float divisor = turn % 3 == 0 ? 3 : 1;
  for (long i = 0; i < PIXELS * channels; i++) {
    const long pixel = i / channels, channel = i % channels;
    const double a = (double)x[pixel * stride + channel];
    const double b = (double)y[pixel * y_stride + (way == ONE_CHANNEL ? 0 : channel)];
    expected[i] = activated(activation_of(turn), combined(pairing, a, b) / (double)divisor);
  }
  const kernels_combination work = {
      .pairing = pairing, .x = x, .y = y, .x_stride = stride, .y_stride = y_stride,
      .y_is_narrow = way == ONE_CHANNEL, .divisor = divisor, .activation = activation_of(turn), .output = output,
      .output_stride = stride, .channels = channels};
  mark(output, PIXELS * stride);
  table->combine(&work, 0, PIXELS / 3);
  table->combine(&work, PIXELS / 3, PIXELS);
  expect("combine", output, stride, expected, PIXELS, channels);
  free(x), free(y), free(output), free(expected);
}

/// Whichever of two elements is not a number, the result is none.
static void check_odd_combinations(const kernels_table *table, kernels_pairing pairing) {
  enum { COUNT = 33 };
  for (int side = 0; side < 2; side++) {
    float x[COUNT], y[COUNT], output[COUNT];
    for (int i = 0; i < COUNT; i++) x[i] = (float)i, y[i] = (float)(COUNT - i);
    for (int i = 0; i < COUNT; i += 5) (side ? x : y)[i] = NAN;
    const kernels_combination work = {
        .pairing = pairing, .x = x, .y = y, .x_stride = COUNT, .y_stride = COUNT, .divisor = 1, .output = output,
        .output_stride = COUNT, .channels = COUNT};
    table->combine(&work, 0, 1);
    for (int i = 0; i < COUNT; i++)
      expect_that(
          isnan((double)output[i]) == (i % 5 == 0), "  pairing %d of what is not a number: %g\n", pairing,
          (double)output[i]);
  }
}

void check_combinations(const kernels_table *table) {
  noise noise = {7};
  for (int pairing = KERNELS_ADD; pairing <= KERNELS_MINIMUM; pairing++) {
    check_odd_combinations(table, (kernels_pairing)pairing);
    for (size_t c = 0; c < channel_count_count; c++)
      for (size_t turn = 0; turn < activation_count; turn++)
        for (int way = 0; way < WAYS; way++)
          check_combination(
              table, (kernels_pairing)pairing, (meeting)way, channel_counts[c], turn % 2 == 0 ? MARGIN : 0, turn,
              &noise);
  }
}
