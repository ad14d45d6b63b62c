/* correlator_priv.h - the state of correlations. Private to analytics/. */
#ifndef ANALYTICS_CORRELATOR_PRIV_H
#define ANALYTICS_CORRELATOR_PRIV_H

#include "analytics/correlator.h"
#include "analytics/slots.h"
#include "analytics/texts.h"

/* How a correlation looks at its matches. */
enum state_kind {
    STATE_ALL,      /* each counts: event_count and the numeric types */
    STATE_DISTINCT, /* the latest of each value (value_count) or rule (temporal) */
    STATE_ORDERED,  /* chains of rules in order */
};

/* Of a value the int64 would be too narrow: 9 decimal places, exactly added and taken away. */
__extension__ typedef __int128 fixed;

/* A match that counts. Behind it stand the texts of the fields that are asked of the
 * correlation. */
struct entry {
    int64_t time_ns;
    uint64_t number, offset;
    uint32_t file;
    uint32_t host; /* text */
    uint32_t next; /* entry of the group */
    uint32_t member;
    union {
        double number_value; /* numeric types */
        struct {             /* STATE_DISTINCT */
            uint32_t value;  /* text, or member + 1 */
            uint32_t before; /* entry of the group */
            uint32_t chain;  /* of the table of values */
            uint32_t group;
        };
        struct { /* STATE_ORDERED: a link of a chain */
            uint32_t parent, holders;
            int64_t start_ns; /* of the chain's first */
        };
    };
};

#define ENTRY_PLAIN_SIZE offsetof(struct entry, number_value)

/* A finding that goes on. Behind it stand texts: what is asked of the correlation, as far as those
 * share it that completed the run; the host and the same of all that took part; and these two of
 * the matches of this moment, which may be the first behind it. */
struct run {
    int64_t time_ns, first_ns, last_ns;
    struct correlation_place place;
    uint64_t count;
    double measured;
    bool has_pending;
    uint32_t event_count;
    struct correlated_event events[CORRELATED_EVENTS_MAX];
    uint32_t shared[];
};

/* Sums of the numeric types. */
struct sums {
    fixed sum;
    uint64_t less[2], equal[2]; /* values below the threshold, values that are it */
};

/* One combination of group-by values. Behind it stand: the texts of the values; host and shared
 * texts, where it is judged at the close; the last links of all chains; the sums. */
struct group {
    uint32_t next; /* of the bucket */
    uint32_t older, newer;
    uint32_t first, last, count; /* entries */
    uint32_t touched_at;         /* index in the list of those touched now, plus 1 */
    uint32_t new_matches;        /* since it was judged */
    int64_t touched_ns;
    struct correlation_place place; /* of the last match */
    int64_t opened_ns;              /* judged at the close: of the first match */
    uint64_t matches;               /* the same: all of the window */
    uint64_t present;               /* temporal types: members that occur */
    struct run *run;
};

/* A correlation with its state. */
struct counted {
    const struct sigma_rule *rule;
    const struct correlation *correlation;
    uint32_t index; /* in the set */
    enum state_kind kind;
    uint32_t asked; /* how many fields are asked of it */
    uint32_t keep;  /* entries that are enough, sliding; UINT32_MAX: all */
    fixed thresholds[2];
    uint32_t *positions; /* of all terms: member classes in order */
    uint32_t *lengths;   /* by term */
    uint32_t chains;     /* positions of all terms */
    uint32_t *classes;   /* by member: the first member with the same rule */
    size_t entry_fields, group_shared, group_chains, group_sums; /* where they stand */
    struct slots entries, groups;
    uint32_t *buckets, bucket_mask; /* of groups */
    uint32_t *values, value_mask;   /* of entries by group and value */
    uint32_t oldest, newest;        /* groups */
};

struct taker {
    uint32_t counted, member;
};

struct takers {
    struct taker *at;
    uint32_t count, capacity;
};

struct touched {
    uint32_t counted, group;
};

struct correlator {
    const struct rule_set *set;
    struct correlator_sink sink;
    struct correlator_counts counts;
    size_t memory, used; /* but for texts and slots that are free */
    struct counted *counted;
    uint32_t count;
    struct takers *of_events, *of_findings; /* by rule */
    struct texts texts;
    struct buf tuple;
    bool begun;
    int64_t now_ns;
    struct touched *touched;
    uint32_t touched_count, touched_capacity;
};

static inline struct entry *entry_at(const struct counted *s, uint32_t number)
{
    return slots_at(&s->entries, number);
}

static inline struct group *group_at(const struct counted *s, uint32_t number)
{
    return slots_at(&s->groups, number);
}

static inline uint32_t *entry_fields(const struct counted *s, struct entry *entry)
{
    return (uint32_t *)((char *)entry + s->entry_fields);
}

static inline uint32_t *group_texts(struct group *group)
{
    return (uint32_t *)(group + 1);
}

/* The host, then what is asked. */
static inline uint32_t *group_shared(const struct counted *s, struct group *group)
{
    return (uint32_t *)((char *)group + s->group_shared);
}

static inline uint32_t *run_all(const struct counted *s, struct run *run)
{
    return run->shared + s->asked;
}

static inline uint32_t *run_pending(const struct counted *s, struct run *run)
{
    return run_all(s, run) + 1 + s->asked;
}

static inline uint32_t *group_chains(const struct counted *s, struct group *group)
{
    return (uint32_t *)((char *)group + s->group_chains);
}

static inline struct sums *group_sums(const struct counted *s, struct group *group)
{
    return (struct sums *)((char *)group + s->group_sums);
}

/* The earliest time that is within the timespan of now. */
static inline int64_t horizon(const struct correlator *c, const struct counted *s)
{
    int64_t span = s->correlation->timespan_ns;

    return c->now_ns < INT64_MIN + span ? INT64_MIN : c->now_ns - span;
}

/* ---- correlator_entries.c ---- */

fixed fixed_of(double number);
uint32_t entry_new(struct correlator *c, struct counted *s, const struct correlation_match *match,
                   uint32_t member);
void entry_append(struct counted *s, struct group *group, uint32_t number);
/* Takes one out of the group; the first one, but for STATE_DISTINCT. */
void entry_remove(struct correlator *c, struct counted *s, struct group *group, uint32_t number);
/* Gives back one that stands in no list. */
void entry_free(struct correlator *c, struct counted *s, uint32_t number);
void entries_clear(struct correlator *c, struct counted *s, struct group *group);
/* STATE_DISTINCT: the entry of this value; 0: there is none. */
uint32_t value_find(const struct counted *s, uint32_t group, uint32_t value);
void value_add(struct counted *s, uint32_t number);
void sums_add(const struct counted *s, struct group *group, double number, int sign);

/* ---- correlator_chains.c ---- */

/* STATE_ORDERED: the group's entries, which are those of this moment, lengthen chains. */
void chains_take(struct correlator *c, struct counted *s, struct group *group);
/* Drops those that began before. */
void chains_expire(struct correlator *c, struct counted *s, struct group *group, int64_t before_ns);
/* Whether the whole of a term occurred in order; its last link. */
uint32_t chains_whole(const struct counted *s, struct group *group, uint32_t term);
void chains_clear(struct correlator *c, struct counted *s, struct group *group);

/* ---- correlator_judge.c ---- */

/* A text that all have stays in *shared; the first one brings its own. */
void text_share(struct correlator *c, uint32_t *shared, uint32_t text, bool first);
/* After all matches of a moment. */
void group_judge(struct correlator *c, struct counted *s, struct group *group);
/* Its time is over: the finding that is under way, or the window's, comes out. `let_go`: before
 * its time. */
void group_close(struct correlator *c, struct counted *s, struct group *group, bool let_go);

#endif
