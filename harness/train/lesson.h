/* lesson.h - what `synfire train` does with the digits: learn, round to the hardware's integers, test, write. */
#ifndef SF_TRAIN_LESSON_H
#define SF_TRAIN_LESSON_H

#include "train/integer.h"

struct sf_lesson {
  const char *data, *out, *spikes; /* NULL: the shipped folder; not written */
  uint64_t seed;
  uint32_t epochs, threads, hold_out, weight_bits;
  /* results */
  uint32_t count; /* digits learned */
  int ticks;
  double seconds;
  struct sf_integer_score score; /* on the test digits, or on those held out */
};

/* sf_lesson_run() - one line on error, and nothing half-written. */
SF_MUST_CHECK sf_err sf_lesson_run(struct sf_lesson *lesson, sf_msg *msg);

#endif
