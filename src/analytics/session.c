/* session.c - see session.h. */
#include "analytics/session.h"

#include <stdlib.h>

/* What two logs say of one logon lies so far apart at most. */
#define SAME_NS (UINT64_C(60) * 1000000000)

#define SECURITY STR_INIT("Security")
#define SESSIONS STR_INIT("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational")

enum id_field { TARGET_LOGON_ID, LOGON_ID, SESSION_ID };

static const struct {
    struct str channel, event_id;
    enum session_space space;
    enum id_field id;
    enum session_role role;
    bool typed; /* of every kind of logon: LogonType says which */
} sources[] = {
    {SECURITY, STR_INIT("4624"), SESSION_BY_LOGON, TARGET_LOGON_ID, SESSION_BEGIN, true},
    {SECURITY, STR_INIT("4634"), SESSION_BY_LOGON, TARGET_LOGON_ID, SESSION_END, true},
    {SECURITY, STR_INIT("4647"), SESSION_BY_LOGON, TARGET_LOGON_ID, SESSION_END, false},
    {SECURITY, STR_INIT("4778"), SESSION_BY_LOGON, LOGON_ID, SESSION_BACK, false},
    {SECURITY, STR_INIT("4779"), SESSION_BY_LOGON, LOGON_ID, SESSION_LEFT, false},
    {SESSIONS, STR_INIT("21"), SESSION_BY_NUMBER, SESSION_ID, SESSION_BEGIN, false},
    {SESSIONS, STR_INIT("23"), SESSION_BY_NUMBER, SESSION_ID, SESSION_END, false},
    {SESSIONS, STR_INIT("24"), SESSION_BY_NUMBER, SESSION_ID, SESSION_LEFT, false},
    {SESSIONS, STR_INIT("25"), SESSION_BY_NUMBER, SESSION_ID, SESSION_BACK, false},
};

#define SYSLOG (ARRAY_COUNT(sources) + 1)

void session_add_fields(struct field_dictionary *fields)
{
    logon_add_fields(fields);
    fields_add(fields, STR("TargetLogonId"));
    fields_add(fields, STR("LogonID"));
    fields_add(fields, STR("SessionID"));
    fields_add(fields, STR("pid"));
}

void session_reader_init(struct session_reader *reader, const struct field_dictionary *fields)
{
    logon_reader_init(&reader->logons, fields);
    reader->target_logon_id = fields_find(fields, STR("TargetLogonId"));
    reader->logon_id = fields_find(fields, STR("LogonID"));
    reader->session_id = fields_find(fields, STR("SessionID"));
    reader->type = fields_find(fields, STR("LogonType"));
    reader->pid = fields_find(fields, STR("pid"));
    reader->program = fields_find(fields, STR("program"));
    reader->message = fields_find(fields, STR("message"));
}

unsigned session_source(struct str channel, struct str event_id, struct str format)
{
    for (unsigned i = 0; i < ARRAY_COUNT(sources); i++)
        if (str_eq(event_id, sources[i].event_id) && str_eq_nocase(channel, sources[i].channel))
            return i + 1;
    return str_eq(format, STR("syslog")) ? SYSLOG : 0;
}

static struct str text_of(const struct event *event, uint16_t id)
{
    const struct event_field *field = id == FIELD_NONE ? NULL : event_find(event, id);

    return field && field->value.type != VALUE_NULL ? field->value.text : STR_EMPTY;
}

/* Of people: at the machine, or over remote desktop. */
static bool is_persons(struct str type)
{
    return str_eq(type, STR("2")) || str_eq(type, STR("10")) || str_eq(type, STR("11")) ||
           str_eq(type, STR("12"));
}

static bool takes_logon(const struct session_reader *reader, struct str channel, struct str id,
                        const struct event *event, struct session_event *session)
{
    unsigned source = logon_source(channel, id, event->format);

    return session->role != SESSION_BEGIN ||
           (logon_read(&reader->logons, source, event, &session->logon) && !session->logon.failed);
}

static bool read_syslog(const struct session_reader *reader, const struct event *event,
                        struct session_event *session)
{
    struct str program = text_of(event, reader->program);
    struct str message = text_of(event, reader->message);

    if (!str_eq(program, STR("sshd")) && !str_eq(program, STR("sshd-session")))
        return false;
    session->space = SESSION_BY_PROCESS;
    session->id = text_of(event, reader->pid);
    if (str_starts_with(message, STR("Accepted ")))
        session->role = SESSION_BEGIN;
    else if (str_contains(message, STR(": session closed for user ")))
        session->role = SESSION_END;
    else
        return false;
    return session->id.len > 0 && takes_logon(reader, STR_EMPTY, STR_EMPTY, event, session);
}

bool session_read(const struct session_reader *reader, unsigned source, const struct event *event,
                  struct session_event *session)
{
    const uint16_t ids[] = {[TARGET_LOGON_ID] = reader->target_logon_id,
                            [LOGON_ID] = reader->logon_id,
                            [SESSION_ID] = reader->session_id};

    *session = (struct session_event){.host = event->host, .time_ns = event->time_ns};
    if (source == 0 || !event->has_time)
        return false;
    if (source == SYSLOG)
        return read_syslog(reader, event, session);
    unsigned i = source - 1;
    session->space = sources[i].space;
    session->role = sources[i].role;
    session->id = text_of(event, ids[sources[i].id]);
    return session->id.len > 0 && (!sources[i].typed || is_persons(text_of(event, reader->type))) &&
           takes_logon(reader, sources[i].channel, sources[i].event_id, event, session);
}

/* ---- keys ---- */

void session_key_write(const struct session_event *session, struct buf *key)
{
    census_key_add(key, session->host);
    buf_add_char(key, (char)session->space);
    census_key_add(key, session->id);
    census_key_add_u64(key, (uint64_t)session->time_ns);
    buf_add_char(key, (char)session->role);
    buf_add_char(key, (char)session->logon.kind);
    census_key_add(key, session->logon.domain);
    census_key_add(key, session->logon.account);
    census_key_add(key, session->logon.source_name);
    census_key_add(key, session->logon.source_address);
}

bool session_key_read(struct str key, struct session_event *session)
{
    struct cursor in = cursor_over_str(key);

    session->host = census_key_take(&in);
    uint8_t space = cursor_u8(&in);
    session->id = census_key_take(&in);
    session->time_ns = (int64_t)census_key_take_u64(&in);
    uint8_t role = cursor_u8(&in), kind = cursor_u8(&in);
    session->space = space < SESSION_SPACES ? (enum session_space)space : SESSION_BY_LOGON;
    session->role = role < SESSION_ROLES ? (enum session_role)role : SESSION_END;
    session->logon = (struct logon){
        .kind = kind < LOGON_KINDS ? (enum logon_kind)kind : LOGON_OTHER, .target = session->host};
    session->logon.domain = census_key_take(&in);
    session->logon.account = census_key_take(&in);
    session->logon.source_name = census_key_take(&in);
    session->logon.source_address = census_key_take(&in);
    return !in.failed && cursor_left(&in) == 0 && space < SESSION_SPACES && role < SESSION_ROLES &&
           kind < LOGON_KINDS;
}

/* ---- joining ---- */

static bool same_id(const struct session_event *a, const struct session_event *b)
{
    return a->space == b->space && str_eq(a->host, b->host) && str_eq(a->id, b->id);
}

static int compare_events(const void *a, const void *b)
{
    const struct session_event *left = a, *right = b;
    int order = str_compare(left->host, right->host);

    if (order)
        return order;
    if (left->space != right->space)
        return left->space < right->space ? -1 : 1;
    order = str_compare(left->id, right->id);
    if (order)
        return order;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    if (left->role != right->role)
        return left->role < right->role ? -1 : 1;
    return str_compare(left->logon.account, right->logon.account);
}

static int compare_nocase(struct str a, struct str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        char left = ascii_lower(a.at[i]), right = ascii_lower(b.at[i]);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_sessions(const void *a, const void *b)
{
    const struct session *left = a, *right = b;
    int order = str_compare(left->host, right->host);

    if (!order)
        order = compare_nocase(left->logon.account, right->logon.account);
    if (order)
        return order;
    if (left->first_ns != right->first_ns)
        return left->first_ns < right->first_ns ? -1 : 1;
    return (left->last_ns > right->last_ns) - (left->last_ns < right->last_ns);
}

/* One event more of a session that is not ended. */
static void go_on(struct session *session, const struct session_event *event)
{
    session->last_ns = event->time_ns;
    session->ended = event->role == SESSION_END;
    session->left = event->role == SESSION_LEFT;
    session->breaks += event->role == SESSION_LEFT;
}

static uint32_t pair(const struct session_event *events, uint32_t count, struct session *out)
{
    struct session *open = NULL;
    uint32_t sessions = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && !same_id(&events[i], &events[i - 1]))
            open = NULL;
        if (events[i].role == SESSION_BEGIN) {
            open = &out[sessions++];
            *open = (struct session){.logon = events[i].logon,
                                     .host = events[i].host,
                                     .first_ns = events[i].time_ns,
                                     .last_ns = events[i].time_ns};
        } else if (open && !open->ended) {
            go_on(open, &events[i]);
        }
    }
    return sessions;
}

static bool is_same(const struct session *a, const struct session *b)
{
    return str_eq(a->host, b->host) && str_eq_nocase(a->logon.account, b->logon.account) &&
           (a->logon.kind == LOGON_REMOTE) == (b->logon.kind == LOGON_REMOTE) &&
           (a->logon.kind == LOGON_SSH) == (b->logon.kind == LOGON_SSH) &&
           a->logon.kind != LOGON_SSH && (uint64_t)b->first_ns - (uint64_t)a->first_ns <= SAME_NS;
}

/* An administrator's logon is told twice, and once more by TerminalServices. */
static void fold(struct session *into, const struct session *other)
{
    if (into->logon.source_name.len == 0)
        into->logon.source_name = other->logon.source_name;
    if (into->logon.source_address.len == 0)
        into->logon.source_address = other->logon.source_address;
    if (into->logon.domain.len == 0)
        into->logon.domain = other->logon.domain;
    if (other->last_ns >= into->last_ns)
        into->left = other->left;
    into->last_ns = other->last_ns > into->last_ns ? other->last_ns : into->last_ns;
    into->ended |= other->ended;
    into->left &= !into->ended;
    into->breaks = other->breaks > into->breaks ? other->breaks : into->breaks;
}

struct session *sessions_join(const struct census *events, struct arena *arena, uint32_t *count)
{
    struct session_event *all = ARENA_ARRAY(arena, struct session_event, events->count);
    struct session *sessions = ARENA_ARRAY(arena, struct session, events->count);
    uint32_t read = 0, kept = 0;

    for (uint32_t i = 0; i < events->count; i++)
        read += session_key_read(events->at[i].key, &all[read]);
    if (read > 1)
        qsort(all, read, sizeof(*all), compare_events);
    uint32_t paired = pair(all, read, sessions);
    if (paired > 1)
        qsort(sessions, paired, sizeof(*sessions), compare_sessions);
    for (uint32_t i = 0; i < paired; i++) {
        if (kept > 0 && is_same(&sessions[kept - 1], &sessions[i]))
            fold(&sessions[kept - 1], &sessions[i]);
        else
            sessions[kept++] = sessions[i];
    }
    *count = kept;
    return sessions;
}
