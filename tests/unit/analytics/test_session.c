/* test_session.c - what events say of sessions, and sessions joined of it. */
#include "analytics/session.h"
#include "testkit.h"

#define MINUTE (INT64_C(60) * 1000000000)
#define SESSIONS "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"

static struct arena *arena, *event_arena;
static struct field_dictionary fields;
static struct event *event;
static struct session_reader reader;
static struct session_event said;
static struct census events;
static struct session *sessions;
static uint32_t count;

static void begin(void)
{
    arena = arena_new("test", 1 << 20);
    event_arena = arena_new("event", 1 << 20);
    fields_init(&fields, arena);
    session_add_fields(&fields);
    fields_freeze(&fields);
    session_reader_init(&reader, &fields);
    event = event_new(&fields, event_arena);
    census_init(&events, "test", 1000, 0);
}

static void end(void)
{
    census_free(&events);
    event_free(event);
    arena_free(event_arena);
    arena_free(arena);
}

/* Fields as "Name=value;Name=value". */
static bool reads(const char *format, const char *channel, const char *id, int64_t minute,
                  const char *given)
{
    struct str rest = str_from(given);

    event_reset(event);
    event->host = STR("ws-1");
    event->format = str_from(format);
    event->has_time = minute >= 0;
    event->time_ns = minute * MINUTE;
    while (rest.len > 0) {
        struct str value = str_cut(&rest, ';'), name = str_cut(&value, '=');
        event_add(event, fields_resolve(&fields, name), (struct value){value, VALUE_STRING});
    }
    return session_read(&reader, session_source(str_from(channel), str_from(id), event->format),
                        event, &said);
}

static void take(const char *channel, const char *id, int64_t minute, const char *given)
{
    struct buf key;

    CHECK(reads(channel[0] ? "evtx" : "syslog", channel, id, minute, given));
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    session_key_write(&said, &key);
    census_row_count(census_find(&events, buf_str(&key)), true, said.time_ns, 0);
    buf_free(&key);
}

static void join(void)
{
    census_trim(&events);
    sessions = sessions_join(&events, arena, &count);
}

#define LOGON(type, account, id)                                                                   \
    "LogonType=" type ";TargetUserName=" account ";TargetDomainName=EX;TargetLogonId=" id          \
    ";IpAddress=192.0.2.7;WorkstationName=-"

TEST(only_what_people_do_is_a_session)
{
    begin();
    CHECK(reads("evtx", "Security", "4624", 1, LOGON("10", "bob", "0x1")));
    CHECK_INT(said.role, SESSION_BEGIN);
    CHECK_STR(said.id, "0x1");
    CHECK_STR(said.logon.account, "bob");
    CHECK(!reads("evtx", "Security", "4624", 1, LOGON("3", "bob", "0x1")));
    CHECK(!reads("evtx", "Security", "4624", -1, LOGON("10", "bob", "0x1")));
    CHECK(!reads("evtx", "Security", "4624", 1, LOGON("2", "SYSTEM", "0x1")));
    CHECK(!reads("evtx", "Security", "4634", 1, "LogonType=3;TargetLogonId=0x1"));
    CHECK(reads("evtx", "Security", "4634", 1, "LogonType=2;TargetLogonId=0x1"));
    CHECK(reads("evtx", "Security", "4647", 1, "TargetLogonId=0x1"));
    CHECK_INT(said.role, SESSION_END);
    CHECK(!reads("evtx", "Security", "4647", 1, "TargetLogonId="));
    CHECK(reads("evtx", "Security", "4779", 1, "LogonID=0x1;AccountName=bob"));
    CHECK_INT(said.role, SESSION_LEFT);
    CHECK(reads("evtx", SESSIONS, "21", 1, "User=EX\\bob;SessionID=2;Address=192.0.2.7"));
    CHECK_STR(said.logon.domain, "EX");
    CHECK(reads("evtx", SESSIONS, "24", 1, "User=EX\\bob;SessionID=2"));
    CHECK(!reads("evtx", "Security", "4688", 1, "TargetLogonId=0x1"));
    CHECK(reads("syslog", "", "", 1,
                "program=sshd;pid=7;message=Accepted password for bob from 192.0.2.7 port 5 ssh2"));
    CHECK(reads("syslog", "", "", 1,
                "program=sshd;pid=7;message=pam_unix(sshd:session): session closed for user bob"));
    CHECK(!reads("syslog", "", "", 1,
                 "program=sshd;pid=7;message=Failed password for bob from 192.0.2.7 port 5 ssh2"));
    CHECK(!reads("syslog", "", "", 1, "program=cron;pid=7;message=session closed for user bob"));
    CHECK(!reads("json", "", "", 1, "program=sshd;pid=7;message=x"));
    end();
}

TEST(keys_come_back)
{
    struct session_event back;
    struct buf key;

    begin();
    CHECK(reads("evtx", "Security", "4624", 3, LOGON("10", "bob", "0x1")));
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    session_key_write(&said, &key);
    CHECK(session_key_read(buf_str(&key), &back));
    CHECK_STR(back.host, "ws-1");
    CHECK_STR(back.id, "0x1");
    CHECK_STR(back.logon.source_address, "192.0.2.7");
    CHECK_INT(back.time_ns, 3 * MINUTE);
    CHECK_INT(back.logon.kind, LOGON_REMOTE);
    CHECK(!session_key_read(str_slice(buf_str(&key), 0, key.len - 1), &back));
    buf_add_char(&key, 'x');
    CHECK(!session_key_read(buf_str(&key), &back));
    buf_free(&key);
    end();
}

TEST(begin_and_end_are_joined)
{
    begin();
    take("Security", "4647", 40, "TargetLogonId=0x1");
    take("Security", "4624", 10, LOGON("2", "bob", "0x1"));
    take("Security", "4634", 41, "LogonType=2;TargetLogonId=0x1"); /* again: it is over */
    take("Security", "4647", 5, "TargetLogonId=0x9"); /* of one that nobody saw begin */
    take("Security", "4624", 50, LOGON("2", "eve", "0x2"));
    join();
    CHECK_INT(count, 2);
    CHECK_STR(sessions[0].logon.account, "bob");
    CHECK_INT(sessions[0].first_ns, 10 * MINUTE);
    CHECK_INT(sessions[0].last_ns, 40 * MINUTE);
    CHECK(sessions[0].ended);
    CHECK_STR(sessions[1].logon.account, "eve");
    CHECK(!sessions[1].ended && !sessions[1].left);
    end();
}

TEST(a_session_is_left_and_taken_up_again)
{
    begin();
    take("Security", "4624", 10, LOGON("10", "bob", "0x1"));
    take("Security", "4779", 20, "LogonID=0x1;AccountName=bob");
    take("Security", "4778", 30, "LogonID=0x1;AccountName=bob");
    take("Security", "4779", 40, "LogonID=0x1;AccountName=bob");
    join();
    CHECK_INT(count, 1);
    CHECK_INT(sessions[0].breaks, 2);
    CHECK(sessions[0].left && !sessions[0].ended);
    CHECK_INT(sessions[0].last_ns, 40 * MINUTE);
    end();
}

TEST(ids_are_used_again)
{
    begin();
    take(SESSIONS, "21", 10, "User=EX\\bob;SessionID=2;Address=192.0.2.7");
    take(SESSIONS, "23", 20, "User=EX\\bob;SessionID=2");
    take(SESSIONS, "21", 30, "User=EX\\eve;SessionID=2;Address=192.0.2.8");
    take(SESSIONS, "24", 40, "User=EX\\eve;SessionID=2;Address=192.0.2.8");
    join();
    CHECK_INT(count, 2);
    CHECK(sessions[0].ended && sessions[0].last_ns == 20 * MINUTE);
    CHECK(sessions[1].left && sessions[1].last_ns == 40 * MINUTE);
    end();
}

TEST(what_several_logs_say_is_one_session)
{
    begin();
    take("Security", "4624", 10, LOGON("10", "bob", "0x1"));
    take("Security", "4624", 10, LOGON("10", "bob", "0x2")); /* elevated and not */
    take(SESSIONS, "21", 11, "User=EX\\BOB;SessionID=2;Address=192.0.2.7");
    take("Security", "4634", 30, "LogonType=10;TargetLogonId=0x1");
    take(SESSIONS, "23", 31, "User=EX\\BOB;SessionID=2");
    take("Security", "4624", 60, LOGON("10", "bob", "0x3"));
    join();
    CHECK_INT(count, 2);
    CHECK_INT(sessions[0].last_ns, 31 * MINUTE);
    CHECK(sessions[0].ended);
    CHECK_INT(sessions[1].first_ns, 60 * MINUTE);
    end();
}

TEST(sessions_of_sshd_go_by_the_process)
{
    begin();
    take("", "", 10, "program=sshd;pid=7;message=Accepted publickey for bob from 192.0.2.7 port 5");
    take("", "", 10, "program=sshd;pid=8;message=Accepted publickey for bob from 192.0.2.7 port 6");
    take("", "", 20,
         "program=sshd;pid=8;message=pam_unix(sshd:session): session closed for user b");
    join();
    CHECK_INT(count, 2);
    CHECK(sessions[0].ended != sessions[1].ended);
    end();
}
