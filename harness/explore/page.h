/* page.h - the frame of the pages that `synfire explore` writes. */
#ifndef SF_HARNESS_EXPLORE_PAGE_H
#define SF_HARNESS_EXPLORE_PAGE_H

#include <cjson/cJSON.h>

#include "synfire/base.h"

/* sf_page_write() - a page with data (JSON text) in it, of a kind that explore/page.js knows: "sweep" or
 * "projection". */
SF_MUST_CHECK sf_err sf_page_write(const char *path, const char *kind, const char *title, const char *json,
                                   sf_msg *msg);

#endif
