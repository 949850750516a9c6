/* csv_util.c - see csv_util.h. */
#include "files/csv_util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r"

bool sf_csv_next(sf_csv *csv) {
  while (csv->rest != NULL) {
    char *line = csv->rest, *end = strchr(line, '\n');
    csv->rest = end != NULL ? end + 1 : NULL;
    csv->number++;
    if (end != NULL) *end = '\0';
    line[strcspn(line, "#")] = '\0';
    line += strspn(line, BLANKS);
    size_t n = strlen(line);
    while (n > 0 && strchr(BLANKS, line[n - 1]) != NULL) n--;
    line[n] = '\0';
    csv->line = line;
    if (n > 0) return true;
  }
  return false;
}

bool sf_csv_is_header(const char *line, const char *names) {
  for (; *line != '\0'; line++) {
    if (strchr(BLANKS, *line) != NULL) continue;
    if (tolower((unsigned char)*line) != *names) return false; /* also at the end of names */
    names++;
  }
  return *names == '\0';
}

int sf_csv_numbers(const char *line, int most, sf_csv_number *number) {
  for (int n = 0; n < most; n++) {
    line += strspn(line, BLANKS);
    const size_t sign = *line == '-', digits = strspn(line + sign, "0123456789");
    if (digits == 0 || digits > 1000) return 0;
    number[n] = (sf_csv_number){line, (int)(sign + digits), strtoll(line, NULL, 10)};
    line += sign + digits;
    line += strspn(line, BLANKS);
    if (*line == '\0') return n + 1;
    if (*line != ',') return 0;
    line++;
  }
  return 0;
}

sf_err sf_csv_range(const sf_csv_number *n, const char *where, const char *name, int64_t lo, int64_t hi, sf_msg *msg) {
  if (n->value >= lo && n->value <= hi) return SF_OK;
  const int shown = n->digits < 40 ? n->digits : 40;
  return sf_fail(msg, SF_EINVAL, "%s: %s = %.*s%s: must be %lld .. %lld", where, name, shown, n->text,
                 shown < n->digits ? "..." : "", (long long)lo, (long long)hi);
}
