/* test_evidence.c: what was named becomes a list of files, and the rest is told. */
#include "engine/evidence.h"

#include "unit/os/scratch_folder.h"

static struct evidence evidence;

static void list(const char *const *names, size_t count)
{
    const char *paths[8];

    for (size_t i = 0; i < count; i++)
        paths[i] = scratch(names[i]);
    evidence_list(&evidence, paths, count);
}

#define LIST(...)                                                                                  \
    list((const char *const[]){__VA_ARGS__},                                                       \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* The part of a shown path below the scratch folder. */
static struct str below(struct str shown)
{
    return str_slice(shown, strlen(scratch_path) + 1, shown.len);
}

TEST(shows_paths_as_text)
{
    struct arena *arena = arena_new("test", 1u << 20);

    CHECK_STR(path_shown(STR("a/caf\xc3\xa9 %41"), arena), "a/caf\xc3\xa9 %41");
    CHECK_STR(path_shown(STR("a/\xff\xfe\xc3"), arena), "a/%FF%FE%C3");
    CHECK_STR(path_shown(STR("\xf0\x9f\x98x"), arena), "%F0%9F%98x");
    CHECK_STR(path_shown(STR("\xef\xbf\xbd\x80"), arena), "\xef\xbf\xbd%80");
    CHECK_STR(path_shown(STR(""), arena), "");
    arena_free(arena);
}

TEST(lists_files_below_folders)
{
    scratch_begin();
    scratch_folder("f");
    scratch_folder("f/d");
    scratch_text("f/d/b", "12");
    scratch_text("f/d.x", "123");
    scratch_text("a", "1");
    LIST("f", "a");
    CHECK_INT(evidence.count, 3);
    CHECK_INT(evidence.bytes, 6);
    CHECK_STR(below(evidence.files[0].shown), "f/d.x");
    CHECK_STR(below(evidence.files[1].shown), "f/d/b");
    CHECK_STR(below(evidence.files[2].shown), "a");
    CHECK(!evidence.files[0].named && !evidence.files[1].named && evidence.files[2].named);
    CHECK(evidence.files[0].rank == 1 && evidence.files[1].rank == 2);
    CHECK_INT(evidence.files[2].rank, 0); /* the order of findings is that of the paths */
    CHECK_INT(evidence.root_count, 2);
    CHECK(!evidence.named_failed);
    evidence_free(&evidence);
}

TEST(tells_what_it_does_not_list)
{
    scratch_link("f/loop", ".");
    scratch_link("f/out", "../a");
    scratch_link("f/nothing", "nothing");
    CHECK(mkfifo(scratch("f/pipe"), 0600) == 0);
    LIST("f");
    CHECK_INT(evidence.count, 2);
    CHECK_INT(evidence.not_followed.added, 4);
    CHECK_INT(evidence.unreadable.added, 0);
    CHECK(!evidence.named_failed);
    evidence_free(&evidence);
    LIST("f", "nowhere", "f/nothing");
    CHECK_INT(evidence.count, 2);
    CHECK_INT(evidence.unreadable.added, 2);
    CHECK(evidence.named_failed);
    evidence_free(&evidence);
}

TEST(reads_nothing_twice)
{
    LIST("f", "f/d", "f/d/b", "f");
    CHECK_INT(evidence.count, 2);
    CHECK_INT(evidence.not_followed.added, 7);
    evidence_free(&evidence);
}

TEST(knows_its_own_files)
{
    struct file_facts facts;

    LIST("f");
    CHECK_INT(file_look(scratch("f/d/b"), true, &facts), ERR_NONE);
    CHECK(evidence_holds(&evidence, &facts.identity));
    CHECK_INT(file_look(scratch("a"), true, &facts), ERR_NONE);
    CHECK(!evidence_holds(&evidence, &facts.identity));
    evidence_free(&evidence);
}

TEST(opens_pipes_that_are_named_and_standard_input_once)
{
    const char *paths[] = {"-", scratch("f/pipe"), "-"};
    int writer = open(scratch("f/pipe"), O_RDWR);

    evidence_list(&evidence, paths, 3);
    CHECK_INT(evidence.count, 2);
    CHECK_STR(evidence.files[0].shown, "-");
    for (uint32_t i = 0; i < evidence.count; i++) {
        CHECK(!evidence.files[i].path && evidence.files[i].stream.fd > 2);
        CHECK(evidence.files[i].named && evidence.files[i].size == 0);
    }
    CHECK_INT(evidence.root_count, 1);
    evidence_free(&evidence);
    close(writer);
    scratch_end();
}
