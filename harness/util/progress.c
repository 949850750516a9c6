/* progress.c - see progress.h. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include "util/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/numbers.h"

#define QUIET_SECONDS 1.0 /* work shorter than this shows nothing */
#define DRAW_SECONDS 0.1  /* between two drawings */
#define LOOK_SECONDS 0.02 /* aimed at between two looks at the clock */
#define LABEL_COLUMNS 26  /* bars of successive pieces of work line up */

static bool silenced;

static bool terminal(void) {
  const char *term = getenv("TERM");
  return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

static int columns(void) {
  struct winsize w;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

static bool utf8(void) {
  const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < 3; i++) {
    const char *value = getenv(names[i]);
    if (value && *value) return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8");
  }
  return false;
}

static void duration(double seconds, char *text, size_t size) {
  const long s = seconds < 0 ? 0 : (long)(seconds + 0.5);
  if (s < 60) snprintf(text, size, "%ld s", s);
  else if (s < 3600) snprintf(text, size, "%ld min %02ld s", s / 60, s % 60);
  else snprintf(text, size, "%ld h %02ld min", s / 3600, s / 60 % 60);
}

static void draw(sf_progress *p, double t) {
  const int room = columns() - 1; /* never touch the last column: some terminals wrap there */
  char tail[256], time_text[32], done_text[SF_NUMBER_TEXT], total_text[SF_NUMBER_TEXT];
  const double elapsed = t - p->start;
  double share = 0;
  if (p->total) {
    share = (double)(p->done < p->total ? p->done : p->total) / (double)p->total;
    sf_count_text(p->done, done_text);
    sf_count_text(p->total, total_text);
    if (p->done > 0) duration(elapsed / share - elapsed, time_text, sizeof time_text);
    snprintf(tail, sizeof tail, " %3d %%  %s of %s%s%s%s", (int)(share * 100), done_text, total_text,
             p->done ? ", " : "", p->done ? time_text : "", p->done ? " left" : "");
  } else {
    duration(elapsed, time_text, sizeof time_text);
    if (p->done) sf_count_text(p->done, done_text);
    snprintf(tail, sizeof tail, " %s%s%s", p->done ? done_text : "", p->done ? ", " : "", time_text);
  }
  char line[1024];
  size_t used = 0;
  const int label = (int)strlen(p->what);
  used += (size_t)snprintf(line, sizeof line, "%-*.*s", label < LABEL_COLUMNS ? LABEL_COLUMNS : label, room, p->what);
  int left = room - (int)used;
  const int bar = left - (int)strlen(tail) - 4 < 30 ? left - (int)strlen(tail) - 4 : 30;
  if (p->total && bar >= 8) {
    const char *full = utf8() ? "\xe2\x96\x88" : "#", *empty = utf8() ? "\xe2\x96\x91" : ".";
    line[used++] = ' ';
    for (int i = 0; i < bar; i++) {
      const char *cell = i < (int)(share * bar + 0.5) ? full : empty;
      memcpy(line + used, cell, strlen(cell));
      used += strlen(cell);
    }
    left -= bar + 1;
  }
  const int shown = (int)strlen(tail) < left ? (int)strlen(tail) : left;
  used += (size_t)snprintf(line + used, sizeof line - used, "%.*s", shown > 0 ? shown : 0, tail);
  left -= shown;
  if (p->note[0] && left > 3) used += (size_t)snprintf(line + used, sizeof line - used, "  %.*s", left - 2, p->note);
  fprintf(stderr, "\r%.*s\033[K", (int)used, line);
  fflush(stderr);
  p->shown = true;
  p->last_draw = t;
}

void sf_progress_silence(bool silent) { silenced = silent; }

void sf_progress_start(sf_progress *p, const char *what, uint64_t total) {
  memset(p, 0, sizeof *p);
  p->what = what;
  p->total = total;
  p->enabled = !silenced && terminal();
  p->next = p->enabled ? 1 : UINT64_MAX;
  p->start = p->last_look = p->enabled ? sf_seconds_now() : 0;
}

void sf_progress_look(sf_progress *p) {
  if (!p->enabled) return;
  const double t = sf_seconds_now();
  /* Aim the next look LOOK_SECONDS ahead at the rate seen since the last one, and never more than double the
   * distance: work that slows down is noticed soon enough. */
  const uint64_t moved = p->done > p->looked ? p->done - p->looked : 0;
  const double spent = t - p->last_look;
  double ahead = spent > 0 ? (double)moved / spent * LOOK_SECONDS : 2.0 * (double)moved;
  if (ahead > 2.0 * (double)moved) ahead = 2.0 * (double)moved;
  p->next = p->done + (ahead < 1 ? 1 : (uint64_t)ahead);
  p->looked = p->done;
  p->last_look = t;
  if (t - p->start >= QUIET_SECONDS && t - p->last_draw >= DRAW_SECONDS) draw(p, t);
}

void sf_progress_note(sf_progress *p, const char *note) { snprintf(p->note, sizeof p->note, "%s", note ? note : ""); }

void sf_progress_hide(sf_progress *p) {
  if (!p->shown) return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  p->shown = false;
  p->last_draw = 0;
}

void sf_progress_finish(sf_progress *p) {
  sf_progress_hide(p);
  p->enabled = false;
  p->next = UINT64_MAX;
}
