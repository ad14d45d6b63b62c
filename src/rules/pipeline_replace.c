/* pipeline_replace.c - the transformation replace_string: an expression, and a replacement written
 * as for Python's re.sub. */
#include "rules/pipeline_priv.h"

#define GROUPS_MAX 100 /* with the whole match */

/* A character, or what a group matched. */
struct replacement_step {
    bool group;
    uint32_t number;
    char character;
};

struct replacement {
    const struct regex *regex;
    const struct yaml_node *node;
    bool skip_special, literal; /* wildcards stay as they are; `*` and `?` make none */
    struct replacement_step *steps;
    uint32_t count;
    uint32_t groups; /* with the whole match */
};

/* ---- reading ---- */

static bool add_group(struct pipeline_file *file, struct replacement *r, struct str name)
{
    uint64_t number = regex_group_of(r->regex, name);

    if (number == 0 && !str_to_u64(name, GROUPS_MAX, &number))
        number = GROUPS_MAX;
    if (number >= r->groups)
        return pipeline_refuse(file, r->node->line, r->node->column,
                               "the expression has no group '%.*s'", SHOWN(name));
    r->steps[r->count++] = (struct replacement_step){.group = true, .number = (uint32_t)number};
    return true;
}

static void add_character(struct replacement *r, char c)
{
    r->steps[r->count++] = (struct replacement_step){.character = c};
}

/* Behind a backslash; takes what belongs to it from *rest. */
static bool add_escape(struct pipeline_file *file, struct replacement *r, struct str *rest)
{
    static const char names[] = "abfnrtv\\", characters[] = "\a\b\f\n\r\t\v\\";
    char c = rest->len ? rest->at[0] : '\0';
    const char *name = c ? strchr(names, c) : NULL;
    size_t digits = 0;

    while (digits < 2 && digits < rest->len && ascii_is_digit(rest->at[digits]))
        digits++;
    if (digits > 0 && c != '0') {
        struct str number = str_slice(*rest, 0, digits);
        *rest = str_slice(*rest, digits, rest->len);
        return add_group(file, r, number);
    }
    if (c == 'g' && rest->len > 1 && rest->at[1] == '<' && str_find_byte(*rest, '>') < rest->len) {
        *rest = str_slice(*rest, 2, rest->len);
        return add_group(file, r, str_cut(rest, '>'));
    }
    if (rest->len == 0 || c == '0' || (!name && ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'))
        return pipeline_refuse(file, r->node->line, r->node->column,
                               "a backslash in the replacement stands before a group's number, "
                               "g<NAME>, a sign, or one of a b f n r t v");
    if (!name)
        add_character(r, '\\');
    add_character(r, name ? characters[name - names] : c);
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool read_steps(struct pipeline_file *file, struct replacement *r)
{
    struct str rest = r->node->text;

    r->steps = ARENA_ARRAY(file->all->arena, struct replacement_step, rest.len);
    while (rest.len > 0) {
        char c = rest.at[0];
        rest = str_slice(rest, 1, rest.len);
        if (c != '\\')
            add_character(r, c);
        else if (!add_escape(file, r, &rest))
            return false;
    }
    return true;
}

static bool read_replacement(struct pipeline_file *file, const struct yaml_node *node,
                             struct pipeline_item *item)
{
    struct replacement *r = ARENA_NEW(file->all->arena, struct replacement);
    bool interpret = false;
    struct str regex;

    item->with = r;
    r->node = yaml_get(node, STR("replacement"));
    if (!r->node || r->node->kind != YAML_SCALAR)
        return pipeline_refuse(file, node->line, node->column, "'replacement' must be a text");
    if (!pipeline_text(file, node, "regex", &regex) ||
        !pipeline_regex(file, yaml_get(node, STR("regex")), &r->regex) ||
        !pipeline_flag(file, node, "skip_special", &r->skip_special) ||
        !pipeline_flag(file, node, "interpret_special", &interpret))
        return false;
    r->literal = r->skip_special && !interpret;
    r->groups = regex_group_count(r->regex) + 1;
    if (r->groups > GROUPS_MAX)
        return pipeline_refuse(file, node->line, node->column,
                               "the expression has more than %d groups", GROUPS_MAX - 1);
    return read_steps(file, r);
}

/* ---- replacing ---- */

/* The text being made of `in`, whose part from `base` on is searched. */
struct replacing {
    const struct replacement *r;
    const struct marked *in;
    struct marked *out;
    size_t base;
};

/* Adds what stands for a match. Groups keep their marks; in the text of the replacement `*` and `?`
 * are wildcards but behind a backslash, and any other backslash is one. */
static void add_match(const struct replacing *to, const struct regex_span *spans)
{
    const struct replacement *r = to->r;
    bool escaped = false;

    for (uint32_t i = 0; i < r->count; i++) {
        const struct replacement_step *step = &r->steps[i];
        bool special = !step->group && (step->character == '*' || step->character == '?');
        if (escaped && !special)
            marked_add(to->out, '\\', MARK_TEXT);
        if (step->group && spans[step->number].from != SIZE_MAX)
            marked_add_part(to->out, to->in, to->base + spans[step->number].from,
                            to->base + spans[step->number].to);
        bool escapes = !step->group && step->character == '\\' && !r->literal;
        if (!step->group && !escapes)
            marked_add(to->out, step->character,
                       special && !r->literal && !escaped ? MARK_WILDCARD : MARK_TEXT);
        escaped = escapes;
    }
    if (escaped)
        marked_add(to->out, '\\', MARK_TEXT);
}

/* Replaces all matches in a part of the text; false: the expression gave up. */
static bool replace_part(struct drafting *drafting, struct replacing *to, size_t from, size_t end)
{
    struct regex_span spans[GROUPS_MAX];
    struct str part = str_slice(buf_str(&to->in->bytes), from, end);
    size_t at = 0, done = 0;
    bool advance = false;
    enum regex_answer answer;

    to->base = from;
    while ((answer = regex_find(to->r->regex, drafting->all->scratch, part, at, false, advance,
                                spans, to->r->groups)) == REGEX_YES) {
        marked_add_part(to->out, to->in, from + done, from + spans[0].from);
        add_match(to, spans);
        at = done = spans[0].to;
        advance = spans[0].from == spans[0].to;
    }
    marked_add_part(to->out, to->in, from + done, end);
    return answer == REGEX_NO;
}

static bool replace_all(struct drafting *drafting, struct replacing *to)
{
    size_t len = to->in->bytes.len;
    bool good = true;

    if (!to->r->skip_special)
        return replace_part(drafting, to, 0, len);
    for (size_t at = 0; at < len && good;) {
        bool text = to->in->marks.at[at] == MARK_TEXT;
        size_t end = at + 1;
        while (end < len && (to->in->marks.at[end] == MARK_TEXT) == text)
            end++;
        if (text)
            good = replace_part(drafting, to, at, end);
        else
            marked_add_part(to->out, to->in, at, end);
        at = end;
    }
    return good;
}

static enum change replace_value(const struct value_change *change)
{
    struct drafting *drafting = change->drafting;
    const struct draft *draft = change->draft;
    const struct yaml_node *value = change->value;
    struct replacing replacing = {
        .r = change->item->with, .in = &drafting->text, .out = &drafting->other};
    enum scalar_kind kind = draft_value_kind(draft, value);

    if (kind != SCALAR_STRING && kind != SCALAR_NUMBER)
        return CHANGE_NONE;
    draft_value_text(draft, value, &drafting->text);
    marked_reset(&drafting->other);
    if (!replace_all(drafting, &replacing)) {
        sigma_refuse(drafting->loading, value->line, value->column,
                     "the pipeline %.*s: the expression in line %u takes too many steps for it",
                     SHOWN(change->item->pipeline->path), replacing.r->node->line);
        return CHANGE_REFUSED;
    }
    if (marked_equal(&drafting->text, &drafting->other))
        return CHANGE_NONE;
    node_list_add(drafting->trees, change->to,
                  draft_marked(drafting, draft, value, &drafting->other));
    return CHANGE_MADE;
}

const struct transformation transformation_replace_string = {
    .name = "replace_string",
    .keys = "regex replacement skip_special interpret_special",
    .read = read_replacement,
    .on_value = replace_value,
    .whole = true};
