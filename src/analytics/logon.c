/* logon.c - see logon.h. */
#include "analytics/logon.h"

static const struct str names[LOGON_FIELDS] = {
    [LOGON_TARGET_USER] = STR_INIT("TargetUserName"),
    [LOGON_TARGET_DOMAIN] = STR_INIT("TargetDomainName"),
    [LOGON_TARGET_SID] = STR_INIT("TargetUserSid"),
    [LOGON_SUBJECT_USER] = STR_INIT("SubjectUserName"),
    [LOGON_SUBJECT_DOMAIN] = STR_INIT("SubjectDomainName"),
    [LOGON_SUBJECT_SID] = STR_INIT("SubjectUserSid"),
    [LOGON_TYPE] = STR_INIT("LogonType"),
    [LOGON_IP_ADDRESS] = STR_INIT("IpAddress"),
    [LOGON_WORKSTATION_NAME] = STR_INIT("WorkstationName"),
    [LOGON_WORKSTATION] = STR_INIT("Workstation"),
    [LOGON_STATUS] = STR_INIT("Status"),
    [LOGON_TARGET_SERVER] = STR_INIT("TargetServerName"),
    [LOGON_SERVICE_NAME] = STR_INIT("ServiceName"),
    [LOGON_ACCOUNT_NAME] = STR_INIT("AccountName"),
    [LOGON_ACCOUNT_DOMAIN] = STR_INIT("AccountDomain"),
    [LOGON_CLIENT_NAME] = STR_INIT("ClientName"),
    [LOGON_CLIENT_ADDRESS] = STR_INIT("ClientAddress"),
    [LOGON_USER] = STR_INIT("User"),
    [LOGON_ADDRESS] = STR_INIT("Address"),
    [LOGON_PARAM1] = STR_INIT("Param1"),
    [LOGON_PARAM2] = STR_INIT("Param2"),
    [LOGON_PARAM3] = STR_INIT("Param3"),
    [LOGON_SOURCE_IP] = STR_INIT("SourceIp"),
    [LOGON_INITIATED] = STR_INIT("Initiated"),
    [LOGON_SOURCE_ADDRESS] = STR_INIT("SourceAddress"),
    [LOGON_DIRECTION] = STR_INIT("Direction"),
    [LOGON_PROGRAM] = STR_INIT("program"),
    [LOGON_MESSAGE] = STR_INIT("message"),
};

#define SECURITY STR_INIT("Security")
#define SESSIONS STR_INIT("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational")
#define CONNECTIONS                                                                                \
    STR_INIT("Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational")

/* How an event tells where the account came from, and where to. */
enum direction {
    FROM_SOURCE, /* from the source that it names to the machine that wrote it */
    TO_SERVER,   /* from the machine that wrote it to the one that it names */
    TO_SERVICE,  /* from the source to the machine whose account the service is */
    HERE         /* nobody came */
};

struct source {
    struct str channel, event_id;
    enum logon_field account, domain, sid, name, address;
    enum direction direction;
    enum logon_kind kind; /* LOGON_KINDS: LogonType says it */
    bool failed;
    bool status; /* it failed unless Status is zero */
};

static const struct source sources[] = {
    {SECURITY, STR_INIT("4624"), LOGON_TARGET_USER, LOGON_TARGET_DOMAIN, LOGON_TARGET_SID,
     LOGON_WORKSTATION_NAME, LOGON_IP_ADDRESS, FROM_SOURCE, LOGON_KINDS, false, false},
    {SECURITY, STR_INIT("4625"), LOGON_TARGET_USER, LOGON_TARGET_DOMAIN, LOGON_TARGET_SID,
     LOGON_WORKSTATION_NAME, LOGON_IP_ADDRESS, FROM_SOURCE, LOGON_KINDS, true, false},
    {SECURITY, STR_INIT("4648"), LOGON_TARGET_USER, LOGON_TARGET_DOMAIN, LOGON_FIELD_NONE,
     LOGON_FIELD_NONE, LOGON_FIELD_NONE, TO_SERVER, LOGON_EXPLICIT, false, false},
    {SECURITY, STR_INIT("4672"), LOGON_SUBJECT_USER, LOGON_SUBJECT_DOMAIN, LOGON_SUBJECT_SID,
     LOGON_FIELD_NONE, LOGON_FIELD_NONE, HERE, LOGON_OTHER, false, false},
    {SECURITY, STR_INIT("4768"), LOGON_TARGET_USER, LOGON_TARGET_DOMAIN, LOGON_TARGET_SID,
     LOGON_FIELD_NONE, LOGON_IP_ADDRESS, FROM_SOURCE, LOGON_KERBEROS, false, true},
    {SECURITY, STR_INIT("4769"), LOGON_TARGET_USER, LOGON_TARGET_DOMAIN, LOGON_FIELD_NONE,
     LOGON_FIELD_NONE, LOGON_IP_ADDRESS, TO_SERVICE, LOGON_KERBEROS, false, true},
    {SECURITY, STR_INIT("4771"), LOGON_TARGET_USER, LOGON_FIELD_NONE, LOGON_FIELD_NONE,
     LOGON_FIELD_NONE, LOGON_IP_ADDRESS, FROM_SOURCE, LOGON_KERBEROS, true, false},
    {SECURITY, STR_INIT("4776"), LOGON_TARGET_USER, LOGON_FIELD_NONE, LOGON_FIELD_NONE,
     LOGON_WORKSTATION, LOGON_FIELD_NONE, FROM_SOURCE, LOGON_NTLM, false, true},
    {SECURITY, STR_INIT("4778"), LOGON_ACCOUNT_NAME, LOGON_ACCOUNT_DOMAIN, LOGON_FIELD_NONE,
     LOGON_CLIENT_NAME, LOGON_CLIENT_ADDRESS, FROM_SOURCE, LOGON_REMOTE, false, false},
    {SESSIONS, STR_INIT("21"), LOGON_USER, LOGON_FIELD_NONE, LOGON_FIELD_NONE, LOGON_FIELD_NONE,
     LOGON_ADDRESS, FROM_SOURCE, LOGON_REMOTE, false, false},
    {SESSIONS, STR_INIT("25"), LOGON_USER, LOGON_FIELD_NONE, LOGON_FIELD_NONE, LOGON_FIELD_NONE,
     LOGON_ADDRESS, FROM_SOURCE, LOGON_REMOTE, false, false},
    {CONNECTIONS, STR_INIT("1149"), LOGON_PARAM1, LOGON_PARAM2, LOGON_FIELD_NONE, LOGON_FIELD_NONE,
     LOGON_PARAM3, FROM_SOURCE, LOGON_REMOTE, false, false},
};

enum {
    SYSLOG = ARRAY_COUNT(sources) + 1,
    SYSMON_CONNECTION, /* opened by the machine: it tells the machine's address */
    FILTERED_CONNECTION
};

void logon_add_fields(struct field_dictionary *fields)
{
    for (unsigned i = LOGON_FIELD_NONE + 1; i < LOGON_FIELDS; i++)
        fields_add(fields, names[i]);
}

void logon_reader_init(struct logon_reader *reader, const struct field_dictionary *fields)
{
    reader->ids[LOGON_FIELD_NONE] = FIELD_NONE;
    for (unsigned i = LOGON_FIELD_NONE + 1; i < LOGON_FIELDS; i++)
        reader->ids[i] = fields_find(fields, names[i]);
}

unsigned logon_source(struct str channel, struct str event_id, struct str format)
{
    for (unsigned i = 0; i < ARRAY_COUNT(sources); i++)
        if (str_eq(event_id, sources[i].event_id) && str_eq_nocase(channel, sources[i].channel))
            return i + 1;
    if (str_eq(event_id, STR("3")) &&
        str_eq_nocase(channel, STR("Microsoft-Windows-Sysmon/Operational")))
        return SYSMON_CONNECTION;
    if (str_eq(event_id, STR("5156")) && str_eq_nocase(channel, STR("Security")))
        return FILTERED_CONNECTION;
    return str_eq(format, STR("syslog")) ? SYSLOG : 0;
}

/* What stands in a field; empty where it is absent, null, or the writer's dash. */
static struct str text_of(const struct logon_reader *reader, const struct event *event,
                          enum logon_field which)
{
    uint16_t id = reader->ids[which];
    const struct event_field *field = id == FIELD_NONE ? NULL : event_find(event, id);

    if (!field || field->value.type == VALUE_NULL || str_eq(field->value.text, STR("-")))
        return STR_EMPTY;
    return field->value.text;
}

static enum logon_kind kind_of(struct str type)
{
    static const struct {
        struct str type;
        enum logon_kind kind;
    } kinds[] = {{STR_INIT("2"), LOGON_INTERACTIVE},  {STR_INIT("3"), LOGON_NETWORK},
                 {STR_INIT("4"), LOGON_BATCH},        {STR_INIT("5"), LOGON_SERVICE},
                 {STR_INIT("7"), LOGON_UNLOCK},       {STR_INIT("8"), LOGON_NETWORK},
                 {STR_INIT("9"), LOGON_EXPLICIT},     {STR_INIT("10"), LOGON_REMOTE},
                 {STR_INIT("11"), LOGON_INTERACTIVE}, {STR_INIT("12"), LOGON_REMOTE},
                 {STR_INIT("13"), LOGON_UNLOCK}};

    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (str_eq(type, kinds[i].type))
            return kinds[i].kind;
    return LOGON_OTHER;
}

/* Windows' own: they log on all the time, and from nowhere. Names are localised, SIDs are not. */
static bool is_systems_own(struct str sid, struct str account)
{
    static const struct str sids[] = {STR_INIT("S-1-5-7"), STR_INIT("S-1-5-18"),
                                      STR_INIT("S-1-5-19"), STR_INIT("S-1-5-20")};
    static const struct str accounts[] = {STR_INIT("SYSTEM"), STR_INIT("LOCAL SERVICE"),
                                          STR_INIT("NETWORK SERVICE"), STR_INIT("ANONYMOUS LOGON")};

    for (size_t i = 0; i < ARRAY_COUNT(sids); i++)
        if (str_eq(sid, sids[i]) || str_eq_nocase(account, accounts[i]))
            return true;
    return str_starts_with(sid, STR("S-1-5-90-")) || str_starts_with(sid, STR("S-1-5-96-"));
}

static bool is_zero(struct str status)
{
    return str_eq(status, STR("0x0")) || str_eq(status, STR("0x00000000")) ||
           str_eq(status, STR("0"));
}

/* "DOMAIN\name" and "name@REALM" have their domain in them. */
static void split_account(struct logon *logon)
{
    size_t slash = str_find_byte(logon->account, '\\'), at = str_find_byte(logon->account, '@');

    if (slash < logon->account.len) {
        logon->domain = str_slice(logon->account, 0, slash);
        logon->account = str_slice(logon->account, slash + 1, logon->account.len);
    } else if (at > 0 && at < logon->account.len) {
        if (logon->domain.len == 0)
            logon->domain = str_slice(logon->account, at + 1, logon->account.len);
        logon->account = str_slice(logon->account, 0, at);
    }
}

static struct str service_host(struct str service)
{
    return service.len > 1 && service.at[service.len - 1] == '$'
               ? str_slice(service, 0, service.len - 1)
               : STR_EMPTY;
}

static bool read_windows(const struct logon_reader *reader, const struct source *source,
                         const struct event *event, struct logon *logon)
{
    *logon = (struct logon){.domain = text_of(reader, event, source->domain),
                            .account = text_of(reader, event, source->account),
                            .source_name = text_of(reader, event, source->name),
                            .source_address = text_of(reader, event, source->address),
                            .target = event->host,
                            .kind = source->kind,
                            .failed = source->failed,
                            .privilege = source->direction == HERE};
    if (source->kind == LOGON_KINDS)
        logon->kind = kind_of(text_of(reader, event, LOGON_TYPE));
    if (source->status)
        logon->failed = !is_zero(text_of(reader, event, LOGON_STATUS));
    if (source->direction == TO_SERVER) {
        struct str server = text_of(reader, event, LOGON_TARGET_SERVER);
        logon->source_name = event->host;
        if (server.len > 0 && !str_eq_nocase(server, STR("localhost")))
            logon->target = server;
    } else if (source->direction == TO_SERVICE) {
        struct str host = service_host(text_of(reader, event, LOGON_SERVICE_NAME));
        if (host.len > 0)
            logon->target = host;
    }
    split_account(logon);
    return logon->account.len > 0 &&
           !is_systems_own(text_of(reader, event, source->sid), logon->account);
}

/* Index behind the last `needle`, or 0. An account may be called anything; what sshd writes itself
 * comes last. */
static size_t behind_last(struct str text, struct str needle)
{
    for (size_t at = text.len; at >= needle.len; at--)
        if (str_eq(str_slice(text, at - needle.len, at), needle))
            return at;
    return 0;
}

/* "Accepted password for root from 192.0.2.7 port 22 ssh2", "Failed ... for invalid user x from" */
static bool read_sshd(struct str message, struct logon *logon)
{
    struct str invalid = STR("invalid user ");
    size_t at = str_find(message, STR(" for ")), from = behind_last(message, STR(" from "));

    if (!str_starts_with(message, logon->failed ? STR("Failed ") : STR("Accepted ")) ||
        at == message.len || from < at + 6)
        return false;
    logon->account = str_slice(message, at + 5, from - 6);
    if (str_starts_with(logon->account, invalid))
        logon->account = str_slice(logon->account, invalid.len, logon->account.len);
    struct str rest = str_slice(message, from, message.len);
    logon->source_address = str_slice(rest, 0, str_find_byte(rest, ' '));
    return logon->account.len > 0 && logon->source_address.len > 0;
}

static bool read_syslog(const struct logon_reader *reader, const struct event *event,
                        struct logon *logon)
{
    struct str program = text_of(reader, event, LOGON_PROGRAM);

    if (!str_eq(program, STR("sshd")) && !str_eq(program, STR("sshd-session")))
        return false;
    struct str message = text_of(reader, event, LOGON_MESSAGE);
    *logon = (struct logon){.target = event->host,
                            .kind = LOGON_SSH,
                            .failed = str_starts_with(message, STR("Failed "))};
    return read_sshd(message, logon);
}

/* `outbound`: what the field says of connections that the machine opened. */
static bool read_connection(const struct logon_reader *reader, const struct event *event,
                            enum logon_field address, enum logon_field direction,
                            struct str outbound, struct logon *logon)
{
    *logon = (struct logon){.source_name = event->host,
                            .source_address = text_of(reader, event, address),
                            .kind = LOGON_OTHER,
                            .address = true};
    return logon->source_address.len > 0 &&
           str_eq_nocase(text_of(reader, event, direction), outbound);
}

bool logon_read(const struct logon_reader *reader, unsigned source, const struct event *event,
                struct logon *logon)
{
    switch (source) {
    case 0:
        return false;
    case SYSLOG:
        return read_syslog(reader, event, logon);
    case SYSMON_CONNECTION:
        return read_connection(reader, event, LOGON_SOURCE_IP, LOGON_INITIATED, STR("true"), logon);
    case FILTERED_CONNECTION:
        return read_connection(reader, event, LOGON_SOURCE_ADDRESS, LOGON_DIRECTION, STR("%%14593"),
                               logon);
    default:
        return read_windows(reader, &sources[source - 1], event, logon);
    }
}
