/* yaml.h - YAML 1.2 documents as trees in an arena (libfyaml is behind it, and nowhere else).
 *
 * Scalars keep their source text: what `010` or `yes` means is the caller's business. Aliases give
 * the tree of their anchor, under core/limits.h; duplicate keys are an error with their place. */
#ifndef CODEC_YAML_H
#define CODEC_YAML_H

#include "core/arena.h"
#include "core/err.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml_node {
    enum yaml_kind kind;
    bool plain; /* scalar without quotes and not a block: may be a number, boolean or null */
    uint32_t line, column; /* 1-based, where the node starts; of an empty value, its key */
    struct str text;       /* scalar */
    uint32_t count;        /* members */
    struct yaml_member *members;
};

struct yaml_member {
    struct str key; /* maps; empty in lists */
    uint32_t key_line, key_column;
    struct yaml_node *value;
};

struct yaml_documents {
    uint32_t count;
    struct yaml_node **roots;      /* an empty document is a plain scalar with empty text */
    uint32_t *lines;               /* where each document's root starts, 1-based */
    size_t *offsets;               /* the same in bytes */
    uint32_t bad_line, bad_column; /* on failure: where, 1-based, and what */
    struct why complaint;
};

/* All documents of `text`. On failure *why (may be NULL) names line, column and complaint, and
 * *documents holds them, too, and the documents before the broken one. */
MUST_USE enum err yaml_parse(struct str text, struct arena *arena, struct yaml_documents *documents,
                             struct why *why);
/* The same for those who keep texts longer than trees, which take five times as much: trees and
 * the members of *documents live in `trees`, the texts of keys and scalars in `texts`. */
MUST_USE enum err yaml_parse_apart(struct str text, struct arena *trees, struct arena *texts,
                                   struct yaml_documents *documents, struct why *why);

/* The value under `key`, or NULL if there is none or `map` is no map. */
const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key);

/* What a plain scalar means under the YAML 1.2 core schema. Quoted scalars are strings. */
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT };
enum yaml_type yaml_type_of(const struct yaml_node *scalar);
bool yaml_is_null(const struct yaml_node *node);
/* A scalar that says something: neither empty nor null. */
bool yaml_is_text(const struct yaml_node *node);
/* True or false into *flag; false, and nothing, if the node is something else. */
bool yaml_bool(const struct yaml_node *node, bool *flag);
/* Whether YAML 1.1 and 1.2, or programs that read them, take this scalar for different things:
 * `010`, `0x10`, `1_000`, `12:30`, `yes`, `2026-11-22`. */
bool yaml_is_ambiguous(const struct yaml_node *scalar);

#endif
