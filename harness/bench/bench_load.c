/* bench_load.c - see bench_load.h. Each step is a process of its own, so that the peak of memory is the loading's. */
#define _DEFAULT_SOURCE
#include "bench/bench_load.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep/random_case.h"
#include "run/samples.h"
#include "synfire/files.h"
#include "util/clock.h"
#include "util/paths.h"
#include "util/process.h"
#include "util/progress.h"

enum { CORES = 30, AXONS = 4096, NEURONS = 8192, TICKS = 20 };

typedef struct shared {
  sf_err err;
  sf_msg msg;
  double seconds, ticks;
} shared;

/* All cores have the same weights: one array that is there once. */
static sf_err write_file(const char *path, shared *s) {
  sf_network *net = sf_network_new(CORES);
  sf_random r = sf_random_new(11, 11, 11);
  if (!net) return sf_fail(&s->msg, SF_ENOMEM, "out of memory");
  sf_err err = SF_OK;
  for (uint32_t i = 0; i < CORES && !err; i++) {
    sf_core_net *c = &net->core[i];
    c->axons = AXONS;
    c->neurons = NEURONS;
    c->weight_bits = 4;
    c->potential_bits = 16;
    err = sf_core_net_alloc(c, &s->msg);
    for (uint32_t j = 0; j < NEURONS && !err; j++) c->threshold[j] = 100;
    if (err || i == 0) continue;
    free(c->w8);
    c->w8 = net->core[0].w8;
  }
  for (size_t k = 0; k < (size_t)AXONS * NEURONS && !err; k += 8) {
    const uint64_t bits = sf_random_bits(&r);
    for (size_t j = 0; j < 8; j++) net->core[0].w8[k + j] = (int8_t)((bits >> 8 * j & 15) - 8);
  }
  if (!err) err = sf_network_write(path, net, &s->msg);
  for (uint32_t i = 1; i < CORES; i++) net->core[i].w8 = NULL;
  sf_network_free(net);
  return err;
}

static sf_err load_file(const char *path, shared *s, bool trusted) {
  sf_model *m = NULL;
  sf_random r = sf_random_new(12, 12, 12);
  sf_files_trust(trusted);
  const double start = sf_seconds_now();
  const sf_err err = sf_model_read(path, NULL, NULL, NULL, &m, &s->msg);
  s->seconds = sf_seconds_now() - start;
  if (err) return err;
  const double begun = sf_seconds_now();
  for (int t = 0; t < TICKS; t++) {
    for (uint32_t core = 0; core < CORES; core++)
      for (uint32_t i = 0; i < AXONS / 100; i++) (void)sf_model_inject(m, core, sf_random_below(&r, AXONS), 0);
    (void)sf_model_step(m);
  }
  s->ticks = (sf_seconds_now() - begun) / TICKS;
  sf_model_free(m);
  return SF_OK;
}

static sf_err read_file(const char *path, shared *s) {
  const size_t room = (size_t)1 << 20;
  char *buffer = malloc(room);
  const int file = open(path, O_RDONLY);
  const double start = sf_seconds_now();
  ssize_t n = 1;
  s->ticks = 0; /* here: bytes */
  while (buffer && file >= 0 && n > 0) {
    n = read(file, buffer, room);
    if (n > 0) s->ticks += (double)n;
  }
  s->seconds = sf_seconds_now() - start;
  if (file >= 0) close(file);
  free(buffer);
  return n ? sf_fail(&s->msg, SF_EIO, "%s: cannot be read", path) : SF_OK;
}

/* A step in a child process; *peak, unless NULL, becomes its largest resident memory in bytes. */
static sf_err step(int what, const char *path, shared *s, double *peak, sf_progress *bar, sf_msg *msg) {
  struct rusage used;
  int status = 0;
  fflush(NULL);
  s->err = SF_EFAIL;
  s->msg.text[0] = '\0';
  const pid_t child = sf_process_fork();
  if (child == 0) {
    s->err = what == 0 ? write_file(path, s) : what == 1 ? read_file(path, s) : load_file(path, s, what == 2);
    _exit(0);
  }
  if (child < 0) return sf_fail(msg, SF_EIO, "no process: %s", strerror(errno));
  while (wait4(child, &status, WNOHANG, &used) == 0) {
    usleep(50000);
    sf_progress_pulse(bar);
  }
  if (peak) *peak = (double)used.ru_maxrss * 1024;
  if (status) return sf_fail(msg, SF_EFAIL, "a step of the loading ended with status %d", status);
  if (s->err) *msg = s->msg;
  return s->err;
}

sf_err sf_bench_load_run(sf_progress *bar, sf_bench_load *r, sf_msg *msg) {
  const char *folder = getenv("TMPDIR");
  char path[SF_PATH_MAX];
  snprintf(path, sizeof path, "%s/synfire-load-%ld.h5", folder && *folder ? folder : "/tmp", (long)getpid());
  shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s == MAP_FAILED) return sf_fail(msg, SF_ENOMEM, "out of memory");
  *r = (sf_bench_load){.synapses = (uint64_t)CORES * AXONS * NEURONS, .cores = CORES};
  sf_progress_note(bar, "writing a network of 10^9 synapses");
  sf_err err = step(0, path, s, NULL, bar, msg);
  sf_progress_note(bar, "reading the file");
  if (!err) err = step(1, path, s, NULL, bar, msg);
  if (!err) {
    r->read_seconds = s->seconds;
    r->file_bytes = s->ticks;
  }
  sf_progress_note(bar, "loading it");
  if (!err) err = step(2, path, s, &r->peak_bytes, bar, msg);
  if (!err) {
    r->load_seconds = s->seconds;
    r->tick_seconds = s->ticks;
  }
  if (!err) err = step(3, path, s, NULL, bar, msg);
  if (!err) r->careful_seconds = s->seconds;
  sf_progress_note(bar, NULL);
  unlink(path);
  munmap(s, sizeof *s);
  return err;
}

void sf_bench_load_print(const sf_bench_load *r) {
  printf(
      "%.2f billion 4-bit synapses in %u cores, from a file of %.0f MB\n"
      "  peak memory  %.0f MB, %.2f bytes a synapse\n"
      "  loading      %.2f s; with the try-out that protects from damaged files %.2f s; reading the file alone %.2f s\n"
      "  a tick       %.1f ms, 1 %% of the axons active\n",
      (double)r->synapses / 1e9, (unsigned)r->cores, r->file_bytes / 1e6, r->peak_bytes / 1e6,
      r->peak_bytes / (double)r->synapses, r->load_seconds, r->careful_seconds, r->read_seconds, 1e3 * r->tick_seconds);
}

void sf_bench_load_json(const sf_bench_load *r, cJSON *o) {
  cJSON_AddNumberToObject(o, "synapses", (double)r->synapses);
  cJSON_AddNumberToObject(o, "file_bytes", r->file_bytes);
  cJSON_AddNumberToObject(o, "peak_bytes", r->peak_bytes);
  cJSON_AddNumberToObject(o, "load_seconds", r->load_seconds);
  cJSON_AddNumberToObject(o, "load_seconds_with_tryout", r->careful_seconds);
  cJSON_AddNumberToObject(o, "read_seconds", r->read_seconds);
  cJSON_AddNumberToObject(o, "seconds_per_tick", r->tick_seconds);
}
