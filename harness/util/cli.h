/* cli.h - options of a verb: one table, from which parsing, --help and error lines follow.
 *
 *     const sf_option options[] = {
 *         {"spikes", SF_OPT_IN, &spikes, "FILE", "input spikes (HDF5 or CSV)"},
 *         {"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"},
 *         {0}};
 *     const sf_cli cli = {"run", "NET --spikes FILE [options]", "run a network", options, 1, 1};
 *     if (sf_cli_parse(&cli, argc, argv, positional, &n, &status)) return status;       --help and errors end here
 *
 * Written `--name value` or `--name=value`; a name in the table without dashes is meant with two. */
#ifndef SF_UTIL_CLI_H
#define SF_UTIL_CLI_H

#include "synfire/base.h"

struct cJSON;

typedef enum sf_option_kind {
  SF_OPT_FLAG,  /* bool: true when given */
  SF_OPT_TEXT,  /* const char *: points into argv */
  SF_OPT_IN,    /* the same, a file that is read */
  SF_OPT_OUT,   /* the same, a file that is written: refused when it is one that is read, or another one written */
  SF_OPT_U32,   /* uint32_t: decimal or 0x hexadecimal */
  SF_OPT_TICKS, /* uint32_t: 1 .. SF_MAX_TICK */
  SF_OPT_U64,   /* uint64_t */
  SF_OPT_RANGE  /* sf_range: A:B, A: or :B; A up to and without B */
} sf_option_kind;

typedef struct sf_range {
  bool given;
  uint64_t from, to;
} sf_range; /* to = UINT64_MAX when left out */

typedef struct sf_option {
  const char *name; /* NULL ends the table */
  sf_option_kind kind;
  void *value;      /* left alone when the option is not given */
  const char *arg;  /* what --help calls the argument; NULL for a flag */
  const char *help; /* one line */
} sf_option;

typedef struct sf_cli {
  const char *verb;
  const char *usage;   /* what follows `synfire verb`; arguments in capitals are files that are read, others words */
  const char *summary; /* a sentence or a few lines */
  const sf_option *option;
  int min_args, max_args; /* arguments that are not options */
} sf_cli;

/* sf_cli_parse() - fill the options' values and arg[0 .. *n-1], in order. Returns false to go on; true when the verb
 * is over, with *status 0 (--help was printed) or 2 (one line on standard error). arg has room for max_args. */
bool sf_cli_parse(const sf_cli *cli, int argc, char **argv, const char **arg, int *n, int *status);

/* sf_cli_error() - print "synfire verb: text" as the one line on standard error; returns 2. Line breaks become
 * blanks. */
int sf_cli_error(const char *verb, const char *fmt, ...) SF_PRINTF(2, 3);

/* sf_cli_warning() - print "synfire: warning: text" on standard error, if there is any text. */
void sf_cli_warning(const char *text);

/* sf_cli_json() - print an object as the JSON of --json, and delete it. */
void sf_cli_json(struct cJSON *object);

/* sf_exit_status() - the exit status that belongs to an error: 0, 1 for SF_EFAIL, else 2. */
int sf_exit_status(sf_err err);

/* sf_parse_u64() - the whole of text as a number, decimal or 0x hexadecimal; false if it is not one. */
bool sf_parse_u64(const char *text, uint64_t *value);

/* sf_writable_path() - can a file be made at path (its folder exists and may be written, path is no folder and no
 * device)? Asked before long work whose result goes there. SF_EIO with one line if not. */
SF_MUST_CHECK sf_err sf_writable_path(const char *path, sf_msg *msg);

#endif
