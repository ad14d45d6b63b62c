/* correlator_entries.c - the matches that groups hold. */
#include "analytics/correlator_priv.h"

#include "core/ensure.h"
#include "core/hash.h"

#include <stdlib.h>

#define WHOLE_MAX 1e18
#define DECIMALS 1000000000

fixed fixed_of(double number)
{
    if (number > WHOLE_MAX)
        number = WHOLE_MAX;
    if (number < -WHOLE_MAX)
        number = -WHOLE_MAX;
    int64_t whole = (int64_t)number;
    double rest = (number - (double)whole) * DECIMALS;
    return (fixed)whole * DECIMALS + (int64_t)(rest < 0 ? rest - 0.5 : rest + 0.5);
}

uint32_t entry_new(struct correlator *c, struct counted *s, const struct correlation_match *match,
                   uint32_t member)
{
    const struct correlation *correlation = s->correlation;
    uint32_t number = slots_take(&s->entries);
    struct entry *entry = entry_at(s, number);
    uint32_t *fields = entry_fields(s, entry);

    c->used += s->entries.size;
    entry->time_ns = match->time_ns;
    entry->number = match->place.number;
    entry->offset = match->place.offset;
    entry->file = match->place.file;
    entry->host = texts_take(&c->texts, match->host);
    entry->member = member;
    for (uint32_t i = 0; i < s->asked; i++) {
        uint32_t place = correlation->members[member].shared[i];
        if (place != CORRELATION_GROUPED && match->values[place].at)
            fields[i] = texts_take(&c->texts, match->values[place]);
    }
    return number;
}

void entry_append(struct counted *s, struct group *group, uint32_t number)
{
    struct entry *entry = entry_at(s, number);

    entry->next = 0;
    if (s->kind == STATE_DISTINCT)
        entry->before = group->last;
    if (group->last)
        entry_at(s, group->last)->next = number;
    else
        group->first = number;
    group->last = number;
    group->count++;
}

/* ---- values ---- */

static uint32_t *bucket_of(const struct counted *s, uint32_t group, uint32_t value)
{
    return &s->values[hash_u64((uint64_t)group << 32 | value) & s->value_mask];
}

uint32_t value_find(const struct counted *s, uint32_t group, uint32_t value)
{
    uint32_t number = *bucket_of(s, group, value);

    while (number) {
        const struct entry *entry = entry_at(s, number);
        if (entry->group == group && entry->value == value)
            break;
        number = entry->chain;
    }
    return number;
}

static void grow_values(struct counted *s)
{
    uint32_t *old = s->values, old_mask = s->value_mask;

    s->value_mask = old_mask * 2 + 1;
    s->values = calloc((size_t)s->value_mask + 1, sizeof(*s->values));
    ENSURE(s->values);
    for (uint32_t i = 0; i <= old_mask; i++) {
        for (uint32_t number = old[i], next; number; number = next) {
            struct entry *entry = entry_at(s, number);
            uint32_t *bucket = bucket_of(s, entry->group, entry->value);
            next = entry->chain;
            entry->chain = *bucket;
            *bucket = number;
        }
    }
    free(old);
}

void value_add(struct counted *s, uint32_t number)
{
    struct entry *entry = entry_at(s, number);

    if (s->entries.used > s->value_mask)
        grow_values(s);
    uint32_t *bucket = bucket_of(s, entry->group, entry->value);
    entry->chain = *bucket;
    *bucket = number;
}

static void value_remove(struct counted *s, uint32_t number)
{
    const struct entry *entry = entry_at(s, number);
    uint32_t *place = bucket_of(s, entry->group, entry->value);

    while (*place != number)
        place = &entry_at(s, *place)->chain;
    *place = entry->chain;
}

/* ---- numbers ---- */

void sums_add(const struct counted *s, struct group *group, double number, int sign)
{
    struct sums *sums = group_sums(s, group);
    fixed value = fixed_of(number);

    sums->sum += sign * value;
    for (uint32_t i = 0; i < s->correlation->threshold_count; i++) {
        uint64_t *count = value < s->thresholds[i] ? &sums->less[i] : &sums->equal[i];
        if (value <= s->thresholds[i])
            *count += (uint64_t)(int64_t)sign;
    }
}

/* ---- going ---- */

void entry_free(struct correlator *c, struct counted *s, uint32_t number)
{
    struct entry *entry = entry_at(s, number);
    const uint32_t *fields = entry_fields(s, entry);

    for (uint32_t i = 0; i < s->asked; i++)
        texts_drop(&c->texts, fields[i]);
    texts_drop(&c->texts, entry->host);
    if (s->correlation->type == CORRELATION_VALUE_COUNT)
        texts_drop(&c->texts, entry->value);
    slots_give(&s->entries, number);
    c->used -= s->entries.size;
}

void entry_remove(struct correlator *c, struct counted *s, struct group *group, uint32_t number)
{
    const struct entry *entry = entry_at(s, number);

    if (s->kind == STATE_DISTINCT) {
        *(entry->before ? &entry_at(s, entry->before)->next : &group->first) = entry->next;
        *(entry->next ? &entry_at(s, entry->next)->before : &group->last) = entry->before;
        value_remove(s, number);
        if (correlation_is_temporal(s->correlation))
            group->present &= ~(UINT64_C(1) << entry->member);
    } else {
        group->first = entry->next;
        group->last = entry->next ? group->last : 0;
    }
    group->count--;
    /* of a window that is judged at its close the entries are samples */
    if (correlation_is_numeric(s->correlation) && !s->correlation->at_close)
        sums_add(s, group, entry->number_value, -1);
    entry_free(c, s, number);
}

void entries_clear(struct correlator *c, struct counted *s, struct group *group)
{
    while (group->first)
        entry_remove(c, s, group, group->first);
}
