#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

// Activation functions against the C library's in double precision, over numbers of every size.

static const kernels_activation functions[] = {
    {.function = KERNELS_LINEAR},
    {.function = KERNELS_CLAMP, .minimum = 0, .maximum = INFINITY},
    {.function = KERNELS_CLAMP, .minimum = -0.25f, .maximum = 0.5f},
    {.function = KERNELS_CLAMP, .minimum = -INFINITY, .maximum = 0.125f},
    {.function = KERNELS_RELU, .slope = 0.3f, .offset = 0, .maximum = INFINITY},
    {.function = KERNELS_RELU, .slope = 0.5f, .offset = 0.125f, .maximum = 6},
    {.function = KERNELS_ELU, .slope = 1, .minimum = -0.7f},
    {.function = KERNELS_ELU, .slope = 1.05070098f, .minimum = -1.75809934f},
    {.function = KERNELS_HARD_SIGMOID, .slope = 0.2f, .offset = 0.5f},
    {.function = KERNELS_HARD_SILU, .slope = 1.0f / 6, .offset = 0.5f},
    {.function = KERNELS_SIGMOID},
    {.function = KERNELS_SILU},
    {.function = KERNELS_TANH},
    {.function = KERNELS_SOFTPLUS},
    {.function = KERNELS_MISH},
    {.function = KERNELS_SOFTSIGN},
    {.function = KERNELS_EXPONENTIAL},
    {.function = KERNELS_GELU},
    {.function = KERNELS_GELU_BY_TANH},
};
const size_t activation_count = sizeof functions / sizeof functions[0];

kernels_activation activation_of(size_t turn) { return functions[turn % activation_count]; }

kernels_activation growing_activation_of(size_t turn) {
  const size_t growing[] = {1, 4, 6, 7, 9, 11, 13, 14, 17, 18};
  return functions[growing[turn % (sizeof growing / sizeof growing[0])]];
}

kernels_activation clamp_of(size_t turn) { return functions[turn % 4]; }

static double between(double x, double least, double most) { return x < least ? least : x > most ? most : x; }

static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

double activated(kernels_activation a, double x) {
  switch (a.function) {
    case KERNELS_LINEAR: return x;
    case KERNELS_CLAMP: return between(x, (double)a.minimum, (double)a.maximum);
    case KERNELS_RELU: {
      const double offset = (double)a.offset, maximum = (double)a.maximum;
      return x > offset ? x > maximum ? maximum : x : (double)a.slope * (x - offset);
    }
    case KERNELS_ELU: return x > 0 ? (double)a.slope * x : -(double)a.minimum * expm1(x);
    case KERNELS_HARD_SIGMOID: return between((double)a.slope * x + (double)a.offset, 0, 1);
    case KERNELS_HARD_SILU: return x * between((double)a.slope * x + (double)a.offset, 0, 1);
    case KERNELS_SIGMOID: return 1 / (1 + exp(-x));
    case KERNELS_SILU: return x / (1 + exp(-x));
    case KERNELS_TANH: return tanh(x);
    case KERNELS_SOFTPLUS: return softplus(x);
    case KERNELS_MISH: return x * tanh(softplus(x));
    case KERNELS_SOFTSIGN: return x / (1 + fabs(x));
    case KERNELS_EXPONENTIAL: return exp(x);
    case KERNELS_GELU: return x * erfc(-x / sqrt(2)) / 2;
    case KERNELS_GELU_BY_TANH: return x / (1 + exp(-2 * sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return NAN;
}

/// Below this a result may be off by units in the last place of this: where results are subnormal numbers, or come
/// from sums whose terms cancel each other.
static double smallest_of(kernels_function function) {
  switch (function) {
    case KERNELS_HARD_SIGMOID:
    case KERNELS_HARD_SILU:
    case KERNELS_GELU_BY_TANH: return 1;
    default: return 0x1p-120;
  }
}

/// Whether a result is within six units in the last place, and infinite or not a number where it should be.
static bool is_close(kernels_function function, float found, double expected) {
  if (isnan(expected) || isnan((double)found)) return isnan(expected) && isnan((double)found);
  if (isinf((float)expected) || isinf((double)found)) return (double)found == expected || fabs(expected) > 0x1.fffffp127;
  const double size = fmax(fabs(expected), smallest_of(function));
  return fabs((double)found - expected) <= 6 * ldexp(1, ilogb(size) - 23);
}

enum { SWEPT = 1 << 12 };

/// Every `SWEEP_STEP`th number there is, of either sign, and infinities and what is no number besides.
#define SWEEP_STEP 16411u

static void sweep(const kernels_table *table, kernels_activation activation, float *x, float *output) {
  const float corners[] = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, -NAN, 0x1p-149f, -0x1p-149f, 0x1.fffffep127f, 1, -1};
  for (uint64_t first = 0; first < (uint64_t)1 << 32; first += (uint64_t)SWEEP_STEP * SWEPT) {
    for (long i = 0; i < SWEPT; i++) {
      const uint32_t bits = (uint32_t)(first + (uint64_t)i * SWEEP_STEP);
      memcpy(x + i, &bits, sizeof bits);
    }
    memcpy(x, corners, sizeof corners);
    table->activate(activation, x, SWEPT, output, SWEPT, 1, SWEPT);
    for (long i = 0; i < SWEPT; i++) {
      const double expected = activated(activation, (double)x[i]);
      expect_that(
          is_close(activation.function, output[i], expected), "  function %d of %a: found %a, expected %a\n",
          activation.function, (double)x[i], (double)output[i], expected);
    }
  }
}

/// Results must not depend on where an element lies: in place, in a slice, in a vector that is not full.
static void compare_places(const kernels_table *table, kernels_activation activation, float *x, float *output) {
  enum { PIXELS = 9, STRIDE = 41 };
  noise noise = {8};
  float plain[PIXELS * STRIDE];
  fill(&noise, x, PIXELS * STRIDE);
  for (long i = 0; i < PIXELS * STRIDE; i++) x[i] *= 8;
  table->activate(activation, x, PIXELS * STRIDE, plain, PIXELS * STRIDE, 1, PIXELS * STRIDE);
  for (long channels = 1; channels <= STRIDE; channels++)
    for (int in_place = 0; in_place < 2; in_place++) {
      for (long i = 0; i < PIXELS * STRIDE; i++) output[i] = in_place ? x[i] : untouched;
      const float *source = in_place ? output : x;
      table->activate(activation, source, STRIDE, output, STRIDE, PIXELS, channels);
      bool same = true;
      for (long i = 0; i < PIXELS * STRIDE; i++) {
        const float expected = i % STRIDE < channels ? plain[i] : in_place ? x[i] : untouched;
        same &= memcmp(output + i, &expected, sizeof expected) == 0;
      }
      expect_that(same, "  function %d: other bits for %ld channels\n", activation.function, channels);
    }
}

void check_activations(const kernels_table *table) {
  float *x = numbers(SWEPT), *output = numbers(SWEPT);
  for (size_t turn = 0; turn < activation_count; turn++) {
    sweep(table, activation_of(turn), x, output);
    compare_places(table, activation_of(turn), x, output);
  }
  free(x), free(output);
}

void check_softmax(const kernels_table *table) {
  enum { PIXELS = 5, MARGIN = 3, MOST = 300 };
  noise noise = {9};
  float *x = numbers(PIXELS * (MOST + MARGIN)), *output = numbers(PIXELS * (MOST + MARGIN));
  double *expected = numbers(PIXELS * MOST);
  for (long channels = 1; channels <= MOST; channels += channels < 70 ? 1 : 23)
    for (int in_place = 0; in_place < 2; in_place++) {
      const long stride = channels + MARGIN;
      fill(&noise, x, (size_t)(PIXELS * stride));
      // From one pixel to the next the largest share grows.
      for (long i = 0; i < PIXELS * stride; i++) x[i] *= powf(6, (float)(i / stride));
      for (long pixel = 0; pixel < PIXELS; pixel++) {
        double largest = -INFINITY, sum = 0;
        for (long i = 0; i < channels; i++) largest = fmax(largest, (double)x[pixel * stride + i]);
        for (long i = 0; i < channels; i++) sum += exp((double)x[pixel * stride + i] - largest);
        for (long i = 0; i < channels; i++)
          expected[pixel * channels + i] = exp((double)x[pixel * stride + i] - largest) / sum;
      }
      for (long i = 0; i < PIXELS * stride; i++) output[i] = in_place && i % stride < channels ? x[i] : untouched;
      table->softmax(in_place ? output : x, stride, output, stride, PIXELS, channels);
      expect("softmax", output, stride, expected, PIXELS, channels);
    }
  // What is not a number, and infinity less infinity, leave no share to anybody; minus infinity has none.
  const float odd[][3] = {{1, NAN, 2}, {1, INFINITY, 2}, {1, -INFINITY, 1}};
  for (int i = 0; i < 3; i++) {
    float shares[3];
    table->softmax(odd[i], 3, shares, 3, 1, 3);
    const bool holds = i < 2 ? isnan((double)shares[0]) && isnan((double)shares[1]) && isnan((double)shares[2])
                             : shares[0] == 0.5f && shares[1] == 0 && shares[2] == 0.5f;
    expect_that(
        holds, "  softmax of odd numbers %d: %g %g %g\n", i, (double)shares[0], (double)shares[1],
        (double)shares[2]);
  }
  free(x), free(output), free(expected);
}

void check_normalize(const kernels_table *table) {
  enum { PIXELS = 4, MARGIN = 2, MOST = 300 };
  noise noise = {10};
  float *x = numbers(PIXELS * (MOST + MARGIN)), *output = numbers(PIXELS * (MOST + MARGIN));
  double *expected = numbers(PIXELS * MOST);
  for (long channels = 1; channels <= MOST; channels += channels < 70 ? 1 : 23) {
    const long stride = channels + MARGIN;
    fill(&noise, x, (size_t)(PIXELS * stride));
    // The last pixel has no length.
    for (long i = 0; i < channels; i++) x[(PIXELS - 1) * stride + i] = 0;
    for (long pixel = 0; pixel < PIXELS; pixel++) {
      double squares = 0;
      for (long i = 0; i < channels; i++) squares += (double)x[pixel * stride + i] * (double)x[pixel * stride + i];
      for (long i = 0; i < channels; i++)
        expected[pixel * channels + i] = squares > 0 ? (double)x[pixel * stride + i] / sqrt(squares) : 0;
    }
    for (long i = 0; i < PIXELS * stride; i++) output[i] = untouched;
    table->normalize(x, stride, output, stride, PIXELS, channels);
    expect("normalize", output, stride, expected, PIXELS, channels);
  }
  free(x), free(output), free(expected);
}
