/* digits.c - the library in forty lines: run trained digits, count right answers and spikes, predict the hardware's
 * time.
 *
 *     cc digits.c $(pkg-config --cflags --libs synfire) -o digits
 *     ./digits NET.h5 SPIKES.h5 [SAMPLES]
 */
#include <stdio.h>
#include <stdlib.h>
#include <synfire/synfire.h>

int main(int argc, char **argv) {
  sf_msg msg;
  sf_sim *net;
  sf_spikes in;
  if (argc < 3) {
    fprintf(stderr, "usage: digits NET.h5 SPIKES.h5 [SAMPLES]\n");
    return 2;
  }
  if (sf_sim_open(argv[1], &net, &msg)) {
    fprintf(stderr, "%s\n", msg.text);
    return 2;
  }
  if (sf_spikes_read(argv[2], &in, &msg)) {
    fprintf(stderr, "%s\n", msg.text);
    return 2;
  }
  if (sf_sim_ticks(net) == 0 || in.label == NULL) {
    fprintf(stderr, "needs a readout, and labels\n");
    return 2;
  }
  if (sf_sim_hardware(net, 0, 16, 2, &msg)) {
    fprintf(stderr, "%s\n", msg.text);
    return 2;
  }

  size_t samples = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000, right = 0, spikes = 0;
  if (samples > in.n_samples) samples = in.n_samples;
  uint64_t cycles = 0;
  for (size_t i = 0; i < samples; i++) {
    const sf_spikes one = sf_spikes_sample(&in, i);
    if (sf_sim_run(net, sf_sim_ticks(net), one.n, one.tick, one.unit, one.core, &msg)) {
      fprintf(stderr, "digit %zu: %s\n", i, msg.text);
      return 2;
    }
    right += sf_sim_answer(net) == in.label[i];
    spikes += sf_sim_spikes(net, NULL, NULL, NULL);
    cycles += sf_sim_cycles(net, 0);
  }
  const double n = samples > 0 ? (double)samples : 1;
  printf("%zu of %zu digits right, %.1f spikes and %.0f clock cycles a digit: %.0f microseconds at 24 MHz\n", right,
         samples, (double)spikes / n, (double)cycles / n, (double)cycles / n / 24);
  sf_spikes_free(&in);
  sf_sim_close(net);
  return 0;
}
