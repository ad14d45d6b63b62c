/* inline_event.h - events that stand in a text of the user's own, such as a rule's test: read in
 * this process, one at a time. */
#ifndef ENGINE_INLINE_EVENT_H
#define ENGINE_INLINE_EVENT_H

#include "formats/format.h"

struct inline_event;

/* `fields` must be frozen and outlive it. */
struct inline_event *inline_event_new(const struct field_dictionary *fields);
void inline_event_free(struct inline_event *inline_event); /* accepts NULL */
/* The event of one JSON object, valid until the next call; NULL with the reason in *why. `format`:
 * in what evidence it is to have been found; empty: JSON. Both texts must outlive the event. */
struct event *inline_event_read(struct inline_event *inline_event, struct str json,
                                struct str format, const char **why);

#endif
