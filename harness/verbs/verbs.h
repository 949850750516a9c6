/* verbs.h - the verbs of the synfire program: each is a function that gets its own arguments and returns the exit
 * status.
 *
 * argv[0] is the verb's name, argv[argc] is NULL. Exit status: 0 what was asked for holds or is done, 1 it does not
 * hold (mismatch, failed fit, missed target), 2 bad usage or bad input: exactly one line on standard error, nothing
 * half-written. main.c holds the table; options are parsed with cli.h, so that --help and errors look the same
 * everywhere. */
#ifndef SF_HARNESS_VERBS_H
#define SF_HARNESS_VERBS_H

#include <stdbool.h>

int sf_verb_run(int argc, char **argv);   /* run.c */
int sf_verb_check(int argc, char **argv); /* check.c; --random: random.c */
int sf_verb_info(int argc, char **argv);  /* info.c */
int sf_verb_bench(int argc, char **argv); /* bench.c */
int sf_verb_synth(int argc, char **argv); /* synth.c */
int sf_verb_explore(int argc, char **argv);
int sf_verb_train(int argc, char **argv); /* train/ */
int sf_verb_demo(int argc, char **argv);
int sf_verb_report(int argc, char **argv);
int sf_verb_rule(int argc, char **argv); /* rule.c */

/* Parts of a verb that have a file of their own; each returns the exit status. */
struct sf_check_args;
int sf_demo_logic(bool json);                               /* demo_logic.c: `synfire demo logic` */
int sf_verb_check_random(const struct sf_check_args *args); /* random.c: `synfire check --random` */

#endif
