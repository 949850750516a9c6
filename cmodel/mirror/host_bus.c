/* host_bus.c - C twin of rtl/host_bus.v. */
#include "mirror/host_bus.h"

void sf_host_bus_init(sf_host_bus *m, const sf_sizes *sizes) { *m = (sf_host_bus){.sizes = sizes, .probe = true}; }

sf_access sf_host_bus_access(const sf_host_bus *m, bool grant) {
  const sf_sizes *const z = SF_SIZES(m);
  const uint32_t region = m->addr_q >> 28, offset = m->addr_q & 0x0fffffff;
  sf_access a = {
      .write = m->write_q, .address = offset, .index = offset & 0xffff, .field = offset & 15, .wdata = m->wdata_q};
  if (!grant || m->step_q != 3) return a;
  bool mapped = false;
  switch (region) {
    case SF_ACCESS_WEIGHT:
      mapped = offset < z->rows * z->row_words;
      break;
    case SF_ACCESS_NEURON:
      mapped = offset >> 3 < z->neurons;
      a.index = offset >> 3 & 0xffff;
      a.field = offset & 7;
      break;
    case SF_ACCESS_PROFILE:
      mapped = offset >> 4 < z->profiles;
      a.index = offset >> 4 & 0xffff;
      break;
    case SF_ACCESS_POINTER:
      mapped = offset < z->neurons;
      break;
    case SF_ACCESS_ENTRY:
      mapped = offset < z->routes;
      break;
    case SF_ACCESS_RING:
      mapped = offset < z->delay_slots << z->ring_shift;
      break;
    default:
      break;
  }
  if (mapped) a.region = (enum sf_access_region)region;
  return a;
}

static uint32_t read_register(const sf_host_bus *m, uint32_t offset) {
  const sf_sizes *const z = SF_SIZES(m);
  switch (offset) {
    case 0x00:
      return 0x53594e46; /* "SYNF" */
    case 0x01:
      return 0x00000100; /* version 0.1.0 */
    case 0x03:
      return m->seed_q;
    case 0x08:
      return m->tick;
    case 0x09:
      return m->events_in_q;
    case 0x0A:
      return m->events_out_q;
    case 0x0B:
      return m->merges_q;
    case 0x0C:
      return m->dropped_q;
    case 0x0D:
      return (uint32_t)m->axon_ops_q;
    case 0x0E:
      return (uint32_t)(m->axon_ops_q >> 32) & 0xffff;
    case 0x0F:
      return (uint32_t)m->busy_q;
    case 0x10:
      return (uint32_t)(m->busy_q >> 32) & 0xffff;
    case 0x20:
      return z->axons;
    case 0x21:
      return z->neurons;
    case 0x22:
      return z->lanes;
    case 0x23:
      return z->neuron_lanes;
    case 0x24:
      return z->learning_lanes;
    case 0x25:
      return z->weight_bits;
    case 0x26:
      return z->potential_bits;
    case 0x27:
      return z->delay_slots;
    case 0x28:
      return z->profiles;
    case 0x29:
      return z->routes;
    case 0x2A:
      return z->has_current | z->has_refractory << 1 | z->has_adaptation << 2 | z->has_noise << 3 | z->leak_shift << 4;
    default:
      return 0;
  }
}

static void preset_counter(sf_host_bus *m, uint32_t offset) {
  const uint64_t word = m->wdata_q, low = 0xffffffff, high = word << 32 & 0xffff00000000;
  switch (offset) {
    case 0x09:
      m->events_in_q = m->wdata_q;
      break;
    case 0x0A:
      m->events_out_q = m->wdata_q;
      break;
    case 0x0B:
      m->merges_q = m->wdata_q;
      break;
    case 0x0C:
      m->dropped_q = m->wdata_q;
      break;
    case 0x0D:
      m->axon_ops_q = (m->axon_ops_q & ~low) | word;
      break;
    case 0x0E:
      m->axon_ops_q = (m->axon_ops_q & low) | high;
      break;
    case 0x0F:
      m->busy_q = (m->busy_q & ~low) | word;
      break;
    case 0x10:
      m->busy_q = (m->busy_q & low) | high;
      break;
    default:
      break; /* TICKS is core_control's */
  }
}

void sf_host_bus_step(sf_host_bus *m, const sf_host_bus_in *in) {
  const bool done = sf_host_done(m, in->grant), ready = !m->pending_q;
  const uint32_t region = m->addr_q >> 28, offset = m->addr_q & 0x0fffffff;
  if (in->grant && m->step_q == 3) m->rdata = 0;
  if (in->read_now) m->rdata = in->rdata; /* the Verilog's memories hold their word until the answer leaves */
  m->host_rvalid = done && !m->write_q;
  if (m->host_rvalid) m->host_rdata = region == 0 ? read_register(m, offset) : m->rdata;
  if (SF_SIZES(m)->has_noise && in->grant && m->step_q == 3 && m->write_q && m->addr_q == 3) m->seed_q = m->wdata_q;
  preset_counter(m, sf_host_preset(m, in->grant));
  if (in->rst || in->clear) {
    m->events_in_q = m->events_out_q = m->merges_q = m->dropped_q = 0;
    m->axon_ops_q = m->busy_q = 0;
  }

  if (ready) {
    m->write_q = in->host_write;
    m->addr_q = in->host_addr;
    m->wdata_q = in->host_wdata;
  }
  if (done) m->pending_q = false;
  else if (in->host_valid) m->pending_q = true;
  m->step_q = in->grant && !done ? m->step_q + 1 : 0;
  if (in->rst) {
    m->pending_q = m->host_rvalid = false;
    m->step_q = 0;
    m->seed_q = 0;
  }
}
