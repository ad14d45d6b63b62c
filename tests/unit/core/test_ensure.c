/* test_ensure.c - a broken promise ends the process with one line that says where. */
#include "core/ensure.h"

#include "core/str.h"
#include "testkit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Runs `body` in a child; what it wrote to standard error goes to `text`, its end is returned. */
static int run_child(void (*body)(void), char *text, size_t size)
{
    int ends[2], status = -1;
    size_t len = 0;
    ssize_t got;

    fflush(stdout);
    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        body();
        _exit(0);
    }
    close(ends[1]);
    while (len < size - 1 && (got = read(ends[0], text + len, size - 1 - len)) > 0)
        len += (size_t)got;
    text[len] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static void keep_a_promise(void)
{
    ENSURE(1 + 1 == 2);
}

static void break_a_promise(void)
{
    ENSURE(1 + 1 == 3);
}

static void fail_at_the_largest_line(void)
{
    ensure_failed("core/x.c", 2147483647, "condition");
}

TEST(a_promise_that_is_kept_says_nothing)
{
    char text[256];

    CHECK_INT(run_child(keep_a_promise, text, sizeof(text)), 0);
    CHECK_STR(str_from(text), "");
}

TEST(a_broken_promise_aborts_and_says_where)
{
    char text[256];
    int status = run_child(break_a_promise, text, sizeof(text));

    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK(strstr(text, "seawall: internal error at ") == text);
    CHECK(strstr(text, "test_ensure.c:") != NULL);
    CHECK(strstr(text, ": 1 + 1 == 3\n") != NULL);
    CHECK(strchr(text, '\n') == text + strlen(text) - 1);
}

TEST(any_line_number_is_printed)
{
    char text[256];

    run_child(fail_at_the_largest_line, text, sizeof(text));
    CHECK_STR(str_from(text), "seawall: internal error at core/x.c:2147483647: condition\n");
}

TEST(the_condition_is_evaluated_once)
{
    int count = 0;

    ENSURE(++count == 1);
    CHECK_INT(count, 1);
}
