/* network_write.c - the writing half of network_file.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/h5_util.h"
#include "files/network_file.h"
#include "files/network_format.h"

/* A column of n values, left out where all of them are the default. */
static sf_err put_column(const sf_h5 *at, const char *name, const int32_t *value, uint32_t n, int32_t by_default,
                         sf_msg *msg) {
  const uint64_t dims[1] = {n};
  bool differs = false;
  for (uint32_t i = 0; i < n; i++) differs = differs || value[i] != by_default;
  return differs ? sf_h5_put(at, name, 1, dims, H5T_NATIVE_INT32, value, msg) : SF_OK;
}

static sf_err put_neurons(const sf_h5 *core, const sf_core_net *c, sf_msg *msg) {
  const void *const array[SF_NEURON_FIELDS] = {c->threshold, c->bias, c->profile, c->v_init, c->u_init};
  const int32_t silent = (1 << (c->potential_bits - 1)) - 1;
  sf_h5 group;
  sf_err err = sf_h5_make_group(core, "neuron", &group, msg);
  for (size_t f = 0; f < SF_NEURON_FIELDS && !err; f++)
    err = put_column(&group, sf_neuron_names[f], array[f], c->neurons, f == SF_NEURON_THRESHOLD ? silent : 0, msg);
  sf_h5_close(&group);
  return err;
}

/* The first field is always written: its length is the number of profiles. */
static sf_err put_profiles(const sf_h5 *core, const sf_core_net *c, int32_t *column, sf_msg *msg) {
  const uint64_t dims[1] = {c->n_profiles};
  sf_h5 group;
  sf_err err = sf_h5_make_group(core, "profile", &group, msg);
  for (size_t f = 0; f < SF_PROFILE_FIELDS && !err; f++) {
    for (uint32_t k = 0; k < c->n_profiles; k++) column[k] = *sf_profile_field(&c->profiles[k], f);
    const int32_t by_default = f == 5 ? -(1 << (c->potential_bits - 1)) : 0; /* 5: v_floor */
    err = f == 0 ? sf_h5_put(&group, sf_profile_names[f], 1, dims, H5T_NATIVE_INT32, column, msg)
                 : put_column(&group, sf_profile_names[f], column, c->n_profiles, by_default, msg);
  }
  sf_h5_close(&group);
  return err;
}

static sf_err put_routes(const sf_h5 *core, const sf_core_net *c, int32_t *column, sf_msg *msg) {
  const uint64_t dims[1] = {c->n_routes};
  if (c->n_routes == 0) return SF_OK;
  sf_h5 group;
  sf_err err = sf_h5_make_group(core, "route", &group, msg);
  for (size_t f = 0; f < SF_ROUTE_FIELDS && !err; f++) {
    for (uint32_t i = 0; i < c->n_routes; i++) column[i] = sf_route_get(&c->routes[i], f);
    err = sf_h5_put(&group, sf_route_names[f], 1, dims, H5T_NATIVE_INT32, column, msg);
  }
  sf_h5_close(&group);
  return err;
}

static sf_err put_core(const sf_h5 *core, const sf_core_net *c, sf_msg *msg) {
  const struct {
    const char *name;
    int64_t value;
  } attributes[] = {{"AXONS", c->axons},
                    {"NEURONS", c->neurons},
                    {"WEIGHT_BITS", c->weight_bits},
                    {"POTENTIAL_BITS", c->potential_bits},
                    {"DELAY_SLOTS", c->delay_slots},
                    {"HAS_CURRENT", c->has_current},
                    {"HAS_REFRACTORY", c->has_refractory},
                    {"HAS_ADAPTATION", c->has_adaptation},
                    {"HAS_NOISE", c->has_noise}};
  const uint64_t shape[2] = {c->axons, c->neurons};
  const uint32_t longest = c->n_routes > c->n_profiles ? c->n_routes : c->n_profiles;
  sf_err err = SF_OK;
  for (size_t i = 0; i < sizeof attributes / sizeof attributes[0] && !err; i++)
    err = sf_h5_put_int(core, attributes[i].name, attributes[i].value, msg);
  if (!err)
    err = c->w16 != NULL ? sf_h5_put(core, "weights", 2, shape, H5T_NATIVE_INT16, c->w16, msg)
                         : sf_h5_put(core, "weights", 2, shape, H5T_NATIVE_INT8, c->w8, msg);
  int32_t *column = malloc(longest * sizeof *column);
  if (column == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = put_neurons(core, c, msg);
  if (!err) err = put_profiles(core, c, column, msg);
  if (!err) err = put_routes(core, c, column, msg);
  free(column);
  return err;
}

static sf_err put_readout(const sf_h5 *root, const sf_readout *r, sf_msg *msg) {
  const uint64_t dims[1] = {r->n_classes};
  if (r->n_classes == 0) return SF_OK;
  sf_h5 group;
  sf_err err = sf_h5_make_group(root, "readout", &group, msg);
  if (!err) err = sf_h5_put_string(&group, "method", sf_read_method_name(r->method), msg);
  if (!err) err = sf_h5_put_int(&group, "ticks", r->ticks, msg);
  if (!err) err = sf_h5_put_int(&group, "core", r->core, msg);
  if (!err) err = sf_h5_put(&group, "neuron", 1, dims, H5T_NATIVE_UINT32, r->neuron, msg);
  sf_h5_close(&group);
  return err;
}

static sf_err put_root(const sf_h5 *root, const sf_network *net, sf_msg *msg) {
  sf_h5 cores;
  sf_err err = sf_h5_put_string(root, "format", SF_NETWORK_FORMAT, msg);
  if (err) return err;
  err = sf_h5_put_int(root, "version", SF_NETWORK_VERSION, msg);
  if (err) return err;
  err = sf_h5_put_int(root, "seed", net->seed, msg);
  if (err) return err;
  err = sf_h5_make_group(root, "core", &cores, msg);
  for (uint32_t i = 0; i < net->n_cores && !err; i++) {
    char name[16];
    sf_h5 core;
    snprintf(name, sizeof name, "%u", i);
    err = sf_h5_make_group(&cores, name, &core, msg);
    if (!err) err = put_core(&core, &net->core[i], msg);
    sf_h5_close(&core);
  }
  sf_h5_close(&cores);
  return err ? err : put_readout(root, &net->readout, msg);
}

sf_err sf_network_write(const char *path, const sf_network *net, sf_msg *msg) {
  sf_new_file file;
  sf_h5 root;
  sf_err err = sf_network_check(net, msg);
  if (err) return err;
  for (uint32_t i = 0; i < net->n_cores; i++)
    if (net->core[i].learning != NULL)
      return sf_fail(msg, SF_EINVAL, "%s: core/%u learns: must not, the file format does not hold that", path, i);
  err = sf_new_file_begin(path, &file, msg);
  if (err) return err;
  err = sf_h5_create(file.temp, &root, msg);
  if (!err) {
    err = put_root(&root, net, msg);
    const sf_err closed = sf_h5_close_file(&root, err ? NULL : msg);
    if (!err) err = closed;
  }
  if (!err) return sf_new_file_commit(&file, msg);
  sf_new_file_abort(&file);
  return sf_prefix(msg, err, path);
}
