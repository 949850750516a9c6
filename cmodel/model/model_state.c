/* model_state.c - the arrays of a core, in one table; see model_state.h. */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise() */
#include <sys/mman.h>
#endif
#include "model/model_state.h"

#include <stdlib.h>
#include <string.h>

#define LARGE_PAGE ((size_t)2 << 20)

/* Every array of a core but rows and routes:  X(name, made, given, elements)
 *   made      always; narrow or wide, as potentials are kept in 16 bits or not; later, by sf_model_prepare()
 *   given     the network's, which a core that shares has too; else state or room to work in
 *   elements  by the sizes of core c, whose neurons are padded to n; zeros at first */
#define SF_STATE(X)                                               \
  X(threshold, always, true, n)                                   \
  X(bias, always, true, n)                                        \
  X(v_init, always, true, n)                                      \
  X(u_init, always, true, n)                                      \
  X(profile_of, always, true, n)                                  \
  X(v16, narrow, false, n)                                        \
  X(v_init16, narrow, true, n)                                    \
  X(threshold16, narrow, false, n)                                \
  X(bias16, narrow, false, n)                                     \
  X(v, wide, false, n)                                            \
  X(u, always, false, n)                                          \
  X(a, always, false, n)                                          \
  X(r, always, false, n)                                          \
  X(profiles, always, true, c->shape.n_profiles)                  \
  X(group, always, false, n / SF_GROUP)                           \
  X(before, always, false, 4 * n)                                 \
  X(rest_bits, always, false, n / 64)                             \
  X(quiet_bits, always, false, n / 64)                            \
  X(noisy_bits, always, false, n / 64)                            \
  X(ring, always, false, (size_t)c->shape.delay_slots * c->words) \
  X(active_bits, always, false, c->words)                         \
  X(active, always, false, c->shape.axons + SF_GROUP)             \
  X(row, always, false, c->shape.axons + SF_GROUP)                \
  X(sum16, always, false, n)                                      \
  X(sum, always, false, n)                                        \
  X(spike_bits, always, false, n / 64)                            \
  X(spiked, always, false, n + SF_GROUP)                          \
  X(table, later, false, c->n_table)

/* What is large gets large pages: rows and synapses are read in any order, and looking up their pages would cost more
 * than adding them. */
void *sf_zeros(size_t n, size_t element) {
  const size_t wanted = n * element + 1, align = wanted < LARGE_PAGE / 8 ? SF_LINE : LARGE_PAGE;
  const size_t bytes = (wanted + align - 1) / align * align;
  void *p = aligned_alloc(align, bytes);
  if (p == NULL) return NULL;
#ifdef __linux__
  if (align == LARGE_PAGE) (void)madvise(p, bytes, MADV_HUGEPAGE); /* a wish */
#endif
  memset(p, 0, wanted);
  return p;
}

/* The sizes of a core alone. */
static sf_core_net shape_of(const sf_core_net *net) {
  sf_core_net shape = *net;
  shape.w8 = NULL;
  shape.w16 = NULL;
  shape.threshold = shape.bias = shape.v_init = shape.u_init = NULL;
  shape.profile = NULL;
  shape.profiles = NULL;
  shape.routes = NULL;
  shape.learning = NULL;
  return shape;
}

bool sf_state_alloc(sf_model_core *c, const sf_core_net *net) {
  c->shape = shape_of(net);
  c->words = (net->axons + 63) / 64;
  sf_rows_size(c);
  const size_t n = c->padded;
  const bool narrow = net->potential_bits <= 16 && !net->has_current && !net->has_adaptation && !net->has_noise;
  const bool always = true, wide = !narrow, later = false;
  bool good = true;
#define MAKE(name, made, given, elements)          \
  if (made) {                                      \
    c->name = sf_zeros(elements, sizeof *c->name); \
    good = good && c->name != NULL;                \
  }
  SF_STATE(MAKE)
  return good;
}

void sf_state_free(sf_model_core *c) {
#define FREE(name, made, given, elements) free(c->name);
  SF_STATE(FREE)
}

void sf_state_share(sf_model_core *c, const sf_model_core *from) {
  const size_t n = c->padded;
#define SHARE(name, made, given, elements) \
  if (given && c->name != NULL) memcpy(c->name, from->name, (elements) * sizeof *c->name);
  SF_STATE(SHARE)
}

void sf_state_copy(sf_model_core *c, const sf_core_net *net) {
  const size_t n = net->neurons;
  memcpy(c->threshold, net->threshold, n * sizeof *c->threshold);
  memcpy(c->bias, net->bias, n * sizeof *c->bias);
  memcpy(c->v_init, net->v_init, n * sizeof *c->v_init);
  memcpy(c->u_init, net->u_init, n * sizeof *c->u_init);
  for (size_t j = 0; j < n; j++) {
    c->profile_of[j] = (uint16_t)net->profile[j];
    if (c->v16 != NULL) c->v_init16[j] = (int16_t)net->v_init[j];
  }
  memcpy(c->profiles, net->profiles, net->n_profiles * sizeof *c->profiles);
}

void sf_state_reset(sf_model_core *c) {
  const size_t n = c->shape.neurons;
  if (c->v16 != NULL) memcpy(c->v16, c->v_init16, n * sizeof *c->v16);
  else memcpy(c->v, c->v_init, n * sizeof *c->v);
  memcpy(c->u, c->u_init, n * sizeof *c->u);
  memset(c->a, 0, n * sizeof *c->a);
  memset(c->r, 0, n * sizeof *c->r);
  memset(c->ring, 0, (size_t)c->shape.delay_slots * c->words * sizeof *c->ring);
  memset(c->active_bits, 0, c->words * sizeof *c->active_bits);
  c->slot = c->n_active = c->n_spiked = 0;
  c->settled = c->rest_known = false;
  c->counters = (sf_counters){0};
}
