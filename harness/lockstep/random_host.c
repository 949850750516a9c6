/* random_host.c - host accesses of a random case; see random_case.h. */
#include "lockstep/random_traffic.h"

static uint32_t below(sf_traffic *t, uint32_t n) { return sf_traffic_below(t, n); }
static bool one_in(sf_traffic *t, uint32_t n) { return sf_traffic_one_in(t, n); }

static int32_t field_value(sf_traffic *t) { /* of POTENTIAL_BITS bits */
  const int32_t hi = (int32_t)((1u << (t->d->p.potential_bits - 1)) - 1);
  return one_in(t, 4) ? (one_in(t, 2) ? hi : -hi - 1) : sf_random_range(&t->r, -hi - 1, hi);
}

static void write_word(sf_traffic *t, uint32_t addr, uint32_t word) {
  uint32_t *kept = sf_image_word(t->image, addr);
  if (kept) *kept = word;
  sf_driver_write(t->d, addr, word);
}

/* Every weight of a word the same, at an end of its range. */
static uint32_t extreme_weights(sf_traffic *t) {
  const uint32_t bits = t->d->p.weight_bits, lowest = 1u << (bits - 1), one = one_in(t, 2) ? lowest : lowest - 1;
  uint32_t word = 0;
  for (uint32_t at = 0; at < 32; at += bits) word |= one << at;
  return word;
}

static void write_weight(sf_traffic *t) {
  const uint32_t at = below(t, t->image->n_weights);
  const bool ends = t->mood == SF_BRIM ? !one_in(t, 8) : one_in(t, 4);
  write_word(t, sf_host_addr(SF_HOST_WEIGHTS, at), ends ? extreme_weights(t) : (uint32_t)sf_random_bits(&t->r));
}

/* A network that is to come to rest keeps what it is made of, and its state what it can come to rest from. */
static uint32_t still_field(sf_traffic *t, uint32_t n, uint32_t field) {
  const uint32_t *kept = sf_image_word(t->image, sf_host_addr(SF_HOST_NEURONS, n * 8 + field));
  if (kept) return *kept;
  if (field == SF_R) return below(t, 6);
  const int32_t value = field_value(t);
  return (uint32_t)(field == SF_A && value < 0 ? ~value : value);
}

static void write_neuron(sf_traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t field = below(t, 7), n = below(t, p->neurons);
  const uint32_t word = t->mood == SF_STILL   ? still_field(t, n, field)
                        : field == SF_PROFILE ? below(t, p->profiles)
                        : field == SF_R       ? below(t, 256)
                                              : (uint32_t)field_value(t);
  write_word(t, sf_host_addr(SF_HOST_NEURONS, n * 8 + field), word);
}

void sf_traffic_wake(sf_traffic *t) { write_neuron(t); }

static void write_profile(sf_traffic *t) {
  sf_profile f = sf_random_profile(&t->r, &t->d->p);
  const uint32_t field = below(t, SF_PROFILE_FIELDS), k = below(t, t->d->p.profiles);
  const uint32_t addr = sf_host_addr(SF_HOST_PROFILES, k * 16 + field);
  const uint32_t word = t->mood == SF_STILL ? *sf_image_word(t->image, addr) : (uint32_t)*sf_profile_field(&f, field);
  write_word(t, addr, word);
}

/* An entry keeps its "last" mark, so that every list still ends where it did; at the end of the table it ends
 * without. */
static void write_route(sf_traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t i = one_in(t, 8) ? p->routes - 1 : below(t, p->routes);
  const uint32_t last = i == p->routes - 1 && one_in(t, 2) ? 0 : t->image->routes[i] & 0x80000000u;
  const bool out = one_in(t, 3) || t->mood == SF_STILL;
  const uint32_t to = out ? 0x40000000u : below(t, p->delay_slots - 1) << 16 | below(t, p->axons);
  write_word(t, sf_host_addr(SF_HOST_ROUTES, i), last | to);
}

/* A neuron loses its list, or takes over the one that another neuron has at this time, or one from its middle on. */
static void write_pointer(sf_traffic *t) {
  const uint32_t n = below(t, t->d->p.neurons), other = below(t, t->d->p.neurons);
  const uint32_t was = t->image->pointers[n];
  switch (below(t, 4)) {
    case 0:
      t->image->pointers[n] = 0;
      break;
    case 1:
      t->image->pointers[n] = 0x80000000u | below(t, t->d->p.routes);
      break;
    default:
      t->image->pointers[n] = t->image->pointers[other];
      break;
  }
  if (sf_image_routes(t->image) > 60000) t->image->pointers[n] = was; /* the functional model holds 65536 */
  sf_driver_write(t->d, sf_host_addr(SF_HOST_ROUTE_POINTERS, n), t->image->pointers[n]);
}

static void write_ring(sf_traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t slot = below(t, p->delay_slots), word = below(t, sf_ring_words(p)), left = p->axons - 16 * word;
  const uint32_t mask = left < 16 ? (1u << left) - 1 : 0xFFFF;
  sf_driver_write(t->d, sf_host_addr(SF_HOST_RING, slot * sf_ring_stride(p) + word),
                  (uint32_t)sf_random_bits(&t->r) & mask);
}

void sf_traffic_preset(sf_traffic *t, uint32_t reg) {
  static const uint32_t edge[] = {0xFFFF, 0xFFFF, 0xFFFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};
  static const uint32_t high[] = {0, 0x00FF, 0x7FFF, 0xFFFF};
  const uint32_t short_of = one_in(t, 2) ? below(t, 6) : below(t, 64);
  uint32_t word = one_in(t, 8) ? (uint32_t)sf_random_bits(&t->r) : edge[below(t, 7)] - short_of;
  if ((reg == SF_REG_AXON_OPS + 1 || reg == SF_REG_BUSY_CYCLES + 1) && !one_in(t, 4)) { /* both halves of 48 bits */
    sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, reg - 1), 0xFFFFFFFF - short_of);
    word = high[below(t, 4)];
  }
  sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, reg), word);
}

static void write_register(sf_traffic *t) {
  switch (below(t, 8)) {
    case 0:
      sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), one_in(t, 3));
      break;
    case 1:
    case 2:
      sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, below(t, 0x40) & ~2u), 0xFFFFFFFFu);
      break;
    case 3:
    case 4:
      sf_traffic_preset(t, SF_REG_TICKS + below(t, SF_REG_BUSY_CYCLES + 2 - SF_REG_TICKS));
      break;
    default:
      sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_SEED), (uint32_t)sf_random_bits(&t->r));
      break;
  }
}

uint32_t sf_traffic_region(const sf_traffic *t, uint32_t region) {
  const sf_params *p = &t->d->p;
  switch (region) {
    case SF_HOST_REGISTERS:
      return 0x40;
    case SF_HOST_WEIGHTS:
      return t->image->n_weights;
    case SF_HOST_NEURONS:
      return p->neurons * 8;
    case SF_HOST_PROFILES:
      return p->profiles * 16;
    case SF_HOST_ROUTE_POINTERS:
      return p->neurons;
    case SF_HOST_ROUTES:
      return p->routes;
    default:
      return p->delay_slots * sf_ring_stride(p);
  }
}

static uint32_t in_region(sf_traffic *t, uint32_t region) {
  if (region == SF_HOST_REGISTERS && one_in(t, 2)) return one_in(t, 2) ? SF_REG_CONTROL : SF_REG_SEED;
  return below(t, sf_traffic_region(t, region));
}

/* An address that is not mapped, and what a decoder would take it for that looks at too few of its bits, or at one word
 * too many: past the end of a region, an address of a region with a bit more, or no region at all. */
static uint32_t beyond(sf_traffic *t, uint32_t *near) {
  const uint32_t region = one_in(t, 6) ? SF_HOST_REGISTERS : below(t, SF_HOST_RING + 1);
  const uint32_t size = sf_traffic_region(t, region), bits = sf_clog2(size), at = in_region(t, region);
  const uint32_t over = one_in(t, 3) ? 0 : one_in(t, 3) ? 27 - bits : below(t, 28 - bits); /* the lowest, the highest */
  uint32_t offset = at | 1u << bits << over;
  *near = sf_host_addr(region, at);
  switch (below(t, 4)) {
    case 0:
      return sf_host_addr(region + 8 + (one_in(t, 8) && region == SF_HOST_RING), at);
    case 1:
      offset = size + (one_in(t, 2) ? 0 : below(t, 16));
      if (region == SF_HOST_ROUTES && one_in(t, 2)) offset = size | 1u << 16; /* an index is 16 bits */
      break;
    default:
      break;
  }
  if ((offset & ((1u << bits) - 1)) < size) *near = sf_host_addr(region, offset & ((1u << bits) - 1));
  return sf_host_addr(region, offset);
}

void sf_traffic_stray(sf_traffic *t) {
  uint32_t near;
  const uint32_t addr = beyond(t, &near);
  const uint32_t *kept = sf_image_word(t->image, near);
  if (one_in(t, 2)) {
    sf_driver_read(t->d, addr);
    return;
  }
  sf_driver_write(t->d, addr, kept ? ~*kept : (uint32_t)sf_random_bits(&t->r) | 1); /* 1: the restart of CONTROL */
  if (!one_in(t, 4)) sf_driver_read(t->d, near);
}

void sf_traffic_write(sf_traffic *t) {
  switch (below(t, 6)) {
    case 0:
    case 1:
      write_weight(t);
      break;
    case 2:
      write_neuron(t);
      break;
    case 3:
      write_profile(t);
      break;
    case 4:
      write_route(t);
      break;
    default:
      write_pointer(t);
      break;
  }
}

static void read_anywhere(sf_traffic *t) {
  const uint32_t region = below(t, 9);
  if (region <= SF_HOST_RING) sf_driver_read(t->d, sf_host_addr(region, below(t, sf_traffic_region(t, region))));
  else if (region == 7) sf_driver_read(t->d, sf_host_addr(1 + below(t, 6), 0x0FFFFFFFu - below(t, 16)));
  else sf_driver_read(t->d, sf_host_addr(7 + below(t, 9), below(t, 64)));
}

void sf_traffic_host(sf_traffic *t) {
  switch (below(t, 20)) {
    case 0:
      write_weight(t);
      break;
    case 1:
    case 2:
      write_neuron(t);
      break;
    case 3:
      write_profile(t);
      break;
    case 4:
      write_route(t);
      break;
    case 5:
      write_pointer(t);
      break;
    case 6:
      write_ring(t);
      break;
    case 7:
      if (one_in(t, 2)) write_register(t);
      break;
    case 8:
    case 9:
    case 10:
      sf_traffic_stray(t);
      break;
    default:
      read_anywhere(t);
      break;
  }
}
