// How the bytes of a TIFF reach libtiff, and what it says of them.
#pragma once

#include "CImages.h"

#include <tiffio.h>

// One reading with all the library calls back into.
typedef struct {
  const uint8_t *bytes;
  uint64_t count, position;
  // Whether bytes were wanted that are not there, and whether pixels are being decoded.
  int ran_out, is_decoding;
  cimages_status status;
  char *message;
} tiff_reading;

/// The most memory that the library takes at a time.
enum { cimages_tiff_block_limit = 256 << 20 };

/// Opens a TIFF at its first directory; NULL on failure, which the reading then has.
TIFF *cimages_tiff_open(tiff_reading *reading, const uint8_t *bytes, size_t count, char *message);

/// Remembers what is wrong, unless something was before; returns what was first.
cimages_status cimages_tiff_stop(tiff_reading *reading, cimages_status status, const char *format, ...);

/// Closes it; returns how the reading ended.
cimages_status cimages_tiff_close(tiff_reading *reading, TIFF *tiff);
