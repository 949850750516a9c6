/* work.c - what the core of a point does: its network, trained first if nobody has, and its traffic. */
#include <stdio.h>

#include "explore/cache.h"
#include "explore/network.h"
#include "explore/steps.h"
#include "files/file_util.h"
#include "train/task.h"

/* The trained network's file, trained first if nobody has. */
static sf_err trained(const sf_point *p, char file[SF_PATH_MAX + 16], sf_msg *msg) {
  sf_hash h;
  sf_entry e;
  sf_err err = sf_train_key(p, &h, msg);
  if (!err) err = sf_entry_open("train", &h, &e, msg);
  if (err) return err;
  if (!e.ready) {
    char net[SF_PATH_MAX + 16], result[SF_PATH_MAX + 16], text[200];
    const struct sf_task_recipe r = {p->params.weight_bits, p->net->epochs, p->net->threads, p->net->seed};
    double seconds = 0;
    snprintf(net, sizeof net, "%s/net.h5", e.work);
    snprintf(result, sizeof result, "%s/result.json", e.work);
    err = sf_task_train_mnist(&r, net, &seconds, msg);
    snprintf(text, sizeof text, "{\"weight_bits\": %u, \"epochs\": %u, \"seed\": %llu, \"seconds\": %.1f}\n",
             r.weight_bits, r.epochs, (unsigned long long)r.seed, seconds);
    if (!err) err = sf_write_text(result, text, msg);
    const sf_err close_err = sf_entry_close(&e, !err, msg);
    if (!err) err = close_err;
  }
  snprintf(file, SF_PATH_MAX + 16, "%s/net.h5", e.path);
  return err;
}

/* A network from a file must be what the hardware can hold. */
static sf_err read_network(const sf_point *p, sf_job *job, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  char file[SF_PATH_MAX + 16];
  sf_err err = n->kind == SF_NET_TRAIN ? trained(p, file, msg) : SF_OK;
  if (!err) err = sf_network_read(n->kind == SF_NET_TRAIN ? file : n->file, &job->net, msg);
  if (err) return err;
  if (job->net->n_cores != 1)
    return sf_fail(msg, SF_EINVAL, "%s: %u cores, the hardware is one", n->name, job->net->n_cores);
  sf_msg why = {""};
  err = sf_network_fit(job->net, 0, &p->params, &why);
  return err ? sf_fail(msg, err, "%.90s does not fit: %.300s", n->name, why.text) : SF_OK;
}

static sf_err read_traffic(const sf_point *p, sf_job *job, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  if (!n->spikes)
    return sf_explore_traffic(job->net->core[0].axons, p->events, p->ticks, p->traffic_seed, &job->in, msg);
  const sf_err err = sf_spikes_read(n->spikes, &job->in, msg);
  return err ? err : sf_spikes_check(&job->in, job->net, true, n->spikes, msg);
}

sf_err sf_point_work(const sf_point *p, sf_job *job, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  job->config = p->params;
  sf_err err = n->kind == SF_NET_RANDOM ? sf_explore_network(&p->params, n->density, n->seed, p->events, &job->net, msg)
                                        : read_network(p, job, msg);
  if (!err) err = read_traffic(p, job, msg);
  if (err) return err;
  job->to = n->samples && n->samples < job->in.n_samples ? n->samples : job->in.n_samples;
  return sf_job_ticks(job, n->spikes ? n->spikes : n->name, msg);
}
