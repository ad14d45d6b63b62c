/* correlator_chains.c - temporal_ordered: for each term, and each of its places, the chain of
 * matches in order up to there that began latest.
 *
 * A chain is known by its last link; links lead back to the first and are shared. Matches of one
 * moment have no order, so that any number of them may lengthen a chain at once, each in one
 * place. */
#include "analytics/correlator_priv.h"

static uint32_t link_new(struct correlator *c, struct counted *s, uint32_t from, uint32_t parent)
{
    uint32_t number = slots_take(&s->entries);
    struct entry *link = entry_at(s, number);
    struct entry *origin = entry_at(s, from);
    uint32_t *fields = entry_fields(s, link);
    const uint32_t *origin_fields = entry_fields(s, origin);

    c->used += s->entries.size;
    link->time_ns = origin->time_ns;
    link->number = origin->number;
    link->offset = origin->offset;
    link->file = origin->file;
    link->host = origin->host;
    link->member = origin->member;
    texts_hold(&c->texts, link->host);
    for (uint32_t i = 0; i < s->asked; i++) {
        fields[i] = origin_fields[i];
        texts_hold(&c->texts, fields[i]);
    }
    link->parent = parent;
    link->holders = 1;
    link->start_ns = link->time_ns;
    if (parent) {
        entry_at(s, parent)->holders++;
        link->start_ns = entry_at(s, parent)->start_ns;
    }
    return number;
}

static void link_drop(struct correlator *c, struct counted *s, uint32_t number)
{
    while (number) {
        struct entry *link = entry_at(s, number);
        uint32_t parent = link->parent;
        if (--link->holders > 0)
            return;
        entry_free(c, s, number);
        number = parent;
    }
}

/* The entry of this moment that is the `nth` of its class; 0: there are not so many. */
static uint32_t nth_of_class(const struct counted *s, const struct group *group, uint32_t class,
                             uint32_t nth)
{
    for (uint32_t number = group->first; number; number = entry_at(s, number)->next)
        if (entry_at(s, number)->member == class && nth-- == 0)
            return number;
    return 0;
}

/* Which entry of this moment would stand at place `at`, if those up to `last` are filled with
 * different ones. */
static uint32_t entry_for(const struct counted *s, const struct group *group,
                          const uint32_t *positions, uint32_t at, uint32_t last)
{
    uint32_t used = 0;

    for (uint32_t i = at + 1; i <= last; i++)
        used += positions[i] == positions[at];
    return nth_of_class(s, group, positions[at], used);
}

/* The best chain that ends with a match of this moment at place `last`. */
static void lengthen(struct correlator *c, struct counted *s, struct group *group,
                     const uint32_t *positions, uint32_t *chains, uint32_t last)
{
    uint32_t first = last + 1, link;

    while (first > 0 && entry_for(s, group, positions, first - 1, last))
        first--;
    if (first > last || (first > 0 && !chains[first - 1]))
        return;
    int64_t start = first > 0 ? entry_at(s, chains[first - 1])->start_ns : c->now_ns;
    if (chains[last] && entry_at(s, chains[last])->start_ns >= start)
        return;
    link = first > 0 ? chains[first - 1] : 0;
    for (uint32_t at = first; at <= last; at++) {
        uint32_t next = link_new(c, s, entry_for(s, group, positions, at, last), link);
        if (at > first)
            entry_at(s, link)->holders--; /* of the next one alone */
        link = next;
    }
    link_drop(c, s, chains[last]);
    chains[last] = link;
}

void chains_take(struct correlator *c, struct counted *s, struct group *group)
{
    uint32_t *chains = group_chains(s, group);
    const uint32_t *positions = s->positions;

    for (uint32_t term = 0; term < s->correlation->term_count; term++) {
        uint32_t length = s->lengths[term];
        for (uint32_t last = length; last-- > 0;) /* places before it are still those of before */
            lengthen(c, s, group, positions, chains, last);
        positions += length;
        chains += length;
    }
    entries_clear(c, s, group);
}

void chains_expire(struct correlator *c, struct counted *s, struct group *group, int64_t before_ns)
{
    uint32_t *chains = group_chains(s, group);

    for (uint32_t i = 0; i < s->chains; i++) {
        if (!chains[i] || entry_at(s, chains[i])->start_ns >= before_ns)
            continue;
        link_drop(c, s, chains[i]);
        chains[i] = 0;
    }
}

uint32_t chains_whole(const struct counted *s, struct group *group, uint32_t term)
{
    const uint32_t *chains = group_chains(s, group);

    for (uint32_t i = 0; i < term; i++)
        chains += s->lengths[i];
    return s->lengths[term] > 0 ? chains[s->lengths[term] - 1] : 0;
}

void chains_clear(struct correlator *c, struct counted *s, struct group *group)
{
    uint32_t *chains = group_chains(s, group);

    for (uint32_t i = 0; i < s->chains; i++) {
        link_drop(c, s, chains[i]);
        chains[i] = 0;
    }
}
