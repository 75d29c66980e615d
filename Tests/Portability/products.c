#include <stdlib.h>

#include "check.h"

// Convolutions: directly, and by algorithms that save products.

/// A convolution with all that belongs to it, and what it must give.
typedef struct {
  kernels_window window;
  long images, filters, output_stride;
  float *input, *kernel, *bias, *residual, *zeros, *output, *panels;
  double *expected;
} problem;

enum { IMAGES = 2, MARGIN = 3 };

static problem make(kernels_window window, long filters, const kernels_table *table, noise *noise, long panels) {
  const long rows = rows_of(&window, IMAGES), depth = window.window_height * window.window_width
                                                      * window.input_channels;
  const long whole = (filters + table->lanes - 1) / table->lanes * table->lanes;
  problem made = {
      .window = window, .images = IMAGES, .filters = filters, .output_stride = filters + MARGIN,
      .input = numbers((size_t)floats_of(&window, IMAGES)), .kernel = numbers((size_t)(depth * filters)),
      .bias = numbers((size_t)whole), .residual = numbers((size_t)(rows * (filters + MARGIN))),
      .zeros = numbers((size_t)window.input_channels), .output = numbers((size_t)(rows * (filters + MARGIN))),
      .panels = numbers((size_t)(panels * window.input_channels * whole)),
      .expected = numbers((size_t)(rows * filters))};
  fill(noise, made.input, (size_t)floats_of(&window, IMAGES));
  fill(noise, made.kernel, (size_t)(depth * filters));
  fill(noise, made.bias, (size_t)filters);
  fill(noise, made.residual, (size_t)(rows * made.output_stride));
  for (long i = 0; i < rows * made.output_stride; i++) made.output[i] = untouched;
  made.window.input = made.input;
  return made;
}

static void discard(problem *problem) {
  float *all[] = {problem->input, problem->kernel, problem->bias,  problem->residual,
                  problem->zeros, problem->output, problem->panels};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
  free(problem->expected);
}

/// What follows the sums: nothing, or a bias, a residual and a function that depends on the filters.
static kernels_activation last_of(const problem *problem, bool adds) {
  return adds ? growing_activation_of((size_t)(problem->filters + problem->window.input_channels)) : activation_of(0);
}

static kernels_convolution described(const problem *problem, bool adds) {
  return (kernels_convolution){
      .window = problem->window, .zeros = problem->zeros, .panels = problem->panels, .filters = problem->filters,
      .output = problem->output, .output_stride = problem->output_stride,
      .epilogue = {.bias = adds ? problem->bias : NULL, .residual = adds ? problem->residual : NULL,
                   .residual_stride = problem->output_stride, .activation = last_of(problem, adds)}};
}

static void compare(const char *what, problem *problem, bool adds) {
  convolve_plainly(
      &problem->window, IMAGES, problem->kernel, problem->filters, adds ? problem->bias : NULL,
      adds ? problem->residual : NULL, problem->output_stride, last_of(problem, adds), problem->expected);
  expect(
      what, problem->output, problem->output_stride, problem->expected, rows_of(&problem->window, IMAGES),
      problem->filters);
}

static kernels_right_side right_side(const problem *problem) {
  const long depth =
      problem->window.window_height * problem->window.window_width * problem->window.input_channels;
  return (kernels_right_side){
      .source = problem->kernel, .depth = depth, .columns = problem->filters, .depth_stride = problem->filters,
      .column_stride = 1};
}

/// Divides `count` rows and `filters` columns among calls, as threads do.
static void in_pieces(
    const kernels_table *table, long count, long filters, void (*call)(void *, long, long, long, long),
    void *context) {
  const long middle = count / 3, panel = table->panel_columns;
  const long column = filters > panel ? panel : 0;
  for (int piece = 0; piece < 4; piece++) {
    const long first = piece < 2 ? 0 : middle, end = piece < 2 ? middle : count;
    const long left = piece % 2 == 0 ? 0 : column, right = piece % 2 == 0 ? column : filters;
    if (first < end && left < right) call(context, first, end, left, right);
  }
}

typedef struct {
  const kernels_table *table;
  kernels_convolution work;
  float *scratch;
  long form;
} running;

static void run_direct(void *context, long first, long end, long left, long right) {
  const running *running = context;
  running->table->convolve(&running->work, first, end, left, right);
}

void check_convolutions(const kernels_table *table) {
  noise noise = {1};
  for (size_t w = 0; w < window_count; w++)
    for (size_t c = 0; c < channel_count_count; c++)
      for (size_t f = 0; f < filter_count_count; f++) {
        const kernels_window window = with_channels(windows[w], channel_counts[c], (long)(c % 2) * MARGIN);
        const bool adds = (w + c + f) % 2 == 0;
        problem problem =
            make(window, filter_counts[f], table, &noise, window.window_height * window.window_width);
        const kernels_right_side right = right_side(&problem);
        table->pack(&right, problem.panels, 0, problem.filters);
        running running = {.table = table, .work = described(&problem, adds)};
        in_pieces(table, rows_of(&window, IMAGES), problem.filters, run_direct, &running);
        compare("convolve", &problem, adds);
        discard(&problem);
      }
}

static void run_winograd(void *context, long first, long end, long left, long right) {
  const running *running = context;
  running->table->winograd[running->form].run(&running->work, running->scratch, first, end, left, right);
}

static void run_winograd_late(void *context, long first, long end, long left, long right) {
  const running *running = context;
  running->table->winograd[running->form].run_late(&running->work, running->scratch, first, end, left, right);
}

static void check_form(
    const kernels_table *table, long index, bool late, kernels_window window, long filters, noise *noise) {
  const kernels_winograd *form = &table->winograd[index];
  if (window.window_height != form->height || window.window_width != form->width) return;
  if (window.step_y != 1 || window.step_x != 1 || window.dilation_y != 1 || window.dilation_x != 1) return;
  const long points = (form->output_height + form->height - 1) * (form->output_width + form->width - 1);
  problem problem = make(window, filters, table, noise, points);
  const kernels_right_side right = right_side(&problem);
  (late ? form->pack_late : form->pack)(&right, problem.panels, 0, filters);
  const bool adds = filters % 2 == 0;
  running running = {
      .table = table, .work = described(&problem, adds), .form = index,
      .scratch = numbers((size_t)form->scratch(window.input_channels))};
  const long tiles = IMAGES * ((window.output_height + form->output_height - 1) / form->output_height)
                     * ((window.output_width + form->output_width - 1) / form->output_width);
  in_pieces(table, tiles, filters, late ? run_winograd_late : run_winograd, &running);
  compare(late ? "late winograd" : "winograd", &problem, adds);
  free(running.scratch);
  discard(&problem);
}

void check_winograd(const kernels_table *table) {
  noise noise = {2};
  for (long form = 0; form < KERNELS_WINOGRAD_FORMS; form++)
    for (size_t w = 0; w < window_count; w++)
      for (size_t c = 0; c < channel_count_count; c++)
        for (size_t f = 0; f < filter_count_count; f++)
          for (int late = 0; late < 2; late++)
            check_form(
                table, form, late, with_channels(windows[w], channel_counts[c], MARGIN), filter_counts[f], &noise);
}

static void run_strassen(void *context, long first, long end, long left, long right) {
  const running *running = context;
  running->table->strassen(&running->work, NULL, running->scratch, first, end, left, right);
}

void check_strassen(const kernels_table *table) {
  noise noise = {3};
  for (size_t w = 0; w < window_count; w++)
    for (size_t c = 0; c < channel_count_count; c++)
      for (size_t f = 0; f < filter_count_count; f++) {
        const kernels_window window = with_channels(windows[w], channel_counts[c], MARGIN);
        const long filters = filter_counts[f], channels = window.input_channels;
        if (window.window_height * window.window_width > 1 || window.step_x > 1 || channels % 2 > 0) continue;
        // Seven halves of the depth, of half the filters rounded up: at most seven of both, whole.
        problem problem = make(window, filters, table, &noise, 7);
        const kernels_right_side right = right_side(&problem);
        const long half = ((filters + 1) / 2 + table->lanes - 1) / table->lanes * table->lanes;
        table->pack_strassen(&right, problem.panels, 0, half);
        const bool adds = f % 2 == 0;
        running running = {
            .table = table, .work = described(&problem, adds),
            .scratch = numbers((size_t)table->strassen_scratch(channels))};
        const long pairs = IMAGES * ((window.output_height * window.output_width + 1) / 2);
        in_pieces(table, pairs, half, run_strassen, &running);
        compare("strassen", &problem, adds);
        free(running.scratch);
        discard(&problem);
      }
}
