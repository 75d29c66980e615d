#include <stdio.h>

#include "check.h"

/// Tries every table this processor can run; exits with 1 if a kernel of one is wrong.
int main(void) {
  for (int index = 0; index < KERNELS_VARIANT_COUNT; index++) {
    const kernels_table *table = kernels_variant(index);
    if (!table) continue;
    const long before = checks_made();
    const int failed = failures();
    check_convolutions(table);
    check_winograd(table);
    check_strassen(table);
    check_depthwise(table);
    check_sources(table);
    check_standardize(table);
    check_pooling(table);
    check_elementwise(table);
    check_combinations(table);
    check_activations(table);
    check_softmax(table);
    check_normalize(table);
    check_gradients(table);
    printf(
        "%s: %ld checks, %d failures, largest error so far %.1e\n", table->name, checks_made() - before,
        failures() - failed, largest_error());
  }
  return failures() > 0;
}
