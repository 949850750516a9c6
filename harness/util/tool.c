/* tool.c - see tool.h. */
#define _GNU_SOURCE
#include "util/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/process.h"
#include "util/progress.h"

static bool is_program(const char *path) {
  struct stat st;
  return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

sf_err sf_tool_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg) {
  if (strchr(name, '/')) {
    if (is_program(name) && realpath(name, path)) return SF_OK;
    return sf_fail(msg, SF_ETOOL, "%s: no such program", name);
  }
  const char *list = getenv("PATH");
  for (const char *from = list ? list : ""; *from;) {
    const size_t n = strcspn(from, ":");
    const int got = snprintf(path, SF_PATH_MAX, "%.*s/%s", (int)n, n ? from : ".", name);
    if (got > 0 && got < SF_PATH_MAX && is_program(path)) return SF_OK;
    from += n + (from[n] == ':');
  }
  return sf_fail(msg, SF_ETOOL, "%s: not found in PATH (Debian package %s)", name, package ? package : name);
}

static sf_err start(const char *const *argv, const char *folder, int out, pid_t *pid, sf_msg *msg) {
  fflush(NULL);
  *pid = sf_process_fork_tool();
  if (*pid < 0) return sf_fail(msg, SF_ETOOL, "%s: cannot be started: %s", argv[0], strerror(errno));
  if (*pid == 0) {
    const int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 || (folder && chdir(folder))) _exit(127);
    execv(argv[0], (char *const *)argv);
    _exit(127);
  }
  return SF_OK;
}

sf_err sf_tool_start(const char *const *argv, const char *folder, const char *log, pid_t *pid, sf_msg *msg) {
  const int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (out < 0) return sf_fail(msg, SF_EIO, "%s: %s", log, strerror(errno));
  const sf_err err = start(argv, folder, out, pid, msg);
  close(out);
  return err;
}

sf_err sf_tool_wait(pid_t pid, sf_progress *bar, int *status, sf_msg *msg) {
  int state;
  pid_t got;
  while ((got = waitpid(pid, &state, bar ? WNOHANG : 0)) <= 0) {
    if (got < 0 && errno != EINTR) return sf_fail(msg, SF_ETOOL, "waiting for a program: %s", strerror(errno));
    if (got == 0) {
      sf_progress_pulse(bar);
      nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
    }
  }
  *status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return SF_OK;
}

sf_err sf_tool_run(const char *const *argv, const char *folder, const char *log, sf_progress *bar, int *status,
                   sf_msg *msg) {
  pid_t pid;
  const sf_err err = sf_tool_start(argv, folder, log, &pid, msg);
  return err ? err : sf_tool_wait(pid, bar, status, msg);
}

void sf_tool_line(const char *const *argv, char *line, size_t size) {
  int pipe_fd[2], status;
  pid_t pid;
  line[0] = '\0';
  if (pipe2(pipe_fd, O_CLOEXEC)) return;
  if (start(argv, NULL, pipe_fd[1], &pid, NULL)) pid = -1;
  close(pipe_fd[1]);
  FILE *in = fdopen(pipe_fd[0], "r");
  if (in && pid > 0 && !fgets(line, (int)size, in)) line[0] = '\0';
  if (in) {
    while (fgetc(in) != EOF) {} /* so that the program does not die of a closed pipe */
    fclose(in);
  } else {
    close(pipe_fd[0]);
  }
  if (pid > 0 && (sf_tool_wait(pid, NULL, &status, NULL) || status != 0)) line[0] = '\0';
  line[strcspn(line, "\r\n")] = '\0';
}

static bool next_line(FILE *in, char **text, size_t *room) {
  if (!in || getline(text, room, in) <= 0) return false;
  (*text)[strcspn(*text, "\r\n")] = '\0';
  return true;
}

size_t sf_log_warnings(const char *log, const char *harmless, char *line, size_t size) {
  char *text = NULL;
  size_t room = 0, n = 0;
  FILE *in = fopen(log, "r");
  line[0] = '\0';
  while (next_line(in, &text, &room)) {
    if (strncmp(text, "%Warning", 8) != 0 && strncmp(text, "Warning: ", 9) != 0) continue;
    if (harmless && strstr(text, harmless)) continue;
    if (n++ == 0) snprintf(line, size, "%s", text);
  }
  free(text);
  if (in) fclose(in);
  return n;
}

void sf_log_error(const char *log, char *line, size_t size) {
  static const char *const sign[] = {"%Error", "error:", "rror ", "%Warning"};
  char *text = NULL;
  size_t room = 0, best = sizeof sign / sizeof *sign + 1;
  snprintf(line, size, "no output");
  FILE *in = fopen(log, "r");
  while (next_line(in, &text, &room)) {
    size_t rank = 0;
    if (!text[strspn(text, " \t")]) continue;
    if (strstr(text, "Exiting due to")) continue; /* only counts what was said before */
    while (rank < sizeof sign / sizeof *sign && !strstr(text, sign[rank])) rank++;
    if (rank < best || rank == sizeof sign / sizeof *sign) {
      if (rank > best) continue;
      best = rank;
      snprintf(line, size, "%s", text);
    }
  }
  free(text);
  if (in) fclose(in);
  if (best != sizeof sign / sizeof *sign - 1) return;
  const size_t n = sf_log_warnings(log, NULL, line, size), used = strlen(line);
  if (n > 1) snprintf(line + used, size - used, " (first of %zu warnings)", n);
}

sf_hash sf_hash_new(void) { return (sf_hash){((unsigned __int128)0x6c62272e07bb0142u << 64) | 0x62b821756295c58du}; }

void sf_hash_bytes(sf_hash *hash, const void *data, size_t n) {
  const unsigned __int128 prime = ((unsigned __int128)1 << 88) | 0x13b;
  const unsigned char *byte = data;
  for (size_t i = 0; i < n; i++) hash->h = (hash->h ^ byte[i]) * prime;
}

void sf_hash_text(sf_hash *hash, const char *text) { sf_hash_bytes(hash, text, strlen(text) + 1); }

sf_err sf_hash_file(sf_hash *hash, const char *path, sf_msg *msg) {
  char block[16384];
  size_t n, all = 0;
  FILE *in = fopen(path, "rb");
  if (!in) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  while ((n = fread(block, 1, sizeof block, in)) > 0) {
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

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

void sf_remove_tree(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }
