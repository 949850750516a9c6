/* h5_kind.c - see h5_kind.h. */
#include "files/h5_kind.h"

#include "files/h5_util.h"

/* A network has a group "core"; a spike file may have a dataset of that name, beside "unit". */
static sf_h5_kind look(const char *path) {
  sf_h5 root;
  if (sf_h5_open(path, &root, NULL)) return SF_H5_NETWORK;
  const bool spikes = H5Lexists(root.id, "unit", H5P_DEFAULT) > 0 || H5Lexists(root.id, "tick", H5P_DEFAULT) > 0;
  const bool network = H5Lexists(root.id, "core", H5P_DEFAULT) > 0 || H5Aexists(root.id, "format") > 0;
  (void)sf_h5_close_file(&root, NULL);
  return spikes ? SF_H5_SPIKES : network ? SF_H5_NETWORK : SF_H5_OTHER;
}

static void attempt(const char *path) { (void)look(path); }

sf_err sf_h5_kind_of(const char *path, sf_h5_kind *kind, sf_msg *msg) {
  const sf_err err = sf_h5_guard(path, attempt, msg);
  if (!err) *kind = look(path);
  return err;
}
