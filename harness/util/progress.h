/* progress.h - one progress line on the terminal for work that takes longer than a second.
 *
 *   sf_progress bar;
 *   sf_progress_start(&bar, "digits on the model", 10000);
 *   for (i = 0; i < 10000; i++) { work(i); sf_progress_step(&bar, i + 1); }
 *   sf_progress_finish(&bar);
 *
 * Drawn on standard error, only where that is a terminal, only after the first second, at most ten times a second;
 * in a pipe, with TERM=dumb, or after sf_progress_silence(true) nothing is written at all. The line is erased when
 * the work ends, so the program's own output stays what it would be without it. One thread, one bar at a time:
 * a bar started while another is shown draws over it. Nothing is allocated; `what` must outlive the bar. */
#ifndef SF_UTIL_PROGRESS_H
#define SF_UTIL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sf_progress {
  const char *what;
  uint64_t total; /* 0: not known, elapsed time is shown instead of a bar */
  uint64_t done;
  uint64_t next;                      /* look at the clock again when done reaches this */
  uint64_t looked;                    /* done when the clock was looked at last */
  double start, last_look, last_draw; /* seconds on the monotonic clock */
  bool enabled, shown;
  char note[80];
} sf_progress;

/* sf_progress_silence() - true: no bar started from now on draws anything (for --json and --quiet). */
void sf_progress_silence(bool silent);

/* sf_progress_start() - begin work of `total` steps; total 0 when nobody knows. */
void sf_progress_start(sf_progress *p, const char *what, uint64_t total);

/* sf_progress_look() - the slow half of sf_progress_step(); call it directly where every call is rare. */
void sf_progress_look(sf_progress *p);

/* sf_progress_step() - `done` steps of the total are done. One comparison, nearly always. */
static inline void sf_progress_step(sf_progress *p, uint64_t done) {
  p->done = done;
  if (done >= p->next) sf_progress_look(p);
}

/* sf_progress_pulse() - still alive, no step finished: for waiting on another program, a few times a second. */
static inline void sf_progress_pulse(sf_progress *p) { sf_progress_look(p); }

/* sf_progress_note() - a short text shown behind the bar from now on, such as the loss of the last epoch; it is
 * copied (79 characters at most). NULL or "" removes it. */
void sf_progress_note(sf_progress *p, const char *note);

/* sf_progress_hide() - erase the line, so that a message can be printed; the next draw shows it again. */
void sf_progress_hide(sf_progress *p);

/* sf_progress_finish() - erase the line; the bar may be started again. Harmless when called twice. */
void sf_progress_finish(sf_progress *p);

#endif
