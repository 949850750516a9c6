/* synth.c - synfire synth: a configuration through Yosys, nextpnr and icetime, with a report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "synth/folder.h"
#include "synth/report.h"
#include "synth/seeds.h"
#include "util/cli.h"
#include "util/progress.h"
#include "verbs/verbs.h"

#define VERB "synth"

/* n_seeds 0: the job's own seed, once. */
static int run(const sf_synth_job *job, uint32_t n_seeds, uint32_t jobs, const char *shown, bool json_wanted) {
  sf_msg msg = {""}, wrote = {""};
  sf_synth_result *result = calloc(1, sizeof *result);
  bool placed = false;
  if (!result) return sf_cli_error(VERB, "out of memory");
  sf_synth_folder_clear(job);
  const sf_err err = n_seeds ? sf_synth_seeds(job, n_seeds, jobs, result, &placed, &msg)
                             : sf_synth_run_job(job, result, &placed, &msg);
  int status = err == SF_EFAIL ? 1 : err ? 2 : 0;
  const char *verdict = err ? msg.text : NULL;
  if (status < 2) {
    char *json = sf_synth_json(job, result, verdict), *markdown = sf_synth_markdown(job, result, verdict);
    char *summary = sf_synth_summary(job, result);
    sf_err write_err = sf_synth_folder_write(job, "result.json", json, &wrote);
    if (!write_err && placed) write_err = sf_synth_folder_write(job, "result.md", markdown, &wrote);
    if (write_err) {
      status = sf_cli_error(VERB, "%s", wrote.text);
    } else if (json_wanted) {
      puts(json);
    } else if (placed && summary) {
      fputs(summary, stdout);
      printf("  report and logs in %s\n", shown);
    }
    free(json);
    free(markdown);
    free(summary);
  }
  free(result);
  if (err) {
    sf_cli_error(VERB, "%s", msg.text);
    return status;
  }
  return status;
}

int sf_verb_synth(int argc, char **argv) {
  const char *target = NULL, *out = NULL, *top = NULL, *config = NULL, *seeds = NULL;
  uint32_t seed = 1, jobs = 0, freq = 0;
  uint64_t n_seeds = 0;
  bool json = false;
  const sf_option options[] = {
      {"target", SF_OPT_TEXT, &target, "NAME", "up5k, hx8k, ecp5-25 or ecp5-85 (default: the configuration's)"},
      {"seed", SF_OPT_U32, &seed, "N", "seed of placement and routing (default 1)"},
      {"seeds", SF_OPT_TEXT, &seeds, "N",
       "place and route with N seeds, from --seed on: every clock, their median and range"},
      {"jobs", SF_OPT_U32, &jobs, "J", "that many seeds at a time; default: one a processor"},
      {"freq", SF_OPT_U32, &freq, "MHZ", "clock to reach (default: the configuration's clock_mhz_min)"},
      {"top", SF_OPT_TEXT, &top, "WHAT", "board: with serial port and PLL; core: the core alone (default board)"},
      {"out", SF_OPT_TEXT, &out, "DIR", "folder for report, logs and bitstream (default: below build/synth)"},
      {"json", SF_OPT_FLAG, &json, NULL, "print the report as one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "CONFIG [options]",
      "Synthesize, place and route a configuration for an FPGA: area, memories, clock, critical path.\n"
      "Exit status 1: it does not fit, misses its clock, or a memory came out as flip-flops. With --seeds\n"
      "the netlist is made once, what an earlier run finished is kept, and the report is the median's.",
      options,
      1,
      1};
  int n, status;
  if (sf_cli_parse(&cli, argc, argv, &config, &n, &status)) return status;

  static sf_synth_job job;
  sf_msg msg = {""};
  memset(&job, 0, sizeof job);
  if (sf_config_read(config, &job.config, &msg)) return sf_cli_error(VERB, "%s", msg.text);
  if (!target) target = job.config.target;
  if (!target[0]) return sf_cli_error(VERB, "%s names no target: give --target (%s)", config, sf_synth_target_names());
  job.target = sf_synth_target_find(target);
  if (!job.target) return sf_cli_error(VERB, "target %s: not one of %s", target, sf_synth_target_names());
  if (top && strcmp(top, "board") != 0 && strcmp(top, "core") != 0)
    return sf_cli_error(VERB, "--top %s: not one of board, core", top);
  if (freq > 1000) return sf_cli_error(VERB, "--freq %u: out of range 1 .. 1000", freq);
  if (job.config.params.spram && job.target->available[SF_RES_SPRAM] == 0)
    return sf_cli_error(VERB, "%s: WEIGHT_MEMORY spram, but %s has no SPRAM", config, target);
  if (seeds && (!sf_parse_u64(seeds, &n_seeds) || n_seeds < 1 || n_seeds > SF_SYNTH_SEEDS))
    return sf_cli_error(VERB, "--seeds %s: must be 1 .. %d", seeds, SF_SYNTH_SEEDS);
  if (seed > UINT32_MAX - n_seeds)
    return sf_cli_error(VERB, "--seed %u: too large for %s seeds from it on", seed, seeds);
  if (jobs && !seeds) return sf_cli_error(VERB, "--jobs: says how many of --seeds at a time");
  job.board = !top || strcmp(top, "board") == 0;
  job.seed = seed;
  /* A configuration's clock is a promise for its own target only. */
  const bool own = strcmp(target, job.config.target) == 0 || !job.config.target[0];
  job.freq_mhz = freq ? freq : own && job.config.clock_mhz_min ? job.config.clock_mhz_min : job.target->clock_mhz;
  job.must_reach = freq || (own && job.config.clock_mhz_min);
  sf_synth_folder_name(&job, config);
  sf_err err = sf_synth_folder_open(&job, out, &msg);
  if (!err) err = sf_synth_folder_apart(&job, config, &msg);
  if (err) return sf_cli_error(VERB, "%s", msg.text);
  if (json) sf_progress_silence(true);
  job.reuse = seeds != NULL;
  return run(&job, (uint32_t)n_seeds, jobs, out ? out : job.folder, json);
}
