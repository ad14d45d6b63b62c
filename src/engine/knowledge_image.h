/* knowledge_image.h - knowledge that is kept from run to run.
 *
 * All of it is built in an image of memory (os/image.h). A later run of the same program that is
 * asked for the same, and finds the same names and times of files (engine/inputs.h), maps the file
 * of it and is done: nothing is read, nothing compiled. */
#ifndef ENGINE_KNOWLEDGE_IMAGE_H
#define ENGINE_KNOWLEDGE_IMAGE_H

#include "engine/knowledge.h"

/* As knowledge_load; NULL where it is refused. Sets the key of the process's hash tables, which are
 * part of it: no map that was made before may be used behind this. */
MUST_USE enum err knowledge_open(struct knowledge **knowledge,
                                 const struct knowledge_options *options, struct why *why);
void knowledge_close(struct knowledge *knowledge); /* accepts NULL */

#endif
