/* hash.c - see hash.h. */
#include "util/hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

sf_hash sf_hash_new(void) { return (sf_hash){((unsigned __int128)0x6c62272e07bb0142u << 64) | 0x62b821756295c58du}; }

void sf_hash_bytes(sf_hash *hash, const void *data, size_t n) {
  const unsigned __int128 prime = ((unsigned __int128)1 << 88) | 0x13b;
  const unsigned char *byte = data;
  for (size_t i = 0; i < n; i++) hash->h = (hash->h ^ byte[i]) * prime;
}

void sf_hash_text(sf_hash *hash, const char *text) { sf_hash_bytes(hash, text, strlen(text) + 1); }

sf_err sf_hash_file(sf_hash *hash, const char *path, sf_msg *msg) {
  char block[16384];
  size_t all = 0;
  FILE *in = fopen(path, "rb");
  if (!in) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  for (;;) {
    const size_t n = fread(block, 1, sizeof block, in);
    if (n == 0) break;
    sf_hash_bytes(hash, block, n);
    all += n;
  }
  const bool bad = ferror(in);
  fclose(in);
  if (bad) return sf_fail(msg, SF_EIO, "%s: cannot be read", path);
  sf_hash_bytes(hash, &all, sizeof all);
  return SF_OK;
}

void sf_hash_hex(const sf_hash *hash, char hex[33]) {
  snprintf(hex, 33, "%016llx%016llx", (unsigned long long)(hash->h >> 64), (unsigned long long)hash->h);
}
