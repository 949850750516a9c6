/* config_file.h - configurations (what is built) in JSON files, as in the folder configs.
 * Keys are the names of SF_PARAMS (params.h): numbers are integers, flags true, false, 1 or 0, choices their words; and
 * name, target (strings), clock_mhz_min (integer).
 * A key left out has its default; an unknown or repeated one is refused. */
#ifndef SYNFIRE_CONFIG_FILE_H
#define SYNFIRE_CONFIG_FILE_H

#include "synfire/base.h"
#include "synfire/params.h"

typedef struct sf_config {
  sf_params params;
  char name[64];          /* "" if the file has none */
  char target[32];        /* "" if the file has none */
  uint32_t clock_mhz_min; /* 1 .. 10000; 0 if the file has none */
} sf_config;

/* sf_config_read() - read and check a configuration; *out is written only on SF_OK. Messages start with the path. */
SF_MUST_CHECK sf_err sf_config_read(const char *path, sf_config *out, sf_msg *msg);

/* sf_config_parse() - the same from text of `length` bytes; `what` begins the messages. */
SF_MUST_CHECK sf_err sf_config_parse(const char *text, size_t length, const char *what, sf_config *out, sf_msg *msg);

/* sf_config_write() - write every parameter as JSON to a temporary file beside path, then rename it. */
SF_MUST_CHECK sf_err sf_config_write(const char *path, const sf_config *config, sf_msg *msg);

#endif
