/* test_clock.c - time passes, and never goes back. */
#include "os/clock.h"

#include "testkit.h"

#include <time.h>

TEST(never_goes_back)
{
    uint64_t last = clock_monotonic_ns();

    for (int i = 0; i < 10000; i++) {
        uint64_t now = clock_monotonic_ns();
        if (now < last)
            TESTKIT_FAIL("%llu came behind %llu", (unsigned long long)now,
                         (unsigned long long)last);
        last = now;
    }
}

TEST(counts_nanoseconds)
{
    struct timespec pause_time = {0, 20000000};
    uint64_t before = clock_monotonic_ns();

    nanosleep(&pause_time, NULL);
    uint64_t passed = clock_monotonic_ns() - before;
    CHECK(passed >= 20000000 && passed < 20000000000u);
}

TEST(knows_the_time)
{
    int64_t now_ns = clock_realtime_ns(), now_s = (int64_t)time(NULL);

    CHECK(now_ns / 1000000000 <= now_s + 1 && now_ns / 1000000000 >= now_s - 10);
}
