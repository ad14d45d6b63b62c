/* members.h - JSON objects written member by member: commas come by themselves. */
#ifndef OUTPUT_MEMBERS_H
#define OUTPUT_MEMBERS_H

#include "model/finding.h"

/* A comma, unless this is the first in its object or list. */
void member_next(struct buf *out);
void member_key(struct buf *out, const char *name);
void member_text(struct buf *out, const char *name, struct str value);
void member_number(struct buf *out, const char *name, uint64_t value);
void member_flag(struct buf *out, const char *name, bool value);
void member_texts(struct buf *out, const char *name, const struct str_list *list);
void member_numbers(struct buf *out, const char *name, const uint32_t *values, uint32_t count);
/* Begins an object or list, `{` or `[`; `name` NULL: in a list. The caller ends it. */
void member_open(struct buf *out, const char *name, char bracket);

#endif
