/* driver.c - see driver.h. A transfer happens on a rising edge when valid and ready held before it; ready is a
 * register of the core, so what the coming edge will transfer is known before the edge. */
#include "lockstep/driver.h"

#include <stdlib.h>

/* Room for one more at the tail; what was consumed at the head is reclaimed first. */
#define GROW(d, q) ((q).tail < (q).room || grow(d, (void **)&(q).at, sizeof *(q).at, &(q).head, &(q).tail, &(q).room))
#define PUSH(d, q, ...) ((void)(GROW(d, q) && ((q).at[(q).tail++] = __VA_ARGS__, true)))
#define LEFT(q) ((q).head < (q).tail)

static bool grow(sf_driver *d, void **at, size_t size, size_t *head, size_t *tail, size_t *room) {
  if (*head && *head >= *tail / 2) {
    memmove(*at, (char *)*at + *head * size, (*tail - *head) * size);
    *tail -= *head;
    *head = 0;
    return true;
  }
  const size_t more = *room ? 2 * *room : 256;
  void *got = realloc(*at, more * size);
  if (!got) {
    d->err = SF_ENOMEM;
    return false;
  }
  *at = got;
  *room = more;
  return true;
}

void sf_driver_init(sf_driver *d, const sf_params *p, sf_engine engine) {
  *d = (sf_driver){.p = *p, .engine = engine, .random = 1};
  /* The longest stretch without a handshake is a tick without output: every group streams every axon, every neuron
   * walks its routes; in clearing, every word of the ring and of the neurons. Doubled, and a margin. */
  d->patience = 1000000 + 2 * ((uint64_t)sf_groups(p) * (p->axons + p->lanes + 256) + 8ull * p->neurons +
                               8ull * p->routes + (uint64_t)p->delay_slots * sf_ring_stride(p));
}

void sf_driver_free(sf_driver *d) {
  free(d->host.at);
  free(d->event.at);
  free(d->tick.at);
  free(d->answer.at);
  free(d->outs.at);
  *d = (sf_driver){0};
}

void sf_driver_disturb(sf_driver *d, const sf_stalls *stall, uint64_t seed) {
  d->stall = *stall;
  d->disturbed = stall->out || stall->in || stall->host || stall->tick || stall->out_burst || stall->garbage;
  d->random = seed * 0x9E3779B97F4A7C15ull | 1;
}

static inline uint32_t draw(sf_driver *d) { /* xorshift64* */
  d->random ^= d->random >> 12;
  d->random ^= d->random << 25;
  d->random ^= d->random >> 27;
  return (uint32_t)((d->random * 0x2545F4914F6CDD1Dull) >> 32);
}

void sf_driver_write(sf_driver *d, uint32_t addr, uint32_t data) { PUSH(d, d->host, (sf_host_op){addr, data, true}); }
void sf_driver_read(sf_driver *d, uint32_t addr) { PUSH(d, d->host, (sf_host_op){addr, 0, false}); }

void sf_driver_event(sf_driver *d, uint32_t axon, uint32_t tick) {
  PUSH(d, d->event, (sf_event_op){axon, tick, false});
  d->due[tick % d->p.delay_slots] = ++d->events_queued;
}

void sf_driver_event_delay(sf_driver *d, uint32_t axon, uint32_t delay) {
  PUSH(d, d->event, (sf_event_op){axon, delay, true});
  d->events_queued++;
}

void sf_driver_tick(sf_driver *d) {
  PUSH(d, d->tick, d->due[d->ticks_queued % d->p.delay_slots]);
  d->ticks_queued++;
}

void sf_driver_tick_any(sf_driver *d) {
  PUSH(d, d->tick, 0);
  d->ticks_queued++;
}

/* What the last edge brought. */
static void observe(sf_driver *d) {
  const sf_core_ports *o = &d->out.port;
  if (o->tick_done) {
    d->ticks_done++;
    d->progress = d->cycle;
  }
  if (!d->host_busy) return;
  if (d->answer_due && o->host_rvalid) {
    PUSH(d, d->answer, o->host_rdata);
    d->answer_due = false;
  }
  if (o->host_ready && !d->answer_due) { /* over: the core takes the next one */
    const uint32_t control = sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL);
    if (d->host_now.write && d->host_now.addr == control && d->host_now.data & 1) {
      /* A tick that was accepted before the restart stays pending through it and becomes tick 0. */
      d->ticks_started -= d->ticks_done;
      d->ticks_queued -= d->ticks_done;
      d->ticks_done = 0;
    } else if (d->ticks_done != o->tick) { /* the host set the tick */
      d->ticks_started += o->tick - d->ticks_done;
      d->ticks_queued += o->tick - d->ticks_done;
      d->ticks_done = o->tick;
    }
    d->host_busy = d->again = false;
    d->progress = d->cycle;
  }
}

/* The inputs of the coming edge, and what that edge will transfer. */
static void drive(sf_driver *d) {
  const sf_core_ports *o = &d->out.port;
  sf_core_in *in = &d->in;
  bool hold_in = false, hold_host = false, hold_tick = false;
  in->out_ready = 1;
  if (d->disturbed) {
    const uint32_t chance = draw(d);
    hold_in = (chance & 255) < d->stall.in;
    hold_host = (chance >> 8 & 255) < d->stall.host;
    hold_tick = (chance >> 16 & 255) < d->stall.tick;
    in->out_ready = (chance >> 24) >= d->stall.out;
    if (d->burst) {
      d->burst--;
      in->out_ready = 0;
    } else if (d->stall.out_burst) {
      const uint32_t away = draw(d);
      if ((away & 16383) < d->stall.out_burst) d->burst = away >> 16 & 255;
    }
    if (d->stall.garbage) {
      in->in_axon = draw(d) & (((uint32_t)1 << sf_clog2(d->p.axons)) - 1);
      in->in_delay = draw(d) & (d->p.delay_slots - 1);
      in->host_addr = draw(d);
      in->host_wdata = draw(d);
      in->host_write = draw(d) & 1;
    }
  }
  in->in_valid = LEFT(d->event) && !hold_in;
  if (in->in_valid) {
    const sf_event_op *e = &d->event.at[d->event.head];
    in->in_axon = e->axon;
    in->in_delay = (e->relative ? e->when : e->when - o->tick) & (d->p.delay_slots - 1);
    if (o->in_ready) {
      if (!e->relative && e->when - o->tick >= d->p.delay_slots) /* the caller's mistake: too late, or too early */
        d->err = sf_fail(d->msg, SF_EINVAL, "event for tick %u: the core takes events for ticks %u to %u",
                         (unsigned)e->when, (unsigned)o->tick, (unsigned)(o->tick + d->p.delay_slots - 1));
      d->event.head++;
      d->events_accepted++;
      d->progress = d->cycle;
    }
  }
  in->tick_valid = LEFT(d->tick) && d->events_accepted >= d->tick.at[d->tick.head] && !hold_tick && !d->again;
  if (in->tick_valid && o->tick_ready) {
    d->tick.head++;
    d->ticks_started++;
    d->progress = d->cycle;
  }
  in->host_valid = LEFT(d->host) && !d->host_busy && !hold_host;
  if (in->host_valid) {
    const sf_host_op *h = &d->host.at[d->host.head];
    in->host_write = h->write;
    in->host_addr = h->addr;
    in->host_wdata = h->data;
    if (o->host_ready) {
      d->host_now = *h;
      d->host.head++;
      d->host_busy = true;
      d->answer_due = !h->write;
    }
  }
  if (o->out_valid && in->out_ready) {
    PUSH(d, d->outs, (sf_out_event){d->ticks_done, o->out_neuron});
    d->progress = d->cycle;
  }
}

bool sf_driver_cycle(sf_driver *d) {
  observe(d);
  drive(d);
  d->cycle++;
  return d->engine.step(d->engine.self, &d->in, &d->out) && !d->err;
}

bool sf_driver_busy(const sf_driver *d) {
  return LEFT(d->host) || LEFT(d->event) || LEFT(d->tick) || d->host_busy || d->ticks_done != d->ticks_started;
}

sf_err sf_driver_finish(sf_driver *d, sf_msg *msg) {
  if (msg) msg->text[0] = '\0';
  d->msg = msg;
  d->progress = d->cycle;
  /* observe() runs at the start of a cycle, so one cycle passes after the last pulse; the core is idle in it. */
  while (sf_driver_busy(d)) {
    if (!sf_driver_cycle(d)) return d->err ? d->err : SF_EFAIL;
    if (d->cycle - d->progress > d->patience)
      return sf_fail(msg, SF_EFAIL, "timeout: no handshake for %llu cycles (cycle %llu, tick %u, phase %u)",
                     (unsigned long long)d->patience, (unsigned long long)d->cycle, (unsigned)d->ticks_done,
                     (unsigned)d->out.port.probe_phase);
  }
  return SF_OK;
}

/* An access that becomes the next one. */
static bool put_back(sf_driver *d, sf_host_op op) {
  if (!d->host.head) {
    if (!GROW(d, d->host)) return false;
    memmove(d->host.at + 1, d->host.at, (d->host.tail - d->host.head) * sizeof *d->host.at);
    d->host.head++;
    d->host.tail++;
  }
  d->host.at[--d->host.head] = op;
  return true;
}

sf_err sf_driver_reset(sf_driver *d, uint32_t cycles, sf_msg *msg) {
  if (msg) msg->text[0] = '\0';
  d->msg = msg;
  if (d->host_busy) { /* whether it was done nobody can tell: make it again, before the next tick, or look at least */
    const bool look = d->look && d->host_now.write;
    d->again = true;
    if (!put_back(d, d->host_now) || (look && !put_back(d, (sf_host_op){d->host_now.addr, 0, false})))
      return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  d->event.head = d->event.tail = d->tick.head = d->tick.tail = 0;
  d->events_accepted = d->events_queued = 0;
  memset(d->due, 0, sizeof d->due);
  d->ticks_queued = d->ticks_started = d->ticks_done = 0;
  d->host_busy = d->answer_due = false;
  d->out.port = (sf_core_ports){0}; /* nothing is ready during reset, and nothing that was valid still is */
  for (uint32_t i = 0; i < cycles; i++) {
    drive(d);
    d->in.rst = 1;
    d->in.in_valid = d->in.tick_valid = d->in.host_valid = 0;
    d->cycle++;
    const bool go_on = d->engine.step(d->engine.self, &d->in, &d->out);
    d->in.rst = 0;
    if (!go_on) return SF_EFAIL;
    if (i + 1 < cycles) d->out.port = (sf_core_ports){0};
  }
  return SF_OK;
}

void sf_driver_clear(sf_driver *d) { d->answer.head = d->answer.tail = d->outs.head = d->outs.tail = 0; }

sf_err sf_driver_ask(sf_driver *d, uint32_t addr, uint32_t *word, sf_msg *msg) {
  sf_err err = sf_driver_finish(d, msg);
  if (err) return err;
  const size_t before = d->answer.tail - d->answer.head;
  sf_driver_read(d, addr);
  err = sf_driver_finish(d, msg);
  if (err) return err;
  if (d->answer.tail - d->answer.head != before + 1) return sf_fail(msg, SF_EFAIL, "no answer to a host read");
  *word = d->answer.at[--d->answer.tail];
  return SF_OK;
}

static sf_err write_word(void *self, uint32_t addr, uint32_t word) {
  sf_driver *d = self;
  sf_driver_write(d, addr, word);
  return d->host.tail - d->host.head < 4096 ? d->err : sf_driver_finish(d, d->msg);
}

sf_err sf_driver_load(sf_driver *d, const sf_image *image, sf_msg *msg) {
  d->msg = msg;
  const sf_err err = sf_image_each(image, write_word, d);
  return err ? err : sf_driver_restart(d, image, msg);
}

sf_err sf_driver_restart(sf_driver *d, const sf_image *image, sf_msg *msg) {
  const sf_err err = sf_driver_finish(d, msg);
  if (err) return err;
  d->events_accepted = d->events_queued = 0;
  memset(d->due, 0, sizeof d->due);
  sf_driver_write(d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), 1);
  for (uint32_t n = 0; n < d->p.neurons; n++) {
    if (image->v_init[n]) sf_driver_write(d, sf_host_addr(SF_HOST_NEURONS, n * 8 + SF_V), (uint32_t)image->v_init[n]);
    if (image->u_init[n]) sf_driver_write(d, sf_host_addr(SF_HOST_NEURONS, n * 8 + SF_U), (uint32_t)image->u_init[n]);
  }
  return sf_driver_finish(d, msg);
}
