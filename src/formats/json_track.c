/* json_track.c - reading a record along what is known from those before it.
 *
 * A program that writes JSON writes the same signs, names and blanks between the same values again
 * and again. What stood there is kept with what it means, so that one comparison of bytes checks
 * structure and resolves names at once; only the values themselves are looked at. Whatever was not
 * met before, is damaged or does not end in here is left to the reader that knows the grammar
 * (json_record.c), which notes what it meets. */
#include "codec/json_scan.h"
#include "codec/utf.h"
#include "formats/json_priv.h"

#define BETWEEN_BYTES_MAX 1024u
#define WAYS_MAX 64u /* behind one place */

/* ---- what is known ---- */

struct json_place *json_track_place(struct json_names *names, struct json_name *name,
                                    const struct json_reader *reader)
{
    struct json_place *place = name->places;

    if (name == names->nameless || reader->depth >= 64)
        return NULL;
    uint64_t kinds = reader->kinds[0] & (((uint64_t)1 << reader->depth) - 1);
    while (place && (place->depth != reader->depth || place->kinds != kinds))
        place = place->next;
    if (place)
        return place;
    place = ARENA_NEW(names->arena, struct json_place);
    *place = (struct json_place){.kinds = kinds, .depth = reader->depth, .next = name->places};
    names->ways_bytes += sizeof(*place);
    return name->places = place;
}

static void put_first(struct json_place *place, struct json_way *before, struct json_way *way)
{
    before->next = way->next;
    way->next = place->ways;
    place->ways = way;
}

void json_track_note(struct json_names *names, struct json_place *from, struct str between,
                     const struct json_name *name, bool quoted, struct json_place *to)
{
    struct json_way *way, *before = NULL;
    unsigned count = 0;

    if (!from || (name && !to) || between.len == 0 || between.len > BETWEEN_BYTES_MAX)
        return;
    for (way = from->ways; way; before = way, way = way->next) {
        if (!str_eq(way->between, between) || way->quoted != quoted ||
            (way->name == NULL) != (name == NULL))
            continue;
        if (before)
            put_first(from, before, way);
        return;
    }
    way = ARENA_NEW(names->arena, struct json_way);
    names->ways_bytes += sizeof(*way) + between.len;
    *way = (struct json_way){.next = from->ways,
                             .to = to,
                             .name = name,
                             .quoted = quoted,
                             .between = arena_str(names->arena, between)};
    from->ways = way;
    /* where too many go, the one that was not taken for the longest time is forgotten */
    for (; way; way = way->next)
        if (++count == WAYS_MAX)
            way->next = NULL;
}

/* ---- following ---- */

static inline bool starts_bare(char c)
{
    return ascii_is_digit(c) || c == '-' || c == 't' || c == 'f' || c == 'n';
}

/* What was met may go on with a quote, a bracket or blanks that belong to it in another way. */
static inline bool leads(const struct json_way *way, const char *at, const char *end)
{
    size_t len = way->between.len;

    return (size_t)(end - at) > len - !way->name && json_scan_same(way->between.at, at, len) &&
           (way->quoted || !way->name || starts_bare(at[len]));
}

static inline const struct json_way *find_way(struct json_place *place, const char *at,
                                              const char *end)
{
    struct json_way *way = place->ways, *before;

    if (LIKELY(way && leads(way, at, end)))
        return way;
    if (!way)
        return NULL;
    for (before = way, way = way->next; way; before = way, way = way->next)
        if (leads(way, at, end)) {
            put_first(place, before, way);
            return way;
        }
    return NULL;
}

static const char *pass_digits(const char *at, const char *end)
{
    while (at < end && ascii_is_digit(*at))
        at++;
    return at;
}

/* Behind the number at `at`; NULL if it is none. */
static inline const char *pass_number(const char *at, const char *end)
{
    const char *digits = at + (*at == '-');

    at = pass_digits(digits, end);
    if (at == digits || (*digits == '0' && at > digits + 1))
        return NULL;
    if (LIKELY(at == end || (*at != '.' && (*at | 0x20) != 'e')))
        return at;
    if (*at == '.') {
        digits = ++at;
        at = pass_digits(digits, end);
        if (at == digits)
            return NULL;
    }
    if (at < end && (*at | 0x20) == 'e') {
        at++;
        digits = at < end && (*at == '+' || *at == '-') ? at + 1 : at;
        at = pass_digits(digits, end);
        if (at == digits)
            return NULL;
    }
    return at;
}

static const char *pass_literal(const char *at, const char *end, struct str literal)
{
    struct str text = {at, (size_t)(end - at)};

    return str_starts_with(text, literal) ? at + literal.len : NULL;
}

/* A number or a literal. Gives the place behind it, or NULL. */
static inline const char *pass_bare(const char *at, const char *end, enum json_kind *kind)
{
    switch (*at) {
    case 't':
        *kind = JSON_TRUE;
        return pass_literal(at, end, STR("true"));
    case 'f':
        *kind = JSON_FALSE;
        return pass_literal(at, end, STR("false"));
    case 'n':
        *kind = JSON_NULL;
        return pass_literal(at, end, STR("null"));
    default:
        *kind = JSON_NUMBER;
        return pass_number(at, end);
    }
}

/* The value at `at`; gives the place behind it, or NULL. */
static inline const char *take_leaf(const struct json_way *way, const char *at, const char *end,
                                    struct json_leaf *leaf)
{
    const char *behind;
    bool high;

    leaf->escaped = false;
    if (!way->quoted) {
        behind = pass_bare(at, end, &leaf->kind);
        leaf->text = (struct str){at, behind ? (size_t)(behind - at) : 0};
        return behind;
    }
    behind = json_scan_string(at, end, &leaf->escaped, &high);
    if (UNLIKELY(!behind))
        return NULL;
    leaf->kind = JSON_STRING;
    leaf->text = (struct str){at, (size_t)(behind - at)};
    return UNLIKELY(high) && !utf8_is_valid(leaf->text) ? NULL : behind + 1;
}

size_t json_track_follow(struct json_names *names, struct str text, struct json_leaves *leaves)
{
    const char *at = text.at, *end = text.at + text.len;
    struct json_place *place = names->start;

    leaves->count = leaves->hints = 0;
    for (;;) {
        const struct json_way *way = find_way(place, at, end);
        if (UNLIKELY(!way))
            return 0;
        at += way->between.len;
        if (!way->name)
            return (size_t)(at - text.at);
        at = take_leaf(way, at, end, json_leaves_add(leaves, way->name));
        if (UNLIKELY(!at))
            return 0;
        place = way->to;
    }
}
