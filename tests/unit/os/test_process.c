/* test_process.c - a child that works for its parent: what it has, what it says, how it ends. */
#include "os/process.h"

#include "os/output_file.h"
#include "os/signals.h"

#include "scratch_folder.h"

#include <signal.h>
#include <time.h>

static struct process process;

/* Everything the child writes, until the pipe ends. */
static struct str all_said(void)
{
    static char text[4096];
    size_t len = 0, got = 1;

    while (got > 0 && len < sizeof(text)) {
        if (file_read_next(&process.pipe, text + len, sizeof(text) - len, &got) != ERR_NONE)
            break;
        len += got;
    }
    return (struct str){text, len};
}

static int say_hello(void *context, int pipe)
{
    return descriptor_write(pipe, str_from(context)) == ERR_NONE ? 7 : 8;
}

static char hello[] = "hello";

TEST(the_childs_result_is_its_exit_status)
{
    CHECK_INT(process_start(&process, NULL, 0, say_hello, hello), ERR_NONE);
    CHECK_STR(all_said(), "hello");
    struct process_end end = process_finish(&process);
    CHECK(end.exited);
    CHECK_INT(end.status, 7);
    CHECK_INT(process.pipe.fd, -1);
}

static int wait_for_ever(void *context, int pipe)
{
    (void)context;
    (void)pipe;
    while (pause() < 0)
        continue;
    return 0;
}

TEST(a_killed_child_is_told_from_one_that_exits)
{
    CHECK_INT(process_start(&process, NULL, 0, wait_for_ever, NULL), ERR_NONE);
    process_kill(&process);
    CHECK_STR(all_said(), "");
    struct process_end end = process_finish(&process);
    CHECK(!end.exited);
    CHECK_INT(end.status, SIGKILL);
}

static int die_by_signal(void *context, int pipe)
{
    (void)context;
    if (descriptor_write(pipe, STR("last words")) != ERR_NONE)
        return 1;
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
    return 0;
}

TEST(what_was_said_before_the_end_is_read)
{
    CHECK_INT(process_start(&process, NULL, 0, die_by_signal, NULL), ERR_NONE);
    CHECK_STR(all_said(), "last words");
    struct process_end end = process_finish(&process);
    CHECK(!end.exited);
    CHECK_INT(end.status, SIGTERM);
}

/* Says which of the descriptors up to 99 are open. */
static int list_descriptors(void *context, int pipe)
{
    char text[8];

    (void)context;
    for (int fd = 0; fd < 100; fd++) {
        if (fd == pipe || fcntl(fd, F_GETFD) < 0)
            continue;
        int len = snprintf(text, sizeof(text), "%d,", fd);
        if (descriptor_write(pipe, (struct str){text, (size_t)len}) != ERR_NONE)
            return 1;
    }
    return 0;
}

TEST(other_descriptors_are_closed_in_the_child)
{
    int high = fcntl(STDERR_FILENO, F_DUPFD, 50), kept = fcntl(STDERR_FILENO, F_DUPFD, 60);

    CHECK_INT(high, 50);
    CHECK_INT(kept, 60);
    CHECK_INT(process_start(&process, &kept, 1, list_descriptors, NULL), ERR_NONE);
    CHECK_STR(all_said(), "0,1,2,60,");
    process_finish(&process);
    CHECK_INT(process_start(&process, NULL, 0, list_descriptors, NULL), ERR_NONE);
    CHECK_STR(all_said(), "0,1,2,");
    process_finish(&process);
    CHECK(fcntl(high, F_GETFD) >= 0); /* the parent's own stay */
    close(high);
    close(kept);
}

static int compare_with_null(void *context, int pipe)
{
    struct stat null, in, out;

    (void)context;
    (void)pipe;
    if (stat("/dev/null", &null) || fstat(STDIN_FILENO, &in) || fstat(STDOUT_FILENO, &out))
        return 9;
    return (in.st_rdev != null.st_rdev) + 2 * (out.st_rdev != null.st_rdev);
}

TEST(standard_input_and_output_lead_nowhere_unless_kept)
{
    static const int both[] = {STDIN_FILENO, STDOUT_FILENO};
    int ends[2], old[2] = {dup(STDIN_FILENO), dup(STDOUT_FILENO)};

    fflush(stdout);
    CHECK_INT(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    enum err first = process_start(&process, NULL, 0, compare_with_null, NULL);
    struct process_end end = process_finish(&process);
    enum err second = process_start(&process, both, 2, compare_with_null, NULL);
    struct process_end kept_end = process_finish(&process);
    dup2(old[0], STDIN_FILENO);
    dup2(old[1], STDOUT_FILENO);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(old[i]);
    }
    CHECK_INT(first, ERR_NONE);
    CHECK_INT(second, ERR_NONE);
    CHECK_INT(end.status, 0);
    CHECK_INT(kept_end.status, 3);
}

static int raise_wishes(void *context, int pipe)
{
    (void)context;
    (void)pipe;
    raise(SIGINT);
    raise(SIGTERM);
    raise(SIGHUP);
    return 5;
}

TEST(the_terminals_signals_do_not_concern_the_child)
{
    CHECK_INT(process_start(&process, NULL, 0, raise_wishes, NULL), ERR_NONE);
    struct process_end end = process_finish(&process);
    CHECK(end.exited);
    CHECK_INT(end.status, 5);
}

static int echo_one(void *context, int pipe)
{
    struct timespec pause_time = {0, 30000000};

    (void)context;
    nanosleep(&pause_time, NULL);
    return descriptor_write(pipe, STR("x")) == ERR_NONE ? 0 : 1;
}

TEST(waiting_ends_with_bytes_with_the_end_or_with_the_time)
{
    char byte;
    size_t got;

    CHECK_INT(process_start(&process, NULL, 0, echo_one, NULL), ERR_NONE);
    CHECK(process_wait_readable(&process, 10000));
    CHECK_INT(file_read_next(&process.pipe, &byte, 1, &got), ERR_NONE);
    CHECK_INT(got, 1);
    CHECK(process_wait_readable(&process, 10000)); /* the end is something to read, too */
    CHECK_INT(file_read_next(&process.pipe, &byte, 1, &got), ERR_NONE);
    CHECK_INT(got, 0);
    process_finish(&process);
    CHECK_INT(process_start(&process, NULL, 0, wait_for_ever, NULL), ERR_NONE);
    CHECK(!process_wait_readable(&process, 20));
    process_kill(&process);
    process_finish(&process);
}

static int write_for_ever(void *context, int pipe)
{
    static char bytes[65536];

    (void)context;
    for (;;)
        if (descriptor_write(pipe, (struct str){bytes, sizeof(bytes)}) != ERR_NONE)
            return 3;
}

TEST(a_child_that_says_more_than_is_read_can_be_ended)
{
    CHECK_INT(process_start(&process, NULL, 0, write_for_ever, NULL), ERR_NONE);
    CHECK(process_wait_readable(&process, 10000));
    process_kill(&process);
    struct process_end end = process_finish(&process);
    CHECK(!end.exited);
}

TEST(there_is_a_processor_and_memory_in_use)
{
    CHECK(process_processors() >= 1 && process_processors() <= 256);
    if (access("/proc/self/statm", R_OK) != 0)
        SKIP("no /proc");
    CHECK(process_resident_bytes() > 100000);
}
