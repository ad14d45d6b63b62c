/* indicator_file.c - telling the forms apart, and what their readers share. */
#include "indicators/indicator_file.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "indicators/indicator_file_priv.h"

#include <stdlib.h>

#define SCRATCH_BYTES_MAX ((size_t)4 << 30)
#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define REASON_BYTES_MAX 120u
#define KEPT_BYTES_MAX 240u

struct str indicator_kept(struct indicator_reading *reading, struct str text)
{
    return arena_str(reading->arena,
                     utf8_checked(utf8_cut(text, KEPT_BYTES_MAX), reading->scratch));
}

void indicator_remark(struct indicator_reading *reading, enum indicator_remark_kind kind,
                      struct str reason, struct str example)
{
    struct indicator_file *file = reading->file;
    uint64_t *counts[] = {[INDICATOR_UNUSABLE] = &file->unusable,
                          [INDICATOR_IGNORED] = &file->ignored,
                          [INDICATOR_DOUBTED] = &file->doubted};
    uint32_t at = 0;

    ++*counts[kind];
    reason = utf8_cut(reason, REASON_BYTES_MAX);
    while (at < file->remark_count &&
           !(file->remarks[at].kind == kind && str_eq(file->remarks[at].reason, reason)))
        at++;
    if (at == INDICATOR_REMARKS_MAX) {
        file->remarks[at - 1].reason = STR("of further kinds");
        file->remarks[at - 1].count++;
        return;
    }
    if (!file->remarks)
        file->remarks = ARENA_ARRAY(reading->arena, struct indicator_remark, INDICATOR_REMARKS_MAX);
    if (at == file->remark_count) {
        file->remarks[at] = (struct indicator_remark){.kind = kind,
                                                      .reason = indicator_kept(reading, reason),
                                                      .example = indicator_kept(reading, example)};
        file->remark_count++;
    }
    file->remarks[at].count++;
}

bool indicator_take(struct indicator_reading *reading, enum indicator_kind kind, struct str text,
                    uint32_t origin)
{
    const char *doubt = NULL, *refusal = "too long";

    if (!utf8_is_valid(text)) {
        refusal = "no UTF-8";
    } else if (text.len <= INDICATOR_BYTES_MAX) {
        struct str plain = indicator_refang(text, &reading->refanged);
        refusal = indicator_read(plain, &kind, &reading->key, &doubt);
    }
    if (!refusal && !indicator_set_add(reading->set, kind, buf_str(&reading->key), origin))
        refusal = "beyond the limit of indicators";
    if (refusal) {
        indicator_remark(reading, INDICATOR_UNUSABLE, str_from(refusal), text);
        return false;
    }
    if (doubt)
        indicator_remark(reading, INDICATOR_DOUBTED, str_from(doubt), text);
    reading->file->used++;
    return true;
}

uint32_t indicator_plain_origin(struct indicator_reading *reading)
{
    if (reading->plain_origin == INDICATOR_NONE)
        reading->plain_origin = indicator_set_origin(
            reading->set, &(struct indicator_origin){.file = reading->file->shown,
                                                     .id = STR_EMPTY,
                                                     .about = STR_EMPTY,
                                                     .level = LEVEL_HIGH});
    return reading->plain_origin;
}

static bool are_digits(struct str text, size_t at, size_t count)
{
    bool all = at + count <= text.len;

    for (size_t i = at; i < at + count && all; i++)
        all = ascii_is_digit(text.at[i]);
    return all;
}

bool indicator_technique(struct str text, struct str *technique)
{
    for (size_t at = 0; at + 5 <= text.len; at++) {
        if (text.at[at] != 'T' || !are_digits(text, at + 1, 4) ||
            (at > 0 && token_has((uint8_t)text.at[at - 1])))
            continue;
        size_t end = at + 5;
        if (end < text.len && text.at[end] == '.' && are_digits(text, end + 1, 3))
            end += 4;
        if (end < text.len && token_has((uint8_t)text.at[end]))
            continue;
        *technique = str_slice(text, at, end);
        return true;
    }
    return false;
}

/* ---- JSON ---- */

/* The exact bytes of the value that begins with `token`; false: it is none, but the end. */
static bool take_bytes(struct json_reader *json, const struct json_token *token, struct str *value)
{
    const char *start = token->text.at;

    if (token->kind >= JSON_END)
        return false;
    if (token->kind == JSON_STRING)
        start--;
    if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY) {
        start = json->at - 1;
        if (!json_skip(json))
            return false;
    }
    *value = (struct str){start, (size_t)(json->at - start)};
    return true;
}

void indicator_members(struct str object, struct indicator_member *members, size_t count)
{
    struct json_reader json;
    struct str value;

    for (size_t i = 0; i < count; i++)
        members[i].value = STR_EMPTY;
    json_open(&json, object, true, false);
    if (json_next(&json).kind != JSON_OBJECT)
        return;
    for (;;) {
        struct json_token token = json_next(&json);
        if (!take_bytes(&json, &token, &value))
            return;
        for (size_t i = 0; i < count; i++)
            if (str_eq(token.key, members[i].name))
                members[i].value = value;
    }
}

bool indicator_array(struct str array, struct json_reader *json)
{
    json_open(json, array, true, false);
    return array.len > 0 && json_next(json).kind == JSON_ARRAY;
}

bool indicator_element(struct json_reader *json, struct str *element)
{
    struct json_token token = json_next(json);

    return take_bytes(json, &token, element);
}

struct str indicator_string(struct str value, struct arena *arena)
{
    struct json_reader json;

    if (value.len == 0 || str_eq(value, STR("null")))
        return STR_EMPTY;
    if (value.at[0] != '"')
        return value;
    json_open(&json, value, true, false);
    struct json_token token = json_next(&json);
    if (token.kind != JSON_STRING)
        return STR_EMPTY;
    if (!token.escaped)
        return arena_str(arena, token.text);
    char *out = arena_alloc_bytes(arena, token.text.len);
    return (struct str){out, json_unescape(token.text, out)};
}

/* ---- forms ---- */

/* Texts in brackets: a plain list, written as JSON. */
static bool read_strings(struct indicator_reading *reading, struct str json)
{
    struct json_reader array;
    struct str element;

    if (!indicator_array(json, &array))
        return false;
    while (indicator_element(&array, &element)) {
        if (element.at[0] != '"')
            return false;
        struct arena_mark mark = arena_mark(reading->scratch);
        indicator_take(reading, INDICATOR_GUESS, indicator_string(element, reading->scratch),
                       indicator_plain_origin(reading));
        arena_rewind(reading->scratch, mark);
    }
    return true;
}

static bool read_json(struct indicator_reading *reading, struct str json)
{
    struct indicator_file *file = reading->file;

    file->form = STR("STIX");
    if (indicator_read_stix(reading, json))
        return true;
    file->form = STR("MISP");
    if (indicator_read_misp(reading, json))
        return true;
    file->form = STR("list");
    return read_strings(reading, json);
}

static bool read_form(struct indicator_reading *reading, struct str text, const char **why)
{
    struct indicator_file *file = reading->file;
    struct str start = str_trim(text);

    if (start.len == 0)
        return true;
    if (start.at[0] == '{' || (start.at[0] == '[' && json_is_valid(start, why))) {
        if (!json_is_valid(start, why))
            return false;
        *why = "it is neither STIX nor MISP";
        return read_json(reading, start);
    }
    file->form = STR("CSV");
    if (indicator_read_csv(reading, text))
        return true;
    file->form = STR("list");
    *why = "it is neither a list nor CSV, STIX or MISP: it holds NUL bytes";
    if (str_find_byte(text, '\0') < text.len)
        return false;
    indicator_read_list(reading, text);
    return true;
}

bool indicator_file_read(struct indicator_set *set, struct str shown, struct str bytes,
                         struct indicator_file *file, const char **why)
{
    struct indicator_reading reading = {.set = set,
                                        .arena = indicator_set_arena(set),
                                        .scratch = arena_new("indicator file", SCRATCH_BYTES_MAX),
                                        .file = file,
                                        .plain_origin = INDICATOR_NONE};
    char *decoded = NULL;

    *file = (struct indicator_file){.shown = shown, .form = STR("list")};
    buf_init(&reading.refanged, TEXT_BYTES_MAX);
    buf_init(&reading.key, TEXT_BYTES_MAX);
    if (str_starts_with(bytes, STR("\xef\xbb\xbf"))) {
        bytes = str_slice(bytes, 3, bytes.len);
    } else if (str_starts_with(bytes, STR("\xff\xfe"))) {
        decoded = malloc(UTF8_SIZE_OF_UTF16(bytes.len));
        ENSURE(decoded);
        bytes.len = utf16le_to_utf8((const uint8_t *)bytes.at + 2, bytes.len - 2, decoded);
        bytes.at = decoded;
    }
    bool good = read_form(&reading, bytes, why);
    free(decoded);
    buf_free(&reading.refanged);
    buf_free(&reading.key);
    arena_free(reading.scratch);
    return good;
}
