/* json.h - writing JSON, and reading it on demand: a pull parser over bytes in memory (RFC 8259).
 *
 * The reader decodes nothing it is not asked for: values are handed out as slices of the input,
 * strings with the text between the quotes still escaped, to be unescaped by the caller who wants
 * them. It always checks structure, literals, numbers, escapes and control characters of what it
 * passes over; UTF-8 is checked when the options say so. Depth is bounded without recursion. */
#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include "core/buf.h"

/* ---- writing ---- */

/* Appends `s` quoted and escaped; ill-formed UTF-8 becomes U+FFFD; U+007F, U+2028, U+2029 and
 * bidirectional controls are written as \u escapes so that no output can be re-ordered on a screen.
 */
void json_write_str(struct buf *out, struct str s);
/* The same for `len` bytes of UTF-16LE, as utf16le_to_utf8 (codec/utf.h) makes text of them. */
void json_write_utf16(struct buf *out, const uint8_t *in, size_t len);
/* Appends valid JSON as it stands, but with the same \u escapes in its strings. */
void json_write_valid(struct buf *out, struct str json);

/* ---- reading ---- */

enum json_kind {
    JSON_OBJECT, /* the reader stands behind the brace */
    JSON_ARRAY,
    JSON_STRING, /* text: between the quotes, still escaped if `escaped` */
    JSON_NUMBER, /* text: as written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_END,   /* of the object or array that was entered last */
    JSON_MORE,  /* the input ends inside a value, and more may come: call again with more */
    JSON_BROKEN /* not JSON: `why` and `at` say what and where */
};

struct json_token {
    enum json_kind kind;
    bool escaped; /* JSON_STRING: has backslashes */
    bool key_escaped;
    struct str key;  /* inside an object: the member's name, still escaped if key_escaped */
    struct str text; /* strings and numbers; literals as written */
};

struct json_reader {
    const char *start, *at, *end;
    const char *why; /* JSON_BROKEN: static text */
    uint32_t depth;
    uint32_t depth_max;
    bool last;                       /* no bytes follow `end` */
    bool utf8;                       /* check UTF-8 */
    uint64_t kinds[(512 + 63) / 64]; /* one bit per open level: 1 is an object */
    uint8_t state;
};

/* `depth_max` up to 512 (JSON_DEPTH_MAX). */
void json_open(struct json_reader *r, struct str input, bool last, bool utf8);
/* The next token. A document is one value: after it, json_next at depth 0 starts the next value
 * (blanks between values are skipped; at the end of input it gives JSON_END). Commas between values
 * of depth 0 are the caller's business. */
struct json_token json_next(struct json_reader *r);
/* After JSON_OBJECT or JSON_ARRAY: passes over the rest of it, checked, and its end. False on
 * JSON_MORE or JSON_BROKEN, which the next json_next then repeats. */
bool json_skip(struct json_reader *r);
/* Reads one whole value at `at` (any depth), checked, and returns its exact bytes. */
bool json_take_value(struct json_reader *r, struct str *value);

/* Goes through the strings that are values of JSON which json_is_valid: faster than a reader, for
 * it checks nothing but where the text ends. */
struct json_skim {
    const char *at, *end;
    uint32_t depth, list_depth;
    struct str list; /* the name of the array that was entered last */
};

struct json_text {
    struct str name; /* its own, or of the array it stands in; empty: none, or an escaped one */
    struct str text; /* still escaped if `escaped` */
    bool escaped;
};

void json_skim_open(struct json_skim *skim, struct str valid);
bool json_skim_next(struct json_skim *skim, struct json_text *text); /* false: that was all */

/* Every value that is no object or array, null left out, and under what it stands. */
struct json_value {
    struct str name, parent, grandparent; /* of an array's member the array's; empty: none */
    struct str text;                      /* still escaped if `escaped`; of others as written */
    bool escaped;
};

/* Those of JSON that json_is_valid, at most `max`; names are still escaped. Returns how many. What
 * lies deeper than 16 levels is left out. */
uint32_t json_values(struct str valid, struct json_value *values, uint32_t max);

/* Unescapes into `out`, which has room for s.len bytes and lies elsewhere. Returns the bytes
 * written. Unpaired surrogates become U+FFFD. `s` was checked by the reader. */
size_t json_unescape(struct str s, char *out);

/* True if `s` is exactly one JSON text with nothing but blanks around it (strict, UTF-8 checked).
 */
bool json_is_valid(struct str s, const char **why);

#endif
