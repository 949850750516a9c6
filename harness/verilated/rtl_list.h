/* rtl_list.h - which Verilog files the core is made of: for building, linting, synthesis and the keys of caches. */
#ifndef SF_VERILATED_RTL_LIST_H
#define SF_VERILATED_RTL_LIST_H

#include "synfire/params.h"
#include "util/paths.h"

#define SF_RTL_FILES 256 /* most files of a list */
#define SF_RTL_FLAG 40   /* room for a parameter's flag */

typedef struct sf_rtl_list {
  char folder[SF_PATH_MAX];
  char *file[SF_RTL_FILES]; /* absolute paths, no file name twice */
  size_t n;
  char *waivers; /* folder/lint.vlt, or NULL when there is none */
} sf_rtl_list;

/* sf_rtl_folder() - the folder the Verilog is read from: `rtl` of the program, or the one in the environment variable
 * SYNFIRE_RTL. */
SF_MUST_CHECK sf_err sf_rtl_folder(char path[SF_PATH_MAX], sf_msg *msg);

/* sf_rtl_list_read() - the files of sf_rtl_folder(), in the order of its synfire.f: one path a line, from that folder;
 * empty lines and those that start with // are passed over. A folder without a synfire.f is taken as a flat one: its
 * *.v by name. list is the caller's, to be freed with sf_rtl_list_free() whatever is returned. SF_EIO with one line
 * (file, line, reason) when a file is missing, named twice, or there are more than SF_RTL_FILES. */
SF_MUST_CHECK sf_err sf_rtl_list_read(sf_rtl_list *list, sf_msg *msg);

/* sf_rtl_list_hard() - with the files of folder/hard/<family>/<family>.f (a list of the same form) in the place of
 * those of the same name: what holds cells of one FPGA family. A folder without that list keeps its files. SF_EIO with
 * one line when it names a file that is missing, or one that takes no other's place. */
SF_MUST_CHECK sf_err sf_rtl_list_hard(sf_rtl_list *list, const char *family, sf_msg *msg);

/* sf_rtl_parameters() - Verilator's flags for a core's parameters, "-GAXONS=512" ..., into flag[SF_N_PARAMS]. */
void sf_rtl_parameters(const sf_params *p, char flag[][SF_RTL_FLAG]);

/* sf_rtl_arguments() - the last arguments of a Verilator's command: waivers, if there are any, and the files; argv has
 * room for SF_RTL_FILES + 1. Returns how many; they point into list. */
size_t sf_rtl_arguments(const sf_rtl_list *list, const char **argv);

void sf_rtl_list_free(sf_rtl_list *list);

#endif
