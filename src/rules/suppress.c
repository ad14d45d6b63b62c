/* suppress.c - see suppress.h. */
#include "rules/suppress.h"

#include "codec/time_text.h"
#include "core/limits.h"
#include "core/map.h"
#include "model/finding.h"
#include "rules/correlation_resolve.h"
#include "rules/matcher_priv.h"
#include "rules/sigma_priv.h"

#include <stdarg.h>

#define DAY_NS INT64_C(86400000000000)
#define DATE_LENGTH 10                    /* YYYY-MM-DD */
#define TREES_BYTES_MAX ((size_t)4 << 30) /* of one file; far more than the limits of YAML allow */

void suppressions_init(struct suppressions *all, struct arena *arena)
{
    *all = (struct suppressions){.arena = arena};
    all->field_names = ARENA_NEW(arena, struct map);
    map_init(all->field_names, arena);
}

/* ---- files ---- */

/* The file that is being read. */
struct suppress_file {
    struct suppressions *all;
    struct arena *trees; /* gone behind the file */
    struct str path;
    const struct placeholders *lists;
    struct why *why;
};

/* "path:line:column: COMPLAINT". Always false. */
PRINTF_LIKE(4, 5)
static bool refuse(const struct suppress_file *file, uint32_t line, uint32_t column,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    why_set_at(file->why, file->path, line, column, format, args);
    va_end(args);
    return false;
}

/* One text or a list of texts. */
static bool read_texts(const struct suppress_file *file, const struct yaml_member *member,
                       struct str **texts, uint32_t *count)
{
    const struct yaml_node *node = member->value;

    *texts = ARENA_ARRAY(file->all->arena, struct str, node->count + 1u);
    if (yaml_is_text(node)) {
        (*texts)[(*count)++] = node->text;
        return true;
    }
    for (uint32_t i = 0; i < node->count && node->kind == YAML_LIST; i++) {
        if (!yaml_is_text(node->members[i].value))
            break;
        (*texts)[(*count)++] = node->members[i].value->text;
    }
    if (*count > 0 && *count == node->count)
        return true;
    return refuse(file, member->key_line, member->key_column,
                  "'%.*s' must be a text or a list of texts", SHOWN(member->key));
}

/* The same with Sigma's wildcards. */
static bool read_patterns(const struct suppress_file *file, const struct yaml_member *member,
                          struct text_patterns *patterns)
{
    struct arena *arena = file->all->arena;
    struct str *texts;

    if (!read_texts(file, member, &texts, &patterns->count))
        return false;
    patterns->at = ARENA_ARRAY(arena, struct glob, patterns->count);
    for (uint32_t i = 0; i < patterns->count; i++) {
        if (texts[i].len > RULE_VALUE_BYTES_MAX)
            return refuse(file, member->key_line, member->key_column,
                          "a value has more than %d bytes", RULE_VALUE_BYTES_MAX);
        patterns->at[i] =
            pattern_finish(arena, pattern_parse(arena, texts[i]), false, false, false);
    }
    return true;
}

static bool read_until(const struct suppress_file *file, const struct yaml_node *node,
                       struct suppression *entry)
{
    bool has_zone;

    if (node->kind != YAML_SCALAR || !time_parse(node->text, &entry->until_ns, &has_zone))
        return refuse(file, node->line, node->column,
                      "'until' must be a date or time, such as 2026-11-22");
    entry->has_until = true;
    if (node->text.len == DATE_LENGTH) /* that whole day, too */
        entry->until_ns += DAY_NS;
    return true;
}

/* ---- conditions ---- */

/* `when` is the body of one search identifier; as a detection: {when: BODY, condition: when}. */
static struct yaml_node *detection_of(struct arena *arena, const struct yaml_member *when)
{
    struct yaml_node *detection = ARENA_NEW(arena, struct yaml_node);
    struct yaml_node *condition = ARENA_NEW(arena, struct yaml_node);

    *condition = (struct yaml_node){
        .kind = YAML_SCALAR, .line = when->key_line, .column = when->key_column, .text = when->key};
    *detection = (struct yaml_node){
        .kind = YAML_MAP, .line = when->key_line, .column = when->key_column, .count = 2};
    detection->members = ARENA_ARRAY(arena, struct yaml_member, 2);
    detection->members[0] = *when;
    detection->members[1] = (struct yaml_member){
        .key = STR("condition"), .key_line = when->key_line, .value = condition};
    return detection;
}

/* Fields, values and expressions are limited over all entries: each rule carries them. */
static bool has_room(struct suppress_file *file, struct sigma_loading *loading,
                     const struct sigma_rule *rule, const struct expression *expression)
{
    struct suppressions *all = file->all;

    all->values += rule->values;
    if (all->values > RULE_VALUES_MAX)
        return sigma_refuse(loading, rule->line, 1, "the entries have more than %d values",
                            RULE_VALUES_MAX);
    all->fields += loading->field_count;
    if (all->fields > RULE_FIELDS_MAX)
        return sigma_refuse(loading, rule->line, 1, "the entries name more than %d fields",
                            RULE_FIELDS_MAX);
    return sigma_check_expressions(loading, expression, "entries", &all->expressions,
                                   RULE_EXPRESSIONS_MAX);
}

static bool read_condition(struct suppress_file *file, const struct yaml_node *detection,
                           struct suppression *entry)
{
    struct arena *arena = file->all->arena;
    struct sigma_rule rule = {.path = file->path, .line = detection->line};
    size_t left = arena_cap_left(arena) / 2;
    struct sigma_loading loading = {.arena = arena,
                                    .rule = &rule,
                                    .what = "entry",
                                    .lists = file->lists,
                                    .memory_max =
                                        arena_used(arena) +
                                        (left < RULE_FILE_MEMORY_MAX ? left : RULE_FILE_MEMORY_MAX),
                                    .fields = file->all->field_names,
                                    .document = file->all->count};

    if (detection_parse(&loading, detection) && has_room(file, &loading, &rule, rule.detection)) {
        for (uint32_t i = 0; i < rule.note_count; i++)
            if (rule.notes[i].kind == NOTE_WARNING)
                return refuse(file, rule.notes[i].line, rule.notes[i].column, "%.*s",
                              STR_ARG(rule.notes[i].text));
        entry->when = rule.detection;
        return true;
    }
    return refuse(file, rule.reason_line, rule.reason_column, "%.*s", STR_ARG(rule.reason));
}

/* ---- entries ---- */

static bool read_member(struct suppress_file *file, const struct yaml_member *member,
                        struct suppression *entry)
{
    if (str_eq(member->key, STR("rule")))
        return read_texts(file, member, &entry->rules, &entry->rule_count);
    if (str_eq(member->key, STR("host")))
        return read_patterns(file, member, &entry->hosts);
    if (str_eq(member->key, STR("account")))
        return read_patterns(file, member, &entry->accounts);
    if (str_eq(member->key, STR("until")))
        return read_until(file, member->value, entry);
    if (str_eq(member->key, STR("reason"))) {
        entry->reason = member->value->text;
        return yaml_is_text(member->value) ||
               refuse(file, member->key_line, member->key_column, "'reason' must be a text");
    }
    if (entry->when && (str_eq(member->key, STR("when")) || str_eq(member->key, STR("detection"))))
        return refuse(file, member->key_line, member->key_column,
                      "an entry has 'when' or 'detection', not both");
    if (str_eq(member->key, STR("when")))
        return read_condition(file, detection_of(file->trees, member), entry);
    if (str_eq(member->key, STR("detection")))
        return read_condition(file, member->value, entry);
    return refuse(file, member->key_line, member->key_column,
                  "an entry has no '%.*s'; there are rule, host, account, when, detection, reason, "
                  "until",
                  SHOWN(member->key));
}

static bool read_entry(struct suppress_file *file, const struct yaml_node *node)
{
    struct suppression entry = {.path = file->path, .line = node->line, .reason = STR_NONE};
    struct suppressions *all = file->all;

    if (node->kind != YAML_MAP)
        return refuse(file, node->line, node->column,
                      "an entry must be a map with a reason, and with rule, host, account or when");
    if (all->count == SUPPRESSIONS_MAX)
        return refuse(file, node->line, node->column, "there are more than %d entries",
                      SUPPRESSIONS_MAX);
    for (uint32_t i = 0; i < node->count; i++)
        if (!read_member(file, &node->members[i], &entry))
            return false;
    if (entry.reason.len == 0)
        return refuse(file, node->line, node->column, "the entry has no 'reason'");
    if (entry.rule_count + entry.hosts.count + entry.accounts.count == 0 && !entry.when)
        return refuse(file, node->line, node->column,
                      "the entry would suppress everything; it needs rule, host, account or when");
    if (all->count == all->capacity) {
        uint32_t capacity = all->capacity ? all->capacity * 2 : 16;
        struct suppression *grown = ARENA_ARRAY(all->arena, struct suppression, capacity);
        for (uint32_t i = 0; i < all->count; i++)
            grown[i] = all->at[i];
        all->at = grown;
        all->capacity = capacity;
    }
    all->at[all->count++] = entry;
    return true;
}

static enum err read_file(struct suppress_file *file, struct str yaml)
{
    struct yaml_documents documents;
    struct why complaint;
    enum err err = yaml_parse_apart(yaml, file->trees, file->all->arena, &documents, &complaint);

    if (err) {
        why_set(file->why, "%.*s: %.600s", STR_ARG(file->path), complaint.text);
        return err;
    }
    for (uint32_t d = 0; d < documents.count; d++) {
        const struct yaml_node *root = documents.roots[d];
        if (root->kind != YAML_LIST) {
            refuse(file, root->line, root->column, "the file must be a list of entries");
            return ERR_INVALID;
        }
        for (uint32_t i = 0; i < root->count; i++)
            if (!read_entry(file, root->members[i].value))
                return ERR_INVALID;
    }
    return ERR_NONE;
}

enum err suppressions_add(struct suppressions *all, struct str path, struct str yaml,
                          const struct placeholders *lists, struct why *why)
{
    struct suppress_file file = {.all = all,
                                 .trees = arena_new("YAML of suppress files", TREES_BYTES_MAX),
                                 .path = arena_str(all->arena, path),
                                 .lists = lists,
                                 .why = why};
    enum err err = read_file(&file, yaml);

    arena_free(file.trees);
    return err;
}

/* ---- rules ---- */

static void add_to_rule(struct arena *arena, struct sigma_rule *rule, uint32_t entry)
{
    uint32_t count = rule->suppression_count;

    if (count > 0 && rule->suppressions[count - 1] == entry)
        return;                       /* named by id and title */
    if ((count & (count - 1)) == 0) { /* room for powers of two */
        uint32_t *grown = ARENA_ARRAY(arena, uint32_t, count ? count * 2 : 1);
        for (uint32_t i = 0; i < count; i++)
            grown[i] = rule->suppressions[i];
        rule->suppressions = grown;
    }
    rule->suppressions[rule->suppression_count++] = entry;
}

static void ask_names(struct rule_set *set, struct sigma_rule *rule,
                      const struct expression *condition)
{
    for (uint32_t i = 0; i < condition->count; i++)
        ask_names(set, rule, condition->children[i]);
    if (condition->kind != EXPRESSION_TEST)
        return;
    if (condition->test->field.len > 0)
        correlation_ask(set, rule, condition->test->field);
    if (condition->test->kind == PREDICATE_FIELDREF)
        correlation_ask(set, rule, condition->test->other);
}

/* Its findings are no events: what the entry looks at must be told of those that it is over. */
static void ask_correlation(struct rule_set *set, struct sigma_rule *rule,
                            const struct suppression *entry)
{
    uint32_t at = 0;
    struct str field;

    if (entry->when)
        ask_names(set, rule, entry->when);
    while (entry->accounts.count > 0 && entity_field_next(ENTITY_ACCOUNT, &at, &field))
        correlation_ask(set, rule, arena_str(set->arena, field)); /* nothing points out of it */
}

static void attach_named(struct suppressions *all, struct rule_set *set, struct map *names,
                         const uint32_t *next, uint32_t entry)
{
    struct suppression *suppression = &all->at[entry];

    for (uint32_t i = 0; i < suppression->rule_count; i++) {
        uint32_t at = map_find(names, suppression->rules[i]);
        for (; at != MAP_NONE; at = next[at]) {
            struct sigma_rule *rule = set->rules[at / 2];
            add_to_rule(all->arena, rule, entry);
            if (rule_is_correlation(rule))
                ask_correlation(set, rule, suppression);
            suppression->rules_meant += rule->state == RULE_LOADED;
        }
    }
}

void suppressions_attach(struct suppressions *all, struct rule_set *set)
{
    struct map names; /* id or title -> twice the rule's number, one more for its title */
    uint32_t *next = ARENA_ARRAY(all->arena, uint32_t, 2 * (size_t)set->count + 1);

    set->suppressions = all;
    all->general = ARENA_ARRAY(all->arena, uint32_t, all->count + 1u);
    map_init(&names, all->arena);
    for (uint32_t i = 2 * set->count; all->count > 0 && i-- > 0;) {
        const struct sigma_rule *rule = set->rules[i / 2];
        struct str name = i & 1 ? rule->title : rule->id;
        next[i] = map_find(&names, name);
        map_set(&names, name, i);
    }
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->at[i].rule_count > 0) {
            attach_named(all, set, &names, next, i);
            continue;
        }
        all->general[all->general_count++] = i;
        for (uint32_t rule = 0; rule < set->count; rule++)
            all->at[i].rules_meant += set->rules[rule]->state == RULE_LOADED;
    }
    if (all->count > 0)
        correlations_pass_on(set);
}

void suppressions_expire(struct suppressions *all, int64_t now_ns)
{
    for (uint32_t i = 0; i < all->count; i++)
        all->at[i].expired = all->at[i].has_until && all->at[i].until_ns <= now_ns;
}

/* ---- matches ---- */

/* The accounts of the match at hand, once they are known. */
struct asked {
    const struct str *accounts;
    uint32_t count;
    bool known;
};

static bool is_among(const struct text_patterns *patterns, struct str text, struct matcher *matcher)
{
    struct str folded = matcher_fold(&matcher->fold, text);

    for (uint32_t i = 0; i < patterns->count; i++)
        if (glob_matches(&patterns->at[i], folded))
            return true;
    return false;
}

static bool names_account(const struct suppression *entry, const struct suppression_case *match,
                          struct asked *asked)
{
    if (!asked->known)
        asked->accounts = match->accounts(match->context, &asked->count);
    asked->known = true;
    for (uint32_t i = 0; i < asked->count; i++)
        if (is_among(&entry->accounts, asked->accounts[i], match->matcher))
            return true;
    return false;
}

static bool condition_holds(const struct suppression_case *match,
                            const struct expression *condition)
{
    if (!match->event)
        return match->holds(match->context, condition);
    return matcher_holds(match->matcher, match->event, match->rule, condition);
}

static bool takes(const struct suppression *entry, const struct suppression_case *match,
                  struct asked *asked)
{
    return !entry->expired &&
           (entry->hosts.count == 0 || is_among(&entry->hosts, match->host, match->matcher)) &&
           (!entry->when || condition_holds(match, entry->when)) &&
           (entry->accounts.count == 0 || names_account(entry, match, asked));
}

uint32_t suppressions_find(const struct suppressions *all, const struct suppression_case *match)
{
    const struct sigma_rule *rule = match->rule;
    uint32_t own = 0, general = 0;
    struct asked asked = {0};

    for (;;) { /* both lists in one order */
        uint32_t a = own < rule->suppression_count ? rule->suppressions[own] : SUPPRESSION_NONE;
        uint32_t b = general < all->general_count ? all->general[general] : SUPPRESSION_NONE;
        uint32_t entry = a < b ? a : b;
        if (entry == SUPPRESSION_NONE || takes(&all->at[entry], match, &asked))
            return entry;
        own += entry == a;
        general += entry == b;
    }
}
