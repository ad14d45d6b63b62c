/* reach.h - can a rule be true of events of a kind? Judged in three values, without any event.
 *
 * Fields that were never filled make tests of them impossible; the event's channel, provider and id
 * decide the tests of those; every other test may turn out either way. */
#ifndef COVERAGE_REACH_H
#define COVERAGE_REACH_H

#include "rules/sigma.h"
#include "rules/taxonomy.h"

/* Each is better than those before it. */
enum reach {
    REACH_OTHER,   /* it is about other events than these */
    REACH_MISSING, /* it would need fields that are never filled */
    REACH_PART,    /* part of it would */
    REACH_WHOLE
};

#define REACH_FIELDS_MAX 6u

/* What all events of a kind have: fields whose tests it decides. */
enum decided_field { DECIDED_CHANNEL, DECIDED_PROVIDER, DECIDED_EVENT_ID, DECIDED_FIELDS };

struct decided {
    struct str texts[DECIDED_FIELDS];  /* empty: the events have none */
    struct str folded[DECIDED_FIELDS]; /* the same without case */
};

/* Texts are borrowed; what is folded lives in the arena. */
struct decided decided_by(struct str channel, struct str provider, struct str event_id,
                          struct arena *arena);

/* Events of a kind, as an entry of the taxonomy sees them. */
struct reach_view {
    const struct decided *decided;
    const struct taxonomy_entry *entry;
    const struct field_dictionary *fields;
    const uint64_t *filled; /* bits by field id; NULL: all of them */
    /* Fields that were missed on the way, by the event's names, distinct. */
    struct str missing[REACH_FIELDS_MAX];
    uint32_t missing_count, missing_all;
};

/* What a detection can be on these events. Sets what was missed. */
enum reach reach_of(struct reach_view *view, const struct expression *detection);

/* Whether an entry is about channels at all. */
bool reach_tests_channel(const struct taxonomy_entry *entry);
/* Whether it may hold for events of a channel and id: its other tests are not looked at. */
bool reach_takes(const struct taxonomy_entry *entry, struct str channel, struct str event_id);

#endif
