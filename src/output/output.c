/* output.c - the table of outputs, built from outputs.def. */
#include "output/output.h"

#define OUTPUT(name) extern const struct output output_##name;
#include "output/outputs.def"
#undef OUTPUT

static const struct output *const table[] = {
#define OUTPUT(name) &output_##name,
#include "output/outputs.def"
#undef OUTPUT
};

const struct output *output_by_name(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(table); i++)
        if (str_eq(name, str_from(table[i]->name)))
            return table[i];
    return NULL;
}

const struct output *const *output_all(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
