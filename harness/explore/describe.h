/* describe.h - what is in a file of any kind that synfire reads or writes. */
#ifndef SF_EXPLORE_DESCRIBE_H
#define SF_EXPLORE_DESCRIBE_H

#include "synfire/base.h"

struct cJSON;

/* sf_describe() - its kind and its numbers, into object o; one line that names the file where it cannot be read. */
SF_MUST_CHECK sf_err sf_describe(const char *path, struct cJSON *o, sf_msg *msg);

#endif
