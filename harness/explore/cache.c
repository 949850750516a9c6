/* cache.c - see cache.h. */
#include "explore/cache.h"

#include <stdio.h>

#define PROOF "result.json"

static void name_entry(const char *step, const sf_hash *hash, char name[96]) {
  char hex[33];
  sf_hash_hex(hash, hex);
  snprintf(name, 96, "%.60s-%s", step, hex);
}

bool sf_entry_path(const char *step, const sf_hash *hash, char path[SF_PATH_MAX]) {
  char folder[SF_PATH_MAX], name[96];
  path[0] = '\0';
  name_entry(step, hash, name);
  if (sf_cache_path("explore", folder, NULL)) return false;
  return snprintf(path, SF_PATH_MAX, "%s/%s", folder, name) < SF_PATH_MAX && sf_cache_has(path, PROOF);
}

sf_err sf_entry_open(const char *step, const sf_hash *hash, sf_entry *e, sf_msg *msg) {
  char folder[SF_PATH_MAX], name[96];
  name_entry(step, hash, name);
  const sf_err err = sf_cache_path("explore", folder, msg);
  return err ? err : sf_cache_open(folder, name, PROOF, e, msg);
}

sf_err sf_entry_close(sf_entry *e, bool keep, sf_msg *msg) {
  if (!keep && e->lock >= 0) {
    char aside[SF_PATH_MAX + 16];
    snprintf(aside, sizeof aside, "%s.failed", e->path);
    sf_remove_tree(aside);
    (void)rename(e->work, aside); /* else it is removed */
  }
  return sf_cache_close(e, keep ? "" : NULL, SF_OK, msg);
}

void sf_entry_tidy(void) {
  char folder[SF_PATH_MAX];
  if (!sf_cache_path("explore", folder, NULL)) sf_cache_tidy(folder);
}
