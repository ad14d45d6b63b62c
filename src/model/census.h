/* census.h - what was seen, summed up by key: how often, from when to when, which record numbers,
 * and which of some bits.
 *
 * Sums commute: those of many parts may be joined in any order and give the same. They hold as many
 * keys as their maximum allows; of more the first ones by key stay, with all that was summed up for
 * them, and the others are only counted. */
#ifndef MODEL_CENSUS_H
#define MODEL_CENSUS_H

#include "core/buf.h"
#include "core/cursor.h"
#include "core/map.h"

#define CENSUS_WORDS_MAX 256u /* of 64 bits; as many bits as a dictionary has fields */
#define CENSUS_KEY_BYTES_MAX 4096u
#define CENSUS_NAME_BYTES_MAX 255u /* of one text in a key, which is cut behind */

struct census_row {
    struct str key; /* lives in the arena of the census */
    uint64_t count;
    uint64_t timed; /* of these: events with a time */
    int64_t first_ns, last_ns;
    uint64_t numbered; /* events with a record number */
    uint64_t low, high;
    uint64_t *bits;
};

struct census {
    struct arena *arena; /* owned */
    struct map keys;
    struct census_row *at;
    const char *name;
    uint32_t count, capacity, max, words;
    uint32_t epoch;   /* another one: places in `at` are not what they were */
    struct str fence; /* keys behind it find no place any more; .at NULL: none had to go yet */
    uint64_t beyond;  /* events whose keys found no place */
};

void census_init(struct census *census, const char *name, uint32_t max, uint32_t words);
void census_free(struct census *census); /* a zeroed one, too */
/* Forgets everything. Sums that were found are gone. */
void census_reset(struct census *census);
/* The row of this key, made if need be; NULL: there is no place for it. Valid until census_find or
 * census_add, and so its bits. */
struct census_row *census_find(struct census *census, struct str key);
/* Adds what was summed up elsewhere; it has `words` words of bits. */
void census_add(struct census *census, const struct census_row *other);
/* Leaves no more keys than the maximum, in the order of the keys. */
void census_trim(struct census *census);

/* One event more. */
static inline void census_row_count(struct census_row *row, bool has_time, int64_t time_ns,
                                    uint64_t number)
{
    row->count++;
    if (has_time) {
        if (row->timed == 0 || time_ns < row->first_ns)
            row->first_ns = time_ns;
        if (row->timed == 0 || time_ns > row->last_ns)
            row->last_ns = time_ns;
        row->timed++;
    }
    if (number > 0) {
        if (row->numbered == 0 || number < row->low)
            row->low = number;
        if (row->numbered == 0 || number > row->high)
            row->high = number;
        row->numbered++;
    }
}

/* ---- keys ---- */

/* Appends a text to a key, so that it can be taken from it again. */
void census_key_add(struct buf *key, struct str text);
void census_key_add_u64(struct buf *key, uint64_t number);
/* Takes them again; a key that has no more of them fails the cursor. */
struct str census_key_take(struct cursor *key);
uint64_t census_key_take_u64(struct cursor *key);

/* ---- between processes ---- */

/* Appends all of them, little endian; trims before. */
void census_encode(struct census *census, struct buf *out);
/* Adds what another process says; false if it is not what census_encode gives for as many words. */
MUST_USE bool census_decode(struct census *census, struct cursor *in);

#endif
