/* demo_page.h - the page of `synfire demo` and `synfire report`: what has been found, put into a report. */
#ifndef SF_REPORT_DEMO_PAGE_H
#define SF_REPORT_DEMO_PAGE_H

#include "files/config_file.h"
#include "report/report.h"
#include "run/crosscheck.h"
#include "run/evaluate.h"
#include "util/paths.h"

/* What a page is made of: filled step by step, NULL and 0 where a step was left out. */
typedef struct sf_demo_page {
  const char *title, *unit, *net_path, *spikes_path, *config_path; /* as the reader should see them */
  const sf_network *net;
  const sf_spikes *in;
  const sf_params *config;
  const sf_evaluation *model;
  const sf_crosscheck *rtl;
  const char *synth_json;
  size_t sample; /* the one shown in detail */
} sf_demo_page;

/* sf_demo_page_write() - trace the sample and write the report. */
SF_MUST_CHECK sf_err sf_demo_page_write(const sf_demo_page *page, const char *path, sf_msg *msg);

#endif
