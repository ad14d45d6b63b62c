/* signals.c - see signals.h. */
#include "os/signals.h"

#include <signal.h>

static volatile sig_atomic_t count;

static const int wishes[] = {SIGINT, SIGTERM, SIGHUP};

static void count_signal(int number)
{
    (void)number;
    if (count < 1000)
        count++;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_flags = 0}; /* waiting calls return, so that the count is seen */

    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void signals_catch(void)
{
    struct sigaction hangup;

    for (size_t i = 0; i < ARRAY_COUNT(wishes); i++) {
        if (wishes[i] == SIGHUP && sigaction(SIGHUP, NULL, &hangup) == 0 &&
            hangup.sa_handler == SIG_IGN)
            continue; /* nohup */
        handle(wishes[i], count_signal);
    }
    handle(SIGPIPE, SIG_IGN);
}

unsigned signals_count(void)
{
    return (unsigned)count;
}

void signals_ignore(void)
{
    for (size_t i = 0; i < ARRAY_COUNT(wishes); i++)
        handle(wishes[i], SIG_IGN);
}
