/* watch_host.c - the host bus as the watch sees it: writes change the functional model, reads are compared with it. */
#include "lockstep/watch_parts.h"
#include "model/model_probe.h"

static bool write_state(sf_watch *w, uint32_t neuron, uint32_t field) {
  const unsigned bits = field == SF_R ? 8 : w->p.potential_bits;
  const int32_t value = field == SF_R ? (int32_t)(w->data & 255) : sf_sext(w->data, bits);
  return !sf_model_poke(w->model, 0, neuron, (sf_field)field, value);
}

static bool write_weights(sf_watch *w, uint32_t at) {
  const sf_params *p = &w->p;
  const sf_word_weights of = sf_weight_word(p, at);
  const uint32_t used = of.count * p->weight_bits;
  w->image->weights[at] = used < 32 ? w->data & (((uint32_t)1 << used) - 1) : w->data;
  for (uint32_t i = 0; i < of.count; i++) {
    const int32_t weight = sf_weight_value(p, w->data >> i * p->weight_bits);
    if (sf_model_poke_weight(w->model, 0, of.axon, of.neuron + i, weight)) return false;
  }
  return true;
}

static bool write_profile(sf_watch *w, uint32_t k, uint32_t field) {
  sf_profile f;
  w->image->profiles[k * SF_PROFILE_FIELDS + field] = w->data;
  for (uint32_t i = 0; i < SF_PROFILE_FIELDS; i++)
    *sf_profile_field(&f, i) = (int32_t)w->image->profiles[k * SF_PROFILE_FIELDS + i];
  return !sf_model_poke_profile(w->model, 0, k, &f, NULL);
}

static bool built(const sf_params *p, uint32_t field) { /* of a profile */
  return field == 1                  ? p->has_current
         : field == 8                ? p->has_refractory
         : field == 9 || field == 10 ? p->has_adaptation
         : field == 11               ? p->has_noise
                                     : true;
}

/* What AXON_OPS counts: 48 bits. */
static uint64_t axon_ops(const sf_watch *w) {
  return sf_watch_counters(w).active_axons * sf_groups(&w->p) + w->axon_ops;
}

/* A write to the tick or a counter. Differences, for what counts on is the model. */
static bool preset(sf_watch *w, uint32_t at) {
  const uint64_t low = 0xFFFFFFFF, high = (uint64_t)w->data << 32;
  if (!sf_watch_renew(w)) return false;
  const sf_counters c = sf_watch_counters(w);
  const uint64_t ops = axon_ops(w);
  switch (at) {
    case SF_REG_TICKS:
      w->before.ticks += w->data - c.ticks;
      sf_model_set_tick(w->model, w->data);
      w->stale = true; /* events stay in their slots: their delays change */
      if (w->untimed) w->untimed = w->p.delay_slots + 1;
      break;
    case SF_REG_EVENTS_IN:
      w->before.events_in += w->data - (c.events_in + c.dropped);
      break;
    case SF_REG_EVENTS_OUT:
      w->before.events_out += w->data - c.events_out;
      break;
    case SF_REG_MERGES:
      w->before.merges += w->data - c.merges;
      break;
    case SF_REG_DROPPED:
      w->before.events_in -= w->data - c.dropped; /* EVENTS_IN is the sum, and stays */
      w->before.dropped += w->data - c.dropped;
      break;
    case SF_REG_AXON_OPS:
      w->axon_ops += w->data - (ops & low);
      break;
    case SF_REG_AXON_OPS + 1:
      w->axon_ops += high - (ops & ~low);
      break;
    case SF_REG_BUSY_CYCLES:
      w->busy_total = (w->busy_total & ~low) | w->data;
      break;
    default:
      w->busy_total = (w->busy_total & low) | high;
      break;
  }
  return true;
}

/* The core has executed the write: follow it. Values are taken to be in range: the writer's duty. */
static bool apply(sf_watch *w) {
  const uint32_t region = w->addr >> 28, at = w->addr & 0x0FFFFFFF;
  uint32_t *word = sf_image_word(w->image, w->addr);
  bool good = true;
  if (region == SF_HOST_REGISTERS && at == SF_REG_CONTROL && w->data & 1) sf_watch_restart(w);
  else if (region == SF_HOST_REGISTERS && at == SF_REG_SEED && w->p.has_noise) {
    w->image->seed = w->data;
    good = !sf_model_poke_seed(w->model, 0, w->data);
  } else if (region == SF_HOST_REGISTERS && at >= SF_REG_TICKS && at <= SF_REG_BUSY_CYCLES + 1 && !w->no_probes) {
    if (!preset(w, at)) return false;
  } else if (region == SF_HOST_WEIGHTS && word) good = write_weights(w, at);
  else if (region == SF_HOST_NEURONS && word) {
    *word = w->data;
    good = !sf_model_poke(w->model, 0, at / 8, (sf_field)(at % 8), (int32_t)w->data);
  } else if (region == SF_HOST_NEURONS && at / 8 < w->p.neurons && at % 8 <= SF_A)
    good = write_state(w, at / 8, at % 8);
  else if (region == SF_HOST_PROFILES && word && built(&w->p, at % 16)) good = write_profile(w, at / 16, at % 16);
  else if ((region == SF_HOST_ROUTE_POINTERS || region == SF_HOST_ROUTES) && word) {
    *word = w->data;
    w->stale = true;
  } else if (region == SF_HOST_RING && at < w->p.delay_slots * sf_ring_stride(&w->p)) {
    const uint32_t slot = at / sf_ring_stride(&w->p), first = at % sf_ring_stride(&w->p) * 16;
    for (uint32_t i = 0; i < 16 && first + i < w->p.axons; i++)
      w->ring[(size_t)slot * w->p.axons + first + i] = w->data >> i & 1;
    w->stale = true;
    w->untimed = w->p.delay_slots + 1; /* after such a slot every group is due */
  }
  /* Fields that are not built wake the groups too. */
  if ((region == SF_HOST_NEURONS && at / 8 < w->p.neurons) || (region == SF_HOST_PROFILES && at / 16 < w->p.profiles))
    sf_model_wake(w->model, 0);
  return good || sf_watch_found(w, "host write of a value that the functional model refuses", SF_AT_ADDRESS, w->addr, 0,
                                w->data);
}

/* What a read must answer; false: only the clocked sides know (version, ring words past the last axon). */
static bool answer(sf_watch *w, uint32_t *word) {
  const uint32_t region = w->addr >> 28, at = w->addr & 0x0FFFFFFF;
  const uint32_t *kept = sf_image_word(w->image, w->addr);
  *word = 0;
  if (kept) {
    *word = region == SF_HOST_PROFILES && !built(&w->p, at % 16) ? 0 : *kept;
  } else if (region == SF_HOST_NEURONS && at / 8 < w->p.neurons && at % 8 <= SF_A) {
    int32_t value = 0;
    if (sf_model_peek(w->model, 0, at / 8, (sf_field)(at % 8), &value)) return false;
    *word = (uint32_t)value;
  } else if (region == SF_HOST_RING && at < w->p.delay_slots * sf_ring_stride(&w->p)) {
    const uint32_t slot = at / sf_ring_stride(&w->p), first = at % sf_ring_stride(&w->p) * 16;
    if (first + 16 > w->p.axons) return false;
    for (uint32_t i = 0; i < 16; i++) *word |= (uint32_t)w->ring[(size_t)slot * w->p.axons + first + i] << i;
  } else if (region == SF_HOST_REGISTERS) {
    if (!sf_watch_renew(w)) return false;
    const sf_counters c = sf_watch_counters(w);
    const uint64_t ops = axon_ops(w);
    if (at >= SF_REG_PARAMETERS && at < SF_REG_PARAMETERS + SF_PARAMETER_REGISTERS) {
      *word = sf_image_parameter(&w->p, at - SF_REG_PARAMETERS);
      return true;
    }
    switch (at) {
      case SF_REG_ID:
        *word = SF_HOST_ID;
        break;
      case SF_REG_SEED:
        *word = w->p.has_noise ? w->image->seed : 0;
        break;
      case SF_REG_TICKS: /* accepted at the port */
        *word = (uint32_t)c.ticks;
        break;
      case SF_REG_EVENTS_IN:
        *word = (uint32_t)(c.events_in + c.dropped);
        break;
      case SF_REG_EVENTS_OUT:
        *word = (uint32_t)c.events_out;
        break;
      case SF_REG_MERGES:
        *word = (uint32_t)c.merges;
        break;
      case SF_REG_DROPPED:
        *word = (uint32_t)c.dropped;
        break;
      case SF_REG_AXON_OPS:
        *word = (uint32_t)ops;
        break;
      case SF_REG_AXON_OPS + 1:
        *word = (uint32_t)(ops >> 32 & 0xFFFF);
        break;
      case SF_REG_BUSY_CYCLES:
        *word = (uint32_t)w->busy_total;
        break;
      case SF_REG_BUSY_CYCLES + 1:
        *word = (uint32_t)(w->busy_total >> 32 & 0xFFFF);
        break;
      case SF_REG_VERSION:
        return false;
      default:
        break;
    }
  }
  return true;
}

/* The first look at what a write that a reset cut off has left: either is right; what is there holds from now on. */
static bool executed(sf_watch *w, uint32_t before, uint32_t seen) {
  if (!w->unsure || w->addr != w->unsure_addr) return true;
  w->unsure = false;
  if (seen == before) return true;
  w->data = w->unsure_data;
  return apply(w);
}

bool sf_watch_host_over(sf_watch *w, const sf_core_ports *o) {
  uint32_t word;
  w->pending = false;
  if (w->is_write) {
    w->unsure &= w->addr != w->unsure_addr;
    return apply(w);
  }
  if (!answer(w, &word)) return !w->failed;
  if (!executed(w, word, o->host_rdata) || !answer(w, &word)) return !w->failed;
  w->reads++;
  if (word == o->host_rdata) return true;
  return sf_watch_found(w, "host read", SF_AT_ADDRESS, w->addr, word, o->host_rdata);
}
