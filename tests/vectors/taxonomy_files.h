/* taxonomy_files.h - what the tests above single layers read from disk. */
#ifndef NAIVE_TAXONOMY_FILES_H
#define NAIVE_TAXONOMY_FILES_H

#include "rules/taxonomy.h"

/* The whole of a file; false if it cannot be read. */
bool file_text(const char *path, struct arena *arena, struct str *text);

/* Adds every file of share/taxonomy. A broken one ends the program with a line that says why. */
void taxonomy_files_add(struct taxonomy *taxonomy);

#endif
