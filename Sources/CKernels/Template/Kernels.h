/// All kernels of one variant; included once by each `Variant*.c`.
#include "Vector.h"
#include "Activations.h"
#include "Tile.h"
#include "Convolution.h"
#include "Products.h"
#include "WinogradLines.h"
#include "WinogradKernels.h"
#include "Winograd.h"
#include "WinogradGradients.h"
#include "Depthwise.h"
#include "Elementwise.h"
#include "Pointwise.h"
#include "Strassen.h"
#include "Pooling.h"
#include "Gradients.h"

#define QUOTED_(text) #text
#define QUOTED(text) QUOTED_(text)

const kernels_table NAMED(kernels_table) = {
    .name = QUOTED(VARIANT),
    .lanes = LANES,
    .tile_rows = TILE_ROWS,
    .panel_columns = PANEL_COLUMNS,
    .pack = NAMED(pack),
    .convolve = NAMED(convolve),
    .winograd = NAMED(winograd_forms),
    .pack_strassen = NAMED(pack_strassen),
    .strassen = NAMED(strassen),
    .strassen_scratch = NAMED(strassen_scratch),
    .depthwise = NAMED(depthwise),
    .pointwise = NAMED(pointwise),
    .max_pool = NAMED(max_pool),
    .average_pool = NAMED(average_pool),
    .global_average = NAMED(global_average),
    .global_max = NAMED(global_max),
    .affine = NAMED(affine),
    .combine = NAMED(combine),
    .activate = NAMED(activate),
    .softmax = NAMED(softmax),
    .normalize = NAMED(normalize),
    .standardize = NAMED(standardize),
    .measure_peak = NAMED(measure_peak),
    .gradients = &NAMED(gradients),
};
