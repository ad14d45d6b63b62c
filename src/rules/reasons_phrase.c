/* reasons_phrase.c - a predicate and what it met, in words. */
#include "codec/utf.h"
#include "rules/reasons.h"

#define WRITTEN_BYTES 160u
#define VALUE_BYTES 160u
#define VALUES_SHOWN 3u

static struct str verb_of_glob(const struct glob *glob)
{
    bool before = glob->count > 0 && glob->tokens[0].kind == GLOB_MANY;
    bool after = glob->count > 1 && glob->tokens[glob->count - 1].kind == GLOB_MANY;

    return before && after ? STR("contains")
           : before        ? STR("ends with")
           : after         ? STR("begins with")
                           : STR("is");
}

struct str reasons_verb(const struct predicate *predicate)
{
    static const struct str compares[] = {[COMPARE_EQ] = STR_INIT("is"),
                                          [COMPARE_LT] = STR_INIT("is below"),
                                          [COMPARE_LTE] = STR_INIT("is at most"),
                                          [COMPARE_GT] = STR_INIT("is above"),
                                          [COMPARE_GTE] = STR_INIT("is at least")};
    static const struct str refs[] = {[FIELDREF_EQUALS] = STR_INIT("equals"),
                                      [FIELDREF_STARTSWITH] = STR_INIT("begins with"),
                                      [FIELDREF_ENDSWITH] = STR_INIT("ends with"),
                                      [FIELDREF_CONTAINS] = STR_INIT("contains")};

    switch (predicate->kind) {
    case PREDICATE_GLOB:
        return verb_of_glob(&predicate->glob);
    case PREDICATE_REGEX:
        return STR("matches");
    case PREDICATE_CIDR:
        return STR("is in");
    case PREDICATE_COMPARE:
        return compares[predicate->compare];
    case PREDICATE_EXISTS:
        return predicate->exists ? STR("is there") : STR("is missing");
    case PREDICATE_NULL:
        return STR("is null or missing");
    case PREDICATE_FIELDREF:
        return refs[predicate->fieldref];
    }
    return STR("is");
}

void reasons_shown(struct str text, size_t max, struct buf *out)
{
    size_t len = utf8_cut(text, max).len;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < 0x20 || c == 0x7f)
            buf_printf(out, "\\x%02x", c);
        else
            buf_add_char(out, text.at[i]);
    }
    if (len < text.len)
        buf_printf(out, "... (%zu bytes)", text.len);
}

static void add_quoted(struct str text, size_t max, struct buf *out)
{
    buf_add_char(out, '\'');
    reasons_shown(text, max, out);
    buf_add_char(out, '\'');
}

/* The pattern as tokens say it, without the `*` at its ends that the verb says. */
static void add_pattern(const struct glob *glob, struct buf *out)
{
    for (uint32_t i = 0; i < glob->count; i++) {
        const struct glob_token *token = &glob->tokens[i];
        if (token->kind == GLOB_TEXT)
            reasons_shown(token->text, WRITTEN_BYTES, out);
        else if (token->kind == GLOB_MANY && i > 0 && i + 1 < glob->count)
            buf_add_char(out, '*');
        else if (token->kind == GLOB_ONE)
            buf_add_char(out, '?');
        else if (token->kind == GLOB_DASH)
            buf_add_char(out, '-');
    }
}

/* Does the text of the rule show what is looked for? Not where it was encoded, or stood for a list
 * of values. */
static bool is_as_written(const struct predicate *predicate)
{
    struct str longest = glob_longest_text(&predicate->glob);
    struct buf folded;
    bool found;

    if (predicate->cased)
        return str_contains(predicate->written, longest);
    buf_init(&folded, FOLD_SIZE(predicate->written.len));
    char *room = buf_reserve(&folded, FOLD_SIZE(predicate->written.len));
    found = room && str_contains((struct str){room, fold_str(predicate->written, room)}, longest);
    buf_free(&folded);
    return found;
}

static void add_asked_glob(const struct predicate *predicate, struct buf *out)
{
    bool dashes = false;

    for (uint32_t i = 0; i < predicate->glob.count; i++)
        dashes |= predicate->glob.tokens[i].kind == GLOB_DASH;
    if (is_as_written(predicate)) {
        add_quoted(predicate->written, WRITTEN_BYTES, out);
    } else {
        buf_add_char(out, '\'');
        add_pattern(&predicate->glob, out);
        buf_add(out, STR("' (in the rule: "));
        add_quoted(predicate->written, WRITTEN_BYTES, out);
        buf_add_char(out, ')');
    }
    if (predicate->cased)
        buf_add(out, STR(" with these capitals"));
    if (dashes)
        buf_add(out, STR(" with any dash"));
}

void reasons_asked(const struct predicate *predicate, struct buf *out)
{
    static const char *const parts[] = {
        [TIME_WHOLE] = "",           [TIME_MINUTE] = " (its minute)", [TIME_HOUR] = " (its hour)",
        [TIME_DAY] = " (its day)",   [TIME_WEEK] = " (its week)",     [TIME_MONTH] = " (its month)",
        [TIME_YEAR] = " (its year)",
    };

    buf_add(out, reasons_verb(predicate));
    switch (predicate->kind) {
    case PREDICATE_GLOB:
        buf_add_char(out, ' ');
        add_asked_glob(predicate, out);
        break;
    case PREDICATE_REGEX:
    case PREDICATE_CIDR:
        buf_add_char(out, ' ');
        add_quoted(predicate->written, WRITTEN_BYTES, out);
        break;
    case PREDICATE_COMPARE:
        buf_add_char(out, ' ');
        reasons_shown(predicate->written, WRITTEN_BYTES, out);
        buf_add(out, str_from(parts[predicate->part]));
        break;
    case PREDICATE_FIELDREF:
        buf_add(out, STR(" the field "));
        reasons_shown(predicate->other, WRITTEN_BYTES, out);
        break;
    case PREDICATE_EXISTS:
    case PREDICATE_NULL:
        break;
    }
}

static void add_value(struct value value, struct buf *out)
{
    if (value.type == VALUE_NULL)
        buf_add(out, STR("null"));
    else
        add_quoted(value.text, VALUE_BYTES, out);
}

void reasons_found(const struct reason *reason, struct buf *out)
{
    const struct judged_test *test = &reason->test;

    if (reason->expression->test->field.len == 0 && test->which == JUDGED_NONE) {
        buf_add(out, STR("is in no value of the event"));
        return;
    }
    if (test->value_count == 0) {
        buf_add(out, STR("is not in the event"));
        return;
    }
    buf_add(out, STR("is "));
    if (test->which != JUDGED_NONE || test->value_count == 1) {
        add_value(test->values[test->which != JUDGED_NONE ? test->which : 0], out);
        return;
    }
    for (uint32_t i = 0; i < test->value_count && i < VALUES_SHOWN; i++) {
        if (i > 0)
            buf_add(out, i + 1 == test->value_count ? STR(" and ") : STR(", "));
        add_value(test->values[i], out);
    }
    if (test->value_count > VALUES_SHOWN)
        buf_printf(out, " and %u more values", test->value_count - VALUES_SHOWN);
}

void reasons_log_source(const struct log_source *source, struct buf *out)
{
    const struct str parts[] = {source->category, source->product, source->service};
    const char *before = "";

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        if (parts[i].len == 0)
            continue;
        buf_add(out, str_from(before));
        if (i == 2)
            buf_add(out, STR("service "));
        reasons_shown(parts[i], WRITTEN_BYTES, out);
        before = ", ";
    }
}
