#include "CImages.h"

#include <stdio.h>

#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>
#include <webp/decode.h>

#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

// libjpeg has no function that tells; its header does.
const char *cimages_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return TEXT(LIBJPEG_TURBO_VERSION) " (turbo)";
#else
  return TEXT(JPEG_LIB_VERSION);
#endif
}

const char *cimages_png_version(void) { return png_get_libpng_ver(NULL); }

// The library's own text goes on: "LIBTIFF, Version 4.5.0\nCopyright ...".
void cimages_tiff_version(char *text) {
  const char *whole = TIFFGetVersion();
  int start = 0, end = 0;
  while (whole[start] && (whole[start] < '0' || whole[start] > '9')) start += 1;
  for (end = start; whole[end] > ' ';) end += 1;
  snprintf(text, cimages_message_size, "%.*s", end - start, whole + start);
}

int cimages_webp_version(void) { return WebPGetDecoderVersion(); }
