/* signals.c - see signals.h. */
#include "lockstep/signals.h"

#define NAME_ONLY(name, ...) #name,
static const char *const out_name[] = {SF_CORE_OUT(NAME_ONLY)};

static int find_out(const char *name) {
  for (int i = 0; i < SF_N_OUT; i++)
    if (!strcmp(out_name[i], name)) return i;
  return -1; /* "always" */
}

/* The first prefix that fits. */
static const char *module_of(const char *name) {
  static const struct {
    const char *prefix, *module;
  } row[] = {{"tick", "core_control"},       {"probe_phase", "core_control"}, {"in_", "delay_ring"},
             {"probe_group", "axon_stream"}, {"probe_issue", "axon_stream"},  {"probe_event", "delay_ring"},
             {"out_", "spike_router"},       {"probe_route", "spike_router"}, {"host_", "host_bus"},
             {"probe_weight", "crossbar"},   {"probe_sum", "crossbar"},       {"probe_swap", "crossbar"},
             {"probe_learn", "plasticity"},  {"probe_", "neuron_lif"}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++)
    if (!strncmp(name, row[i].prefix, strlen(row[i].prefix))) return row[i].module;
  return "synfire_core";
}

void sf_signals_of(const sf_params *p, sf_signals *s) {
  int i = 0;
#define IN(name_, width_) s->in[i++] = (sf_signal){#name_, width_, 1, -1, false, "synfire_core"};
  SF_CORE_IN(IN)
  i = 0;
#define OUT(name_, width_, valid_)                                                         \
  s->out[i] = (sf_signal){#name_, width_, 1, find_out(#valid_), false, module_of(#name_)}; \
  if (s->out[i].valid == i) s->out[i].valid = -1;                                          \
  i++;
  SF_CORE_OUT(OUT)
  i = 0;
  s->wide_words = 0;
#define WIDE(name_, words_, bits_, valid_)                                                      \
  s->wide[i] = (sf_signal){#name_, bits_, words_, find_out(#valid_), false, module_of(#name_)}; \
  s->wide[i].is_signed = strcmp(#name_, "probe_weights") && strcmp(#name_, "probe_spike");      \
  s->wide_at[i] = s->wide_words;                                                                \
  s->wide_words += s->wide[i++].words;
  SF_CORE_WIDE(WIDE)
}

const char *sf_phase_name(uint32_t phase) {
  static const char *const name[] = {"CLEAR", "IDLE", "HOST", "START", "SCAN", "REPLAY", "DRAIN", "LEARN"};
  return name[phase & 7];
}
