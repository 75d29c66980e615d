#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// What the library's callbacks read from and report to.
typedef struct {
  const uint8_t *bytes;
  size_t count, position;
  cimages_status status;
  char *message;
  png_structp png;
  png_infop info;
} png_reading;

static _Noreturn void fail(png_structp png, png_const_charp text) {
  png_reading *reading = png_get_error_ptr(png);
  if (reading->status == cimages_done) {
    reading->status = strstr(text, "emory") ? cimages_out_of_memory : cimages_malformed;
    snprintf(reading->message, cimages_message_size, "%s", text);
  }
  png_longjmp(png, 1);
}

// Warnings are about ancillary chunks, which we do not use.
static void stay_silent(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  png_reading *reading = png_get_io_ptr(png);
  if (count > reading->count - reading->position) {
    reading->status = cimages_truncated;
    snprintf(
        reading->message, cimages_message_size, "the bytes end at %zu inside a chunk", reading->count);
    png_error(png, "truncated");
  }
  memcpy(target, reading->bytes + reading->position, count);
  reading->position += count;
}

static int set_up(png_reading *reading, const uint8_t *bytes, size_t count, char *message) {
  message[0] = 0;
  *reading = (png_reading){.bytes = bytes, .count = count, .message = message};
  reading->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reading, fail, stay_silent);
  if (reading->png) reading->info = png_create_info_struct(reading->png);
  return reading->info != NULL;
}

static void tear_down(png_reading *reading) { png_destroy_read_struct(&reading->png, &reading->info, NULL); }

static void read_palette(const png_reading *reading, cimages_header *header) {
  png_colorp entries = NULL;
  int count = 0;
  if (!png_get_PLTE(reading->png, reading->info, &entries, &count)) return;
  for (int i = 0; i < count && i < 256; i += 1) {
    header->palette[3 * i] = entries[i].red;
    header->palette[3 * i + 1] = entries[i].green;
    header->palette[3 * i + 2] = entries[i].blue;
  }
}

// Up to the first image data, with the transformations set that leave gray, index, 16-bit gray or RGB.
static void read_header(png_reading *reading, cimages_header *header) {
  png_structp png = reading->png;
  png_infop info = reading->info;
  png_set_read_fn(png, reading, read_bytes);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Ancillary chunks (color profiles, texts, transparency) are checked and dropped unread.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);

  int depth = png_get_bit_depth(png, info), kind = png_get_color_type(png, info);
  int is_indexed = kind == PNG_COLOR_TYPE_PALETTE;
  int is_deep_gray = kind == PNG_COLOR_TYPE_GRAY && depth == 16;
  if (depth == 16 && !is_deep_gray) png_set_strip_16(png);
  if (depth < 8) is_indexed ? png_set_packing(png) : png_set_expand_gray_1_2_4_to_8(png);
  if (kind & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
  png_set_interlace_handling(png);

  memset(header, 0, sizeof *header);
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->samples = (kind & PNG_COLOR_MASK_COLOR) && !is_indexed ? 3 : 1;
  header->sample_size = is_deep_gray ? 2 : 1;
  header->is_indexed = (uint32_t)is_indexed;
  if (is_indexed) read_palette(reading, header);
}

// Image data after the last row: reading that row, the library would unpack it to throw it away, a thousand times as much as
// is stored. What is left ahead of the row may hold the row and what the library reads ahead.
enum { surplus_limit = 1 << 16 };

static void refuse_surplus(png_reading *reading, size_t row) {
  size_t surplus = 0;
  for (size_t at = 8; reading->count - at >= 12;) {
    const uint8_t *chunk = reading->bytes + at;
    size_t start = at + 8, length = png_get_uint_32(chunk);
    size_t end = length > reading->count - start ? reading->count : start + length;
    if (start < reading->position) start = reading->position;
    if (end > start && memcmp(chunk + 4, "IDAT", 4) == 0) surplus += end - start;
    if (reading->count - end < 4) break;
    at = end + 4;
  }
  if (surplus <= surplus_limit + 2 * row) return;
  reading->status = cimages_malformed;
  snprintf(reading->message, cimages_message_size, "%zu bytes of image data after the last row", surplus);
  png_error(reading->png, "surplus");
}

static void read_rows(png_reading *reading, const cimages_header *header, uint8_t *pixels) {
  png_structp png = reading->png;
  cimages_header found;
  read_header(reading, &found);
  png_read_update_info(png, reading->info);
  size_t stride = (size_t)header->width * header->samples * header->sample_size;
  if (found.width != header->width || found.height != header->height
      || png_get_rowbytes(png, reading->info) != stride)
    png_error(png, "the size changes while decoding");
  int passes = png_get_interlace_type(png, reading->info) == PNG_INTERLACE_NONE ? 1 : 7;
  for (int pass = 0; pass < passes; pass += 1)
    for (size_t y = 0; y < header->height; y += 1) {
      // A pixel of a file has eight bytes at most.
      if (pass == passes - 1 && y == header->height - 1) refuse_surplus(reading, (size_t)header->width * 8);
      png_read_row(png, pixels + stride * y, NULL);
    }
  png_read_end(png, NULL);
}

cimages_status cimages_png_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message) {
  png_reading reading;
  if (!set_up(&reading, bytes, count, message)) {
    tear_down(&reading);
    return cimages_out_of_memory;
  }
  if (!setjmp(png_jmpbuf(reading.png))) read_header(&reading, header);
  tear_down(&reading);
  return reading.status;
}

cimages_status cimages_png_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  png_reading reading;
  if (!set_up(&reading, bytes, count, message)) {
    tear_down(&reading);
    return cimages_out_of_memory;
  }
  if (!setjmp(png_jmpbuf(reading.png))) read_rows(&reading, header, pixels);
  tear_down(&reading);
  return reading.status;
}
