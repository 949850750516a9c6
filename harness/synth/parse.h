/* parse.h - reading what Yosys, nextpnr and icetime write. Everything here gets text of any kind, complete or
 * cut off, and either finds what it looks for or says so; it never trusts a number or a name. Allocates only within
 * the call. `length` bytes of text, need not end in NUL. */
#ifndef SF_HARNESS_SYNTH_PARSE_H
#define SF_HARNESS_SYNTH_PARSE_H

#include "synth/target.h"

#define SF_PATH_STEPS 24 /* most steps of a critical path that are kept */
#define SF_RTL_NAME 128

typedef struct sf_path_step {
  char name[SF_RTL_NAME]; /* register or net in the RTL's words: "u_core.u_crossbar.sum_q" */
  double logic_ns, routing_ns;
} sf_path_step;

typedef struct sf_timing {
  double fmax_mhz;             /* the slowest clock */
  double path_ns;              /* length of its longest path */
  uint32_t n_step, n_left_out; /* steps kept; steps in the middle that were not */
  sf_path_step step[SF_PATH_STEPS];
} sf_timing;

typedef struct sf_memory {
  char name[SF_RTL_NAME];
  uint64_t words, width;
} sf_memory;

/* sf_parse_stat() - count the cells of Yosys' `stat -json` by resource; leaves the others (SF_RES_LOGIC) alone. */
SF_MUST_CHECK sf_err sf_parse_stat(const char *text, size_t length, uint32_t used[SF_RES_COUNT], sf_msg *msg);

/* sf_parse_report() - timing and placed resources out of nextpnr's --report JSON. used: only what the report has. */
SF_MUST_CHECK sf_err sf_parse_report(const char *text, size_t length, uint32_t used[SF_RES_COUNT], sf_timing *timing,
                                     sf_msg *msg);

/* sf_parse_icetime() - the "(NN MHz)" of icetime's "Timing estimate" or "Total path delay" line. */
SF_MUST_CHECK sf_err sf_parse_icetime(const char *text, size_t length, double *mhz, sf_msg *msg);

/* sf_parse_memories() - the memories in a dump of $mem cells: those that did not become RAM. Returns how many there
 * are; the first `room` of them in list. */
size_t sf_parse_memories(const char *text, size_t length, sf_memory *list, size_t room);

/* sf_parse_counts() - "N objects." lines of Yosys' select -count, in order. Returns how many, the first `room` in
 * list. */
size_t sf_parse_counts(const char *text, size_t length, uint32_t *list, size_t room);

/* sf_parse_shortage() - in a nextpnr log, the utilisation line that is over its limit: which resource, or the bel's
 * name when it is none of ours. Returns false when nothing ran out. */
typedef struct sf_shortage {
  char what[64];
  uint32_t used, available;
} sf_shortage;
bool sf_parse_shortage(const char *text, size_t length, sf_shortage *out);

/* sf_parse_error() - the first line that says ERROR, into line (cut to size); false if there is none. */
bool sf_parse_error(const char *text, size_t length, char *line, size_t size);

/* sf_rtl_name() - a cell or net name without what the tools appended ("q_SB_DFF_Q_D", "_LC") and with printable
 * characters only; out has SF_RTL_NAME bytes. */
void sf_rtl_name(const char *name, char *out);

#endif
