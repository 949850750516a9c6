/* plasticity.h - what a core learns by: classes of axons and neurons, predicates, the table of terms.
 *
 * Plain data, part of a network (network.h) and checked with it; a core without learning has sf_core_net.learning
 * NULL. The arithmetic, word for word, is in cmodel/plasticity.md; names here are those of that page.
 *
 * The fields stand in tables, from which structures, checks, files and commands are made:
 *     X(field, standard, lo, hi)
 * with TB, VB, WB for trace_bits, potential_bits and weight_bits of the core where a range depends on them. */
#ifndef SYNFIRE_PLASTICITY_H
#define SYNFIRE_PLASTICITY_H

#include "synfire/base.h"

#define SF_AXON_CLASSES 16
#define SF_LEARN_CLASSES 16
#define SF_PREDICATES 4
#define SF_TERMS 8
#define SF_ALL_TERMS 255

/* What an event on an axon does. A modulatory axon's kind is SF_AXON_DATA. */
typedef enum sf_axon_kind {
  SF_AXON_DATA = 0,         /* its row goes to the potentials */
  SF_AXON_TARGET_PLUS = 1,  /* its row says who gets the target + */
  SF_AXON_TARGET_MINUS = 2, /* and the target - */
  SF_AXON_LEARN = 3,        /* sweep now */
  SF_AXON_END = 4,          /* end of a sample */
  SF_AXON_SEND = 5          /* third factors go over payload routes */
} sf_axon_kind;

/* What its source does to a trace: it adds, sets, or (y2 only) adds y1 >> step. */
typedef enum sf_trace_mode { SF_TRACE_ADD = 0, SF_TRACE_SET = 1, SF_TRACE_SLIDE = 2 } sf_trace_mode;

/* Where the third factor comes from. */
typedef enum sf_third { SF_THIRD_HOST = 0, SF_THIRD_CLAMP = 1, SF_THIRD_MODULATORY = 2 } sf_third;

/* When something holds: always (of a trace: at a spike); while predicate p holds; while it does not. */
#define SF_WHEN_ALWAYS 0
#define SF_WHEN_SPIKE 0
#define SF_WHEN(p) (1 + (p))
#define SF_UNLESS(p) (1 + SF_PREDICATES + (p))
#define SF_WHEN_LAST (2 * SF_PREDICATES)

#define SF_AXON_CLASS_FIELDS(X)                                                                                  \
  X(kind, SF_AXON_DATA, SF_AXON_DATA, SF_AXON_SEND)    /* sf_axon_kind */                                        \
  X(terms, SF_ALL_TERMS, 0, SF_ALL_TERMS)              /* SF_AXON_LEARN: of the sweep it asks for, a bit each */ \
  X(keep, 0, 0, 1)                                     /* traces outlive the end of a sample */                  \
  X(x1_decay, 4096, 0, 4096)                           /* 4096ths forgotten each tick */                         \
  X(x1_mode, SF_TRACE_ADD, SF_TRACE_ADD, SF_TRACE_SET) /* sf_trace_mode */                                       \
  X(x1_step, 0, 0, (1 << TB) - 1)                                                                                \
  X(x2_decay, 4096, 0, 4096)                                                                                     \
  X(x2_mode, SF_TRACE_ADD, SF_TRACE_ADD, SF_TRACE_SET)                                                           \
  X(x2_step, 0, 0, (1 << TB) - 1)                                                                                \
  X(twin, 0, 0, 2)           /* a synapse of 1 and its twin of 2 draw the same number */                         \
  X(twin_axon, 0, 0, 8160)   /* a multiple of 32, taken off the axon's number before a twin draws */             \
  X(twin_neuron, 0, 0, 8160) /* the same of the neuron's */                                                      \
  X(refresh, 0, 0, 1)        /* a row of the refresh sweep */                                                    \
  X(release, 0, 0, 4096)     /* U; 0: every event is delivered. This and the next three with has_release only */ \
  X(release_decay, 0, 0, 4096)                                                                                   \
  X(depletion, 0, 0, 4096)                                                                                       \
  X(recovery, 0, 0, 4096)

/* The learning part of a profile; there is one for each profile of the core. */
#define SF_LEARN_PROFILE_FIELDS(X)                                                                     \
  X(learn_class, 0, 0, SF_LEARN_CLASSES - 1)                                                           \
  X(y_keep, 0, 0, 1)                           /* traces outlive the end of a sample */                \
  X(y1_decay, 4096, 0, 4096)                   /* 4096ths forgotten each tick */                       \
  X(y1_source, SF_WHEN_SPIKE, 0, SF_WHEN_LAST) /* SF_WHEN_SPIKE, SF_WHEN(p), SF_UNLESS(p) */           \
  X(y1_mode, SF_TRACE_ADD, 0, SF_TRACE_SET)    /* sf_trace_mode */                                     \
  X(y1_step, 0, 0, (1 << TB) - 1)                                                                      \
  X(y2_decay, 4096, 0, 4096)                                                                           \
  X(y2_source, SF_WHEN_SPIKE, 0, SF_WHEN_LAST)                                                         \
  X(y2_mode, SF_TRACE_ADD, 0, SF_TRACE_SLIDE)                                                          \
  X(y2_step, 0, 0, (1 << TB) - 1)                 /* a shift, 0 .. 16, with SF_TRACE_SLIDE */          \
  X(xi_noise, 0, 0, 1)                            /* noise is xi * 2^(noise_bits-1); with has_noise */ \
  X(third, SF_THIRD_HOST, 0, SF_THIRD_MODULATORY) /* sf_third */                                       \
  X(clamp, 0, 0, (1 << (VB - 1)) - 1)             /* T */                                              \
  X(one_sided, 0, 0, 1)                                                                                \
  X(third_shift, 0, 0, 31)                                                                             \
  X(sends, 0, 0, 1) /* m, when a SF_AXON_SEND axon is active */                                        \
  X(w_min, -(1 << (WB - 1)), -(1 << (WB - 1)), (1 << (WB - 1)) - 1)                                    \
  X(w_max, (1 << (WB - 1)) - 1, -(1 << (WB - 1)), (1 << (WB - 1)) - 1) /* >= w_min */                  \
  X(decay_shift, 0, 0, 15)      /* refresh: 2^-decay_shift of a weight is forgotten; 0: none */        \
  X(prune, 0, 0, 1 << (WB - 1)) /* refresh: |w| below it becomes 0 */                                  \
  X(regrow, 0, 0, 65535)        /* refresh: of 65536 places with w = 0, so many get a weight */        \
  X(regrow_random, 0, 0, 1)                                                                            \
  X(w0, 0, 0, (1 << (WB - 1)) - 1)

typedef enum sf_predicate_of { SF_OF_D = 0, SF_OF_Y1 = 1, SF_OF_Y2 = 2 } sf_predicate_of;

/* lo <= q < hi. Without a standard of its own: 0 <= d < 0, which never holds. */
#define SF_PREDICATE_FIELDS(X)                             \
  X(q, SF_OF_D, SF_OF_D, SF_OF_Y2) /* sf_predicate_of */   \
  X(lo, 0, -(1 << (VB - 1)), 1 << (VB > TB ? VB - 1 : TB)) \
  X(hi, 0, -(1 << (VB - 1)), 1 << (VB > TB ? VB - 1 : TB))

/* Factors of the row, the neuron, the synapse. */
typedef enum sf_row_factor {
  SF_F_ONE = 0,
  SF_F_X0 = 1,
  SF_F_X1 = 2,
  SF_F_X2 = 3,
  SF_F_X0X1 = 4,
  SF_F_X0X2 = 5,
  SF_F_E = 6
} sf_row_factor;
typedef enum sf_neuron_factor {
  SF_G_ONE = 0,
  SF_G_Y0 = 1,
  SF_G_Y1 = 2,
  SF_G_Y2 = 3,
  SF_G_M = 4,
  SF_G_SIGN_M = 5,
  SF_G_R = 6,
  SF_G_XI = 7
} sf_neuron_factor;
typedef enum sf_synapse_factor {
  SF_H_ONE = 0,
  SF_H_W = 1,
  SF_H_ABOVE = 2, /* w_max - w */
  SF_H_BELOW = 3, /* w - w_min */
  SF_H_SIGN_W = 4,
  SF_H_DRAW = 5
} sf_synapse_factor;

/* c * F * G * H * 2^-s, while both conditions hold, for synapses of these classes. */
#define SF_TERM_FIELDS(X)                                            \
  X(c, 0, -128, 127)                                                 \
  X(s, 0, 0, 24)                                                     \
  X(f, SF_F_ONE, 0, SF_F_E)   /* sf_row_factor */                    \
  X(g1, SF_G_ONE, 0, SF_G_XI) /* sf_neuron_factor */                 \
  X(g2, SF_G_ONE, 0, SF_G_XI)                                        \
  X(when1, SF_WHEN_ALWAYS, 0, SF_WHEN_LAST) /* SF_WHEN, SF_UNLESS */ \
  X(when2, SF_WHEN_ALWAYS, 0, SF_WHEN_LAST)                          \
  X(h, SF_H_ONE, 0, SF_H_DRAW)     /* sf_synapse_factor */           \
  X(axon_classes, 65535, 0, 65535) /* a bit each */                  \
  X(learn_classes, 65535, 0, 65535)

#define SF_LEARN_FIELD(field, standard, lo, hi) int32_t field;
typedef struct sf_axon_class {
  SF_AXON_CLASS_FIELDS(SF_LEARN_FIELD)
} sf_axon_class;
typedef struct sf_learn_profile {
  SF_LEARN_PROFILE_FIELDS(SF_LEARN_FIELD)
} sf_learn_profile;
typedef struct sf_predicate {
  SF_PREDICATE_FIELDS(SF_LEARN_FIELD)
} sf_predicate;
typedef struct sf_term {
  SF_TERM_FIELDS(SF_LEARN_FIELD)
} sf_term;

/* A rule is what can be changed as a whole between two ticks. */
typedef struct sf_rule {
  sf_predicate predicate[SF_PREDICATES];
  sf_term term[SF_TERMS];
  uint32_t n_terms; /* 0 .. SF_TERMS */
} sf_rule;

/* What a core with learning has beside the rest of sf_core_net. */
typedef struct sf_learning {
  uint32_t trace_bits; /* TB, 3 .. 16 */
  uint32_t modulatory; /* 0 .. axons: the last axons of the core are modulatory */
  bool has_release;
  uint32_t interval;         /* E, 0 .. 65535: a sweep every so many ticks; 0: none by itself */
  uint32_t interval_terms;   /* of those sweeps, 0 .. SF_ALL_TERMS */
  uint32_t refresh_interval; /* E_r, 0 .. 65535 */
  uint32_t random_bits;      /* k, 0 .. 16 */
  sf_axon_class axon_class[SF_AXON_CLASSES];
  sf_rule rule;
  uint8_t *class_of;         /* [axons] 0 .. 15 */
  sf_learn_profile *profile; /* [n_profiles] */
  bool *payload;             /* [n_routes] the route carries third factors when they are sent, and no spikes */
} sf_learning;

#endif
