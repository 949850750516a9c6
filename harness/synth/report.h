/* report.h - the result of a synthesis run as JSON, as Markdown, and as a few lines for the terminal. */
#ifndef SF_HARNESS_SYNTH_REPORT_H
#define SF_HARNESS_SYNTH_REPORT_H

#include "synth/flow.h"

/* sf_synth_json(), sf_synth_markdown(), sf_synth_summary() - the text, which the caller frees; NULL when out of memory.
 * They hold no path and no time, so that the same run writes the same text. `verdict` is NULL, or why the run
 * failed. */
char *sf_synth_json(const sf_synth_job *job, const sf_synth_result *r, const char *verdict);
char *sf_synth_markdown(const sf_synth_job *job, const sf_synth_result *r, const char *verdict);
char *sf_synth_summary(const sf_synth_job *job, const sf_synth_result *r);

#endif
