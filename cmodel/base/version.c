/* version.c - see version.h. */
#include "synfire/version.h"

#define TEXT(x) #x
#define DOTTED(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *sf_version(uint32_t *number) {
  if (number != NULL) *number = SF_VERSION_NUMBER;
  return DOTTED(SF_VERSION_MAJOR, SF_VERSION_MINOR, SF_VERSION_PATCH);
}
