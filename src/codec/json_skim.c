/* json_skim.c - the strings of valid JSON, one after the other. */
#include "codec/json.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

void json_skim_open(struct json_skim *skim, struct str valid)
{
    *skim = (struct json_skim){.at = valid.at, .end = valid.at + valid.len};
}

/* From behind an opening quote to the closing one, or to the end where there is none. */
static inline const char *find_quote(const char *at, const char *end, bool *escaped)
{
    *escaped = false;
    for (;;) {
#ifdef __SSE2__
        const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
        int mask = 0;
        for (; end - at >= 16; at += 16) {
            __m128i bytes;
            memcpy(&bytes, at, 16);
            mask = _mm_movemask_epi8(
                _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
            if (mask)
                break;
        }
        at += mask ? __builtin_ctz((unsigned)mask) : 0;
#endif
        while (at < end && *at != '"' && *at != '\\')
            at++;
        if (at == end || *at == '"')
            return at;
        *escaped = true;
        at += end - at < 2 ? 1 : 2;
    }
}

/* Behind the opening quote: the text, and behind the closing one. */
static inline struct str take_string(struct json_skim *skim, bool *escaped)
{
    const char *start = skim->at, *quote = find_quote(start, skim->end, escaped);

    skim->at = quote < skim->end ? quote + 1 : quote;
    return (struct str){start, (size_t)(quote - start)};
}

/* Whether what stands before is one. */
static inline bool is_name(const struct json_skim *skim)
{
    const char *at = skim->at;

    while (at < skim->end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at < skim->end && *at == ':';
}

bool json_skim_next(struct json_skim *skim, struct json_text *text)
{
    struct str name = STR_EMPTY; /* of the value that comes next */
    bool named = false;

    while (skim->at < skim->end) {
        switch (*skim->at++) {
        case '{':
            skim->depth++;
            named = false;
            break;
        case '[':
            skim->list = named ? name : STR_EMPTY;
            skim->list_depth = ++skim->depth;
            named = false;
            break;
        case '}':
        case ']':
            skim->depth -= skim->depth > 0;
            named = false;
            break;
        case ',':
            named = false;
            break;
        case '"': {
            struct str inside = take_string(skim, &text->escaped);
            if (is_name(skim)) {
                named = true;
                name = text->escaped ? STR_EMPTY : inside;
                break;
            }
            text->name = named ? name : skim->depth == skim->list_depth ? skim->list : STR_EMPTY;
            text->text = inside;
            return true;
        }
        default:
            break;
        }
    }
    return false;
}

/* ---- all values ---- */

#define LEVELS_MAX 16u

struct path {
    struct str names[LEVELS_MAX + 1]; /* of the value at hand, by depth; 0: none */
    bool lists[LEVELS_MAX + 1];
    uint32_t depth;
};

static void add_leaf(const struct path *path, struct str name, struct str text, bool escaped,
                     struct json_value *leaf)
{
    uint32_t depth = path->depth;

    *leaf = (struct json_value){.name = path->lists[depth] ? path->names[depth] : name,
                                .parent = path->names[depth],
                                .grandparent = depth > 0 ? path->names[depth - 1] : STR_EMPTY,
                                .text = text,
                                .escaped = escaped};
    if (path->lists[depth] && depth > 0) { /* its name is that of the level above */
        leaf->parent = path->names[depth - 1];
        leaf->grandparent = depth > 1 ? path->names[depth - 2] : STR_EMPTY;
    }
}

/* Past numbers and literals. */
static struct str take_scalar(struct json_skim *skim)
{
    const char *start = skim->at - 1;

    while (skim->at < skim->end && *skim->at != ',' && *skim->at != '}' && *skim->at != ']' &&
           (unsigned char)*skim->at > ' ')
        skim->at++;
    return (struct str){start, (size_t)(skim->at - start)};
}

uint32_t json_values(struct str valid, struct json_value *values, uint32_t max)
{
    struct path path = {.depth = 0};
    struct str name = STR_EMPTY;
    struct json_skim skim;
    uint32_t count = 0;
    bool escaped;

    json_skim_open(&skim, valid);
    while (skim.at < skim.end && count < max) {
        char c = *skim.at++;
        if (c == '{' || c == '[') {
            struct str of_list = path.lists[path.depth] ? path.names[path.depth] : name;
            if (path.depth == LEVELS_MAX)
                return count;
            path.names[++path.depth] = of_list;
            path.lists[path.depth] = c == '[';
            name = STR_EMPTY;
        } else if (c == '}' || c == ']') {
            path.depth -= path.depth > 0;
        } else if (c == '"') {
            struct str text = take_string(&skim, &escaped);
            if (!path.lists[path.depth] && is_name(&skim))
                name = text;
            else
                add_leaf(&path, name, text, escaped, &values[count++]);
        } else if (c == '-' || ascii_is_digit(c) || c == 't' || c == 'f') {
            struct str text = take_scalar(&skim);
            add_leaf(&path, name, text, false, &values[count++]);
        } else if (c == 'n') {
            (void)take_scalar(&skim);
        }
    }
    return count;
}
