/* paths.h - where the program finds the files that come with it, and where it keeps what it builds.
 *
 * In a source tree (build/synfire, build/tests/test_x) both lie in the tree; an installed program finds its files in
 * PREFIX/share/synfire and builds in the user's cache directory. Nothing depends on the current directory. */
#ifndef SF_UTIL_PATHS_H
#define SF_UTIL_PATHS_H

#include <stddef.h>

#include "synfire/base.h"

#define SF_PATH_MAX 4096

/* sf_data_path() - the absolute path of a file or folder that comes with the program, such as "rtl" or
 * "data/mnist-240.h5", into path[SF_PATH_MAX]; relative "" is the folder that holds them all. The environment
 * variable SYNFIRE_DATA, when set, names that folder instead. The file itself need not exist.
 * Returns SF_OK, or SF_EIO with one line when there is no folder with the RTL in it. */
SF_MUST_CHECK sf_err sf_data_path(const char *relative, char path[SF_PATH_MAX], sf_msg *msg);

/* sf_cache_path() - the absolute path of a folder for built files, such as "rtl-cache", into path[SF_PATH_MAX];
 * created with its parents when missing: build/NAME in a source tree where we may write there, otherwise (installed,
 * or another user's tree) $XDG_CACHE_HOME/synfire/NAME or ~/.cache/synfire/NAME. The environment variable
 * SYNFIRE_CACHE, when set, names the folder that holds NAME. Returns SF_OK, or SF_EIO with one line. */
SF_MUST_CHECK sf_err sf_cache_path(const char *name, char path[SF_PATH_MAX], sf_msg *msg);

/* sf_path_join() - folder/name, the folder itself where the name is ""; false: it does not fit. */
bool sf_path_join(char out[SF_PATH_MAX], const char *folder, const char *name);

/* sf_make_folder() - create a folder and its missing parents; one that is there already is fine. */
SF_MUST_CHECK sf_err sf_make_folder(const char *path, sf_msg *msg);

/* sf_remove_tree() - remove a folder and what is in it, links not followed; what is not there is no error. */
void sf_remove_tree(const char *path);

#endif
