/* test_lockstep.c - image, bus driver, watch and lockstep without Verilator: the mirror plays the RTL too. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"
#include "lockstep/random_case.h"
#include "lockstep/watch_parts.h"
#include "run/backend.h"
#include "scratch.h"
#include "suite.h"

/* ---- a small network on small hardware ---- */

static sf_params small(void) {
  sf_params p = sf_params_default();
  p.axons = 20;
  p.neurons = 16;
  p.lanes = 4;
  p.neuron_lanes = 2;
  p.profiles = 3;
  p.routes = 40;
  p.delay_slots = 4;
  p.has_current = p.has_refractory = p.has_adaptation = p.has_noise = true;
  return p;
}

static sf_network *network(const sf_params *p, uint64_t number) {
  sf_network *net = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_random_network(5, number, p, &net, &msg) == SF_OK, "%s", msg.text);
  return net;
}

static sf_image *image_of(const sf_network *net, const sf_params *p) {
  sf_image *image = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_image_new(net, 0, p, &image, &msg) == SF_OK, "%s", msg.text);
  return image;
}

/* ---- the mirror as RTL, with a fault on demand ---- */

typedef struct fake {
  sf_core *core;
  sf_core_out out;
  uint64_t cycle, fault_cycle; /* 0: none */
  int fault_out;               /* index of an output, or -1: probe_v[0] in the next update */
} fake;

static bool fake_equal(void *self, const sf_core_in *in, const sf_core_out *want) {
  fake *f = self;
  sf_core_step(f->core, in, &f->out);
  f->cycle++;
  if (f->fault_cycle && f->cycle >= f->fault_cycle && (f->fault_out >= 0 || f->out.port.probe_update_valid)) {
    if (f->fault_out >= 0) ((uint32_t *)&f->out.port)[f->fault_out] ^= 1;
    else *(uint32_t *)(uintptr_t)f->out.wide.probe_v ^= 4;
    f->fault_cycle = 0;
    return false;
  }
  return !memcmp(&f->out.port, &want->port, sizeof want->port);
}
static void fake_step(void *self, const sf_core_in *in, sf_core_out *out) {
  sf_core_step(((fake *)self)->core, in, out);
}
static void fake_show(void *self, sf_core_out *out) { *out = ((fake *)self)->out; }
static const char *fake_message(void *self) {
  (void)self;
  return NULL;
}

static sf_rtl fake_rtl(fake *f, const sf_params *p) {
  sf_msg msg = {""};
  *f = (fake){0};
  ck_assert_int_eq(sf_core_new(p, &f->core, &msg), SF_OK);
  return (sf_rtl){.core = f, .step = fake_step, .step_equal = fake_equal, .show = fake_show, .message = fake_message};
}

typedef struct bench {
  sf_params p;
  sf_network *net;
  sf_image *image;
  fake rtl;
  sf_lockstep *l;
  sf_driver d;
  uint64_t number;
} bench;

static void begin(bench *b, uint64_t number, const sf_lockstep_options *options) {
  sf_msg msg = {""};
  b->p = small();
  b->number = number;
  b->net = network(&b->p, number);
  b->image = image_of(b->net, &b->p);
  const sf_rtl rtl = fake_rtl(&b->rtl, &b->p);
  ck_assert_int_eq(sf_lockstep_new(&b->p, &rtl, options, &b->l, &msg), SF_OK);
  sf_driver_init(&b->d, &b->p, sf_lockstep_engine(b->l));
}

static sf_err run(bench *b, uint64_t cycles, sf_msg *msg) {
  sf_err err = sf_driver_reset(&b->d, 2, msg);
  if (!err) err = sf_driver_load(&b->d, b->image, msg);
  return err ? err : sf_random_traffic(5, b->number, &b->d, b->image, cycles, msg);
}

static void end(bench *b) {
  sf_driver_free(&b->d);
  sf_lockstep_free(b->l);
  sf_core_free(b->rtl.core);
  sf_image_free(b->image);
  sf_network_free(b->net);
}

START_TEST(equal_sides_agree) {
  bench b;
  sf_msg msg = {""};
  begin(&b, (uint64_t)_i, &(sf_lockstep_options){0});
  ck_assert_msg(run(&b, 30000, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_lockstep_drained(b.l, &msg), SF_OK);
  ck_assert_uint_gt(b.l->compared, 30000);
  ck_assert_uint_gt(b.l->watch->ticks, 20);
  ck_assert_uint_gt(b.l->watch->reads, 100);
  end(&b);
}
END_TEST

START_TEST(nothing_compared_is_no_success) {
  bench b;
  sf_msg msg = {""};
  begin(&b, 1, &(sf_lockstep_options){0});
  ck_assert_int_eq(sf_lockstep_drained(b.l, &msg), SF_EFAIL);
  ck_assert_str_eq(msg.text, "no cycle was compared");
  end(&b);
}
END_TEST

static char *report_of(const sf_lockstep *l, const char *fst) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  ck_assert_ptr_nonnull(out);
  sf_lockstep_report(l, "synfire check again", fst, out);
  fclose(out);
  return text;
}

START_TEST(fault_of_the_rtl_is_found_in_its_cycle) {
  static const struct {
    int out;
    const char *signal, *module;
  } row[] = {{0, "tick_ready", "core_control"},
             {3, "in_ready", "delay_ring"},
             {6, "host_ready", "host_bus"},
             {9, "probe_phase", "core_control"},
             {-1, "probe_v[0]", "neuron_lif"}};
  bench b;
  sf_msg msg = {""};
  char want[128], signal[SF_SIGNAL_TEXT];
  begin(&b, 1, &(sf_lockstep_options){0});
  b.rtl.fault_cycle = 9000;
  b.rtl.fault_out = row[_i].out;
  ck_assert_int_eq(run(&b, 30000, &msg), SF_EFAIL);
  const sf_mismatch *m = &b.l->mismatch;
  ck_assert(m->found && !m->by_watch);
  ck_assert_uint_eq(m->cycle, b.rtl.cycle - (row[_i].out < 0 ? 0 : b.rtl.cycle - 9000));
  ck_assert_str_eq(sf_mismatch_signal(m, signal), row[_i].signal);
  ck_assert_str_eq(m->which->module, row[_i].module);
  ck_assert_int_ne(m->expected, m->got);
  const char *fst = scratch_path("mismatch.fst");
  ck_assert_msg(sf_lockstep_waveform(b.l, fst, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(access(fst, R_OK), 0);
  char *text = report_of(b.l, fst);
  snprintf(want, sizeof want, "MISMATCH cycle %llu  tick %u  %s", (unsigned long long)m->cycle, (unsigned)m->tick,
           signal);
  ck_assert_ptr_nonnull(strstr(text, want));
  snprintf(want, sizeof want, "model: cmodel/mirror/%s.c   rtl: rtl/core/%s.v", row[_i].module, row[_i].module);
  ck_assert_ptr_nonnull(strstr(text, want));
  ck_assert_ptr_nonnull(strstr(text, "rerun: synfire check again"));
  free(text);
  ck_assert(!sf_driver_cycle(&b.d)); /* and it stays stopped */
  end(&b);
}
END_TEST

START_TEST(waveform_that_cannot_be_written) {
  bench b;
  sf_msg msg = {""};
  begin(&b, 1, &(sf_lockstep_options){0});
  b.rtl.fault_cycle = 5000;
  ck_assert_int_eq(run(&b, 30000, &msg), SF_EFAIL);
  ck_assert_int_eq(sf_lockstep_waveform(b.l, "/no/such/folder/x.fst", &msg), SF_EIO);
  ck_assert_ptr_nonnull(strstr(msg.text, "/no/such/folder/x.fst"));
  /* A save file of an earlier waveform goes with it; one that cannot be written takes the new waveform away. */
  const char *fst = scratch_path("w.fst"), *gtkw = scratch_path("w.gtkw");
  ck_assert_int_eq(sf_lockstep_waveform(b.l, fst, &msg), SF_OK);
  ck_assert_int_eq(access(gtkw, R_OK), 0);
  ck_assert_int_eq(remove(fst), 0);
  ck_assert_int_eq(mkdir(fst, 0755), 0);
  ck_assert_int_eq(sf_lockstep_waveform(b.l, fst, &msg), SF_EIO);
  ck_assert_int_ne(access(gtkw, F_OK), 0);
  ck_assert_int_eq(rmdir(fst), 0);
  ck_assert_int_eq(mkdir(gtkw, 0755), 0);
  ck_assert_int_eq(sf_lockstep_waveform(b.l, fst, &msg), SF_EIO);
  ck_assert_ptr_nonnull(strstr(msg.text, "w.gtkw"));
  ck_assert_int_ne(access(fst, F_OK), 0);
  ck_assert_int_eq(rmdir(gtkw), 0);
  end(&b);
}
END_TEST

/* A flipped potential may be forgotten before it shows; in some networks it must show, in that tick and that neuron. */
START_TEST(fault_of_the_functional_model_is_found_at_its_tick) {
  const sf_params p = small();
  int found = 0;
  for (uint32_t n = 0; n < 16; n++) {
    bench b;
    sf_msg msg = {""};
    sf_lockstep_options o = {0};
    char flip[32];
    snprintf(flip, sizeof flip, "6:model.v[%u]:9", (unsigned)n % 4);
    ck_assert_int_eq(sf_flip_parse(flip, &p, &o.flip, &msg), SF_OK);
    begin(&b, n, &o);
    if (run(&b, 20000, &msg) == SF_EFAIL) {
      found++;
      ck_assert(b.l->mismatch.found && b.l->mismatch.by_watch);
      ck_assert_uint_eq(b.l->mismatch.tick, 6);
      ck_assert_int_eq(b.l->mismatch.finding.place, SF_AT_NEURON);
      ck_assert_uint_eq(b.l->mismatch.finding.at, n % 4);
      char *text = report_of(b.l, NULL);
      ck_assert_ptr_nonnull(strstr(text, "expected (functional model)"));
      free(text);
    }
    end(&b);
  }
  ck_assert_int_ge(found, 3);
}
END_TEST

/* In an output or in the sums, which are compared in every cycle: found in that cycle, whichever mirror it is. */
START_TEST(a_flip_in_either_mirror_is_found) {
  static const char *const flip[] = {"3000:sum[1]:4", "3000:tick_done:0", "3000:probe_v[0]:1",
                                     "3000:probe_weights[0]:2"};
  const sf_params p = small();
  sf_lockstep_options o = {.made = _i % 2};
  sf_msg msg = {""};
  bench b;
  ck_assert_int_eq(sf_flip_parse(flip[_i / 2], &p, &o.flip, &msg), SF_OK);
  begin(&b, 3, &o);
  ck_assert_int_eq(b.l->made.library != NULL, _i % 2);
  ck_assert_int_eq(run(&b, 20000, &msg), SF_EFAIL);
  ck_assert(b.l->mismatch.found);
  ck_assert_uint_ge(b.l->mismatch.cycle, 3000);
  end(&b);
}
END_TEST

START_TEST(flips_are_parsed) {
  static const struct {
    const char *text;
    bool good;
  } row[] = {{"1:out_neuron:3", true},
             {"77:probe_v[1]:31", true},
             {"1:v[15]:15", true},
             {"1:model.r[0]:7", true},
             {"1:sum[3]:31", true},
             {"1:out_neuron:4", false},
             {"1:probe_v[2]:0", false},
             {"1:v[16]:0", false},
             {"1:v[1]:16", false},
             {"1:model.r[0]:8", false},
             {"1:nothing:0", false},
             {"x:v[0]:0", false},
             {"1:v[0]", false},
             {"1:v[0:0", false},
             {"1:v[0]:0x", false},
             {"", false},
             {"1:tick_done_o:0", true},
             {"1:probe_v_o[1]:31", true},
             {"1:probe_issue_axon_o:0", true},
             {"1:probe_v_o[2]:0", false},
             {"1:in_axon_i:0", false},
             {"1:v[4294967296]:0", false},
             {"1:v[0]:4294967296", false}};
  const sf_params p = small();
  sf_flip f;
  sf_msg msg = {""};
  ck_assert_msg((sf_flip_parse(row[_i].text, &p, &f, &msg) == SF_OK) == row[_i].good, "'%s': %s", row[_i].text,
                msg.text);
}
END_TEST

/* The RTL's own names are taken, and who asks for something else is told what there is. */
START_TEST(flips_name_what_there_is) {
  const sf_params p = small();
  sf_flip f;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_flip_parse("1:tick_done_o:0", &p, &f, &msg), SF_OK);
  ck_assert_str_eq(f.signal, "tick_done");
  ck_assert_int_eq(sf_flip_parse("1:probe_v_o[1]:3", &p, &f, &msg), SF_OK);
  ck_assert_str_eq(f.signal, "probe_v");
  ck_assert_uint_eq(f.index, 1);
  ck_assert_int_eq(sf_flip_parse("1:in_axon_i:0", &p, &f, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "in_axon is an input"));
  ck_assert_int_eq(sf_flip_parse("1:tick_down_o:0", &p, &f, &msg), SF_EINVAL);
  sf_signals s;
  sf_signals_of(&p, &s);
  for (int i = 0; i < SF_N_OUT + SF_N_WIDE; i++) { /* all of them, uncut */
    const char *name = i < SF_N_OUT ? s.out[i].name : s.wide[i - SF_N_OUT].name;
    ck_assert_msg(strstr(msg.text, name + (strncmp(name, "probe_", 6) ? 0 : 6)) != NULL, "%s: %s", name, msg.text);
  }
  ck_assert_str_eq(msg.text + strlen(msg.text) -
                       strlen(",sum,model.threshold,model.bias,model.profile,model.v,model.u,"
                              "model.r,model.a"),
                   ",sum,model.threshold,model.bias,model.profile,model.v,model.u,model.r,model.a");
}
END_TEST

/* ---- image ---- */

START_TEST(image_holds_the_network) {
  const sf_params p = small();
  sf_network *net = network(&p, (uint64_t)_i), *back = NULL;
  sf_image *image = image_of(net, &p);
  sf_msg msg = {""};
  ck_assert_msg(sf_image_network(image, &back, &msg) == SF_OK, "%s", msg.text);
  const sf_core_net *a = &net->core[0], *b = &back->core[0];
  ck_assert_uint_eq(b->n_routes, a->n_routes);
  for (uint32_t axon = 0; axon < p.axons; axon++)
    for (uint32_t n = 0; n < p.neurons; n++)
      ck_assert_int_eq(sf_core_weight(b, axon, n), axon < a->axons && n < a->neurons ? sf_core_weight(a, axon, n) : 0);
  for (uint32_t n = 0; n < p.neurons; n++) ck_assert_int_eq(b->threshold[n], n < a->neurons ? a->threshold[n] : 32767);
  ck_assert_int_eq(memcmp(a->profiles, b->profiles, a->n_profiles * sizeof *a->profiles), 0);
  ck_assert_ptr_null(sf_image_word(image, sf_host_addr(SF_HOST_WEIGHTS, image->n_weights)));
  ck_assert_ptr_null(sf_image_word(image, sf_host_addr(SF_HOST_NEURONS, 3))); /* state is not kept */
  ck_assert_ptr_nonnull(sf_image_word(image, sf_host_addr(SF_HOST_NEURONS, 15 * 8 + 2)));
  sf_network_free(back);
  sf_image_free(image);
  sf_network_free(net);
}
END_TEST

/* Every bit of every word belongs to one weight, and both functions say to which. */
START_TEST(a_weight_is_where_its_word_says) {
  static const struct {
    const char *why;
    uint32_t lanes, weight_bits;
  } row[] = {{"several words a row", 64, 4}, {"a word", 8, 4},
             {"less than a word", 2, 2},     {"one weight", 1, 16},
             {"one bit a weight", 32, 1},    {"two words of bits", 64, 1}};
  sf_params p = sf_params_default();
  p.axons = 17;
  p.neurons = 128;
  p.lanes = row[_i].lanes;
  p.weight_bits = row[_i].weight_bits;
  const uint32_t words = sf_groups(&p) * p.axons * sf_row_words(&p);
  uint32_t weights = 0;
  for (uint32_t word = 0; word < words; word++) {
    const sf_word_weights of = sf_weight_word(&p, word);
    for (uint32_t i = 0; i < of.count; i++) {
      const sf_weight_at at = sf_weight_place(&p, of.axon, of.neuron + i);
      ck_assert_msg(at.word == word && at.bit == i * p.weight_bits, "%s: axon %u neuron %u", row[_i].why,
                    (unsigned)of.axon, (unsigned)(of.neuron + i));
    }
    weights += of.count;
  }
  ck_assert_uint_eq(weights, p.axons * p.neurons);
  ck_assert_int_eq(sf_weight_value(&p, UINT32_MAX), p.weight_bits == 1 ? 1 : -1);
}
END_TEST

/* ---- driver, with an engine that does as it is told ---- */

typedef struct script {
  sf_core_ports show; /* after every edge */
  sf_core_in last;
  uint32_t events, writes, reads, ticks, resets;
  bool stop, open; /* open: in_ready after the next edge */
} script;

static bool scripted(void *self, const sf_core_in *in, sf_core_out *out) {
  script *s = self;
  const sf_core_ports *before = &s->show;
  s->events += in->in_valid && before->in_ready;
  s->writes += in->host_valid && before->host_ready && in->host_write;
  s->reads += in->host_valid && before->host_ready && !in->host_write;
  s->ticks += in->tick_valid && before->tick_ready;
  s->resets += in->rst;
  /* One access is busy for one cycle; a tick is done at once. */
  s->show.host_rvalid = !before->host_ready;
  s->show.host_ready = !(in->host_valid && before->host_ready);
  s->show.tick_done = in->tick_valid && before->tick_ready;
  s->show.in_ready = s->open;
  s->last = *in;
  out->port = s->show;
  return !s->stop;
}

START_TEST(driver_follows_the_handshakes) {
  const sf_params p = small();
  script s = {.show = {.in_ready = 0, .tick_ready = 1, .host_ready = 1, .tick = 5}};
  sf_driver d;
  sf_msg msg = {""};
  sf_driver_init(&d, &p, (sf_engine){&s, scripted});
  ck_assert(sf_driver_cycle(&d));
  sf_driver_event(&d, 7, 7);
  sf_driver_write(&d, 0x20000000, 1);
  sf_driver_write(&d, 0x20000001, 2);
  d.ticks_queued = 7; /* the tick that the event is for */
  d.ticks_started = d.ticks_done = 7;
  sf_driver_tick(&d);
  for (int i = 0; i < 10; i++) ck_assert(sf_driver_cycle(&d));
  ck_assert_uint_eq(s.events, 0); /* not ready: held, and the tick waits for it */
  ck_assert_uint_eq(s.last.in_valid, 1);
  ck_assert_uint_eq(s.last.in_axon, 7);
  ck_assert_uint_eq(s.ticks, 0);
  ck_assert_uint_eq(s.writes, 2);
  s.open = true;
  ck_assert(sf_driver_cycle(&d));
  ck_assert_uint_eq(s.events, 0);
  ck_assert(sf_driver_cycle(&d));
  ck_assert_uint_eq(s.last.in_delay, 2); /* for tick 7, in tick 5 */
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_OK);
  ck_assert_uint_eq(s.events, 1);
  ck_assert_uint_eq(s.ticks, 1);
  sf_driver_event(&d, 1, 4); /* too late */
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "event for tick 4"));
  sf_driver_free(&d);
}
END_TEST

START_TEST(driver_gives_up_on_a_core_that_hangs) {
  const sf_params p = small();
  script s = {.show = {.host_ready = 1}};
  sf_driver d;
  sf_msg msg = {""};
  sf_driver_init(&d, &p, (sf_engine){&s, scripted});
  d.patience = 1000;
  sf_driver_tick(&d); /* tick_ready never comes */
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_EFAIL);
  ck_assert_ptr_nonnull(strstr(msg.text, "timeout"));
  s.stop = true;
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_EFAIL);
  ck_assert_str_eq(msg.text, ""); /* the engine knows why */
  sf_driver_free(&d);
}
END_TEST

START_TEST(driver_repeats_an_access_that_a_reset_cut_off) {
  const sf_params p = small();
  script s = {.show = {.tick_ready = 1, .host_ready = 1}};
  sf_driver d;
  sf_msg msg = {""};
  sf_driver_init(&d, &p, (sf_engine){&s, scripted});
  ck_assert(sf_driver_cycle(&d));
  sf_driver_write(&d, 0x10000000, 42);
  ck_assert(sf_driver_cycle(&d)); /* accepted, not over */
  ck_assert_uint_eq(s.writes, 1);
  s.show.host_ready = 1;
  sf_driver_tick_any(&d);
  ck_assert_int_eq(sf_driver_reset(&d, 3, &msg), SF_OK);
  ck_assert_uint_eq(s.resets, 3);
  sf_driver_tick_any(&d);
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_OK);
  ck_assert_uint_eq(s.writes, 2);
  ck_assert_uint_eq(s.ticks, 1); /* the one from before the reset is gone */
  sf_driver_free(&d);
}
END_TEST

START_TEST(driver_looks_before_it_repeats_a_write) {
  const sf_params p = small();
  script s = {.show = {.tick_ready = 1, .host_ready = 1}};
  sf_driver d;
  sf_msg msg = {""};
  sf_driver_init(&d, &p, (sf_engine){&s, scripted});
  ck_assert(sf_driver_cycle(&d));
  sf_driver_write(&d, 0x10000000, 42);
  sf_driver_write(&d, 0x10000001, 43);
  ck_assert(sf_driver_cycle(&d)); /* accepted, not over */
  s.show.host_ready = 1;
  d.look = true;
  ck_assert_int_eq(sf_driver_reset(&d, 1, &msg), SF_OK);
  while (s.reads == 0) ck_assert(sf_driver_cycle(&d));
  ck_assert_uint_eq(s.writes, 1);
  ck_assert_uint_eq(s.last.host_addr, 0x10000000);
  while (s.writes == 1) ck_assert(sf_driver_cycle(&d));
  ck_assert_uint_eq(s.last.host_wdata, 42);
  ck_assert_int_eq(sf_driver_finish(&d, &msg), SF_OK);
  ck_assert_uint_eq(s.writes, 3);
  ck_assert_uint_eq(s.reads, 1);
  sf_driver_free(&d);
}
END_TEST

/* ---- a write that a reset cuts off ---- */

/* The word at addr after a write of `word` that is cut off `cycles` after it was queued; the sides must agree. */
static uint32_t cut_off(uint32_t addr, uint32_t word, uint32_t cycles) {
  bench b;
  sf_msg msg = {""};
  begin(&b, 3, &(sf_lockstep_options){0});
  ck_assert_int_eq(sf_driver_reset(&b.d, 2, &msg), SF_OK);
  ck_assert_int_eq(sf_driver_load(&b.d, b.image, &msg), SF_OK);
  sf_driver_clear(&b.d);
  sf_driver_write(&b.d, addr, word);
  for (uint32_t i = 0; i < cycles; i++) ck_assert(sf_driver_cycle(&b.d));
  b.d.look = true;
  ck_assert_int_eq(sf_driver_reset(&b.d, 1, &msg), SF_OK);
  ck_assert_msg(sf_driver_finish(&b.d, &msg) == SF_OK, "%s %s", msg.text, b.l->mismatch.signal);
  ck_assert_int_eq(sf_lockstep_drained(b.l, &msg), SF_OK);
  const uint32_t seen = b.d.answer.tail > b.d.answer.head ? b.d.answer.at[b.d.answer.head] : word;
  end(&b);
  return seen;
}

START_TEST(write_that_a_reset_cuts_off_was_executed_or_not) {
  static const struct {
    const char *why;
    uint32_t addr;
  } row[] = {{"weights", 0x10000000},
             {"threshold", 0x20000008},
             {"profile: a word of many fields", 0x30000000},
             {"route pointer", 0x40000001},
             {"route entry", 0x50000001}};
  const uint32_t word = 0x00000005;
  bool old = false, new = false;
  for (uint32_t cycles = 1; cycles < 12; cycles++) {
    const uint32_t seen = cut_off(row[_i].addr, word, cycles);
    old |= seen != word;
    new |= seen == word;
  }
  ck_assert_msg(old && new, "%s: %d %d", row[_i].why, old, new);
}
END_TEST

START_TEST(a_third_value_after_a_write_that_was_cut_off_is_found) {
  static const struct {
    const char *why;
    uint32_t seen;
    bool good;
    uint32_t then;
  } row[] = {{"not executed", 0, true, 0}, {"executed", 5, true, 5}, {"something else", 4, false, 0}};
  const sf_params p = small();
  sf_watch *w = NULL;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_watch_new(&p, &w, &msg), SF_OK);
  w->pending = w->is_write = true;
  w->addr = sf_host_addr(SF_HOST_NEURONS, 8 + SF_BIAS);
  w->data = 5;
  ck_assert(sf_watch_look(w, &(sf_core_in){.rst = 1}, &(sf_core_out){0}));
  w->is_write = false;
  ck_assert_msg(sf_watch_host_over(w, &(sf_core_ports){.host_rdata = row[_i].seen}) == row[_i].good, "%s", row[_i].why);
  ck_assert_uint_eq(w->failed, !row[_i].good);
  if (row[_i].good) /* and from now on it is that, and no other */
    ck_assert(sf_watch_host_over(w, &(sf_core_ports){.host_rdata = row[_i].then}) &&
              !sf_watch_host_over(w, &(sf_core_ports){.host_rdata = 5 - row[_i].then}));
  sf_watch_free(w);
}
END_TEST

/* ---- random cases ---- */

START_TEST(random_cases_are_valid_and_repeatable) {
  sf_msg msg = {""};
  for (uint64_t k = 0; k < 48; k++) {
    const sf_params p = sf_random_params((uint64_t)_i, k), again = sf_random_params((uint64_t)_i, k);
    ck_assert_msg(sf_params_check(&p, &msg) == SF_OK, "seed %d case %d: %s", _i, (int)k, msg.text);
    ck_assert_int_eq(p.axons == again.axons && p.routes == again.routes && p.has_noise == again.has_noise, 1);
  }
}
END_TEST

static bool two_power(uint32_t x) { return (x & (x - 1)) == 0; }

static bool any(const sf_params *p, sf_mood m) { return p && m <= SF_BRIM; }
static bool lanes_64(const sf_params *p, sf_mood m) { return any(p, m) && p->lanes == 64; }
static bool lanes_128(const sf_params *p, sf_mood m) { return any(p, m) && p->lanes == 128; }
static bool lanes_256(const sf_params *p, sf_mood m) { return any(p, m) && p->lanes == 256; }
static bool lanes_512(const sf_params *p, sf_mood m) { return any(p, m) && p->lanes == 512; }
static bool lanes_1024(const sf_params *p, sf_mood m) { return any(p, m) && p->lanes == 1024; }
static bool wide_spram(const sf_params *p, sf_mood m) { return any(p, m) && p->spram && p->lanes > 64; }
static bool wide_still(const sf_params *p, sf_mood m) { return m == SF_STILL && p->lanes > 64; }
static bool full_bits(const sf_params *p, sf_mood m) {
  return m == SF_BRIM && p->weight_bits == 1 && two_power(p->axons);
}
static bool full_drive(const sf_params *p, sf_mood m) {
  return m == SF_BRIM && !p->has_current && two_power(p->axons) && sf_sum_bits(p) + 7 > p->potential_bits + 2;
}
static bool full_current(const sf_params *p, sf_mood m) {
  return m == SF_BRIM && p->has_current && two_power(p->axons) && sf_sum_bits(p) + 7 >= p->potential_bits;
}
static bool small_drive(const sf_params *p, sf_mood m) {
  return m == SF_BRIM && p->has_current && sf_sum_bits(p) + 7 < p->potential_bits;
}
static bool words_of_a_group(const sf_params *p, sf_mood m) {
  return m == SF_STILL && p->lanes > p->neuron_lanes && sf_groups(p) > 1;
}

START_TEST(every_48_cases_meet_every_extreme) {
  static const struct {
    const char *why;
    bool (*is)(const sf_params *, sf_mood);
  } row[] = {{"64 lanes: the last without a tree", lanes_64},
             {"128 lanes: the first with one", lanes_128},
             {"256 lanes", lanes_256},
             {"512 lanes: the last tree of one stage", lanes_512},
             {"1024 lanes: the first of two", lanes_1024},
             {"SPRAM behind a tree", wide_spram},
             {"a tree, and groups at rest", wide_still},
             {"as many 1-bit weights as a sum can hold", full_bits},
             {"drive wider than potential", full_drive},
             {"drive wider than current", full_current},
             {"current wider than drive", small_drive},
             {"groups of several words at rest", words_of_a_group}};
  for (uint64_t seed = 1; seed < 9; seed++)
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
      uint32_t met = 0;
      for (uint64_t k = 48 * (seed % 3); k < 48 * (seed % 3) + 48; k++) {
        const sf_params p = sf_random_params(seed, k);
        met += row[i].is(&p, sf_random_mood(seed, k));
      }
      ck_assert_msg(met > 0, "seed %d: %s", (int)seed, row[i].why);
    }
}
END_TEST

START_TEST(every_width_meets_every_mood) {
  bool met[11][4] = {{false}};
  for (uint64_t k = 0; k < 4000; k++) {
    const sf_params p = sf_random_params(7, k);
    met[sf_clog2(p.lanes)][sf_random_mood(7, k)] = true;
  }
  for (int lanes = 0; lanes <= 10; lanes++)
    for (int mood = 0; mood < 4; mood++) ck_assert_msg(met[lanes][mood], "%d lanes, mood %d", 1 << lanes, mood);
}
END_TEST

int main(void) {
  Suite *s = suite_create("lockstep");
  TCase *t = tcase_create("lockstep");
  tcase_set_timeout(t, 300);
  tcase_add_loop_test(t, equal_sides_agree, 0, 6);
  tcase_add_test(t, nothing_compared_is_no_success);
  tcase_add_loop_test(t, fault_of_the_rtl_is_found_in_its_cycle, 0, 5);
  tcase_add_test(t, waveform_that_cannot_be_written);
  tcase_add_test(t, fault_of_the_functional_model_is_found_at_its_tick);
  tcase_add_loop_test(t, a_flip_in_either_mirror_is_found, 0, 8);
  tcase_add_loop_test(t, flips_are_parsed, 0, 23);
  tcase_add_test(t, flips_name_what_there_is);
  tcase_add_loop_test(t, image_holds_the_network, 0, 4);
  tcase_add_loop_test(t, a_weight_is_where_its_word_says, 0, 6);
  tcase_add_test(t, driver_follows_the_handshakes);
  tcase_add_test(t, driver_gives_up_on_a_core_that_hangs);
  tcase_add_test(t, driver_repeats_an_access_that_a_reset_cut_off);
  tcase_add_test(t, driver_looks_before_it_repeats_a_write);
  tcase_add_loop_test(t, write_that_a_reset_cuts_off_was_executed_or_not, 0, 5);
  tcase_add_loop_test(t, a_third_value_after_a_write_that_was_cut_off_is_found, 0, 3);
  tcase_add_loop_test(t, random_cases_are_valid_and_repeatable, 1, 4);
  tcase_add_test(t, every_48_cases_meet_every_extreme);
  tcase_add_test(t, every_width_meets_every_mood);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
