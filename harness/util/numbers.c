/* numbers.c - see numbers.h. */
#include "util/numbers.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* `digits` begins with n digits that are to be grouped; what follows them is taken over. */
static const char *grouped(const char *digits, int n, char text[SF_NUMBER_TEXT]) {
  char *to = text;
  for (int i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0) *to++ = ',';
    *to++ = digits[i];
  }
  strcpy(to, digits + n);
  return text;
}

const char *sf_count_text(uint64_t value, char text[SF_NUMBER_TEXT]) {
  char digits[24];
  return grouped(digits, snprintf(digits, sizeof digits, "%llu", (unsigned long long)value), text);
}

const char *sf_number_text(double x, int digits, char text[SF_NUMBER_TEXT]) {
  char plain[SF_NUMBER_TEXT];
  if (!isfinite(x) || fabs(x) >= 1e30) return strcpy(text, !isfinite(x) ? "-" : x > 0 ? "over 10^30" : "under -10^30");
  const int before = x == 0 ? 0 : (int)floor(log10(fabs(x))), wanted = digits - 1 - before;
  const int after = wanted < 0 ? 0 : wanted > 15 ? 15 : wanted;
  snprintf(plain, sizeof plain, "%.*f", after, fabs(x));
  if (after) {
    char *end = plain + strlen(plain);
    while (end[-1] == '0') *--end = '\0';
    if (end[-1] == '.') *--end = '\0';
  }
  const bool negative = x < 0 && strcmp(plain, "0") != 0;
  if (negative) *text = '-';
  grouped(plain, (int)strcspn(plain, "."), text + negative);
  return text;
}
