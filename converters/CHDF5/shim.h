#pragma once
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
// Where Debian and Ubuntu have it.
#include <hdf5/serial/hdf5.h>
#endif
#include <stdint.h>
#include <string.h>

// What Swift cannot import: values behind macros that call the library, and functions whose names are
// macros that depend on the library's version.

static inline hid_t chdf5_type_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_type_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_type_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_type_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_type_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t chdf5_type_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t chdf5_type_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t chdf5_type_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t chdf5_type_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t chdf5_type_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t chdf5_file_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_file_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_file_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_file_creation(void) { return H5P_FILE_CREATE; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline size_t chdf5_variable_length(void) { return H5T_VARIABLE; }
static inline haddr_t chdf5_no_address(void) { return HADDR_UNDEF; }

/// Turns the library's own printing off for the calling thread.
static inline void chdf5_be_silent(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

/// Takes no lock on the file: what is read needs none, what is written is its writer's to lock, and network file
/// systems refuse locks.
static inline herr_t chdf5_without_locking(hid_t access) {
#if H5_VERSION_GE(1, 10, 7)
  return H5Pset_file_locking(access, 0, 1);
#else
  return access < 0 ? -1 : 0;
#endif
}

struct chdf5_text {
  char *bytes;
  size_t count, capacity;
};

static inline herr_t chdf5_append_error(unsigned depth, const H5E_error2_t *error, void *data) {
  (void)depth;
  struct chdf5_text *text = (struct chdf5_text *)data;
  const char *message = error->desc ? error->desc : "";
  size_t length = strlen(message);
  size_t needed = length + (text->count ? 2 : 0);
  if (length == 0 || text->count + needed >= text->capacity) return 0;
  if (text->count) memcpy(text->bytes + text->count, "; ", 2);
  memcpy(text->bytes + text->count + needed - length, message, length);
  text->count += needed;
  text->bytes[text->count] = 0;
  return 0;
}

/// Writes the error stack's messages, innermost first, and clears it.
static inline void chdf5_take_errors(char *bytes, size_t capacity) {
  struct chdf5_text text = {bytes, 0, capacity};
  bytes[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, chdf5_append_error, &text);
  H5Eclear2(H5E_DEFAULT);
}

// What only the tests ask, which hold our own reader against the library.

/// What a link is: 0 hard, 1 soft, 2 external, 3 the user's own, -1 there is none.
static inline int chdf5_link_kind(hid_t group, const char *name) {
  if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return -1;
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
  switch (info.type) {
    case H5L_TYPE_HARD: return 0;
    case H5L_TYPE_SOFT: return 1;
    case H5L_TYPE_EXTERNAL: return 2;
    default: return 3;
  }
}

struct chdf5_visitor {
  int (*visit)(const char *name, void *context);
  void *context;
};

static inline herr_t chdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  (void)group;
  (void)info;
  struct chdf5_visitor *visitor = (struct chdf5_visitor *)data;
  return visitor->visit(name, visitor->context);
}

/// Calls `visit` with every link's name, in the file's own order, until it returns something else than 0.
static inline herr_t chdf5_each_link(hid_t group, int (*visit)(const char *, void *), void *context) {
  struct chdf5_visitor visitor = {visit, context};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, chdf5_visit_link, &visitor);
}

static inline herr_t chdf5_visit_attribute(hid_t owner, const char *name, const H5A_info_t *info, void *data) {
  (void)owner;
  (void)info;
  struct chdf5_visitor *visitor = (struct chdf5_visitor *)data;
  return visitor->visit(name, visitor->context);
}

/// The same with every attribute's name.
static inline herr_t chdf5_each_attribute(hid_t owner, int (*visit)(const char *, void *), void *context) {
  struct chdf5_visitor visitor = {visit, context};
  return H5Aiterate2(owner, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, chdf5_visit_attribute, &visitor);
}

/// Gives back what the library allocated for variable-length strings.
static inline herr_t chdf5_reclaim(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
  return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}
