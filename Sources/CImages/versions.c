#include "CImages.h"

#include <stdio.h>

#include <jpeglib.h>
#include <png.h>

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
