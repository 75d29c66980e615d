/// x86-64 with AVX2 and FMA: 16 registers of 8 floats.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VARIANT avx2
#define LANES 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "Template/Kernels.h"
#pragma clang attribute pop
#endif
