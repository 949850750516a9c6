/* flow.h - one synthesis run: configuration and target in, numbers out. */
#ifndef SF_HARNESS_SYNTH_FLOW_H
#define SF_HARNESS_SYNTH_FLOW_H

#include "files/config_file.h"
#include "synth/parse.h"
#include "util/paths.h"

#define SF_SYNTH_PARTS 7 /* of the core and the board, in the table of areas */

typedef struct sf_synth_job {
  sf_config config;
  char config_name[64]; /* for the report: the configuration's name, or its file's */
  const sf_synth_target *target;
  bool board; /* the board's top, usable on the board; else the bare core */
  uint32_t seed;
  uint32_t freq_mhz;        /* what is aimed for */
  bool must_reach;          /* not reaching it is a failure (it was asked for) */
  bool reuse;               /* take a netlist or a placement that lies in the folder, if it would come out the same */
  char folder[SF_PATH_MAX]; /* absolute; scripts, logs, netlist, bitstream, report */
} sf_synth_job;

typedef struct sf_synth_part {
  const char *name;
  uint32_t lut4, ff;
} sf_synth_part;

#define SF_SYNTH_SEEDS 64 /* most placements of one netlist */

/* One of several placements. */
typedef struct sf_synth_seed {
  uint32_t seed;
  double fmax_mhz, icetime_mhz; /* 0: none */
  uint32_t logic_cells;
  bool kept;         /* from an earlier run */
  char failure[200]; /* "": it was routed */
} sf_synth_seed;

typedef struct sf_synth_result {
  uint32_t used[SF_RES_COUNT];
  sf_timing timing;
  double icetime_mhz;       /* 0: none */
  uint32_t board_clock_mhz; /* what the bitstream's PLL makes; 0 for the bare core */
  sf_synth_part part[SF_SYNTH_PARTS];
  size_t n_small; /* memories of less than SF_SYNTH_SMALL bits that became flip-flops */
  sf_memory small[16];
  char yosys[64], nextpnr[64], icetime[64]; /* versions */
  size_t warnings;                          /* of Yosys, about what the flow does not judge itself; */
  char warned[300];                         /* the first */
  char bitstream[32];                       /* file name in the folder */
  /* Of several seeds: everything above is from the one with the middle clock (of an even number the slower one). */
  uint32_t n_seeds, n_routed, median_seed; /* 0: one placement, with the job's seed */
  double fmax_min_mhz, fmax_max_mhz;
  sf_synth_seed seed[SF_SYNTH_SEEDS];
} sf_synth_result;

#define SF_SYNTH_SMALL 1024 /* bits; a larger memory in flip-flops is a failure */

/* sf_synth_run_job() - synthesize, place, route, time. SF_EFAIL when the design does not fit, does not reach its clock
 * or lost a memory (the result is filled as far as `*placed` says), SF_ETOOL for a missing or failing tool. */
SF_MUST_CHECK sf_err sf_synth_run_job(const sf_synth_job *job, sf_synth_result *out, bool *placed, sf_msg *msg);

/* sf_synth_verdict() - does what was placed reach the clock that was asked for, and its board's? SF_EFAIL with one
 * line. */
SF_MUST_CHECK sf_err sf_synth_verdict(const sf_synth_job *job, const sf_synth_result *r, sf_msg *msg);

/* Its two halves, for those who place one netlist several times. sf_synth_netlist() - Yosys: netlist.json and the
 * netlist's resources; SF_EFAIL when it cannot fit or a memory was lost. sf_synth_place() - place, route, time and pack
 * the netlist.json that lies in the job's folder; adds to *out. Neither asks for a clock to be reached. With job->reuse
 * each first looks whether its folder holds what it would make, from the same sources, options and tools; *kept (NULL
 * allowed) tells. */
SF_MUST_CHECK sf_err sf_synth_netlist(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_place(const sf_synth_job *job, sf_synth_result *out, bool *kept, sf_msg *msg);

/* sf_synth_tools() - which Yosys and nextpnr serve a target. SF_ETOOL with one line when one is missing. */
SF_MUST_CHECK sf_err sf_synth_tools(const sf_synth_target *target, char yosys[SF_PATH_MAX], char nextpnr[SF_PATH_MAX],
                                    sf_msg *msg);

/* sf_synth_script() - the Yosys script of a job, sources named in `sources` (NULL at the end), into script. */
SF_MUST_CHECK sf_err sf_synth_script(const sf_synth_job *job, const char *const *sources, char *script, size_t size,
                                     sf_msg *msg);

#endif
