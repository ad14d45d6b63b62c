/* field_table.h - which fields the events of a log source have: for those who check rules.
 *
 * Data: the files of share/fields, each a YAML list of
 *
 *   - category: process_creation      # and product, service, as far as they matter
 *     product: windows
 *     fields: [Image, CommandLine]
 *   - product: windows
 *     every: [Channel, EventID]       # fields of all log sources of a product
 *
 * A log source without an entry is not known: any field may be right. */
#ifndef RULES_FIELD_TABLE_H
#define RULES_FIELD_TABLE_H

#include "core/arena.h"
#include "core/err.h"
#include "rules/sigma.h"

struct field_row {
    struct log_source source;
    struct str *fields;
    uint32_t count;
    bool every;
};

struct field_table {
    struct arena *arena; /* borrowed */
    struct field_row *rows;
    uint32_t count, capacity;
};

void field_table_init(struct field_table *table, struct arena *arena);
/* Adds one file; refused whole, with line and reason, if it is not as said above. */
MUST_USE enum err field_table_add(struct field_table *table, struct str yaml, struct why *why);
/* Whether a row tells fields of events that rules of this log source see. */
bool field_row_serves(const struct field_row *row, const struct log_source *source);

#endif
