#include "tiff_reading.h"

#include <stdlib.h>
#include <string.h>

// What a pixel is made of, and what becomes of it.
typedef enum { gray, index_into_palette, rgb, associated_rgb, cmyk, gray16, gray32, real } tiff_kind;

typedef struct {
  tiff_kind kind;
  uint32_t width, height;
  uint16_t bits, stored_samples, used_samples;
  int is_inverted, is_signed, is_planar, is_tiled;
  uint32_t block_width, block_height;
} tiff_layout;

enum { most_samples = 8 };

static int is_decoded(uint16_t compression) {
  switch (compression) {
  case COMPRESSION_NONE:
  case COMPRESSION_CCITTRLE:
  case COMPRESSION_CCITTFAX3:
  case COMPRESSION_CCITTFAX4:
  case COMPRESSION_LZW:
  case COMPRESSION_JPEG:
  case COMPRESSION_PACKBITS:
  case COMPRESSION_ADOBE_DEFLATE:
  case COMPRESSION_DEFLATE:
  case COMPRESSION_LZMA:
  case COMPRESSION_ZSTD:
  case COMPRESSION_WEBP: return TIFFIsCODECConfigured(compression);
  default: return 0;
  }
}

static int has_bits(const tiff_layout *layout, uint16_t first, uint16_t second) {
  return layout->bits == first || layout->bits == second;
}

// The kinds of gray that Pillow reads; numbers of more than 8 bits stay numbers.
static int read_gray(tiff_layout *layout, uint16_t format, int is_inverted, int is_big_endian) {
  layout->used_samples = 1;
  layout->is_signed = format == SAMPLEFORMAT_INT;
  if (layout->bits <= 8) {
    layout->kind = gray;
    layout->is_inverted = is_inverted;
    return format == SAMPLEFORMAT_UINT || (layout->is_signed && layout->bits == 8 && !is_inverted);
  }
  if (layout->stored_samples != 1) return 0;
  if (format == SAMPLEFORMAT_IEEEFP) {
    layout->kind = real;
    return layout->bits == 32;
  }
  if (layout->is_signed) {
    layout->kind = gray32;
    return !is_inverted && has_bits(layout, 16, 32);
  }
  layout->kind = layout->bits == 16 ? gray16 : gray32;
  // Pillow has no gray of 32 bits without a sign in this order, and calls that of 16 another mode, which Keras cuts.
  if (is_big_endian && layout->kind == gray16) layout->kind = gray;
  return layout->bits == 16 ? !(is_inverted && is_big_endian)
                            : layout->bits == 32 && !is_inverted && !is_big_endian;
}

static int read_kind(TIFF *tiff, tiff_layout *layout, uint16_t photometric, uint16_t format) {
  uint16_t extra_count = 0, *extras = NULL, compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extras);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  int is_associated = extra_count > 0 && extras[0] == EXTRASAMPLE_ASSOCALPHA;
  int is_plain = layout->stored_samples == 1
      || (layout->stored_samples == 2 && layout->bits == 8 && extra_count == 1 && !is_associated);
  int is_integer = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID;
  switch (photometric) {
  case PHOTOMETRIC_MINISWHITE:
  case PHOTOMETRIC_MINISBLACK:
    if (format == SAMPLEFORMAT_VOID) format = SAMPLEFORMAT_UINT;
    return is_plain
        && read_gray(layout, format, photometric == PHOTOMETRIC_MINISWHITE, TIFFIsBigEndian(tiff));
  case PHOTOMETRIC_PALETTE:
    layout->kind = index_into_palette;
    layout->used_samples = 1;
    return is_plain && is_integer && layout->bits <= 8;
  case PHOTOMETRIC_RGB:
    layout->kind = is_associated ? associated_rgb : rgb;
    layout->used_samples = is_associated ? 4 : 3;
    return is_integer && has_bits(layout, 8, 16) && layout->stored_samples >= layout->used_samples;
  case PHOTOMETRIC_SEPARATED:
    layout->kind = cmyk;
    layout->used_samples = 4;
    return is_integer && has_bits(layout, 8, 16) && layout->stored_samples >= 4;
  case PHOTOMETRIC_YCBCR:
    // The library makes RGB of it.
    layout->kind = rgb;
    layout->used_samples = 3;
    return compression == COMPRESSION_JPEG && is_integer && layout->bits == 8 && layout->stored_samples == 3
        && !layout->is_planar && TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  default: return 0;
  }
}

static cimages_status read_blocks(TIFF *tiff, tiff_layout *layout, tiff_reading *reading) {
  layout->is_tiled = TIFFIsTiled(tiff);
  if (layout->is_tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &layout->block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &layout->block_height);
  } else {
    layout->block_width = layout->width;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &layout->block_height);
    if (layout->block_height > layout->height) layout->block_height = layout->height;
  }
  if (!layout->block_width || !layout->block_height)
    return cimages_tiff_stop(reading, cimages_malformed, "blocks of %ux%u pixels", layout->block_width, layout->block_height);
  // Tiles may reach over the edges, but not by more than a few of them together.
  uint64_t across = ((uint64_t)layout->width + layout->block_width - 1) / layout->block_width;
  uint64_t down = ((uint64_t)layout->height + layout->block_height - 1) / layout->block_height;
  uint64_t area = (uint64_t)layout->block_width * layout->block_height;
  uint64_t pixels = (uint64_t)layout->width * layout->height;
  if (area > UINT32_MAX || across * down > (4 * pixels + (1 << 24)) / area + 1)
    return cimages_tiff_stop(
        reading, cimages_malformed, "tiles of %ux%u pixels for an image of %ux%u", layout->block_width,
        layout->block_height, layout->width, layout->height);
  return cimages_done;
}

static cimages_status read_layout(TIFF *tiff, tiff_layout *layout, tiff_reading *reading) {
  uint16_t planar = PLANARCONFIG_CONTIG, photometric = PHOTOMETRIC_MINISWHITE, format = SAMPLEFORMAT_UINT,
           compression = COMPRESSION_NONE;
  memset(layout, 0, sizeof *layout);
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout->width)
      || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout->height))
    return cimages_tiff_stop(reading, cimages_malformed, "no width or no height is given");
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->stored_samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  layout->is_planar = planar == PLANARCONFIG_SEPARATE && layout->stored_samples > 1;
  if (!is_decoded(compression)) return cimages_tiff_stop(reading, cimages_unsupported, "compression %u", compression);
  uint16_t bits = layout->bits;
  int is_known = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32;
  if (!is_known || !layout->stored_samples || layout->stored_samples > most_samples
      || !read_kind(tiff, layout, photometric, format))
    return cimages_tiff_stop(
        reading, cimages_unsupported, "%u samples of %u bits, photometric interpretation %u, sample format %u",
        layout->stored_samples, bits, photometric, format);
  return layout->width && layout->height ? read_blocks(tiff, layout, reading) : cimages_done;
}

static void read_palette(
    TIFF *tiff, const tiff_layout *layout, cimages_header *header, tiff_reading *reading) {
  uint16_t *red, *green, *blue;
  if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue)) {
    cimages_tiff_stop(reading, cimages_malformed, "no palette");
    return;
  }
  for (int i = 0; i < 1 << layout->bits; i += 1) {
    header->palette[3 * i] = (uint8_t)(red[i] >> 8);
    header->palette[3 * i + 1] = (uint8_t)(green[i] >> 8);
    header->palette[3 * i + 2] = (uint8_t)(blue[i] >> 8);
  }
}

cimages_status cimages_tiff_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message) {
  tiff_reading reading;
  tiff_layout layout;
  memset(header, 0, sizeof *header);
  TIFF *tiff = cimages_tiff_open(&reading, bytes, count, message);
  if (tiff && read_layout(tiff, &layout, &reading) == cimages_done) {
    header->width = layout.width;
    header->height = layout.height;
    header->samples = layout.kind == rgb || layout.kind == associated_rgb || layout.kind == cmyk ? 3 : 1;
    header->sample_size = layout.kind == gray16 ? 2 : layout.kind == gray32 ? 4 : 1;
    header->is_indexed = layout.kind == index_into_palette;
    header->is_cut = layout.kind == real || (layout.kind == gray && layout.bits > 8);
    header->has_more = !TIFFLastDirectory(tiff);
    uint16_t orientation = 0;
    if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation)) header->orientation = orientation;
    if (header->is_indexed) read_palette(tiff, &layout, header, &reading);
  }
  return cimages_tiff_close(&reading, tiff);
}

// Rows of a block, each sample as it is stored: one plane with all samples, or one for each.
typedef struct {
  const uint8_t *planes[most_samples];
  size_t stride;
} tiff_block;

static uint32_t sample(const tiff_layout *layout, const tiff_block *block, size_t row, size_t column, size_t which) {
  const uint8_t *from = block->planes[layout->is_planar ? which : 0] + row * block->stride;
  size_t at = layout->is_planar ? column : column * layout->stored_samples + which;
  uint16_t short_value;
  uint32_t long_value;
  switch (layout->bits) {
  case 8: return from[at];
  case 16: memcpy(&short_value, from + 2 * at, 2); return short_value;
  case 32: memcpy(&long_value, from + 4 * at, 4); return long_value;
  default: {
    size_t bit = at * layout->bits;
    return from[bit / 8] >> (8 - layout->bits - bit % 8) & ((1u << layout->bits) - 1);
  }
  }
}

static uint8_t cut(int32_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static uint8_t cut_real(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value >= 255 ? 255 : value > 0 ? (uint8_t)value : 0;
}

static uint8_t gray_level(const tiff_layout *layout, uint32_t value) {
  if (layout->bits > 8) return cut((int32_t)value);
  uint32_t most = (1u << layout->bits) - 1;
  return (uint8_t)((layout->is_inverted ? most - value : value) * (255 / most));
}

static uint8_t ink(uint8_t paper, uint8_t value) {
  unsigned scaled = (unsigned)value * paper + 128;
  return (uint8_t)(paper - (((scaled >> 8) + scaled) >> 8));
}

static void put(const tiff_layout *layout, const tiff_block *block, size_t row, size_t column, uint8_t *target) {
  uint32_t first = sample(layout, block, row, column, 0);
  uint8_t channels[4] = {0};
  switch (layout->kind) {
  case gray: target[0] = gray_level(layout, first); return;
  case index_into_palette: target[0] = (uint8_t)first; return;
  case real: target[0] = cut_real(first); return;
  case gray16:
    target[0] = (uint8_t)(first >> 8);
    target[1] = (uint8_t)first;
    return;
  case gray32:
    if (layout->bits == 16 && layout->is_signed) first = (uint32_t)(int32_t)(int16_t)first;
    for (int i = 0; i < 4; i += 1) target[i] = (uint8_t)(first >> (24 - 8 * i));
    return;
  case rgb:
  case associated_rgb:
  case cmyk:
    for (size_t i = 0; i < layout->used_samples; i += 1)
      channels[i] = (uint8_t)(sample(layout, block, row, column, i) >> (layout->bits - 8));
  }
  uint8_t last = channels[3];
  for (int i = 0; i < 3; i += 1) {
    if (layout->kind == cmyk) target[i] = ink((uint8_t)(255 - last), channels[i]);
    else if (layout->kind == rgb || last == 255) target[i] = channels[i];
    else target[i] = last ? cut(channels[i] * 255 / last) : 0;
  }
}

static cimages_status read_block(
    TIFF *tiff, const tiff_layout *layout, uint32_t x, uint32_t y, uint8_t *target, size_t size, tiff_reading *reading) {
  uint16_t planes = layout->is_planar ? layout->used_samples : 1;
  for (uint16_t plane = 0; plane < planes; plane += 1) {
    uint8_t *to = target + size * plane;
    tmsize_t wanted = (tmsize_t)size, found;
    if (layout->is_tiled) {
      found = TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, plane), to, wanted);
    } else {
      uint32_t rows = layout->height - y < layout->block_height ? layout->height - y : layout->block_height;
      wanted = (tmsize_t)(size / layout->block_height * rows);
      found = TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, plane), to, wanted);
    }
    if (found < wanted) return cimages_tiff_stop(reading, cimages_malformed, "the image data ends at row %u", y);
    if (reading->status != cimages_done) return reading->status;
  }
  return cimages_done;
}

static cimages_status read_pixels(
    TIFF *tiff, const tiff_layout *layout, const cimages_header *header, uint8_t *pixels, tiff_reading *reading) {
  uint16_t planes = layout->is_planar ? layout->used_samples : 1;
  uint64_t row_bits = (uint64_t)layout->block_width * (layout->is_planar ? 1 : layout->stored_samples) * layout->bits;
  tiff_block block = {.stride = (size_t)((row_bits + 7) / 8)};
  size_t size = block.stride * layout->block_height;
  tmsize_t library_size = layout->is_tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  if (reading->status != cimages_done) return reading->status;
  if (library_size < 0 || (uint64_t)library_size != size)
    return cimages_tiff_stop(reading, cimages_unsupported, "blocks of %lld bytes", (long long)library_size);
  if (size > SIZE_MAX / planes) return cimages_tiff_stop(reading, cimages_out_of_memory, "out of memory");
  uint8_t *buffer = calloc(planes, size);
  if (!buffer) return cimages_tiff_stop(reading, cimages_out_of_memory, "out of memory");
  for (uint16_t plane = 0; plane < planes; plane += 1) block.planes[plane] = buffer + size * plane;
  size_t pixel_size = (size_t)header->samples * header->sample_size;
  for (uint32_t y = 0; y < layout->height; y += layout->block_height) {
    for (uint32_t x = 0; x < layout->width; x += layout->block_width) {
      if (read_block(tiff, layout, x, y, buffer, size, reading) != cimages_done) goto end;
      uint32_t rows = layout->height - y, columns = layout->width - x;
      if (rows > layout->block_height) rows = layout->block_height;
      if (columns > layout->block_width) columns = layout->block_width;
      for (size_t row = 0; row < rows; row += 1) {
        uint8_t *target = pixels + ((size_t)(y + row) * layout->width + x) * pixel_size;
        for (size_t column = 0; column < columns; column += 1)
          put(layout, &block, row, column, target + column * pixel_size);
      }
      if (layout->block_width >= layout->width - x) break;
    }
    if (layout->block_height >= layout->height - y) break;
  }
end:
  free(buffer);
  return reading->status;
}

cimages_status cimages_tiff_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  tiff_reading reading;
  tiff_layout layout;
  TIFF *tiff = cimages_tiff_open(&reading, bytes, count, message);
  if (tiff && read_layout(tiff, &layout, &reading) == cimages_done) {
    reading.is_decoding = 1;
    if (layout.width != header->width || layout.height != header->height)
      cimages_tiff_stop(&reading, cimages_malformed, "the size changes while decoding");
    else
      read_pixels(tiff, &layout, header, pixels, &reading);
  }
  return cimages_tiff_close(&reading, tiff);
}
