/* random_traffic.c - what a random case does to its core; see random_case.h. */
#include "lockstep/random_traffic.h"

static uint32_t below(sf_traffic *t, uint32_t n) { return sf_traffic_below(t, n); }
static bool one_in(sf_traffic *t, uint32_t n) { return sf_traffic_one_in(t, n); }

static void events(sf_traffic *t) {
  const sf_params *p = &t->d->p;
  const uint32_t most = one_in(t, 4) ? p->axons : 12, n = below(t, most + 1);
  const uint32_t near = below(t, p->axons); /* some fall on the same word, or the same axon */
  for (uint32_t i = 0; i < n; i++) {
    uint32_t axon = one_in(t, 4) ? near ^ below(t, 4) : below(t, p->axons);
    if (one_in(t, 32)) axon = below(t, 1u << sf_clog2(p->axons)); /* may not exist: dropped */
    axon &= (1u << sf_clog2(p->axons)) - 1;
    sf_driver_event_delay(t->d, axon, one_in(t, 2) ? 0 : below(t, p->delay_slots));
  }
}

/* Every axon in one tick, or nearly: stalls, other events and the ring's slots take their share. */
static void events_of_all(sf_traffic *t) {
  const uint32_t delay = one_in(t, 4) ? below(t, t->d->p.delay_slots) : 0;
  for (uint32_t axon = 0; axon < t->d->p.axons; axon++) sf_driver_event_delay(t->d, axon, delay);
}

static void disturb(sf_traffic *t) {
  sf_stalls s = {0};
  if (!one_in(t, 3)) {
    static const uint8_t chance[] = {0, 0, 10, 64, 128, 220};
    s = (sf_stalls){.out = chance[below(t, 6)],
                    .in = chance[below(t, 6)],
                    .host = chance[below(t, 6)],
                    .tick = chance[below(t, 6)],
                    .out_burst = chance[below(t, 4)],
                    .garbage = !one_in(t, 4)};
  }
  sf_driver_disturb(t->d, &s, sf_random_bits(&t->r));
}

static sf_err run(sf_traffic *t, uint32_t cycles, sf_msg *msg) {
  if (msg) msg->text[0] = '\0';
  t->d->msg = msg;
  for (uint32_t i = 0; i < cycles; i++)
    if (!sf_driver_cycle(t->d)) return t->d->err ? t->d->err : SF_EFAIL;
  return SF_OK;
}

/* Ticks without events, so that neurons come to rest and groups are passed over; sometimes the host wakes them. */
static sf_err silence(sf_traffic *t, sf_msg *msg) {
  sf_err err = sf_driver_finish(t->d, msg);
  for (uint32_t n = 1 + below(t, t->mood == SF_STILL ? 32 : 8); !err && n; n--) {
    if (one_in(t, t->mood == SF_STILL ? 24 : 6)) {
      if (one_in(t, 2)) sf_traffic_wake(t);
      else sf_traffic_host(t);
      err = sf_driver_finish(t->d, msg);
    }
    if (err) break;
    sf_driver_tick_any(t->d);
    if (!one_in(t, 4)) err = sf_driver_finish(t->d, msg);
  }
  return err ? err : sf_driver_finish(t->d, msg);
}

/* One tick, or as many as it takes, in which every axon is active. */
static sf_err flood(sf_traffic *t, sf_msg *msg) {
  sf_err err = sf_driver_finish(t->d, msg); /* nothing else under way: the events come within one tick */
  if (err) return err;
  events_of_all(t);
  err = sf_driver_finish(t->d, msg);
  for (uint32_t n = 1 + below(t, 4); n; n--) sf_driver_tick_any(t->d);
  return err ? err : sf_driver_finish(t->d, msg);
}

/* On to a tick and counts that would take days to reach, over the carry, and look. */
static sf_err jump(sf_traffic *t, sf_msg *msg) {
  sf_err err = sf_driver_finish(t->d, msg);
  if (!one_in(t, 3)) sf_traffic_preset(t, SF_REG_TICKS);
  for (uint32_t reg = SF_REG_EVENTS_IN; reg < SF_REG_BUSY_CYCLES + 2; reg++)
    if (one_in(t, 2)) sf_traffic_preset(t, reg);
  if (!err) err = sf_driver_finish(t->d, msg);
  for (uint32_t n = 1 + below(t, 12); !err && n; n--) {
    if (one_in(t, 2)) events(t);
    sf_driver_tick_any(t->d);
    if (!one_in(t, 4)) err = sf_driver_finish(t->d, msg);
  }
  if (!err) err = sf_driver_finish(t->d, msg);
  for (uint32_t reg = SF_REG_TICKS; reg < SF_REG_BUSY_CYCLES + 2; reg++)
    sf_driver_read(t->d, sf_host_addr(SF_HOST_REGISTERS, reg));
  return err ? err : sf_driver_finish(t->d, msg);
}

/* Mostly the shortest reset: whatever it forgets has no second cycle to drain. */
static sf_err reset(sf_traffic *t, sf_msg *msg) {
  t->d->look = !one_in(t, 3);
  return sf_driver_reset(t->d, one_in(t, 2) ? 1 : 1 + below(t, 3), msg);
}

/* A reset in the middle of a write, which takes 5 cycles: was it executed? */
static sf_err cut_write(sf_traffic *t, sf_msg *msg) {
  sf_err err = sf_driver_finish(t->d, msg);
  sf_traffic_write(t);
  if (!err) err = run(t, 2 + below(t, 8), msg);
  return err ? err : reset(t, msg);
}

/* A tick or an access, and a reset in the middle of it, often so early that events, rows of weights and marks are on
 * their way; then perhaps another one while the core clears itself. */
static sf_err cut_short(sf_traffic *t, sf_msg *msg) {
  const sf_params *p = &t->d->p;
  const uint32_t whole = 64 + sf_groups(p) * (p->lanes / p->neuron_lanes + 16);
  if (one_in(t, 3)) return cut_write(t, msg);
  if (one_in(t, 2)) events_of_all(t);
  else events(t);
  sf_err err = one_in(t, 4) ? SF_OK : sf_driver_finish(t->d, msg);
  for (uint32_t n = one_in(t, 3) ? 1 + below(t, 3) : 0; n; n--) sf_traffic_host(t);
  sf_driver_tick_any(t->d);
  const uint32_t when = one_in(t, 4)   ? below(t, whole)
                        : one_in(t, 2) ? below(t, 48)
                                       : 10 + below(t, 24); /* the stream */
  if (!err) err = run(t, when, msg);
  if (!err) err = reset(t, msg);
  if (err || !one_in(t, 8)) return err;
  err = run(t, below(t, 24), msg);
  return err ? err : reset(t, msg);
}

/* That some times; then perhaps ticks without events, which show what had to rest again. */
static sf_err break_off(sf_traffic *t, sf_msg *msg) {
  sf_err err = SF_OK;
  for (uint32_t n = 1 + below(t, 6); !err && n; n--) err = cut_short(t, msg);
  const bool rest = t->mood == SF_STILL || (t->mood == SF_CALM && one_in(t, 3));
  return err || !rest ? err : silence(t, msg);
}

/* Some of everything at once, then a while of clocking: until all is done, or not even until it was accepted. */
static sf_err round_of(sf_traffic *t, sf_msg *msg) {
  const bool calm = t->mood == SF_CALM || t->mood == SF_STILL;
  sf_err err = SF_OK;
  if (calm && !one_in(t, 3)) err = silence(t, msg);
  if (!err && one_in(t, t->mood == SF_BRIM ? 3 : 20)) err = flood(t, msg);
  if (!err && one_in(t, 16)) err = jump(t, msg);
  if (!err && one_in(t, t->mood == SF_STILL ? 8 : 16)) err = break_off(t, msg);
  if (err) return err;
  if (one_in(t, 8)) disturb(t);
  if (!one_in(t, 4)) events(t);
  for (uint32_t n = one_in(t, 3) ? below(t, 8) : 0; n; n--) sf_traffic_host(t);
  for (uint32_t n = one_in(t, 6) ? below(t, 5) : 1; n; n--) sf_driver_tick_any(t->d);
  if (one_in(t, 3)) err = run(t, below(t, 400), msg);
  else err = sf_driver_finish(t->d, msg);
  sf_driver_clear(t->d);
  if (err || !one_in(t, 24)) return err;
  if (!one_in(t, 3)) return reset(t, msg);
  sf_driver_write(t->d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), 1);
  return SF_OK;
}

/* Every memory: all words where there are few, a sample where there are many; after accesses beyond them. */
static sf_err read_back(sf_traffic *t, sf_msg *msg) {
  for (int i = 0; i < 160; i++) sf_traffic_stray(t);
  sf_err err = sf_driver_finish(t->d, msg);
  for (uint32_t region = 0; !err && region <= SF_HOST_RING; region++) {
    const uint32_t most = 256, size = sf_traffic_region(t, region), n = size < most ? size : most;
    for (uint32_t i = 0; i < n; i++) sf_driver_read(t->d, sf_host_addr(region, size <= most ? i : below(t, size)));
    err = sf_driver_finish(t->d, msg);
    sf_driver_clear(t->d);
  }
  return err;
}

sf_err sf_random_traffic(uint64_t seed, uint64_t number, sf_driver *d, sf_image *image, uint64_t cycles, sf_msg *msg) {
  sf_traffic t = {.r = sf_random_new(seed, number, 3), .d = d, .image = image, .mood = sf_random_mood(seed, number)};
  const uint64_t end = d->cycle + cycles;
  sf_err err = SF_OK;
  disturb(&t);
  while (!err && d->cycle < end - cycles / 4) err = round_of(&t, msg);
  while (!err && d->cycle < end) err = break_off(&t, msg); /* of which large cores would else see few */
  if (!err) err = sf_driver_finish(d, msg);
  sf_driver_disturb(d, &(sf_stalls){0}, 1);
  return err ? err : read_back(&t, msg);
}
