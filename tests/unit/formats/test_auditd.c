/* test_auditd.c - the audit log: records joined to events. */
#include "testkit.h"

#include "event_reader.h"

#define STAMP(n) "msg=audit(1795341600.123:" #n "): "
#define CALL(n)                                                                                    \
    "type=SYSCALL " STAMP(n) "arch=c000003e syscall=59 a0=1f exe=\"/bin/x\" key=(null)\n"
#define EXECVE(n) "type=EXECVE " STAMP(n) "argc=2 a0=\"x\" a1=2D6120622063\n"
#define TITLE(n) "type=PROCTITLE " STAMP(n) "proctitle=78002D612062206300\n"

TEST(records_of_one_event_are_joined)
{
    begin_text("auditd", "node=web-01 type=A " STAMP(1) "a=1\nnode=web-01 type=B " STAMP(
                             1) "b=\"x\"\nnode=db-01 type=A " STAMP(1) "a=2\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "1");
    CHECK_STR(field("b"), "x");
    CHECK_STR(made.event->host, "web-01");
    CHECK_STR(time_text(), "2026-11-22T10:00:00.123000000Z");
    CHECK_INT(made.event->line, 1);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "2");
    CHECK_INT(made.event->line, 3);
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(arguments_are_decoded_and_joined_to_a_command_line)
{
    begin_text("auditd", CALL(7) EXECVE(7) TITLE(7));
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(rendered(),
              "{\"timestamp\":\"1795341600.123\",\"serial\":7,\"type\":[\"SYSCALL\",\"EXECVE\","
              "\"PROCTITLE\"],\"arch\":\"c000003e\",\"syscall\":59,\"a0\":[\"1f\",\"x\"],\"exe\":"
              "\"/bin/x\",\"key\":null,\"SYSCALL\":\"execve\",\"argc\":2,\"a1\":\"-a b c\","
              "\"proctitle\":\"x -a b c\",\"cmdline\":\"x -a b c\"}");
    CHECK(str_contains(all_values_text(), STR("a1=2D6120622063|")));
    CHECK(str_ends_with(all_values_text(), STR("|x -a b c|")));
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(records_of_other_events_may_stand_between)
{
    begin_text("auditd", CALL(1) CALL(2) EXECVE(1) "type=USER_CMD " STAMP(3) "a=u\n" EXECVE(2)
                             TITLE(2) TITLE(1) CALL(4));
    CHECK_INT(take(), STEP_EVENT);
    CHECK(str_contains(rendered(), STR("\"serial\":1,\"type\":[\"SYSCALL\",\"EXECVE\","
                                       "\"PROCTITLE\"]")));
    CHECK_INT(take(), STEP_EVENT);
    CHECK(str_contains(rendered(), STR("\"serial\":2,\"type\":[\"SYSCALL\",\"EXECVE\","
                                       "\"PROCTITLE\"]")));
    CHECK_INT(made.event->line, 2);
    CHECK_INT(take(), STEP_EVENT);
    CHECK_STR(field("a"), "u");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(made.event->line, 8);
    CHECK_INT(take(), STEP_END);
    CHECK_INT(made.format->lines(made.reader), 8);
    close_reader();
}

TEST(tells_the_same_however_the_bytes_come)
{
    const char *text = CALL(1) CALL(2) EXECVE(1) "x\n" EXECVE(2) TITLE(2) TITLE(1);

    open_reader("auditd");
    for (size_t step = 1; step < 60; step++) {
        begin_piece(text, strlen(text), 0, UINT64_MAX, step);
        struct tally tally = take_all();
        CHECK_INT(tally.events, 2);
        CHECK_INT(tally.damages, 1);
    }
    close_reader();
}

TEST(looking_ahead_has_an_end)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    buf_add(&text, STR(CALL(1)));
    for (unsigned i = 0; i < 100; i++)
        buf_printf(&text, "type=A msg=audit(1.5:%u): a=1\n", 100 + i);
    buf_add(&text, STR(TITLE(1)));
    begin_bytes("auditd", text.at, text.len);
    struct tally tally = take_all();
    CHECK_INT(tally.events, 102); /* what comes too late is an event of its own */
    close_reader();
    buf_free(&text);
}

TEST(many_names_do_not_fill_the_memory)
{
    struct buf text;

    buf_init(&text, 4 << 20);
    for (unsigned i = 0; i < 30; i++) {
        buf_printf(&text, "type=A msg=audit(1.5:%u): ", i);
        for (unsigned k = 0; k < 600; k++)
            buf_printf(&text, "n%u=1 ", 600 * i + k);
        buf_add(&text, STR("\n"));
    }
    begin_bytes("auditd", text.at, text.len);
    struct tally tally = take_all();
    CHECK_INT(tally.events, 30);
    CHECK(made.event->fields_dropped > 0);
    close_reader();
    buf_free(&text);
}

TEST(other_lines_are_lost)
{
    begin_text("auditd", "----\ntime->Sun\n\ntype=A " STAMP(1) "a=1");
    CHECK_INT(take(), STEP_SKIPPED);
    CHECK_STR(str_from(made.damage.why), "a line is no audit record");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(made.event->line, 4);
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(is_known_by_its_content)
{
    const struct format *auditd = format_by_name(STR("auditd"));

    CHECK_INT(auditd->probe(STR(CALL(1))), 90);
    CHECK_INT(auditd->probe(STR("----\n" CALL(1))), 90);
    CHECK_INT(auditd->probe(STR("type=a\n")), 0);
    CHECK_INT(auditd->probe(STR("")), 0);
}
