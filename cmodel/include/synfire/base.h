/* base.h - error codes, messages and bit helpers shared by every synfire library file.
 *
 * Every call that can fail returns sf_err and must be checked; a call that fails has changed nothing.
 * A call that takes an `sf_msg *` fills it with one line (no newline) naming the file or field and the allowed
 * range; the caller owns it, and NULL is allowed where the text is not wanted. */
#ifndef SYNFIRE_BASE_H
#define SYNFIRE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sf_err {
  SF_OK = 0,
  SF_EINVAL,  /* a value outside its documented range */
  SF_EFORMAT, /* a file that is not what it should be: truncated, wrong shape, wrong type */
  SF_EIO,     /* the operating system refused: missing file, no permission, disk full */
  SF_ENOMEM,  /* out of memory */
  SF_ETOOL,   /* an external tool is missing or failed */
  SF_EFAIL    /* a check did not hold: a mismatch, a missed target */
} sf_err;

#if defined(__GNUC__)
#define SF_MUST_CHECK __attribute__((warn_unused_result))
#define SF_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define SF_MUST_CHECK
#define SF_PRINTF(fmt, args)
#endif

#define SF_MAX_TICK 2147483647u /* the last tick a file can name, and the most ticks a sample can have, everywhere */

typedef struct sf_msg {
  char text[512];
} sf_msg;

/* sf_fail() - write one line into msg (NULL allowed) and hand err back, so that `return sf_fail(...)` reads well. */
sf_err sf_fail(sf_msg *msg, sf_err err, const char *fmt, ...) SF_PRINTF(3, 4);

/* sf_sat() - clamp x to n-bit two's complement, 1 <= n <= 62. */
static inline int64_t sf_sat(int64_t x, unsigned n) {
  const int64_t hi = ((int64_t)1 << (n - 1)) - 1, lo = -hi - 1;
  return x > hi ? hi : x < lo ? lo : x;
}

/* sf_sext() - read the low n bits of x as two's complement, 1 <= n <= 32. */
static inline int32_t sf_sext(uint32_t x, unsigned n) {
  const uint32_t sign = (uint32_t)1 << (n - 1);
  const uint32_t low = n == 32 ? x : x & ((sign << 1) - 1);
  return (int32_t)((low ^ sign) - sign);
}

/* sf_clog2() - the number of bits that count 0 .. n-1; 0 for n <= 1. Equals Verilog's $clog2. */
static inline unsigned sf_clog2(uint32_t n) {
  unsigned bits = 0;
  while (bits < 32 && ((uint64_t)1 << bits) < n) bits++;
  return bits;
}

#endif
