/* observe.c - see observe.h. */
#include "engine/observe.h"

#include "analytics/logon_graph.h"
#include "core/ensure.h"
#include "core/hash.h"

#include <stdlib.h>

#define KINDS_MAX 16384u
#define HOURS_MAX 131072u
#define LOGONS_MAX 65536u
#define SESSIONS_MAX 65536u

void observations_init(struct observations *observations, const struct field_dictionary *fields)
{
    census_init(&observations->events, "kinds of events", KINDS_MAX, fields->count / 64 + 1);
    census_init(&observations->hours, "hours", HOURS_MAX, 0);
    census_init(&observations->logons, "logons", LOGONS_MAX, 0);
    census_init(&observations->sessions, "events of sessions", SESSIONS_MAX, 0);
}

void observations_free(struct observations *observations)
{
    census_free(&observations->events);
    census_free(&observations->hours);
    census_free(&observations->logons);
    census_free(&observations->sessions);
}

void observations_reset(struct observations *observations)
{
    census_reset(&observations->events);
    census_reset(&observations->hours);
    census_reset(&observations->logons);
    census_reset(&observations->sessions);
}

void observations_encode(struct observations *observations, struct buf *out)
{
    census_encode(&observations->events, out);
    census_encode(&observations->hours, out);
    census_encode(&observations->logons, out);
    census_encode(&observations->sessions, out);
}

bool observations_decode(struct observations *observations, struct str bytes)
{
    struct cursor in = cursor_over_str(bytes);

    return census_decode(&observations->events, &in) && census_decode(&observations->hours, &in) &&
           census_decode(&observations->logons, &in) &&
           census_decode(&observations->sessions, &in) && cursor_left(&in) == 0;
}

/* ---- one thread's ---- */

/* Where the events of a route and host are summed up. */
struct slot {
    uint64_t serial; /* 0: empty */
    struct str host; /* in the key of the row */
    int64_t hour;
    uint32_t event, in_hour; /* places in the census */
    uint32_t event_epoch, hour_epoch;
    unsigned logons;   /* see logon_source */
    unsigned sessions; /* see session_source */
};

#define SLOTS 256u

struct observer {
    struct observations seen;
    struct slot slots[SLOTS];
    uint16_t channel, provider, event_id; /* ids of fields; FIELD_NONE: nobody asked for it */
    struct session_reader session_reader;
    struct buf key, message;
};

struct observer *observer_new(const struct field_dictionary *fields)
{
    struct observer *observer = calloc(1, sizeof(*observer));

    ENSURE(observer);
    observations_init(&observer->seen, fields);
    observer->channel = fields_find(fields, STR("Channel"));
    observer->provider = fields_find(fields, STR("Provider_Name"));
    observer->event_id = fields_find(fields, STR("EventID"));
    session_reader_init(&observer->session_reader, fields);
    buf_init(&observer->key, CENSUS_KEY_BYTES_MAX);
    buf_init(&observer->message, SIZE_MAX / 2);
    return observer;
}

void observer_free(struct observer *observer)
{
    if (!observer)
        return;
    observations_free(&observer->seen);
    buf_free(&observer->key);
    buf_free(&observer->message);
    free(observer);
}

static struct str text_of(const struct event *event, uint16_t id)
{
    const struct event_field *field = id == FIELD_NONE ? NULL : event_find(event, id);

    return field && field->value.type != VALUE_NULL ? field->value.text : STR_EMPTY;
}

static struct census_row *find_kind(struct observer *observer, const struct event *event,
                                    struct event_route route)
{
    const struct event_kind kind = {.host = event->host,
                                    .channel = text_of(event, observer->channel),
                                    .provider = text_of(event, observer->provider),
                                    .event_id = text_of(event, observer->event_id),
                                    .format = event->format,
                                    .windows = event->windows,
                                    .entries = route.entries,
                                    .words = route.words};

    buf_reset(&observer->key);
    event_kind_write(&kind, &observer->key);
    ENSURE(!observer->key.full);
    return census_find(&observer->seen.events, buf_str(&observer->key));
}

static struct census_row *find_hour(struct observer *observer, const struct event *event,
                                    int64_t hour)
{
    struct str channel = text_of(event, observer->channel);
    const struct event_hour at = {
        .host = event->host, .source = channel.len > 0 ? channel : event->format, .hour = hour};

    buf_reset(&observer->key);
    event_hour_write(&at, &observer->key);
    return census_find(&observer->seen.hours, buf_str(&observer->key));
}

/* Not null, not empty, and not the dash that writers put where they have nothing. */
static bool is_filled(const struct event_field *field)
{
    struct str text = field->value.text;

    if (field->stored == STORED_UTF16LE)
        return text.len > 2 || (text.len == 2 && (text.at[0] != '-' || text.at[1] != 0));
    if (field->stored)
        return true;
    return field->value.type != VALUE_NULL && text.len > 0 && !(text.len == 1 && text.at[0] == '-');
}

static void see_fields(const struct event *event, uint64_t *bits)
{
    for (uint32_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->list[i];
        uint64_t bit = (uint64_t)1 << (field->id % 64);
        if (!(bits[field->id / 64] & bit) && is_filled(field))
            bits[field->id / 64] |= bit;
    }
}

static struct slot *slot_of(struct observer *observer, const struct event *event, uint64_t serial)
{
    struct str host = event->host;
    uint64_t mixed = serial * 31 + host.len;

    if (host.len > 0)
        mixed += (uint64_t)(uint8_t)host.at[host.len - 1] * 7 + (uint64_t)(uint8_t)host.at[0] * 131;
    return &observer->slots[mixed % SLOTS];
}

/* The row of the event's kind; NULL: it found no place. */
static struct census_row *kind_at(struct observer *observer, struct slot *slot,
                                  const struct event *event, struct event_route route)
{
    struct census *events = &observer->seen.events;

    if (LIKELY(slot->serial == route.serial) && slot->event_epoch == events->epoch &&
        str_eq(slot->host, event->host))
        return &events->at[slot->event];
    struct census_row *row = find_kind(observer, event, route);
    *slot = (struct slot){0};
    if (!row)
        return NULL;
    struct cursor key = cursor_over_str(row->key);
    struct str channel = text_of(event, observer->channel);
    struct str event_id = text_of(event, observer->event_id);
    *slot = (struct slot){.serial = route.serial,
                          .host = census_key_take(&key),
                          .hour = INT64_MIN,
                          .event = (uint32_t)(row - events->at),
                          .event_epoch = events->epoch,
                          .logons = logon_source(channel, event_id, event->format),
                          .sessions = session_source(channel, event_id, event->format)};
    return row;
}

static struct census_row *hour_at(struct observer *observer, struct slot *slot,
                                  const struct event *event)
{
    struct census *hours = &observer->seen.hours;
    int64_t hour = event_hour_of(event->time_ns);

    if (slot->serial && slot->hour == hour && slot->hour_epoch == hours->epoch)
        return &hours->at[slot->in_hour];
    struct census_row *row = find_hour(observer, event, hour);
    slot->hour = row ? hour : INT64_MIN;
    slot->in_hour = row ? (uint32_t)(row - hours->at) : 0;
    slot->hour_epoch = hours->epoch;
    return row;
}

static void take_logon(struct observer *observer, unsigned source, const struct event *event)
{
    struct logon logon;

    if (!logon_read(&observer->session_reader.logons, source, event, &logon))
        return;
    buf_reset(&observer->key);
    logon_key_write(&logon, &observer->key);
    struct census_row *row = census_find(&observer->seen.logons, buf_str(&observer->key));
    if (row)
        census_row_count(row, event->has_time, event->time_ns, 0);
    else
        observer->seen.logons.beyond++;
}

static void take_session(struct observer *observer, unsigned source, const struct event *event)
{
    struct session_event session;

    if (!session_read(&observer->session_reader, source, event, &session))
        return;
    buf_reset(&observer->key);
    session_key_write(&session, &observer->key);
    struct census_row *row = census_find(&observer->seen.sessions, buf_str(&observer->key));
    if (row)
        census_row_count(row, true, event->time_ns, 0);
    else
        observer->seen.sessions.beyond++;
}

void observer_take(struct observer *observer, const struct event *event, struct event_route route)
{
    struct slot *slot = slot_of(observer, event, route.serial);
    struct census_row *kind = kind_at(observer, slot, event, route);

    if (kind) {
        census_row_count(kind, event->has_time, event->time_ns, event->record);
        see_fields(event, kind->bits);
        if (UNLIKELY(slot->logons))
            take_logon(observer, slot->logons, event);
        if (UNLIKELY(slot->sessions))
            take_session(observer, slot->sessions, event);
    } else {
        observer->seen.events.beyond++;
    }
    if (!event->has_time)
        return;
    struct census_row *hour = hour_at(observer, slot, event);
    if (hour)
        census_row_count(hour, true, event->time_ns, event->record);
    else
        observer->seen.hours.beyond++;
}

struct str observer_tell(struct observer *observer)
{
    buf_reset(&observer->message);
    observations_encode(&observer->seen, &observer->message);
    ENSURE(!observer->message.full);
    observations_reset(&observer->seen);
    return buf_str(&observer->message);
}
