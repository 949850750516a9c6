/* demo.h - inside `synfire demo`: what has been done so far, and what is printed of it. */
#ifndef SF_VERBS_DEMO_H
#define SF_VERBS_DEMO_H

#include <stdbool.h>

#include "files/config_file.h"
#include "report/demo_page.h"
#include "synth/beside.h"

#define SF_DEMO_NET "data/mnist-240.h5"
#define SF_DEMO_SPIKES "data/mnist-test.h5"
#define SF_DEMO_CONFIG "configs/up5k.json"
#define SF_DEMO_TARGET "up5k"
#define SF_DEMO_NEXT "configs/ecp5-256.json"

typedef struct sf_demo {
  sf_network *net;
  sf_spikes in;
  sf_config config;
  sf_evaluation model;
  sf_crosscheck rtl;
  sf_synth_beside synth;
  bool json, wants_synth;
  uint32_t digits, limit;
  char report[SF_PATH_MAX];
} sf_demo;

/* demo_mnist.c: the digits on model and RTL, the FPGA tools beside the RTL, the page; says what it finds. SF_EFAIL with
 * one line where something does not hold. The caller frees what is in *d, whatever the outcome. */
SF_MUST_CHECK sf_err sf_demo_mnist(sf_demo *d, sf_msg *msg);
void sf_demo_free(sf_demo *d);

/* demo_print.c: a line each as soon as it is known; nothing with --json but the object at the end. */
void sf_demo_say(const sf_demo *d, const char *fmt, ...) SF_PRINTF(2, 3);
void sf_demo_say_model(const sf_demo *d);
void sf_demo_say_rtl(const sf_demo *d);
void sf_demo_say_next(const sf_demo *d); /* what to do next, as it can be typed where this was */
/* sf_demo_say_synthesis() - what `synfire synth` found; it has said in its log why, when it did not hold. */
SF_MUST_CHECK sf_err sf_demo_say_synthesis(const sf_demo *d, sf_msg *msg);
void sf_demo_json(const sf_demo *d);

#endif
