#include "CCatalog.h"

const struct catalog_file catalog_files[] = {};
const size_t catalog_file_count = 0;
