/* rtl_build.c - see rtl_build.h. */
#define _GNU_SOURCE
#include "verilated/rtl_build.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cache.h"
#include "util/hash.h"
#include "util/tool.h"
#include "verilated/build_step.h"
#include "verilated/rtl_list.h"
#include "verilated/verilator.h"

/* -Wno-fatal: `make lint` insists on no warnings, of the Verilator that it names; here they are counted.
 * Random power-up: every X of the Verilog becomes random, so a register that reset forgets shows as a mismatch. */
#define VERILATOR_FLAGS "-O3 -fno-dfg -Wno-fatal --x-initial unique --x-assign unique -DSF_CHECK"
/* $display goes to standard error: standard output may be one JSON object. */
#define CXX_FLAGS                                                                                                \
  "-std=gnu++17", "-fPIC", "-w", "-fvisibility=hidden", "-DVL_USER_STOP", "-DVL_USER_FINISH", "-DVL_USER_FATAL", \
      "-DVL_PRINTF(...)=fprintf(stderr,__VA_ARGS__)"

typedef struct builder {
  char verilator[SF_PATH_MAX], cxx[SF_PATH_MAX], include[SF_PATH_MAX + 16];
  char shim[SF_PATH_MAX], headers[SF_PATH_MAX + 2], cache[SF_PATH_MAX];
  char verilator_version[128], cxx_version[128];
  /* GCC without its unique symbols, which keep an object loaded for ever; Clang has none, and leaves atomics to a
   * library. */
  const char *binding, *library;
  sf_rtl_list rtl;
} builder;

static sf_err find_all(builder *b, sf_msg *msg) {
  const char *name = getenv("CXX");
  sf_err err;
  err = sf_verilator_find(b->verilator, msg);
  if (!err) err = sf_tool_find(name && *name ? name : "g++", NULL, b->cxx, msg);
  if (!err) err = sf_rtl_list_read(&b->rtl, msg);
  if (!err) err = sf_data_path("harness/verilated/vshim.cpp", b->shim, msg);
  if (!err) err = sf_data_path("cmodel/include", b->headers, msg);
  if (!err) err = sf_cache_path("rtl", b->cache, msg);
  if (err) return err;
  sf_tool_line((const char *[]){b->verilator, "--version", NULL}, b->verilator_version, sizeof b->verilator_version);
  sf_tool_line((const char *[]){b->cxx, "--version", NULL}, b->cxx_version, sizeof b->cxx_version);
  const bool clang = strstr(b->cxx_version, "clang") != NULL;
  b->binding = clang ? "-fPIC" : "-fno-gnu-unique";
  b->library = clang ? "-latomic" : "-lpthread";
  char root[SF_PATH_MAX];
  sf_tool_line((const char *[]){b->verilator, "--getenv", "VERILATOR_ROOT", NULL}, root, sizeof root);
  if (!root[0]) return sf_fail(msg, SF_ETOOL, "%s --getenv VERILATOR_ROOT: no answer", b->verilator);
  snprintf(b->include, sizeof b->include, "%s/include", root);
  return SF_OK;
}

/* Beside the object that is made, as long as there is something in it. */
static void keep_warnings(const builder *b, const char *folder, const char *kept) {
  char log[SF_PATH_MAX + 16], saved[SF_PATH_MAX + 80], line[8];
  snprintf(log, sizeof log, "%s/build.log", folder);
  snprintf(saved, sizeof saved, "%s/%s.log", b->cache, kept);
  if (sf_log_warnings(log, NULL, line, sizeof line) == 0 || rename(log, saved)) unlink(saved);
}

size_t sf_rtl_warnings(const char *so, char *text, size_t size) {
  char log[SF_PATH_MAX], line[300];
  const int stem = (int)strlen(so) - 3; /* without ".so" */
  text[0] = '\0';
  if (stem < 1 || snprintf(log, sizeof log, "%.*s.log", stem, so) >= (int)sizeof log) return 0;
  const size_t n = sf_log_warnings(log, NULL, line, sizeof line);
  if (n)
    snprintf(text, size, "Verilator warns of the RTL, %zu time%s, first: %s (log: %s)", n, n == 1 ? "" : "s", line,
             log);
  return n;
}

/* Verilator's run-time library, shared by all objects, and its header precompiled for quick builds. */
static sf_err build_runtime(const builder *b, const char *folder, const char *kept, struct sf_progress *bar,
                            sf_msg *msg) {
  char include[SF_PATH_MAX + 20], source[SF_PATH_MAX + 64], header[SF_PATH_MAX + 64];
  snprintf(include, sizeof include, "-I%s", b->include);
  snprintf(source, sizeof source, "%s/runtime.cpp", folder);
  snprintf(header, sizeof header, "%s/verilated.h", b->include);
  FILE *out = fopen(source, "w");
  if (!out || fprintf(out, "#include \"verilated.cpp\"\n#include \"verilated_threads.cpp\"\n") < 0 || fclose(out))
    return sf_fail(msg, SF_EIO, "%s: %s", source, strerror(errno));
  const char *const object[] = {b->cxx, CXX_FLAGS,     b->binding, "-O1",       include,
                                "-c",   "runtime.cpp", "-o",       "runtime.o", NULL};
  const char *const precompiled[] = {b->cxx, CXX_FLAGS, b->binding,        "-O1", include, "-x", "c++-header",
                                     header, "-o",      "verilated.h.gch", NULL};
  const sf_err err = sf_build_step(b->cache, precompiled, folder, kept, bar, msg);
  return err ? err : sf_build_step(b->cache, object, folder, kept, bar, msg);
}

/* What makes this core: its parameters, and PROBE. */
enum { FLAGS = SF_N_PARAMS + 1 };
static void parameter_flags(const sf_params *p, bool probe, char flag[FLAGS][SF_RTL_FLAG]) {
  sf_rtl_parameters(p, flag);
  snprintf(flag[SF_N_PARAMS], SF_RTL_FLAG, "-GPROBE=%d", probe);
}

/* A quick build of many neuron lanes is one of megabytes of C++: minutes with any optimisation at all. */
static const char *optimise(const sf_params *p, unsigned flags) {
  return !(flags & SF_RTL_QUICK) ? "-O3" : p->neuron_lanes < 16 ? "-O1" : "-O0";
}

/* One C++ file that includes all the others: the headers of Verilator cost more than the core itself. What Verilator
 * calls slow runs once, at power-up, and is not worth optimising. */
static sf_err write_unity(const builder *b, const char *folder, sf_msg *msg) {
  char path[SF_PATH_MAX + 16];
  struct dirent **entry;
  snprintf(path, sizeof path, "%s/unity.cpp", folder);
  FILE *out = fopen(path, "w");
  const int n = scandir(folder, &entry, NULL, alphasort);
  if (!out || n < 0) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  for (int i = 0; i < n; i++) {
    const char *dot = strrchr(entry[i]->d_name, '.');
    if (dot && !strcmp(dot, ".cpp") && strcmp(entry[i]->d_name, "unity.cpp")) {
      const bool slow = strstr(entry[i]->d_name, "Slow") != NULL;
      if (slow) fprintf(out, "#pragma GCC push_options\n#pragma GCC optimize (\"O0\")\n");
      fprintf(out, "#include \"%s\"\n", entry[i]->d_name);
      if (slow) fprintf(out, "#pragma GCC pop_options\n");
    }
    free(entry[i]);
  }
  free(entry);
  fprintf(out, "#include \"%s\"\n", b->shim);
  return fclose(out) ? sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno)) : SF_OK;
}

static sf_err build_core(const builder *b, const sf_params *p, unsigned flags, const char *runtime, const char *folder,
                         const char *kept, struct sf_progress *bar, sf_msg *msg) {
  char split[] = VERILATOR_FLAGS, param[FLAGS][SF_RTL_FLAG], include[4][SF_PATH_MAX + 64], object[SF_PATH_MAX + 64];
  const char *argv[64 + SF_RTL_FILES] = {b->verilator,   "--cc",         "--prefix", "Vsynfire",
                                         "--top-module", "synfire_core", "--Mdir",   folder};
  size_t n = 8;
  for (char *word = strtok(split, " "); word; word = strtok(NULL, " ")) argv[n++] = word;
  parameter_flags(p, flags & SF_RTL_PROBE, param);
  for (size_t i = 0; i < FLAGS; i++) argv[n++] = param[i];
  sf_rtl_arguments(&b->rtl, argv + n);
  sf_err err = sf_build_step(b->cache, argv, folder, kept, bar, msg);
  if (!err) err = write_unity(b, folder, msg);
  if (err) return err;
  snprintf(include[0], sizeof include[0], "-I%s", runtime); /* first: there lies the precompiled header */
  snprintf(include[1], sizeof include[1], "-I%s", b->include);
  snprintf(include[2], sizeof include[2], "-I%s", b->headers);
  snprintf(include[3], sizeof include[3], "%s/verilated.h", runtime);
  snprintf(object, sizeof object, "%s/runtime.o", runtime);
  const char *const level = optimise(p, flags);
  const bool precompiled = !strcmp(level, "-O1"); /* what the header was compiled with */
  const char *const compile[] = {b->cxx,     CXX_FLAGS,  b->binding, level,      include[0],
                                 include[1], include[2], "-I.",      "-shared",  "unity.cpp",
                                 object,     "-o",       "core.so",  b->library, precompiled ? "-include" : NULL,
                                 include[3], NULL};
  return sf_build_step(b->cache, compile, folder, kept, bar, msg);
}

static sf_err key(const builder *b, const sf_params *p, unsigned flags, char runtime[33], char core[33], sf_msg *msg) {
  static const char *const cxx_flags[] = {CXX_FLAGS};
  static const char *const header[] = {"base.h", "params.h", "ports.h"};
  char param[FLAGS][SF_RTL_FLAG], path[SF_PATH_MAX + 64];
  sf_hash h = sf_hash_new();
  sf_err err = SF_OK;
  sf_hash_text(&h, b->verilator_version);
  sf_hash_text(&h, b->include);
  sf_hash_text(&h, b->cxx);
  sf_hash_text(&h, b->cxx_version);
  for (size_t i = 0; i < sizeof cxx_flags / sizeof *cxx_flags; i++) sf_hash_text(&h, cxx_flags[i]);
  sf_hash_hex(&h, runtime);
  sf_hash_text(&h, b->library);
  sf_hash_text(&h, VERILATOR_FLAGS);
  sf_hash_text(&h, optimise(p, flags));
  parameter_flags(p, flags & SF_RTL_PROBE, param);
  for (size_t i = 0; i < FLAGS; i++) sf_hash_text(&h, param[i]);
  for (size_t i = 0; !err && i < b->rtl.n; i++) {
    sf_hash_text(&h, strrchr(b->rtl.file[i], '/'));
    err = sf_hash_file(&h, b->rtl.file[i], msg);
  }
  if (!err && b->rtl.waivers) err = sf_hash_file(&h, b->rtl.waivers, msg);
  for (size_t i = 0; !err && i < sizeof header / sizeof *header; i++) {
    snprintf(path, sizeof path, "%s/synfire/%s", b->headers, header[i]);
    err = sf_hash_file(&h, path, msg);
  }
  if (!err) err = sf_hash_file(&h, b->shim, msg);
  sf_hash_hex(&h, core);
  return err;
}

/* The run-time library of these versions, made if it is not there: a folder of the cache. */
static sf_err find_runtime(const builder *b, const char *key, struct sf_progress *bar, char path[SF_PATH_MAX],
                           sf_msg *msg) {
  char name[64], file[72];
  sf_cache_slot slot;
  snprintf(name, sizeof name, "runtime-%s", key);
  snprintf(file, sizeof file, "%s.d", name);
  sf_err err = sf_cache_open(b->cache, file, "runtime.o", &slot, msg);
  if (err) return err;
  snprintf(path, SF_PATH_MAX, "%s", slot.path);
  if (slot.ready) return SF_OK;
  err = build_runtime(b, slot.work, name, bar, msg);
  return sf_cache_close(&slot, err ? NULL : "", err, msg);
}

/* The work of sf_rtl_build() with everything found: runtime first, then the core; each is skipped when it is there. */
static sf_err build(const builder *b, const sf_params *p, unsigned flags, struct sf_progress *bar, char so[SF_PATH_MAX],
                    sf_msg *msg) {
  char runtime_key[33], core_key[33], name[64], file[72], runtime[SF_PATH_MAX];
  sf_cache_slot slot;
  sf_err err = key(b, p, flags, runtime_key, core_key, msg);
  if (err) return err;
  snprintf(name, sizeof name, "core-%s", core_key);
  snprintf(file, sizeof file, "%s.so", name);
  err = sf_cache_open(b->cache, file, NULL, &slot, msg);
  if (err) return err;
  snprintf(so, SF_PATH_MAX, "%s", slot.path);
  if (slot.ready) return SF_OK;
  sf_cache_tidy(b->cache);
  err = find_runtime(b, runtime_key, bar, runtime, msg);
  if (!err) err = build_core(b, p, flags, runtime, slot.work, name, bar, msg);
  if (!err) keep_warnings(b, slot.work, name);
  err = sf_cache_close(&slot, err ? NULL : "core.so", err, msg);
  if (!err) sf_cache_prune(b->cache, SF_BUILD_ENTRIES);
  return err;
}

sf_err sf_rtl_build(const sf_params *p, unsigned flags, struct sf_progress *bar, char so[SF_PATH_MAX], sf_msg *msg) {
  sf_err err = sf_params_check(p, msg);
  if (err) return err;
  builder *b = calloc(1, sizeof *b);
  if (!b) return sf_fail(msg, SF_ENOMEM, "out of memory");
  err = find_all(b, msg);
  if (!err) err = build(b, p, flags, bar, so, msg);
  sf_rtl_list_free(&b->rtl);
  free(b);
  return err;
}

sf_err sf_rtl_open(const char *so, uint32_t random_seed, sf_rtl *rtl, sf_msg *msg) {
  sf_rtl got = {.library = dlopen(so, RTLD_NOW | RTLD_LOCAL)};
  if (!got.library) return sf_fail(msg, SF_ETOOL, "%s", dlerror());
  /* The detour over void ** is POSIX's own way to get a function out of dlsym. */
  *(void **)&got.make = dlsym(got.library, "sf_rtl_new");
  *(void **)&got.release = dlsym(got.library, "sf_rtl_free");
  *(void **)&got.step = dlsym(got.library, "sf_rtl_step");
  *(void **)&got.step_equal = dlsym(got.library, "sf_rtl_step_equal");
  *(void **)&got.show = dlsym(got.library, "sf_rtl_show");
  *(void **)&got.message = dlsym(got.library, "sf_rtl_message");
  if (!got.make || !got.release || !got.step || !got.step_equal || !got.show || !got.message) {
    dlclose(got.library);
    return sf_fail(msg, SF_ETOOL, "%s: not a Verilated core", so);
  }
  got.core = got.make(random_seed);
  *rtl = got;
  return SF_OK;
}

void sf_rtl_close(sf_rtl *rtl) {
  if (!rtl->library) return;
  rtl->release(rtl->core);
  dlclose(rtl->library);
  *rtl = (sf_rtl){0};
}
