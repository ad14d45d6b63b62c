/* coverage.h - what a run could have seen: hit, clean, weakened or blind, for each rule and each
 * ATT&CK technique, and why.
 *
 * "Clean" is said only where events of the rule's log source, carrying what it looks for, were
 * there; "blind" names what to switch on. Filled by the engine once everything is read; lists live
 * as long as the report that they are part of. */
#ifndef MODEL_COVERAGE_H
#define MODEL_COVERAGE_H

#include "model/finding.h"

enum coverage_verdict {
    COVERAGE_HIT,
    COVERAGE_CLEAN,
    COVERAGE_WEAKENED, /* part of it can never be true here, or not on every host */
    COVERAGE_BLIND,
    COVERAGE_VERDICTS
};

struct covered_rule {
    struct str id, title;
    enum level level;
    struct str_list attack; /* "T1505.003" */
    enum coverage_verdict verdict;
    struct str_list because; /* sentences; of hit and clean rules empty */
    uint64_t findings;
    uint32_t hosts;       /* that could have recorded it: of its product */
    uint32_t hosts_clean; /* of these: where all of it could be seen */
    uint32_t hosts_blind; /* where nothing of it could */
};

struct covered_technique {
    struct str id, name;     /* name: empty if the catalogue does not know it */
    struct str_list tactics; /* "initial-access", in the order of the matrix */
    enum coverage_verdict verdict;
    struct str_list because;
    uint64_t findings;
    uint32_t rules[COVERAGE_VERDICTS]; /* by verdict */
    bool asked; /* of the techniques that --about names; all of them without it */
};

/* A log that was read. */
struct covered_source {
    struct str name; /* "Security": channel; of text formats the format */
    uint32_t hosts;
    uint64_t events;
    int64_t first_ns, last_ns;
    bool has_span;
};

enum gap_kind {
    GAP_CLEARED, /* the log was emptied: an event says so */
    GAP_RECORDS, /* record numbers jump: events are missing */
    GAP_SILENCE, /* no events for longer than this log is ever silent */
    GAP_CLOCK,   /* the clock was set: record numbers and times disagree */
    GAP_KINDS
};

struct coverage_gap {
    enum gap_kind kind;
    struct str host, source;
    int64_t from_ns, to_ns;
    uint64_t records; /* GAP_RECORDS: how many are missing */
    struct str text;  /* a sentence without full stop */
};

/* Something that is not recorded, and what it would help. */
struct coverage_need {
    struct str text; /* what to switch on */
    uint32_t rules, techniques, hosts;
};

struct run_coverage {
    bool judged;                /* rules and evidence were there to be judged by */
    struct covered_rule *rules; /* by verdict (hit first), level, title */
    uint32_t rule_count;
    uint32_t rules_by_verdict[COVERAGE_VERDICTS];
    uint32_t rules_elsewhere; /* of products that no evidence is of: not judged, not listed */
    struct covered_technique *techniques; /* by id */
    uint32_t technique_count;
    uint32_t techniques_by_verdict[COVERAGE_VERDICTS];
    struct covered_source *sources; /* by name */
    uint32_t source_count;
    struct coverage_gap *gaps;   /* by time */
    uint32_t gap_count;          /* listed */
    uint64_t gaps_all;           /* all of them */
    struct coverage_need *needs; /* by how many rules they would help */
    uint32_t need_count;
    struct str about; /* what it was narrowed to: a name; empty: nothing */
};

struct str coverage_verdict_name(enum coverage_verdict verdict); /* "hit" */
struct str gap_kind_id(enum gap_kind kind);                      /* "gap-cleared" */

/* Everything that is listed, as findings: techniques, rules, gaps. They are valid during the
 * call. */
void coverage_visit(const struct run_coverage *coverage,
                    void (*visit)(void *context, const struct finding *finding), void *context);

#endif
