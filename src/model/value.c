/* value.c - what values look like that are not stored as text. */
#include "model/value.h"

static bool is_made_of(struct str text, struct str characters)
{
    for (size_t i = 0; i < text.len; i++)
        if (str_find_byte(characters, text.at[i]) == characters.len)
            return false;
    return true;
}

bool value_may_be_no_text(struct str folded)
{
    static const struct str words[] = {STR_INIT("true"), STR_INIT("false"), STR_INIT("null"),
                                       STR_INIT("nan"), STR_INIT("-infinity")};
    static const struct str characters[] = {
        STR_INIT("0123456789abcdef-x"), /* bytes, GUIDs, integers */
        STR_INIT("0123456789+-.e"),     /* real numbers */
        STR_INIT("0123456789+-.:tz"),   /* times */
        STR_INIT("0123456789-s"),       /* security ids */
    };

    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_contains(words[i], folded))
            return true;
    for (size_t i = 0; i < ARRAY_COUNT(characters); i++)
        if (is_made_of(folded, characters[i]))
            return true;
    return false;
}
