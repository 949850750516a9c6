/* text.h - text that grows while a page is written. One failed allocation is remembered and found at the end, so that
 * the lines that write the page need no checks between them. */
#ifndef SF_UTIL_TEXT_H
#define SF_UTIL_TEXT_H

#include "synfire/base.h"

typedef struct sf_text {
  char *s; /* always ends in a 0 byte once something was added; owned; free with sf_text_free() */
  size_t n, room;
  bool failed;
} sf_text;

/* sf_text_add() - printf at the end; the caller has escaped what needs it. */
void sf_text_add(sf_text *t, const char *fmt, ...) SF_PRINTF(2, 3);

/* sf_text_html() - text from outside: & < > " ' escaped, control characters left out. */
void sf_text_html(sf_text *t, const char *text);

/* sf_text_count() - a whole number with commas: 12,345. */
void sf_text_count(sf_text *t, uint64_t value);

/* sf_text_number() - any number, as sf_number_text() writes it. */
void sf_text_number(sf_text *t, double x, int digits);

void sf_text_free(sf_text *t);

/* sf_quoted() - an argument as a shell wants it; static storage, four at a time. */
const char *sf_quoted(const char *argument);

#endif
