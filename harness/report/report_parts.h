/* report_parts.h - the parts of the page that report.c puts together. */
#ifndef SF_HARNESS_REPORT_PARTS_H
#define SF_HARNESS_REPORT_PARTS_H

#include "report/report.h"
#include "util/text.h"

/* sf_report_unit() - what a sample is called. */
static inline const char *sf_report_unit(const sf_report *r) { return r->unit ? r->unit : "sample"; }

/* sf_report_add_sample() - the film strip (a picture of every layer in every tick) and the raster. */
void sf_report_add_sample(sf_text *t, const sf_report *r);

/* sf_report_add_confusion() - a table of label against answer. */
void sf_report_add_confusion(sf_text *t, const sf_report *r);

/* sf_report_add_synth() - utilisation, clock and critical path of the synthesis results, one section each, and the
 * versions of the tools that made them. SF_EIO or SF_EFORMAT for a file that is none. */
SF_MUST_CHECK sf_err sf_report_add_synth(sf_text *t, const sf_report *r, sf_msg *msg);

#endif
