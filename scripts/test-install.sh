#!/bin/bash
# test-install.sh - `make install` into an empty folder: the program works from elsewhere without the source tree, and a
# program of somebody else compiles against library and headers with pkg-config.
set -u
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/synfire-install.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
holds() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); echo "ok   $name"; else failed=$((failed + 1)); echo "FAIL $name"; fi
}
unset SYNFIRE_DATA SYNFIRE_CACHE
holds "make install" make --no-print-directory install DESTDIR="$work" PREFIX=/opt/synfire
at=$work/opt/synfire
holds "no build output and no training data in it" [ -z "$(find "$at" -name '*.o' -o -name '*idx3-ubyte')" ]

elsewhere() { (cd "$work" && HOME=$work/home XDG_CACHE_HOME= "$@"); }
mkdir "$work/home"
holds "demo logic" elsewhere "$at/bin/synfire" demo logic
holds "built files go to the user's cache" [ -d "$work/home/.cache/synfire" ]
holds "info" elsewhere "$at/bin/synfire" info "$at/share/synfire/data/mnist-240.h5"

cat >"$work/and.c" <<'C'
#include <stdio.h>
#include <synfire/model.h>
int main(void) {
  sf_msg msg;
  sf_network *net = sf_network_new(1);
  net->core[0].axons = 2;
  net->core[0].neurons = 1;
  net->core[0].n_routes = 1;
  if (sf_core_net_alloc(&net->core[0], &msg)) return puts(msg.text), 2;
  sf_core_set_weight(&net->core[0], 0, 0, 1);
  sf_core_set_weight(&net->core[0], 1, 0, 1);
  net->core[0].threshold[0] = 2;
  net->core[0].profiles[0].v_decay = 4096;
  net->core[0].routes[0] = (sf_route){.neuron = 0, .core = SF_EXTERNAL};
  sf_model *m;
  if (sf_model_new(net, &m, &msg)) return puts(msg.text), 2;
  (void)sf_model_inject(m, 0, 0, 0);
  (void)sf_model_inject(m, 0, 1, 0);
  const sf_tick_result *t = sf_model_step(m);
  printf("tick %u: %u spikes\n", t->tick, t->n_spikes);
  sf_model_free(m);
  sf_network_free(net);
  return 0;
}
C
flags() { PKG_CONFIG_SYSROOT_DIR=$work PKG_CONFIG_PATH=$at/lib/pkgconfig pkg-config "$@" synfire; }
# shellcheck disable=SC2046
holds "compiles against the shared library" gcc -std=c11 -Wall "$work/and.c" $(flags --cflags --libs) -o "$work/and"
holds "and runs" [ "$(LD_LIBRARY_PATH=$at/lib "$work/and")" = "tick 0: 1 spikes" ]
# shellcheck disable=SC2046
holds "compiles against the static library" gcc -std=c11 "$work/and.c" $(flags --cflags) "$at/lib/libsynfire.a" -lm -fopenmp -o "$work/and-static"
holds "and runs" [ "$("$work/and-static")" = "tick 0: 1 spikes" ]
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
