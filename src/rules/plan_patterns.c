/* plan_patterns.c - what a field has to be searched for so that its atoms are found.
 *
 * A glob of one text with `*` at either, both or no end is that text as a whole value, prefix,
 * suffix or substring. Up to two folding dashes are written out (five texts each). Of any other
 * glob the longest text is searched for, and the glob tested where it is found. Globs without
 * text, numbers, nets and the like have no pattern: they are computed when a program asks for
 * them. */
#include "rules/plan_priv.h"

#include "core/ensure.h"
#include "match/regex_loosen.h"
#include "match/regex_weight.h"

#define DASHES_MAX 2u
#define DASH_FORMS 5u
/* Regular expressions beyond this are left to PCRE2 alone: compiling them into an automaton may
 * take seconds (`(ab|c.d){1000}x` half a minute). The longest real one has 217 bytes; all of
 * SigmaHQ's weigh 5,640, one of them more than 311 (`.{1000,}`). */
#define REGEX_BYTES_MAX 1024u
#define REGEX_WEIGHT_EACH_MAX 500u
#define REGEX_WEIGHT_ALL_MAX 100000u

#define REGEX_CHANCE 0.015F
#define EVERYDAY_CHANCE 0.1F
#define REQUEST_CHANCE 0.5F

static const struct str dash_forms[DASH_FORMS] = {
    STR_INIT("-"),
    STR_INIT("/"),
    STR_INIT("\xe2\x80\x93"),
    STR_INIT("\xe2\x80\x94"),
    STR_INIT("\xe2\x80\x95"),
};

/* A glob as [*] text [*], if it is one: the tokens between the ends are texts and dashes. */
struct shape {
    bool open_start, open_end;
    uint32_t first, end; /* tokens between */
    uint32_t dashes;
    bool simple; /* texts and few dashes */
};

static struct shape shape_of(const struct glob *glob)
{
    struct shape shape = {.end = glob->count, .simple = true};

    while (shape.first < shape.end && glob->tokens[shape.first].kind == GLOB_MANY) {
        shape.open_start = true;
        shape.first++;
    }
    while (shape.end > shape.first && glob->tokens[shape.end - 1].kind == GLOB_MANY) {
        shape.open_end = true;
        shape.end--;
    }
    size_t bytes = 0;
    for (uint32_t i = shape.first; i < shape.end; i++) {
        const struct glob_token *token = &glob->tokens[i];
        shape.dashes += token->kind == GLOB_DASH;
        shape.simple &= token->kind == GLOB_TEXT || token->kind == GLOB_DASH;
        bytes += token->kind == GLOB_TEXT ? token->text.len : 1;
    }
    shape.simple &= shape.dashes <= DASHES_MAX;
    /* the empty text is a whole value, but no substring */
    shape.simple &= bytes > 0 || (!shape.open_start && !shape.open_end);
    return shape;
}

static enum pattern_kind literal_kind(const struct shape *shape)
{
    if (shape->open_start)
        return shape->open_end ? PATTERN_FOLDED : PATTERN_SUFFIX;
    return shape->open_end ? PATTERN_PREFIX : PATTERN_WHOLE;
}

/* What stands in the values of every Windows, folded. */
static const struct str everyday[] = {
    STR_INIT("c:\\windows\\system32\\cmd.exe"),
    STR_INIT("c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe"),
    STR_INIT("c:\\windows\\system32\\svchost.exe"),
    STR_INIT("c:\\windows\\system32\\services.exe"),
    STR_INIT("c:\\windows\\system32\\rundll32.exe"),
    STR_INIT("c:\\windows\\system32\\conhost.exe"),
    STR_INIT("c:\\windows\\system32\\reg.exe"),
    STR_INIT("c:\\windows\\system32\\net.exe"),
    STR_INIT("c:\\windows\\system32\\net1.exe"),
    STR_INIT("c:\\windows\\system32\\lsass.exe"),
    STR_INIT("c:\\windows\\system32\\taskhostw.exe"),
    STR_INIT("c:\\windows\\system32\\wbem\\wmiprvse.exe"),
    STR_INIT("c:\\windows\\system32\\ntdll.dll"),
    STR_INIT("c:\\windows\\explorer.exe"),
    STR_INIT("hklm\\system\\currentcontrolset\\services\\"),
    STR_INIT("hklm\\software\\microsoft\\windows\\currentversion\\"),
    STR_INIT("windows powershell"),
    STR_INIT("nt authority\\system"),
    STR_INIT("microsoft corporation"),
    STR_INIT("s-1-5-18"),
    STR_INIT("true"),
    STR_INIT("false"),
    STR_INIT("0x0"),
};

/* What stands in most requests to a web server, and in whole lines of its log. */
static const struct str of_requests[] = {
    STR_INIT("get"), STR_INIT("post"), STR_INIT("200"), STR_INIT("404"), STR_INIT("http/1.1"),
};

static bool is_one_of(const struct str *list, size_t count, enum pattern_kind kind, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (kind == PATTERN_WHOLE    ? str_eq(list[i], text)
            : kind == PATTERN_PREFIX ? str_starts_with(list[i], text)
            : kind == PATTERN_SUFFIX ? str_ends_with(list[i], text)
                                     : str_contains(list[i], text))
            return true;
    return false;
}

/* A guess how often a text is found, by its length and how it must stand in the value. */
static float chance_of(enum pattern_kind kind, struct str text)
{
    size_t len = text.len;
    float chance = 0.5F;

    for (size_t i = 0; i < len && i < 16; i++)
        chance *= 0.54F;
    if (len > 16)
        chance *= 0.25F;
    if (kind == PATTERN_WHOLE)
        chance *= 0.125F;
    if (kind == PATTERN_PREFIX || kind == PATTERN_SUFFIX)
        chance *= 0.5F;
    if (is_one_of(of_requests, ARRAY_COUNT(of_requests), kind, text))
        return REQUEST_CHANCE;
    return chance < EVERYDAY_CHANCE && is_one_of(everyday, ARRAY_COUNT(everyday), kind, text)
               ? EVERYDAY_CHANCE
               : chance;
}

static void add_pattern(struct plan_builder *builder, uint32_t atom, struct pattern pattern,
                        bool exact)
{
    struct plan *plan = builder->plan;
    struct buf *key = &builder->key;

    buf_reset(key);
    buf_add_u64(key, pattern.kind);
    buf_add_char(key, ' ');
    buf_add_u64(key, pattern.field);
    buf_add_char(key, ' ');
    buf_add_u64(key, pattern.flags);
    buf_add_char(key, ' ');
    buf_add(key, pattern.text);
    ENSURE(!key->full);
    uint32_t id = map_find(&builder->pattern_ids, buf_str(key));
    if (id == MAP_NONE) {
        id = plan->pattern_count++;
        map_set(&builder->pattern_ids, buf_str(key), id);
        plan->patterns =
            plan_grow(plan->patterns, &builder->pattern_capacity, id, sizeof(*plan->patterns));
        plan->patterns[id] = pattern;
    }
    number_list_add(&plan->patterns[id].building, atom << 1 | (exact ? 1 : 0));
}

/* The pattern for a text of this atom, which the cased comparison wants in the raw value. */
static struct pattern text_pattern(const struct atom *atom, enum pattern_kind kind, struct str text)
{
    struct pattern pattern = {.kind = kind, .field = atom->field, .text = text};

    if (atom->predicate->cased) {
        pattern.kind = PATTERN_RAW;
        if (kind == PATTERN_WHOLE || kind == PATTERN_PREFIX)
            pattern.flags |= AUTOMATON_AT_START;
        if (kind == PATTERN_WHOLE || kind == PATTERN_SUFFIX)
            pattern.flags |= AUTOMATON_AT_END;
    }
    return pattern;
}

/* One of the texts that a glob of texts and dashes stands for; `choice` counts in fives. */
static struct str written_out(struct plan_builder *builder, const struct glob *glob,
                              const struct shape *shape, uint32_t choice)
{
    struct buf *key = &builder->key;

    buf_reset(key);
    for (uint32_t i = shape->first; i < shape->end; i++) {
        if (glob->tokens[i].kind == GLOB_TEXT) {
            buf_add(key, glob->tokens[i].text);
            continue;
        }
        buf_add(key, dash_forms[choice % DASH_FORMS]);
        choice /= DASH_FORMS;
    }
    ENSURE(!key->full);
    return arena_str(builder->plan->arena, buf_str(key));
}

static void add_glob(struct plan_builder *builder, uint32_t id)
{
    struct atom *atom = &builder->plan->atoms[id];
    const struct glob *glob = &atom->predicate->glob;
    struct shape shape = shape_of(glob);
    struct str longest = glob_longest_text(glob);
    bool keyword = atom_is_keyword(atom);

    /* the values of keywords are searched joined together: a match at an end has to be confirmed */
    if (shape.simple && !(keyword && !(shape.open_start && shape.open_end))) {
        enum pattern_kind kind = literal_kind(&shape);
        uint32_t forms = shape.dashes == 0   ? 1
                         : shape.dashes == 1 ? DASH_FORMS
                                             : DASH_FORMS * DASH_FORMS;
        for (uint32_t i = 0; i < forms; i++) {
            struct str text = written_out(builder, glob, &shape, i);
            if (i == 0)
                atom->chance = chance_of(kind, text);
            /* an empty whole value, cased: no automaton holds it */
            if (text.len == 0 && atom->predicate->cased)
                return;
            add_pattern(builder, id, text_pattern(atom, kind, text), true);
        }
        atom->eager = true;
        return;
    }
    if (longest.len == 0)
        return;
    atom->eager = true;
    atom->chance = chance_of(PATTERN_FOLDED, longest);
    add_pattern(builder, id, text_pattern(atom, PATTERN_FOLDED, longest), false);
}

static void add_regex(struct plan_builder *builder, uint32_t id)
{
    struct atom *atom = &builder->plan->atoms[id];
    const struct predicate *predicate = atom->predicate;
    struct pattern pattern = {
        .kind = PATTERN_RAW,
        .field = atom->field,
        .flags = AUTOMATON_REGEX,
    };

    if (predicate->regex.len > REGEX_BYTES_MAX)
        return;
    char *loose = arena_alloc_bytes(builder->plan->arena, predicate->regex.len);
    pattern.text = (struct str){loose, regex_loosen(predicate->regex, loose)};
    uint32_t weight = regex_weight(pattern.text);
    if (weight > REGEX_WEIGHT_EACH_MAX || weight > REGEX_WEIGHT_ALL_MAX - builder->regex_weight)
        return;
    builder->regex_weight += weight;
    pattern.flags |= predicate->regex_flags & REGEX_CASELESS ? AUTOMATON_CASELESS : 0;
    pattern.flags |= predicate->regex_flags & REGEX_MULTILINE ? AUTOMATON_MULTILINE : 0;
    pattern.flags |= predicate->regex_flags & REGEX_DOTALL ? AUTOMATON_DOTALL : 0;
    atom->eager = true;
    atom->chance = REGEX_CHANCE;
    add_pattern(builder, id, pattern, false);
}

void plan_add_patterns(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;

    for (uint32_t i = 0; i < plan->atom_count; i++) {
        if (plan->atoms[i].predicate->kind == PREDICATE_GLOB)
            add_glob(builder, i);
        else if (plan->atoms[i].predicate->kind == PREDICATE_REGEX)
            add_regex(builder, i);
    }
}
