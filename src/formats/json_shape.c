/* json_shape.c - the shapes in which exporters write events: how each is told, and what its names
 * mean. A new shape is a row in the tables and a line in json_shape_of. */
#include "formats/json_priv.h"

const char *const json_shape_names[JSON_SHAPES] = {
    [JSON_SHAPE_EVTX_DUMP] = "evtx_dump",
    [JSON_SHAPE_WINLOGBEAT] = "Winlogbeat",
    [JSON_SHAPE_NXLOG] = "NXLog",
    [JSON_SHAPE_SPLUNK] = "Splunk",
    [JSON_SHAPE_FLAT] = "flat Windows",
    [JSON_SHAPE_EVENT_VIEWER] = "Event Viewer",
    [JSON_SHAPE_DEFENDER] = "Defender advanced hunting",
    [JSON_SHAPE_OTHER] = "other (dotted names)",
};

struct hint_row {
    struct str path;
    uint32_t hint;
};

/* Where a path ends in a dot, anything below it is meant. */
static const struct hint_row hint_rows[] = {
    {STR_INIT("Event.System."), JSON_HINT_SYSTEM},
    {STR_INIT("System.EventID"), JSON_HINT_SYSTEM},
    {STR_INIT("System.Channel"), JSON_HINT_SYSTEM},
    {STR_INIT("winlog.channel"), JSON_HINT_WINLOG},
    {STR_INIT("winlog.event_id"), JSON_HINT_WINLOG},
    {STR_INIT("winlog.provider_name"), JSON_HINT_WINLOG},
    {STR_INIT("winlog.event_data."), JSON_HINT_WINLOG},
    {STR_INIT("log_name"), JSON_HINT_WINLOG},
    {STR_INIT("EventCode"), JSON_HINT_EVENT_CODE},
    {STR_INIT("result.EventCode"), JSON_HINT_EVENT_CODE},
    {STR_INIT("result.EventID"), JSON_HINT_EVENT_CODE},
    {STR_INIT("result.source"), JSON_HINT_WINDOWS_SOURCE},
    {STR_INIT("result.SourceName"), JSON_HINT_SOURCE_NAME},
    {STR_INIT("result.LogName"), JSON_HINT_LOG_NAME},
    {STR_INIT("result.Channel"), JSON_HINT_CHANNEL},
    {STR_INIT("source"), JSON_HINT_WINDOWS_SOURCE},
    {STR_INIT("SourceName"), JSON_HINT_SOURCE_NAME},
    {STR_INIT("Channel"), JSON_HINT_CHANNEL},
    {STR_INIT("LogName"), JSON_HINT_LOG_NAME},
    {STR_INIT("Provider_Name"), JSON_HINT_PROVIDER},
    {STR_INIT("ProviderName"), JSON_HINT_PROVIDER},
    {STR_INIT("EventID"), JSON_HINT_EVENT_ID},
    {STR_INIT("EventId"), JSON_HINT_EVENT_ID},
    {STR_INIT("Id"), JSON_HINT_ID},
    {STR_INIT("Event ID"), JSON_HINT_VIEWER_ID},
    {STR_INIT("Date and Time"), JSON_HINT_VIEWER_TIME},
    {STR_INIT("ActionType"), JSON_HINT_ACTION_TYPE},
    {STR_INIT("DeviceId"), JSON_HINT_DEVICE},
    {STR_INIT("DeviceName"), JSON_HINT_DEVICE},
};

enum json_shape json_shape_of(uint32_t hints)
{
    const uint32_t source =
        JSON_HINT_SOURCE_NAME | JSON_HINT_CHANNEL | JSON_HINT_LOG_NAME | JSON_HINT_WINDOWS_SOURCE;
    const uint32_t place = JSON_HINT_CHANNEL | JSON_HINT_LOG_NAME | JSON_HINT_PROVIDER;

    if (hints & JSON_HINT_SYSTEM)
        return JSON_SHAPE_EVTX_DUMP;
    if (hints & JSON_HINT_WINLOG)
        return JSON_SHAPE_WINLOGBEAT;
    if ((hints & JSON_HINT_EVENT_CODE) && (hints & source))
        return JSON_SHAPE_SPLUNK;
    if ((hints & JSON_HINT_SOURCE_NAME) && (hints & JSON_HINT_EVENT_ID))
        return JSON_SHAPE_NXLOG;
    if ((hints & JSON_HINT_EVENT_ID) && (hints & place))
        return JSON_SHAPE_FLAT;
    if ((hints & JSON_HINT_CHANNEL) && (hints & JSON_HINT_PROVIDER))
        return JSON_SHAPE_FLAT;
    if ((hints & JSON_HINT_ID) && (hints & JSON_HINT_LOG_NAME))
        return JSON_SHAPE_FLAT;
    if ((hints & JSON_HINT_VIEWER_ID) && (hints & JSON_HINT_VIEWER_TIME))
        return JSON_SHAPE_EVENT_VIEWER;
    if ((hints & JSON_HINT_ACTION_TYPE) && (hints & JSON_HINT_DEVICE))
        return JSON_SHAPE_DEFENDER;
    return JSON_SHAPE_OTHER;
}

/* ---- what names mean ---- */

struct meaning_row {
    enum json_shape shape;
    struct str path;
    struct str name; /* Windows' own; empty: only the role */
    enum json_role role;
    uint32_t rank;
};

#define ROW(shape, path, name, role, rank)                                                         \
    {                                                                                              \
        JSON_SHAPE_##shape, STR_INIT(path), STR_INIT(name), JSON_ROLE_##role, rank                 \
    }

static const struct meaning_row meaning_rows[] = {
    ROW(WINLOGBEAT, "winlog.channel", "Channel", NONE, 0),
    ROW(WINLOGBEAT, "winlog.provider_name", "Provider_Name", NONE, 0),
    ROW(WINLOGBEAT, "winlog.provider_guid", "Provider_Guid", NONE, 0),
    ROW(WINLOGBEAT, "winlog.event_id", "EventID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.computer_name", "Computer", HOST, 1),
    ROW(WINLOGBEAT, "winlog.record_id", "EventRecordID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.process.pid", "Execution_ProcessID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.process.thread.id", "Execution_ThreadID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.user.identifier", "Security_UserID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.activity_id", "Correlation_ActivityID", NONE, 0),
    ROW(WINLOGBEAT, "winlog.version", "Version", NONE, 0),
    ROW(WINLOGBEAT, "message", "Message", NONE, 0),
    ROW(WINLOGBEAT, "host.name", "", HOST, 2),
    ROW(WINLOGBEAT, "@timestamp", "", TIME, 1),
    ROW(WINLOGBEAT, "log_name", "Channel", NONE, 0),
    ROW(WINLOGBEAT, "source_name", "Provider_Name", NONE, 0),
    ROW(WINLOGBEAT, "provider_guid", "Provider_Guid", NONE, 0),
    ROW(WINLOGBEAT, "event_id", "EventID", NONE, 0),
    ROW(WINLOGBEAT, "computer_name", "Computer", HOST, 1),
    ROW(WINLOGBEAT, "record_number", "EventRecordID", NONE, 0),
    ROW(WINLOGBEAT, "process_id", "Execution_ProcessID", NONE, 0),
    ROW(WINLOGBEAT, "user.identifier", "Security_UserID", NONE, 0),
    ROW(NXLOG, "SourceName", "Provider_Name", NONE, 0),
    ROW(NXLOG, "ProviderGuid", "Provider_Guid", NONE, 0),
    ROW(NXLOG, "Hostname", "Computer", HOST, 1),
    ROW(NXLOG, "RecordNumber", "EventRecordID", NONE, 0),
    ROW(NXLOG, "ExecutionProcessID", "Execution_ProcessID", NONE, 0),
    ROW(NXLOG, "ExecutionThreadID", "Execution_ThreadID", NONE, 0),
    ROW(NXLOG, "UserID", "Security_UserID", NONE, 0),
    ROW(NXLOG, "OpcodeValue", "Opcode", NONE, 0),
    ROW(NXLOG, "@timestamp", "", TIME, 1),
    ROW(NXLOG, "EventTime", "", TIME, 2),
    ROW(NXLOG, "EventReceivedTime", "", TIME, 3),
    ROW(SPLUNK, "EventCode", "EventID", NONE, 0),
    ROW(SPLUNK, "SourceName", "Provider_Name", NONE, 0),
    ROW(SPLUNK, "LogName", "Channel", NONE, 0),
    ROW(SPLUNK, "ComputerName", "Computer", HOST, 1),
    ROW(SPLUNK, "Computer", "Computer", HOST, 1),
    ROW(SPLUNK, "host", "", HOST, 2),
    ROW(SPLUNK, "RecordNumber", "EventRecordID", NONE, 0),
    ROW(SPLUNK, "source", "", CHANNEL, 0),
    ROW(SPLUNK, "_time", "", TIME, 1),
    ROW(SPLUNK, "TimeCreated", "", TIME, 2),
    ROW(SPLUNK, "SystemTime", "", TIME, 3),
    ROW(FLAT, "LogName", "Channel", NONE, 0),
    ROW(FLAT, "ProviderName", "Provider_Name", NONE, 0),
    ROW(FLAT, "Provider", "Provider_Name", NONE, 0),
    ROW(FLAT, "ProviderId", "Provider_Guid", NONE, 0),
    ROW(FLAT, "EventId", "EventID", NONE, 0),
    ROW(FLAT, "Id", "EventID", NONE, 0),
    ROW(FLAT, "RecordId", "EventRecordID", NONE, 0),
    ROW(FLAT, "Computer", "Computer", HOST, 1),
    ROW(FLAT, "MachineName", "Computer", HOST, 1),
    ROW(FLAT, "ComputerName", "Computer", HOST, 1),
    ROW(FLAT, "Hostname", "Computer", HOST, 2),
    ROW(FLAT, "host", "", HOST, 3),
    ROW(FLAT, "TimeCreated_SystemTime", "", TIME, 1),
    ROW(FLAT, "SystemTime", "", TIME, 1),
    ROW(FLAT, "TimeCreated", "", TIME, 2),
    ROW(FLAT, "@timestamp", "", TIME, 3),
    ROW(FLAT, "EventTime", "", TIME, 4),
    ROW(FLAT, "UtcTime", "", UTC, 5),
    ROW(FLAT, "Timestamp", "", TIME, 6),
    ROW(FLAT, "timestamp", "", TIME, 6),
    ROW(EVENT_VIEWER, "Event ID", "EventID", NONE, 0),
    ROW(EVENT_VIEWER, "Source", "Provider_Name", NONE, 0),
    ROW(EVENT_VIEWER, "Log", "Channel", NONE, 0),
    ROW(EVENT_VIEWER, "Computer", "Computer", HOST, 1),
    ROW(EVENT_VIEWER, "UtcTime", "", UTC, 1),
    ROW(EVENT_VIEWER, "Date and Time", "", TIME, 2),
    ROW(DEFENDER, "DeviceName", "Computer", HOST, 1),
    ROW(DEFENDER, "Timestamp", "", TIME, 1),
    ROW(OTHER, "@timestamp", "", TIME, 1),
    ROW(OTHER, "timestamp", "", TIME, 2),
    ROW(OTHER, "Timestamp", "", TIME, 2),
    ROW(OTHER, "eventTime", "", TIME, 3),
    ROW(OTHER, "EventTime", "", TIME, 3),
    ROW(OTHER, "TimeCreated", "", TIME, 3),
    ROW(OTHER, "requestReceivedTimestamp", "", TIME, 3),
    ROW(OTHER, "datetime", "", TIME, 4),
    ROW(OTHER, "time", "", TIME, 4),
    ROW(OTHER, "DateTime", "", TIME, 4),
    ROW(OTHER, "date-time", "", TIME, 4),
    ROW(OTHER, "timeStamp", "", TIME, 4),
    ROW(OTHER, "_time", "", TIME, 4),
    ROW(OTHER, "ts", "", TIME, 5),
    ROW(OTHER, "host.name", "", HOST, 1),
    ROW(OTHER, "Computer", "", HOST, 1),
    ROW(OTHER, "hostname", "", HOST, 2),
    ROW(OTHER, "host", "", HOST, 3),
};

/* Below these everything goes by the rest of the path. */
static const struct meaning_row prefix_rows[] = {
    ROW(WINLOGBEAT, "winlog.event_data.", "", NONE, 0),
    ROW(WINLOGBEAT, "event_data.", "", NONE, 0),
    ROW(FLAT, "EventData.", "", NONE, 0),
    ROW(FLAT, "event_data.", "", NONE, 0),
    ROW(NXLOG, "EventData.", "", NONE, 0),
    ROW(SPLUNK, "EventData.", "", NONE, 0),
};

/* Below these it goes by the last name: the elements between are the provider's own. */
static const struct meaning_row last_name_rows[] = {
    ROW(WINLOGBEAT, "winlog.user_data.", "", NONE, 0),
    ROW(WINLOGBEAT, "user_data.", "", NONE, 0),
    ROW(FLAT, "UserData.", "", NONE, 0),
};

static bool under(struct str path, struct str row)
{
    bool folder = row.len > 0 && row.at[row.len - 1] == '.';

    return folder ? str_starts_with(path, row) : str_eq(path, row);
}

static void serve(const struct json_names *names, struct json_name *name, struct str field)
{
    const struct field_ref *ref = fields_resolve(names->fields, field);

    if (!ref || name->ref_count == JSON_REFS_MAX)
        return;
    for (uint32_t i = 0; i < name->ref_count; i++)
        if (name->refs[i] == ref)
            return;
    name->refs[name->ref_count++] = ref;
}

/* Under Windows' name, and under the same without blanks ("Threat Name"), as in EVTX. */
static void serve_windows(const struct json_names *names, struct json_name *name, struct str field)
{
    char compact[256];
    size_t len = 0;

    serve(names, name, field);
    if (field.len > sizeof(compact) || str_find_byte(field, ' ') == field.len)
        return;
    for (size_t i = 0; i < field.len; i++)
        if (field.at[i] != ' ')
            compact[len++] = field.at[i];
    serve(names, name, (struct str){compact, len});
}

/* evtx_dump: attributes are "#attributes" inside the element or "X_attributes" beside it, text that
 * stands beside attributes is "#text". The names are those that the EVTX reader gives. */
static struct str evtx_dump_name(const struct json_name *name, char *space, size_t size)
{
    static const struct str attributes = STR_INIT("_attributes");
    const struct json_name *parent = name->parent;

    if (str_eq(name->plain, STR("#text")) && parent)
        return parent->plain;
    struct str element = STR_EMPTY;
    if (parent && parent->parent && str_eq(parent->plain, STR("#attributes")))
        element = parent->parent->plain;
    else if (parent && str_ends_with(parent->plain, attributes))
        element = str_slice(parent->plain, 0, parent->plain.len - attributes.len);
    else if (parent && str_eq(parent->plain, STR("RenderingInfo")) &&
             !str_eq(name->plain, STR("Message")))
        element = parent->plain;
    if (element.len == 0)
        return name->plain;
    if (str_starts_with(name->plain, STR("xmlns")) || element.len + name->plain.len + 1 > size)
        return STR_EMPTY;
    size_t len = 0;
    for (size_t i = 0; i < element.len; i++)
        space[len++] = element.at[i];
    space[len++] = '_';
    for (size_t i = 0; i < name->plain.len; i++)
        space[len++] = name->plain.at[i];
    return (struct str){space, len};
}

static void shape_evtx_dump(const struct json_names *names, struct json_name *name)
{
    char space[512];
    struct str field = evtx_dump_name(name, space, sizeof(space));
    bool system = str_starts_with(name->path, STR("Event.System.")) ||
                  str_starts_with(name->path, STR("System."));

    if (system && str_eq(field, STR("Computer")))
        name->role = JSON_ROLE_HOST;
    else if (system && str_eq(field, STR("TimeCreated_SystemTime")))
        name->role = JSON_ROLE_TIME;
    serve_windows(names, name, field);
}

static void shape_by_tables(const struct json_names *names, struct json_name *name)
{
    struct str path = name->path;

    if (names->shape == JSON_SHAPE_SPLUNK && str_starts_with(path, STR("result.")))
        path = str_slice(path, sizeof("result.") - 1, path.len);
    for (size_t i = 0; i < ARRAY_COUNT(meaning_rows); i++) {
        const struct meaning_row *row = &meaning_rows[i];
        if (row->shape != names->shape || !str_eq(row->path, path))
            continue;
        name->role = row->role;
        name->rank = row->rank;
        if (row->name.len > 0)
            serve(names, name, row->name);
    }
    for (size_t i = 0; i < ARRAY_COUNT(prefix_rows); i++)
        if (prefix_rows[i].shape == names->shape && under(path, prefix_rows[i].path))
            serve_windows(names, name, str_slice(path, prefix_rows[i].path.len, path.len));
    for (size_t i = 0; i < ARRAY_COUNT(last_name_rows); i++)
        if (last_name_rows[i].shape == names->shape && under(path, last_name_rows[i].path))
            serve_windows(names, name, name->plain);
    if (names->shape != JSON_SHAPE_OTHER && names->shape != JSON_SHAPE_DEFENDER)
        serve_windows(names, name, path);
}

uint32_t json_hint_of(struct str path)
{
    uint32_t hints = 0;

    for (size_t i = 0; i < ARRAY_COUNT(hint_rows); i++)
        if (under(path, hint_rows[i].path))
            hints |= hint_rows[i].hint;
    return hints;
}

void json_shape_name(const struct json_names *names, struct json_name *name)
{
    name->hint = json_hint_of(name->path);
    if (names->shape == JSON_SHAPE_EVTX_DUMP)
        shape_evtx_dump(names, name);
    else
        shape_by_tables(names, name);
    serve(names, name, name->path);
}
