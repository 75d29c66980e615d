/// Whatever the compiler makes of four lanes on the processor it builds for: SSE2 on x86-64, plain scalar
/// code where there are no vectors.
#define VARIANT baseline
#define LANES 4
#define TILE_ROWS 4
#define TILE_VECTORS 2
#include "Template/Kernels.h"
