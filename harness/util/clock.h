/* clock.h - how long something takes. */
#ifndef SF_UTIL_CLOCK_H
#define SF_UTIL_CLOCK_H

/* sf_seconds_now() - a clock that only goes forward. */
double sf_seconds_now(void);

#endif
