/* kernel.c - which kernel to use. */
#include "model/kernel.h"

#include <stdlib.h>
#include <string.h>

const sf_kernel *sf_kernel_chosen;

static const struct sf_kernel *find(const char *name) {
#if SF_X86
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
                      __builtin_cpu_supports("gfni");
  if (avx512 && (name == NULL || strcmp(name, "avx512") == 0)) return &sf_kernel_avx512;
  if (avx2 && (name == NULL || strcmp(name, "avx2") == 0)) return &sf_kernel_avx2;
#endif
  return name == NULL || strcmp(name, "portable") == 0 ? &sf_kernel_portable : NULL;
}

const sf_kernel *sf_kernel_choose(void) {
  const char *name = getenv("SYNFIRE_KERNEL");
  const sf_kernel *k = name != NULL ? find(name) : NULL;
  if (k == NULL) k = find(NULL);
  __atomic_store_n(&sf_kernel_chosen, k, __ATOMIC_RELAXED);
  return k;
}

bool sf_kernel_force(const char *name) {
  const struct sf_kernel *k = find(name);
  if (k != NULL) __atomic_store_n(&sf_kernel_chosen, k, __ATOMIC_RELAXED);
  return k != NULL;
}

const char *sf_kernel_name(void) { return sf_kernel_now()->name; }
