/* version.h - the version of synfire: the one place where it stands. Makefile, package file and program take it from
 * here; the register VERSION of the RTL holds the same three numbers (tests/sim/test_library.c compares them).
 *
 * Semantic versioning: PATCH for repairs, MINOR for additions, MAJOR when something that worked may not any more. While
 * MAJOR is 0, a new MINOR may do that too; CHANGELOG.md says so. The shared library is libsynfire.so.MAJOR. */
#ifndef SYNFIRE_VERSION_H
#define SYNFIRE_VERSION_H

#include "synfire/base.h"

#define SF_VERSION_MAJOR 0
#define SF_VERSION_MINOR 1
#define SF_VERSION_PATCH 0

/* As the register holds it, a byte each; for `#if SF_VERSION_NUMBER >= 0x000200`. */
#define SF_VERSION_NUMBER (SF_VERSION_MAJOR << 16 | SF_VERSION_MINOR << 8 | SF_VERSION_PATCH)

/* sf_version() - of the library that was linked or loaded, "MAJOR.MINOR.PATCH"; the macros are those of the headers.
 * number (NULL allowed) receives its SF_VERSION_NUMBER. The text is static. */
const char *sf_version(uint32_t *number);

#endif
