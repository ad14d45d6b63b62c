/* pipeline.h - processing pipelines (--pipeline): what is done to rules before they are used.
 *
 * The YAML form is pySigma's; docs/tuning.md says which of its parts there are. Pipelines run in
 * the order of their priority, those of one priority in the order in which they were added; the
 * items of one in the order of the file. They work on the detection as it is written, before it is
 * parsed. What is not known in a file refuses all of it. */
#ifndef RULES_PIPELINE_H
#define RULES_PIPELINE_H

#include "core/arena.h"
#include "core/err.h"

struct pipelines;

/* What rules keep of the pipelines' texts lives in `texts` (borrowed), everything else goes with
 * pipelines_free. */
struct pipelines *pipelines_new(struct arena *texts);
void pipelines_free(struct pipelines *all); /* accepts NULL */
/* Adds one file. `path` and `yaml` may go away. *why: "path:line:column: ..." */
MUST_USE enum err pipelines_add(struct pipelines *all, struct str path, struct str yaml,
                                struct why *why);

/* What a pipeline did, for those who look at rules: in the order in which they run. */
struct pipeline_use {
    struct str path;
    uint32_t changed; /* rules and filters that it changed */
};

/* The uses up to now, in `arena`. */
const struct pipeline_use *pipelines_uses(const struct pipelines *all, struct arena *arena,
                                          uint32_t *count);

#endif
