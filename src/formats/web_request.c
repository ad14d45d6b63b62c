/* web_request.c - see web_request.h. */
#include "formats/web_request.h"

#include "codec/url_text.h"

#include <string.h>

static void unseen(struct text_name *name, const struct field_dictionary *fields, struct str text)
{
    text_name_init(name, fields, text);
    name->unseen = true;
}

void web_names_init(struct web_names *names, const struct field_dictionary *fields)
{
    unseen(&names->uri, fields, STR("cs-uri"));
    text_name_also(&names->uri, fields, STR("c-uri"));
    unseen(&names->query, fields, STR("cs-uri-query"));
    unseen(&names->alone, fields, STR("c-uri-query"));
    unseen(&names->stem, fields, STR("cs-uri-stem"));
    text_name_also(&names->stem, fields, STR("cs-uri-path"));
    unseen(&names->extension, fields, STR("c-uri-extension"));
    text_name_also(&names->extension, fields, STR("cs-uri-extension"));
    unseen(&names->scheme, fields, STR("cs-uri-scheme"));
    unseen(&names->host, fields, STR("cs-host"));
}

struct str web_host_cut(struct str authority, struct str *port)
{
    const char *colon = authority.len ? memrchr(authority.at, ':', authority.len) : NULL;
    size_t at = colon ? (size_t)(colon - authority.at) : authority.len;

    *port = STR_EMPTY;
    for (size_t i = at + 1; i < authority.len; i++)
        if (!ascii_is_digit(authority.at[i]))
            return authority;
    /* an address of version 6 without brackets has no port */
    bool bare = memchr(authority.at, ':', at) && authority.at[0] != '[';
    if (at + 1 >= authority.len || bare)
        return authority;
    *port = str_slice(authority, at + 1, authority.len);
    return str_slice(authority, 0, at);
}

static bool is_scheme(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = ascii_lower(s.at[i]);
        if ((c < 'a' || c > 'z') && (i == 0 || (!ascii_is_digit(c) && c != '+' && c != '-')))
            return false;
    }
    return s.len > 0;
}

static void split_query(struct str text, struct web_target *target)
{
    size_t mark = str_find_byte(text, '?');

    target->from_stem = text;
    target->stem = str_slice(text, 0, mark);
    target->has_query = mark < text.len;
    target->query = str_slice(text, mark + 1, text.len);
}

void web_target_split(struct str text, struct web_target *target)
{
    struct str port;

    target->whole = text;
    target->scheme = target->host = STR_EMPTY;
    if (text.len > 0 && text.at[0] != '/') {
        size_t colon = str_find(text, STR("://"));
        struct str scheme = str_slice(text, 0, colon);
        if (colon < text.len && is_scheme(scheme)) {
            struct str rest = str_slice(text, colon + 3, text.len);
            size_t end = 0;
            while (end < rest.len && rest.at[end] != '/' && rest.at[end] != '?')
                end++;
            target->scheme = scheme;
            target->host = web_host_cut(str_slice(rest, 0, end), &port);
            text = str_slice(rest, end, rest.len);
        }
    }
    split_query(text, target);
}

void web_target_of_connect(struct str text, struct web_target *target)
{
    struct str port;

    target->whole = text;
    target->scheme = target->from_stem = target->stem = target->query = STR_EMPTY;
    target->has_query = false;
    target->host = web_host_cut(text, &port);
}

static void add(struct text_record *record, const struct text_name *name, struct str text)
{
    if (text_name_is_wanted(name))
        text_record_add(record, name, value_string(text));
}

static void add_extension(struct text_record *record, const struct text_name *name, struct str stem)
{
    const char *slash, *dot;

    if (!text_name_is_wanted(name) || stem.len == 0)
        return;
    slash = memrchr(stem.at, '/', stem.len);
    struct str file = slash ? str_slice(stem, (size_t)(slash - stem.at) + 1, stem.len) : stem;
    dot = file.len ? memrchr(file.at, '.', file.len) : NULL;
    if (dot)
        add(record, name, str_slice(file, (size_t)(dot - file.at) + 1, file.len));
}

/* A value besides the one as written, if it reads otherwise. */
static void add_decoded(struct text_record *record, const struct text_name *name, struct str text,
                        bool in_query, struct arena *arena)
{
    if (!text_name_is_wanted(name))
        return;
    struct str decoded = url_decode(text, in_query, arena);
    if (decoded.at != text.at)
        text_record_add(record, name, value_string(decoded));
}

static void add_all_decoded(const struct web_names *names, const struct web_target *target,
                            struct text_record *record, struct arena *arena)
{
    add_decoded(record, &names->uri, target->whole, false, arena);
    if (target->from_stem.len == 0)
        return;
    add_decoded(record, &names->stem, target->stem, false, arena);
    add_decoded(record, &names->query, target->from_stem, false, arena);
    if (target->has_query) {
        add_decoded(record, &names->query, target->query, true, arena);
        add_decoded(record, &names->alone, target->query, true, arena);
    }
}

static void add_written(const struct web_names *names, const struct web_target *target,
                        unsigned printed, struct text_record *record)
{
    if (!(printed & WEB_URI))
        add(record, &names->uri, target->whole);
    if (target->scheme.len > 0)
        add(record, &names->scheme, target->scheme);
    if (target->host.len > 0)
        add(record, &names->host, target->host);
    if (target->from_stem.len == 0)
        return;
    if (!(printed & WEB_STEM))
        add(record, &names->stem, target->stem);
    add(record, &names->query, target->from_stem);
    if (target->has_query && !(printed & WEB_QUERY))
        add(record, &names->query, target->query);
    if (target->has_query)
        add(record, &names->alone, target->query);
    add_extension(record, &names->extension, target->stem);
}

void web_target_add(const struct web_names *names, const struct web_target *target,
                    unsigned printed, struct text_record *record, struct arena *arena)
{
    struct str whole = target->whole;

    add_written(names, target, printed, record);
    if (whole.len > 0 && (memchr(whole.at, '%', whole.len) || memchr(whole.at, '+', whole.len)))
        add_all_decoded(names, target, record, arena);
}
