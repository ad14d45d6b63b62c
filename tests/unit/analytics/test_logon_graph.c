/* test_logon_graph.c - logons joined into a graph. */
#include "analytics/logon_graph.h"
#include "testkit.h"

#define HOUR (INT64_C(3600) * 1000000000)

static struct census logons, sessions;
static struct arena *arena;
static struct run_movement movement;
static struct estate_host hosts[8];
static uint32_t host_count;

static void begin(void)
{
    census_init(&logons, "test", 1000, 0);
    census_init(&sessions, "sessions", 1000, 0);
    arena = arena_new("test", 1 << 20);
    host_count = 0;
}

static void end(void)
{
    census_free(&logons);
    census_free(&sessions);
    arena_free(arena);
}

static void host(const char *name, uint64_t findings)
{
    hosts[host_count++] =
        (struct estate_host){str_from(name), findings, findings ? LEVEL_HIGH : LEVEL_INFORMATIONAL};
}

static void add(struct logon logon, int64_t time_ns)
{
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    logon_key_write(&logon, &key);
    census_row_count(census_find(&logons, buf_str(&key)), true, time_ns, 0);
    buf_free(&key);
}

static struct logon from(const char *name, const char *address, const char *account,
                         const char *target)
{
    return (struct logon){.domain = STR("EX"),
                          .account = str_from(account),
                          .source_name = str_from(name),
                          .source_address = str_from(address),
                          .target = str_from(target),
                          .kind = LOGON_NETWORK};
}

static void make(void)
{
    const struct logon_graph_question question = {
        .logons = &logons, .sessions = &sessions, .hosts = hosts, .host_count = host_count};

    census_trim(&logons);
    census_trim(&sessions);
    logon_graph_make(&question, arena, &movement);
}

static struct str source_name(uint32_t edge)
{
    uint32_t place = movement.edges[edge].source;

    return place == UINT32_MAX ? STR("itself") : movement.places[place].name;
}

TEST(keys_come_back)
{
    struct logon logon = from("a", "b", "c", "d"), back;
    struct buf key;

    logon.failed = logon.address = true;
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    logon_key_write(&logon, &key);
    CHECK(logon_key_read(buf_str(&key), &back));
    CHECK_STR(back.source_name, "a");
    CHECK_STR(back.target, "d");
    CHECK(back.failed && back.address && !back.privilege);
    CHECK_INT(back.kind, LOGON_NETWORK);
    CHECK(!logon_key_read(str_slice(buf_str(&key), 0, key.len - 1), &back));
    buf_free(&key);
}

TEST(logons_of_one_kind_are_one_edge)
{
    struct logon failed = from("WS1", "", "bob", "FS01.ex.test");

    begin();
    host("fs01.ex.test", 0);
    failed.failed = true;
    add(from("WS1", "", "bob", "fs01"), 5);
    add(from("WS1", "", "BOB", "FS01.ex.test"), 9);
    add(failed, 1);
    make();
    CHECK_INT(movement.edge_count, 1);
    CHECK_INT(movement.edges[0].succeeded, 2);
    CHECK_INT(movement.edges[0].failed, 1);
    CHECK_INT(movement.edges[0].first_ns, 1);
    CHECK_INT(movement.edges[0].last_ns, 9);
    CHECK_INT(movement.logons, 3);
    CHECK_INT(movement.places[movement.edges[0].target].kind, PLACE_HOST);
    CHECK_INT(movement.places[movement.edges[0].source].kind, PLACE_MACHINE);
    end();
}

TEST(names_with_other_domains_are_other_machines)
{
    begin();
    host("dc.a.test", 0);
    host("dc.b.test", 0);
    add(from("", "", "bob", "dc.a.test"), 1);
    add(from("", "", "bob", "dc.b.test"), 1);
    add(from("", "", "bob", "dc.c.test"), 1);
    make();
    CHECK_INT(movement.edge_count, 3);
    CHECK_INT(movement.place_count, 3);
    end();
}

TEST(addresses_are_known_by_what_machines_say_of_themselves)
{
    struct logon told = from("web.ex.test", "192.0.2.10", "", "");

    begin();
    host("web.ex.test", 0);
    told.address = true;
    add(told, 1);
    add(from("WS1", "192.0.2.11", "bob", "fs"), 1);
    add(from("", "192.0.2.12", "WS2$", "fs"), 2);
    add(from("", "::ffff:192.0.2.10", "bob", "fs"), 3);
    add(from("", "192.0.2.11", "ann", "fs"), 4);
    add(from("", "192.0.2.12", "ann", "fs"), 5);
    add(from("", "192.0.2.13", "ann", "fs"), 6);
    make();
    CHECK_INT(movement.edge_count, 6);
    CHECK_STR(source_name(2), "web.ex.test");
    CHECK_STR(source_name(3), "WS1");
    CHECK_STR(source_name(4), "WS2");
    CHECK_STR(source_name(5), "192.0.2.13");
    CHECK_INT(movement.places[movement.edges[5].source].kind, PLACE_ADDRESS);
    end();
}

/* A remote desktop session names its own machine beside the address of the other one. */
TEST(an_events_own_name_is_not_where_it_came_from)
{
    begin();
    add(from("FS", "192.0.2.13", "bob", "fs.ex.test"), 1);
    add(from("FS", "127.0.0.1", "ann", "fs.ex.test"), 2);
    make();
    CHECK_STR(source_name(0), "192.0.2.13");
    CHECK_STR(source_name(1), "itself");
    end();
}

TEST(privileges_and_new_accounts_are_marked)
{
    struct logon admin = from("", "", "ann", "fs");

    begin();
    admin.privilege = true;
    add(admin, 1);
    add(from("a", "", "bob", "fs"), 0);
    add(from("a", "", "ann", "fs"), 40 * HOUR);
    add(from("a", "", "bob", "fs"), 48 * HOUR);
    make();
    CHECK_INT(movement.edge_count, 2);
    CHECK(!movement.edges[0].first_seen && !movement.edges[0].privileged);
    CHECK(movement.edges[1].first_seen && movement.edges[1].privileged);
    end();
}

TEST(paths_go_on_from_where_something_was_found)
{
    begin();
    host("web", 3);
    host("fs", 0);
    host("dc", 0);
    add(from("web", "", "bob", "fs"), 10);
    add(from("fs", "", "bob", "dc"), 20);
    add(from("dc", "", "bob", "web"), 30); /* back: no way on */
    add(from("fs", "", "bob", "old"), 5);  /* before */
    make();
    CHECK_INT(movement.path_count, 1);
    CHECK_INT(movement.paths[0].count, 2);
    CHECK_STR(movement.places[movement.edges[movement.paths[0].edges[0]].source].name, "web");
    CHECK_STR(movement.places[movement.edges[movement.paths[0].edges[1]].target].name, "dc");
    end();
}

TEST(a_failed_logon_is_no_way_on)
{
    struct logon failed = from("web", "", "bob", "fs");

    begin();
    host("web", 3);
    failed.failed = true;
    add(failed, 1);
    make();
    CHECK_INT(movement.path_count, 0);
    end();
}

TEST(sessions_go_by_the_same_places)
{
    const struct session_event begun = {.host = STR("WEB01.ex.test"),
                                        .id = STR("0x1"),
                                        .time_ns = HOUR,
                                        .logon = {.account = STR("bob"),
                                                  .domain = STR("EX"),
                                                  .source_address = STR("192.0.2.7"),
                                                  .kind = LOGON_REMOTE}};
    struct buf key;

    begin();
    host("web01.ex.test", 3);
    add(from("PC01", "192.0.2.7", "bob", "WEB01"), HOUR);
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    session_key_write(&begun, &key);
    census_row_count(census_find(&sessions, buf_str(&key)), true, HOUR, 0);
    buf_free(&key);
    make();
    CHECK_INT(movement.session_count, 1);
    CHECK_INT(movement.sessions_all, 1);
    CHECK_STR(movement.sessions[0].account, "EX\\bob");
    CHECK_STR(movement.places[movement.sessions[0].source].name, "PC01");
    CHECK_STR(movement.places[movement.sessions[0].target].name, "web01.ex.test");
    CHECK(!movement.sessions[0].ended);
    end();
}
