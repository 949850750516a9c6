/* bench_nets.h - inside the benchmark of the functional model: one network in every form, and the events of all. */
#ifndef SF_HARNESS_BENCH_NETS_H
#define SF_HARNESS_BENCH_NETS_H

#include "bench/bench_plain.h"
#include "synfire/model.h"
#include "synfire/sparse.h"

enum { N1, N2, N3, N4 };

typedef struct sf_bench_net {
  int which;
  uint32_t ticks, inputs, neurons, cores;
  sf_plain plain;
  sf_network *net; /* not N4 */
  sf_model *model;
  sf_sparse *sparse;
  uint32_t *axon, *n_events; /* [ticks * inputs], [ticks] */
  uint8_t *delay;            /* [ticks * inputs] */
  uint64_t *bits;            /* [ticks * words] */
  uint32_t words;
  double synapses; /* delivered in all ticks together */
} sf_bench_net;

/* sf_bench_net_make() - b->which is set, the rest zeros. sf_bench_net_free() also after an error. */
SF_MUST_CHECK sf_err sf_bench_net_make(sf_bench_net *b, sf_msg *msg);
void sf_bench_net_free(sf_bench_net *b);

/* One pass over all ticks; the number of spikes. Each pass goes on from where the one before ended. */
typedef uint32_t (*sf_plain_function)(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay,
                                      uint32_t n);
uint64_t sf_bench_plain(sf_bench_net *b, sf_plain_function tick);
uint64_t sf_bench_model_pass(sf_bench_net *b);

#endif
