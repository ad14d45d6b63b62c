/* test_file.c - opening and reading, and what the system says about a path. */
#include "os/file.h"

#include "scratch_folder.h"

#include <errno.h>
#include <time.h>

static struct file_facts facts;
static struct file file;

TEST(looks_at_files_folders_and_links)
{
    scratch_begin();
    scratch_text("a", "12345");
    scratch_folder("f");
    scratch_link("l", "a");
    CHECK_INT(file_look(scratch("a"), true, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_REGULAR);
    CHECK_INT(facts.size, 5);
    CHECK_INT(facts.mode, 0644);
    CHECK_INT(facts.owner, geteuid());
    CHECK(facts.changed_ns > 1600000000000000000);
    struct file_identity identity = facts.identity;
    CHECK_INT(file_look(scratch("f"), true, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_FOLDER);
    CHECK_INT(facts.size, 0);
    CHECK_INT(file_look(scratch("l"), false, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_LINK);
    CHECK_INT(file_look(scratch("l"), true, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_REGULAR);
    CHECK_INT(facts.identity.inode, identity.inode);
    CHECK_INT(facts.identity.device, identity.device);
    scratch_end();
}

TEST(tells_a_change_that_hides_behind_its_old_time)
{
    scratch_begin();
    scratch_text("a", "12345");
    CHECK_INT(file_look(scratch("a"), true, &facts), ERR_NONE);
    struct file_facts before = facts;
    const struct timespec times[2] = {{1, 0}, {1, 500}};
    nanosleep(&(struct timespec){0, 20000000}, NULL);
    scratch_text("a", "54321");
    CHECK_INT(utimensat(AT_FDCWD, scratch("a"), times, 0), 0);
    CHECK_INT(file_look(scratch("a"), true, &facts), ERR_NONE);
    CHECK_INT(facts.changed_ns, 1000000500);
    CHECK(facts.touched_ns > before.touched_ns);
    CHECK(before.touched_ns >= before.changed_ns);
    scratch_end();
}

TEST(looks_at_pipes_and_devices)
{
    scratch_begin();
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    CHECK_INT(file_look(scratch("p"), true, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_STREAM);
    CHECK_INT(file_look("/dev/null", true, &facts), ERR_NONE);
    CHECK_INT(facts.kind, FILE_STREAM);
    scratch_end();
}

TEST(says_why_a_path_cannot_be_looked_at)
{
    char name[NAME_MAX + 2];

    scratch_begin();
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    scratch_text("a", "");
    scratch_link("loop", "loop");
    scratch_link("broken", "nothing");
    CHECK_INT(file_look(scratch("nothing"), true, &facts), ERR_NOT_FOUND);
    CHECK_INT(file_look(scratch("a/b"), true, &facts), ERR_NOT_FOUND);
    CHECK_INT(file_look(scratch("loop"), true, &facts), ERR_LINK_LOOP);
    CHECK_INT(file_look(scratch("broken"), true, &facts), ERR_NOT_FOUND);
    CHECK_INT(file_look(scratch("broken"), false, &facts), ERR_NONE);
    CHECK_INT(file_look(scratch(name), true, &facts), ERR_NAME_TOO_LONG);
    CHECK_INT(file_look("", true, &facts), ERR_NOT_FOUND);
    scratch_end();
}

TEST(opens_regular_files)
{
    char bytes[8];
    size_t got;

    scratch_begin();
    scratch_text("a", "0123456789");
    CHECK_INT(file_open(scratch("a"), false, &file), ERR_NONE);
    CHECK_INT(file.facts.size, 10);
    CHECK(fcntl(file.fd, F_GETFD) & FD_CLOEXEC);
    CHECK_INT(file_read_at(&file, 3, bytes, 4, &got), ERR_NONE);
    CHECK_STR(((struct str){bytes, got}), "3456");
    CHECK_INT(file_read_at(&file, 8, bytes, 8, &got), ERR_NONE);
    CHECK_STR(((struct str){bytes, got}), "89");
    CHECK_INT(file_read_at(&file, 10, bytes, 8, &got), ERR_NONE);
    CHECK_INT(got, 0);
    CHECK_INT(file_read_at(&file, 1u << 30, bytes, 8, &got), ERR_NONE);
    CHECK_INT(got, 0);
    file_close(&file);
    CHECK_INT(file.fd, -1);
    file_close(&file); /* twice is no harm */
    scratch_end();
}

TEST(refuses_what_is_no_file)
{
    scratch_begin();
    scratch_folder("f");
    CHECK_INT(file_open(scratch("f"), true, &file), ERR_IS_FOLDER);
    CHECK_INT(file.fd, -1);
    CHECK_INT(file_open(scratch("nothing"), true, &file), ERR_NOT_FOUND);
    CHECK_INT(file_open("/dev/null", false, &file), ERR_NOT_A_FILE);
    CHECK_INT(file.fd, -1);
    scratch_end();
}

TEST(never_waits_for_the_other_end_of_a_pipe)
{
    scratch_begin();
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    CHECK_INT(file_open(scratch("p"), false, &file), ERR_NOT_A_FILE);
    scratch_end();
}

TEST(opens_pipes_where_streams_are_wanted)
{
    char bytes[8];
    size_t got;

    scratch_begin();
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    int writer = open(scratch("p"), O_RDWR);
    CHECK_INT(write(writer, "abc", 3), 3);
    CHECK_INT(file_open(scratch("p"), true, &file), ERR_NONE);
    CHECK_INT(file.facts.kind, FILE_STREAM);
    CHECK_INT(file_read_next(&file, bytes, sizeof(bytes), &got), ERR_NONE);
    CHECK_STR(((struct str){bytes, got}), "abc");
    close(writer);
    CHECK_INT(file_read_next(&file, bytes, sizeof(bytes), &got), ERR_NONE);
    CHECK_INT(got, 0);
    file_close(&file);
    scratch_end();
}

TEST(root_apart_nobody_reads_what_is_not_theirs)
{
    if (geteuid() == 0)
        SKIP("root may read everything");
    scratch_begin();
    scratch_text("a", "x");
    chmod(scratch("a"), 0);
    CHECK_INT(file_open(scratch("a"), false, &file), ERR_DENIED);
    scratch_end();
}

/* Runs with `fd` as standard input, and puts the old one back. */
static enum err open_input_as(int fd)
{
    int old = dup(STDIN_FILENO);

    if (fd < 0)
        close(STDIN_FILENO);
    else
        dup2(fd, STDIN_FILENO);
    enum err err = file_open_standard_input(&file);
    if (old >= 0) {
        dup2(old, STDIN_FILENO);
        close(old);
    }
    return err;
}

TEST(standard_input_may_be_a_pipe_a_file_but_no_folder)
{
    int ends[2];

    scratch_begin();
    CHECK_INT(pipe(ends), 0);
    CHECK_INT(open_input_as(ends[0]), ERR_NONE);
    CHECK_INT(file.facts.kind, FILE_STREAM);
    CHECK(file.fd > STDERR_FILENO);
    file_close(&file);
    close(ends[0]);
    close(ends[1]);
    int fd = open(scratch_text("a", "xy"), O_RDONLY);
    CHECK_INT(open_input_as(fd), ERR_NONE);
    CHECK_INT(file.facts.kind, FILE_REGULAR);
    file_close(&file);
    close(fd);
    fd = open(scratch_path, O_RDONLY | O_DIRECTORY);
    CHECK_INT(open_input_as(fd), ERR_IS_FOLDER);
    close(fd);
    scratch_end();
}

TEST(a_closed_standard_input_is_an_error)
{
    CHECK(open_input_as(-1) != ERR_NONE);
}

static enum err read_whole(const char *path, size_t max, struct buf *out)
{
    buf_init(out, 1 << 20);
    return file_read_whole(path, max, out);
}

TEST(reads_whole_files_up_to_a_limit)
{
    struct buf out;

    scratch_begin();
    scratch_text("a", "0123456789");
    CHECK_INT(read_whole(scratch("a"), 100, &out), ERR_NONE);
    CHECK_STR(buf_str(&out), "0123456789");
    buf_free(&out);
    CHECK_INT(read_whole(scratch("a"), 10, &out), ERR_NONE);
    CHECK_STR(buf_str(&out), "0123456789");
    buf_free(&out);
    CHECK_INT(read_whole(scratch("a"), 9, &out), ERR_TOO_LARGE);
    CHECK(out.len <= 9);
    buf_free(&out);
    CHECK_INT(read_whole(scratch("a"), 0, &out), ERR_TOO_LARGE);
    buf_free(&out);
    scratch_end();
}

TEST(reads_empty_files)
{
    struct buf out;

    scratch_begin();
    scratch_text("a", "");
    CHECK_INT(read_whole(scratch("a"), 0, &out), ERR_NONE);
    CHECK_INT(out.len, 0);
    buf_free(&out);
    CHECK_INT(read_whole(scratch("a"), 10, &out), ERR_NONE);
    CHECK_INT(out.len, 0);
    buf_free(&out);
    scratch_end();
}

TEST(appends_to_what_is_there)
{
    struct buf out;

    scratch_begin();
    scratch_text("a", "abc");
    buf_init(&out, 100);
    buf_add(&out, STR("x"));
    CHECK_INT(file_read_whole(scratch("a"), 3, &out), ERR_NONE);
    CHECK_STR(buf_str(&out), "xabc");
    buf_free(&out);
    scratch_end();
}

TEST(the_buffers_own_maximum_is_a_limit_too)
{
    struct buf out;

    scratch_begin();
    scratch_text("a", "0123456789");
    buf_init(&out, 4);
    CHECK_INT(file_read_whole(scratch("a"), 100, &out), ERR_TOO_LARGE);
    buf_free(&out);
    scratch_end();
}

TEST(reads_files_that_do_not_say_their_size)
{
    struct buf out;

    if (access("/proc/self/status", R_OK) != 0)
        SKIP("no /proc");
    CHECK_INT(read_whole("/proc/self/status", 1 << 16, &out), ERR_NONE);
    CHECK(out.len > 100);
    buf_free(&out);
}

TEST(whole_files_are_no_folders_and_no_pipes)
{
    struct buf out;

    scratch_begin();
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    CHECK_INT(read_whole(scratch_path, 10, &out), ERR_IS_FOLDER);
    buf_free(&out);
    CHECK_INT(read_whole(scratch("p"), 10, &out), ERR_NOT_A_FILE);
    buf_free(&out);
    CHECK_INT(read_whole(scratch("nothing"), 10, &out), ERR_NOT_FOUND);
    buf_free(&out);
    scratch_end();
}

TEST(errors_of_the_system_have_names)
{
    CHECK_INT(err_from_errno(ENOENT), ERR_NOT_FOUND);
    CHECK_INT(err_from_errno(EACCES), ERR_DENIED);
    CHECK_INT(err_from_errno(ENOSPC), ERR_NO_SPACE);
    CHECK_INT(err_from_errno(EMFILE), ERR_FILES_OPEN);
    CHECK_INT(err_from_errno(EPIPE), ERR_PIPE_CLOSED);
    CHECK_INT(err_from_errno(EIO), ERR_INPUT_OUTPUT);
    CHECK_INT(err_from_errno(123456), ERR_INPUT_OUTPUT);
}

TEST(reads_bytes_in_memory_as_a_file)
{
    static const uint8_t bytes[] = "0123456789";
    struct file memory = {.fd = -1, .facts = {.kind = FILE_REGULAR, .size = 10}, .memory = bytes};
    char out[16];
    size_t got;

    CHECK_INT(file_read_at(&memory, 4, out, 3, &got), ERR_NONE);
    CHECK(got == 3 && memcmp(out, "456", 3) == 0);
    CHECK_INT(file_read_at(&memory, 8, out, 16, &got), ERR_NONE);
    CHECK(got == 2 && memcmp(out, "89", 2) == 0);
    CHECK_INT(file_read_at(&memory, 10, out, 16, &got), ERR_NONE);
    CHECK_INT(got, 0);
    CHECK_INT(file_read_at(&memory, UINT64_MAX, out, 16, &got), ERR_NONE);
    CHECK_INT(got, 0);
}

static enum err next_letter(void *context, size_t max, struct str *bytes)
{
    static const char letters[] = "ab";
    unsigned *calls = context;

    *bytes = (struct str){letters + *calls, *calls < 2 && max > 0};
    return (*calls)++ < 3 ? ERR_NONE : ERR_ENCRYPTED;
}

TEST(reads_what_a_source_gives_as_a_stream)
{
    unsigned calls = 0;
    struct file stream = {
        .fd = -1, .facts = {.kind = FILE_STREAM}, .source = {next_letter, &calls}};
    char out[4];
    size_t got;

    CHECK_INT(file_read_next(&stream, out, sizeof(out), &got), ERR_NONE);
    CHECK(got == 1 && out[0] == 'a');
    CHECK_INT(file_read_next(&stream, out, sizeof(out), &got), ERR_NONE);
    CHECK(got == 1 && out[0] == 'b');
    CHECK_INT(file_read_next(&stream, out, sizeof(out), &got), ERR_NONE);
    CHECK_INT(got, 0);
    CHECK_INT(file_read_next(&stream, out, sizeof(out), &got), ERR_ENCRYPTED);
    CHECK_INT(got, 0);
}
