/// x86-64 with AVX-512: 32 registers of 16 floats.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define VARIANT avx512
#define LANES 16
#define TILE_ROWS 12
#define TILE_VECTORS 2
#define ROUGH_INVERSE(x) __builtin_ia32_rcp14ps512_mask(x, (vector)0.0f, 0xffff)
#define SCALED_BY_POWER(x, n) __builtin_ia32_scalefps512_mask(x, n, (vector)0.0f, 0xffff, 4)
#include "Template/Kernels.h"
#pragma clang attribute pop
#endif
