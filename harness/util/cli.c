/* cli.c - see cli.h. */
#include "util/cli.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/apart.h"

int sf_cli_error(const char *verb, const char *fmt, ...) {
  char text[1024];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  for (char *c = text; *c; c++)
    if (*c == '\n' || *c == '\r') *c = ' ';
  if (verb) fprintf(stderr, "synfire %s: %s\n", verb, text);
  else fprintf(stderr, "synfire: %s\n", text);
  return 2;
}

void sf_cli_warning(const char *text) {
  if (*text) fprintf(stderr, "synfire: warning: %s\n", text);
}

void sf_cli_json(cJSON *object) {
  char *text = cJSON_Print(object);
  if (text) puts(text);
  cJSON_free(text);
  cJSON_Delete(object);
}

int sf_exit_status(sf_err err) { return !err ? 0 : err == SF_EFAIL ? 1 : 2; }

bool sf_parse_u64(const char *text, uint64_t *value) {
  const int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
  char *end = NULL;
  if (text[0] < '0' || text[0] > '9') return false; /* strtoull takes blanks and signs */
  errno = 0;
  const unsigned long long got = strtoull(text, &end, base);
  if (errno || *end) return false;
  *value = got;
  return true;
}

static bool parse_range(const char *text, sf_range *range) {
  char from[32] = "";
  const char *colon = strchr(text, ':');
  sf_range got = {true, 0, UINT64_MAX};
  if (!colon || (size_t)(colon - text) >= sizeof from) return false;
  memcpy(from, text, (size_t)(colon - text));
  if (from[0] && !sf_parse_u64(from, &got.from)) return false;
  if (colon[1] && !sf_parse_u64(colon + 1, &got.to)) return false;
  if (got.from >= got.to) return false;
  *range = got;
  return true;
}

static bool set_value(const sf_option *option, const char *text) {
  uint64_t number;
  switch (option->kind) {
    case SF_OPT_TEXT:
    case SF_OPT_IN:
    case SF_OPT_OUT:
      *(const char **)option->value = text;
      return true;
    case SF_OPT_RANGE:
      return parse_range(text, option->value);
    case SF_OPT_U64:
      return sf_parse_u64(text, option->value);
    case SF_OPT_U32:
      if (!sf_parse_u64(text, &number) || number > UINT32_MAX) return false;
      *(uint32_t *)option->value = (uint32_t)number;
      return true;
    case SF_OPT_TICKS:
      if (!sf_parse_u64(text, &number) || number < 1 || number > SF_MAX_TICK) return false;
      *(uint32_t *)option->value = (uint32_t)number;
      return true;
    default:
      return false;
  }
}

static const char *wanted(sf_option_kind kind) {
  switch (kind) {
    case SF_OPT_RANGE:
      return "A:B with A < B";
    case SF_OPT_U32:
      return "a number from 0 to 4294967295";
    case SF_OPT_TICKS:
      return "a number from 1 to 2147483647";
    default:
      return "a number";
  }
}

static void print_help(const sf_cli *cli) {
  printf("usage: synfire %s %s\n\n%s\n\noptions:\n", cli->verb, cli->usage, cli->summary);
  for (const sf_option *o = cli->option; o->name; o++) {
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
    printf("  %-24s %s\n", left, o->help);
  }
  printf("  %-24s %s\n", "--help", "show this text");
}

/* What is written, defaults included, is none of what is read. */
static sf_err check_files(const sf_cli *cli, const char **arg, int n, sf_msg *msg) {
  enum { MOST = 16 };
  sf_file_role in[MOST], out[MOST];
  char name[2][MOST][32];
  size_t n_in = 0, n_out = 0;
  const char first = cli->usage[strspn(cli->usage, "[")];
  for (int i = 0; first >= 'A' && first <= 'Z' && i < n && n_in < MOST; i++)
    in[n_in++] = (sf_file_role){"the argument", arg[i]};
  for (const sf_option *o = cli->option; o->name; o++) {
    if (o->kind == SF_OPT_IN && n_in < MOST) {
      snprintf(name[0][n_in], sizeof name[0][0], "--%s", o->name);
      in[n_in] = (sf_file_role){name[0][n_in], *(const char **)o->value};
      n_in++;
    } else if (o->kind == SF_OPT_OUT && n_out < MOST) {
      snprintf(name[1][n_out], sizeof name[1][0], "--%s", o->name);
      out[n_out] = (sf_file_role){name[1][n_out], *(const char **)o->value};
      n_out++;
    }
  }
  return sf_files_apart(out, n_out, in, n_in, msg);
}

bool sf_cli_parse(const sf_cli *cli, int argc, char **argv, const char **arg, int *n, int *status) {
  bool options_over = false;
  *n = 0;
  *status = 0;
  for (int i = 1; i < argc; i++) { /* --help wins over whatever else is wrong */
    if (!strcmp(argv[i], "--")) break;
    if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
      print_help(cli);
      return true;
    }
  }
  for (int i = 1; i < argc; i++) {
    const char *a = argv[i];
    if (!options_over && !strcmp(a, "--")) {
      options_over = true;
      continue;
    }
    if (options_over || a[0] != '-' || !a[1]) {
      if (*n >= cli->max_args) {
        *status = sf_cli_error(cli->verb, "unexpected argument '%s' (see synfire %s --help)", a, cli->verb);
        return true;
      }
      arg[(*n)++] = a;
      continue;
    }
    const sf_option *o = cli->option;
    const char *equals = strchr(a, '=');
    const size_t length = equals ? (size_t)(equals - a) : strlen(a);
    while (o->name && !(a[1] == '-' && strlen(o->name) == length - 2 && !strncmp(a + 2, o->name, length - 2))) o++;
    if (!o->name) {
      *status = sf_cli_error(cli->verb, "unknown option '%.*s' (see synfire %s --help)", (int)length, a, cli->verb);
      return true;
    }
    if (o->kind == SF_OPT_FLAG) {
      if (equals) {
        *status = sf_cli_error(cli->verb, "--%s takes no value", o->name);
        return true;
      }
      *(bool *)o->value = true;
      continue;
    }
    const char *text = equals ? equals + 1 : argv[++i];
    if (!text) {
      *status = sf_cli_error(cli->verb, "--%s needs a value: %s", o->name, o->arg);
      return true;
    }
    if (!set_value(o, text)) {
      *status = sf_cli_error(cli->verb, "--%s '%s': must be %s", o->name, text, wanted(o->kind));
      return true;
    }
  }
  if (*n < cli->min_args) {
    *status = sf_cli_error(cli->verb, "usage: synfire %s %s", cli->verb, cli->usage);
    return true;
  }
  sf_msg msg = {""};
  if (check_files(cli, arg, *n, &msg)) {
    *status = sf_cli_error(cli->verb, "%s", msg.text);
    return true;
  }
  return false;
}

sf_err sf_writable_path(const char *path, sf_msg *msg) {
  char folder[4096];
  struct stat st;
  const char *slash = strrchr(path, '/');
  if (!*path) return sf_fail(msg, SF_EIO, "output path is empty");
  if (!slash) snprintf(folder, sizeof folder, ".");
  else snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
  if (stat(folder, &st))
    return sf_fail(msg, SF_EIO, "%s: cannot be written: folder %s: %s", path, folder, strerror(errno));
  if (!S_ISDIR(st.st_mode)) return sf_fail(msg, SF_EIO, "%s: cannot be written: %s is not a folder", path, folder);
  if (!stat(path, &st) && S_ISDIR(st.st_mode)) return sf_fail(msg, SF_EIO, "%s: cannot be written: is a folder", path);
  if (!stat(path, &st) && !S_ISREG(st.st_mode))
    return sf_fail(msg, SF_EIO, "%s: cannot be written: is not a regular file", path);
  if (access(folder, W_OK | X_OK)) return sf_fail(msg, SF_EIO, "%s: cannot be written: %s", path, strerror(errno));
  return SF_OK;
}
