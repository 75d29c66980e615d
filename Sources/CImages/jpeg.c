#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// One decompression with all the library calls back into. `base` is its error manager and comes first, so
// that the library's pointer to it is a pointer to the whole.
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  cimages_status status;
  char *message;
  struct jpeg_decompress_struct decompressor;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
} jpeg_reading;

// A scan costs a pass over all coefficients, whatever little it holds. Encoders write about ten: as many as
// `plain_scan_count` are read of an image of any size, more only of images so small that all passes together are over
// no more pixels than `scanned_limit`, which takes less than a second.
enum { plain_scan_count = 32, scan_limit = 500, scanned_limit = 100000000 };

static void format_message(j_common_ptr common, jpeg_reading *reading) {
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  snprintf(reading->message, cimages_message_size, "%s", text);
}

static _Noreturn void fail(j_common_ptr common) {
  jpeg_reading *reading = (jpeg_reading *)common->err;
  format_message(common, reading);
  switch (common->err->msg_code) {
  case JERR_OUT_OF_MEMORY: reading->status = cimages_out_of_memory; break;
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL: reading->status = cimages_unsupported; break;
  default: reading->status = cimages_malformed;
  }
  longjmp(reading->escape, 1);
}

// The library invents pixels for damaged entropy-coded data and goes on with a warning; we stop. Its other
// warnings (stray bytes between segments, odd APP markers) change no pixel.
static void judge_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC: fail(common);
  default: common->err->num_warnings += 1;
  }
}

static void stay_silent(j_common_ptr common) { (void)common; }

static void watch_scans(j_common_ptr common) {
  jpeg_reading *reading = (jpeg_reading *)common->err;
  uint64_t scans = (uint64_t)reading->decompressor.input_scan_number;
  uint64_t pixels = (uint64_t)reading->decompressor.image_width * reading->decompressor.image_height;
  uint64_t limit = scanned_limit / (pixels + 1);
  if (limit < plain_scan_count) limit = plain_scan_count;
  if (limit > scan_limit) limit = scan_limit;
  if (scans <= limit) return;
  snprintf(reading->message, cimages_message_size, "more than %d scans", (int)limit);
  reading->status = cimages_malformed;
  longjmp(reading->escape, 1);
}

static void do_nothing(j_decompress_ptr decompressor) { (void)decompressor; }

// All bytes were there from the start, so wanting more means that they end too early: the decoder suspends.
static boolean suspend(j_decompress_ptr decompressor) {
  (void)decompressor;
  return FALSE;
}

static void skip(j_decompress_ptr decompressor, long count) {
  struct jpeg_source_mgr *source = decompressor->src;
  size_t step = count < 0 ? 0 : (size_t)count;
  if (step > source->bytes_in_buffer) step = source->bytes_in_buffer;
  source->next_input_byte += step;
  source->bytes_in_buffer -= step;
}

static void set_up(jpeg_reading *reading, const uint8_t *bytes, size_t count) {
  j_decompress_ptr decompressor = &reading->decompressor;
  jpeg_create_decompress(decompressor);
  reading->source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = do_nothing,
      .fill_input_buffer = suspend,
      .skip_input_data = skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = do_nothing,
  };
  decompressor->src = &reading->source;
  reading->progress.progress_monitor = watch_scans;
  decompressor->progress = &reading->progress;
}

static void set_up_errors(jpeg_reading *reading, char *message) {
  memset(reading, 0, sizeof *reading);
  message[0] = 0;
  reading->message = message;
  reading->decompressor.err = jpeg_std_error(&reading->base);
  reading->base.error_exit = fail;
  reading->base.emit_message = judge_message;
  reading->base.output_message = stay_silent;
}

static cimages_status truncated(const jpeg_reading *reading) {
  snprintf(
      reading->message, cimages_message_size, "the bytes end at row %u of %u",
      reading->decompressor.output_scanline, reading->decompressor.image_height);
  return cimages_truncated;
}

static cimages_status read_header(jpeg_reading *reading) {
  j_decompress_ptr decompressor = &reading->decompressor;
  int outcome;
  do outcome = jpeg_read_header(decompressor, FALSE);
  while (outcome == JPEG_HEADER_TABLES_ONLY);
  if (outcome == JPEG_SUSPENDED) {
    snprintf(reading->message, cimages_message_size, "the bytes end inside the header");
    return cimages_truncated;
  }
  switch (decompressor->num_components) {
  case 1: decompressor->out_color_space = JCS_GRAYSCALE; return cimages_done;
  case 3: decompressor->out_color_space = JCS_RGB; return cimages_done;
  case 4: decompressor->out_color_space = JCS_CMYK; return cimages_done;
  default:
    snprintf(
        reading->message, cimages_message_size, "%d color components", decompressor->num_components);
    return cimages_unsupported;
  }
}

static cimages_status read_rows(jpeg_reading *reading, const cimages_header *header, uint8_t *pixels) {
  j_decompress_ptr decompressor = &reading->decompressor;
  if (!jpeg_start_decompress(decompressor)) return truncated(reading);
  if (decompressor->output_width != header->width || decompressor->output_height != header->height
      || (uint32_t)decompressor->output_components != header->samples) {
    snprintf(reading->message, cimages_message_size, "the size changes while decoding");
    return cimages_malformed;
  }
  size_t stride = (size_t)header->width * header->samples;
  while (decompressor->output_scanline < decompressor->output_height) {
    JSAMPROW row = pixels + stride * decompressor->output_scanline;
    if (jpeg_read_scanlines(decompressor, &row, 1) != 1) return truncated(reading);
  }
  return cimages_done;
}

cimages_status cimages_jpeg_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message) {
  jpeg_reading reading;
  set_up_errors(&reading, message);
  if (setjmp(reading.escape)) {
    jpeg_destroy_decompress(&reading.decompressor);
    return reading.status;
  }
  set_up(&reading, bytes, count);
  cimages_status status = read_header(&reading);
  memset(header, 0, sizeof *header);
  header->width = reading.decompressor.image_width;
  header->height = reading.decompressor.image_height;
  header->samples = (uint32_t)reading.decompressor.num_components;
  header->sample_size = 1;
  jpeg_destroy_decompress(&reading.decompressor);
  return status;
}

cimages_status cimages_jpeg_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  jpeg_reading reading;
  set_up_errors(&reading, message);
  if (setjmp(reading.escape)) {
    jpeg_destroy_decompress(&reading.decompressor);
    return reading.status;
  }
  set_up(&reading, bytes, count);
  cimages_status status = read_header(&reading);
  if (status == cimages_done) status = read_rows(&reading, header, pixels);
  jpeg_destroy_decompress(&reading.decompressor);
  return status;
}
