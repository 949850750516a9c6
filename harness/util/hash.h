/* hash.h - what content is told apart by. */
#ifndef SF_UTIL_HASH_H
#define SF_UTIL_HASH_H

#include "synfire/base.h"

/* A content hash of 128 bits (FNV-1a), for names in a cache: it tells versions apart, not attackers. */
typedef struct sf_hash {
  unsigned __int128 h;
} sf_hash;

sf_hash sf_hash_new(void);
void sf_hash_bytes(sf_hash *hash, const void *data, size_t n);
void sf_hash_text(sf_hash *hash, const char *text); /* with its end, so that "ab","c" and "a","bc" differ */
SF_MUST_CHECK sf_err sf_hash_file(sf_hash *hash, const char *path, sf_msg *msg); /* name left out, content only */
void sf_hash_hex(const sf_hash *hash, char hex[33]);

#endif
