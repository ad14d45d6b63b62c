/* test_logon.c - what events say about logons. */
#include "analytics/logon.h"
#include "testkit.h"

static struct arena *arena, *event_arena;
static struct field_dictionary fields;
static struct event *event;
static struct logon_reader reader;
static struct logon logon;

static void begin(void)
{
    arena = arena_new("test", 1 << 20);
    event_arena = arena_new("event", 1 << 20);
    fields_init(&fields, arena);
    logon_add_fields(&fields);
    fields_freeze(&fields);
    logon_reader_init(&reader, &fields);
    event = event_new(&fields, event_arena);
    event->host = STR("DC01.ex.test");
}

static void end(void)
{
    event_free(event);
    arena_free(event_arena);
    arena_free(arena);
}

/* Fields as "Name=value;Name=value". */
static bool reads(const char *channel, const char *id, const char *given)
{
    struct str rest = str_from(given), host = event->host;

    event_reset(event);
    event->host = host;
    event->format = STR("evtx");
    while (rest.len > 0) {
        struct str value = str_cut(&rest, ';'), name = str_cut(&value, '=');
        event_add(event, fields_resolve(&fields, name), (struct value){value, VALUE_STRING});
    }
    return logon_read(&reader, logon_source(str_from(channel), str_from(id), event->format), event,
                      &logon);
}

TEST(a_logon_says_who_came_from_where)
{
    begin();
    CHECK(reads("security", "4624",
                "TargetUserName=bob;TargetDomainName=EX;TargetUserSid=S-1-5-21-1;LogonType=10;"
                "IpAddress=192.0.2.7;WorkstationName=WS1"));
    CHECK_STR(logon.account, "bob");
    CHECK_STR(logon.domain, "EX");
    CHECK_STR(logon.source_address, "192.0.2.7");
    CHECK_STR(logon.source_name, "WS1");
    CHECK_STR(logon.target, "DC01.ex.test");
    CHECK_INT(logon.kind, LOGON_REMOTE);
    CHECK(!logon.failed && !logon.privilege && !logon.address);
    CHECK(reads("Security", "4625", "TargetUserName=bob;LogonType=3;IpAddress=-"));
    CHECK(logon.failed);
    CHECK_INT(logon.kind, LOGON_NETWORK);
    CHECK_STR(logon.source_address, "");
    end();
}

TEST(the_systems_own_accounts_are_left_out)
{
    begin();
    CHECK(!reads("Security", "4624", "TargetUserName=Lokal;TargetUserSid=S-1-5-18;LogonType=5"));
    CHECK(!reads("Security", "4624", "TargetUserName=DWM-1;TargetUserSid=S-1-5-90-0-1"));
    CHECK(!reads("Security", "4624", "TargetUserName=ANONYMOUS LOGON;LogonType=3"));
    CHECK(!reads("Security", "4624", "TargetUserName=-;LogonType=3"));
    CHECK(!reads("Security", "4634", "TargetUserName=bob"));
    CHECK(!reads("Application", "4624", "TargetUserName=bob"));
    end();
}

TEST(tickets_fail_by_their_status)
{
    begin();
    CHECK(reads("Security", "4769",
                "TargetUserName=bob@EX.TEST;ServiceName=FS01$;IpAddress=::ffff:192.0.2.7;"
                "Status=0x0"));
    CHECK_STR(logon.account, "bob");
    CHECK_STR(logon.domain, "EX.TEST");
    CHECK_STR(logon.target, "FS01");
    CHECK(!logon.failed);
    CHECK(reads("Security", "4769", "TargetUserName=bob;ServiceName=krbtgt;Status=0x6"));
    CHECK_STR(logon.target, "DC01.ex.test");
    CHECK(logon.failed);
    CHECK(reads("Security", "4776", "TargetUserName=bob;Workstation=KALI;Status=0xc000006a"));
    CHECK_INT(logon.kind, LOGON_NTLM);
    CHECK_STR(logon.source_name, "KALI");
    CHECK(logon.failed);
    end();
}

TEST(explicit_credentials_go_to_another_machine)
{
    begin();
    CHECK(reads("Security", "4648", "TargetUserName=bob;TargetServerName=FS01"));
    CHECK_STR(logon.source_name, "DC01.ex.test");
    CHECK_STR(logon.target, "FS01");
    CHECK(reads("Security", "4648", "TargetUserName=bob;TargetServerName=localhost"));
    CHECK_STR(logon.target, "DC01.ex.test");
    end();
}

TEST(remote_sessions_are_logons)
{
    begin();
    CHECK(reads("Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational", "1149",
                "Param1=bob;Param2=EX;Param3=192.0.2.7"));
    CHECK_STR(logon.account, "bob");
    CHECK_STR(logon.source_address, "192.0.2.7");
    CHECK(reads("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "21",
                "User=EX\\bob;Address=192.0.2.7"));
    CHECK_STR(logon.account, "bob");
    CHECK_STR(logon.domain, "EX");
    CHECK(reads("Security", "4778",
                "AccountName=bob;AccountDomain=EX;ClientName=WS1;ClientAddress=192.0.2.7"));
    CHECK_STR(logon.source_name, "WS1");
    CHECK_INT(logon.kind, LOGON_REMOTE);
    end();
}

TEST(privileges_and_addresses_are_no_logons)
{
    begin();
    CHECK(reads("Security", "4672", "SubjectUserName=bob;SubjectDomainName=EX"));
    CHECK(logon.privilege);
    CHECK(reads("Microsoft-Windows-Sysmon/Operational", "3", "SourceIp=192.0.2.9;Initiated=true"));
    CHECK(logon.address);
    CHECK_STR(logon.source_name, "DC01.ex.test");
    CHECK_STR(logon.source_address, "192.0.2.9");
    CHECK(
        !reads("Microsoft-Windows-Sysmon/Operational", "3", "SourceIp=192.0.2.9;Initiated=false"));
    CHECK(reads("Security", "5156", "SourceAddress=192.0.2.9;Direction=%%14593"));
    CHECK(logon.address);
    end();
}

static bool reads_line(const char *program, const char *message)
{
    event_reset(event);
    event->host = STR("web");
    event->format = STR("syslog");
    event_add(event, fields_resolve(&fields, STR("program")),
              (struct value){str_from(program), VALUE_STRING});
    event_add(event, fields_resolve(&fields, STR("message")),
              (struct value){str_from(message), VALUE_STRING});
    return logon_read(&reader, logon_source(STR_EMPTY, STR_EMPTY, event->format), event, &logon);
}

TEST(lines_of_sshd)
{
    begin();
    CHECK(reads_line("sshd", "Accepted publickey for root from 192.0.2.7 port 22 ssh2: RSA x"));
    CHECK_STR(logon.account, "root");
    CHECK_STR(logon.source_address, "192.0.2.7");
    CHECK_STR(logon.target, "web");
    CHECK_INT(logon.kind, LOGON_SSH);
    CHECK(!logon.failed);
    CHECK(reads_line("sshd-session",
                     "Failed password for invalid user a from 9.9.9.9 port 1 ssh2 from 192.0.2.7 "
                     "port 22 ssh2"));
    CHECK_STR(logon.account, "a from 9.9.9.9 port 1 ssh2");
    CHECK_STR(logon.source_address, "192.0.2.7");
    CHECK(logon.failed);
    CHECK(!reads_line("sshd", "Failed none for"));
    CHECK(!reads_line("sshd", "Failed password for  from "));
    CHECK(!reads_line("sshd", "Connection closed by 192.0.2.7 port 22"));
    CHECK(!reads_line("sudo", "Accepted password for root from 192.0.2.7 port 22 ssh2"));
    end();
}
