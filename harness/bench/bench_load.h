/* bench_load.h - `synfire bench --only load`: a network of 10^9 4-bit synapses from a file into the model. */
#ifndef SF_HARNESS_BENCH_LOAD_H
#define SF_HARNESS_BENCH_LOAD_H

#include "synfire/base.h"

struct sf_progress;
struct cJSON;

typedef struct sf_bench_load {
  uint64_t synapses;
  uint32_t cores;
  double file_bytes, read_seconds; /* the file, read and nothing else, from the page cache */
  double load_seconds;             /* from the file's name to a model at tick 0, the try-out of the file left out */
  double careful_seconds;          /* the same with it (sf_files_trust()) */
  double peak_bytes;               /* of the process that loaded it and ran some ticks */
  double tick_seconds;             /* 1 % of the axons active */
} sf_bench_load;

/* sf_bench_load_run() - writes a file of 1 GB below TMPDIR or /tmp, and removes it. SF_EIO, SF_ENOMEM with one line. */
SF_MUST_CHECK sf_err sf_bench_load_run(struct sf_progress *bar, sf_bench_load *result, sf_msg *msg);
void sf_bench_load_print(const sf_bench_load *r);
void sf_bench_load_json(const sf_bench_load *r, struct cJSON *object);

#endif
