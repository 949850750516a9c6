/* parse.c - reading what Yosys, nextpnr and icetime write. */
#include "synth/parse.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines of a text that may not end in NUL ---- */

typedef struct lines {
  const char *at, *end;
} lines;

/* next_line() - copy the next line, cut to size - 1 characters, into line; false at the end of the text. */
static bool next_line(lines *l, char *line, size_t size) {
  if (l->at >= l->end) return false;
  const char *newline = memchr(l->at, '\n', (size_t)(l->end - l->at));
  const char *stop = newline ? newline : l->end;
  const size_t n = (size_t)(stop - l->at) < size - 1 ? (size_t)(stop - l->at) : size - 1;
  memcpy(line, l->at, n);
  line[n] = '\0';
  l->at = newline ? newline + 1 : l->end;
  return true;
}

/* ---- JSON with suspicion ---- */

static bool number(const cJSON *parent, const char *key, double low, double high, double *value) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(parent, key);
  if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble)) return false;
  if (item->valuedouble < low || item->valuedouble > high) return false;
  *value = item->valuedouble;
  return true;
}

static const char *string(const cJSON *parent, const char *key) {
  const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(parent, key));
  return s ? s : "";
}

static cJSON *parse(const char *text, size_t length, const char *what, sf_err *err, sf_msg *msg) {
  cJSON *root = cJSON_ParseWithLength(text, length);
  *err = root ? SF_OK : sf_fail(msg, SF_EFORMAT, "%s: no JSON, or cut off", what);
  return root;
}

sf_err sf_parse_stat(const char *text, size_t length, uint32_t used[SF_RES_COUNT], sf_msg *msg) {
  sf_err err;
  cJSON *root = parse(text, length, "Yosys' stat", &err, msg);
  if (!root) return err;
  uint32_t count[SF_RES_COUNT] = {0};
  const cJSON *types =
      cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, "design"), "num_cells_by_type");
  if (!cJSON_IsObject(types)) err = sf_fail(msg, SF_EFORMAT, "Yosys' stat: no design.num_cells_by_type");
  const cJSON *item = NULL;
  if (!err) cJSON_ArrayForEach(item, types) {
      const sf_resource r = sf_resource_of_cell(item->string);
      if (r == SF_RES_COUNT) continue;
      if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= 1e8)) {
        err = sf_fail(msg, SF_EFORMAT, "Yosys' stat: %.40s is no count", item->string);
        break;
      }
      count[r] += (uint32_t)item->valuedouble;
    }
  if (!err)
    for (int r = 0; r < SF_RES_COUNT; r++)
      if (r != SF_RES_LOGIC) used[r] = count[r];
  cJSON_Delete(root);
  return err;
}

/* ---- names ---- */

void sf_rtl_name(const char *name, char *out) {
  /* `autoname` names a LUT after the RTL register or net it drives and appends the cell types on the way. */
  static const char *const tails[] = {"_SB_",    "_TRELLIS_", "_LUT4",       "_CCU2C",   "_PFUMX", "_L6MUX21",
                                      "_DP16KD", "_PDPW16",   "_MULT18X18D", "$nextpnr", "$abc"};
  size_t n = strnlen(name, SF_RTL_NAME - 1);
  for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
    for (const char *p = strstr(name, tails[i]); p; p = NULL)
      if (p > name && (size_t)(p - name) < n) n = (size_t)(p - name);
  if (n > 3 && memcmp(name + n - 3, "_LC", 3) == 0) n -= 3;
  for (size_t i = 0; i < n; i++) out[i] = name[i] > ' ' && name[i] < 0x7f && name[i] != '|' ? name[i] : '?';
  out[n] = '\0';
}

/* ---- nextpnr's report ---- */

/* Steps of one and the same RTL name are joined; past SF_PATH_STEPS the last ones are kept in the last place. */
static void add_step(sf_timing *t, const char *name, double logic_ns, double routing_ns) {
  char rtl[SF_RTL_NAME];
  sf_rtl_name(name, rtl);
  const bool own = rtl[0] == '$' && t->n_step > 0; /* a cell that a tool put in: goes with what drives it */
  if (!own && (t->n_step == 0 || strcmp(t->step[t->n_step - 1].name, rtl) != 0)) {
    if (t->n_step == SF_PATH_STEPS) {
      t->n_left_out++;
      t->n_step--;
      t->step[SF_PATH_STEPS - 2].logic_ns += t->step[SF_PATH_STEPS - 1].logic_ns;
      t->step[SF_PATH_STEPS - 2].routing_ns += t->step[SF_PATH_STEPS - 1].routing_ns;
    }
    memset(&t->step[t->n_step], 0, sizeof t->step[0]);
    strcpy(t->step[t->n_step++].name, rtl);
  }
  t->step[t->n_step - 1].logic_ns += logic_ns;
  t->step[t->n_step - 1].routing_ns += routing_ns;
}

static sf_err read_path(const cJSON *path, sf_timing *t, sf_msg *msg) {
  const cJSON *segment = NULL;
  cJSON_ArrayForEach(segment, path) {
    double delay;
    if (!number(segment, "delay", -1e3, 1e6, &delay))
      return sf_fail(msg, SF_EFORMAT, "nextpnr's report: a step of the critical path has no delay");
    const bool routing = strcmp(string(segment, "type"), "routing") == 0;
    const char *cell = string(cJSON_GetObjectItemCaseSensitive(segment, routing ? "from" : "to"), "cell");
    add_step(t, cell[0] ? cell : "?", routing ? 0 : delay, routing ? delay : 0);
    t->path_ns += delay;
  }
  return SF_OK;
}

/* The path of clock `clock` to itself; some versions list one per pair of clocks, in any order. */
static const cJSON *find_path(const cJSON *root, const char *clock) {
  const cJSON *entry = NULL, *paths = cJSON_GetObjectItemCaseSensitive(root, "critical_paths");
  cJSON_ArrayForEach(entry, paths) {
    const char *from = string(entry, "from"), *to = string(entry, "to");
    const char *blank = strchr(from, ' ');
    if (blank && strcmp(blank + 1, clock) == 0 && strchr(to, ' ') && strcmp(strchr(to, ' ') + 1, clock) == 0)
      return cJSON_GetObjectItemCaseSensitive(entry, "path");
  }
  return NULL;
}

sf_err sf_parse_report(const char *text, size_t length, uint32_t used[SF_RES_COUNT], sf_timing *timing, sf_msg *msg) {
  sf_err err;
  cJSON *root = parse(text, length, "nextpnr's report", &err, msg);
  if (!root) return err;
  sf_timing t = {0};
  const char *slowest = NULL;
  const cJSON *item = NULL, *clocks = cJSON_GetObjectItemCaseSensitive(root, "fmax");
  cJSON_ArrayForEach(item, clocks) {
    double mhz;
    if (!number(item, "achieved", 1e-3, 1e5, &mhz)) {
      err = sf_fail(msg, SF_EFORMAT, "nextpnr's report: fmax of %.60s is no frequency",
                    item->string ? item->string : "?");
      break;
    }
    if (!slowest || mhz < t.fmax_mhz) {
      slowest = item->string;
      t.fmax_mhz = mhz;
    }
  }
  if (!err && !slowest) err = sf_fail(msg, SF_EFORMAT, "nextpnr's report: no clock in fmax");
  if (!err) err = read_path(find_path(root, slowest), &t, msg);

  uint32_t count[SF_RES_COUNT];
  memcpy(count, used, sizeof count);
  const cJSON *bels = cJSON_GetObjectItemCaseSensitive(root, "utilization");
  if (!err) cJSON_ArrayForEach(item, bels) {
      const sf_resource r = item->string ? sf_resource_of_bel(item->string) : SF_RES_COUNT;
      double n;
      if (r == SF_RES_COUNT) continue;
      if (!number(item, "used", 0, 1e8, &n)) {
        err = sf_fail(msg, SF_EFORMAT, "nextpnr's report: utilization of %.60s is no count", item->string);
        break;
      }
      count[r] = (uint32_t)n;
    }
  if (!err) {
    *timing = t;
    memcpy(used, count, sizeof count);
  }
  cJSON_Delete(root);
  return err;
}

/* ---- logs ---- */

sf_err sf_parse_icetime(const char *text, size_t length, double *mhz, sf_msg *msg) {
  lines l = {text, text + length};
  char line[256];
  while (next_line(&l, line, sizeof line)) {
    double ns, f;
    if (sscanf(line, "// Timing estimate: %lf ns (%lf MHz)", &ns, &f) != 2 &&
        sscanf(line, "Total path delay: %lf ns (%lf MHz)", &ns, &f) != 2)
      continue;
    if (!isfinite(f) || f <= 0 || f > 1e5) break;
    *mhz = f;
    return SF_OK;
  }
  return sf_fail(msg, SF_EFORMAT, "icetime: no timing estimate in its output");
}

bool sf_parse_shortage(const char *text, size_t length, sf_shortage *out) {
  lines l = {text, text + length};
  char line[256];
  while (next_line(&l, line, sizeof line)) {
    char bel[48];
    unsigned long used, available;
    if (sscanf(line, "Info: %47[A-Za-z0-9_]: %lu/ %lu", bel, &used, &available) != 3) continue;
    if (used <= available || used > UINT32_MAX) continue;
    const sf_resource r = sf_resource_of_bel(bel);
    snprintf(out->what, sizeof out->what, "%s", r == SF_RES_COUNT ? bel : sf_resource_title(r));
    out->used = (uint32_t)used;
    out->available = (uint32_t)available;
    return true;
  }
  return false;
}

bool sf_parse_error(const char *text, size_t length, char *line, size_t size) {
  lines l = {text, text + length};
  char whole[1024];
  while (next_line(&l, whole, sizeof whole)) {
    const char *error = strstr(whole, "ERROR: ");
    if (!error) continue;
    snprintf(line, size, "%s", error + strlen("ERROR: "));
    for (char *c = line; *c; c++)
      if ((unsigned char)*c < ' ' || *c == 0x7f) *c = ' ';
    return true;
  }
  return false;
}

size_t sf_parse_memories(const char *text, size_t length, sf_memory *list, size_t room) {
  lines l = {text, text + length};
  char line[512];
  size_t n = 0;
  sf_memory m = {"", 0, 0};
  bool open = false;
  while (next_line(&l, line, sizeof line)) {
    const char *p = line + strspn(line, " ");
    char name[256];
    if (sscanf(p, "cell $mem%*[_v2] %255s", name) == 1 || sscanf(p, "cell $mem %255s", name) == 1) {
      memset(&m, 0, sizeof m);
      sf_rtl_name(name[0] == '\\' ? name + 1 : name, m.name);
      open = true;
    } else if (open && strncmp(p, "parameter \\MEMID \"", 18) == 0) {
      char id[256];
      if (sscanf(p + 18, "%255[^\"]", id) == 1) sf_rtl_name(id[0] == '\\' ? id + 1 + (id[1] == '\\') : id, m.name);
    } else if (open && strncmp(p, "parameter", 9) == 0) {
      char key[16];
      long value;
      if (sscanf(p, "parameter %*[signed ]\\%15[A-Z] %ld", key, &value) == 2 ||
          sscanf(p, "parameter \\%15[A-Z] %ld", key, &value) == 2) {
        if (strcmp(key, "SIZE") == 0 && value > 0) m.words = (uint64_t)value;
        if (strcmp(key, "WIDTH") == 0 && value > 0) m.width = (uint64_t)value;
      }
    } else if (open && strncmp(p, "end", 3) == 0) {
      if (n < room) list[n] = m;
      n++;
      open = false;
    }
  }
  return n;
}

size_t sf_parse_counts(const char *text, size_t length, uint32_t *list, size_t room) {
  lines l = {text, text + length};
  char line[128];
  size_t n = 0;
  while (next_line(&l, line, sizeof line)) {
    unsigned long value;
    char tail;
    if (sscanf(line, "%lu object%c", &value, &tail) != 2) continue;
    if (n < room) list[n] = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
    n++;
  }
  return n;
}
