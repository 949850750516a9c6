/* test_rtl.c - the Verilated RTL as an object that is opened several times: each core has its own $stop, in turns and
 * in threads. The RTL is a copy with a rule that an event on its last axon breaks. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "scratch.h"
#include "suite.h"
#include "util/paths.h"
#include "verilated/rtl_build.h"
#include "verilated/rtl_list.h"

enum { LAST_AXON = 15, RULE_LINES = 3 };
static const char rule[] = "  always @(posedge clk_i)\n"
                           "    if (!rst_i && in_valid_i && in_axon_i == {$clog2(AXONS){1'b1}})\n"
                           "      $stop;\n";

static sf_params small(void) {
  sf_params p = sf_params_default();
  p.axons = 16;
  p.neurons = 16;
  p.lanes = 4;
  p.neuron_lanes = 2;
  p.profiles = 1;
  p.routes = 4;
  p.delay_slots = 4;
  return p;
}

/* The file with the rule before its last endmodule; the line of $stop. */
static unsigned with_rule(const char *from, const char *to) {
  char *text, *out = NULL;
  size_t length, size;
  unsigned line = 1;
  ck_assert_int_eq(sf_file_read(from, (size_t)1 << 24, &text, &length, NULL), SF_OK);
  char *end = strstr(text, "\nendmodule");
  ck_assert_ptr_nonnull(end);
  ck_assert_ptr_null(strstr(end + 1, "\nendmodule"));
  for (const char *c = text; c <= end; c++) line += *c == '\n';
  FILE *f = open_memstream(&out, &size);
  fprintf(f, "%.*s%s%s", (int)(end + 1 - text), text, rule, end + 1);
  fclose(f);
  f = fopen(to, "w");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(out, 1, size, f), size);
  ck_assert_int_eq(fclose(f), 0);
  free(out);
  free(text);
  return line + RULE_LINES - 1;
}

static char so[SF_PATH_MAX], expected[64];

static void build(void) {
  char folder[SF_PATH_MAX], path[2 * SF_PATH_MAX];
  sf_msg msg = {""};
  sf_rtl_list found;
  snprintf(folder, sizeof folder, "%s", scratch_path("rtl"));
  ck_assert_int_eq(sf_make_folder(folder, &msg), SF_OK);
  unsetenv("SYNFIRE_RTL");
  ck_assert_msg(sf_rtl_list_read(&found, &msg) == SF_OK, "%s", msg.text);
  for (size_t i = 0; i < found.n; i++) {
    const char *name = strrchr(found.file[i], '/');
    char *text;
    size_t length;
    snprintf(path, sizeof path, "%s%s", folder, name);
    if (!strcmp(name, "/synfire_core.v")) {
      snprintf(expected, sizeof expected, "synfire_core.v:%u: $stop", with_rule(found.file[i], path));
      continue;
    }
    ck_assert_int_eq(sf_file_read(found.file[i], (size_t)1 << 24, &text, &length, &msg), SF_OK);
    snprintf(path, sizeof path, "rtl%s", name);
    scratch_text(path, text);
    free(text);
  }
  sf_rtl_list_free(&found);
  setenv("SYNFIRE_RTL", folder, 1);
  const sf_params p = small();
  ck_assert_msg(sf_rtl_build(&p, SF_RTL_PROBE | SF_RTL_QUICK, NULL, so, &msg) == SF_OK, "%s", msg.text);
}

static sf_rtl open_core(void) {
  sf_rtl rtl;
  sf_msg msg = {""};
  if (!so[0]) build();
  ck_assert_msg(sf_rtl_open(so, 1, &rtl, &msg) == SF_OK, "%s", msg.text);
  sf_core_out out;
  for (int i = 0; i < 4; i++) rtl.step(rtl.core, &(sf_core_in){.rst = 1}, &out);
  return rtl;
}

static void event(const sf_rtl *rtl, uint32_t axon) {
  sf_core_out out;
  rtl->step(rtl->core, &(sf_core_in){.in_valid = 1, .in_axon = axon, .in_delay = 1}, &out);
}

static bool stopped_by_the_rule(const sf_rtl *rtl) {
  const char *text = rtl->message(rtl->core);
  return text && strlen(text) >= strlen(expected) && !strcmp(text + strlen(text) - strlen(expected), expected);
}

START_TEST(a_core_reports_its_own_stop_alone) {
  sf_rtl a = open_core(), b = open_core();
  event(&a, LAST_AXON - 1);
  event(&b, LAST_AXON - 1);
  ck_assert_ptr_null(a.message(a.core));
  event(&a, LAST_AXON);
  event(&b, 0);
  ck_assert_msg(stopped_by_the_rule(&a), "got %s, wanted %s", a.message(a.core), expected);
  ck_assert_msg(!b.message(b.core), "the other core reports %s", b.message(b.core));
  sf_rtl c = open_core(); /* neither takes a new core the message from an old one, nor does it begin with one */
  ck_assert_ptr_null(c.message(c.core));
  ck_assert(stopped_by_the_rule(&a));
  event(&c, LAST_AXON);
  sf_rtl_close(&a);
  ck_assert(stopped_by_the_rule(&c));
  ck_assert_ptr_null(b.message(b.core));
  event(&b, LAST_AXON);
  ck_assert(stopped_by_the_rule(&b));
  sf_rtl_close(&c);
  sf_rtl_close(&b);
}
END_TEST

typedef struct worker {
  sf_rtl rtl;
  bool breaks_the_rule;
  const char *wrong;
} worker;

static void *work(void *self) {
  worker *w = self;
  for (int i = 0; i < 20000 && !w->wrong; i++) {
    event(&w->rtl, i % LAST_AXON);
    if (w->rtl.message(w->rtl.core)) w->wrong = "stopped before the rule was broken";
  }
  if (w->breaks_the_rule) event(&w->rtl, LAST_AXON);
  for (int i = 0; i < 20000; i++) event(&w->rtl, i % LAST_AXON);
  if (stopped_by_the_rule(&w->rtl) != w->breaks_the_rule)
    w->wrong = w->breaks_the_rule ? "was not stopped" : "was stopped";
  return NULL;
}

START_TEST(cores_in_threads_report_their_own_stop) {
  worker w[8];
  pthread_t thread[8];
  for (int i = 0; i < 8; i++) w[i] = (worker){.rtl = open_core(), .breaks_the_rule = i % 2};
  for (int i = 0; i < 8; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, work, &w[i]), 0);
  for (int i = 0; i < 8; i++) pthread_join(thread[i], NULL);
  for (int i = 0; i < 8; i++) {
    ck_assert_msg(!w[i].wrong, "core %d %s", i, w[i].wrong);
    sf_rtl_close(&w[i].rtl);
  }
}
END_TEST

/* A folder of two modules, and one for a family. */
static void list_folder(const char *hard) {
  sf_msg msg = {""};
  ck_assert_int_eq(sf_make_folder(scratch_path("list/hard/x"), &msg), SF_OK);
  scratch_text("list/synfire.f", "// two\ncore/a.v\n\n b.v \n");
  ck_assert_int_eq(sf_make_folder(scratch_path("list/core"), &msg), SF_OK);
  scratch_text("list/core/a.v", "");
  scratch_text("list/b.v", "");
  scratch_text("list/hard/x/a.v", "");
  scratch_text("list/hard/x/c.v", "");
  scratch_text("list/hard/x/x.f", hard);
  setenv("SYNFIRE_RTL", scratch_path("list"), 1);
}

static const char *in_list(const sf_rtl_list *list, size_t i) { return list->file[i] + strlen(list->folder) + 1; }

START_TEST(a_family_has_its_own_files) {
  sf_msg msg = {""};
  sf_rtl_list list;
  list_folder("// one\na.v\n");
  ck_assert_int_eq(sf_rtl_list_read(&list, &msg), SF_OK);
  ck_assert_int_eq(sf_rtl_list_hard(&list, "y", &msg), SF_OK); /* has none */
  ck_assert_str_eq(in_list(&list, 0), "core/a.v");
  ck_assert_int_eq(sf_rtl_list_hard(&list, "x", &msg), SF_OK);
  ck_assert_uint_eq(list.n, 2);
  ck_assert_str_eq(in_list(&list, 0), "hard/x/a.v"); /* in its place: the order stays */
  ck_assert_str_eq(in_list(&list, 1), "b.v");
  sf_rtl_list_free(&list);
}
END_TEST

START_TEST(a_family_s_list_that_is_wrong) {
  static const struct {
    const char *list, *text;
  } row[] = {{"c.v\n", "hard/x/c.v takes the place of no file of synfire.f"},
             {"b.v\n", "hard/x/b.v: No such file or directory"},
             {"// nothing\n", "hard/x/x.f: names no file"}};
  sf_msg msg = {""};
  sf_rtl_list list;
  list_folder(row[_i].list);
  ck_assert_int_eq(sf_rtl_list_read(&list, &msg), SF_OK);
  ck_assert_int_eq(sf_rtl_list_hard(&list, "x", &msg), SF_EIO);
  ck_assert_msg(strstr(msg.text, row[_i].text) && !strchr(msg.text, '\n'), "%s", msg.text);
  sf_rtl_list_free(&list);
}
END_TEST

int main(void) {
  Suite *s = suite_create("rtl");
  TCase *t = tcase_create("rtl");
  tcase_set_timeout(t, 300);
  tcase_add_test(t, a_core_reports_its_own_stop_alone);
  tcase_add_test(t, cores_in_threads_report_their_own_stop);
  tcase_add_test(t, a_family_has_its_own_files);
  tcase_add_loop_test(t, a_family_s_list_that_is_wrong, 0, 3);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
