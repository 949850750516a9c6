/* flow.c - one synthesis run: sources copied, Yosys, nextpnr, icetime and the bitstream packer, numbers read back.
 *
 * Everything happens inside the job's folder with relative paths, so that logs and reports name no machine and the
 * WebAssembly builds of the tools, which see little outside their own folder, work like the native ones. */
#include "synth/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "synth/parts.h"
#include "synth/tool.h"

sf_err sf_synth_failed(const sf_synth_job *job, const char *tool, const char *log, int status, sf_msg *msg) {
  char *all, line[300] = "";
  size_t length;
  if (!sf_synth_read(job->folder, log, &all, &length, NULL)) {
    (void)sf_parse_error(all, length, line, sizeof line);
    free(all);
  }
  if (line[0]) return sf_fail(msg, SF_ETOOL, "%s failed: %.300s", tool, line);
  return sf_fail(msg, SF_ETOOL, "%s failed with status %d and no error message; see %s in the output folder", tool,
                 status, log);
}

sf_err sf_synth_verdict(const sf_synth_job *job, const sf_synth_result *r, sf_msg *msg) {
  char seeds[64] = "";
  if (r->n_seeds) snprintf(seeds, sizeof seeds, ", the median of %u seeds", r->n_routed);
  if (job->must_reach && r->timing.fmax_mhz < job->freq_mhz)
    return sf_fail(msg, SF_EFAIL, "%s on %s reaches %.1f MHz%s, %u MHz were asked for", job->config_name,
                   job->target->name, r->timing.fmax_mhz, seeds, job->freq_mhz);
  if (r->timing.fmax_mhz < r->board_clock_mhz)
    return sf_fail(msg, SF_EFAIL, "%s on %s reaches %.1f MHz%s, the board's PLL makes %u MHz; ask for less with --freq",
                   job->config_name, job->target->name, r->timing.fmax_mhz, seeds, r->board_clock_mhz);
  return SF_OK;
}

sf_err sf_synth_run_job(const sf_synth_job *job, sf_synth_result *out, bool *placed, sf_msg *msg) {
  char path[SF_PATH_MAX];
  *placed = false;
  memset(out, 0, sizeof *out);
  sf_err err = sf_synth_nextpnr(job->target->ecp5, path, msg); /* asked for before the first tool works for minutes */
  if (!err) err = sf_synth_netlist(job, out, msg);
  if (!err) err = sf_synth_place(job, out, NULL, msg);
  if (err) return err;
  *placed = true;
  return sf_synth_verdict(job, out, msg);
}

sf_err sf_synth_tools(const sf_synth_target *target, char yosys[SF_PATH_MAX], char nextpnr[SF_PATH_MAX], sf_msg *msg) {
  const sf_err err = sf_synth_yosys(target->ecp5, yosys, msg);
  return err ? err : sf_synth_nextpnr(target->ecp5, nextpnr, msg);
}
