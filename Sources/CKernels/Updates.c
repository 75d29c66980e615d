/// Steps of optimizers: loops without calls or branches, which compilers turn into vectors, and no products fused with
/// sums, so that every machine comes to the same bits.
#include "include/CKernels.h"

#pragma STDC FP_CONTRACT OFF

/// Without the C library's `errno`.
static inline float root(float x) { return __builtin_elementwise_sqrt(x); }

#define SPECIALIZED static inline __attribute__((always_inline)) void

void kernels_descend(float *restrict w, const float *restrict g, kernels_range range, float rate) {
  for (long i = range.start; i < range.end; i++) w[i] -= rate * g[i - range.start];
}

void kernels_decay(float *w, kernels_range range, float part) {
  for (long i = range.start; i < range.end; i++) w[i] -= w[i] * part;
}

SPECIALIZED momentum_step(
    float *restrict w, const float *restrict g, float *restrict m, kernels_range range, float rate, float momentum,
    bool nesterov) {
  for (long i = range.start; i < range.end; i++) {
    const float step = rate * g[i - range.start], moment = m[i] * momentum - step;
    m[i] = moment;
    w[i] += nesterov ? moment * momentum - step : moment;
  }
}

void kernels_momentum(
    float *w, const float *g, float *m, kernels_range range, float rate, float momentum, bool nesterov) {
  if (nesterov) momentum_step(w, g, m, range, rate, momentum, true);
  else momentum_step(w, g, m, range, rate, momentum, false);
}

SPECIALIZED adam_step(
    float *restrict w, const float *restrict g, float *restrict m, float *restrict v, float *restrict largest,
    kernels_range range, kernels_adam_settings s, bool amsgrad) {
  for (long i = range.start; i < range.end; i++) {
    const float slope = g[i - range.start];
    const float first = m[i] + (slope - m[i]) * s.first_decay;
    float second = v[i] + (slope * slope - v[i]) * s.second_decay;
    m[i] = first;
    v[i] = second;
    if (amsgrad) largest[i] = second = largest[i] > second ? largest[i] : second;
    w[i] -= first * s.alpha / (root(second) + s.epsilon);
  }
}

void kernels_adam(
    float *w, const float *g, float *m, float *v, float *largest, kernels_range range, kernels_adam_settings s) {
  if (s.amsgrad) adam_step(w, g, m, v, largest, range, s, true);
  else adam_step(w, g, m, v, largest, range, s, false);
}

SPECIALIZED rms_step(
    float *restrict w, const float *restrict g, float *restrict v, float *restrict means,
    float *restrict moments, kernels_range range, kernels_rms_settings s, bool centered, bool moves) {
  for (long i = range.start; i < range.end; i++) {
    const float slope = g[i - range.start], velocity = s.rho * v[i] + s.rest * slope * slope;
    float spread = velocity;
    v[i] = velocity;
    if (centered) {
      const float mean = s.rho * means[i] + s.rest * slope;
      means[i] = mean;
      spread -= mean * mean;
    }
    float increment = s.rate * slope / root(spread + s.epsilon);
    if (moves) moments[i] = increment += s.momentum * moments[i];
    w[i] -= increment;
  }
}

void kernels_rms(
    float *w, const float *g, float *v, float *means, float *moments, kernels_range range, kernels_rms_settings s) {
  const bool moves = s.momentum > 0;
  if (s.centered && moves) rms_step(w, g, v, means, moments, range, s, true, true);
  else if (s.centered) rms_step(w, g, v, means, moments, range, s, true, false);
  else if (moves) rms_step(w, g, v, means, moments, range, s, false, true);
  else rms_step(w, g, v, means, moments, range, s, false, false);
}

void kernels_adagrad(
    float *restrict w, const float *restrict g, float *restrict sums, kernels_range range, float rate, float epsilon) {
  for (long i = range.start; i < range.end; i++) {
    const float slope = g[i - range.start], sum = sums[i] + slope * slope;
    sums[i] = sum;
    w[i] -= rate * slope / root(sum + epsilon);
  }
}
