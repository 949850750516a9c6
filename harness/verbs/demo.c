/* demo.c - `synfire demo`: the shipped MNIST network on the functional model and on the RTL, then through the FPGA
 * tools, and a page about all of it. The FPGA tools work beside the lockstep, in a process of their own. */
#include <stdio.h>
#include <string.h>

#include "util/cli.h"
#include "verbs/demo.h"
#include "verbs/verbs.h"

#define VERB "demo"

int sf_verb_demo(int argc, char **argv) {
  const char *name = "mnist", *report = NULL;
  int n, status;
  static sf_demo d;
  bool no_synth = false;
  d = (sf_demo){.digits = 10000, .limit = 240};
  const sf_option options[] = {
      {"digits", SF_OPT_U32, &d.digits, "N", "how many of the 10,000 test digits (default: all)"},
      {"seconds", SF_OPT_U32, &d.limit, "N", "no further digit on the RTL after that time (default 240)"},
      {"no-synth", SF_OPT_FLAG, &no_synth, NULL, "leave synthesis, placement and routing out"},
      {"report", SF_OPT_OUT, &report, "FILE", "where the page goes (default: build/report.html)"},
      {"json", SF_OPT_FLAG, &d.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "[mnist|logic] [options]",
      "mnist: the shipped network on the C model and on the RTL in lockstep, then placed and routed for the\n"
      "       iCE40 UP5K, with a report. logic: AND, OR, NOT and XOR of examples/logic, with truth tables.",
      options,
      0,
      1};
  if (sf_cli_parse(&cli, argc, argv, &name, &n, &status)) return status;
  if (d.json) sf_progress_silence(true);
  if (!strcmp(name, "logic")) return sf_demo_logic(d.json);
  if (strcmp(name, "mnist") != 0) return sf_cli_error(VERB, "%s: must be mnist or logic", name);
  if (!d.digits) return sf_cli_error(VERB, "--digits 0: must be 1 .. 10000");
  if (report) snprintf(d.report, sizeof d.report, "%s", report);
  d.wants_synth = !no_synth;
  sf_msg msg = {""};
  const sf_err err = sf_demo_mnist(&d, &msg);
  sf_demo_free(&d);
  if (!err) return 0;
  sf_cli_error(VERB, "%s", msg.text);
  return sf_exit_status(err);
}
