/* report.h - one self-contained HTML page about a run: accuracy, lockstep, one sample passing through the layers,
 * what the FPGA tools made of the core, its block diagram, tool versions. No script, nothing loaded from elsewhere.
 *
 * Fill in what is known, leave the rest zero, and call sf_report_write(): a part without data is left out. */
#ifndef SF_HARNESS_REPORT_H
#define SF_HARNESS_REPORT_H

#include "files/spikes_file.h"
#include "synfire/base.h"
#include "synfire/params.h"

/* One sample on its way: borrowed arrays, which must hold until sf_report_write() returns. */
typedef struct sf_report_sample {
  size_t number;   /* of the sample in its file */
  int32_t label;   /* -1: none */
  uint32_t answer; /* class read from the scores */
  uint32_t ticks;
  const sf_spikes *input;  /* one sample: tick, unit = axon */
  const sf_spikes *spikes; /* one sample: tick, unit = neuron, every spike */
  uint32_t inputs;         /* units in use: axons 0 .. inputs - 1 come from outside */
  uint32_t hidden;         /* neurons 0 .. hidden - 1 are not class neurons */
  uint32_t image_side;     /* inputs form a square image of this side; 0: they do not */
  uint32_t classes;
  const int64_t *score; /* [ticks * classes] score of each class after each tick */
} sf_report_sample;

typedef struct sf_report {
  const char *title;                     /* "MNIST digits" */
  const char *unit;                      /* what a sample is: "digit"; NULL: "sample" */
  const char *versions;                  /* of the tools that ran, one line, or NULL */
  const char *network, *spikes, *config; /* file names as the reader should see them, or NULL */
  const sf_params *params;               /* NULL: left out */

  uint64_t samples, correct; /* on the functional model; 0 samples: not run */
  double model_seconds;
  double cycles, synaptic_ops, input_spikes, hidden_spikes; /* per sample; cycles as the model's formula gives them */
  uint32_t classes;
  const uint32_t *confusion; /* [classes * classes] row = label, column = answer; NULL: left out */

  uint64_t rtl_samples, rtl_cycles; /* in lockstep; 0: not run */
  uint64_t rtl_mismatches, rtl_differing_answers;
  double rtl_seconds;
  const char *rtl_first_mismatch; /* a line or a few, or NULL */

  const sf_report_sample *sample; /* NULL: left out */
  const char *const *synth_json;  /* [n_synth] files written by `synfire synth` */
  size_t n_synth;
  const char *const *command; /* [n_commands] what a reader types to repeat this */
  size_t n_commands;
} sf_report;

/* sf_report_write() - write the page to a temporary file beside path, then rename it.
 * SF_EIO, SF_EFORMAT (a synth_json that is none) or SF_ENOMEM with one line; path is then as it was. */
SF_MUST_CHECK sf_err sf_report_write(const char *path, const sf_report *r, sf_msg *msg);

#endif
