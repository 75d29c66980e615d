#include "tiff_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void note(tiff_reading *reading, const char *format, va_list values) {
  if (reading->status != cimages_done) return;
  reading->status = cimages_malformed;
  vsnprintf(reading->message, cimages_message_size, format, values);
}

cimages_status cimages_tiff_stop(tiff_reading *reading, cimages_status status, const char *format, ...) {
  if (reading->status != cimages_done) return reading->status;
  va_list values;
  va_start(values, format);
  note(reading, format, values);
  va_end(values);
  return reading->status = status;
}

static int take_error(TIFF *tiff, void *user, const char *module, const char *format, va_list values) {
  (void)tiff, (void)module;
  note(user, format, values);
  return 1;
}

// The decoders of fax and JPEG data invent pixels where data is damaged, and warn; we stop.
static int take_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list values) {
  (void)tiff;
  tiff_reading *reading = user;
  int invents = module && (strncmp(module, "Fax", 3) == 0 || strncmp(module, "JPEG", 4) == 0);
  if (reading->is_decoding && invents) note(reading, format, values);
  return 1;
}

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t size) {
  tiff_reading *reading = handle;
  uint64_t left = reading->position < reading->count ? reading->count - reading->position : 0;
  uint64_t wanted = size > 0 ? (uint64_t)size : 0;
  if (wanted > left) reading->ran_out = 1;
  uint64_t step = wanted < left ? wanted : left;
  if (step) memcpy(target, reading->bytes + reading->position, step);
  reading->position += step;
  return (tmsize_t)step;
}

static tmsize_t write_bytes(thandle_t handle, void *source, tmsize_t size) {
  (void)handle, (void)source, (void)size;
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
  tiff_reading *reading = handle;
  if (origin == SEEK_SET) reading->position = offset;
  else if (origin == SEEK_CUR) reading->position += offset;
  else reading->position = reading->count + offset;
  if (reading->position > reading->count) reading->ran_out = 1;
  return reading->position;
}

static int close_bytes(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size_of(thandle_t handle) { return ((tiff_reading *)handle)->count; }

// Reads the first directory. Lists of strips are read as they are needed: a file may claim any number.
TIFF *cimages_tiff_open(tiff_reading *reading, const uint8_t *bytes, size_t count, char *message) {
  message[0] = 0;
  *reading = (tiff_reading){.bytes = bytes, .count = count, .message = message};
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) {
    cimages_tiff_stop(reading, cimages_out_of_memory, "out of memory");
    return NULL;
  }
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, cimages_tiff_block_limit);
  TIFFOpenOptionsSetErrorHandlerExtR(options, take_error, reading);
  TIFFOpenOptionsSetWarningHandlerExtR(options, take_warning, reading);
  TIFF *tiff = TIFFClientOpenExt(
      "image", "rmO", reading, read_bytes, write_bytes, seek, close_bytes, size_of, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  if (!tiff) cimages_tiff_stop(reading, cimages_malformed, "its directory cannot be read");
  return tiff;
}

cimages_status cimages_tiff_close(tiff_reading *reading, TIFF *tiff) {
  if (tiff) TIFFClose(tiff);
  int is_defect = reading->status == cimages_malformed || reading->status == cimages_unsupported;
  if (is_defect && reading->ran_out) {
    reading->status = cimages_truncated;
    snprintf(reading->message, cimages_message_size, "the bytes end before the image does");
  }
  return reading->status;
}
