/* lint_maker.h - rules looked at closely, with a small taxonomy and a small table of fields. */
#ifndef LINT_MAKER_H
#define LINT_MAKER_H

#include "rule_maker.h"

#include "rules/lint.h"

static struct field_table field_table;
static struct lint lint;

UNUSED static void lint_begin(void)
{
    struct why why;

    load_begin();
    taxonomy_init(&taxonomy, made);
    field_table_init(&field_table, made);
    CHECK_INT(taxonomy_add(&taxonomy, STR("t.yml"),
                           STR("- category: process_creation\n  product: windows\n"
                               "  service: security\n  when: {EventID: 4688}\n"
                               "  fields: {User: {join: [Domain, Name], with: x}}\n"
                               "- category: webserver\n  when: {EventID: 1}\n"
                               "- {product: windows, service: security, when: {EventID: 2}}\n"),
                           &why),
              ERR_NONE);
    CHECK_INT(field_table_add(&field_table,
                              STR("- product: windows\n  every: [EventID]\n"
                                  "- category: process_creation\n  product: windows\n"
                                  "  fields: [Image, CommandLine, Hashes]\n"),
                              &why),
              ERR_NONE);
    lint = (struct lint){&taxonomy, &field_table};
    set.lint = &lint;
}

/* A rule about processes with this item: `Image: x`; from line 8, column 5 on. */
UNUSED static const struct sigma_rule *lint_this(const char *item)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "title: t\nid: 01234567-89ab-cdef-0123-456789abcdef\nstatus: test\nlevel: low\n"
             "date: 2026-11-22\nlogsource: {category: process_creation, product: windows}\n"
             "detection:\n  s:\n    %s\n  condition: s\n",
             item);
    set.count = 0;
    return load(text);
}

/* "line:column: text (suggestion)" of all notes, warnings with a mark, each on a line. */
UNUSED static struct str notes_of(const struct sigma_rule *rule)
{
    buf_reset(&shown_bytes);
    for (uint32_t i = 0; i < rule->note_count; i++) {
        const struct rule_note *note = &rule->notes[i];
        buf_printf(&shown_bytes, "%s%s%u:%u: %.*s", i ? "\n" : "",
                   note->kind == NOTE_WARNING ? "! " : "", note->line, note->column,
                   STR_ARG(note->text));
        if (note->suggestion.len > 0)
            buf_printf(&shown_bytes, " (%.*s)", STR_ARG(note->suggestion));
    }
    return buf_str(&shown_bytes);
}

#define CHECK_NOTES(item, expected)                                                                \
    do {                                                                                           \
        lint_begin();                                                                              \
        CHECK_STR(notes_of(lint_this(item)), expected);                                            \
        load_end();                                                                                \
    } while (0)

#endif
