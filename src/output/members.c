/* members.c - see members.h. */
#include "output/members.h"

#include "codec/json.h"

void member_next(struct buf *out)
{
    char last = out->len > 0 ? out->at[out->len - 1] : '{';

    if (last != '{' && last != '[' && last != ':')
        buf_add_char(out, ',');
}

void member_key(struct buf *out, const char *name)
{
    member_next(out);
    buf_add_char(out, '"');
    buf_add(out, str_from(name));
    buf_add(out, STR("\":"));
}

void member_text(struct buf *out, const char *name, struct str value)
{
    member_key(out, name);
    json_write_str(out, value);
}

void member_number(struct buf *out, const char *name, uint64_t value)
{
    member_key(out, name);
    buf_add_u64(out, value);
}

void member_flag(struct buf *out, const char *name, bool value)
{
    member_key(out, name);
    buf_add(out, value ? STR("true") : STR("false"));
}

void member_open(struct buf *out, const char *name, char bracket)
{
    if (name)
        member_key(out, name);
    else
        member_next(out);
    buf_add_char(out, bracket);
}

void member_texts(struct buf *out, const char *name, const struct str_list *list)
{
    member_open(out, name, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        member_next(out);
        json_write_str(out, list->at[i]);
    }
    buf_add_char(out, ']');
}

void member_numbers(struct buf *out, const char *name, const uint32_t *values, uint32_t count)
{
    member_open(out, name, '[');
    for (uint32_t i = 0; i < count; i++) {
        member_next(out);
        buf_add_u64(out, values[i]);
    }
    buf_add_char(out, ']');
}
