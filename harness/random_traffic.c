/* random_traffic.c - what a random case does to its core; see random_case.h. */
#include "random_case.h"

typedef struct traffic {
  sf_random r;
  sf_driver *d;
  sf_image *image; /* as the host has written it */
  bool calm;       /* ticks without events come often */
} traffic;

static uint32_t below(traffic *t, uint32_t n) { return sf_random_below(&t->r, n); }

static int32_t field_value(traffic *t) { /* of POTENTIAL_BITS bits */
  const int32_t hi = (int32_t)((1u << (t->d->p.potential_bits - 1)) - 1);
  return sf_random_one_in(&t->r, 4) ? (sf_random_one_in(&t->r, 2) ? hi : -hi - 1) : sf_random_range(&t->r, -hi - 1, hi);
}

static void write_word(traffic *t, uint32_t addr, uint32_t word) {
  uint32_t *kept = sf_image_word(t->image, addr);
  if (kept) *kept = word;
  sf_driver_write(t->d, addr, word);
}

static void write_weight(traffic *t) {
  write_word(t, sf_host_addr(SF_HOST_WEIGHTS, below(t, t->image->n_weights)), (uint32_t)sf_random_bits(&t->r));
}

static void write_neuron(traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t field = below(t, 7), n = below(t, p->neurons);
  const uint32_t word = field == SF_PROFILE ? below(t, p->profiles)
                        : field == SF_R     ? below(t, 256)
                                            : (uint32_t)field_value(t);
  write_word(t, sf_host_addr(SF_HOST_NEURONS, n * 8 + field), word);
}

static void write_profile(traffic *t) {
  sf_profile f = sf_random_profile(&t->r, &t->d->p);
  const uint32_t field = below(t, SF_PROFILE_FIELDS), k = below(t, t->d->p.profiles);
  write_word(t, sf_host_addr(SF_HOST_PROFILES, k * 16 + field), (uint32_t)*sf_host_profile_field(&f, field));
}

/* An entry keeps its "last" mark, so that every list still ends where it did; at the end of the table it ends
 * without. */
static void write_route(traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t i = sf_random_one_in(&t->r, 8) ? p->routes - 1 : below(t, p->routes);
  const uint32_t last = i == p->routes - 1 && sf_random_one_in(&t->r, 2) ? 0 : t->image->routes[i] & 0x80000000u;
  const uint32_t to =
      sf_random_one_in(&t->r, 3) ? 0x40000000u : below(t, p->delay_slots - 1) << 16 | below(t, p->axons);
  write_word(t, sf_host_addr(SF_HOST_ROUTES, i), last | to);
}

/* A neuron loses its list, or takes over the one that another neuron has at this time, or one from its middle on. */
static void write_pointer(traffic *t) {
  const uint32_t n = below(t, t->d->p.neurons), other = below(t, t->d->p.neurons);
  const uint32_t was = t->image->pointers[n];
  switch (below(t, 4)) {
    case 0: t->image->pointers[n] = 0; break;
    case 1: t->image->pointers[n] = 0x80000000u | below(t, t->d->p.routes); break;
    default: t->image->pointers[n] = t->image->pointers[other]; break;
  }
  if (sf_image_routes(t->image) > 60000) t->image->pointers[n] = was; /* the functional model holds 65536 */
  sf_driver_write(t->d, sf_host_addr(SF_HOST_ROUTE_POINTERS, n), t->image->pointers[n]);
}

static void write_ring(traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t slot = below(t, p->delay_slots), word = below(t, sf_ring_words(p)), left = p->axons - 16 * word;
  const uint32_t mask = left < 16 ? (1u << left) - 1 : 0xFFFF;
  sf_driver_write(t->d, sf_host_addr(SF_HOST_RING, slot * sf_ring_stride(p) + word),
                  (uint32_t)sf_random_bits(&t->r) & mask);
}

/* The tick or a counter, often just below a carry that the rest of the case will reach. */
static void write_counter(traffic *t) {
  static const uint32_t edge[] = {0xFFFF, 0xFFFFFF, 0x7FFFFFFF, 0xFFFFFFFF};
  const uint32_t at = SF_REG_TICKS + below(t, SF_REG_BUSY_CYCLES + 2 - SF_REG_TICKS);
  const uint32_t word = sf_random_one_in(&t->r, 4) ? (uint32_t)sf_random_bits(&t->r) : edge[below(t, 4)] - below(t, 40);
  sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, at), word);
}

static void write_register(traffic *t) {
  switch (below(t, 5)) {
    case 0: sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), sf_random_one_in(&t->r, 3)); break;
    case 1:
      sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, 0x08 + below(t, 0x30)), 0xFFFFFFFFu);
      break; /* read only, or sets a counter */
    case 2:
    case 3: write_counter(t); break;
    default:
      sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_SEED), (uint32_t)sf_random_bits(&t->r));
      break;
  }
}

/* Anywhere: mapped, past the end of a region, no region at all. */
static uint32_t any_address(traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t ring = p->delay_slots * sf_ring_stride(p);
  switch (below(t, 9)) {
    case 0: return sf_host_addr(SF_HOST_REGISTERS, below(t, 0x40));
    case 1: return sf_host_addr(SF_HOST_WEIGHTS, below(t, t->image->n_weights));
    case 2: return sf_host_addr(SF_HOST_NEURONS, below(t, p->neurons * 8));
    case 3: return sf_host_addr(SF_HOST_PROFILES, below(t, p->profiles * 16));
    case 4: return sf_host_addr(SF_HOST_ROUTE_POINTERS, below(t, p->neurons));
    case 5: return sf_host_addr(SF_HOST_ROUTES, below(t, p->routes));
    case 6: return sf_host_addr(SF_HOST_RING, below(t, ring));
    case 7: return sf_host_addr(1 + below(t, 6), 0x0FFFFFFFu - below(t, 16));
    default: return sf_host_addr(7 + below(t, 9), below(t, 64));
  }
}

static void host(traffic *t) {
  switch (below(t, 20)) {
    case 0: write_weight(t); break;
    case 1:
    case 2: write_neuron(t); break;
    case 3: write_profile(t); break;
    case 4: write_route(t); break;
    case 5: write_pointer(t); break;
    case 6: write_ring(t); break;
    case 7:
      if (sf_random_one_in(&t->r, 4)) write_register(t);
      break;
    case 8: sf_driver_write(t->d, sf_host_addr(7 + below(t, 9), below(t, 64)), 0xFFFFFFFFu); break; /* unmapped */
    default: sf_driver_read(t->d, any_address(t)); break;
  }
}

static void events(traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t most = sf_random_one_in(&t->r, 4) ? p->axons : 12, n = below(t, most + 1);
  const uint32_t near = below(t, p->axons); /* some fall on the same word, or the same axon */
  for (uint32_t i = 0; i < n; i++) {
    uint32_t axon = sf_random_one_in(&t->r, 4) ? near ^ below(t, 4) : below(t, p->axons);
    if (sf_random_one_in(&t->r, 32)) axon = below(t, 1u << sf_clog2(p->axons)); /* may not exist: dropped */
    axon &= (1u << sf_clog2(p->axons)) - 1;
    sf_driver_event_delay(t->d, axon, sf_random_one_in(&t->r, 2) ? 0 : below(t, p->delay_slots));
  }
}

static void disturb(traffic *t) {
  sf_stalls s = {0};
  if (!sf_random_one_in(&t->r, 3)) {
    static const uint8_t chance[] = {0, 0, 10, 64, 128, 220};
    s = (sf_stalls){.out = chance[below(t, 6)],
                    .in = chance[below(t, 6)],
                    .host = chance[below(t, 6)],
                    .tick = chance[below(t, 6)],
                    .out_burst = chance[below(t, 4)],
                    .garbage = !sf_random_one_in(&t->r, 4)};
  }
  sf_driver_disturb(t->d, &s, sf_random_bits(&t->r));
}

static sf_err run(traffic *t, uint32_t cycles, sf_msg *msg) {
  if (msg) msg->text[0] = '\0';
  t->d->msg = msg;
  for (uint32_t i = 0; i < cycles; i++)
    if (!sf_driver_cycle(t->d)) return t->d->err ? t->d->err : SF_EFAIL;
  return SF_OK;
}

/* Ticks without events, so that neurons come to rest and their groups are passed over; sometimes the host wakes them. */
static sf_err silence(traffic *t, sf_msg *msg) {
  sf_err err = sf_driver_finish(t->d, msg);
  for (uint32_t n = 1 + below(t, 8); !err && n; n--) {
    if (sf_random_one_in(&t->r, 6)) {
      if (sf_random_one_in(&t->r, 2)) write_neuron(t);
      else host(t);
      err = sf_driver_finish(t->d, msg);
    }
    if (err) break;
    sf_driver_tick_any(t->d);
    if (!sf_random_one_in(&t->r, 4)) err = sf_driver_finish(t->d, msg);
  }
  return err ? err : sf_driver_finish(t->d, msg);
}

/* Some of everything at once, then a while of clocking: until all is done, or not even until it was accepted. */
static sf_err round_of(traffic *t, sf_msg *msg) {
  sf_err err;
  if (t->calm && !sf_random_one_in(&t->r, 3) && (err = silence(t, msg))) return err;
  if (sf_random_one_in(&t->r, 8)) disturb(t);
  if (!sf_random_one_in(&t->r, 4)) events(t);
  for (uint32_t n = sf_random_one_in(&t->r, 3) ? below(t, 8) : 0; n; n--) host(t);
  for (uint32_t n = sf_random_one_in(&t->r, 6) ? below(t, 5) : 1; n; n--) sf_driver_tick_any(t->d);
  if (sf_random_one_in(&t->r, 3)) err = run(t, below(t, 400), msg);
  else err = sf_driver_finish(t->d, msg);
  sf_driver_clear(t->d);
  if (err || !sf_random_one_in(&t->r, 24)) return err;
  if (!sf_random_one_in(&t->r, 3)) return sf_driver_reset(t->d, 1 + below(t, 3), msg);
  sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), 1);
  return SF_OK;
}

/* Every memory: all words where there are few, a sample where there are many. */
static sf_err read_back(traffic *t, sf_msg *msg) {
  const sf_params *p = &t->d->p;
  const uint32_t size[] = {0x40,
                           t->image->n_weights,
                           p->neurons * 8,
                           p->profiles * 16,
                           p->neurons,
                           p->routes,
                           p->delay_slots * sf_ring_stride(p)};
  sf_err err = SF_OK;
  for (uint32_t region = 0; !err && region <= SF_HOST_RING; region++) {
    const uint32_t most = 256, n = size[region] < most ? size[region] : most;
    for (uint32_t i = 0; i < n; i++)
      sf_driver_read(t->d, sf_host_addr(region, size[region] <= most ? i : below(t, size[region])));
    err = sf_driver_finish(t->d, msg);
    sf_driver_clear(t->d);
  }
  return err;
}

sf_err sf_random_traffic(uint64_t seed, uint64_t number, sf_driver *d, sf_image *image, uint64_t cycles, sf_msg *msg) {
  traffic t = {.r = sf_random_new(seed, number, 3), .d = d, .image = image, .calm = sf_random_calm(number)};
  const uint64_t end = d->cycle + cycles;
  sf_err err = SF_OK;
  disturb(&t);
  while (!err && d->cycle < end) err = round_of(&t, msg);
  if (!err) err = sf_driver_finish(d, msg);
  sf_driver_disturb(d, &(sf_stalls){0}, 1);
  return err ? err : read_back(&t, msg);
}
