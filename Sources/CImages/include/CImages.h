// JPEG, PNG, TIFF and WebP over libjpeg(-turbo), libpng, libtiff and libwebp, in C because the first two report errors with
// longjmp, which must never cross a Swift frame, and the third with lists of values; and the inner loops of resampling, for
// their vectors. Every function is stateless: bytes in, samples or one sentence out.
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
  /// Bytes a decoded sample has, the highest first: 2 for gray of 16 bits, 4 for gray of more or with a sign.
  uint32_t sample_size;
  /// Nonzero when the sample is an index into `palette`.
  uint32_t is_indexed;
  /// How a TIFF is to be turned, by its tag's values; 0 where nothing is to be done.
  uint32_t orientation;
  /// Nonzero when gray of more than 8 bits is cut off at 255.
  uint32_t is_cut;
  /// Nonzero when a TIFF has more pages, or a WebP image more frames.
  uint32_t has_more;
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

/// Reads the header of a TIFF: the first directory.
cimages_status cimages_tiff_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message);

/// Decodes the first page of a TIFF whose header was `header` into `width * height * samples * sample_size` bytes, without
/// alpha and not turned upright.
cimages_status cimages_tiff_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message);

/// Reads the header of a WebP image.
cimages_status cimages_webp_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message);

/// Decodes a WebP image whose header was `header`, or the first frame of an animation, into `width * height * 3` bytes,
/// without alpha.
cimages_status cimages_webp_decode(
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

/// Writes the version of the libtiff in use, a text of at most `cimages_message_size` characters.
void cimages_tiff_version(char *text);

/// The version of the libwebp in use: major, minor and revision, a byte each.
int cimages_webp_version(void);

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
