/* inputs.h - which files knowledge is made from, and whether they are still the same.
 *
 * This is the one place that knows all of them. Noting them looks at names and times alone: what
 * was made from them serves as long as key and record stay the same. Every loader reads its files
 * through inputs_read; a file that was not noted before is read all the same, but nothing that was
 * made with it is to be kept. */
#ifndef ENGINE_INPUTS_H
#define ENGINE_INPUTS_H

#include "core/map.h"
#include "engine/knowledge.h"
#include "os/file.h"

struct inputs {
    struct buf key;    /* what was asked for, and who answers: this program on this machine */
    struct buf record; /* what the system says about each file and folder */
    struct arena *arena;
    struct map noted; /* paths; filled when the first of them is read */
    int64_t noted_ns;
    /* Nothing changed so lately that it might change again without a trace, everything can be
     * looked at, and everything that was read was noted. */
    bool sound;
};

void inputs_note(struct inputs *inputs, const struct knowledge_options *options);
void inputs_free(struct inputs *inputs);
/* Appends the whole file, as file_read_whole. `inputs` may be NULL: nobody wants to know. */
MUST_USE enum err inputs_read(struct inputs *inputs, const char *path, struct buf *out);
/* Whether a file that was met below a folder is one of rules, by its name. */
bool inputs_is_rule_file(const char *path);

#endif
