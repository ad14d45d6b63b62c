/* test_ledger_packed.c - the account of packed files: what a worker may say of members, and where
 * another one goes on when it dies. */
#include "engine/ledger.h"

#include "testkit.h"

struct account {
    struct evidence_file files[2];
    struct evidence evidence;
    struct ledger ledger;
    struct buf bytes;
};

/* Two files of the evidence: 0 is packed, 1 is not. */
static void account_open(struct account *a)
{
    static const struct evidence_file files[] = {
        {.path = "a.zip", .shown = STR_INIT("a.zip"), .size = 1000, .stream = {.fd = -1}},
        {.path = "b.json", .shown = STR_INIT("b.json"), .size = 50, .stream = {.fd = -1}},
    };

    *a = (struct account){.files = {files[0], files[1]}};
    a->evidence = (struct evidence){.files = a->files, .count = 2};
    ledger_init(&a->ledger, &a->evidence, NULL, NULL);
    buf_init(&a->bytes, 1 << 20);
}

static void account_close(struct account *a)
{
    ledger_free(&a->ledger);
    buf_free(&a->bytes);
}

/* What was written to a->bytes is told; false on a breach. */
static bool told(struct account *a)
{
    ptrdiff_t taken = ledger_take(&a->ledger, buf_str(&a->bytes));
    bool good = taken == (ptrdiff_t)a->bytes.len;

    buf_reset(&a->bytes);
    return good;
}

static bool tell_file(struct account *a, uint32_t file, enum file_progress progress)
{
    const struct file_message message = {.file = file, .progress = progress, .err = ERR_ENCRYPTED};

    message_add_file(&a->bytes, &message);
    return told(a);
}

static bool tell_member(struct account *a, uint32_t file, uint32_t parent, uint32_t place,
                        struct str name)
{
    message_add_member(&a->bytes, &(struct member_message){file, parent, place, name});
    return told(a);
}

static bool tell_piece(struct account *a, uint32_t file)
{
    message_add_piece(&a->bytes, &(struct piece_message){.file = file, .end = 10, .last = true});
    return told(a);
}

static bool tell_part(struct account *a, uint32_t file)
{
    struct part_message part = {.file = file, .last = true, .end = 10, .events = 1};

    message_add_part(&a->bytes, &part);
    return told(a);
}

static bool tell_whole(struct account *a, uint32_t file)
{
    return tell_file(a, file, FILE_RECOGNISED) && tell_piece(a, file) && tell_part(a, file);
}

static void begin_archive(struct account *a)
{
    account_open(a);
    CHECK(tell_file(a, 0, FILE_OPENED));
    CHECK(tell_file(a, 0, FILE_PACKED));
}

TEST(members_are_files_with_paths)
{
    struct account a;
    struct report_notes notes;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("x/y")));
    CHECK(tell_file(&a, 2, FILE_PACKED));
    CHECK(tell_member(&a, 3, 2, 5, STR("\xff\x1b")));
    CHECK(tell_file(&a, 3, FILE_UNKNOWN));
    CHECK(tell_file(&a, 2, FILE_WALKED));
    CHECK(tell_member(&a, 4, 0, 1, STR("z")));
    CHECK(tell_file(&a, 4, FILE_UNREADABLE));
    CHECK(tell_file(&a, 0, FILE_WALKED));
    notes = notes_report(&a.ledger.unknown_format);
    CHECK_INT(notes.count, 1);
    CHECK_STR(notes.at[0].path, "a.zip!x/y!%FF\x1b");
    notes = notes_report(&a.ledger.unreadable);
    CHECK_STR(notes.at[0].path, "a.zip!z");
    CHECK_INT(a.ledger.files_read, 2); /* the two archives */
    CHECK_INT(ledger_files_met(&a.ledger), 5);
    CHECK(ledger_is_unreadable(&a.ledger)); /* no events were read */
    account_close(&a);
}

TEST(an_archive_ends_with_its_last_member)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("m")));
    CHECK(tell_file(&a, 2, FILE_RECOGNISED));
    CHECK(tell_piece(&a, 2));
    CHECK(tell_file(&a, 0, FILE_WALKED));
    CHECK_INT(a.ledger.files_read, 0);
    CHECK(tell_part(&a, 2));
    CHECK_INT(a.ledger.files_read, 2);
    CHECK_INT(a.ledger.files_with_events, 1);
    CHECK_INT(a.ledger.bytes_passed, 1000); /* as they lie on the disk */
    account_close(&a);
}

TEST(what_cannot_be_is_a_breach)
{
    static const struct {
        uint32_t file, parent, place;
    } wrong[] = {{3, 0, 1}, {1, 0, 1}, {0, 0, 1}, {3, 1, 0}, {3, 9, 0}, {3, 0, 0}, {4, 0, 1}};

    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct account a;
        begin_archive(&a);
        CHECK(tell_member(&a, 2, 0, 0, STR("m")));
        bool last = i == 0; /* the only one that may be */
        CHECK(tell_member(&a, wrong[i].file, wrong[i].parent, wrong[i].place, STR("n")) == last);
        account_close(&a);
    }
}

TEST(an_archive_is_nothing_else)
{
    static const enum file_progress wrong[] = {FILE_RECOGNISED, FILE_EMPTY, FILE_UNKNOWN};

    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct account a;
        begin_archive(&a);
        CHECK(tell_member(&a, 2, 0, 0, STR("m")));
        CHECK(!tell_file(&a, 0, wrong[i]));
        account_close(&a);
    }
    struct account a;
    account_open(&a);
    CHECK(tell_file(&a, 1, FILE_OPENED));
    CHECK(!tell_member(&a, 2, 1, 0, STR("not packed")));
    CHECK(!tell_file(&a, 1, FILE_WALKED));
    account_close(&a);
}

TEST(a_walked_archive_has_no_more_members)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("m")));
    CHECK(tell_file(&a, 0, FILE_WALKED));
    CHECK(!tell_member(&a, 3, 0, 1, STR("n")));
    account_close(&a);
}

static bool tell_remark(struct account *a, uint32_t file, enum remark_kind kind, uint64_t count)
{
    message_add_remark(
        &a->bytes,
        &(struct remark_message){
            .file = file, .kind = kind, .count = count, .offset = 7, .text = STR("bad\xff")});
    return told(a);
}

TEST(remarks_count_once_and_add_up)
{
    struct account a;

    begin_archive(&a);
    for (unsigned times = 0; times < 2; times++) {
        CHECK(tell_remark(&a, 0, REMARK_EMPTY, 3));
        CHECK(tell_remark(&a, 0, REMARK_LINKS, 1));
        CHECK(tell_remark(&a, 0, REMARK_OUTSIDE, 2));
        CHECK(tell_remark(&a, 0, REMARK_LOST, 1));
    }
    CHECK_INT(ledger_files_met(&a.ledger), 2 + 3 + 1);
    struct report_notes notes = notes_report(&a.ledger.empty);
    CHECK_INT(notes.count, 3);
    CHECK_INT(notes.listed, 1);
    CHECK_STR(notes.at[0].text, "3 empty members");
    notes = notes_report(&a.ledger.damaged);
    CHECK_INT(notes.count, 1);
    CHECK_STR(notes.at[0].text, "bad\xef\xbf\xbd");
    CHECK(!tell_remark(&a, 9, REMARK_EMPTY, 1));
    account_close(&a);
}

TEST(the_member_under_way_is_set_aside)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("whole")));
    CHECK(tell_whole(&a, 2));
    CHECK(tell_member(&a, 3, 0, 1, STR("waits")));
    CHECK(tell_file(&a, 3, FILE_RECOGNISED));
    CHECK(tell_member(&a, 4, 0, 2, STR("dies")));
    CHECK(ledger_set_aside(&a.ledger, STR("it died")));
    struct report_notes notes = notes_report(&a.ledger.set_aside);
    CHECK_INT(notes.count, 1);
    CHECK_STR(notes.at[0].path, "a.zip!dies");
    const struct file_start *starts = a.ledger.starts;
    CHECK(!starts[0].skip && !starts[1].skip);
    CHECK(starts[2].skip && !starts[3].skip && starts[4].skip);
    CHECK_INT(starts[0].first_member, 2);
    CHECK_INT(starts[2].next, 3);
    CHECK_INT(starts[4].next, UINT32_MAX);
    CHECK_INT(starts[4].place, 2);

    /* the next worker */
    CHECK(tell_file(&a, 0, FILE_OPENED) && tell_file(&a, 0, FILE_PACKED));
    CHECK(tell_file(&a, 3, FILE_OPENED) && tell_whole(&a, 3));
    CHECK(!tell_file(&a, 4, FILE_OPENED));
    account_close(&a);
}

TEST(an_archive_whose_own_bytes_kill_is_set_aside)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("whole")));
    CHECK(tell_whole(&a, 2));
    CHECK(tell_member(&a, 3, 0, 1, STR("waits")));
    CHECK(tell_file(&a, 3, FILE_RECOGNISED));
    CHECK(ledger_set_aside(&a.ledger, STR("it died")));
    struct report_notes notes = notes_report(&a.ledger.set_aside);
    CHECK_INT(notes.count, 2); /* and what waits in it, for nobody unpacks that again */
    CHECK_STR(notes.at[0].path, "a.zip");
    CHECK_STR(notes.at[1].path, "a.zip!waits");
    CHECK(a.ledger.starts[0].skip && a.ledger.starts[3].skip && !a.ledger.starts[1].skip);
    CHECK_INT(a.ledger.files_read, 1);
    account_close(&a);
}

TEST(of_nested_archives_the_innermost_member_is_set_aside)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("b.tar")));
    CHECK(tell_file(&a, 2, FILE_PACKED));
    CHECK(tell_member(&a, 3, 2, 0, STR("c")));
    CHECK(tell_file(&a, 3, FILE_RECOGNISED));
    CHECK(tell_piece(&a, 3));
    CHECK(ledger_set_aside(&a.ledger, STR("it died")));
    const struct file_start *starts = a.ledger.starts;
    CHECK(!starts[0].skip && !starts[2].skip && starts[3].skip);

    /* the next one dies before it comes back to the archive */
    CHECK(tell_file(&a, 1, FILE_OPENED));
    CHECK(ledger_set_aside(&a.ledger, STR("it died")));
    starts = a.ledger.starts;
    CHECK(!starts[0].skip && !starts[2].skip && starts[1].skip);
    CHECK_INT(notes_report(&a.ledger.set_aside).count, 2);
    account_close(&a);
}

TEST(a_walked_archive_is_innocent)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("waits")));
    CHECK(tell_file(&a, 2, FILE_RECOGNISED));
    CHECK(tell_file(&a, 0, FILE_WALKED));
    CHECK(tell_file(&a, 1, FILE_OPENED));
    CHECK(ledger_set_aside(&a.ledger, STR("it died")));
    CHECK(!a.ledger.starts[0].skip && !a.ledger.starts[2].skip && a.ledger.starts[1].skip);
    account_close(&a);
}

TEST(files_are_ordered_by_path_wherever_they_come_from)
{
    struct account a;

    begin_archive(&a);
    CHECK(tell_member(&a, 2, 0, 0, STR("z")));
    CHECK(tell_member(&a, 3, 0, 1, STR("a")));
    CHECK(tell_member(&a, 4, 0, 2, STR("z")));
    const struct ledger *ledger = &a.ledger;
    CHECK(ledger_compare_files(ledger, 0, 3) < 0);
    CHECK(ledger_compare_files(ledger, 3, 2) < 0);
    CHECK(ledger_compare_files(ledger, 2, 4) < 0); /* the same name: by place */
    CHECK(ledger_compare_files(ledger, 4, 1) < 0);
    CHECK_INT(ledger_compare_files(ledger, 2, 2), 0);
    account_close(&a);
}
