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

/// The product of (x^2 - b^2) over all pairs but one, from its constant on: coefficients of 1, x^2, x^4 ...
INLINE void pair_product(int pairs, int left_out, float product[WINOGRAD_MOST_PAIRS + 1]) {
  product[0] = 1;
  int degree = 0;
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    if (pair == left_out) continue;
    const float square = winograd_pairs[pair] * winograd_pairs[pair];
    product[degree + 1] = product[degree];
    UNROLLED for (int i = WINOGRAD_MOST_PAIRS; i > 0; i--)
      if (i <= degree) product[i] = product[i - 1] - square * product[i];
    product[0] *= -square;
    degree++;
  }
}

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
  float product[WINOGRAD_MOST_PAIRS + 1];
  UNROLLED for (int pair = 0; pair < pairs; pair++) {
    pair_product(pairs, pair, product);
    const vector even = alternate_sum(in, 2, pairs, product);
    const vector odd = winograd_pairs[pair] * alternate_sum(in, 1, pairs, product);
    out[2 * pair + 1] = even + odd;
    out[2 * pair + 2] = even - odd;
  }
  pair_product(pairs, -1, product);
  out[0] = alternate_sum(in, 0, pairs + 1, product);
  out[inputs - 1] = alternate_sum(in, 1, pairs + 1, product);
}

INLINE void transform_output(int outputs, int inputs, const vector *in, vector *out) {
  out[0] = in[0];
  if (inputs == 1) return;
  vector sums[WINOGRAD_MOST_PAIRS], differences[WINOGRAD_MOST_PAIRS];
  float powers[WINOGRAD_MOST_PAIRS];
  UNROLLED for (int pair = 0; pair < pairs_of(inputs); pair++) {
    sums[pair] = in[2 * pair + 1] + in[2 * pair + 2];
    differences[pair] = in[2 * pair + 1] - in[2 * pair + 2];
    powers[pair] = 1;
  }
  UNROLLED for (int i = 0; i < outputs; i++) {
    vector sum = i == 0 ? in[0] : (vector)0.0f;
    UNROLLED for (int pair = 0; pair < pairs_of(inputs); pair++) {
      const vector term = powers[pair] * (i % 2 == 0 ? sums[pair] : differences[pair]);
      sum = i > 0 && pair == 0 ? term : sum + term;
      powers[pair] *= winograd_pairs[pair];
    }
    out[i] = i == outputs - 1 ? sum + in[inputs - 1] : sum;
  }
}

/// The kernel's transformation `[inputs][taps]`: powers of a point over the product of its distances to the others.
static void find_kernel_matrix(int inputs, int taps, double matrix[WINOGRAD_MOST_INPUTS][WINOGRAD_MOST_TAPS]) {
  double points[WINOGRAD_MOST_INPUTS] = {0};
  for (int pair = 0; pair < pairs_of(inputs); pair++) {
    points[2 * pair + 1] = winograd_pairs[pair];
    points[2 * pair + 2] = -winograd_pairs[pair];
  }
  for (int row = 0; row < inputs - 1; row++) {
    double value = 1;
    for (int other = 0; other < inputs - 1; other++)
      if (other != row) value /= points[row] - points[other];
    for (int tap = 0; tap < taps; tap++, value *= points[row]) matrix[row][tap] = value;
  }
  for (int tap = 0; tap < taps; tap++) matrix[inputs - 1][tap] = tap == taps - 1;
}
