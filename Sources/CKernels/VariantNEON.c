/// AArch64, where NEON is always there: 32 registers of 4 floats.
#if defined(__aarch64__)
#define VARIANT neon
#define LANES 4
#define TILE_ROWS 6
#define TILE_VECTORS 4
#include "Template/Kernels.h"
#endif
