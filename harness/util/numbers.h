/* numbers.h - numbers as people read them: digits in groups of three, never an exponent. */
#ifndef SF_UTIL_NUMBERS_H
#define SF_UTIL_NUMBERS_H

#include <stdint.h>

enum { SF_NUMBER_TEXT = 64 };

/* sf_count_text() - a whole number: 12,345. Returns text. */
const char *sf_count_text(uint64_t value, char text[SF_NUMBER_TEXT]);

/* sf_number_text() - any number, rounded to `digits` significant ones, but never before the point: 398,765,432;
 * 0.000012. "-" for what is no number. Returns text. */
const char *sf_number_text(double x, int digits, char text[SF_NUMBER_TEXT]);

#endif
