/* parts.h - what the files of the flow share. */
#ifndef SF_HARNESS_SYNTH_PARTS_H
#define SF_HARNESS_SYNTH_PARTS_H

#include "synth/flow.h"
#include "util/hash.h"
#include "verilated/rtl_list.h"

#define SF_SYNTH_SOURCES (SF_RTL_FILES + 8) /* the Verilog, a board's top with its parts, and the NULL behind them */

/* script.c: the parts of the core that areas are counted of; the last of a result's is what remains. */
typedef struct sf_synth_core_part {
  const char *name, *cells; /* how Yosys selects them */
} sf_synth_core_part;
extern const sf_synth_core_part sf_synth_core_parts[SF_SYNTH_PARTS - 1];

/* files.c: a file of the job's folder, written whole; and read whole, for the caller to free. */
SF_MUST_CHECK sf_err sf_synth_write(const char *folder, const char *name, const char *text, sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_read(const char *folder, const char *name, char **text, size_t *length, sf_msg *msg);

/* Copies in the job's src/: the Verilog, named in sources (NULL behind the last; the caller frees them); the map for
 * adders, which the script reads itself; the board's constraints, left NULL for a bare core. */
SF_MUST_CHECK sf_err sf_synth_copy_sources(const sf_synth_job *job, char *sources[SF_SYNTH_SOURCES], sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_copy_map(const sf_synth_job *job, sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_copy_constraints(const sf_synth_job *job, char **constraints, sf_msg *msg);

/* Keys: sf_synth_has() - is the key in the file names[0] this one, and is what it is for there, names[1], ...?
 * sf_synth_drop() - remove them. Both lists end with NULL. */
bool sf_synth_has(const char *folder, const char *const *names, const char key[33]);
void sf_synth_drop(const char *folder, const char *const *names);
void sf_synth_hash_tool(sf_hash *h, const char *path, const char *version);

/* flow.c: sf_synth_failed() - SF_ETOOL with the tool's own words, from its log. */
SF_MUST_CHECK sf_err sf_synth_failed(const sf_synth_job *job, const char *tool, const char *log, int status,
                                     sf_msg *msg);

#endif
