/* check.c - synfire check: a network with its spikes on RTL, mirror and functional model in lockstep. */
#include <string.h>

#include "lockstep/gtkw.h"
#include "util/apart.h"
#include "util/progress.h"
#include "verbs/check_print.h"
#include "verbs/verbs.h"

#define VERB "check"

static int check_network(const sf_check_args *a) {
  sf_check_run c;
  sf_msg msg = {""};
  const sf_err err = sf_check_network(&c, a, &msg);
  int status = sf_exit_status(err);
  if (!err) sf_check_print(&c);
  else if (err == SF_EFAIL) sf_check_print_failure(&c, &msg);
  else status = sf_cli_error(VERB, "%s", msg.text);
  sf_check_run_free(&c);
  return status;
}

/* Waveform and save file can be written, and the save file, which no option names, is none of what is read either. */
static sf_err check_waveform(const sf_check_args *a, sf_msg *msg) {
  char beside[SF_PATH_MAX];
  sf_err err = sf_writable_path(a->fst, msg);
  if (!err) err = sf_gtkw_path(a->fst, beside, sizeof beside, msg);
  if (!err) err = sf_writable_path(beside, msg);
  if (err) return err;
  const sf_file_role out = {"the save file beside it", beside};
  const sf_file_role in[] = {{"the argument", a->net}, {"--spikes", a->spikes}, {"--config", a->config}};
  return sf_files_apart(&out, 1, in, sizeof in / sizeof *in, msg);
}

/* Options that do not go together: the exit status, after one line about them; else 0. */
static int refusal(const sf_check_args *a, int n) {
  sf_msg msg = {""};
  if (!strcmp(a->level, "netlist") || !strcmp(a->level, "bitstream"))
    return sf_cli_error(VERB, "level %s: not built in this version", a->level);
  if (strcmp(a->level, "rtl") && strcmp(a->level, "cycle"))
    return sf_cli_error(VERB, "level '%s': must be rtl, cycle, netlist or bitstream", a->level);
  if (a->random && (n || a->spikes))
    return sf_cli_error(VERB, "--random draws its own network: NET and --spikes cannot go with it");
  if (!a->random && (!n || !a->spikes))
    return sf_cli_error(VERB, "needs NET --spikes FILE, or --random N (see synfire check --help)");
  if (!a->random && a->only != UINT64_MAX) return sf_cli_error(VERB, "--case goes with --random");
  if (check_waveform(a, &msg)) return sf_cli_error(VERB, "--fst: %s", msg.text);
  return 0;
}

int sf_verb_check(int argc, char **argv) {
  sf_check_args a = {.level = "rtl", .fst = "synfire-mismatch.fst", .seed = 1, .only = UINT64_MAX};
  const sf_option option[] = {
      {"spikes", SF_OPT_IN, &a.spikes, "FILE", "input spikes, HDF5 or CSV; - is standard input"},
      {"samples", SF_OPT_RANGE, &a.samples, "A:B", "samples A up to and without B; default: all"},
      {"ticks", SF_OPT_TICKS, &a.ticks, "T",
       "ticks of a sample; default: as NET or the spikes say, else DELAY_SLOTS ticks after the last input"},
      {"config", SF_OPT_IN, &a.config, "FILE",
       "configuration of the hardware; default: the smallest that holds NET; with --random: drawn too"},
      {"level", SF_OPT_TEXT, &a.level, "L",
       "rtl (default); cycle: mirror against functional model, no Verilator needed"},
      {"random", SF_OPT_U64, &a.random, "N",
       "N random cases instead of a network: parameters, networks, traffic, stalls"},
      {"case", SF_OPT_U64, &a.only, "K", "with --random: only case K"},
      {"seed", SF_OPT_U32, &a.seed, "S", "of the random cases, and of the RTL's random power-up; default 1"},
      {"fst", SF_OPT_OUT, &a.fst, "FILE", "where a mismatch leaves its waveform; default synfire-mismatch.fst"},
      {"flip", SF_OPT_TEXT, &a.flip, "C:SIG:BIT",
       "flip one bit in the model in cycle C, to see it caught: tick_done_o, probe_v[1], v[17], model.v[17]"},
      {"no-probes", SF_OPT_FLAG, &a.no_probes, NULL,
       "build the RTL without probes, as hardware is, and compare its real ports"},
      {"jobs", SF_OPT_U32, &a.jobs, "J", "threads; default: one a processor"},
      {"json", SF_OPT_FLAG, &a.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "NET --spikes FILE [options]  |  --random N [--seed S] [--case K]",
      "Clock the Verilated RTL and the C mirror with the same inputs and compare every port and probe in\n"
      "every cycle, and the functional model's spikes, events and state at every tick. The first mismatch\n"
      "ends the run with cycle, signal, expected, got, the last cycles, and a waveform.",
      option,
      0,
      1};
  int n, status;
  if (sf_cli_parse(&cli, argc, argv, &a.net, &n, &status)) return status;
  status = refusal(&a, n);
  if (status) return status;
  if (a.json) sf_progress_silence(true);
  return a.random ? sf_verb_check_random(&a) : check_network(&a);
}
