/* test_mirror.c - the mirror made for its parameters: the same bits as the program's own in every cycle, and where it
 * cannot be made the other takes its place. That faults in either are found is in test_lockstep and test_faults. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/lockstep.h"
#include "lockstep/random_case.h"
#include "suite.h"

static void must(sf_err err, const sf_msg *msg) { ck_assert_msg(err == SF_OK, "%s", msg->text); }

/* Both mirrors get what the driver sends; the driver hears the program's own. */
typedef struct twins {
  sf_params p;
  sf_signals signals;
  sf_core *any, *made;
  sf_made_mirror mirror;
  uint64_t cycles;
} twins;

static void same_wide(const twins *t, int i, const sf_core_out *any, const sf_core_out *made) {
  const sf_signal *s = &t->signals.wide[i];
  if (!sf_signal_valid(s, &any->port)) return;
  ck_assert_msg(!memcmp(sf_wide_array(&any->wide)[i], sf_wide_array(&made->wide)[i], s->words * sizeof(uint32_t)),
                "cycle %llu: %s", (unsigned long long)t->cycles, s->name);
}

static bool step_both(void *self, const sf_core_in *in, sf_core_out *out) {
  twins *t = self;
  sf_core_out made;
  sf_core_step(t->any, in, out);
  t->mirror.calls->step(t->made, in, &made);
  t->cycles++;
  for (int i = 0; i < SF_N_OUT; i++)
    ck_assert_msg(sf_port_array(&out->port)[i] == sf_port_array(&made.port)[i], "cycle %llu: %s: %u, made: %u",
                  (unsigned long long)t->cycles, t->signals.out[i].name, (unsigned)sf_port_array(&out->port)[i],
                  (unsigned)sf_port_array(&made.port)[i]);
  for (int i = 0; i < SF_N_WIDE; i++) same_wide(t, i, out, &made);
  return true;
}

static void no_probes(twins *t) {
  sf_core_no_probe(t->any);
  t->mirror.calls->no_probe(t->made);
}

/* Sizes and features of every kind; the first ones of the seed, so that all the extremes come in the course of the
 * numbers. */
static const uint64_t numbers[] = {0, 1, 2, 3, 4, 5};

START_TEST(the_same_bits_in_every_cycle) {
  const uint64_t number = numbers[_i];
  twins t = {.p = sf_random_params(11, number)};
  sf_msg msg = {""};
  sf_network *net;
  sf_image *image;
  sf_driver d;
  sf_signals_of(&t.p, &t.signals);
  sf_mirror_load(&t.p, true, &t.mirror);
  ck_assert_ptr_nonnull(t.mirror.library);
  must(sf_core_new(&t.p, &t.any, &msg), &msg);
  must(t.mirror.calls->make(&t.p, &t.made, &msg), &msg);
  if (number % 4 == 3) no_probes(&t);
  must(sf_random_network(11, number, &t.p, &net, &msg), &msg);
  must(sf_image_new(net, 0, &t.p, &image, &msg), &msg);
  sf_driver_init(&d, &t.p, (sf_engine){&t, step_both});
  must(sf_driver_reset(&d, 2, &msg), &msg);
  must(sf_driver_load(&d, image, &msg), &msg);
  must(sf_random_traffic(11, number, &d, image, 20000, &msg), &msg);
  ck_assert_uint_gt(t.cycles, 20000);
  sf_driver_free(&d);
  sf_image_free(image);
  sf_network_free(net);
  t.mirror.calls->release(t.made);
  sf_core_free(t.any);
  sf_mirror_unload(&t.mirror);
}
END_TEST

START_TEST(made_for_these_and_no_others) {
  const sf_params p = sf_random_params(11, numbers[0]);
  sf_params other = p;
  sf_made_mirror mirror;
  sf_core *core = NULL;
  sf_msg msg = {""};
  other.has_current = !other.has_current;
  sf_mirror_load(&p, true, &mirror);
  ck_assert_ptr_nonnull(mirror.library);
  ck_assert_int_eq(mirror.calls->make(&other, &core, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "made for other parameters");
  ck_assert_ptr_null(core);
  sf_mirror_unload(&mirror);
}
END_TEST

/* What is said on standard error, until the end of the test. */
static char *said(FILE *to) {
  static char text[4096];
  fflush(stderr);
  rewind(to);
  text[fread(text, 1, sizeof text - 1, to)] = '\0';
  return text;
}

START_TEST(without_a_compiler_the_programs_own_serves) {
  static const char *const compilers[] = {"no-such-compiler", "false"};
  const sf_params p = sf_random_params(12, 1);
  sf_made_mirror mirror;
  FILE *log = tmpfile();
  ck_assert_ptr_nonnull(log);
  ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
  ck_assert_int_ge(dup2(fileno(log), STDERR_FILENO), 0);
  setenv("CC", compilers[_i], 1);
  for (int k = 0; k < 3; k++) {
    sf_mirror_load(&p, true, &mirror);
    ck_assert_ptr_null(mirror.library);
    ck_assert_ptr_eq(mirror.calls, &sf_mirror_here);
    sf_mirror_unload(&mirror);
  }
  const char *text = said(log);
  ck_assert_msg(!strncmp(text, "synfire: the mirror is not made for its parameters", 50), "%s", text);
  ck_assert_ptr_nonnull(strstr(text, compilers[_i]));
  ck_assert_msg(strchr(text, '\n') == text + strlen(text) - 1, "said once, in one line: %s", text);
  fclose(log);
}
END_TEST

START_TEST(the_environment_decides) {
  const sf_params p = sf_random_params(11, numbers[0]);
  sf_made_mirror mirror;
  setenv("SYNFIRE_MIRROR", "any", 1);
  sf_mirror_load(&p, true, &mirror);
  ck_assert_ptr_null(mirror.library);
  setenv("SYNFIRE_MIRROR", "made", 1);
  sf_mirror_load(&p, false, &mirror);
  ck_assert_ptr_nonnull(mirror.library);
  sf_mirror_unload(&mirror);
}
END_TEST

int main(void) {
  Suite *s = suite_create("mirror");
  TCase *t = tcase_create("mirror");
  unsetenv("SYNFIRE_MIRROR");
  tcase_set_timeout(t, 600);
  tcase_add_loop_test(t, the_same_bits_in_every_cycle, 0, sizeof numbers / sizeof *numbers);
  tcase_add_test(t, made_for_these_and_no_others);
  tcase_add_loop_test(t, without_a_compiler_the_programs_own_serves, 0, 2);
  tcase_add_test(t, the_environment_decides);
  suite_add_tcase(s, t);
  return suite_run(s);
}
