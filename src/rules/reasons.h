/* reasons.h - why a rule fires on an event or does not: its condition as a tree of answers.
 *
 * Built from the answers of the judge (rules/judge.h), without short cuts: every part of the
 * detection is asked, so that a person can see each. Everything lives in the arena that is given;
 * texts of the event are valid until the judge's next event. */
#ifndef RULES_REASONS_H
#define RULES_REASONS_H

#include "core/buf.h"
#include "rules/judge.h"

struct reason {
    const struct expression *expression;
    bool holds;
    bool gave_up;          /* TEST: an expression reached a limit; counts as false */
    struct str identifier; /* the name of the search identifier that this is; empty: none */
    struct str item;       /* `Image|endswith`; empty: this is no item, or there is no outline */
    struct str filter;     /* the title of the filter that this is; empty: none */
    uint32_t count;
    struct reason **children;
    struct judged_test test; /* TEST */
    struct str event_name;   /* TEST: what the field is called in the event; empty: by the rule's
                                name */
};

/* A taxonomy entry that serves the rule's log source. */
struct reason_source {
    const struct taxonomy_entry *entry;
    bool holds;
    bool other_kind; /* the event is not of the kind or format that the entry asks for */
    uint32_t failed; /* tests of its `when` that do not pass */
};

struct reasons {
    const struct sigma_rule *rule;
    bool fires;
    bool gave_up;
    struct reason_source *sources;
    uint32_t source_count;
    /* The entry whose names the tree is judged under: one that holds, and under which the rule
     * fires if it does; else the one that is nearest to holding. NULL: none serves the rule. */
    const struct reason_source *source;
    struct reason *root;  /* NULL: the rule has no detection that could be judged */
    struct str condition; /* as the rule writes it; several are joined by " or " */
};

/* Of the event of the last judge_begin. */
struct reasons *reasons_of(struct judge *judge, const struct taxonomy *taxonomy,
                           const struct sigma_rule *rule, struct arena *arena);

/* ---- reasons_text.c ---- */

/* "It did not fire: selection is false, because Image is ...": one sentence with its full stop. */
void reasons_sentence(const struct reasons *reasons, struct buf *out);
/* Where the event was found, as the first lines of a page say it. */
struct reasons_place {
    struct str path;
    bool is_line;
    uint64_t number; /* 0: there is none */
};
/* The whole page: what was asked, the sentence, the log source, and the tree. Lines end in '\n';
 * control characters in values are shown as \xNN, so that a value is never more than a line. */
void reasons_page(const struct reasons *reasons, const struct event *event,
                  const struct reasons_place *place, struct buf *out);

/* ---- reasons_json.c ---- */

/* The same as one JSON object, without a line end (docs/rule-authors.md names its keys). */
void reasons_json(const struct reasons *reasons, const struct reasons_place *place,
                  struct buf *out);

/* ---- reasons_phrase.c: words that both share ---- */

/* "ends with", "matches", "is at least", ... */
struct str reasons_verb(const struct predicate *predicate);
/* What is asked of the field, after its name: "ends with '\cmd.exe'", "is missing". */
void reasons_asked(const struct predicate *predicate, struct buf *out);
/* What the event has: "is 'C:\Windows\explorer.exe'", "is null", "is not in the event". */
void reasons_found(const struct reason *reason, struct buf *out);
/* A text of at most `max` bytes, with "..." where it was cut; control characters as \xNN. */
void reasons_shown(struct str text, size_t max, struct buf *out);
/* "process_creation, windows". */
void reasons_log_source(const struct log_source *source, struct buf *out);

#endif
