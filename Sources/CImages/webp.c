#include "CImages.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

static cimages_status judge(VP8StatusCode code, char *message) {
  static const char *const words[] = {
      "",
      "more memory needed than there is",
      "a setting that the decoder does not know",
      "the image data breaks the rules of its format",
      "a feature that the decoder does not know",
      "the bytes end before the image does",
      "decoding was stopped",
      "the bytes end before the image does",
  };
  size_t number = (size_t)code;
  if (code != VP8_STATUS_OK)
    snprintf(
        message, cimages_message_size, "%s",
        number < sizeof words / sizeof *words ? words[number] : "an error that the decoder does not name");
  switch (code) {
  case VP8_STATUS_OK: return cimages_done;
  case VP8_STATUS_OUT_OF_MEMORY: return cimages_out_of_memory;
  case VP8_STATUS_UNSUPPORTED_FEATURE: return cimages_unsupported;
  case VP8_STATUS_SUSPENDED:
  case VP8_STATUS_NOT_ENOUGH_DATA: return cimages_truncated;
  default: return cimages_malformed;
  }
}

static cimages_status malformed(char *message, const char *text) {
  snprintf(message, cimages_message_size, "%s", text);
  return cimages_malformed;
}

// The first four bytes of a file, `RIFF`, are followed by how many there are after the next.
static cimages_status check_length(const uint8_t *bytes, size_t count, char *message) {
  if (count < 12) {
    snprintf(message, cimages_message_size, "the bytes end inside the header");
    return cimages_truncated;
  }
  uint64_t promised = 8
      + ((uint64_t)bytes[4] | (uint64_t)bytes[5] << 8 | (uint64_t)bytes[6] << 16 | (uint64_t)bytes[7] << 24);
  if (promised <= count) return cimages_done;
  snprintf(
      message, cimages_message_size, "%zu of %llu bytes are here", count, (unsigned long long)promised);
  return cimages_truncated;
}

static cimages_status features(
    const uint8_t *bytes, size_t count, WebPBitstreamFeatures *found, char *message) {
  message[0] = 0;
  cimages_status status = check_length(bytes, count, message);
  return status == cimages_done ? judge(WebPGetFeatures(bytes, count, found), message) : status;
}

cimages_status cimages_webp_header(
    const uint8_t *bytes, size_t count, cimages_header *header, char *message) {
  WebPBitstreamFeatures found;
  memset(header, 0, sizeof *header);
  cimages_status status = features(bytes, count, &found, message);
  if (status != cimages_done) return status;
  header->width = (uint32_t)found.width;
  header->height = (uint32_t)found.height;
  header->samples = 3;
  header->sample_size = 1;
  header->has_more = found.has_animation != 0;
  return cimages_done;
}

static cimages_status read_still(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return malformed(message, "another version of libwebp than at build time");
  size_t stride = 3 * (size_t)header->width;
  if (stride > INT_MAX) return malformed(message, "a row is too long");
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size = stride * header->height;
  VP8StatusCode code = WebPDecode(bytes, count, &config);
  WebPFreeDecBuffer(&config.output);
  return judge(code, message);
}

// The first frame of an animation on its canvas, without alpha.
static cimages_status read_first_frame(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  WebPAnimDecoderOptions options;
  if (!WebPAnimDecoderOptionsInit(&options))
    return malformed(message, "another version of libwebp than at build time");
  options.color_mode = MODE_RGBA;
  options.use_threads = 0;
  WebPData data = {.bytes = bytes, .size = count};
  WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
  if (!decoder) return malformed(message, "the frames of the animation break the rules of their format");
  WebPAnimInfo info;
  uint8_t *canvas = NULL;
  int time = 0;
  cimages_status status = cimages_done;
  if (!WebPAnimDecoderGetInfo(decoder, &info) || info.canvas_width != header->width
      || info.canvas_height != header->height)
    status = malformed(message, "the size changes while decoding");
  else if (!WebPAnimDecoderGetNext(decoder, &canvas, &time))
    status = malformed(message, "the first frame of the animation cannot be decoded");
  else
    for (size_t i = 0; i < (size_t)header->width * header->height; i += 1)
      memcpy(pixels + 3 * i, canvas + 4 * i, 3);
  WebPAnimDecoderDelete(decoder);
  return status;
}

cimages_status cimages_webp_decode(
    const uint8_t *bytes, size_t count, const cimages_header *header, uint8_t *pixels, char *message) {
  WebPBitstreamFeatures found;
  cimages_status status = features(bytes, count, &found, message);
  if (status != cimages_done) return status;
  if ((uint32_t)found.width != header->width || (uint32_t)found.height != header->height)
    return malformed(message, "the size changes while decoding");
  return found.has_animation ? read_first_frame(bytes, count, header, pixels, message)
                             : read_still(bytes, count, header, pixels, message);
}
