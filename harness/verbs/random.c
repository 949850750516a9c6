/* random.c - synfire check --random: random parameters, networks and traffic in lockstep. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "files/config_file.h"
#include "lockstep/random_case.h"
#include "run/check_report.h"
#include "util/clock.h"
#include "util/pool.h"
#include "util/progress.h"

enum { CASE_CYCLES = 80000 };

typedef struct random_run {
  const sf_check_args *args;
  const sf_params *fixed; /* of --config: random networks and traffic on this hardware; NULL: random hardware too */
  uint64_t first;
  pthread_mutex_t lock;
  uint64_t cycles, ticks, reads, spikes, with_reset;
  uint64_t *sets, n_sets; /* hashes of the parameter sets that ran */
  sf_lockstep *failed;    /* of the failed case with the lowest number */
  uint64_t failed_case;
  uint64_t warnings, warned_cases; /* of Verilator; the first of the case with the lowest number */
  uint64_t warned_case;
  char warned[SF_PATH_MAX + 400];
} random_run;

static void keep_failed(random_run *run, uint64_t number, sf_lockstep *l) {
  pthread_mutex_lock(&run->lock);
  if (!run->failed || number < run->failed_case) {
    sf_lockstep_free(run->failed);
    run->failed = l;
    run->failed_case = number;
    l = NULL;
  }
  pthread_mutex_unlock(&run->lock);
  sf_lockstep_free(l);
}

static void keep_warnings(random_run *run, uint64_t number, const char *so) {
  char text[sizeof run->warned];
  const size_t n = sf_rtl_warnings(so, text, sizeof text);
  if (!n) return;
  pthread_mutex_lock(&run->lock);
  run->warnings += n;
  if (!run->warned_cases++ || number < run->warned_case) {
    run->warned_case = number;
    strcpy(run->warned, text);
  }
  pthread_mutex_unlock(&run->lock);
}

static void show_warnings(const random_run *run) {
  char text[sizeof run->warned + 100];
  if (!run->warned_cases) return;
  snprintf(text, sizeof text, "%" PRIu64 " cases with warnings of Verilator, case %" PRIu64 ": %s", run->warned_cases,
           run->warned_case, run->warned);
  sf_cli_warning(text);
}

static void count(random_run *run, const sf_params *p, const sf_lockstep *l) {
  uint64_t hash = 0xCBF29CE484222325ull;
#define WORD(kind, name, rtl, field, standard, lo, hi) p->field,
  const uint32_t word[] = {SF_PARAMS(WORD)};
  for (size_t i = 0; i < sizeof word / sizeof *word; i++) hash = (hash ^ word[i]) * 0x100000001B3ull;
  pthread_mutex_lock(&run->lock);
  run->cycles += l->compared;
  run->ticks += l->watch->ticks;
  run->reads += l->watch->reads;
  run->spikes += l->watch->spikes;
  bool known = false;
  for (uint64_t i = 0; i < run->n_sets; i++) known |= run->sets[i] == hash;
  if (!known) run->sets[run->n_sets++] = hash;
  pthread_mutex_unlock(&run->lock);
}

static sf_params params_of(const random_run *run, uint64_t number) {
  return run->fixed ? *run->fixed : sf_random_params(run->args->seed, number);
}

static sf_err drive_case(const random_run *run, uint64_t number, sf_lockstep *l, sf_image *image, sf_msg *msg) {
  const sf_check_args *a = run->args;
  sf_driver d;
  sf_random r = sf_random_new(a->seed, number, 4);
  sf_driver_init(&d, &l->p, sf_lockstep_engine(l));
  sf_err err = sf_driver_reset(&d, 1 + sf_random_below(&r, 3), msg);
  if (!err) err = sf_driver_load(&d, image, msg);
  if (!err) err = sf_random_traffic(a->seed, number, &d, image, CASE_CYCLES, msg);
  if (err) (void)sf_lockstep_settle(l); /* perhaps that is why */
  else err = sf_lockstep_drained(l, msg);
  sf_driver_free(&d);
  return err;
}

static sf_err run_case(void *self, uint32_t worker, uint64_t item, sf_msg *msg) {
  random_run *run = self;
  const sf_check_args *a = run->args;
  const uint64_t number = run->first + item;
  const sf_params p = params_of(run, number);
  sf_lockstep_options options = {.no_probes = a->no_probes};
  sf_network *net = NULL;
  sf_image *image = NULL;
  sf_lockstep *l = NULL;
  char so[SF_PATH_MAX];
  sf_rtl rtl;
  (void)worker;
  const bool rtl_too = strcmp(a->level, "cycle") != 0;
  sf_err err = sf_params_check(&p, msg);
  if (!err) err = sf_random_network(a->seed, number, &p, &net, msg);
  if (!err) err = sf_image_new(net, 0, &p, &image, msg);
  if (!err && a->flip) err = sf_flip_parse(a->flip, &p, &options.flip, msg);
  if (!err && rtl_too) err = sf_rtl_build(&p, (a->no_probes ? 0 : SF_RTL_PROBE) | SF_RTL_QUICK, NULL, so, msg);
  if (!err && rtl_too) {
    keep_warnings(run, number, so);
    sf_random r = sf_random_new(a->seed, number, 5);
    err = sf_rtl_open(so, (uint32_t)sf_random_bits(&r), &rtl, msg);
  }
  if (!err) err = sf_lockstep_new(&p, rtl_too ? &rtl : NULL, &options, &l, msg);
  if (!err) err = drive_case(run, number, l, image, msg);
  if (!err) count(run, &p, l);
  sf_image_free(image);
  sf_network_free(net);
  if (err == SF_EFAIL && l && (l->mismatch.found || l->watch->failed)) keep_failed(run, number, l);
  else sf_lockstep_free(l);
  return err;
}

static void set_text(const sf_params *p, char *text, size_t size) {
  snprintf(text, size, "A %u N %u P %u U %u WB %u VB %u D %u K %u R %u%s%s%s%s%s%s", (unsigned)p->axons,
           (unsigned)p->neurons, (unsigned)p->lanes, (unsigned)p->neuron_lanes, (unsigned)p->weight_bits,
           (unsigned)p->potential_bits, (unsigned)p->delay_slots, (unsigned)p->profiles, (unsigned)p->routes,
           p->has_current ? " current" : "", p->has_refractory ? " refractory" : "",
           p->has_adaptation ? " adaptation" : "", p->has_noise ? " noise" : "", p->leak_shift ? " shift" : "",
           p->spram ? " spram" : "");
}

static void print_json(const random_run *run, uint64_t cases, double seconds, const char *failure, const char *rerun) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddNumberToObject(o, "cases", (double)cases);
  cJSON_AddNumberToObject(o, "seed", run->args->seed);
  cJSON_AddNumberToObject(o, "parameter_sets", (double)run->n_sets);
  cJSON_AddNumberToObject(o, "cycles_compared", (double)run->cycles);
  cJSON_AddNumberToObject(o, "ticks_compared", (double)run->ticks);
  cJSON_AddNumberToObject(o, "host_reads_compared", (double)run->reads);
  cJSON_AddNumberToObject(o, "spikes", (double)run->spikes);
  cJSON_AddNumberToObject(o, "mismatches", failure ? 1 : 0);
  if (run->warnings) cJSON_AddNumberToObject(o, "rtl_warnings", (double)run->warnings);
  if (failure) {
    cJSON *m = cJSON_CreateObject();
    cJSON_AddStringToObject(m, "rerun", rerun);
    if (run->failed) sf_mismatch_json(run->failed, run->args->fst, m);
    else cJSON_AddStringToObject(m, "text", failure);
    cJSON_AddItemToObject(o, "mismatch", m);
  }
  cJSON_AddNumberToObject(o, "seconds", seconds);
  char *text = cJSON_Print(o);
  if (text) puts(text);
  free(text);
  cJSON_Delete(o);
}

int sf_check_random(const sf_check_args *a) {
  random_run run = {.args = a, .lock = PTHREAD_MUTEX_INITIALIZER, .first = a->only == UINT64_MAX ? 0 : a->only};
  const uint64_t n = a->only == UINT64_MAX ? a->random : 1;
  sf_progress bar;
  sf_msg msg = {""};
  uint64_t item = 0;
  char text[200], begin[200], rerun[8 * SF_PATH_MAX];
  if (n > 100000000) return sf_cli_error("check", "--random: at most 100000000 cases");
  if (a->only != UINT64_MAX && a->only >= a->random)
    return sf_cli_error("check", "--case: must be 0 .. %" PRIu64, a->random - 1);
  sf_config config;
  if (a->config) {
    if (sf_config_read(a->config, &config, &msg)) return sf_cli_error("check", "%s", msg.text);
    run.fixed = &config.params;
  }
  run.sets = calloc(n, sizeof *run.sets);
  if (!run.sets) return sf_cli_error("check", "out of memory");
  const double start = sf_seconds_now();
  sf_progress_start(&bar, "random cases in lockstep", n);
  const sf_err err = sf_pool_run(a->jobs, n, run_case, &run, &bar, &item, &msg);
  sf_progress_finish(&bar);
  const double seconds = sf_seconds_now() - start;
  const uint64_t number = run.first + item;
  const sf_params p = params_of(&run, number);
  set_text(&p, text, sizeof text);
  snprintf(begin, sizeof begin, "synfire check --random %" PRIu64 " --seed %u --case %" PRIu64, a->random,
           (unsigned)a->seed, number);
  sf_check_again(a, begin, rerun, sizeof rerun);
  show_warnings(&run);
  int status = 0;
  if (err == SF_EFAIL) {
    FILE *out = a->json ? stderr : stdout;
    fprintf(out, "case %" PRIu64 ": %s\n", number, text);
    if (run.failed && run.failed->mismatch.found) sf_check_mismatch(run.failed, a, rerun);
    else fprintf(out, "MISMATCH %s\n  rerun: %s\n", msg.text, rerun);
    status = 1;
  } else if (err == SF_ETOOL) { /* of no case in particular */
    status = sf_cli_error("check", "%s", msg.text);
  } else if (err) {
    status = sf_cli_error("check", "case %" PRIu64 " (%s): %s", number, text, msg.text);
  } else if (!a->json) {
    printf("%smirror and functional model agree: %" PRIu64 " random cases, %" PRIu64 " parameter sets, %" PRIu64
           " cycles, %" PRIu64 " ticks and %" PRIu64 " host reads compared, %" PRIu64
           " spikes, 0 mismatches (seed %u, %.0f s)\n",
           strcmp(a->level, "rtl") ? "" : "rtl, ", n, run.n_sets, run.cycles, run.ticks, run.reads, run.spikes,
           (unsigned)a->seed, seconds);
  }
  if (a->json && err <= SF_OK) print_json(&run, n, seconds, NULL, NULL);
  else if (a->json && err == SF_EFAIL) print_json(&run, n, seconds, msg.text, rerun);
  sf_lockstep_free(run.failed);
  free(run.sets);
  return status;
}
