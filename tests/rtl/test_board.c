/* test_board.c - the board top (synth/boards) through its serial line, simulated by Icarus with board_tb.v: a network
 * by hand, and random networks whose answers the functional model gives. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep/image.h"
#include "suite.h"
#include "synfire/model.h"
#include "util/paths.h"

static char folder[] = "/tmp/synfire-board-XXXXXX", root[SF_PATH_MAX];

/* run() - a command; what it prints, standard error included, in out. Returns its exit status. */
static int run(const char *command, char *out, size_t size) {
  FILE *f = popen(command, "r");
  ck_assert_ptr_nonnull(f);
  const size_t n = fread(out, 1, size - 1, f);
  out[n] = '\0';
  while (fgetc(f) != EOF) {}
  const int status = pclose(f);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void compile_board(void) {
  char command[4 * SF_PATH_MAX], out[4096];
  strcpy(folder, "/tmp/synfire-board-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(sf_data_path("", root, NULL), SF_OK);
  snprintf(command, sizeof command,
           "cd '%s' && iverilog -g2005 -DSF_CHECK -o %s/board.vvp -s board_tb tests/rtl/board_tb.v "
           "synth/boards/icebreaker.v "
           "synth/boards/board_system.v synth/boards/board_reset.v synth/boards/uart.v synth/boards/uart_bridge.v "
           "$(sed -n 's|^[^/]|rtl/&|p' rtl/synfire.f) 2>&1",
           root, folder);
  const int status = run(command, out, sizeof out);
  ck_assert_msg(status == 0, "iverilog: status %d: %s", status, out);
}

static void remove_board(void) {
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", folder);
  ck_assert_int_eq(system(command), 0);
}

static void play(const char *script, unsigned long at_least) {
  char command[2 * SF_PATH_MAX], out[4096];
  snprintf(command, sizeof command, "vvp -n %s/board.vvp '+script=%s' 2>&1", folder, script);
  ck_assert_int_eq(run(command, out, sizeof out), 0);
  unsigned long n;
  char rest;
  ck_assert_msg(sscanf(out, "board: %lu bytes as expected%c", &n, &rest) == 2 && rest == '\n', "%s", out);
  ck_assert_uint_ge(n, at_least);
}

START_TEST(network_by_hand) {
  char script[SF_PATH_MAX];
  ck_assert_int_eq(sf_data_path("tests/vectors/board/hand.txt", script, NULL), SF_OK);
  play(script, 100);
}
END_TEST

/* The test bench itself must notice: one wrong byte, one missing, one too many. */
static const struct {
  const char *script, *words;
} wrong[] = {{"> 52 00 00 00 00 < 72 46 4e 59 54", "expected 54, got 53"},
             {"> 52 00 00 00 00 < 72 46 4e 59 53 00", "expected 00, got nothing"},
             {"> 52 00 00 00 00 < 72 46 4e 59", "1 bytes came after the end"},
             {"> 52 00 00 00 00 < 72 46 4e 59 idle", "53 came unasked"},
             {"> 52 00 00 00 00 < 72 46 4e qq", "is no byte"},
             {"# nothing", "expects nothing"}};

START_TEST(bench_notices) {
  char path[128], command[512], out[4096];
  snprintf(path, sizeof path, "%s/wrong-%d.txt", folder, _i);
  FILE *f = fopen(path, "w");
  ck_assert_ptr_nonnull(f);
  fprintf(f, "%s\n", wrong[_i].script);
  fclose(f);
  snprintf(command, sizeof command, "vvp -n %s/board.vvp '+script=%s' 2>&1", folder, path);
  run(command, out, sizeof out);
  ck_assert_msg(strstr(out, "board: FAIL") && strstr(out, wrong[_i].words), "%s", out);
}
END_TEST

/* ---- random networks ---- */

static uint64_t state;
static uint32_t below(uint32_t n) { /* Knuth's 64-bit linear congruential generator */
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((state >> 33) % n);
}
static int32_t between(int32_t low, int32_t high) { return low + (int32_t)below((uint32_t)(high - low + 1)); }

static sf_network *random_network(void) {
  sf_network *net = sf_network_new(1);
  ck_assert_ptr_nonnull(net);
  sf_core_net *c = &net->core[0];
  c->axons = c->neurons = 16;
  c->weight_bits = 8;
  c->potential_bits = 16;
  c->delay_slots = 4;
  c->n_profiles = 2;
  c->n_routes = 28;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  for (uint32_t a = 0; a < 16; a++)
    for (uint32_t n = 0; n < 16; n++) sf_core_set_weight(c, a, n, between(-60, 127));
  for (uint32_t n = 0; n < 16; n++) {
    c->threshold[n] = between(50, 400);
    c->bias[n] = between(-20, 30);
    c->profile[n] = below(2);
    c->v_init[n] = between(-300, 300);
  }
  for (uint32_t k = 0; k < 2; k++)
    c->profiles[k] = (sf_profile){.v_decay = between(0, 4096),
                                  .weight_shift = between(0, 2),
                                  .v_reset = between(-50, 50),
                                  .reset_mode = between(0, 2),
                                  .v_floor = between(-500, -100),
                                  .floor_mode = between(0, 2),
                                  .v_floor_reset = between(-100, 0)};
  for (uint32_t r = 0; r < 28; r++)
    c->routes[r] =
        (sf_route){.neuron = below(16), .core = below(2) ? SF_EXTERNAL : 0, .axon = below(16), .delay = 1 + below(3)};
  sf_msg msg = {""};
  ck_assert_msg(sf_network_check(net, &msg) == SF_OK, "%s", msg.text);
  return net;
}

static void put32(FILE *f, uint32_t word) {
  for (int i = 0; i < 4; i++) fprintf(f, " %02x", word >> (8 * i) & 0xff);
}

/* Words at consecutive addresses go out in one burst. */
typedef struct burst {
  FILE *f;
  uint32_t addr, n, word[256];
} burst;

static void flush(burst *b) {
  if (b->n == 0) return;
  fprintf(b->f, "> 42");
  put32(b->f, b->addr);
  fprintf(b->f, " %02x %02x", b->n & 0xff, b->n >> 8);
  for (uint32_t i = 0; i < b->n; i++) put32(b->f, b->word[i]);
  fprintf(b->f, " < 62\n");
  b->n = 0;
}

static sf_err write_word(void *self, uint32_t addr, uint32_t word) {
  burst *b = self;
  if (b->n && (addr != b->addr + b->n || b->n == 256)) flush(b);
  if (b->n == 0) b->addr = addr;
  b->word[b->n++] = word;
  return SF_OK;
}

START_TEST(random_networks_answer_as_the_model) {
  state = (uint64_t)_i + 1;
  const sf_params params = {.axons = 16,
                            .neurons = 16,
                            .lanes = 4,
                            .neuron_lanes = 2,
                            .weight_bits = 8,
                            .potential_bits = 16,
                            .delay_slots = 4,
                            .profiles = 2,
                            .routes = 32}; /* as in board_tb.v */
  sf_msg msg = {""};
  sf_network *net = random_network();
  sf_image *image;
  sf_model *model;
  ck_assert_msg(sf_image_new(net, 0, &params, &image, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_model_new(net, &model, &msg) == SF_OK, "%s", msg.text);
  char script[128];
  snprintf(script, sizeof script, "%s/random-%d.txt", folder, _i);
  FILE *f = fopen(script, "w");
  ck_assert_ptr_nonnull(f);

  burst b = {.f = f};
  ck_assert_int_eq(sf_image_each(image, write_word, &b), SF_OK);
  write_word(&b, sf_host_addr(SF_HOST_REGISTERS, SF_REG_CONTROL), 1);
  flush(&b);
  fprintf(f, "> 52 00 00 00 00 < 72 46 4e 59 53\n");
  for (uint32_t n = 0; n < 16; n++)
    write_word(&b, sf_host_addr(SF_HOST_NEURONS, n * 8 + SF_V), (uint32_t)net->core[0].v_init[n]);
  flush(&b);
  uint32_t n_out = 0;
  for (int tick = 0; tick < 12; tick++) {
    for (uint32_t e = below(6); e > 0; e--) {
      const uint32_t axon = below(16), delay = below(4);
      ck_assert_int_eq(sf_model_inject(model, 0, axon, delay), SF_OK);
      fprintf(f, "> 45 %02x 00 %02x\n", axon, delay);
    }
    const sf_tick_result *t = sf_model_step(model);
    fprintf(f, "> 54 <");
    for (uint32_t i = 0; i < t->n_out; i++) fprintf(f, " 53 %02x 00", t->out[i].neuron);
    fprintf(f, " 44\n");
    n_out += t->n_out;
  }
  for (uint32_t n = 0; n < 16; n++) {
    int32_t v;
    ck_assert_int_eq(sf_model_peek(model, 0, n, SF_V, &v), SF_OK);
    fprintf(f, "> 52");
    put32(f, sf_host_addr(SF_HOST_NEURONS, n * 8 + SF_V));
    fprintf(f, " < 72");
    put32(f, (uint32_t)v);
    fprintf(f, "\n");
  }
  fprintf(f, "> 51"); /* all weights back in one burst */
  put32(f, sf_host_addr(SF_HOST_WEIGHTS, 0));
  fprintf(f, " %02x %02x < 71", image->n_weights & 0xff, image->n_weights >> 8);
  for (uint32_t i = 0; i < image->n_weights; i++) put32(f, image->weights[i]);
  fprintf(f, "\n");
  ck_assert_int_eq(fclose(f), 0);
  ck_assert_uint_ge(n_out, 5); /* a silent network would show little */
  play(script, 400);
  sf_model_free(model);
  sf_image_free(image);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *s = suite_create("board");
  TCase *c = tcase_create("icebreaker");
  tcase_set_timeout(c, 300);
  tcase_add_unchecked_fixture(c, compile_board, remove_board);
  tcase_add_test(c, network_by_hand);
  tcase_add_loop_test(c, bench_notices, 0, (int)(sizeof wrong / sizeof wrong[0]));
  tcase_add_loop_test(c, random_networks_answer_as_the_model, 0, 3);
  suite_add_tcase(s, c);
  return suite_run(s);
}
