/* text.c - see text.h. */
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/numbers.h"

static bool make_room(sf_text *t, size_t more) {
  if (t->failed) return false;
  if (t->n + more + 1 <= t->room) return true;
  size_t room = t->room ? t->room : 4096;
  while (room < t->n + more + 1) room *= 2;
  char *s = realloc(t->s, room);
  if (!s) {
    t->failed = true;
    return false;
  }
  t->s = s;
  t->room = room;
  return true;
}

static void append(sf_text *t, const char *s, size_t n) {
  if (!make_room(t, n)) return;
  memcpy(t->s + t->n, s, n);
  t->n += n;
  t->s[t->n] = '\0';
}

void sf_text_add(sf_text *t, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  va_list again;
  va_copy(again, args);
  const int n = vsnprintf(NULL, 0, fmt, args);
  if (n >= 0 && make_room(t, (size_t)n)) {
    vsnprintf(t->s + t->n, (size_t)n + 1, fmt, again);
    t->n += (size_t)n;
  }
  va_end(again);
  va_end(args);
}

void sf_text_html(sf_text *t, const char *text) {
  for (const char *c = text; *c; c++) {
    switch (*c) {
      case '&':
        append(t, "&amp;", 5);
        break;
      case '<':
        append(t, "&lt;", 4);
        break;
      case '>':
        append(t, "&gt;", 4);
        break;
      case '"':
        append(t, "&quot;", 6);
        break;
      case '\'':
        append(t, "&#39;", 5);
        break;
      default:
        if ((unsigned char)*c >= 0x20 || *c == '\n') append(t, c, 1);
    }
  }
}

void sf_text_count(sf_text *t, uint64_t value) {
  char text[SF_NUMBER_TEXT];
  sf_text_add(t, "%s", sf_count_text(value, text));
}

void sf_text_number(sf_text *t, double x, int digits) {
  char text[SF_NUMBER_TEXT];
  sf_text_add(t, "%s", sf_number_text(x, digits, text));
}

void sf_text_free(sf_text *t) {
  free(t->s);
  memset(t, 0, sizeof *t);
}

const char *sf_quoted(const char *argument) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:+=,";
  static char room[4][8192];
  static unsigned next;
  if (*argument && !argument[strspn(argument, plain)]) return argument;
  char *text = room[next++ % 4], *to = text;
  *to++ = '\'';
  for (const char *c = argument; *c && to < text + sizeof room[0] - 8; c++) {
    if (*c == '\'') to = stpcpy(to, "'\\'");
    *to++ = *c;
  }
  strcpy(to, "'");
  return text;
}
