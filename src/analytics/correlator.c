/* correlator.c - see correlator.h: which correlations take a match, and their groups. */
#include "analytics/correlator_priv.h"

#include "core/ensure.h"
#include "core/hash.h"
#include "match/number.h"

#include <math.h>
#include <stdlib.h>

#define BUCKETS_MIN 64u

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    ENSURE(memory);
    return memory;
}

/* ---- making ---- */

static void add_taker(struct takers *takers, uint32_t counted, uint32_t member)
{
    if (takers->count == takers->capacity) {
        takers->capacity = takers->capacity ? takers->capacity * 2 : 2;
        struct taker *at = realloc(takers->at, takers->capacity * sizeof(*at));
        ENSURE(at);
        takers->at = at;
    }
    takers->at[takers->count++] = (struct taker){counted, member};
}

static enum state_kind kind_of(const struct correlation *correlation)
{
    switch (correlation->type) {
    case CORRELATION_VALUE_COUNT:
    case CORRELATION_TEMPORAL:
        return STATE_DISTINCT;
    case CORRELATION_TEMPORAL_ORDERED:
        return STATE_ORDERED;
    default:
        return STATE_ALL;
    }
}

/* Sliding, so many of the latest tell whether the condition holds. At the close, more distinct
 * values than that make no difference any more. */
static uint32_t enough(const struct correlation *correlation)
{
    double most = 0;

    if (correlation->type != CORRELATION_EVENT_COUNT &&
        correlation->type != CORRELATION_VALUE_COUNT)
        return UINT32_MAX;
    for (uint32_t i = 0; i < correlation->threshold_count; i++)
        if (correlation->thresholds[i].number > most)
            most = correlation->thresholds[i].number;
    return most >= UINT32_MAX - 1 ? UINT32_MAX : (uint32_t)most + 1;
}

static void place_parts(struct counted *s)
{
    const struct correlation *correlation = s->correlation;
    size_t plain =
        correlation->type == CORRELATION_EVENT_COUNT ? ENTRY_PLAIN_SIZE : sizeof(struct entry);
    size_t numbers = sizeof(struct group) / sizeof(uint32_t) + correlation->group_count;

    s->entry_fields = plain;
    slots_init(&s->entries, plain + s->asked * sizeof(uint32_t));
    s->group_shared = numbers * sizeof(uint32_t);
    numbers += correlation->at_close ? s->asked + 1 : 0;
    s->group_chains = numbers * sizeof(uint32_t);
    numbers += s->chains;
    size_t align = _Alignof(struct sums);
    s->group_sums = (numbers * sizeof(uint32_t) + align - 1) / align * align;
    slots_init(&s->groups, correlation_is_numeric(correlation) ? s->group_sums + sizeof(struct sums)
                                                               : numbers * sizeof(uint32_t));
}

/* Rules that are listed twice are one class, known by its first member. */
static void find_classes(struct counted *s)
{
    const struct correlation *correlation = s->correlation;

    s->classes = zeroed(correlation->member_count, sizeof(*s->classes));
    for (uint32_t i = 0; i < correlation->member_count; i++)
        while (correlation->members[s->classes[i]].rule != correlation->members[i].rule)
            s->classes[i]++;
}

static void place_chains(struct counted *s)
{
    const struct correlation *correlation = s->correlation;
    uint32_t at = 0;

    if (s->kind != STATE_ORDERED)
        return;
    for (uint32_t i = 0; i < correlation->term_count; i++)
        s->chains += (uint32_t)__builtin_popcountll(correlation->terms[i].present);
    s->positions = zeroed(s->chains, sizeof(*s->positions));
    s->lengths = zeroed(correlation->term_count, sizeof(*s->lengths));
    for (uint32_t i = 0; i < correlation->term_count; i++)
        for (uint32_t member = 0; member < correlation->member_count; member++) {
            if (!(correlation->terms[i].present >> member & 1))
                continue;
            s->positions[at++] = s->classes[member];
            s->lengths[i]++;
        }
}

static void counted_init(struct counted *s, const struct sigma_rule *rule, uint32_t index)
{
    const struct correlation *correlation = rule->correlation;

    *s = (struct counted){.rule = rule,
                          .correlation = correlation,
                          .index = index,
                          .kind = kind_of(correlation),
                          .asked = rule->asked_count,
                          .keep = enough(correlation)};
    for (uint32_t i = 0; i < correlation->threshold_count; i++)
        s->thresholds[i] = fixed_of(correlation->thresholds[i].number);
    find_classes(s);
    place_chains(s);
    place_parts(s);
    s->bucket_mask = BUCKETS_MIN - 1;
    s->buckets = zeroed(BUCKETS_MIN, sizeof(*s->buckets));
    if (s->kind == STATE_DISTINCT) {
        s->value_mask = BUCKETS_MIN - 1;
        s->values = zeroed(BUCKETS_MIN, sizeof(*s->values));
    }
}

static void counted_free(struct counted *s)
{
    slots_free(&s->entries);
    slots_free(&s->groups);
    free(s->buckets);
    free(s->values);
    free(s->positions);
    free(s->lengths);
    free(s->classes);
}

static bool is_of(const struct sigma_rule *rule, uint32_t depth)
{
    return rule->correlation && rule->state == RULE_LOADED && rule->correlation->depth == depth;
}

static void add_takers(struct correlator *c, uint32_t counted)
{
    const struct counted *s = &c->counted[counted];

    for (uint32_t i = 0; i < s->correlation->member_count; i++) {
        uint32_t rule = s->correlation->members[i].rule;
        bool finding = c->set->rules[rule]->correlation && !s->correlation->translated;
        if (s->classes[i] == i)
            add_taker(finding ? &c->of_findings[rule] : &c->of_events[rule], counted, i);
    }
}

struct correlator *correlator_new(const struct rule_set *set, uint32_t depth, size_t memory,
                                  const struct correlator_sink *sink)
{
    struct correlator *c = zeroed(1, sizeof(*c));

    c->set = set;
    c->sink = *sink;
    c->memory = memory;
    c->of_events = zeroed(set->count, sizeof(*c->of_events));
    c->of_findings = zeroed(set->count, sizeof(*c->of_findings));
    for (uint32_t i = 0; i < set->count; i++)
        c->count += is_of(set->rules[i], depth);
    c->counted = zeroed(c->count, sizeof(*c->counted));
    for (uint32_t i = 0, at = 0; i < set->count; i++) {
        if (!is_of(set->rules[i], depth))
            continue;
        counted_init(&c->counted[at], set->rules[i], i);
        add_takers(c, at++);
    }
    texts_init(&c->texts);
    buf_init(&c->tuple, SIZE_MAX / 2);
    return c;
}

void correlator_free(struct correlator *c)
{
    if (!c)
        return;
    for (uint32_t i = 0; i < c->set->count; i++) {
        free(c->of_events[i].at);
        free(c->of_findings[i].at);
    }
    for (uint32_t i = 0; i < c->count; i++)
        counted_free(&c->counted[i]);
    free(c->of_events);
    free(c->of_findings);
    free(c->counted);
    free(c->touched);
    texts_free(&c->texts);
    buf_free(&c->tuple);
    free(c);
}

bool correlator_wants(const struct correlator *c, uint32_t rule, bool is_finding)
{
    return (is_finding ? &c->of_findings[rule] : &c->of_events[rule])->count > 0;
}

const struct correlator_counts *correlator_counts(const struct correlator *c)
{
    return &c->counts;
}

/* ---- groups ---- */

static uint32_t *bucket_of(const struct counted *s, const uint32_t *texts)
{
    size_t size = s->correlation->group_count * sizeof(*texts);

    return &s->buckets[hash_bytes(texts, size) & s->bucket_mask];
}

static void grow_buckets(struct counted *s)
{
    uint32_t *old = s->buckets, old_mask = s->bucket_mask;

    s->bucket_mask = old_mask * 2 + 1;
    s->buckets = zeroed((size_t)s->bucket_mask + 1, sizeof(*s->buckets));
    for (uint32_t i = 0; i <= old_mask; i++) {
        for (uint32_t number = old[i], next; number; number = next) {
            struct group *group = group_at(s, number);
            uint32_t *bucket = bucket_of(s, group_texts(group));
            next = group->next;
            group->next = *bucket;
            *bucket = number;
        }
    }
    free(old);
}

static bool same_texts(const struct counted *s, const uint32_t *a, const uint32_t *b)
{
    for (uint32_t i = 0; i < s->correlation->group_count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Made if new. The texts are taken over, or dropped where the group has them already. */
static uint32_t group_of(struct correlator *c, struct counted *s, const uint32_t *texts)
{
    uint32_t number = *bucket_of(s, texts);

    while (number && !same_texts(s, group_texts(group_at(s, number)), texts))
        number = group_at(s, number)->next;
    if (number) {
        for (uint32_t i = 0; i < s->correlation->group_count; i++)
            texts_drop(&c->texts, texts[i]);
        return number;
    }
    if (s->groups.used > s->bucket_mask)
        grow_buckets(s);
    number = slots_take(&s->groups);
    struct group *group = group_at(s, number);
    uint32_t *bucket = bucket_of(s, texts);
    for (uint32_t i = 0; i < s->correlation->group_count; i++)
        group_texts(group)[i] = texts[i];
    group->next = *bucket;
    *bucket = number;
    c->used += s->groups.size;
    c->counts.groups++;
    return number;
}

static void unlink_group(struct counted *s, struct group *group)
{
    *(group->older ? &group_at(s, group->older)->newer : &s->oldest) = group->newer;
    *(group->newer ? &group_at(s, group->newer)->older : &s->newest) = group->older;
}

static void group_end(struct correlator *c, struct counted *s, uint32_t number, bool let_go)
{
    struct group *group = group_at(s, number);

    group_close(c, s, group, let_go);
    if (group->touched_at)
        c->touched[group->touched_at - 1].group = 0;
    uint32_t *place = bucket_of(s, group_texts(group));
    while (*place != number)
        place = &group_at(s, *place)->next;
    *place = group->next;
    unlink_group(s, group);
    for (uint32_t i = 0; i < s->correlation->group_count; i++)
        texts_drop(&c->texts, group_texts(group)[i]);
    slots_give(&s->groups, number);
    c->used -= s->groups.size;
}

/* Becomes the newest; is judged when the moment is over. */
static void touch(struct correlator *c, uint32_t counted, uint32_t number,
                  const struct correlation_match *match)
{
    struct counted *s = &c->counted[counted];
    struct group *group = group_at(s, number);
    bool is_new = !group->older && !group->newer && s->oldest != number;

    group->touched_ns = match->time_ns;
    group->place = match->place;
    group->new_matches++;
    if (!is_new)
        unlink_group(s, group);
    group->older = s->newest;
    group->newer = 0;
    *(s->newest ? &group_at(s, s->newest)->newer : &s->oldest) = number;
    s->newest = number;
    if (group->touched_at)
        return;
    if (c->touched_count == c->touched_capacity) {
        c->touched_capacity = c->touched_capacity ? c->touched_capacity * 2 : 64;
        struct touched *at = realloc(c->touched, c->touched_capacity * sizeof(*at));
        ENSURE(at);
        c->touched = at;
    }
    c->touched[c->touched_count++] = (struct touched){counted, number};
    group->touched_at = c->touched_count;
}

/* ---- memory ---- */

/* The group that was untouched for longest lets go. False: there is none. */
static bool let_go(struct correlator *c)
{
    struct counted *from = NULL;

    for (uint32_t i = 0; i < c->count; i++) {
        struct counted *s = &c->counted[i];
        if (s->oldest && (!from || group_at(s, s->oldest)->touched_ns <
                                       group_at(from, from->oldest)->touched_ns))
            from = s;
    }
    if (!from)
        return false;
    uint64_t window = group_at(from, from->oldest)->matches, held = from->entries.used;
    group_end(c, from, from->oldest, true);
    held -= from->entries.used; /* in lists and in chains */
    c->counts.groups_let_go++;
    c->counts.matches_let_go += from->correlation->at_close ? window : held;
    return true;
}

static void keep_within(struct correlator *c)
{
    size_t used = c->used + c->texts.bytes;

    if (used > c->counts.memory_max)
        c->counts.memory_max = used;
    while (c->used + c->texts.bytes > c->memory && let_go(c))
        continue;
}

static void end_old_groups(struct correlator *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        struct counted *s = &c->counted[i];
        while (s->oldest && group_at(s, s->oldest)->touched_ns < horizon(c, s))
            group_end(c, s, s->oldest, false);
    }
}

/* ---- matches ---- */

static void end_moment(struct correlator *c)
{
    for (uint32_t i = 0; i < c->touched_count; i++) {
        struct counted *s = &c->counted[c->touched[i].counted];
        if (!c->touched[i].group) /* it was let go */
            continue;
        struct group *group = group_at(s, c->touched[i].group);
        group->touched_at = 0;
        group_judge(c, s, group);
    }
    c->touched_count = 0;
    keep_within(c);
}

/* What lies further back than the timespan counts no more. */
static void begin_anew(struct correlator *c, struct counted *s, struct group *group)
{
    if (!s->correlation->at_close) {
        if (group->touched_ns < horizon(c, s) && group->touched_at == 0)
            group_close(c, s, group, false);
        return;
    }
    if (group->matches > 0 && group->opened_ns < horizon(c, s))
        group_close(c, s, group, false);
    if (group->matches == 0)
        group->opened_ns = c->now_ns;
}

/* The text of what is counted, of one field or of several. */
static uint32_t value_text(struct correlator *c, const struct correlation_member *member,
                           uint32_t count, const struct correlation_match *match)
{
    struct buf *tuple = &c->tuple;

    if (count == 1)
        return texts_take(&c->texts, match->values[member->value[0]]);
    buf_reset(tuple);
    for (uint32_t i = 0; i < count; i++) {
        struct str value = match->values[member->value[i]];
        buf_printf(tuple, "%zu:", value.len);
        buf_add(tuple, value);
    }
    return texts_take(&c->texts, buf_str(tuple));
}

static void take_distinct(struct correlator *c, struct counted *s, uint32_t number,
                          const struct correlation_match *match, uint32_t member)
{
    struct group *group = group_at(s, number);
    bool temporal = correlation_is_temporal(s->correlation), at_close = s->correlation->at_close;
    uint32_t value = temporal ? member + 1
                              : value_text(c, &s->correlation->members[member],
                                           s->correlation->value_count, match);
    uint32_t known = value_find(s, number, value);

    if (at_close && (known || group->count > s->keep)) {
        if (!temporal)
            texts_drop(&c->texts, value);
        return;
    }
    if (known)
        entry_remove(c, s, group, known); /* the latest counts */
    uint32_t added = entry_new(c, s, match, member);
    struct entry *entry = entry_at(s, added);
    entry->value = value;
    entry->group = number;
    value_add(s, added);
    entry_append(s, group, added);
    if (temporal)
        group->present |= UINT64_C(1) << member;
}

/* Of the matches of one moment no more are needed than places are listed for their rule. */
static void take_ordered(struct correlator *c, struct counted *s, struct group *group,
                         const struct correlation_match *match, uint32_t member)
{
    uint32_t places = 0, held = 0;

    for (uint32_t i = 0; i < s->correlation->member_count; i++) {
        bool same = s->classes[i] == member;
        places += same;
        if (same && s->correlation->at_close)
            group->present |= UINT64_C(1) << i;
    }
    for (uint32_t at = group->first; at; at = entry_at(s, at)->next)
        held += entry_at(s, at)->member == member;
    if (held < places)
        entry_append(s, group, entry_new(c, s, match, member));
}

static void take_any(struct correlator *c, struct counted *s, struct group *group,
                     const struct correlation_match *match, uint32_t member, double number)
{
    bool numeric = correlation_is_numeric(s->correlation);

    if (numeric)
        sums_add(s, group, number, 1);
    if (s->correlation->at_close && group->count >= CORRELATED_EVENTS_MAX)
        return;
    uint32_t added = entry_new(c, s, match, member);
    if (numeric)
        entry_at(s, added)->number_value = number;
    entry_append(s, group, added);
}

/* Host and fields that all matches have, of a window or of a moment. */
static void share_match(struct correlator *c, const struct counted *s, uint32_t *shared, bool first,
                        const struct correlation_match *match, uint32_t member)
{
    for (uint32_t i = 0; i <= s->asked; i++) {
        uint32_t place = i ? s->correlation->members[member].shared[i - 1] : 0;
        struct str value = i == 0                         ? match->host
                           : place == CORRELATION_GROUPED ? (struct str){NULL, 0}
                                                          : match->values[place];
        uint32_t text = value.at ? texts_take(&c->texts, value) : 0;
        text_share(c, &shared[i], text, first);
        texts_drop(&c->texts, text);
    }
}

/* False: a value that is counted is missing, or no number. */
static bool has_values(const struct counted *s, const struct correlation_member *member,
                       const struct correlation_match *match, double *number)
{
    for (uint32_t i = 0; i < s->correlation->value_count; i++)
        if (!match->values[member->value[i]].at)
            return false;
    if (!correlation_is_numeric(s->correlation))
        return true;
    return number_parse(match->values[member->value[0]], number) && isfinite(*number);
}

static void take(struct correlator *c, uint32_t counted, uint32_t member,
                 const struct correlation_match *match)
{
    struct counted *s = &c->counted[counted];
    const struct correlation_member *listed = &s->correlation->members[member];
    uint32_t texts[CORRELATION_FIELDS_MAX] = {0};
    double number = 0;

    for (uint32_t i = 0; i < s->correlation->group_count; i++)
        if (!match->values[listed->group[i]].at) {
            c->counts.without_field++;
            return;
        }
    if (!has_values(s, listed, match, &number)) {
        c->counts.without_value++;
        return;
    }
    c->counts.matches++;
    for (uint32_t i = 0; i < s->correlation->group_count; i++)
        texts[i] = texts_take(&c->texts, match->values[listed->group[i]]);
    uint32_t at = group_of(c, s, texts);
    struct group *group = group_at(s, at);
    begin_anew(c, s, group);
    if (s->correlation->at_close) {
        share_match(c, s, group_shared(s, group), group->matches == 0, match, member);
        group->matches++;
    } else if (group->run) {
        share_match(c, s, run_pending(s, group->run), !group->run->has_pending, match, member);
        group->run->has_pending = true;
    }
    if (s->kind == STATE_DISTINCT)
        take_distinct(c, s, at, match, member);
    else if (s->kind == STATE_ORDERED)
        take_ordered(c, s, group, match, member);
    else
        take_any(c, s, group, match, member, number);
    touch(c, counted, at, match);
}

void correlator_take(struct correlator *c, const struct correlation_match *match)
{
    const struct takers *takers =
        match->is_finding ? &c->of_findings[match->rule] : &c->of_events[match->rule];

    if (takers->count == 0)
        return;
    if (!c->begun || match->time_ns != c->now_ns) {
        ENSURE(!c->begun || match->time_ns > c->now_ns);
        end_moment(c);
        c->begun = true;
        c->now_ns = match->time_ns;
        end_old_groups(c);
    }
    for (uint32_t i = 0; i < takers->count; i++)
        take(c, takers->at[i].counted, takers->at[i].member, match);
    if (c->used + c->texts.bytes > c->memory)
        keep_within(c);
}

void correlator_end(struct correlator *c)
{
    end_moment(c);
    for (uint32_t i = 0; i < c->count; i++)
        while (c->counted[i].oldest)
            group_end(c, &c->counted[i], c->counted[i].oldest, false);
}
