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
