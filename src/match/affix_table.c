/* affix_table.c - entries in sorted order (of reversed texts for suffixes), each knowing the
 * longest other entry that it begins with.
 *
 * All entries that a text begins with are prefixes of its predecessor in that order: one binary
 * search finds the predecessor, and the chain behind it gives the rest. The search runs over the
 * first eight bytes as numbers and compares whole texts only among equals. */
#include "match/affix_table.h"

#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 8u

struct entry {
    struct str text;
    uint64_t key;
    uint32_t id;
    uint32_t parent; /* index + 1 of the longest entry that is a proper prefix (suffix), or 0 */
};

struct affix_table {
    enum affix_kind kind;
    uint32_t count;
    uint64_t *keys; /* of the entries: dense, so that the search touches few cache lines */
    struct entry *entries;
};

static uint64_t load_bytes(const char *at, size_t len)
{
    uint64_t word = 0;

    memcpy(&word, at, len);
    return word;
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the keys below are computed for little-endian machines"
#endif

/* The first eight bytes as a number that orders like them, padded with zeros. */
static uint64_t prefix_key(struct str text)
{
    size_t len = text.len < KEY_BYTES ? text.len : KEY_BYTES;

    return len ? __builtin_bswap64(load_bytes(text.at, len)) : 0;
}

/* The same of the last eight bytes, read backwards. */
static uint64_t suffix_key(struct str text)
{
    if (text.len >= KEY_BYTES)
        return load_bytes(text.at + text.len - KEY_BYTES, KEY_BYTES);
    return text.len ? load_bytes(text.at, text.len) << (8 * (KEY_BYTES - text.len)) : 0;
}

/* Bytes that both begin with. */
static size_t common_prefix(struct str a, struct str b)
{
    size_t max = a.len < b.len ? a.len : b.len;
    size_t at = 0;

    for (; at + KEY_BYTES <= max; at += KEY_BYTES) {
        uint64_t difference = load_bytes(a.at + at, KEY_BYTES) ^ load_bytes(b.at + at, KEY_BYTES);
        if (difference)
            return at + (size_t)__builtin_ctzll(difference) / 8;
    }
    while (at < max && a.at[at] == b.at[at])
        at++;
    return at;
}

/* Bytes that both end with. */
static size_t common_suffix(struct str a, struct str b)
{
    size_t max = a.len < b.len ? a.len : b.len;
    const char *a_end = a.at + a.len, *b_end = b.at + b.len;
    size_t taken = 0;

    for (; taken + KEY_BYTES <= max; taken += KEY_BYTES) {
        uint64_t difference = load_bytes(a_end - taken - KEY_BYTES, KEY_BYTES) ^
                              load_bytes(b_end - taken - KEY_BYTES, KEY_BYTES);
        if (difference)
            return taken + (size_t)__builtin_clzll(difference) / 8;
    }
    while (taken < max && a_end[-1 - (ptrdiff_t)taken] == b_end[-1 - (ptrdiff_t)taken])
        taken++;
    return taken;
}

static int compare_backwards(struct str a, struct str b)
{
    size_t common = common_suffix(a, b);

    if (common == a.len || common == b.len)
        return (a.len > b.len) - (a.len < b.len);
    return (int)(uint8_t)a.at[a.len - common - 1] - (int)(uint8_t)b.at[b.len - common - 1];
}

static int order_forwards(const void *a, const void *b)
{
    return str_compare(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

static int order_backwards(const void *a, const void *b)
{
    return compare_backwards(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

static bool is_affix(enum affix_kind kind, struct str affix, struct str text)
{
    return kind == AFFIX_SUFFIX ? str_ends_with(text, affix) : str_starts_with(text, affix);
}

struct affix_table *affix_table_new(enum affix_kind kind, const struct affix_entry *entries,
                                    uint32_t count, struct arena *arena)
{
    struct affix_table *table = ARENA_NEW(arena, struct affix_table);

    table->kind = kind;
    table->count = count;
    table->keys = ARENA_ARRAY(arena, uint64_t, count);
    table->entries = ARENA_ARRAY(arena, struct entry, count);
    for (uint32_t i = 0; i < count; i++) {
        struct str text = arena_str(arena, entries[i].text);
        uint64_t key = kind == AFFIX_SUFFIX ? suffix_key(text) : prefix_key(text);
        table->entries[i] = (struct entry){.text = text, .key = key, .id = entries[i].id};
    }
    if (count)
        qsort(table->entries, count, sizeof(*table->entries),
              kind == AFFIX_SUFFIX ? order_backwards : order_forwards);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = i;
        while (parent && !is_affix(kind, table->entries[parent - 1].text, table->entries[i].text))
            parent = table->entries[parent - 1].parent;
        ENSURE(!parent || table->entries[parent - 1].text.len < table->entries[i].text.len);
        table->entries[i].parent = parent;
        table->keys[i] = table->entries[i].key;
    }
    return table;
}

/* How many keys are at most `key`. */
static uint32_t keys_up_to(const struct affix_table *table, uint64_t key)
{
    uint32_t base = 0, left = table->count;

    while (left > 1) {
        uint32_t half = left / 2;
        base += table->keys[base + half - 1] <= key ? half : 0;
        left -= half;
    }
    return base + (left && table->keys[base] <= key ? 1 : 0);
}

/* How many entries come before `text` or equal it. */
static uint32_t entries_up_to(const struct affix_table *table, struct str text)
{
    bool backwards = table->kind == AFFIX_SUFFIX;
    uint64_t key = backwards ? suffix_key(text) : prefix_key(text);
    uint32_t high = keys_up_to(table, key);

    if (high == 0 || table->keys[high - 1] != key)
        return high;
    uint32_t low = key ? keys_up_to(table, key - 1) : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct str other = table->entries[middle].text;
        if ((backwards ? compare_backwards(other, text) : str_compare(other, text)) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void affix_table_scan(const struct affix_table *table, struct str text,
                      void (*hit)(void *context, uint32_t id), void *context)
{
    uint32_t at = entries_up_to(table, text);

    if (at == 0)
        return;
    const struct entry *entry = &table->entries[at - 1];
    if (table->kind == AFFIX_WHOLE) {
        if (str_eq(entry->text, text))
            hit(context, entry->id);
        return;
    }
    size_t common = table->kind == AFFIX_SUFFIX ? common_suffix(entry->text, text)
                                                : common_prefix(entry->text, text);
    for (; at; at = entry->parent) {
        entry = &table->entries[at - 1];
        if (entry->text.len <= common)
            hit(context, entry->id);
    }
}
