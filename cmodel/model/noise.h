/* noise.h - the counter-based noise: a fixed hash of (seed, tick, axon, neuron), so that it depends on no order.
 *
 * Speck32-style add-rotate-xor (Beaulieu et al. 2013), 8 rounds, 16-bit words; key words seed[15:0], tick[15:0],
 * seed[31:16], tick[31:16]; the round constants keep the rounds apart:
 *     hi = axon (0 for neuron noise) ^ tick[31:16], lo = neuron ^ seed[31:16]
 *     round r: hi = (ror(hi, 7) + lo) ^ (key[r mod 4] ^ (r + 1) * 0x9E37);  lo = rol(lo, 2) ^ hi      mod 2^16
 * tests/test_noise.c holds it to its statistics. The functional model's own: the RTL mirror has a second one. */
#ifndef SYNFIRE_NOISE_H
#define SYNFIRE_NOISE_H

#include <stdint.h>

/* sf_noise_hash() - 32 bits, {hi, lo}. axon and neuron count to 65535. */
uint32_t sf_noise_hash(uint32_t seed, uint32_t tick, uint32_t axon, uint32_t neuron);

/* sf_noise_value() - uniform in [-2^(k-1), 2^(k-1)), k = bits in 1 .. 16; 0 for bits = 0. Low bits of the hash. */
int32_t sf_noise_value(uint32_t hash, unsigned bits);

#endif
