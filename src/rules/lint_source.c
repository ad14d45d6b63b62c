/* lint_source.c - log sources that nothing records, and fields that their events do not have. */
#include "rules/lint.h"
#include "rules/sigma_priv.h"
#include "rules/spelling.h"

static bool is_served(const struct taxonomy *taxonomy, const struct log_source *source)
{
    for (uint32_t i = 0; i < taxonomy->count; i++)
        if (taxonomy_serves(&taxonomy->entries[i], source))
            return true;
    return false;
}

struct str lint_source(const struct taxonomy *taxonomy, const struct log_source *source,
                       struct arena *arena)
{
    static const char *const names[] = {"category", "product", "service"};

    for (unsigned which = 0; which < ARRAY_COUNT(names); which++) {
        struct log_source other = *source;
        struct str *word = which == 0   ? &other.category
                           : which == 1 ? &other.product
                                        : &other.service;
        struct spelling spelling = spelling_of(*word);

        for (uint32_t i = 0; i < taxonomy->count; i++) {
            const struct log_source *entry = &taxonomy->entries[i].source;
            struct str known = which == 0   ? entry->category
                               : which == 1 ? entry->product
                                            : entry->service;
            *word = known;
            if (known.len > 0 && is_served(taxonomy, &other))
                spelling_try(&spelling, known);
        }
        if (spelling.nearest.len > 0)
            return arena_printf(arena, "%s: %.*s", names[which], STR_ARG(spelling.nearest));
    }
    return STR_NONE;
}

/* Whether the entry names the field, as rules call it or as its events do. */
static bool names(const struct taxonomy_entry *entry, struct spelling *spelling)
{
    for (uint32_t i = 0; i < entry->field_count; i++) {
        const struct field_mapping *mapping = &entry->fields[i];
        if (str_eq(mapping->rule_field, spelling->word))
            return true;
        for (uint32_t from = 0; from < mapping->from_count; from++)
            if (str_eq(mapping->from[from], spelling->word))
                return true;
        spelling_try(spelling, mapping->rule_field);
    }
    return false;
}

/* Whether events of the log source may have the field; if not, what may have been meant. */
static bool may_have(const struct lint *lint, const struct log_source *source,
                     struct spelling *spelling)
{
    bool listed = false;

    for (uint32_t i = 0; i < lint->fields->count; i++) {
        const struct field_row *row = &lint->fields->rows[i];
        if (!field_row_serves(row, source))
            continue;
        listed |= !row->every;
        for (uint32_t field = 0; field < row->count; field++) {
            if (str_eq(row->fields[field], spelling->word))
                return true;
            spelling_try(spelling, row->fields[field]);
        }
    }
    for (uint32_t i = 0; listed && i < lint->taxonomy->count; i++) {
        const struct taxonomy_entry *entry = &lint->taxonomy->entries[i];
        if (taxonomy_serves(entry, source) && names(entry, spelling))
            return true;
    }
    return !listed;
}

void lint_field(struct sigma_loading *loading, struct str field, uint32_t line, uint32_t column)
{
    struct spelling spelling = spelling_of(field);

    if (field.len == 0 || may_have(loading->lint, &loading->rule->source, &spelling))
        return;
    sigma_suggest(loading, NOTE_WARNING, line, column, spelling.nearest,
                  "no event of this log source is known to have a field '%.*s'%s", SHOWN(field),
                  str_eq_nocase(field, spelling.nearest) ? ": capitals count in names" : "");
}
