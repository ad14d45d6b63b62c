/* findings.c - see findings.h. */
#include "engine/findings.h"

#include "core/ensure.h"
#include "engine/duplicates.h"

struct stream {
    struct spool *spool;
    struct spool_key key; /* of the entry at hand */
    struct str entry;
};

struct streams {
    struct stream *at; /* those that hold something */
    uint32_t count;
};

static enum err begin(struct streams *streams, struct spool *const *spools, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct stream *stream = &streams->at[streams->count];
        stream->spool = spools[i];
        enum err err = spool_sort(spools[i]);
        if (err)
            return err;
        streams->count += spool_next(stream->spool, &stream->key, &stream->entry);
    }
    return ERR_NONE;
}

static struct stream *foremost(struct streams *streams)
{
    struct stream *best = &streams->at[0];

    for (uint32_t i = 1; i < streams->count; i++)
        if (spool_compare(best->spool, &streams->at[i].key, &best->key) < 0)
            best = &streams->at[i];
    return best;
}

static void advance(struct streams *streams, struct stream *stream)
{
    if (spool_next(stream->spool, &stream->key, &stream->entry))
        return;
    streams->count--;
    for (; stream < streams->at + streams->count; stream++)
        *stream = stream[1];
}

enum err findings_visit(const struct ledger *ledger, struct spool *const *spools, uint32_t count,
                        struct arena *arena, const struct findings_visitor *visitor)
{
    struct arena *own = arena_new("findings", (size_t)1 << 20);
    struct streams streams = {.at = ARENA_ARRAY(own, struct stream, count)};
    struct duplicates duplicates;
    struct sightings sightings;

    enum err err = begin(&streams, spools, count);
    duplicates_begin(&duplicates);
    while (!err && streams.count > 0 && !visitor->stop(visitor->context)) {
        struct stream *stream = foremost(&streams);
        arena_reset(arena);
        ENSURE(ledger_decode(ledger, &stream->key, stream->entry, arena, &sightings));
        struct event_facts facts = {.entities.arena = arena};
        for (uint32_t i = 0; i < sightings.count; i++) {
            if (!duplicates_holds(&duplicates, &sightings.at[i]))
                visitor->visit(visitor->context, &stream->key, &sightings.at[i], &facts);
            else if (visitor->duplicate)
                visitor->duplicate(visitor->context, &sightings.at[i]);
        }
        advance(&streams, stream);
    }
    duplicates_end(&duplicates);
    for (uint32_t i = 0; i < count && !err; i++)
        err = spool_err(spools[i]);
    arena_free(own);
    return err;
}
