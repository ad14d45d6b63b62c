/* test_output_file.c - a file that appears whole or not at all. */
#include "os/output_file.h"

#include "scratch_folder.h"

#include <signal.h>

static struct output_file *out;
static enum err err;

static void open_out(const char *path)
{
    err = ERR_NONE;
    out = output_file_open(path, &err);
    CHECK((out == NULL) == (err != ERR_NONE));
}

TEST(appears_when_it_is_committed)
{
    scratch_begin();
    open_out(scratch("a"));
    output_file_write(out, STR("one "));
    output_file_write(out, STR("two"));
    CHECK(access(scratch("a"), F_OK) != 0);
    CHECK_INT(output_file_err(out), ERR_NONE);
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK(scratch_holds("a", "one two"));
    CHECK_INT(scratch_count(), 1);
    scratch_end();
}

TEST(leaves_no_trace_when_it_is_discarded)
{
    scratch_begin();
    open_out(scratch("a"));
    output_file_write(out, STR("one"));
    output_file_discard(out);
    CHECK_INT(scratch_count(), 0);
    output_file_discard(NULL);
    scratch_end();
}

TEST(may_be_empty)
{
    scratch_begin();
    open_out(scratch("a"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK(scratch_holds("a", ""));
    scratch_end();
}

TEST(the_old_file_stays_until_the_new_one_is_whole)
{
    scratch_begin();
    scratch_text("a", "old");
    open_out(scratch("a"));
    output_file_write(out, STR("new"));
    CHECK(scratch_holds("a", "old"));
    output_file_discard(out);
    CHECK(scratch_holds("a", "old"));
    CHECK_INT(scratch_count(), 1);
    open_out(scratch("a"));
    output_file_write(out, STR("new"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK(scratch_holds("a", "new"));
    CHECK_INT(scratch_count(), 1);
    scratch_end();
}

TEST(large_and_many_writes_keep_their_order)
{
    static char large[300000];
    struct stat st;

    scratch_begin();
    memset(large, 'L', sizeof(large));
    open_out(scratch("a"));
    for (int i = 0; i < 1000; i++)
        output_file_write(out, STR("0123456789abcdef"));
    output_file_write(out, (struct str){large, sizeof(large)});
    output_file_write(out, STR("end"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK_INT(stat(scratch("a"), &st), 0);
    CHECK_INT(st.st_size, 16000 + 300000 + 3);
    int fd = open(scratch("a"), O_RDONLY);
    char bytes[8];
    CHECK_INT(pread(fd, bytes, 4, 15998), 4);
    CHECK(memcmp(bytes, "efLL", 4) == 0);
    CHECK_INT(pread(fd, bytes, 4, 315999), 4);
    CHECK(memcmp(bytes, "Lend", 4) == 0);
    close(fd);
    scratch_end();
}

TEST(permissions_are_those_of_the_umask_or_of_the_old_file)
{
    struct stat st;
    mode_t mask = umask(027);

    scratch_begin();
    open_out(scratch("new"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK_INT(stat(scratch("new"), &st), 0);
    CHECK_INT(st.st_mode & 07777, 0640);
    chmod(scratch_text("old", "x"), 0604);
    open_out(scratch("old"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK_INT(stat(scratch("old"), &st), 0);
    CHECK_INT(st.st_mode & 07777, 0604);
    umask(mask);
    scratch_end();
}

TEST(a_link_stays_a_link)
{
    struct stat st;

    scratch_begin();
    scratch_folder("f");
    scratch_text("f/target", "old");
    scratch_link("link", "f/target");
    open_out(scratch("link"));
    output_file_write(out, STR("new"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK_INT(lstat(scratch("link"), &st), 0);
    CHECK(S_ISLNK(st.st_mode));
    CHECK(scratch_holds("f/target", "new"));
    scratch_end();
}

TEST(what_cannot_be_created_is_refused_at_once)
{
    scratch_begin();
    scratch_folder("f");
    open_out(scratch("f"));
    CHECK_INT(err, ERR_IS_FOLDER);
    open_out(scratch("nothing/a"));
    CHECK_INT(err, ERR_NOT_FOUND);
    scratch_link("loop", "loop");
    open_out(scratch("loop"));
    CHECK_INT(err, ERR_LINK_LOOP);
    CHECK_INT(chdir(scratch_path), 0);
    open_out("");
    CHECK(out == NULL);
    output_file_discard(out);
    CHECK_INT(chdir("/"), 0);
    CHECK_INT(scratch_count(), 2);
    scratch_end();
}

TEST(a_folder_that_refuses_new_files_is_refused_at_once)
{
    scratch_begin();
    scratch_text("file", "x");
    open_out(scratch("file/a")); /* root may do much, but not this */
    CHECK_INT(err, ERR_NOT_FOUND);
    open_out("/proc/seawall-test");
    CHECK(out == NULL);
    CHECK_INT(scratch_count(), 1);
    scratch_end();
}

TEST(a_folder_without_rights_is_refused_at_once)
{
    if (geteuid() == 0)
        SKIP("root may write everywhere");
    scratch_begin();
    chmod(scratch_folder("f"), 0555);
    open_out(scratch("f/a"));
    CHECK_INT(err, ERR_DENIED);
    scratch_end();
}

TEST(the_longest_name_that_a_file_may_have_can_be_written)
{
    char name[NAME_MAX + 1];

    memset(name, 'n', NAME_MAX);
    name[NAME_MAX] = '\0';
    scratch_begin();
    open_out(scratch(name));
    CHECK_INT(err, ERR_NONE);
    if (out)
        CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK_INT(access(scratch(name), F_OK), 0);
    scratch_end();
}

TEST(a_full_device_is_reported_when_it_is_committed)
{
    if (access("/dev/full", W_OK) != 0)
        SKIP("no /dev/full");
    open_out("/dev/full");
    CHECK_INT(err, ERR_NONE);
    output_file_write(out, STR("x"));
    CHECK_INT(output_file_commit(out), ERR_NO_SPACE);
}

TEST(after_the_first_refusal_nothing_more_is_written)
{
    static char large[200000];

    if (access("/dev/full", W_OK) != 0)
        SKIP("no /dev/full");
    open_out("/dev/full");
    output_file_write(out, (struct str){large, sizeof(large)});
    CHECK_INT(output_file_err(out), ERR_NO_SPACE);
    output_file_write(out, STR("more"));
    CHECK_INT(output_file_err(out), ERR_NO_SPACE);
    CHECK_INT(output_file_commit(out), ERR_NO_SPACE);
}

TEST(a_commit_that_fails_leaves_no_trace)
{
    scratch_begin();
    open_out(scratch("a"));
    output_file_write(out, STR("x"));
    scratch_folder("a"); /* somebody was faster */
    CHECK(output_file_commit(out) != ERR_NONE);
    CHECK_INT(scratch_count(), 1);
    scratch_end();
}

TEST(devices_are_written_directly)
{
    open_out("/dev/null");
    CHECK_INT(err, ERR_NONE);
    output_file_write(out, STR("x"));
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK(access("/dev/null", W_OK) == 0);
}

TEST(a_minus_is_standard_output)
{
    int ends[2], old = dup(STDOUT_FILENO);
    char bytes[16];

    fflush(stdout);
    CHECK_INT(pipe(ends), 0);
    dup2(ends[1], STDOUT_FILENO);
    open_out("-");
    output_file_write(out, STR("hello"));
    enum err committed = output_file_commit(out);
    dup2(old, STDOUT_FILENO);
    close(old);
    close(ends[1]);
    CHECK_INT(committed, ERR_NONE);
    CHECK_INT(read(ends[0], bytes, sizeof(bytes)), 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
    close(ends[0]);
}

TEST(a_pipe_that_nobody_reads_is_an_error_not_the_end)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    CHECK_INT(pipe(ends), 0);
    close(ends[0]);
    CHECK_INT(descriptor_write(ends[1], STR("x")), ERR_PIPE_CLOSED);
    CHECK_INT(descriptor_write(ends[1], STR("")), ERR_NONE);
    close(ends[1]);
}

TEST(places_of_a_file)
{
    char text[8] = "";
    size_t got;

    scratch_begin();
    open_out(scratch("a"));
    CHECK(output_file_has_places(out));
    CHECK(output_file_write_at(out, 4, STR("two")));
    CHECK(output_file_write_at(out, 0, STR("one ")));
    CHECK(output_file_read_at(out, 2, text, 3, &got));
    CHECK_INT(got, 3);
    CHECK(memcmp(text, "e t", 3) == 0);
    CHECK(output_file_read_at(out, 5, text, 8, &got));
    CHECK_INT(got, 2);
    CHECK(output_file_read_at(out, 50, text, 8, &got));
    CHECK_INT(got, 0);
    CHECK_INT(output_file_commit(out), ERR_NONE);
    CHECK(scratch_holds("a", "one two"));
    scratch_end();
}

TEST(a_device_has_no_places)
{
    open_out("/dev/null");
    CHECK(!output_file_has_places(out));
    output_file_discard(out);
    open_out("-");
    CHECK(!output_file_has_places(out));
    output_file_discard(out);
}
