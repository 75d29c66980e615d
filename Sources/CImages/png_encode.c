#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
  char *message;
} png_writing;

static _Noreturn void fail(png_structp png, png_const_charp text) {
  png_writing *writing = png_get_error_ptr(png);
  snprintf(writing->message, cimages_message_size, "%s", text);
  png_longjmp(png, 1);
}

static void stay_silent(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void append(png_structp png, png_bytep source, size_t count) {
  png_writing *writing = png_get_io_ptr(png);
  if (count > writing->capacity - writing->count) {
    size_t capacity = 2 * writing->capacity + count + 4096;
    uint8_t *bytes = realloc(writing->bytes, capacity);
    if (!bytes) png_error(png, "out of memory");
    writing->bytes = bytes;
    writing->capacity = capacity;
  }
  memcpy(writing->bytes + writing->count, source, count);
  writing->count += count;
}

static void flush(png_structp png) { (void)png; }

static void write_image(
    png_structp png, png_infop info, const uint8_t *pixels, uint32_t width, uint32_t height) {
  png_set_IHDR(
      png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
      PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (size_t y = 0; y < height; y += 1) png_write_row(png, pixels + 3 * (size_t)width * y);
  png_write_end(png, NULL);
}

cimages_status cimages_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **encoded, size_t *encoded_count,
    char *message) {
  png_writing writing = {.message = message};
  message[0] = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writing, fail, stay_silent);
  if (!png) return cimages_out_of_memory;
  png_infop info = png_create_info_struct(png);
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return cimages_out_of_memory;
  }
  png_set_write_fn(png, &writing, append, flush);
  volatile cimages_status status = cimages_malformed;
  if (!setjmp(png_jmpbuf(png))) {
    write_image(png, info, pixels, width, height);
    status = cimages_done;
  }
  png_destroy_write_struct(&png, &info);
  if (status == cimages_done) {
    *encoded = writing.bytes;
    *encoded_count = writing.count;
  } else {
    free(writing.bytes);
  }
  return status;
}

void cimages_free(uint8_t *encoded) { free(encoded); }
