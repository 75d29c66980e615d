#include <stdlib.h>

#include "include/CKernels.h"

#if defined(__GLIBC__)
  #include <malloc.h>
#endif

extern const kernels_table kernels_table_avx512, kernels_table_avx2, kernels_table_neon, kernels_table_baseline;

const kernels_table *kernels_variant(int index) {
  switch (index) {
#if defined(__x86_64__)
    case 0: {
      const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
                       && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
      return has ? &kernels_table_avx512 : NULL;
    }
    case 1:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_table_avx2 : NULL;
#endif
#if defined(__aarch64__)
    case 2: return &kernels_table_neon;
#endif
    case 3: return &kernels_table_baseline;
    default: return NULL;
  }
}

void kernels_share_heap(void) {
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, 1);
#endif
}
