/* clones.h - SF_CLONES marks an inner loop that is compiled for several vector widths and picked when the program
 * starts. The sums in these loops run over independent columns, so the width does not change their order; a width
 * with fused multiply-add may round differently, which is why a seed gives the same network on the same kind of
 * machine only. Sanitizers cannot run the pickers, so they get the plain build. */
#ifndef SF_TRAIN_CLONES_H
#define SF_TRAIN_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SF_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SF_CLONES
#endif

#endif
