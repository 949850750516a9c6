/* message.c - sf_fail(), which writes every error line. */
#include <stdio.h>

#include "synfire/base.h"

sf_err sf_fail(sf_msg *msg, sf_err err, const char *fmt, ...) {
  if (msg != NULL) {
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg->text, sizeof msg->text, fmt, args);
    va_end(args);
    /* Paths and names come from outside; whatever they hold, the message stays one line. */
    for (char *c = msg->text; *c != '\0'; c++)
      if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
  }
  return err;
}
