/* indicator_scan.c - the places that the sieve lets pass, looked up as all that they may be. */
#include "indicators/indicator_scan.h"

#include "indicators/indicator_text.h"

#include <string.h>

#define SCRATCH_BYTES_MAX ((size_t)64 << 10)
#define STARTS_MAX 8u /* of one name or path, at blanks before it */
#define LABELS_MAX 127u

void indicator_scan_init(struct indicator_scan *scan, const struct indicator_set *set)
{
    *scan = (struct indicator_scan){.set = set};
    buf_init(&scan->folded, SCRATCH_BYTES_MAX);
    buf_init(&scan->key, SCRATCH_BYTES_MAX);
}

void indicator_scan_free(struct indicator_scan *scan)
{
    buf_free(&scan->folded);
    buf_free(&scan->key);
}

static bool is_one_of(char c, const char *characters)
{
    return c && strchr(characters, c);
}

static void look_up(struct indicator_scan *scan, enum indicator_kind kind, struct str key,
                    size_t start, size_t end)
{
    uint32_t index = indicator_set_find(scan->set, kind, key);

    if (index != INDICATOR_NONE)
        scan->hit(scan->context, index, str_slice(scan->text, start, end));
}

static void look_up_folded(struct indicator_scan *scan, enum indicator_kind kind, size_t start,
                           size_t end)
{
    if (start >= end || end - start > INDICATOR_BYTES_MAX)
        return;
    buf_reset(&scan->folded);
    indicator_fold(str_slice(scan->text, start, end), &scan->folded);
    look_up(scan, kind, buf_str(&scan->folded), start, end);
}

/* ---- domains and mail addresses ---- */

/* "x\evil.com" and "/x/evil.com" are files; "\\evil.com" and "//evil.com" are hosts. */
static bool is_behind_single_slash(struct str text, size_t at)
{
    char slash = at > 0 ? text.at[at - 1] : '\0';

    return is_one_of(slash, "/\\") && (at < 2 || text.at[at - 2] != slash);
}

/* The token and everything behind a dot in it, down to two labels. */
static void look_for_domains(struct indicator_scan *scan)
{
    unsigned labels = 0;
    size_t at = scan->end;

    if (is_behind_single_slash(scan->text, scan->start))
        return;
    for (; at > scan->start && labels < LABELS_MAX; at--) {
        if (at - 1 != scan->start && scan->text.at[at - 2] != '.')
            continue;
        if (++labels > 1)
            look_up_folded(scan, INDICATOR_DOMAIN, at - 1, scan->end);
    }
}

static void look_for_email(struct indicator_scan *scan)
{
    size_t local = scan->start;

    if (local == 0 || scan->text.at[local - 1] != '@')
        return;
    local--;
    while (local > 0 && scan->start - 1 - local < INDICATOR_LOCAL_MAX &&
           (token_has((uint8_t)scan->text.at[local - 1]) || scan->text.at[local - 1] == '+'))
        local--;
    if (local + 1 < scan->start)
        look_up_folded(scan, INDICATOR_EMAIL, local, scan->end);
}

/* ---- URLs ---- */

static bool is_alnum(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* Where the scheme begins whose "://" ends at `at`; `at`: there is none. */
static size_t scheme_before(struct str text, size_t at)
{
    size_t len = 0;

    if (at < 4 || !str_eq(str_slice(text, at - 3, at), STR("://")))
        return at;
    while (len < at - 3 && len <= INDICATOR_SCHEME_MAX && is_alnum(text.at[at - 4 - len]))
        len++;
    return len > 0 && len <= INDICATOR_SCHEME_MAX ? at - 3 - len : at;
}

static void look_up_url(struct indicator_scan *scan, const char *scheme, size_t start, size_t end)
{
    buf_reset(&scan->key);
    buf_reset(&scan->folded);
    buf_add(&scan->key, str_from(scheme));
    buf_add(&scan->key, str_slice(scan->text, start, end));
    if (indicator_url_key(buf_str(&scan->key), &scan->folded))
        look_up(scan, INDICATOR_URL, buf_str(&scan->folded), start, end);
}

/* From `scheme` (or `host`, where it is the same) to `end`, with and without the scheme. */
static void look_up_urls(struct indicator_scan *scan, size_t scheme, size_t host, size_t end)
{
    if (end - scheme > INDICATOR_BYTES_MAX)
        return;
    look_up_url(scan, "", scheme, end);
    if (scheme < host) {
        look_up_url(scan, "", host, end);
        return;
    }
    look_up_url(scan, "http://", host, end);
    look_up_url(scan, "https://", host, end);
}

static void look_for_url(struct indicator_scan *scan)
{
    struct str text = scan->text;
    size_t host = scan->start, end = scan->end;

    if (host > 0 && text.at[host - 1] == '[')
        host--;
    if (host > 0 && text.at[host - 1] == '@') /* user:password@ */
        for (size_t at = host - 1; at > 0 && host - at < 256; at--) {
            if (is_one_of(text.at[at - 1], " \t\"'<>"))
                break;
            if (text.at[at - 1] != '/')
                continue;
            host = at;
            break;
        }
    size_t scheme = scheme_before(text, host);
    while (end < text.len && (unsigned char)text.at[end] > ' ' && !is_one_of(text.at[end], "\"<>`"))
        end++;
    look_up_urls(scan, scheme, host, end);
    size_t shorter = end;
    while (shorter > scan->end && is_one_of(text.at[shorter - 1], ".,;:!?)]}'*|\\"))
        shorter--;
    if (shorter < end)
        look_up_urls(scan, scheme, host, shorter);
}

/* ---- files ---- */

/* What sets names off in command lines. */
#define WORD_ENDS " \t\r\n\"'`<>|,;=()[]{}&@"
#define PATH_ENDS "\t\r\n\"`<>|"

static bool ends(char c, const char *characters, bool in_path)
{
    return is_one_of(c, characters) || (!in_path && is_one_of(c, "/\\:"));
}

/* Every start at which a name could begin, with a given end: first the nearest word, then back over
 * blanks and the like, to what sets the whole off. */
static void look_back(struct indicator_scan *scan, enum indicator_kind kind, size_t end)
{
    struct str text = scan->text;
    bool in_path = kind == INDICATOR_PATH;
    size_t start = scan->start;

    for (unsigned tries = 0; tries < STARTS_MAX; tries++) {
        while (start > 0 && !ends(text.at[start - 1], WORD_ENDS, in_path))
            start--;
        look_up_folded(scan, kind, start, end);
        if (start == 0 || ends(text.at[start - 1], PATH_ENDS, in_path))
            return;
        start--;
    }
    while (start > 0 && !ends(text.at[start - 1], PATH_ENDS, in_path))
        start--;
    look_up_folded(scan, kind, start, end);
}

static void look_for_files(struct indicator_scan *scan, enum indicator_kind kind)
{
    struct str text = scan->text;
    bool in_path = kind == INDICATOR_PATH;
    size_t end = scan->end;

    look_back(scan, kind, end);
    size_t word = end;
    while (word < text.len && !ends(text.at[word], WORD_ENDS, in_path))
        word++;
    if (word > end)
        look_back(scan, kind, word);
    size_t whole = word;
    while (whole < text.len && !ends(text.at[whole], PATH_ENDS, in_path))
        whole++;
    if (whole > word)
        look_back(scan, kind, whole);
}

/* ---- places ---- */

static void hit_address(void *context, uint32_t index)
{
    struct indicator_scan *scan = context;

    scan->hit(scan->context, index, str_slice(scan->text, scan->start, scan->end));
}

static void look_at_place(void *context, const struct token_place *place)
{
    struct indicator_scan *scan = context;

    scan->start = place->start;
    scan->end = place->end;
    switch (place->kind) {
    case TOKEN_HASH:
        look_up_folded(scan, INDICATOR_HASH, place->start, place->end);
        break;
    case TOKEN_ADDRESS:
        indicator_set_find_address(scan->set, &place->address, hit_address, scan);
        look_for_url(scan);
        break;
    case TOKEN_NAME:
        look_for_domains(scan);
        look_for_email(scan);
        look_for_url(scan);
        look_for_files(scan, INDICATOR_FILE);
        look_for_files(scan, INDICATOR_PATH);
        break;
    }
}

void indicator_scan_text(struct indicator_scan *scan, struct str text,
                         void (*hit)(void *context, uint32_t index, struct str where),
                         void *context)
{
    scan->text = text;
    scan->hit = hit;
    scan->context = context;
    token_sieve_scan(indicator_set_sieve(scan->set), text, look_at_place, scan);
}
