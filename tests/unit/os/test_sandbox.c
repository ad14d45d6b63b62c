/* test_sandbox.c - what a process can still do once it has given up its rights: each question is
 * asked in a child of its own. Skipped, counted, where the kernel lacks what it takes. */
#include "os/sandbox.h"

#include "scratch_folder.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SANDBOXED_PARTLY 101
#define NO_SANDBOX 102

/* Exit status of `question` in a child that entered the sandbox; -signal if it was killed. */
static int ask(int (*question)(void), const char *allowed)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct why why = {""};
        enum sandbox_state state = sandbox_enter(&allowed, allowed ? 1 : 0, &why);
        if (state != SANDBOX_FULL)
            _exit(state == SANDBOX_PARTIAL && why.text[0] ? SANDBOXED_PARTLY : NO_SANDBOX);
        _exit(question());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool is_missing(int answer)
{
    return answer == SANDBOXED_PARTLY || answer == NO_SANDBOX;
}

/* Asks, and leaves the test where there is no whole sandbox. */
#define ASK(answer, question, allowed)                                                             \
    do {                                                                                           \
        (answer) = ask((question), (allowed));                                                     \
        if (is_missing(answer)) {                                                                  \
            scratch_end();                                                                         \
            SKIP("this kernel has no whole sandbox");                                              \
        }                                                                                          \
    } while (0)

static char inside[PATH_MAX + 16], outside[PATH_MAX + 16];

static const char *make_files(void)
{
    scratch_begin();
    const char *allowed = scratch_folder("in");
    snprintf(inside, sizeof(inside), "%s", scratch_text("in/a", "12345"));
    snprintf(outside, sizeof(outside), "%s", scratch_text("b", "67890"));
    return allowed;
}

static int read_from(const char *path)
{
    char bytes[8];
    int fd = open(path, O_RDONLY);

    return fd < 0 ? errno : (int)read(fd, bytes, sizeof(bytes)) == 5 ? 0 : 100;
}

static int read_inside(void)
{
    return read_from(inside);
}

static int read_outside(void)
{
    return read_from(outside);
}

TEST(reads_below_the_given_paths)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, read_inside, allowed);
    CHECK_INT(answer, 0);
    scratch_end();
}

TEST(reads_a_given_file)
{
    int answer;

    make_files();
    ASK(answer, read_inside, inside);
    CHECK_INT(answer, 0);
    scratch_end();
}

TEST(reads_nothing_else)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, read_outside, allowed);
    CHECK_INT(answer, EACCES);
    ASK(answer, read_outside, NULL);
    CHECK_INT(answer, EACCES);
    ASK(answer, read_outside, scratch("nothing"));
    CHECK_INT(answer, EACCES);
    scratch_end();
}

static int read_through_link(void)
{
    char path[PATH_MAX + 32];

    snprintf(path, sizeof(path), "%.*s/link", (int)(strlen(inside) - 2), inside);
    return read_from(path);
}

TEST(a_link_does_not_lead_outside)
{
    const char *allowed = make_files();
    int answer;

    scratch_link("in/link", outside);
    ASK(answer, read_through_link, allowed);
    CHECK_INT(answer, EACCES);
    scratch_end();
}

static int write_inside(void)
{
    if (open(inside, O_WRONLY) >= 0 || errno != EPERM)
        return 1;
    if (open(inside, O_RDWR) >= 0 || errno != EPERM)
        return 2;
    if (open(inside, O_RDONLY | O_TRUNC) >= 0 || errno != EPERM)
        return 3;
    if (unlink(inside) == 0 || rename(inside, outside) == 0 || chmod(inside, 0) == 0)
        return 4;
    return mkdir(outside, 0700) == 0 || symlink("a", outside) == 0 ? 5 : 0;
}

TEST(changes_nothing)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, write_inside, allowed);
    CHECK_INT(answer, 0);
    CHECK(scratch_holds("in/a", "12345"));
    scratch_end();
}

static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 1 : 2;
}

static int open_local_socket(void)
{
    int ends[2];

    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? 1 : 2;
}

static int run_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 2;
}

static int fork_on(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0 ? 1 : 0;
}

TEST(a_socket_or_a_program_is_the_end)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, open_socket, allowed);
    CHECK_INT(answer, -SIGSYS);
    ASK(answer, open_local_socket, allowed);
    CHECK_INT(answer, -SIGSYS);
    ASK(answer, run_program, allowed);
    CHECK_INT(answer, -SIGSYS);
    scratch_end();
}

TEST(no_further_process_comes_to_be)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, fork_on, allowed);
    CHECK(answer == 0 || answer == -SIGSYS);
    scratch_end();
}

static int signal_the_parent(void)
{
    return kill(getppid(), 0) == 0 ? 1 : 0;
}

TEST(no_other_process_is_reached)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, signal_the_parent, allowed);
    CHECK_INT(answer, 0);
    scratch_end();
}

static void *set_flag(void *context)
{
    char *memory = malloc(1 << 20);

    if (memory)
        memset(memory, 1, 1 << 20);
    *(int *)context = memory != NULL && memory[100] == 1;
    free(memory);
    return NULL;
}

static int start_threads(void)
{
    int flags[4] = {0};
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, set_flag, &flags[i]) != 0)
            return 1;
    for (int i = 0; i < 4; i++)
        if (pthread_join(threads[i], NULL) != 0 || !flags[i])
            return 2;
    return 0;
}

TEST(threads_and_memory_work)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, start_threads, allowed);
    CHECK_INT(answer, 0);
    scratch_end();
}

static int abort_now(void)
{
    abort();
}

TEST(a_bug_still_ends_the_process_as_a_bug)
{
    const char *allowed = make_files();
    int answer;

    ASK(answer, abort_now, allowed);
    CHECK_INT(answer, -SIGABRT);
    scratch_end();
}

static int used_descriptor;

static int use_descriptor(void)
{
    char byte;

    return pread(used_descriptor, &byte, 1, 0) == 1 && byte == '6' ? 0 : 1;
}

TEST(descriptors_that_were_open_still_work)
{
    const char *allowed = make_files();
    int answer;

    used_descriptor = open(outside, O_RDONLY);
    ASK(answer, use_descriptor, allowed);
    CHECK_INT(answer, 0);
    close(used_descriptor);
    scratch_end();
}

TEST(what_is_missing_is_said)
{
    scratch_begin();
    int answer = ask(start_threads, scratch_path);
    CHECK(answer == 0 || answer == SANDBOXED_PARTLY || answer == NO_SANDBOX);
    scratch_end();
}
