/* file_kind.c - see file_kind.h. */
#include "files/file_kind.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/h5_kind.h"
#include "files/json_util.h"

static sf_err hdf5_kind(const char *path, sf_file_kind *is, sf_msg *msg) {
  sf_h5_kind found;
  const sf_err err = sf_h5_kind_of(path, &found, msg);
  if (err) return err;
  *is = found == SF_H5_SPIKES ? SF_FILE_SPIKES : SF_FILE_NETWORK;
  if (found != SF_H5_OTHER) return SF_OK;
  return sf_fail(msg, SF_EFORMAT, "is HDF5, but holds neither a network (group core) nor spikes (datasets tick, unit)");
}

static bool has(const cJSON *o, const char *key) { return cJSON_GetObjectItemCaseSensitive(o, key) != NULL; }

/* "format" decides where there is one; a misspelt network or sweep is for its reader to explain. */
static sf_err json_kind(const cJSON *root, sf_file_kind *is, sf_msg *msg) {
  const cJSON *format = cJSON_GetObjectItemCaseSensitive(root, "format");
  const char *text = cJSON_IsString(format) ? format->valuestring : "";
  if (!strcmp(text, "synfire-explore") || !strcmp(text, "synfire-projection") ||
      (has(root, "device") && has(root, "passed")))
    *is = SF_FILE_RESULTS;
  else if (!strcmp(text, "synfire-sweep") || has(root, "grids") || has(root, "parameters")) *is = SF_FILE_SWEEP;
  else if (!strcmp(text, "synfire-network") || has(root, "weights") || has(root, "weights_csv") ||
           has(root, "neurons") || has(root, "cores"))
    *is = SF_FILE_NETWORK;
  else if (format)
    return sf_fail(msg, SF_EFORMAT,
                   "format = \"%.40s\": is none of synfire-network, synfire-sweep, synfire-explore, "
                   "synfire-projection",
                   text);
  else *is = SF_FILE_CONFIG;
  return SF_OK;
}

static sf_err text_kind(const char *text, size_t length, sf_file_kind *is, sf_msg *msg) {
  const char first = text[strspn(text, " \t\r\n")];
  const char *why_not = sf_not_text(text, length);
  if (why_not) return sf_fail(msg, SF_EFORMAT, "is neither HDF5 nor text: %s", why_not);
  if (first == '\0') return sf_fail(msg, SF_EFORMAT, "is empty but for blanks");
  *is = SF_FILE_CSV;
  if (first != '{' && first != '[') return SF_OK;
  cJSON *root;
  sf_err err = sf_json_parse(text, length, &root, msg);
  if (err) return err;
  err = json_kind(root, is, msg);
  cJSON_Delete(root);
  return err;
}

sf_err sf_file_kind_of(const sf_input *in, sf_file_kind *is, sf_msg *msg) {
  char *text;
  size_t length;
  sf_err err;
  if (in->hdf5) {
    err = hdf5_kind(in->path, is, msg);
    return err ? sf_prefix(msg, err, in->name) : SF_OK;
  }
  err = sf_file_read(in->path, (size_t)1 << 28, &text, &length, msg);
  if (err) return err;
  err = text_kind(text, length, is, msg);
  free(text);
  return err ? sf_prefix(msg, err, in->name) : SF_OK;
}
