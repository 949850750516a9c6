/* test_spikes_file - spikes in HDF5 and CSV files: what is written is read again; samples, labels and cores; sorting;
 * files as other tools write them; pipes; collecting spikes while a network runs; the check against a network; and
 * every kind of wrong file, each with its whole error line. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/spikes_file.h"
#include "scratch.h"
#include "suite.h"

static sf_spikes read_ok(const char *path) {
  sf_spikes s;
  sf_msg msg = {""};
  ck_assert_msg(sf_spikes_read(path, &s, &msg) == SF_OK, "%s", msg.text);
  return s;
}

static void write_ok(const char *path, const sf_spikes *s) {
  sf_msg msg = {""};
  ck_assert_msg(sf_spikes_write(path, s, &msg) == SF_OK, "%s", msg.text);
}

static void add(sf_spikes *s, size_t sample, uint32_t tick, uint32_t core, uint32_t unit) {
  sf_msg msg = {""};
  if (sf_spikes_add(s, sample, tick, core, unit, &msg) != SF_OK) ck_abort_msg("%s", msg.text);
}

static void finish(sf_spikes *s, size_t n) {
  sf_msg msg = {""};
  ck_assert_msg(sf_spikes_finish(s, n, &msg) == SF_OK, "%s", msg.text);
}

static void same(const sf_spikes *a, const sf_spikes *b) {
  ck_assert_uint_eq(a->n, b->n);
  ck_assert_uint_eq(a->n_samples, b->n_samples);
  ck_assert_uint_eq(a->ticks, b->ticks);
  for (size_t i = 0; i <= a->n_samples; i++)
    if (a->first[i] != b->first[i]) ck_abort_msg("sample %zu begins at %zu, %zu", i, a->first[i], b->first[i]);
  for (size_t i = 0; i < a->n; i++)
    if (a->tick[i] != b->tick[i] || a->unit[i] != b->unit[i] ||
        (a->core != NULL ? a->core[i] : 0) != (b->core != NULL ? b->core[i] : 0))
      ck_abort_msg("spike %zu differs", i);
  ck_assert((a->label == NULL) == (b->label == NULL));
  if (a->label != NULL) ck_assert_mem_eq(a->label, b->label, a->n_samples * sizeof *a->label);
}

/* ---- round trips -------------------------------------------------------------------------------------------- */

/* Many samples, some of them empty, spikes enough for every array to have grown several times. */
static sf_spikes many(bool cores, size_t spikes) {
  sf_spikes s = {0};
  for (size_t i = 0; i < spikes; i++)
    add(&s, 3 + i / 40 * 2, (uint32_t)(i % 40 / 3), cores && i > 5000 ? (uint32_t)(i % 3) : 0,
        (uint32_t)(i * 7 % 4096));
  return s;
}

static const struct {
  size_t spikes, samples;
  bool cores, labels;
  uint32_t ticks;
} shapes[] = {{0, 1, false, false, 0},     {0, 5, false, true, 8},        {1, 4, false, false, 100},
              {1024, 60, false, false, 0}, {1025, 1000, false, true, 16}, {9000, 500, true, true, 0},
              {6000, 304, true, false, 14}};

START_TEST(what_is_written_is_read) {
  sf_spikes s = many(shapes[_i].cores, shapes[_i].spikes);
  finish(&s, shapes[_i].samples);
  s.ticks = shapes[_i].ticks;
  if (shapes[_i].labels) {
    s.label = malloc(s.n_samples * sizeof *s.label);
    for (size_t k = 0; k < s.n_samples; k++) s.label[k] = (int32_t)(k % 10) - 1;
  }
  write_ok(scratch_path("a.h5"), &s);
  sf_spikes again = read_ok(scratch_path("a.h5"));
  same(&s, &again);
  write_ok(scratch_path("b.h5"), &again);
  size_t na, nb;
  char *a = scratch_read(scratch_path("a.h5"), &na), *b = scratch_read(scratch_path("b.h5"), &nb);
  ck_assert_uint_eq(na, nb);
  ck_assert_mem_eq(a, b, na);
  ck_assert_int_eq(scratch_count("a.h5"), 1);
  free(a);
  free(b);
  sf_spikes_free(&s);
  sf_spikes_free(&again);
  sf_spikes_free(&again); /* harmless */
}
END_TEST

START_TEST(csv_is_written_and_read) {
  sf_spikes s = {0};
  add(&s, 0, 0, 0, 65535);
  add(&s, 0, 7, (uint32_t)_i, 1);
  add(&s, 0, SF_MAX_TICK, 0, 0);
  finish(&s, 1);
  write_ok(scratch_path("s.csv"), &s);
  size_t n;
  char *text = scratch_read(scratch_path("s.csv"), &n);
  text[n] = '\0';
  ck_assert_str_eq(text, _i == 0 ? "tick,unit\n0,65535\n7,1\n2147483647,0\n"
                                 : "tick,unit,core\n0,65535,0\n7,1,1\n2147483647,0,0\n");
  sf_spikes again = read_ok(scratch_path("s.csv"));
  same(&s, &again);
  ck_assert((again.core != NULL) == (_i == 1));
  free(text);
  sf_spikes_free(&s);
  sf_spikes_free(&again);
}
END_TEST

START_TEST(csv_holds_one_sample) {
  sf_spikes s = {0};
  sf_msg msg;
  add(&s, 1, 0, 0, 0);
  finish(&s, 2);
  ck_assert_int_eq(sf_spikes_write(scratch_path("two.csv"), &s, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "two.csv: CSV cannot hold samples or labels: write HDF5 (any other name)"));
  ck_assert_int_eq(sf_spikes_write("/nowhere/s.h5", &s, &msg), SF_EIO);
  ck_assert_int_eq(scratch_count("two"), 0);
  sf_spikes_free(&s);
}
END_TEST

/* What could not be read again is not written. */
START_TEST(no_file_has_spikes_after_its_end) {
  sf_spikes s = {0};
  sf_msg msg;
  add(&s, 0, 3, 0, 0);
  finish(&s, 1);
  s.ticks = 3;
  ck_assert_int_eq(sf_spikes_write(scratch_path("late.h5"), &s, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "late.h5: tick[0] = 3: must be 0 .. 2: attribute ticks = 3"));
  ck_assert_int_eq(scratch_count("late"), 0);
  s.ticks = 4;
  write_ok(scratch_path("late.h5"), &s);
  sf_spikes_free(&s);
}
END_TEST

/* ---- reading ------------------------------------------------------------------------------------------------ */

static const struct {
  const char *text;
  size_t n;
} forms[] = {{"3,5\n1,4\n3,2\n", 3},
             {"tick,unit\n3,5\n1,4\n3,2", 3},
             {" Tick , UNIT , core \r\n 3 , 5 , 0\r\n1,4,0\r\n\r\n3,2,0\r\n", 3},
             {"# by hand\n\ntick,unit\n3,5\n#1,1\n1,4\n3,2\n", 3},
             {"\xef\xbb\xbftick,unit\r\n3,5\r\n1,4\r\n3,2\r\n", 3}, /* a spreadsheet's byte-order mark */
             {"\xef\xbb\xbf"
              "3,5\n1,4\n3,2\n",
              3},
             {"tick,unit # of the cochlea\n3,5 # x\n  # a line of its own\n1,4# y\n3,2\t#\n", 3},
             {"tick,unit\n", 0},
             {"\n", 0}};

START_TEST(csv_in_all_its_forms_and_sorted) {
  sf_spikes s = read_ok(scratch_text("form.csv", forms[_i].text));
  ck_assert_uint_eq(s.n, forms[_i].n);
  ck_assert_uint_eq(s.n_samples, 1);
  ck_assert(s.first[0] == 0 && s.first[1] == s.n && s.label == NULL);
  if (s.n == 3) { /* by tick, then as in the file */
    ck_assert(s.tick[0] == 1 && s.tick[1] == 3 && s.tick[2] == 3);
    ck_assert(s.unit[0] == 4 && s.unit[1] == 5 && s.unit[2] == 2);
  }
  sf_spikes_free(&s);
}
END_TEST

#define ONE(...) \
  (int64_t[]) { __VA_ARGS__ }

static hid_t two_spikes(void) {
  const hid_t f = h5_new(scratch_path("py.h5"));
  h5_ints(f, "tick", H5T_STD_I64LE, 2, 0, ONE(5, 4));
  h5_ints(f, "unit", H5T_STD_U8LE, 2, 0, ONE(200, 100));
  return f;
}

START_TEST(h5py_style_files_load_and_are_sorted) {
  hid_t f = two_spikes();
  h5_done(f);
  sf_spikes s = read_ok(scratch_path("py.h5"));
  ck_assert(s.n == 2 && s.n_samples == 1 && s.core == NULL && s.label == NULL && s.ticks == 0);
  ck_assert(s.tick[0] == 4 && s.unit[0] == 100 && s.tick[1] == 5 && s.unit[1] == 200);
  sf_spikes_free(&s);
  f = h5_new(scratch_path("py.h5"));
  h5_ints(f, "tick", H5T_STD_I16BE, 6, 0, ONE(1, 1, 0, 2, 0, 0));
  h5_ints(f, "unit", H5T_STD_I32LE, 6, 0, ONE(10, 11, 12, 13, 14, 15));
  h5_ints(f, "core", H5T_STD_I8LE, 6, 0, ONE(0, 1, 2, 3, 4, 5));
  h5_ints(f, "sample", H5T_STD_U16LE, 6, 0, ONE(3, 0, 3, 0, 0, 3));
  h5_attr_int(f, "/", "ticks", H5T_STD_I8LE, 9);
  h5_done(f);
  s = read_ok(scratch_path("py.h5"));
  static const uint32_t unit[6] = {14, 11, 13, 12, 15, 10}, core[6] = {4, 1, 3, 2, 5, 0};
  ck_assert(s.n_samples == 4 && s.ticks == 9);
  ck_assert_mem_eq(s.unit, unit, sizeof unit);
  ck_assert_mem_eq(s.core, core, sizeof core);
  ck_assert(s.first[0] == 0 && s.first[1] == 3 && s.first[2] == 3 && s.first[3] == 3 && s.first[4] == 6);
  const sf_spikes last = sf_spikes_sample(&s, 3), none = sf_spikes_sample(&s, 1);
  ck_assert(last.n == 3 && last.n_samples == 1 && last.unit[0] == 12 && last.core[2] == 0 && last.ticks == 9);
  const sf_spikes same_again = sf_spikes_sample(&last, 0);
  ck_assert(none.n == 0 && same_again.n == 3 && same_again.tick == last.tick);
  sf_spikes_free(&s);
  /* Labels tell of samples without spikes. */
  f = h5_edit(scratch_path("py.h5"));
  h5_ints(f, "label", H5T_STD_U8LE, 6, 0, ONE(5, 4, 3, 2, 1, 0));
  h5_done(f);
  s = read_ok(scratch_path("py.h5"));
  ck_assert(s.n_samples == 6 && s.label[0] == 5 && s.first[5] == 6 && s.first[6] == 6);
  ck_assert_int_eq(sf_spikes_sample(&s, 4).label[0], 1);
  sf_spikes_free(&s);
}
END_TEST

/* ---- what cannot be read twice ------------------------------------------------------------------------------ */

/* A child that writes into a pipe of this name; it ends when all is written. */
static void feed(const char *fifo, const char *data, size_t n) {
  unlink(fifo);
  ck_assert_int_eq(mkfifo(fifo, 0600), 0);
  if (fork() != 0) return;
  FILE *f = fopen(fifo, "wb");
  _exit(f != NULL && fwrite(data, 1, n, f) == n && fclose(f) == 0 ? 0 : 1);
}

static void feed_standard_input(const char *data, size_t n) {
  int ends[2];
  ck_assert_int_eq(pipe(ends), 0);
  if (fork() == 0) {
    close(ends[0]);
    _exit(write(ends[1], data, n) == (ssize_t)n ? 0 : 1);
  }
  close(ends[1]);
  ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  close(ends[0]);
}

START_TEST(spikes_come_through_pipes) {
  sf_spikes s = many(true, 9000);
  finish(&s, 500);
  if (_i == 0) { /* CSV holds one sample */
    sf_spikes_free(&s);
    for (uint32_t i = 0; i < 30000; i++) add(&s, 0, i, 0, i % 100);
    finish(&s, 1);
  }
  const char *path = scratch_path(_i == 0 ? "p.csv" : "p.h5"), *fifo = scratch_path("fifo");
  write_ok(path, &s);
  size_t n;
  char *data = scratch_read(path, &n);
  ck_assert_uint_gt(n, 65536); /* more than a pipe holds */
  feed(fifo, data, n);
  sf_spikes again = read_ok(fifo);
  same(&s, &again);
  sf_spikes_free(&again);
  feed_standard_input(data, n);
  again = read_ok("-");
  same(&s, &again);
  sf_spikes_free(&again);
  feed_standard_input(data, n);
  again = read_ok("/dev/stdin");
  same(&s, &again);
  sf_spikes_free(&again);
  sf_spikes_free(&s);
  free(data);
}
END_TEST

START_TEST(what_comes_through_a_pipe_is_checked_as_a_file_is) {
  static const char cut[] = "\x89HDF\r\n\x1a\nrest";
  sf_spikes s = {0};
  sf_msg msg = {""};
  feed_standard_input("0,0\n0,x\n", 8);
  ck_assert_int_eq(sf_spikes_read("-", &s, &msg), SF_EFORMAT);
  ck_assert_str_eq(msg.text, "standard input: line 2: \"0,x\": must be tick,unit or tick,unit,core (whole numbers)");
  feed_standard_input(cut, sizeof cut - 1);
  ck_assert_int_eq(sf_spikes_read("-", &s, &msg), SF_EFORMAT);
  ck_assert_str_eq(msg.text, "standard input: is no HDF5 file, or truncated or damaged");
  feed_standard_input("", 0);
  ck_assert_int_eq(sf_spikes_read("-", &s, &msg), SF_EFORMAT);
  ck_assert_str_eq(msg.text, "standard input: the file is empty");
  ck_assert_int_eq(sf_spikes_read("/dev/null", &s, &msg), SF_EFORMAT);
  ck_assert_str_eq(msg.text, "/dev/null: the file is empty");
}
END_TEST

/* ---- collecting --------------------------------------------------------------------------------------------- */

START_TEST(spikes_are_collected_in_order_only) {
  sf_spikes s = {0};
  sf_msg msg;
  add(&s, 2, 5, 0, 1);
  ck_assert_int_eq(sf_spikes_add(&s, 2, 4, 0, 1, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "sample 2 tick 4: added after a later one");
  ck_assert_int_eq(sf_spikes_add(&s, 1, 9, 0, 1, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_spikes_add(&s, SF_MAX_SAMPLES, 9, 0, 1, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_spikes_add(&s, 2, SF_MAX_TICK + 1, 0, 1, &msg), SF_EINVAL);
  add(&s, 3, 0, 0, 1); /* a new sample starts at 0 again */
  ck_assert_int_eq(sf_spikes_finish(&s, 3, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "3 samples: must be 4 .. 16777216");
  finish(&s, 4);
  ck_assert(s.n == 2 && s.first[0] == 0 && s.first[2] == 0 && s.first[3] == 1 && s.first[4] == 2);
  sf_spikes_free(&s);
  ck_assert_int_eq(sf_spikes_finish(&s, 0, &msg), SF_EINVAL);
  finish(&s, 3);
  ck_assert(s.n == 0 && s.n_samples == 3 && s.first[3] == 0);
  sf_spikes_free(&s);
}
END_TEST

START_TEST(spikes_are_checked_against_the_network) {
  sf_network *net = sf_network_new(2);
  sf_spikes s = {0};
  sf_msg msg = {""};
  net->core[0].axons = 20;
  net->core[0].neurons = 30;
  net->core[1].axons = 3;
  add(&s, 0, 0, 0, 19);
  add(&s, 0, 1, 1, 2);
  finish(&s, 1);
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_OK);
  s.unit[1] = 3;
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "f: spike 1 (tick 1): axon = 3: must be 0 .. 2");
  s.unit[0] = 30;
  ck_assert_int_eq(sf_spikes_check(&s, net, false, "f", &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "f: spike 0 (tick 0): neuron = 30: must be 0 .. 29");
  s.unit[0] = 0;
  s.core[1] = 2;
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "f: spike 1 (tick 1): core = 2: must be 0 .. 1");
  s.core[1] = 0;
  s.unit[1] = 0;
  s.label = malloc(sizeof *s.label);
  s.label[0] = 7; /* of no meaning without classes */
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_OK);
  ck_assert_int_eq(sf_readout_alloc(&net->readout, 3, &msg), SF_OK);
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "f: label[0] = 7: must be 0 .. 2, the classes of the network");
  ck_assert_int_eq(sf_spikes_check(&s, net, false, "f", &msg), SF_OK);
  s.label[0] = -1;
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "f: label[0] = -1: must be 0 .. 2, the classes of the network");
  s.label[0] = 2;
  ck_assert_int_eq(sf_spikes_check(&s, net, true, "f", &msg), SF_OK);
  sf_spikes_free(&s);
  sf_network_free(net);
}
END_TEST

/* ---- bad files ---------------------------------------------------------------------------------------------- */

static void refused(const char *path, const char *want) {
  sf_spikes s;
  sf_msg msg = {""};
  char line[700];
  memset(&s, 0x5a, sizeof s);
  const sf_spikes before = s;
  ck_assert_msg(sf_spikes_read(path, &s, &msg) != SF_OK, "was read: %s", want);
  snprintf(line, sizeof line, "%s: %s", path, want);
  ck_assert_str_eq(msg.text, line);
  ck_assert_mem_eq(&s, &before, sizeof s); /* untouched */
}

#define FORM "must be tick,unit or tick,unit,core (whole numbers)"
static const struct {
  const char *text, *want;
} bad_csv[] = {
    {"", "the file is empty"},
    {"1", "line 1: \"1\": " FORM},
    {"1,2,3,4", "line 1: \"1,2,3,4\": " FORM},
    {"1;2", "line 1: \"1;2\": " FORM},
    {"1,2\n-1,2", "line 2: tick = -1: must be 0 .. 2147483647"},
    {"1,2\n- 1,2", "line 2: \"- 1,2\": " FORM},
    {"1,2\n1.5,2", "line 2: \"1.5,2\": " FORM},
    {"1,2\n1,", "line 2: \"1,\": " FORM},
    {"1,2\ntick,unit", "line 2: \"tick,unit\": " FORM},
    {"time,unit\n1,2", "line 1: \"time,unit\": " FORM},
    {"1,2\n1,2,0", "line 2: has 3 columns, the lines before have 2"},
    {"1,2,0\n1,2", "line 2: has 2 columns, the lines before have 3"},
    {"2147483648,0", "line 1: tick = 2147483648: must be 0 .. 2147483647"},
    {"0,65536", "line 1: unit = 65536: must be 0 .. 65535"},
    {"0,0,65536", "line 1: core = 65536: must be 0 .. 65535"},
    {"9999999999999,0", "line 1: tick = 9999999999999: must be 0 .. 2147483647"},
    {"0,9223372036854775808", "line 1: unit = 9223372036854775808: must be 0 .. 65535"},
    {"0,0,-99999999999999999999", "line 1: core = -99999999999999999999: must be 0 .. 65535"},
    {"0,1 2 # x", "line 1: \"0,1 2\": " FORM},
    {"tick,unit,core,more\n", "line 1: \"tick,unit,core,more\": " FORM},
    {"\x89HDF not quite", "line 1: \"?HDF not quite\": " FORM},
};

START_TEST(bad_csv_is_refused_with_one_line) {
  char want[300];
  /* Only control characters become '?'; the byte 0x89 stays. */
  snprintf(want, sizeof want, "%s", bad_csv[_i].want);
  if (strchr(want, '?') != NULL) *strchr(want, '?') = '\x89';
  refused(scratch_text("bad.csv", bad_csv[_i].text), want);
}
END_TEST

#define BAD(name, statement) \
  static void name(hid_t f) { statement; }
BAD(no_tick, h5_delete(f, "tick"))
BAD(no_unit, h5_delete(f, "unit"))
BAD(unknown, h5_ints(f, "times", H5T_STD_I8LE, 2, 0, ONE(1, 2)))
BAD(format, h5_attr_text(f, "/", "format", "synfire-network", true))
BAD(version, h5_attr_int(f, "/", "version", H5T_STD_I8LE, 3))
BAD(uneven, h5_ints(f, "unit", H5T_STD_I8LE, 1, 0, ONE(1)))
BAD(uneven_core, h5_ints(f, "core", H5T_STD_I8LE, 3, 0, ONE(1, 1, 1)))
BAD(floats, h5_ints(f, "tick", H5T_IEEE_F64LE, 2, 0, ONE(1, 2)))
BAD(rank, h5_ints(f, "tick", H5T_STD_I8LE, 2, 1, ONE(1, 2)))
BAD(before, h5_ints(f, "tick", H5T_STD_I8LE, 2, 0, ONE(1, -1)))
BAD(after, h5_ints(f, "tick", H5T_STD_I64LE, 2, 0, ONE(1, 2147483648)))
BAD(unit_out, h5_ints(f, "unit", H5T_STD_I32LE, 2, 0, ONE(65536, 0)))
BAD(sample_out, h5_ints(f, "sample", H5T_STD_I32LE, 2, 0, ONE(0, 16777216)))
BAD(few_labels, h5_ints(f, "sample", H5T_STD_I8LE, 2, 0, ONE(0, 2)); h5_ints(f, "label", H5T_STD_I8LE, 2, 0, ONE(1, 1)))
BAD(no_labels, h5_ints(f, "label", H5T_STD_I8LE, 0, 0, NULL))
BAD(samples_labels, h5_attr_int(f, "/", "samples", H5T_STD_I8LE, 3); h5_ints(f, "label", H5T_STD_I8LE, 2, 0, ONE(1, 1)))
BAD(few_samples, h5_attr_int(f, "/", "samples", H5T_STD_I8LE, 1); h5_ints(f, "sample", H5T_STD_I8LE, 2, 0, ONE(0, 1)))
BAD(no_samples, h5_attr_int(f, "/", "samples", H5T_STD_I8LE, 0))
BAD(ticks_beyond, h5_attr_int(f, "/", "ticks", H5T_STD_I64LE, 2147483648))
BAD(after_the_end, h5_attr_int(f, "/", "ticks", H5T_STD_I8LE, 2); h5_ints(f, "tick", H5T_STD_I8LE, 2, 0, ONE(1, 2)))
BAD(misspelt, h5_attr_int(f, "/", "tiks", H5T_STD_I8LE, 9))
BAD(on_a_set, h5_attr_int(f, "unit", "core", H5T_STD_I8LE, 1))
BAD(negative_ticks, h5_attr_int(f, "/", "ticks", H5T_STD_I8LE, -1))

/* Two billion spikes in a file of two kilobytes. */
static void boast(hid_t f) {
  const hsize_t n[1] = {2000000000};
  const hid_t space = H5Screate_simple(1, n, NULL);
  h5_delete(f, "tick");
  H5Dclose(H5Dcreate2(f, "tick", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Sclose(space);
}

static void boast_in_chunks(hid_t f) {
  h5_chunks(f, "tick", H5T_STD_I32LE, 2000000000, 0, (const hsize_t[]){1 << 20, 0}, H5Z_FILTER_DEFLATE, NULL);
}
static void chunk_huge(hid_t f) {
  h5_chunks(f, "tick", H5T_STD_I8LE, 1 << 26, 0, (const hsize_t[]){1 << 26, 0}, H5Z_FILTER_NONE, NULL);
}
static void tick_2_63(hid_t f) {
  const uint64_t ticks[2] = {0, 1ull << 63};
  h5_ints(f, "tick", H5T_STD_U64LE, 2, 0, ONE(0, 0));
  const hid_t set = H5Dopen2(f, "tick", H5P_DEFAULT);
  ck_assert(H5Dwrite(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, ticks) >= 0);
  H5Dclose(set);
}

static const struct {
  void (*damage)(hid_t file);
  const char *want;
} bad_h5[] = {
    {no_tick, "the dataset tick is missing"},
    {no_unit, "the dataset unit is missing"},
    {unknown, "unknown member \"times\"; known: tick unit core sample label"},
    {format, "attribute format = \"synfire-network\": must be \"synfire-spikes\""},
    {version, "attribute version = 3: must be 1 .. 1"},
    {uneven, "unit: has 1 elements: must be 2"},
    {uneven_core, "core: has 3 elements: must be 2"},
    {floats, "tick: must be of an integer type (8 to 64 bits)"},
    {rank, "tick: must have 1 dimension"},
    {before, "tick[1] = -1: must be 0 .. 2147483647"},
    {after, "tick[1] = 2147483648: must be 0 .. 2147483647"},
    {unit_out, "unit[0] = 65536: must be 0 .. 65535"},
    {sample_out, "sample[1] = 16777216: must be 0 .. 16777215"},
    {few_labels, "sample[1] = 2: must be 0 .. 1"},
    {no_labels, "label: is empty"},
    {samples_labels, "label: has 2 elements: attribute samples = 3"},
    {few_samples, "sample[1] = 1: must be 0 .. 0"},
    {no_samples, "attribute samples = 0: must be 1 .. 16777216"},
    {negative_ticks, "attribute ticks = -1: must be 0 .. 2147483647"},
    {ticks_beyond, "attribute ticks = 2147483648: must be 0 .. 2147483647"},
    {after_the_end, "tick[1] = 2: must be 0 .. 1: attribute ticks = 2"},
    {boast,
     "tick: claims 16000000000 bytes, for which the file holds 0 bytes: what is not stored may be at most 268435456 "
     "bytes"},
    {boast_in_chunks,
     "tick: claims 16000000000 bytes, for which the file holds 0 bytes: what is not stored may be at most "
     "268435456 bytes"},
    {chunk_huge, "tick: its chunks are larger than 256 MiB"},
    {misspelt, "unknown attribute \"tiks\"; known: format version ticks samples name comment"},
    {on_a_set, "unit: unknown attribute \"core\"; known: name comment"},
    {tick_2_63, "tick[1] = 9223372036854775808: must be 0 .. 2147483647"},
};

START_TEST(bad_hdf5_is_refused_with_one_line) {
  const hid_t f = two_spikes();
  bad_h5[_i].damage(f);
  h5_done(f);
  refused(scratch_path("py.h5"), bad_h5[_i].want);
}
END_TEST

START_TEST(files_that_are_no_spikes) {
  refused("/nowhere/s.h5", "No such file or directory");
  refused(scratch_write("zero.csv", "1,2\n\0", 5), "is neither HDF5 nor text: it has a 0 byte in it");
  refused(scratch_write("utf16.csv",
                        "\xff\xfe"
                        "1\0,\0"
                        "2\0",
                        8),
          "is neither HDF5 nor text: it is UTF-16, must be UTF-8");
  refused("/tmp", "is a folder");
  refused(scratch_text("empty.csv", ""), "the file is empty");
  refused(scratch_text("magic.h5", "\x89HDF\r\n\x1a\nrest"), "is no HDF5 file, or truncated or damaged");
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tests, test, 0, sizeof table / sizeof table[0])

int main(void) {
  Suite *suite = suite_create("spikes_file");
  TCase *tests = tcase_create("spikes_file");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  LOOP(what_is_written_is_read, shapes);
  tcase_add_loop_test(tests, csv_is_written_and_read, 0, 2);
  tcase_add_test(tests, csv_holds_one_sample);
  tcase_add_test(tests, no_file_has_spikes_after_its_end);
  LOOP(csv_in_all_its_forms_and_sorted, forms);
  tcase_add_test(tests, h5py_style_files_load_and_are_sorted);
  tcase_add_test(tests, spikes_are_collected_in_order_only);
  tcase_add_test(tests, spikes_are_checked_against_the_network);
  tcase_add_loop_test(tests, spikes_come_through_pipes, 0, 2);
  tcase_add_test(tests, what_comes_through_a_pipe_is_checked_as_a_file_is);
  LOOP(bad_csv_is_refused_with_one_line, bad_csv);
  LOOP(bad_hdf5_is_refused_with_one_line, bad_h5);
  tcase_add_test(tests, files_that_are_no_spikes);
  return suite_run_in_scratch(suite);
}
