/* mirror_build.c - see mirror_build.h. */
#define _GNU_SOURCE
#include "verilated/mirror_build.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cache.h"
#include "util/hash.h"
#include "util/tool.h"
#include "verilated/build_step.h"

/* No SLP: it joins the registers of a module to vectors, which then wait for the single stores of the cycle before. */
#define C_FLAGS "-std=gnu11", "-O3", "-fno-tree-slp-vectorize", "-fPIC", "-fvisibility=hidden", "-w"

typedef struct maker {
  char cc[SF_PATH_MAX], cc_version[128], cmodel[SF_PATH_MAX], include[SF_PATH_MAX + 16], cache[SF_PATH_MAX];
  char *unit; /* the text of the one file that is compiled */
  size_t unit_size;
} maker;

static sf_err find_compiler(maker *m, sf_msg *msg) {
  const char *set = getenv("CC");
  if (set && *set) return sf_tool_find(set, NULL, m->cc, msg);
  return sf_tool_find("gcc", NULL, m->cc, NULL) ? sf_tool_find("cc", "gcc", m->cc, msg) : SF_OK;
}

static sf_err find_all(maker *m, sf_msg *msg) {
  sf_err err = find_compiler(m, msg);
  if (!err) err = sf_data_path("cmodel", m->cmodel, msg);
  if (!err) err = sf_cache_path("rtl", m->cache, msg);
  if (err) return err;
  snprintf(m->include, sizeof m->include, "-I%s/include", m->cmodel);
  sf_tool_line((const char *[]){m->cc, "--version", NULL}, m->cc_version, sizeof m->cc_version);
  return SF_OK;
}

static int is_source(const struct dirent *e) {
  const char *dot = strrchr(e->d_name, '.');
  return dot && e->d_name[0] != '.' && (!strcmp(dot, ".c") || !strcmp(dot, ".h"));
}

/* The sources of a room: each goes into the key, and the .c files into the unit, so that all is one file to the
 * compiler. */
static sf_err take_room(const maker *m, const char *room, bool with_c, sf_hash *h, FILE *unit, sf_msg *msg) {
  char path[SF_PATH_MAX + 300];
  struct dirent **entry;
  snprintf(path, sizeof path, "%s/%s", m->cmodel, room);
  const int n = scandir(path, &entry, is_source, alphasort);
  if (n < 0) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  sf_err err = SF_OK;
  for (int i = 0; i < n; i++) {
    const char *name = entry[i]->d_name;
    snprintf(path, sizeof path, "%s/%s/%s", m->cmodel, room, name);
    sf_hash_text(h, name);
    if (!err) err = sf_hash_file(h, path, msg);
    if (with_c && name[strlen(name) - 1] == 'c') fprintf(unit, "#include \"%s/%s\"\n", room, name);
    free(entry[i]);
  }
  free(entry);
  return err;
}

/* The unit's text and the key. */
static sf_err write_unit(maker *m, const sf_params *p, char key[33], sf_msg *msg) {
  static const char *const flag[] = {C_FLAGS};
  const sf_sizes z = sf_sizes_of(p);
  FILE *unit = open_memstream(&m->unit, &m->unit_size);
  if (!unit) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_hash h = sf_hash_new();
#define PUT(name) fprintf(unit, " ." #name " = %u,", (unsigned)z.name);
#define PUT_PARAM(kind, name, rtl, field, ...) PUT(field)
#define PUT_DERIVED(name, value) PUT(name)
  fprintf(unit, "#define SF_FIXED_SIZES {");
  SF_PARAMS(PUT_PARAM)
  SF_DERIVED_SIZES(PUT_DERIVED)
  fprintf(unit, "}\n");
  sf_err err = take_room(m, "include/synfire", false, &h, unit, msg);
  if (!err) err = take_room(m, "base", true, &h, unit, msg);
  if (!err) err = take_room(m, "mirror", true, &h, unit, msg);
  if (fclose(unit) && !err) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (err) return err;
  sf_hash_text(&h, m->unit);
  sf_hash_text(&h, m->cc);
  sf_hash_text(&h, m->cc_version);
  for (size_t i = 0; i < sizeof flag / sizeof *flag; i++) sf_hash_text(&h, flag[i]);
  sf_hash_hex(&h, key);
  return SF_OK;
}

static sf_err compile(const maker *m, const char *folder, const char *name, sf_msg *msg) {
  char path[SF_PATH_MAX + 16];
  const char *const argv[] = {m->cc,     C_FLAGS,  m->include, "-iquote",   m->cmodel,
                              "-shared", "unit.c", "-o",       "mirror.so", NULL};
  snprintf(path, sizeof path, "%s/unit.c", folder);
  FILE *out = fopen(path, "w");
  if (!out) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  const bool written = fwrite(m->unit, 1, m->unit_size, out) == m->unit_size;
  if (fclose(out) || !written) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  return sf_build_step(m->cache, argv, folder, name, NULL, msg);
}

static sf_err build(maker *m, const sf_params *p, char so[SF_PATH_MAX], sf_msg *msg) {
  char key[33], name[64], file[72];
  sf_cache_slot slot;
  sf_err err = find_all(m, msg);
  if (!err) err = write_unit(m, p, key, msg);
  if (err) return err;
  snprintf(name, sizeof name, "mirror-%s", key);
  snprintf(file, sizeof file, "%s.so", name);
  err = sf_cache_open(m->cache, file, NULL, &slot, msg);
  if (err) return err;
  snprintf(so, SF_PATH_MAX, "%s", slot.path);
  if (slot.ready) return SF_OK;
  err = sf_cache_close(&slot, "mirror.so", compile(m, slot.work, name, msg), msg);
  if (!err) sf_cache_prune(m->cache, SF_BUILD_ENTRIES);
  return err;
}

sf_err sf_mirror_build(const sf_params *p, char so[SF_PATH_MAX], sf_msg *msg) {
  sf_err err = sf_params_check(p, msg);
  if (err) return err;
  maker *m = calloc(1, sizeof *m);
  if (!m) return sf_fail(msg, SF_ENOMEM, "out of memory");
  err = build(m, p, so, msg);
  free(m->unit);
  free(m);
  return err;
}

static sf_err open_made(const sf_params *p, sf_made_mirror *mirror, sf_msg *msg) {
  char so[SF_PATH_MAX];
  const sf_err err = sf_mirror_build(p, so, msg);
  if (err) return err;
  void *library = dlopen(so, RTLD_NOW | RTLD_LOCAL);
  if (!library) return sf_fail(msg, SF_ETOOL, "%s", dlerror());
  const sf_mirror *calls = dlsym(library, "sf_mirror_here");
  if (!calls) {
    dlclose(library);
    return sf_fail(msg, SF_ETOOL, "%s: not a mirror", so);
  }
  *mirror = (sf_made_mirror){library, calls};
  return SF_OK;
}

void sf_mirror_load(const sf_params *p, bool made, sf_made_mirror *mirror) {
  static atomic_flag said = ATOMIC_FLAG_INIT;
  const char *set = getenv("SYNFIRE_MIRROR");
  sf_msg msg;
  *mirror = (sf_made_mirror){NULL, &sf_mirror_here};
  if (set && *set) made = strcmp(set, "any") != 0;
  if (!made || !open_made(p, mirror, &msg) || atomic_flag_test_and_set(&said)) return;
  fprintf(stderr, "synfire: the mirror is not made for its parameters, and slower: %s\n", msg.text);
}

void sf_mirror_unload(sf_made_mirror *mirror) {
  if (mirror->library) dlclose(mirror->library);
  *mirror = (sf_made_mirror){0};
}
