/* lint.h - a closer look at rules, for those who write them: what works, but hardly as meant.
 *
 * Asked for by rule_set.lint; what is found becomes notes of the rule. Warnings say that a part of
 * it cannot come true, as far as is known; lints that it could be written better. */
#ifndef RULES_LINT_H
#define RULES_LINT_H

#include "rules/field_table.h"
#include "rules/taxonomy.h"

/* Borrowed; both must be there before the first rule. */
struct lint {
    const struct taxonomy *taxonomy;
    const struct field_table *fields;
};

/* What a log source that no entry serves may have been meant for: one of its three names spelled
 * otherwise, as "category: process_creation". Empty: nothing is near. */
struct str lint_source(const struct taxonomy *taxonomy, const struct log_source *source,
                       struct arena *arena);

#endif
