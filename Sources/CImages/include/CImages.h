// JPEG and PNG over libjpeg(-turbo) and libpng, in C because both report errors with longjmp, which must
// never cross a Swift frame; and the inner loops of resampling, for their vectors. Every function is
// stateless: bytes in, samples or one sentence out.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { cimages_message_size = 200 };

/// How a call ended.
typedef enum {
  cimages_done = 0,
  /// The bytes break their format's rules.
  cimages_malformed,
  /// The bytes end before the image does.
  cimages_truncated,
  /// Well-formed, but nothing the library or we decode.
  cimages_unsupported,
  cimages_out_of_memory,
} cimages_status;

/// What is known before a pixel is decoded.
typedef struct {
  uint32_t width, height;
  /// Samples a decoded pixel has: 1 gray or palette index, 3 RGB, 4 CMYK as Adobe writes it (inverted).
  uint32_t samples;
  /// Bytes a decoded sample has: 2 (big-endian) only for 16-bit gray PNG.
  uint32_t sample_size;
  /// Nonzero when the sample is an index into `palette`.
  uint32_t is_indexed;
  /// RGB triples; black where the file gives none.
  uint8_t palette[3 * 256];
} cimages_header;

/// Reads the header of a JPEG; `message` holds `cimages_message_size` characters.
cimages_status cimages_jpeg_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message);

/// Decodes a JPEG whose header was `header` into `width * height * samples` bytes.
cimages_status cimages_jpeg_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message);

/// Reads the header of a PNG, all chunks up to the image data.
cimages_status cimages_png_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message);

/// Decodes a PNG whose header was `header` into `width * height * samples * sample_size` bytes, without alpha.
cimages_status cimages_png_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message);

/// Encodes 8-bit RGB as PNG. `*encoded` is to be given to `cimages_free`.
cimages_status cimages_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **encoded, size_t *encoded_count,
    char *message);

void cimages_free(uint8_t *encoded);

/// The version of the libjpeg this was built with.
const char *cimages_jpeg_version(void);

/// The version of the libpng in use.
const char *cimages_png_version(void);

/// For each of `size` new columns or rows, the old ones it is made of: `counts[i]` (at least 1) of them from
/// `starts[i]` on, weighted with `values[capacity * i]` and the following, in 22-bit fixed point.
typedef struct {
  const int32_t *starts, *counts, *values;
  size_t capacity, size;
} cimages_weights;

/// Makes `height` rows of `weights->size` RGB pixels of as many rows of `width`.
void cimages_resample_columns(
    const uint8_t *source, size_t width, size_t height, const cimages_weights *weights, uint8_t *target);

/// Makes `weights->size` rows of `width` RGB pixels.
void cimages_resample_rows(
    const uint8_t *source, size_t width, const cimages_weights *weights, uint8_t *target);
