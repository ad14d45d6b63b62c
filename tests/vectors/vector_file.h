/* vector_file.h - the files of this folder as structs; README.md says what the keys mean. */
#ifndef VECTORS_VECTOR_FILE_H
#define VECTORS_VECTOR_FILE_H

#include "codec/yaml.h"
#include "core/arena.h"
#include "rules/sigma.h"

#define VECTOR_STATES_MAX 8
#define VECTOR_PIPELINES_MAX 8

struct vector {
    struct str name;
    struct str rule; /* the whole text, with the head that `detection` is short for */
    enum rule_state states[VECTOR_STATES_MAX]; /* of the rules in order; the last one repeats */
    uint32_t state_count;
    struct str reason, note, id, level, by;
    bool has_note, quiet;
    int64_t rules, not_sigma; /* how many; -1: not asked */
    struct str *techniques;
    uint32_t technique_count;
    struct str placeholders; /* as YAML */
    struct str format;       /* of the evidence; empty: JSON */
    struct str filters;      /* documents of filters, for --filters */
    enum rule_state filter_state;
    struct str filter_reason;
    struct str pipelines[VECTOR_PIPELINES_MAX]; /* files for --pipeline */
    uint32_t pipeline_count;
    struct str pipeline_reason; /* the one that is refused, why; empty: none is */
    int64_t narrowed; /* rules that filters changed, each as often as one did; -1: not asked */
    struct str *match, *no_match;
    uint32_t match_count, no_match_count;
    struct str *files; /* further texts of rules */
    uint32_t file_count;
    struct str *events, *findings; /* "10:00:00 {...}", "10:00:05 title x2 10:00:00-10:00:05 [a]" */
    uint32_t event_count, finding_count;
};

struct vector_file {
    struct str row;
    struct vector *vectors;
    uint32_t count;
};

/* Complains on standard output and answers false if the file is not as README.md says. */
bool vector_file_read(const char *path, struct arena *arena, struct vector_file *file);

#endif
