/* event_message.h - what a Windows event says, in words: "EXAMPLE\alice logged on over the network
 * (3) from 192.0.2.7".
 *
 * Windows keeps the sentences of its events in libraries of the machine that wrote them, where
 * nobody who has only the log can read them. Files of share/messages, and the user's, in YAML, have
 * sentences of our own, and the meaning of codes; docs/messages.md describes their form. */
#ifndef MODEL_EVENT_MESSAGE_H
#define MODEL_EVENT_MESSAGE_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/map.h"
#include "model/language.h"

struct code {
    struct str key;  /* of a table without numbers */
    uint64_t number; /* or bits */
    struct str texts[LANGUAGES];
};

struct code_table {
    struct str name;
    bool is_text; /* keys are texts, not numbers */
    bool is_bits; /* a value is a sum of keys */
    struct code *at;
    uint32_t count;
};

/* Text, or a field; an optional group of parts goes where one of its fields is empty. */
struct message_part {
    struct str text;
    struct str field;  /* without blanks; empty: only text */
    uint32_t nth;      /* value of the field, from 1 */
    uint32_t table;    /* UINT32_MAX: the value as it stands */
    uint32_t optional; /* number of its group, from 1; 0: it stands always */
};

struct message_parts {
    struct message_part *at;
    uint32_t count;
};

struct event_message {
    struct str provider; /* empty: any */
    uint32_t next;       /* of the same channel and id, added before; UINT32_MAX: none */
    struct message_parts parts[LANGUAGES];
};

struct event_messages {
    struct arena *arena; /* borrowed */
    struct event_message *at;
    uint32_t count, capacity;
    struct code_table *tables;
    uint32_t table_count;
    struct map by_key, by_table;
};

void event_messages_init(struct event_messages *messages, struct arena *arena);
/* Adds those of one file, which go before earlier ones of the same channel, id and provider; a
 * refusal has line, column and reason, and messages are of no use then. `yaml` may go away. */
MUST_USE enum err event_messages_add(struct event_messages *messages, struct str yaml,
                                     struct why *why);

/* What this event says: JSON that json_is_valid, in any shape in which formats give Windows events.
 * Empty if there is no message for it. The text lives in `arena`; it is as hostile as the event. */
struct str event_message(const struct event_messages *messages, struct str event,
                         enum language language, struct arena *arena);

/* The key of a channel and id; for event_message_read.c. */
#define MESSAGE_KEY_MAX 320u
struct str event_message_key(struct str channel, struct str id, char key[MESSAGE_KEY_MAX]);

/* A number as events write codes: "12", "0x1A", "-1073741715" (the low 32 bits count). */
MUST_USE bool code_number(struct str text, uint64_t *number);
/* Adds the value in words, and the value itself behind them; as it stands if the table has none. */
void code_add(const struct code_table *table, struct str value, enum language language,
              struct buf *out);

#endif
