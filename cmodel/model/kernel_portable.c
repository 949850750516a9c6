/* kernel_portable.c - kernel_body.h for any processor: 16 bytes is what every 64-bit one has. */
#define VECTOR 16
#include "model/kernel_body.h"

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  (void)narrow; /* 32 bits are exact too */
  body_update(c, tick);
}

const struct sf_kernel sf_kernel_portable = {"portable",  body_merge,      body_list,      body_scan, body_sum,
                                             body_spikes, update,          body_unpack,    body_pack, body_learn,
                                             RING_ADDERS, body_probe_load, body_probe_add, 8 * VECTOR};
