// A file system that takes its time: every opening of an image for reading takes MILLISECONDS (20 unless the environment says
// otherwise) longer. For LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static void take_time(const char *path) {
  const char *dot = path ? strrchr(path, '.') : NULL;
  if (!dot || (strcmp(dot, ".jpg") && strcmp(dot, ".jpeg") && strcmp(dot, ".png"))) return;
  const char *text = getenv("MILLISECONDS");
  long wait = text ? atol(text) : 20;
  struct timespec pause = {wait / 1000, wait % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

#define OPENING(name)                                                                             \
  int name(const char *path, int flags, ...) {                                                   \
    static int (*next)(const char *, int, ...);                                                  \
    if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name);                  \
    mode_t mode = 0;                                                                             \
    if (flags & O_CREAT) {                                                                       \
      va_list arguments;                                                                         \
      va_start(arguments, flags);                                                                \
      mode = va_arg(arguments, mode_t);                                                          \
      va_end(arguments);                                                                         \
    } else {                                                                                     \
      take_time(path);                                                                           \
    }                                                                                            \
    return next(path, flags, mode);                                                              \
  }

OPENING(open)
OPENING(open64)
