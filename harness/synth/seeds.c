/* seeds.c - see seeds.h. */
#include "synth/seeds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "synth/tool.h"
#include "util/pool.h"
#include "util/progress.h"

typedef struct several {
  const sf_synth_job *job;
  const sf_synth_result *netlist;
  sf_synth_seed *seed;
  sf_err err[SF_SYNTH_SEEDS];
} several;

static sf_err put_link(const char *from_folder, const char *to_folder, const char *name, bool must, sf_msg *msg) {
  char from[SF_PATH_MAX + 64], to[SF_PATH_MAX + 64];
  snprintf(from, sizeof from, "%s/%s", from_folder, name);
  snprintf(to, sizeof to, "%s/%s", to_folder, name);
  (void)unlink(to);
  if (link(from, to) == 0 || (errno == ENOENT && !must)) return SF_OK;
  return sf_fail(msg, SF_EIO, "%s: %s", to, strerror(errno));
}

/* The job of one seed, in its folder. */
static sf_err seed_job(const sf_synth_job *job, uint32_t seed, sf_synth_job *own, sf_msg *msg) {
  *own = *job;
  own->seed = seed;
  own->reuse = true;
  if (snprintf(own->folder, sizeof own->folder, "%s/seed-%u", job->folder, seed) >= (int)sizeof own->folder)
    return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  return sf_make_folder(own->folder, msg);
}

static sf_err place(const sf_synth_job *job, uint32_t seed, sf_synth_result *r, bool *kept, sf_msg *msg) {
  char netlist[SF_PATH_MAX + 64];
  sf_synth_job *own = malloc(sizeof *own);
  if (!own) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = seed_job(job, seed, own, msg);
  if (!err) err = put_link(job->folder, own->folder, "netlist.json", true, msg);
  if (!err) err = sf_synth_place(own, r, kept, msg);
  snprintf(netlist, sizeof netlist, "%s/netlist.json", own->folder);
  (void)unlink(netlist); /* the folder above has it */
  free(own);
  return err;
}

static sf_err work(void *self, uint32_t worker, uint64_t item, sf_msg *msg) {
  (void)worker;
  several *s = self;
  sf_synth_seed *seed = &s->seed[item];
  sf_msg why = {""};
  sf_synth_result *r = malloc(sizeof *r);
  if (!r) return sf_fail(msg, SF_ENOMEM, "out of memory");
  *r = *s->netlist;
  s->err[item] = place(s->job, seed->seed, r, &seed->kept, &why);
  if (s->err[item]) {
    snprintf(seed->failure, sizeof seed->failure, "%.199s", why.text);
  } else {
    seed->fmax_mhz = r->timing.fmax_mhz;
    seed->icetime_mhz = r->icetime_mhz;
    seed->logic_cells = r->used[SF_RES_LOGIC];
  }
  free(r);
  return SF_OK; /* the other seeds go on */
}

static int by_clock(const void *a, const void *b) {
  const sf_synth_seed *x = *(const sf_synth_seed *const *)a, *y = *(const sf_synth_seed *const *)b;
  if (x->fmax_mhz != y->fmax_mhz) return x->fmax_mhz < y->fmax_mhz ? -1 : 1;
  return x->seed < y->seed ? -1 : x->seed > y->seed;
}

/* Slowest, middle and fastest of those that were routed. */
static void find_middle(sf_synth_result *r) {
  const sf_synth_seed *routed[SF_SYNTH_SEEDS];
  r->n_routed = 0;
  for (uint32_t i = 0; i < r->n_seeds; i++)
    if (!r->seed[i].failure[0]) routed[r->n_routed++] = &r->seed[i];
  if (!r->n_routed) return;
  qsort(routed, r->n_routed, sizeof *routed, by_clock);
  r->median_seed = routed[(r->n_routed - 1) / 2]->seed;
  r->fmax_min_mhz = routed[0]->fmax_mhz;
  r->fmax_max_mhz = routed[r->n_routed - 1]->fmax_mhz;
}

static sf_err run_all(uint32_t jobs, sf_synth_result *r, several *s, sf_msg *msg) {
  sf_progress bar;
  sf_progress_start(&bar, "place and route, seeds", r->n_seeds);
  sf_progress_silence(true); /* the tools' own lines would draw over this one */
  const sf_err err = sf_pool_run(jobs, r->n_seeds, work, s, &bar, NULL, msg);
  sf_progress_silence(!bar.enabled);
  sf_progress_finish(&bar);
  return err;
}

/* The middle one's numbers, and its files beside the netlist, as if it were the only one. */
static sf_err take_middle(const sf_synth_job *job, sf_synth_result *r, sf_msg *msg) {
  static const char *const files[] = {"nextpnr.log",   "nextpnr.out",   "nextpnr.json",  "routed.asc",
                                      "routed.config", "icetime.txt",   "icetime.out",   "icepack.out",
                                      "ecppack.out",   "bitstream.bin", "bitstream.bit", "place.key"};
  bool kept;
  sf_err err = place(job, r->median_seed, r, &kept, msg);
  sf_synth_job *own = malloc(sizeof *own);
  if (!own) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = seed_job(job, r->median_seed, own, msg);
  for (size_t i = 0; i < sizeof files / sizeof *files && !err; i++)
    err = put_link(own->folder, job->folder, files[i], false, msg);
  free(own);
  return err;
}

/* Every seed placed, *out filled. */
static sf_err place_all(const sf_synth_job *job, uint32_t n, uint32_t jobs, const sf_synth_result *netlist,
                        sf_synth_result *out, sf_msg *msg) {
  several s = {.job = job, .netlist = netlist, .seed = out->seed};
  out->n_seeds = n;
  for (uint32_t i = 0; i < n; i++) out->seed[i].seed = job->seed + i;
  sf_err err = run_all(jobs, out, &s, msg);
  if (err) return err;
  find_middle(out);
  if (!out->n_routed) return sf_fail(msg, s.err[0], "%s", out->seed[0].failure);
  return take_middle(job, out, msg);
}

sf_err sf_synth_seeds(const sf_synth_job *job, uint32_t n, uint32_t jobs, sf_synth_result *out, bool *placed,
                      sf_msg *msg) {
  char path[SF_PATH_MAX];
  *placed = false;
  memset(out, 0, sizeof *out);
  sf_synth_result *netlist = malloc(sizeof *netlist);
  if (!netlist) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = sf_synth_nextpnr(job->target->ecp5, path, msg);
  if (!err) {
    err = sf_synth_netlist(job, netlist, msg);
    *out = *netlist;
  }
  if (!err) err = place_all(job, n, jobs, netlist, out, msg);
  free(netlist);
  if (err) return err;
  *placed = true;
  err = sf_synth_verdict(job, out, msg);
  if (err) return err;
  for (uint32_t i = 0; i < n; i++)
    if (out->seed[i].failure[0])
      return sf_fail(msg, SF_EFAIL, "seed %u was not routed: %s", out->seed[i].seed, out->seed[i].failure);
  return SF_OK;
}
