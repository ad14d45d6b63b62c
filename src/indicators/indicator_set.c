/* indicator_set.c - entries of 16 bytes, their texts in one piece, a table of hashes over them. */
#include "indicators/indicator_set.h"

#include "codec/sha256.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/hash.h"
#include "indicators/indicator_text.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)8 << 30)
#define TEXTS_BYTES_MAX ((size_t)UINT32_MAX)
#define ATTACK_MAX 64u /* distinct techniques of one indicator that are shown */
#define ABOUT_BYTES_MAX 200u
#define AHEAD 32u

struct entry {
    uint32_t text; /* offset in `texts` */
    uint16_t len;
    uint8_t kind;
    uint32_t origin;
    uint32_t more; /* further origins: index + 1 into `extras` */
};

struct extra {
    uint32_t origin, next;
};

struct slot {
    uint32_t check;
    uint32_t index; /* of the entry, + 1; 0: empty */
};

struct indicator_set {
    struct arena *arena;
    struct buf texts;
    struct entry *entries; /* owned */
    uint32_t count, capacity;
    struct extra *extras; /* owned */
    uint32_t extra_count, extra_capacity;
    struct indicator_origin *origins; /* owned */
    uint32_t origin_count, origin_capacity;
    struct slot *slots; /* owned; set by compile */
    uint32_t slot_mask;
    uint64_t duplicates;
    struct token_sieve *sieve;
    uint64_t net_bits[3]; /* lengths of nets that there are, 0 to 128 */
};

struct indicator_set *indicator_set_new(void)
{
    struct indicator_set *set = calloc(1, sizeof(*set));

    ENSURE(set);
    set->arena = arena_new("indicators", ARENA_BYTES_MAX);
    buf_init(&set->texts, TEXTS_BYTES_MAX);
    return set;
}

void indicator_set_free(struct indicator_set *set)
{
    if (!set)
        return;
    buf_free(&set->texts);
    free(set->entries);
    free(set->extras);
    free(set->origins);
    free(set->slots);
    token_sieve_free(set->sieve);
    arena_free(set->arena);
    free(set);
}

struct arena *indicator_set_arena(struct indicator_set *set)
{
    return set->arena;
}

/* Room for one more element; the list may move. */
static void *grown(void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : 1024;
    list = realloc(list, *capacity * size);
    ENSURE(list);
    return list;
}

uint32_t indicator_set_origin(struct indicator_set *set, const struct indicator_origin *origin)
{
    set->origins =
        grown(set->origins, set->origin_count, &set->origin_capacity, sizeof(*set->origins));
    set->origins[set->origin_count] = *origin;
    return set->origin_count++;
}

bool indicator_set_add(struct indicator_set *set, enum indicator_kind kind, struct str key,
                       uint32_t origin)
{
    ENSURE(!set->slots && key.len <= INDICATOR_BYTES_MAX && origin < set->origin_count);
    if (set->count == INDICATORS_MAX)
        return false;
    size_t text = set->texts.len;
    buf_add(&set->texts, key);
    if (set->texts.full)
        return false;
    set->entries = grown(set->entries, set->count, &set->capacity, sizeof(*set->entries));
    set->entries[set->count++] = (struct entry){
        .text = (uint32_t)text, .len = (uint16_t)key.len, .kind = (uint8_t)kind, .origin = origin};
    return true;
}

static struct str key_of(const struct indicator_set *set, const struct entry *entry)
{
    return (struct str){set->texts.at + entry->text, entry->len};
}

/* ---- the table ---- */

static uint64_t hash_of(enum indicator_kind kind, struct str key)
{
    return hash_str(key) ^ (uint64_t)kind * 0x9e3779b97f4a7c15u;
}

/* The slot that holds it, or the empty one where it would stand. */
static struct slot *find_slot(const struct indicator_set *set, enum indicator_kind kind,
                              struct str key, uint64_t hash)
{
    for (uint32_t at = (uint32_t)hash;; at++) {
        struct slot *slot = &set->slots[at & set->slot_mask];
        if (slot->index == 0)
            return slot;
        const struct entry *entry = &set->entries[slot->index - 1];
        if (slot->check == (uint32_t)(hash >> 32) && entry->kind == kind &&
            str_eq(key_of(set, entry), key))
            return slot;
    }
}

static void add_extra(struct indicator_set *set, struct entry *entry, uint32_t origin)
{
    if (entry->origin == origin)
        return;
    for (uint32_t at = entry->more; at; at = set->extras[at - 1].next)
        if (set->extras[at - 1].origin == origin)
            return;
    set->extras = grown(set->extras, set->extra_count, &set->extra_capacity, sizeof(*set->extras));
    set->extras[set->extra_count++] = (struct extra){origin, entry->more};
    entry->more = set->extra_count;
}

static struct address address_of(struct str key)
{
    struct address address;

    ENSURE(key.len >= sizeof(address.bytes));
    for (size_t i = 0; i < sizeof(address.bytes); i++)
        address.bytes[i] = (uint8_t)key.at[i];
    return address;
}

static uint32_t bits_of(struct str net_key)
{
    return (uint8_t)net_key.at[net_key.len - 1];
}

static void add_to_sieve(struct indicator_set *set, enum indicator_kind kind, struct str key)
{
    struct address address;
    bool good = true;

    switch (kind) {
    case INDICATOR_ADDRESS:
        address = address_of(key);
        token_sieve_add_address(set->sieve, &address);
        break;
    case INDICATOR_NET:
        token_sieve_add_net(set->sieve, &(struct cidr){address_of(key), bits_of(key)});
        set->net_bits[bits_of(key) / 64] |= (uint64_t)1 << (bits_of(key) % 64);
        break;
    case INDICATOR_HASH:
        token_sieve_add_hash(set->sieve, key);
        break;
    case INDICATOR_URL:
        if (indicator_url_address(key, &address))
            token_sieve_add_address(set->sieve, &address);
        else
            good = token_sieve_add_name(set->sieve, indicator_url_host(key));
        break;
    default:
        good = token_sieve_add_name(set->sieve, key);
    }
    ENSURE(good); /* such a text is refused by indicator_text.h */
}

static struct token_sieve *new_sieve(const struct indicator_set *set, uint64_t secret)
{
    struct token_counts counts = {0};

    for (uint32_t i = 0; i < set->count; i++) {
        enum indicator_kind kind = (enum indicator_kind)set->entries[i].kind;
        counts.hashes += kind == INDICATOR_HASH;
        counts.names +=
            kind != INDICATOR_HASH && kind != INDICATOR_ADDRESS && kind != INDICATOR_NET;
        counts.addresses += kind == INDICATOR_ADDRESS || kind == INDICATOR_URL;
    }
    return token_sieve_new(&counts, secret);
}

/* Hashes of the next entries, with their slots on the way from memory. */
static void look_ahead(const struct indicator_set *set, uint32_t first, uint64_t hashes[AHEAD])
{
    for (uint32_t i = 0; i < AHEAD && first + i < set->count; i++) {
        const struct entry *entry = &set->entries[first + i];
        hashes[i] = hash_of((enum indicator_kind)entry->kind, key_of(set, entry));
        __builtin_prefetch(&set->slots[(uint32_t)hashes[i] & set->slot_mask], 1);
    }
}

void indicator_set_compile(struct indicator_set *set, uint64_t secret)
{
    uint32_t slots = 16, kept = 0;
    uint64_t hashes[AHEAD] = {0};

    ENSURE(!set->slots);
    while (slots < 2 * set->count)
        slots *= 2;
    set->slots = calloc(slots, sizeof(*set->slots));
    ENSURE(set->slots);
    set->slot_mask = slots - 1;
    set->sieve = new_sieve(set, secret);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct entry *entry = &set->entries[i];
        struct str key = key_of(set, entry);
        if (i % AHEAD == 0)
            look_ahead(set, i, hashes);
        uint64_t hash = hashes[i % AHEAD];
        struct slot *slot = find_slot(set, (enum indicator_kind)entry->kind, key, hash);
        if (slot->index) {
            add_extra(set, &set->entries[slot->index - 1], entry->origin);
            set->duplicates++;
            continue;
        }
        *slot = (struct slot){(uint32_t)(hash >> 32), kept + 1};
        add_to_sieve(set, (enum indicator_kind)entry->kind, key);
        set->entries[kept++] = *entry;
    }
    set->count = kept;
}

uint32_t indicator_set_count(const struct indicator_set *set)
{
    return set->count;
}

uint64_t indicator_set_duplicates(const struct indicator_set *set)
{
    return set->duplicates;
}

const struct token_sieve *indicator_set_sieve(const struct indicator_set *set)
{
    return set->sieve;
}

uint32_t indicator_set_find(const struct indicator_set *set, enum indicator_kind kind,
                            struct str key)
{
    return find_slot(set, kind, key, hash_of(kind, key))->index - 1;
}

void indicator_set_find_address(const struct indicator_set *set, const struct address *address,
                                void (*hit)(void *context, uint32_t index), void *context)
{
    struct str key = {(const char *)address->bytes, sizeof(address->bytes)};
    uint32_t index = indicator_set_find(set, INDICATOR_ADDRESS, key);
    char net[INDICATOR_NET_BYTES];

    if (index != INDICATOR_NONE)
        hit(context, index);
    for (uint32_t bits = 0; bits <= 128; bits++) {
        if (!(set->net_bits[bits / 64] >> (bits % 64) & 1) ||
            !indicator_net_key(address, bits, net))
            continue;
        index = indicator_set_find(set, INDICATOR_NET, (struct str){net, sizeof(net)});
        if (index != INDICATOR_NONE)
            hit(context, index);
    }
}

/* ---- what is said of it ---- */

/* The first origin, then the others; *at is 0 at the beginning and at the end. */
static const struct indicator_origin *next_origin(const struct indicator_set *set, uint32_t index,
                                                  uint32_t *at, bool *begun)
{
    const struct entry *entry = &set->entries[index];

    if (!*begun) {
        *begun = true;
        *at = entry->more;
        return &set->origins[entry->origin];
    }
    if (*at == 0)
        return NULL;
    const struct extra *extra = &set->extras[*at - 1];
    *at = extra->next;
    return &set->origins[extra->origin];
}

enum level indicator_set_level(const struct indicator_set *set, uint32_t index, bool has_time,
                               int64_t time_ns, bool *expired)
{
    enum level level = LEVEL_INFORMATIONAL, late = LEVEL_INFORMATIONAL;
    const struct indicator_origin *origin;
    bool begun = false;
    uint32_t at = 0;

    *expired = true;
    while ((origin = next_origin(set, index, &at, &begun))) {
        bool holds = !origin->has_until || !has_time || time_ns < origin->until_ns;
        enum level *gravest = holds ? &level : &late;
        *expired &= !holds;
        *gravest = origin->level > *gravest ? origin->level : *gravest;
    }
    if (*expired)
        return late < LEVEL_LOW ? late : LEVEL_LOW;
    return level;
}

struct str indicator_kind_name(enum indicator_kind kind)
{
    static const struct str names[INDICATOR_KINDS] = {
        [INDICATOR_ADDRESS] = STR_INIT("address"), [INDICATOR_NET] = STR_INIT("net"),
        [INDICATOR_DOMAIN] = STR_INIT("domain"),   [INDICATOR_URL] = STR_INIT("URL"),
        [INDICATOR_HASH] = STR_INIT("hash"),       [INDICATOR_FILE] = STR_INIT("file name"),
        [INDICATOR_PATH] = STR_INIT("file path"),  [INDICATOR_EMAIL] = STR_INIT("e-mail address")};

    return names[kind];
}

static struct str digest_id(enum indicator_kind kind, struct str text, struct arena *arena)
{
    char digest[SHA256_TEXT_SIZE];
    struct str kind_name = indicator_kind_name(kind);
    struct str all = arena_printf(arena, "%.*s %.*s", STR_ARG(kind_name), STR_ARG(text));

    sha256_text(all, digest);
    return arena_printf(arena, "x-%.16s", digest);
}

static void add_attack(struct indicator *indicator, const struct indicator_origin *origin)
{
    for (uint32_t i = 0; i < origin->attack_count; i++) {
        bool known = indicator->attack_count == ATTACK_MAX;
        for (uint32_t j = 0; j < indicator->attack_count && !known; j++)
            known = str_eq(indicator->attack[j], origin->attack[i]);
        if (!known)
            indicator->attack[indicator->attack_count++] = origin->attack[i];
    }
}

/* "Address 203.0.113.7 is an indicator of ..." */
static struct str title_of(const struct indicator *indicator, struct str about, struct str file,
                           uint32_t others, struct arena *arena)
{
    struct str kind = indicator_kind_name(indicator->kind);
    struct str what = about.len ? utf8_cut(about, ABOUT_BYTES_MAX) : file;
    const char *verb = about.len ? "is an indicator of" : "is listed in";

    const char *cut = about.len > what.len && about.len ? "..." : "";
    struct str title = arena_printf(arena, "%c%.*s %.*s %s %.*s%s", kind.at[0] & ~0x20,
                                    STR_ARG(str_slice(kind, 1, kind.len)), STR_ARG(indicator->text),
                                    verb, STR_ARG(what), cut);
    if (others == 0)
        return title;
    return arena_printf(arena, "%.*s, and of %u more", STR_ARG(title), others);
}

void indicator_set_describe(const struct indicator_set *set, uint32_t index, struct arena *arena,
                            struct indicator *indicator)
{
    ENSURE(index < set->count);
    const struct entry *entry = &set->entries[index];
    const struct indicator_origin *origin;
    struct str about = STR_EMPTY, file = STR_EMPTY;
    uint32_t at = 0, count = 0;
    bool begun = false;

    *indicator = (struct indicator){.kind = (enum indicator_kind)entry->kind, .id = STR_EMPTY};
    indicator->text = indicator_shown(indicator->kind, key_of(set, entry), arena);
    indicator->attack = ARENA_ARRAY(arena, struct str, ATTACK_MAX);
    while ((origin = next_origin(set, index, &at, &begun))) {
        if (indicator->id.len == 0)
            indicator->id = origin->id;
        if (about.len == 0)
            about = origin->about;
        if (file.len == 0)
            file = origin->file;
        add_attack(indicator, origin);
        count++;
    }
    if (indicator->id.len == 0)
        indicator->id = digest_id(indicator->kind, indicator->text, arena);
    indicator->title = title_of(indicator, about, file, count - 1, arena);
}
