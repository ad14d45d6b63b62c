/* correlated.c - see correlated.h. */
#include "rules/correlated.h"

void correlated_entities(const struct correlation *correlation, uint32_t field, struct str value,
                         struct entities *entities)
{
    struct str name = correlation->group_by[field];

    entities_add(entities, name, value);
    for (uint32_t i = 0; i < correlation->alias_count; i++) {
        const struct correlation_alias *alias = &correlation->aliases[i];
        if (!str_eq(alias->name, name))
            continue;
        for (uint32_t reference = 0; reference < alias->count; reference++)
            entities_add(entities, alias->fields[reference], value);
    }
}
