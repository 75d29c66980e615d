/// Winograd's minimal filtering along one line: `outputs` sums of `taps` products each from
/// `inputs = outputs + taps - 1` numbers with only `inputs` multiplications (Winograd, "Arithmetic complexity of
/// computations", 1980; built from points as in Lavin and Gray, "Fast algorithms for convolutional neural
/// networks", 2015).
///
/// The points are 0, pairs +-a and infinity. With Q(x) = product of (x^2 - b^2) over the other pairs, the row of the
/// input's transformation is x^2 Q(x) +- a x Q(x) for +-a; for 0 and infinity Q and x Q over all pairs. Even and odd
/// powers are summed apart, so a pair costs little more than one point. A line of one input is left as it is.

/// The pairs in the order they are taken: small numbers first, they make small rounding errors.
static const float winograd_pairs[] = {1, 2, 0.5f, 0.75f};
#define WINOGRAD_MOST_PAIRS 4
#define WINOGRAD_MOST_INPUTS 10
#define WINOGRAD_MOST_TAPS 7

INLINE int pairs_of(int inputs) { return inputs / 2 - 1; }

// What follows is written out because compilers then see constants where a loop would leave them memory.

/// The product of (x^2 - b^2) over so many pairs, from its constant on: coefficients of 1, x^2, x^4 ...
static const float winograd_products[WINOGRAD_MOST_PAIRS + 1][WINOGRAD_MOST_PAIRS + 1] = {
    {1}, {-1, 1}, {4, -5, 1}, {-1, 5.25f, -5.25f, 1}, {0.5625f, -3.953125f, 8.203125f, -5.8125f, 1}};

/// The same without one of the pairs.
static const float winograd_quotients[WINOGRAD_MOST_PAIRS + 1][WINOGRAD_MOST_PAIRS][WINOGRAD_MOST_PAIRS] = {
    {{0}},
    {{1}},
    {{-4, 1}, {-1, 1}},
    {{1, -4.25f, 1}, {0.25f, -1.25f, 1}, {4, -5, 1}},
    {{-0.5625f, 3.390625f, -4.8125f, 1},
     {-0.140625f, 0.953125f, -1.8125f, 1},
     {-2.25f, 6.8125f, -5.5625f, 1},
     {-1, 5.25f, -5.25f, 1}}};

/// The powers of a pair's positive number.
static const float winograd_powers[WINOGRAD_MOST_PAIRS][WINOGRAD_MOST_TAPS] = {
    {1, 1, 1, 1, 1, 1, 1},
    {1, 2, 4, 8, 16, 32, 64},
    {1, 0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f, 0.015625f},
    {1, 0.75f, 0.5625f, 0.421875f, 0.31640625f, 0.2373046875f, 0.177978515625f}};

/// The sum of every second input from `first` on times the coefficients of a product.
INLINE vector alternate_sum(const vector *in, int first, int count, const float *product) {
  vector sum = product[0] * in[first];
  UNROLLED for (int i = 1; i < count; i++) sum += product[i] * in[first + 2 * i];
  return sum;
}

INLINE void transform_input(int inputs, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  const int pairs = pairs_of(inputs);
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    const float *quotient = winograd_quotients[pairs][pair];
    const vector even = alternate_sum(in, 2, pairs, quotient);
    const vector odd = winograd_pairs[pair] * alternate_sum(in, 1, pairs, quotient);
    out[2 * pair + 1] = even + odd;
    out[2 * pair + 2] = even - odd;
  }
  out[0] = alternate_sum(in, 0, pairs + 1, winograd_products[pairs]);
  out[inputs - 1] = alternate_sum(in, 1, pairs + 1, winograd_products[pairs]);
}

INLINE void transform_output(int outputs, int inputs, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  const int pairs = pairs_of(inputs);
  vector sums[WINOGRAD_MOST_PAIRS], differences[WINOGRAD_MOST_PAIRS];
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    sums[pair] = in[2 * pair + 1] + in[2 * pair + 2];
    differences[pair] = in[2 * pair + 1] - in[2 * pair + 2];
  }
  UNROLLED for (int i = 0; i < outputs; i++) {
    const vector *terms = i % 2 == 0 ? sums : differences;
    vector sum = winograd_powers[0][i] * terms[0];
    UNROLLED for (int pair = 1; pair < pairs; pair++) sum += winograd_powers[pair][i] * terms[pair];
    if (i == 0) sum += in[0];
    out[i] = i == outputs - 1 ? sum + in[inputs - 1] : sum;
  }
}

/// What a kernel's powers of a pair are multiplied by: one over the product of its distances to the other points.
INLINE float kernel_factor(int pairs, int pair) {
  const float square = winograd_powers[pair][2];
  float distances = 0;
  UNROLLED for (int i = pairs - 1; i >= 0; i--) distances = distances * square + winograd_quotients[pairs][pair][i];
  return 1 / (2 * square * distances);
}

/// The kernel's transformation: powers of a point over the product of its distances to the others.
INLINE void transform_kernel(int inputs, int taps, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  const int pairs = pairs_of(inputs);
  out[0] = (1 / winograd_products[pairs][0]) * in[0];
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    const float factor = kernel_factor(pairs, pair);
    vector even = (factor * winograd_powers[pair][0]) * in[0];
    UNROLLED for (int tap = 2; tap < taps; tap += 2) even += (factor * winograd_powers[pair][tap]) * in[tap];
    vector odd = (factor * winograd_powers[pair][1]) * in[1];
    UNROLLED for (int tap = 3; tap < taps; tap += 2) odd += (factor * winograd_powers[pair][tap]) * in[tap];
    out[2 * pair + 1] = even + odd;
    out[2 * pair + 2] = even - odd;
  }
  out[inputs - 1] = in[taps - 1];
}
