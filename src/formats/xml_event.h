/* xml_event.h - a Windows event as XML into the JSON of `evtx_dump`, the shape that `seawall cat`
 * prints of EVTX. Rules then find the same names and values in either. */
#ifndef FORMATS_XML_EVENT_H
#define FORMATS_XML_EVENT_H

#include "core/arena.h"
#include "core/buf.h"

#define XML_NODES_MAX 16384u /* elements of one event; real ones stay below a few hundred */

/* Appends `"Event":{...}` for the element `<Event>` that is the whole text. NULL, or why it is no
 * event; what was written until then does not count. The
 * buffer may be full. *record: its EventRecordID, 0 if it has none. */
const char *xml_event_write(struct str xml, struct arena *arena, struct buf *json,
                            uint64_t *record);

#endif
