#pragma once
#include <stddef.h>

/// One file of the catalog, as it stands in the repository.
struct catalog_file {
  const char *path;            // relative to the catalog's folder: "resnet50/model.json"
  const unsigned char *bytes;  // not NUL-terminated
  size_t count;
};

// All files, by path.
extern const struct catalog_file *const catalog_files;
extern const size_t catalog_file_count;
