/* h5_storage.c - how the values of a dataset lie in the file: chunks, filters, what is stored and what only claimed. */
#include <stdio.h>

#include "files/h5_parts.h"

#define MAX_CHUNK_BYTES ((uint64_t)256 << 20) /* HDF5 holds a whole chunk in memory, whatever we read of it */
#define FREE_BYTES \
  ((uint64_t)256 << 20)       /* the largest weights as int64; beyond, the file must hold what it claims ... */
#define MAX_COMPRESSION 4096u /* ... within what compression can do (deflate: 1032) */
#define FREE_CHUNKS ((uint64_t)1 << 18) /* the same for chunks: looking for one takes as long as reading a few KiB */
#define MAX_CACHE_BYTES ((uint64_t)512 << 20)
#define MIN_CACHE_BYTES ((uint64_t)1 << 20)
#define MIN_CACHE_SLOTS 521u

/* Bytes of a chunk as 64 bit numbers, or a number above MAX_CHUNK_BYTES. */
static uint64_t chunk_bytes(const hsize_t *d, int rank) {
  uint64_t bytes = rank < 0 ? UINT64_MAX : sizeof(int64_t);
  for (int i = 0; i < rank && bytes <= MAX_CHUNK_BYTES; i++) bytes = d[i] > MAX_CHUNK_BYTES ? UINT64_MAX : bytes * d[i];
  return bytes;
}

/* The chunks of a set: how many lie side by side across the array, how many there are, and the bytes of one. */
typedef struct grid {
  uint64_t across, all, bytes;
} grid;

/* false: not in chunks, or not readable as such. */
static bool chunks_of(hid_t set, hid_t plist, grid *g) {
  hsize_t chunk[2] = {1, 1}, size[2] = {1, 1};
  if (H5Pget_layout(plist) != H5D_CHUNKED) return false;
  const hid_t space = H5Dget_space(set);
  const int rank = space < 0 ? -1 : H5Pget_chunk(plist, 2, chunk);
  const bool known = rank >= 1 && rank <= 2 && H5Sget_simple_extent_ndims(space) == rank &&
                     H5Sget_simple_extent_dims(space, size, NULL) == rank && chunk[0] > 0 && chunk[1] > 0;
  if (known) {
    g->across = (size[1] + chunk[1] - 1) / chunk[1];
    g->all = g->across * ((size[0] + chunk[0] - 1) / chunk[0]);
    g->bytes = chunk_bytes(chunk, rank);
  }
  if (space >= 0) H5Sclose(space);
  return known;
}

static sf_err check_claims(uint64_t held, uint64_t bytes, uint64_t chunks, const char *full, sf_msg *msg) {
  const char *what = bytes > FREE_BYTES && held < bytes / MAX_COMPRESSION ? "bytes"
                     : chunks > FREE_CHUNKS + held / sizeof(int64_t)      ? "chunks"
                                                                          : NULL;
  if (what == NULL) return SF_OK;
  const bool is_bytes = what[0] == 'b';
  return sf_fail(msg, SF_EFORMAT,
                 "%s: claims %llu %s, for which the file holds %llu bytes: what is not stored may be at most %llu %s",
                 full, (unsigned long long)(is_bytes ? bytes : chunks), what, (unsigned long long)held,
                 (unsigned long long)(is_bytes ? FREE_BYTES : FREE_CHUNKS), what);
}

sf_err sf_h5_storage_check(hid_t set, uint64_t bytes, const char *full, sf_msg *msg) {
  grid g = {1, 0, 0};
  const hid_t plist = H5Dget_create_plist(set);
  if (plist < 0) return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  const H5D_layout_t layout = H5Pget_layout(plist);
  const int outside = H5Pget_external_count(plist);
  const bool broken = !chunks_of(set, plist, &g) && layout == H5D_CHUNKED;
  H5Pclose(plist);
  if (outside != 0 || (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED))
    return sf_fail(msg, SF_EFORMAT, "%s: must be stored in the file itself", full);
  if (broken) return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  if (g.bytes > MAX_CHUNK_BYTES) return sf_fail(msg, SF_EFORMAT, "%s: its chunks are larger than 256 MiB", full);
  return check_claims(H5Dget_storage_size(set), bytes, g.all, full, msg);
}

/* HDF5's cache of 1 MiB forgets wide chunks between two of our reads, and would unpack each many times. */
hid_t sf_h5_storage_open(hid_t set, const sf_h5 *at, const char *name, uint64_t bytes) {
  grid g = {1, 0, 0};
  const hid_t plist = H5Dget_create_plist(set);
  const bool chunked = plist >= 0 && chunks_of(set, plist, &g);
  if (plist >= 0) H5Pclose(plist);
  sf_h5_guard_expect(bytes, g.all);
  if (!chunked) return set;
  const uint64_t row = g.across * g.bytes;
  const uint64_t cache = row < MIN_CACHE_BYTES ? MIN_CACHE_BYTES : row < MAX_CACHE_BYTES ? row : MAX_CACHE_BYTES;
  /* Twice the next power of two, so that no two chunks of a row want one slot. */
  const uint64_t slots = 4 * g.across + 1 > MIN_CACHE_SLOTS ? 4 * g.across + 1 : MIN_CACHE_SLOTS;
  const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
  hid_t again = -1;
  H5Dclose(set); /* an open set keeps the cache that it has */
  if (access >= 0 && H5Pset_chunk_cache(access, (size_t)slots, (size_t)cache, 1.0) >= 0)
    again = H5Dopen2(at->id, name, access);
  if (access >= 0) H5Pclose(access);
  return again;
}

sf_err sf_h5_storage_fault(hid_t set, const char *full, sf_msg *msg) {
  const hid_t plist = H5Dget_create_plist(set);
  const int n = plist < 0 ? 0 : H5Pget_nfilters(plist);
  char missing[64] = "";
  int number = -1;
  for (int i = 0; i < n && number < 0; i++) {
    unsigned flags, config;
    size_t none = 0;
    const H5Z_filter_t id = H5Pget_filter2(plist, (unsigned)i, &flags, &none, NULL, sizeof missing, missing, &config);
    if (id >= 0 && H5Zfilter_avail(id) <= 0) number = (int)id;
  }
  if (plist >= 0) H5Pclose(plist);
  if (number < 0) return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  missing[sizeof missing - 1] = '\0';
  return sf_fail(
      msg, SF_EFORMAT,
      "%s: is compressed with the filter %s (number %d), which the HDF5 library here lacks: write it with gzip, "
      "or uncompressed",
      full, missing[0] != '\0' ? missing : "without a name", number);
}
