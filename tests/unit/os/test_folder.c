/* test_folder.c - folders of the program's own: private, pruned, and files without a name. */
#include "os/folder.h"

#include "os/file.h"
#include "scratch_folder.h"

#include <utime.h>

static void make_aged(const char *name, time_t changed)
{
    struct utimbuf times = {changed, changed};

    scratch_text(name, name);
    CHECK_INT(utime(scratch(name), &times), 0);
}

TEST(a_folder_is_made_for_its_owner_alone)
{
    struct stat st;
    mode_t mask = umask(0);

    scratch_begin();
    CHECK_INT(folder_make_private(scratch("a"), false), ERR_NONE);
    CHECK_INT(stat(scratch("a"), &st), 0);
    CHECK(S_ISDIR(st.st_mode));
    CHECK_INT(st.st_mode & 07777, 0700);
    CHECK_INT(folder_make_private(scratch("a"), false), ERR_NONE); /* it is there */
    umask(mask);
    scratch_end();
}

TEST(parents_are_made_only_when_asked_for)
{
    scratch_begin();
    CHECK_INT(folder_make_private(scratch("a/b/c"), false), ERR_NOT_FOUND);
    CHECK_INT(scratch_count(), 0);
    CHECK_INT(folder_make_private(scratch("a/b/c"), true), ERR_NONE);
    CHECK_INT(access(scratch("a/b/c"), W_OK), 0);
    scratch_end();
}

TEST(a_folder_that_others_can_enter_is_refused)
{
    static const mode_t open_to_others[] = {0701, 0710, 0755, 0777, 0704};

    scratch_begin();
    scratch_folder("a");
    for (size_t i = 0; i < sizeof(open_to_others) / sizeof(*open_to_others); i++) {
        chmod(scratch("a"), open_to_others[i]);
        CHECK_INT(folder_make_private(scratch("a"), false), ERR_DENIED);
    }
    chmod(scratch("a"), 0700);
    CHECK_INT(folder_make_private(scratch("a"), false), ERR_NONE);
    scratch_end();
}

TEST(a_folder_of_somebody_else_is_refused)
{
    if (geteuid() != 0)
        SKIP("only root can give a folder away");
    scratch_begin();
    CHECK_INT(folder_make_private(scratch("a"), false), ERR_NONE);
    CHECK_INT(chown(scratch("a"), 65534, 65534), 0);
    CHECK_INT(folder_make_private(scratch("a"), false), ERR_DENIED);
    scratch_end();
}

TEST(what_is_no_folder_is_refused)
{
    scratch_begin();
    scratch_text("file", "x");
    scratch_link("nowhere", "nothing");
    CHECK_INT(folder_make_private(scratch("file"), false), ERR_INVALID);
    CHECK_INT(folder_make_private(scratch("file/a"), true), ERR_NOT_FOUND);
    CHECK(folder_make_private(scratch("nowhere"), false) != ERR_NONE);
    scratch_end();
}

TEST(pruning_removes_the_oldest_with_the_end)
{
    scratch_begin();
    make_aged("a.plan", 3000);
    make_aged("b.plan", 1000);
    make_aged("c.plan", 2000);
    make_aged("d.plan", 4000);
    make_aged("old.other", 1);
    scratch_folder("e.plan");
    scratch_link("f.plan", "a.plan");
    folder_prune(scratch_path, ".plan", 2);
    CHECK(scratch_holds("a.plan", "a.plan"));
    CHECK(scratch_holds("d.plan", "d.plan"));
    CHECK(access(scratch("b.plan"), F_OK) != 0);
    CHECK(access(scratch("c.plan"), F_OK) != 0);
    CHECK(scratch_holds("old.other", "old.other"));
    CHECK_INT(access(scratch("e.plan"), F_OK), 0);
    CHECK_INT(access(scratch("f.plan"), F_OK), 0);
    folder_prune(scratch_path, ".plan", 2);
    CHECK_INT(scratch_count(), 5);
    folder_prune(scratch_path, ".plan", 0);
    CHECK_INT(scratch_count(), 3);
    folder_prune(scratch("nothing"), ".plan", 0);
    scratch_end();
}

TEST(a_nameless_file_leaves_no_name)
{
    char bytes[4] = "";
    int fd = -1;

    scratch_begin();
    CHECK_INT(folder_nameless_file(scratch_path, &fd), ERR_NONE);
    CHECK_INT(scratch_count(), 0);
    CHECK_INT(write(fd, "abc", 3), 3);
    CHECK_INT(pread(fd, bytes, 3, 0), 3);
    CHECK(memcmp(bytes, "abc", 3) == 0);
    close(fd);
    CHECK_INT(folder_nameless_file(scratch("nothing"), &fd), ERR_NOT_FOUND);
    scratch_text("file", "x");
    CHECK_INT(folder_nameless_file(scratch("file"), &fd), ERR_NOT_FOUND);
    scratch_end();
}
