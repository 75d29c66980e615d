/// Activations of heads: few elements, so the C library's functions serve on every machine alike.
#include <math.h>

#include "include/CKernels.h"

void kernels_sigmoid(const float *x, float *output, long count) {
  for (long i = 0; i < count; i++) output[i] = 1 / (1 + expf(-x[i]));
}

void kernels_tanh(const float *x, float *output, long count) {
  for (long i = 0; i < count; i++) output[i] = tanhf(x[i]);
}

void kernels_softmax(const float *x, float *output, long pixels, long channels) {
  for (long pixel = 0; pixel < pixels; pixel++, x += channels, output += channels) {
    float largest = -INFINITY, sum = 0;
    for (long i = 0; i < channels; i++) largest = x[i] > largest ? x[i] : largest;
    for (long i = 0; i < channels; i++) sum += output[i] = expf(x[i] - largest);
    for (long i = 0; i < channels; i++) output[i] /= sum;
  }
}
