/* test_network_file - networks in HDF5 files: what is written is read again, byte for byte the same each time; files
 * written as h5py writes them (other integer types and byte orders, missing datasets, enumerations, variable-length
 * strings, chunks and filters, what tools add); files that others hold open; and every kind of wrong file, each with
 * its whole error line. */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/h5_util.h"
#include "files/network_file.h"
#include "scratch.h"
#include "suite.h"

/* ---- round trips -------------------------------------------------------------------------------------------- */

/* A network that uses every field, with values that differ from place to place. */
static sf_network *full(uint32_t weight_bits) {
  sf_network *net = sf_network_new(3);
  net->seed = 0xfedcba98u;
  for (uint32_t k = 0; k < 3; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = 300 + k;
    c->neurons = 260 - k;
    c->weight_bits = weight_bits;
    c->potential_bits = 20 + k;
    c->delay_slots = 8u << k;
    c->n_profiles = 3 + k;
    c->n_routes = k * 50;
    c->has_current = c->has_refractory = c->has_adaptation = c->has_noise = true;
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    const int32_t hi = weight_bits == 1 ? 1 : (1 << (weight_bits - 1)) - 1, lo = weight_bits == 1 ? 0 : -hi - 1;
    for (uint32_t i = 0; i < c->axons; i++)
      for (uint32_t j = 0; j < c->neurons; j++)
        sf_core_set_weight(c, i, j, lo + (int32_t)((i * 31 + j * 17 + k) % (uint32_t)(hi - lo + 1)));
    for (uint32_t j = 0; j < c->neurons; j++) {
      c->threshold[j] = (int32_t)j * 3 - 100;
      c->bias[j] = -(int32_t)j;
      c->profile[j] = j % c->n_profiles;
      c->v_init[j] = (int32_t)j;
      c->u_init[j] = 7 - (int32_t)j;
    }
    for (uint32_t p = 0; p < c->n_profiles; p++) {
      const int32_t n = (int32_t)p;
      c->profiles[p] =
          (sf_profile){n, 2 * n + 1, n % 8, 3 - n, n % 3, -5 * n, (n + 1) % 3, n, 255 - n, 4 * n, 5 * n, n};
    }
    for (uint32_t r = 0; r < c->n_routes; r++)
      c->routes[r] = (sf_route){(r * 7) % 200, (int32_t)(r % 4) - 1, r, 1 + r % 7};
  }
  ck_assert_int_eq(sf_readout_alloc(&net->readout, 4, NULL), SF_OK);
  net->readout.method = SF_READ_FIRST;
  net->readout.ticks = 33;
  net->readout.core = 2;
  for (uint32_t c = 0; c < 4; c++) net->readout.neuron[c] = 100 + c;
  return net;
}

#define SAME(field) ck_assert_int_eq(a->field, b->field)
#define SAME_ARRAY(field, n) ck_assert_mem_eq(a->field, b->field, (n) * sizeof *a->field)
static void same_core(const sf_core_net *a, const sf_core_net *b) {
  SAME(axons);
  SAME(neurons);
  SAME(weight_bits);
  SAME(potential_bits);
  SAME(delay_slots);
  SAME(n_profiles);
  SAME(n_routes);
  SAME(has_current);
  SAME(has_refractory);
  SAME(has_adaptation);
  SAME(has_noise);
  if (a->weight_bits == 16) SAME_ARRAY(w16, (size_t)a->axons * a->neurons);
  else SAME_ARRAY(w8, (size_t)a->axons * a->neurons);
  SAME_ARRAY(threshold, a->neurons);
  SAME_ARRAY(bias, a->neurons);
  SAME_ARRAY(profile, a->neurons);
  SAME_ARRAY(v_init, a->neurons);
  SAME_ARRAY(u_init, a->neurons);
  SAME_ARRAY(profiles, a->n_profiles);
  if (a->n_routes > 0) SAME_ARRAY(routes, a->n_routes);
}

static void same_network(const sf_network *a, const sf_network *b) {
  SAME(n_cores);
  SAME(seed);
  SAME(readout.method);
  SAME(readout.ticks);
  SAME(readout.core);
  SAME(readout.n_classes);
  if (a->readout.n_classes > 0) SAME_ARRAY(readout.neuron, a->readout.n_classes);
  for (uint32_t k = 0; k < a->n_cores; k++) same_core(&a->core[k], &b->core[k]);
}

static sf_network *read_ok(const char *path) {
  sf_network *net = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_network_read(path, &net, &msg) == SF_OK, "%s", msg.text);
  return net;
}

static void write_ok(const char *path, const sf_network *net) {
  sf_msg msg = {""};
  ck_assert_msg(sf_network_write(path, net, &msg) == SF_OK, "%s", msg.text);
}

START_TEST(what_is_written_is_read) {
  sf_network *net = full(1u << _i);
  write_ok(scratch_path("a.h5"), net);
  sf_network *again = read_ok(scratch_path("a.h5"));
  same_network(net, again);
  write_ok(scratch_path("b.h5"), again); /* over nothing, then over itself */
  write_ok(scratch_path("b.h5"), again);
  size_t na, nb;
  char *a = scratch_read(scratch_path("a.h5"), &na), *b = scratch_read(scratch_path("b.h5"), &nb);
  ck_assert_uint_eq(na, nb);
  ck_assert_mem_eq(a, b, na);
  ck_assert_int_eq(scratch_count("a.h5"), 1); /* no temporary file is left */
  ck_assert_int_eq(scratch_count("b.h5"), 1);
  free(a);
  free(b);
  sf_network_free(net);
  sf_network_free(again);
}
END_TEST

START_TEST(defaults_everywhere) {
  sf_network *net = sf_network_new(1);
  ck_assert_int_eq(sf_core_net_alloc(&net->core[0], NULL), SF_OK);
  write_ok(scratch_path("d.h5"), net);
  sf_network *again = read_ok(scratch_path("d.h5"));
  same_network(net, again);
  sf_network_free(net);
  sf_network_free(again);
}
END_TEST

START_TEST(what_cannot_be_written_leaves_the_old_file) {
  sf_network *net = full(4);
  sf_msg msg;
  const char *path = scratch_text("old.h5", "old");
  net->core[1].threshold[3] = 1 << 23;
  ck_assert_int_eq(sf_network_write(path, net, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/1/neuron/threshold[3] = 8388608: must be -1048576 .. 1048575");
  size_t n;
  char *old = scratch_read(path, &n);
  ck_assert(n == 3 && memcmp(old, "old", 3) == 0);
  free(old);
  net->core[1].threshold[3] = 0;
  ck_assert_int_eq(sf_learning_new(&net->core[2], &msg), SF_OK);
  ck_assert_int_eq(sf_network_write(path, net, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "core/2 learns"));
  sf_network_free(net);
  net = full(4);
  ck_assert_int_eq(sf_network_write("/nowhere/x.h5", net, &msg), SF_EIO);
  ck_assert_str_eq(msg.text, "/nowhere/x.h5: cannot be written: No such file or directory");
  ck_assert_int_eq(sf_network_write("/dev/null", net, &msg), SF_EIO);
  ck_assert_str_eq(msg.text, "/dev/null: exists and is not a regular file");
  ck_assert_int_eq(scratch_count("old.h5"), 1);
  sf_network_free(net);
}
END_TEST

START_TEST(a_written_file_has_ordinary_permissions) {
  sf_network *net = full(4);
  struct stat st;
  umask(022);
  write_ok(scratch_path("mode.h5"), net);
  ck_assert_int_eq(stat(scratch_path("mode.h5"), &st), 0);
  ck_assert_int_eq(st.st_mode & 0777, 0644);
  sf_network_free(net);
}
END_TEST

/* ---- other people's files ----------------------------------------------------------------------------------- */

static const int64_t six[6] = {0, 1, -2, 3, -4, 5};

/* The least that is a network: 2 axons, 3 neurons. */
static hid_t least(const char *name, hid_t weights_type) {
  const hid_t f = h5_new(scratch_path(name));
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1);
  h5_ints(f, "core/0/weights", weights_type, 2, 3, six);
  return f;
}

START_TEST(h5py_style_files_load) {
  const hid_t types[] = {H5T_STD_I8LE,  H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE,
                         H5T_STD_I16BE, H5T_STD_I32BE, H5T_STD_I64BE};
  const hid_t f = least("py.h5", types[_i]);
  h5_attr_bool(f, "core/0", "HAS_CURRENT", true);
  h5_attr_int(f, "core/0", "POTENTIAL_BITS", H5T_STD_U8LE, 20);
  h5_ints(f, "core/0/neuron/threshold", H5T_STD_U16BE, 3, 0, (int64_t[]){9, 8, 60000});
  h5_ints(f, "core/0/route/neuron", H5T_STD_U64LE, 2, 0, (int64_t[]){2, 0});
  h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 2, 0, (int64_t[]){-1, 0});
  h5_ints(f, "core/0/route/delay", H5T_STD_U8LE, 2, 0, (int64_t[]){0, 15});
  h5_ints(f, "core/0/profile/noise_bits", H5T_STD_U8LE, 3, 0, (int64_t[]){0, 0, 7});
  h5_done(f);
  sf_network *net = read_ok(scratch_path("py.h5"));
  const sf_core_net *c = &net->core[0];
  ck_assert(c->axons == 2 && c->neurons == 3 && c->weight_bits == 4 && c->potential_bits == 20 && c->delay_slots == 16);
  for (uint32_t i = 0; i < 6; i++) ck_assert_int_eq(sf_core_weight(c, i / 3, i % 3), six[i]);
  ck_assert(c->threshold[0] == 9 && c->threshold[2] == 60000);
  ck_assert(c->n_profiles == 3 && c->profiles[2].noise_bits == 7 && c->profiles[2].v_floor == -524288);
  ck_assert(c->n_routes == 2 && c->routes[0].neuron == 2 && c->routes[0].core == -1 && c->routes[1].delay == 15);
  ck_assert(c->has_current && c->has_noise && !c->has_refractory && !c->has_adaptation); /* noise: by its values */
  ck_assert(net->seed == 0 && net->readout.n_classes == 0);
  sf_network_free(net);
}
END_TEST

START_TEST(a_core_without_weights_has_zeros) {
  const hid_t f = least("zero.h5", H5T_STD_I8LE);
  h5_delete(f, "core/0/weights");
  h5_attr_int(f, "core/0", "AXONS", H5T_STD_I32LE, 7);
  h5_attr_int(f, "core/0", "NEURONS", H5T_STD_I32LE, 5);
  h5_done(f);
  sf_network *net = read_ok(scratch_path("zero.h5"));
  ck_assert(net->core[0].axons == 7 && net->core[0].neurons == 5 && sf_core_weight(&net->core[0], 6, 4) == 0);
  sf_network_free(net);
}
END_TEST

/* The rule of every other way to make a network, from version 2 of the format on. A version 1 file loads as ever. */
static const struct {
  const char *why;
  int64_t version;
  bool group, given;
  int32_t want;
} left_out[] = {{"version 2, no group neuron: silent", 2, false, false, (1 << 19) - 1},
                {"version 2, the group without thresholds: silent", 2, true, false, (1 << 19) - 1},
                {"version 2, thresholds given", 2, true, true, 7},
                {"version 1, no group neuron: 0, and said", 1, false, false, 0},
                {"version 1, the group without thresholds: 0, and said", 1, true, false, 0},
                {"version 1, thresholds given: nothing to say", 1, true, true, 7}};

START_TEST(thresholds_that_are_left_out) {
  const char *path = scratch_path("left.h5");
  const hid_t f = least("left.h5", H5T_STD_I8LE);
  sf_msg msg = {""};
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, left_out[_i].version);
  h5_attr_int(f, "core/0", "POTENTIAL_BITS", H5T_STD_I64LE, 20);
  if (left_out[_i].group) h5_ints(f, "core/0/neuron/bias", H5T_STD_I8LE, 3, 0, six);
  if (left_out[_i].given) h5_ints(f, "core/0/neuron/threshold", H5T_STD_I8LE, 3, 0, (int64_t[]){7, 7, 7});
  h5_done(f);
  char want[512] = "";
  if (left_out[_i].version == 1 && !left_out[_i].given)
    snprintf(want, sizeof want,
             "%s: core/0/neuron/threshold: is left out: 0 in version 1 of the format, so that neurons spike without "
             "input; from version 2 on they are silent",
             path);
  sf_network *net = read_ok(path), *loaded = NULL;
  sf_model *model = NULL;
  ck_assert_msg(sf_model_read(path, NULL, NULL, &loaded, &model, &msg) == SF_OK, "%s", msg.text);
  for (uint32_t j = 0; j < 3; j++) {
    int32_t got = -1;
    ck_assert_int_eq(sf_model_peek(model, 0, j, SF_THRESHOLD, &got), SF_OK);
    ck_assert_msg(net->core[0].threshold[j] == left_out[_i].want && got == left_out[_i].want, "%s: %d, %d",
                  left_out[_i].why, net->core[0].threshold[j], got);
  }
  ck_assert_str_eq(net->note.text, want);
  ck_assert_str_eq(loaded->note.text, want);
  sf_model_free(model);
  sf_network_free(loaded);
  sf_network_free(net);
}
END_TEST

/* What h5py, netCDF, PyTables and others write by themselves, and notes for people, at every level. */
START_TEST(what_tools_add_by_themselves_is_taken) {
  static const char *const at[] = {"/", "core", "core/0", "core/0/neuron", "core/0/neuron/threshold", "core/0/weights"};
  static const char *const notes[] = {"name",         "comment",       "CLASS",
                                      "NAME",         "_NCProperties", "_Netcdf4Dimid",
                                      "TITLE",        "VERSION",       "PYTABLES_FORMAT_VERSION",
                                      "MATLAB_class", "rhdf5-NA.OK"};
  const hid_t f = least("tools.h5", H5T_STD_I8LE);
  h5_ints(f, "core/0/neuron/threshold", H5T_STD_I8LE, 3, 0, (int64_t[]){9, 8, 7});
  for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
    for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++) h5_attr_text(f, at[i], notes[k], "x", k % 2 == 0);
  h5_ints(f, "core/0/axon", H5T_IEEE_F32LE, 2, 0, six); /* netCDF: a dimension */
  h5_attr_text(f, "core/0/axon", "CLASS", "DIMENSION_SCALE", false);
  h5_done(f);
  sf_network *net = read_ok(scratch_path("tools.h5"));
  ck_assert(net->core[0].axons == 2 && net->core[0].neurons == 3 && net->core[0].threshold[0] == 9);
  sf_network_free(net);
}
END_TEST

/* What is at its default everywhere is not written; thresholds of 0 are no default any more. */
START_TEST(written_thresholds_keep_their_meaning) {
  static const int32_t value[] = {0, 32767, 5};
  sf_network *net = sf_network_new(1);
  ck_assert_int_eq(sf_core_net_alloc(&net->core[0], NULL), SF_OK);
  for (uint32_t j = 0; j < net->core[0].neurons; j++) net->core[0].threshold[j] = value[_i];
  write_ok(scratch_path("t.h5"), net);
  const hid_t f = H5Fopen(scratch_path("t.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
  ck_assert_int_eq(H5Lexists(f, "core/0/neuron/threshold", H5P_DEFAULT) > 0, value[_i] != 32767);
  H5Fclose(f);
  sf_network *again = read_ok(scratch_path("t.h5"));
  same_network(net, again);
  ck_assert_str_eq(again->note.text, "");
  sf_network_free(again);
  sf_network_free(net);
}
END_TEST

START_TEST(booleans_are_0_and_1) {
  const hid_t f = least("bool.h5", H5T_STD_I8LE), type = H5Tenum_create(H5T_NATIVE_INT8);
  const int8_t no = 0, yes = 1, bits[6] = {1, 0, 0, 1, 1, 0};
  const hsize_t size[2] = {2, 3};
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  h5_delete(f, "core/0/weights");
  const hid_t space = H5Screate_simple(2, size, NULL);
  const hid_t set = H5Dcreate2(f, "core/0/weights", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  ck_assert(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bits) >= 0);
  H5Dclose(set);
  H5Sclose(space);
  H5Tclose(type);
  h5_attr_int(f, "core/0", "WEIGHT_BITS", H5T_STD_I8LE, 1);
  h5_done(f);
  sf_network *net = read_ok(scratch_path("bool.h5"));
  for (uint32_t i = 0; i < 6; i++) ck_assert_int_eq(sf_core_weight(&net->core[0], i / 3, i % 3), bits[i]);
  sf_network_free(net);
}
END_TEST

/* Other programs may keep a block of their own before the file, as MATLAB does. */
START_TEST(a_block_of_another_program_stands_before_it) {
  const hid_t plist = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(plist, 512 << _i * 2);
  const hid_t f = H5Fcreate(scratch_path("block.h5"), H5F_ACC_TRUNC, plist, H5P_DEFAULT);
  H5Pclose(plist);
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1);
  h5_ints(f, "core/0/weights", H5T_STD_I8LE, 2, 3, six);
  h5_done(f);
  sf_network_free(read_ok(scratch_path("block.h5")));
}
END_TEST

/* With h5py's track_order the order of names is kept, in structures of their own. */
START_TEST(names_in_the_order_of_their_making) {
  const hid_t plist = H5Pcreate(H5P_FILE_CREATE), group = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_attr_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_link_creation_order(group, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_attr_creation_order(group, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  const hid_t f = H5Fcreate(scratch_path("order.h5"), H5F_ACC_TRUNC, plist, H5P_DEFAULT);
  H5Gclose(H5Gcreate2(f, "core", H5P_DEFAULT, group, H5P_DEFAULT));
  H5Gclose(H5Gcreate2(f, "core/0", H5P_DEFAULT, group, H5P_DEFAULT));
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1);
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_ints(f, "core/0/weights", H5T_STD_I8LE, 2, 3, six);
  H5Pclose(plist);
  H5Pclose(group);
  h5_done(f);
  sf_network_free(read_ok(scratch_path("order.h5")));
}
END_TEST

/* ---- bad files ---------------------------------------------------------------------------------------------- */

#define BAD(name, statement) \
  static void name(hid_t f) { statement; }
static const int64_t zeros[4097];
#define ONE(...) \
  (int64_t[]) { __VA_ARGS__ }
/* The last element of a set, which int64_t cannot hold. */
static void put_u64(hid_t f, const char *name, uint64_t value) {
  const hid_t set = H5Dopen2(f, name, H5P_DEFAULT), space = H5Dget_space(set), one = H5Screate(H5S_SCALAR);
  hsize_t size[2] = {1, 1};
  H5Sget_simple_extent_dims(space, size, NULL);
  const hsize_t last[2] = {size[0] - 1, size[1] - 1};
  H5Sselect_elements(space, H5S_SELECT_SET, 1, last);
  ck_assert(H5Dwrite(set, H5T_NATIVE_UINT64, one, space, H5P_DEFAULT, &value) >= 0);
  H5Sclose(one);
  H5Sclose(space);
  H5Dclose(set);
}

static void attr_u64(hid_t f, const char *name, uint64_t value) {
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attr = H5Acreate2(f, name, H5T_STD_U64BE, space, H5P_DEFAULT, H5P_DEFAULT);
  ck_assert(H5Awrite(attr, H5T_NATIVE_UINT64, &value) >= 0);
  H5Aclose(attr);
  H5Sclose(space);
}

BAD(no_format, H5Adelete(f, "format"))
BAD(other_format, h5_attr_text(f, "/", "format", "netcdf", false))
BAD(long_format, h5_attr_text(f, "/", "format", "0123456789012345678901234567890123456789", true))
BAD(number_format, h5_attr_int(f, "/", "format", H5T_STD_I8LE, 1))
BAD(no_version, H5Adelete(f, "version"))
BAD(version_3, h5_attr_int(f, "/", "version", H5T_STD_I8LE, 3))
BAD(text_version, h5_attr_text(f, "/", "version", "1", false))
BAD(seed_below, h5_attr_int(f, "/", "seed", H5T_STD_I64LE, -1))
BAD(seed_above, h5_attr_int(f, "/", "seed", H5T_STD_I64LE, 4294967296))
BAD(no_core, h5_delete(f, "core"))
BAD(core_is_data, h5_delete(f, "core"); h5_ints(f, "core", H5T_STD_I8LE, 1, 0, six))
BAD(empty_core, h5_delete(f, "core/0"))
BAD(core_gap, h5_group(f, "core/2"))
BAD(core_name, h5_group(f, "core/one"); h5_delete(f, "core/0"))
BAD(unknown_member, h5_group(f, "core/0/neurons"))
BAD(unknown_field, h5_ints(f, "core/0/neuron/treshold", H5T_STD_I8LE, 3, 0, six))
BAD(unknown_attribute, h5_attr_int(f, "core/0", "LANES", H5T_STD_I8LE, 4))
BAD(root_attribute, h5_attr_int(f, "/", "sead", H5T_STD_I64LE, 7))
BAD(root_member, h5_group(f, "cores"))
BAD(cores_attribute, h5_attr_int(f, "core", "seed", H5T_STD_I64LE, 7))
BAD(neuron_attribute, h5_group(f, "core/0/neuron"); h5_attr_int(f, "core/0/neuron", "threshold", H5T_STD_I64LE, 7))
BAD(profile_attribute, h5_group(f, "core/0/profile"); h5_attr_int(f, "core/0/profile", "v_decay", H5T_STD_I64LE, 7))
BAD(route_attribute, h5_group(f, "core/0/route"); h5_attr_int(f, "core/0/route", "delay", H5T_STD_I64LE, 7))
BAD(set_attribute, h5_attr_int(f, "core/0/weights", "WEIGHT_BITS", H5T_STD_I64LE, 8))
BAD(field_attribute, h5_ints(f, "core/0/neuron/bias", H5T_STD_I8LE, 3, 0, six);
    h5_attr_int(f, "core/0/neuron/bias", "bias", H5T_STD_I64LE, 8))
BAD(read_attribute, h5_group(f, "readout"); h5_attr_int(f, "readout", "tiks", H5T_STD_I64LE, 8))
BAD(read_member, h5_group(f, "readout/neurons"))
BAD(seed_u64, attr_u64(f, "seed", UINT64_MAX))
BAD(weight_2_63, h5_ints(f, "core/0/weights", H5T_STD_U64LE, 2, 3, six); put_u64(f, "core/0/weights", 1ull << 63))
BAD(bias_2_64, h5_ints(f, "core/0/neuron/bias", H5T_STD_U64BE, 3, 0, six); put_u64(f, "core/0/neuron/bias", UINT64_MAX))
BAD(weight_2_63_1, h5_ints(f, "core/0/weights", H5T_STD_U64LE, 2, 3, ONE(0, 0, 0, INT64_MAX, 0, 0)))
BAD(no_shape, h5_delete(f, "core/0/weights"))
BAD(axons_0, h5_attr_int(f, "core/0", "AXONS", H5T_STD_I8LE, 0))
BAD(axons_other, h5_attr_int(f, "core/0", "AXONS", H5T_STD_I8LE, 3))
BAD(neurons_many, h5_attr_int(f, "core/0", "NEURONS", H5T_STD_I64LE, 8193))
BAD(has_2, h5_attr_int(f, "core/0", "HAS_NOISE", H5T_STD_I8LE, 2))
BAD(bits_3, h5_attr_int(f, "core/0", "WEIGHT_BITS", H5T_STD_I8LE, 3))
BAD(slots_12, h5_attr_int(f, "core/0", "DELAY_SLOTS", H5T_STD_I8LE, 12))
BAD(rank_1, h5_ints(f, "core/0/weights", H5T_STD_I8LE, 6, 0, six))
BAD(rank_2, h5_ints(f, "core/0/neuron/bias", H5T_STD_I8LE, 3, 1, six))
BAD(floats, h5_ints(f, "core/0/weights", H5T_IEEE_F32LE, 2, 3, six))
BAD(weights_huge, h5_ints(f, "core/0/weights", H5T_STD_I8LE, 4097, 1, zeros))
BAD(weights_empty, h5_ints(f, "core/0/weights", H5T_STD_I8LE, 0, 3, six))
BAD(weight_8, h5_ints(f, "core/0/weights", H5T_STD_I32LE, 2, 3, ONE(0, 0, 0, 0, 8, 0)))
BAD(weight_u64, h5_ints(f, "core/0/weights", H5T_STD_I64BE, 2, 3, ONE(0, 0, 0, 0, 0, INT64_MIN)))
BAD(threshold_out, h5_ints(f, "core/0/neuron/threshold", H5T_STD_I32LE, 3, 0, ONE(0, 32768, 0)))
BAD(too_few, h5_ints(f, "core/0/neuron/bias", H5T_STD_I8LE, 2, 0, six))
BAD(too_many, h5_ints(f, "core/0/neuron/bias", H5T_STD_I8LE, 4, 0, six))
BAD(profile_out, h5_ints(f, "core/0/neuron/profile", H5T_STD_I8LE, 3, 0, ONE(0, 0, 1)))
BAD(profiles_many, h5_ints(f, "core/0/profile/v_decay", H5T_STD_I8LE, 4, 0, six))
BAD(profiles_uneven, h5_ints(f, "core/0/profile/v_decay", H5T_STD_I8LE, 2, 0, six);
    h5_ints(f, "core/0/profile/v_reset", H5T_STD_I8LE, 3, 0, six))
BAD(profiles_none, h5_ints(f, "core/0/profile/v_decay", H5T_STD_I8LE, 0, 0, six))
BAD(decay_out, h5_ints(f, "core/0/profile/v_decay", H5T_STD_I16LE, 1, 0, ONE(4097)))
BAD(current_off, h5_attr_int(f, "core/0", "HAS_CURRENT", H5T_STD_I8LE, 0);
    h5_ints(f, "core/0/profile/u_decay", H5T_STD_I16LE, 1, 0, ONE(5)))
BAD(route_delay_0, h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 1, 0, ONE(0)))
BAD(route_delay_16, h5_ints(f, "core/0/route/delay", H5T_STD_I8LE, 1, 0, ONE(16)))
BAD(route_uneven, h5_ints(f, "core/0/route/neuron", H5T_STD_I8LE, 2, 0, six);
    h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 1, 0, ONE(-1)))
BAD(route_axon_2, h5_ints(f, "core/0/route/delay", H5T_STD_I8LE, 1, 0, ONE(1));
    h5_ints(f, "core/0/route/axon", H5T_STD_I8LE, 1, 0, ONE(2)))
BAD(route_core_1, h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 1, 0, ONE(1)))
BAD(route_core_below, h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 1, 0, ONE(-2)))
BAD(group_is_data, h5_ints(f, "core/0/neuron", H5T_STD_I8LE, 3, 0, six))
BAD(data_is_group, h5_delete(f, "core/0/weights"); h5_group(f, "core/0/weights"))
BAD(soft_link, h5_delete(f, "core/0/weights");
    H5Lcreate_soft("/elsewhere", f, "core/0/weights", H5P_DEFAULT, H5P_DEFAULT))
BAD(external_link, h5_delete(f, "core/0");
    H5Lcreate_external("/etc/passwd", "/x", f, "core/0", H5P_DEFAULT, H5P_DEFAULT))
BAD(read_method, h5_group(f, "readout"); h5_attr_text(f, "readout", "method", "best", false))
BAD(read_no_ticks, h5_group(f, "readout"); h5_attr_text(f, "readout", "method", "first", false))
BAD(read_no_neuron, read_no_ticks(f); h5_attr_int(f, "readout", "ticks", H5T_STD_I8LE, 8))
BAD(read_neuron_3, read_no_neuron(f); h5_ints(f, "readout/neuron", H5T_STD_I8LE, 2, 0, ONE(2, 3)))
BAD(read_neuron_twice, read_no_neuron(f); h5_ints(f, "readout/neuron", H5T_STD_I8LE, 3, 0, ONE(1, 2, 1)))
BAD(read_ticks_0, read_no_ticks(f); h5_attr_int(f, "readout", "ticks", H5T_STD_I8LE, 0))
BAD(read_six, read_no_neuron(f); h5_ints(f, "readout/neuron", H5T_STD_I8LE, 1, 0, six))
BAD(read_core_1, read_six(f); h5_attr_int(f, "readout", "core", H5T_STD_I8LE, 1))

/* A claim of millions of chunks of one element each, none of them there. */
static void chunks_claimed(hid_t f) {
  h5_chunks(f, "core/0/weights", H5T_STD_I8LE, 4096, 8192, (const hsize_t[]){1, 1}, H5Z_FILTER_NONE, NULL);
}

/* Raw data in another file: a network could make the program read any file as weights. */
static void raw_elsewhere(hid_t f) {
  const hsize_t dims[2] = {2, 3};
  const hid_t plist = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, dims, NULL);
  H5Pset_external(plist, "/etc/passwd", 0, 6);
  h5_delete(f, "core/0/weights");
  H5Dclose(H5Dcreate2(f, "core/0/weights", H5T_STD_I8LE, space, H5P_DEFAULT, plist, H5P_DEFAULT));
  H5Sclose(space);
  H5Pclose(plist);
}

static const struct {
  void (*damage)(hid_t file);
  const char *want;
} bad[] = {
    {no_format, "attribute format = \"\": must be \"synfire-network\""},
    {other_format, "attribute format = \"netcdf\": must be \"synfire-network\""},
    {long_format, "attribute format: must be a string of at most 31 characters"},
    {number_format, "attribute format: must be one string"},
    {no_version, "attribute version: is missing, must be 1 .. 2"},
    {version_3, "attribute version = 3: must be 1 .. 2"},
    {text_version, "attribute version: must be one integer"},
    {seed_below, "attribute seed = -1: must be 0 .. 4294967295"},
    {seed_above, "attribute seed = 4294967296: must be 0 .. 4294967295"},
    {no_core, "core: is missing"},
    {core_is_data, "core: must be a group"},
    {empty_core, "core: has 0 members: must be 1 .. 65536"},
    {core_gap, "core/1: is missing: the 2 members of core must be named 0 .. 1"},
    {core_name, "core/0: is missing: the 1 members of core must be named 0 .. 0"},
    {unknown_member, "core/0: unknown member \"neurons\"; known: weights neuron profile route"},
    {unknown_field, "core/0/neuron: unknown member \"treshold\"; known: threshold bias profile v_init u_init"},
    {unknown_attribute,
     "core/0: unknown attribute \"LANES\"; known: AXONS NEURONS WEIGHT_BITS POTENTIAL_BITS DELAY_SLOTS "
     "HAS_CURRENT HAS_REFRACTORY HAS_ADAPTATION HAS_NOISE name comment"},
    {root_attribute, "unknown attribute \"sead\"; known: format version seed name comment"},
    {root_member, "unknown member \"cores\"; known: core readout"},
    {cores_attribute, "core: unknown attribute \"seed\"; known: name comment"},
    {neuron_attribute, "core/0/neuron: unknown attribute \"threshold\"; known: name comment"},
    {profile_attribute, "core/0/profile: unknown attribute \"v_decay\"; known: name comment"},
    {route_attribute, "core/0/route: unknown attribute \"delay\"; known: name comment"},
    {set_attribute, "core/0/weights: unknown attribute \"WEIGHT_BITS\"; known: name comment"},
    {field_attribute, "core/0/neuron/bias: unknown attribute \"bias\"; known: name comment"},
    {read_attribute, "readout: unknown attribute \"tiks\"; known: method ticks core name comment"},
    {read_member, "readout: unknown member \"neurons\"; known: neuron"},
    {no_shape, "core/0: has neither weights nor attributes AXONS and NEURONS"},
    {axons_0, "attribute core/0/AXONS = 0: must be 1 .. 4096"},
    {axons_other, "core/0/weights: has 2 x 3 elements: must be 3 x 3"},
    {neurons_many, "attribute core/0/NEURONS = 8193: must be 1 .. 8192"},
    {has_2, "attribute core/0/HAS_NOISE = 2: must be 0 .. 1"},
    {bits_3, "core/0/WEIGHT_BITS = 3: must be a power of two, 1 .. 16"},
    {slots_12, "core/0/DELAY_SLOTS = 12: must be a power of two, 2 .. 64"},
    {rank_1, "core/0/weights: must have 2 dimensions"},
    {rank_2, "core/0/neuron/bias: must have 1 dimension"},
    {floats, "core/0/weights: must be of an integer type (8 to 64 bits)"},
    {weights_huge, "core/0/weights: has 4097 x 1 elements: must be at most 4096 x 8192"},
    {weights_empty, "core/0/AXONS = 0: must be 1 .. 4096"},
    {weight_8, "core/0/weights[1][1] = 8: must be -8 .. 7"},
    {weight_u64, "core/0/weights[1][2] = -9223372036854775808: must be -8 .. 7"},
    {weight_2_63, "core/0/weights[1][2] = 9223372036854775808: must be -8 .. 7"},
    {weight_2_63_1, "core/0/weights[1][0] = 9223372036854775807: must be -8 .. 7"},
    {bias_2_64, "core/0/neuron/bias[2] = 18446744073709551615: must be -32768 .. 32767"},
    {seed_u64, "attribute seed = 18446744073709551615: must be 0 .. 4294967295"},
    {threshold_out, "core/0/neuron/threshold[1] = 32768: must be -32768 .. 32767"},
    {too_few, "core/0/neuron/bias: has 2 elements: must be 3"},
    {too_many, "core/0/neuron/bias: has 4 elements: must be 3"},
    {profile_out, "core/0/neuron/profile[2] = 1: must be 0 .. 0"},
    {profiles_many, "core/0/profile/v_decay: has 4 elements: must be at most 3"},
    {profiles_uneven, "core/0/profile/v_reset: has 3 elements: must be 2"},
    {profiles_none, "core/0/profiles = 0: must be 1 .. 3"},
    {decay_out, "core/0/profile/v_decay[0] = 4097: must be 0 .. 4096"},
    {current_off, "core/0/profile/u_decay[0] = 5: must be 0 because HAS_CURRENT is 0"},
    {route_delay_0, "core/0/route/delay[0] = 0: must be 1 .. 15"},
    {route_delay_16, "core/0/route/delay[0] = 16: must be 1 .. 15"},
    {route_uneven, "core/0/route/core: has 1 elements: must be 2"},
    {route_axon_2, "core/0/route/axon[0] = 2: must be 0 .. 1"},
    {route_core_1, "core/0/route/core[0] = 1: must be -1 .. 0"},
    {route_core_below, "core/0/route/core[0] = -2: must be -1 .. 65535"},
    {group_is_data, "core/0/neuron: must be a group"},
    {data_is_group, "core/0/weights: must be a dataset"},
    {soft_link, "core/0/weights: is a soft or external link, must be the object itself"},
    {external_link, "core/0: is a soft or external link, must be the object itself"},
    {chunks_claimed,
     "core/0/weights: claims 33554432 chunks, for which the file holds 0 bytes: what is not stored may be at "
     "most 262144 chunks"},
    {raw_elsewhere, "core/0/weights: must be stored in the file itself"},
    {read_method, "readout/method = \"best\": must be \"potential\", \"spikes\" or \"first\""},
    {read_no_ticks, "readout: the attribute ticks is missing"},
    {read_no_neuron, "readout/neuron: is missing or empty"},
    {read_neuron_3, "readout/neuron[1] = 3: must be 0 .. 2"},
    {read_neuron_twice, "readout/neuron[2] = 1: stands there twice"},
    {read_ticks_0, "attribute readout/ticks = 0: must be 1 .. 2147483647"},
    {read_core_1, "readout/core = 1: must be 0 .. 0"},
};

static void refused(const char *path, const char *want) {
  sf_network *net = (sf_network *)&net;
  sf_msg msg = {""};
  char line[700];
  ck_assert_msg(sf_network_read(path, &net, &msg) != SF_OK, "%s was read: %s", path, want);
  snprintf(line, sizeof line, "%s: %s", path, want);
  ck_assert_str_eq(msg.text, line);
  ck_assert_ptr_eq(net, &net); /* untouched */
}

START_TEST(bad_files_are_refused_with_one_line) {
  const hid_t f = least("bad.h5", H5T_STD_I8LE);
  bad[_i].damage(f);
  h5_done(f);
  refused(scratch_path("bad.h5"), bad[_i].want);
}
END_TEST

START_TEST(files_that_are_no_networks) {
  refused(scratch_path("missing.h5"), "No such file or directory");
  refused(scratch_text("empty.h5", ""), "the file is empty");
  refused(scratch_text("text.h5", "hello"), "is neither HDF5 nor JSON");
  refused(scratch_text("magic.h5", "\x89HDF\r\n\x1a\n"), "is no HDF5 file, or truncated or damaged");
  refused("/tmp", "is a folder");
  refused("/dev/null", "the file is empty");
}
END_TEST

/* ---- storage ------------------------------------------------------------------------------------------------ */

/* Few of many chunks were written: the others are fill values, and the file is far smaller than what it holds. */
START_TEST(chunks_that_were_never_written_are_fill_values) {
  const hid_t f = least("sparse.h5", H5T_STD_I8LE);
  h5_chunks(f, "core/0/weights", H5T_STD_I64LE, 4096, 8192, (const hsize_t[]){64, 128}, H5Z_FILTER_DEFLATE, NULL);
  put_u64(f, "core/0/weights", 5);
  h5_done(f);
  sf_network *net = read_ok(scratch_path("sparse.h5"));
  ck_assert(net->core[0].axons == 4096 && net->core[0].neurons == 8192);
  ck_assert(sf_core_weight(&net->core[0], 4095, 8191) == 5 && sf_core_weight(&net->core[0], 17, 4000) == 0);
  sf_network_free(net);
}
END_TEST

/* One chunk of 64 MiB, which takes more than the guard's two seconds when each of 64 reads unpacks it. */
START_TEST(a_large_chunk_is_unpacked_once) {
  const uint64_t axons = 2048, neurons = 4096;
  int64_t *w = calloc(axons * neurons, sizeof *w);
  for (uint64_t i = 0; i < axons * neurons; i += 101) w[i] = (int64_t)(i % 8);
  const hid_t f = least("large.h5", H5T_STD_I8LE);
  h5_chunks(f, "core/0/weights", H5T_STD_I64LE, axons, neurons, (const hsize_t[]){axons, neurons}, H5Z_FILTER_DEFLATE,
            w);
  h5_done(f);
  sf_network *net = read_ok(scratch_path("large.h5"));
  for (uint64_t i = 0; i < axons * neurons; i += 101) ck_assert_int_eq(net->core[0].w8[i], w[i]);
  sf_network_free(net);
  free(w);
}
END_TEST

/* In the guard's child. What is claimed to be read may take its time; abort() is "damaged" to the guard. */
static void read_and_look_at_the_limit(const char *path) {
  static int8_t weights[4096 * 8192];
  sf_h5 root;
  sf_msg msg = {""};
  bool present;
  struct rlimit time;
  if (sf_h5_open(path, &root, &msg) != SF_OK) abort();
  if (getrlimit(RLIMIT_CPU, &time) != 0 || time.rlim_cur > 10) abort();
  if (sf_h5_read2(&root, "core/0/weights", 4096, 8192, -8, 7, weights, 1, &present, &msg) != SF_OK || !present) abort();
  if (getrlimit(RLIMIT_CPU, &time) != 0 || time.rlim_cur < 20) abort();
  (void)sf_h5_close_file(&root, NULL);
}
static void never_end(const char *path) {
  for (volatile const char *p = path;; p = path) (void)*p;
}

START_TEST(the_guards_time_goes_by_what_is_claimed) {
  sf_msg msg = {""};
  const hid_t f = least("claim.h5", H5T_STD_I8LE);
  h5_chunks(f, "core/0/weights", H5T_STD_I64LE, 4096, 8192, (const hsize_t[]){512, 1024}, H5Z_FILTER_NONE, NULL);
  h5_done(f);
  const sf_err e = sf_h5_guard(scratch_path("claim.h5"), read_and_look_at_the_limit, &msg);
  ck_assert_msg(e == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_h5_guard(scratch_path("claim.h5"), never_end, &msg), SF_EFORMAT);
  ck_assert_str_eq(msg.text, "takes the HDF5 library far longer than its size can: is damaged");
}
END_TEST

/* ---- files that others have in their hands ------------------------------------------------------------------- */

static size_t as_it_is(unsigned flags, size_t n_parameters, const unsigned *parameters, size_t n, size_t *room,
                       void **data) {
  (void)flags;
  (void)n_parameters;
  (void)parameters;
  (void)room;
  (void)data;
  return n;
}

/* h5py's own filter, which no HDF5 library has by itself. */
START_TEST(a_missing_filter_is_named) {
  const H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, 32000, 1, 1, "lzf", NULL, NULL, as_it_is};
  const hid_t f = least("lzf.h5", H5T_STD_I8LE);
  ck_assert(H5Zregister(&lzf) >= 0);
  h5_chunks(f, "core/0/weights", H5T_STD_I8LE, 2, 3, (const hsize_t[]){2, 3}, 32000, six);
  h5_done(f);
  sf_network_free(read_ok(scratch_path("lzf.h5")));
  ck_assert(H5Zunregister(32000) >= 0);
  refused(scratch_path("lzf.h5"),
          "core/0/weights: is compressed with the filter lzf (number 32000), which the HDF5 library "
          "here lacks: write it with gzip, or uncompressed");
}
END_TEST

START_TEST(a_file_that_is_open_for_writing_is_named_so) {
  h5_done(least("open.h5", H5T_STD_I8LE));
  const char *path = scratch_path("open.h5");
  const int fd = open(path, O_RDWR);
  ck_assert_int_eq(flock(fd, LOCK_EX), 0); /* as the HDF5 library does */
  refused(path, "is open for writing in another program: close it there first (in Python: file.close())");
  close(fd);
  sf_network_free(read_ok(path));
}
END_TEST

START_TEST(a_file_whose_writer_died_is_named_so) {
  const char *path = scratch_path("died.h5");
  const pid_t writer = fork();
  if (writer == 0) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    const hid_t f = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    h5_ints(f, "core/0/weights", H5T_STD_I8LE, 2, 3, six);
    H5Fflush(f, H5F_SCOPE_GLOBAL);
    _exit(0);
  }
  int status;
  ck_assert_int_eq(waitpid(writer, &status, 0), writer);
  refused(path, "was not closed by the program that wrote it, or is open for writing there; if no program has it open, "
                "h5clear -s makes it readable");
}
END_TEST

/* Cut anywhere, a file is refused, never half-read. */
START_TEST(truncated_files_are_refused) {
  sf_network *net = full(4);
  size_t n;
  sf_msg msg;
  write_ok(scratch_path("whole.h5"), net);
  char *data = scratch_read(scratch_path("whole.h5"), &n);
  for (size_t cut = 1; cut <= 12; cut++) {
    sf_network *got = NULL;
    const char *path = scratch_write("cut.h5", data, n * cut / 13);
    ck_assert_int_eq(sf_network_read(path, &got, &msg), SF_EFORMAT);
    ck_assert_ptr_null(got);
    ck_assert_ptr_null(strchr(msg.text, '\n'));
  }
  free(data);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("network_file");
  TCase *tests = tcase_create("network_file");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, what_is_written_is_read, 0, 5);
  tcase_add_test(tests, defaults_everywhere);
  tcase_add_test(tests, what_cannot_be_written_leaves_the_old_file);
  tcase_add_test(tests, a_written_file_has_ordinary_permissions);
  tcase_add_loop_test(tests, h5py_style_files_load, 0, 7);
  tcase_add_test(tests, a_core_without_weights_has_zeros);
  tcase_add_loop_test(tests, thresholds_that_are_left_out, 0, sizeof left_out / sizeof left_out[0]);
  tcase_add_loop_test(tests, written_thresholds_keep_their_meaning, 0, 3);
  tcase_add_test(tests, what_tools_add_by_themselves_is_taken);
  tcase_add_test(tests, booleans_are_0_and_1);
  tcase_add_loop_test(tests, a_block_of_another_program_stands_before_it, 0, 3);
  tcase_add_test(tests, names_in_the_order_of_their_making);
  tcase_add_test(tests, chunks_that_were_never_written_are_fill_values);
  tcase_add_test(tests, a_large_chunk_is_unpacked_once);
  tcase_add_test(tests, the_guards_time_goes_by_what_is_claimed);
  tcase_add_test(tests, a_missing_filter_is_named);
  tcase_add_test(tests, a_file_that_is_open_for_writing_is_named_so);
  tcase_add_test(tests, a_file_whose_writer_died_is_named_so);
  tcase_add_loop_test(tests, bad_files_are_refused_with_one_line, 0, sizeof bad / sizeof bad[0]);
  tcase_add_test(tests, files_that_are_no_networks);
  tcase_add_test(tests, truncated_files_are_refused);
  return suite_run_in_scratch(suite);
}
