/* verb_bench.c */
#include "verbs.h"
int sf_verb_bench(int argc, char **argv) { (void)argc, (void)argv; return 2; }
