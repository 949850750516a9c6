/* job.c - see job.h. */
#include "run/job.h"

#include "files/config_file.h"
#include "files/network_file.h"
#include "network/run_ticks.h"
#include "util/progress.h"

#define MAX_UNSTATED_TICKS 10000000u /* a long run is asked for */

void sf_job_close(sf_job *job) {
  sf_network_free(job->net);
  sf_model_free(job->model);
  sf_spikes_free(&job->in);
  job->net = NULL;
  job->model = NULL;
}

static void step_bar(void *bar, uint32_t done, uint32_t cores) {
  sf_progress *p = bar;
  p->total = cores;
  sf_progress_step(p, done);
}

sf_err sf_job_open(sf_job *job, const char *net, const char *spikes, const char *config, sf_range samples,
                   uint32_t ticks, bool hardware, sf_msg *msg) {
  sf_config c;
  sf_progress bar;
  sf_err err = SF_OK;
  if (job->model_only) {
    sf_progress_start(&bar, "reading the network", 0);
    err = sf_model_read(net, step_bar, &bar, &job->net, &job->model, msg);
    sf_progress_finish(&bar);
  } else {
    err = sf_network_read(net, &job->net, msg);
  }
  if (!err) err = sf_spikes_read(spikes, &job->in, msg);
  if (!err) err = sf_spikes_check(&job->in, job->net, true, spikes, msg);
  if (err) return err;
  sf_cli_warning(job->net->note.text);
  if (hardware && job->net->n_cores != 1)
    return sf_fail(msg, SF_EINVAL, "%s: %u cores; only --backend model runs networks of several cores", net,
                   (unsigned)job->net->n_cores);
  if (config) {
    err = sf_config_read(config, &c, msg);
    if (err) return err;
    job->config = c.params;
    if (hardware) err = sf_network_fit(job->net, 0, &job->config, msg);
    if (err) {
      sf_msg inner = *msg;
      return sf_fail(msg, err, "%.200s does not fit %.200s: %.100s", net, config, inner.text);
    }
  } else if (hardware) {
    err = sf_network_params(job->net, 0, &job->config, msg);
    if (err) return err;
  }
  job->from = 0;
  job->to = job->in.n_samples;
  if (samples.given) {
    if (samples.from >= job->in.n_samples)
      return sf_fail(msg, SF_EINVAL, "--samples: %s has samples 0 .. %zu", spikes, job->in.n_samples - 1);
    job->from = (size_t)samples.from;
    if (samples.to < job->to) job->to = (size_t)samples.to;
  }
  job->ticks = ticks;
  return ticks ? SF_OK : sf_job_ticks(job, spikes, msg);
}

sf_err sf_job_ticks(sf_job *job, const char *spikes, sf_msg *msg) {
  const sf_readout *r = &job->net->readout;
  uint32_t slots = 0;
  for (uint32_t i = 0; i < job->net->n_cores; i++)
    if (job->net->core[i].delay_slots > slots) slots = job->net->core[i].delay_slots;
  job->ticks = sf_run_ticks(r->n_classes ? r->ticks : 0, job->in.ticks, slots, job->in.n, job->in.tick);
  if (!r->n_classes && !job->in.ticks && job->ticks > MAX_UNSTATED_TICKS)
    return sf_fail(msg, SF_EINVAL, "%s: goes on until tick %u; say with --ticks how many to run", spikes,
                   (unsigned)(job->ticks - slots - 1));
  return SF_OK;
}
