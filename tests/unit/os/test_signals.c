/* test_signals.c - wishes to end are counted, and a closed pipe is no end. */
#include "os/signals.h"

#include "testkit.h"

#include <errno.h>
#include <signal.h>

TEST(wishes_are_counted)
{
    signals_catch();
    unsigned before = signals_count();
    raise(SIGINT);
    CHECK_INT(signals_count(), before + 1);
    raise(SIGTERM);
    raise(SIGHUP);
    CHECK_INT(signals_count(), before + 3);
}

TEST(a_closed_pipe_is_an_error)
{
    int ends[2];

    signals_catch();
    CHECK_INT(pipe(ends), 0);
    close(ends[0]);
    CHECK_INT(write(ends[1], "x", 1), -1);
    CHECK_INT(errno, EPIPE);
    close(ends[1]);
}

TEST(a_wish_ends_a_wait)
{
    int ends[2];
    char byte;
    struct sigaction action;

    signals_catch(); /* not restarted: a blocked read returns, so that the count is looked at */
    CHECK_INT(sigaction(SIGINT, NULL, &action), 0);
    CHECK(!(action.sa_flags & SA_RESTART));
    CHECK_INT(pipe(ends), 0);
    signal(SIGALRM, SIG_DFL);
    action.sa_flags = 0;
    CHECK_INT(sigaction(SIGALRM, &action, NULL), 0);
    unsigned before = signals_count();
    alarm(1);
    CHECK_INT(read(ends[0], &byte, 1), -1);
    CHECK_INT(errno, EINTR);
    CHECK_INT(signals_count(), before + 1);
    signal(SIGALRM, SIG_DFL);
    close(ends[0]);
    close(ends[1]);
}

TEST(ignored_wishes_are_not_counted)
{
    signals_catch();
    unsigned before = signals_count();
    signals_ignore();
    raise(SIGINT);
    raise(SIGTERM);
    raise(SIGHUP);
    CHECK_INT(signals_count(), before);
}
