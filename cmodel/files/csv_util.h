/* csv_util.h - whole numbers with commas between them, a row a line: spikes and weights in CSV files. */
#ifndef SYNFIRE_CSV_UTIL_H
#define SYNFIRE_CSV_UTIL_H

#include "synfire/base.h"

/* A text that is read line by line; begin with {text, NULL, 0}. It is changed on the way. */
typedef struct sf_csv {
  char *rest;    /* not read yet; NULL at the end */
  char *line;    /* without its comment and the blanks around it */
  size_t number; /* of the line, from 1 */
} sf_csv;

/* sf_csv_next() - the next line that holds anything but a comment, which # begins; false at the end. */
bool sf_csv_next(sf_csv *csv);

/* sf_csv_is_header() - is line these names ("tick,unit"), in any case and spacing? */
bool sf_csv_is_header(const char *line, const char *names);

typedef struct sf_csv_number {
  const char *text; /* within the line, `digits` characters with the sign */
  int digits;
  int64_t value; /* of more than 64 bits: INT64_MIN or INT64_MAX */
} sf_csv_number;

/* sf_csv_numbers() - the whole numbers of a line; how many, or 0 if it is anything else or holds more than most. */
int sf_csv_numbers(const char *line, int most, sf_csv_number *number);

/* sf_csv_range() - is it within lo .. hi? The message shows it as it was written. */
SF_MUST_CHECK sf_err sf_csv_range(const sf_csv_number *n, const char *where, const char *name, int64_t lo, int64_t hi,
                                  sf_msg *msg);

#endif
