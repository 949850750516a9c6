/* kernel_avx2.c - kernel_body.h for processors with AVX2: the same C in registers of 32 bytes. */
#include "kernel.h"
#if SF_X86
#include <string.h>
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt,lzcnt")
#define VECTOR 32
#include "kernel_body.h"

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  (void)narrow;
  body_update(c, tick);
}

const struct sf_kernel sf_kernel_avx2 = {"avx2", body_merge, body_list, body_scan, body_sum, body_spikes, update,
                                           body_probe_load, body_probe_add, 8 * VECTOR};
#pragma GCC pop_options
#endif
