/* main.c - the synfire program: finds the verb and calls it. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cli.h"
#include "util/process.h"
#include "verbs/verbs.h"

#ifndef SF_VERSION
#define SF_VERSION "unknown"
#endif

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *help;
} verb[] = {{"run", sf_verb_run, "run a network on the model, the cycle mirror or the Verilated RTL"},
            {"check", sf_verb_check, "RTL, mirror and model in lockstep: on a network, or on random cases"},
            {"train", sf_verb_train, "train a network on data"},
            {"synth", sf_verb_synth, "synthesize, place and route a configuration for an FPGA"},
            {"explore", sf_verb_explore, "a sweep over parameters, in parallel, with Pareto fronts and charts"},
            {"rule", sf_verb_rule, "a learning rule as text, compiled to its table of terms"},
            {"info", sf_verb_info, "what is in a file; versions of the tools"},
            {"bench", sf_verb_bench, "speed of RTL, mirror, lockstep and model"},
            {"demo", sf_verb_demo, "the whole path on real digits, with a report"},
            {"report", sf_verb_report, "an HTML page about a network, its spikes and its synthesis"}};

static void usage(void) {
  printf("synfire %s - a neuromorphic core, its bit-accurate model, and the check of one against the other\n\n",
         SF_VERSION);
  printf("usage: synfire VERB [arguments]\n\n");
  for (size_t i = 0; i < sizeof verb / sizeof *verb; i++) printf("  %-8s %s\n", verb[i].name, verb[i].help);
  printf("\nsynfire VERB --help lists the options of a verb.\n"
         "Exit status: 0 holds, 1 does not hold (mismatch, failed fit), 2 bad usage or input.\n");
}

/* A descriptor that was closed when we came is the next one that is opened, and what we print goes into some file
 * then. */
static void open_streams(void) {
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) != fd) _exit(2);
}

/* Writes that cannot be done are errors to be told, not the end of the program; nor is nobody to wait for our
 * children. */
static void set_signals(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  sf_process_tidy_when_killed();
}

static int run(int argc, char **argv) {
  if (argc < 2) return sf_cli_error(NULL, "no verb (see synfire --help)");
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
    usage();
    return 0;
  }
  if (!strcmp(argv[1], "--version")) {
    printf("synfire %s\n", SF_VERSION);
    return 0;
  }
  for (size_t i = 0; i < sizeof verb / sizeof *verb; i++)
    if (!strcmp(argv[1], verb[i].name)) return verb[i].run(argc - 1, argv + 1);
  return sf_cli_error(NULL, "unknown verb '%s' (see synfire --help)", argv[1]);
}

/* The last that can go wrong with everything that was printed. 0 would say that it holds to somebody who cannot read
 * it. */
static int close_output(int status) {
  const bool before = ferror(stdout);
  errno = 0;
  const bool now = fclose(stdout) != 0;
  const int why = errno;
  if ((!before && !now) || status == 2) return status;
  sf_cli_error(NULL, "standard output cannot be written%s%s", now ? ": " : "", now ? strerror(why) : "");
  return status ? status : 2;
}

int main(int argc, char **argv) {
  open_streams();
  /* After a write that failed the library fails once more on its way out, with a crash; we close what we open. */
  H5dont_atexit();
  set_signals();
  return close_output(run(argc, argv));
}
