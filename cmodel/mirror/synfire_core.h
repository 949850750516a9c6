/* synfire_core.h - C twin of rtl/synfire_core.v: the cycle mirror. One call is one rising clock edge; every port and
 * probe equals the Verilog's in every cycle after the first with reset. */
#ifndef SYNFIRE_CORE_H
#define SYNFIRE_CORE_H

#include "mirror/axon_stream.h"
#include "mirror/core_control.h"
#include "mirror/crossbar.h"
#include "mirror/delay_ring.h"
#include "mirror/host_bus.h"
#include "mirror/neuron_lif.h"
#include "mirror/quiet_groups.h"
#include "mirror/spike_router.h"
#include "synfire/ports.h"

typedef struct sf_core {
  sf_sizes sizes; /* those of SF_SIZES(core), but for a mirror of one set */
  sf_core_control control;
  sf_delay_ring ring;
  sf_axon_stream stream;
  sf_crossbar synapses;
  sf_neuron_lif neurons;
  sf_quiet_groups quiet;
  sf_spike_router router;
  sf_host_bus host;
} sf_core;

/* sf_core_new() - a core in an arbitrary state: hold rst for at least one step. p is copied. The caller frees it.
 * SF_EINVAL for parameters outside their ranges, SF_ENOMEM. */
SF_MUST_CHECK sf_err sf_core_new(const sf_params *p, sf_core **core, sf_msg *msg);
void sf_core_free(sf_core *core); /* NULL is allowed */

/* sf_core_no_probe() - be the core that is built with PROBE = 0, whose tick and counters cannot be written. The
 * probes of _step() go on. */
void sf_core_no_probe(sf_core *core);

/* sf_core_step() - one rising edge. in: what held before it; out: ports and probes after it; its wide pointers are into
 * core and hold until the next step. */
void sf_core_step(sf_core *core, const sf_core_in *in, sf_core_out *out);

/* sf_core_state() - the word that holds a state: v, u, r, a, threshold or bias of a neuron, the sum of a lane. NULL:
 * there is none of that name and index. It holds until the next step. */
int32_t *sf_core_state(sf_core *core, const char *name, uint32_t index);

/* The calls above. A mirror that was made for one set of parameters (sizes.h) is a shared object with a table of its
 * own, under the same name; a core belongs to the table that made it. */
typedef struct sf_mirror {
  sf_err (*make)(const sf_params *p, sf_core **core, sf_msg *msg);
  void (*release)(sf_core *core);
  void (*no_probe)(sf_core *core);
  void (*step)(sf_core *core, const sf_core_in *in, sf_core_out *out);
  int32_t *(*state)(sf_core *core, const char *name, uint32_t index);
} sf_mirror;
extern SF_SHOWN const sf_mirror sf_mirror_here;

#endif
