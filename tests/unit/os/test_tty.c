/* test_tty.c - what a terminal can show: asked of a terminal made for the test. */
#include "os/tty.h"

#include "testkit.h"

#include <fcntl.h>
#include <sys/ioctl.h>

/* A terminal of our own; false where none can be had. */
static bool open_terminal(int *master, int *slave)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY);
    if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0)
        return false;
    *slave = open(ptsname(*master), O_RDWR | O_NOCTTY);
    return *slave >= 0;
}

TEST(a_pipe_is_no_terminal)
{
    int ends[2];

    CHECK_INT(pipe(ends), 0);
    CHECK(!tty_is(ends[0]));
    CHECK_INT(tty_width(ends[1]), 0);
    CHECK(!tty_has_colour(ends[1]));
    CHECK(!tty_is(-1));
    CHECK_INT(tty_width(-1), 0);
    close(ends[0]);
    close(ends[1]);
}

TEST(a_terminal_has_a_width)
{
    int master, slave;
    struct winsize size = {.ws_row = 24, .ws_col = 132};

    if (!open_terminal(&master, &slave))
        SKIP("no terminals here");
    CHECK(tty_is(slave));
    CHECK_INT(tty_width(slave), 80); /* it does not say */
    CHECK_INT(ioctl(slave, TIOCSWINSZ, &size), 0);
    CHECK_INT(tty_width(slave), 132);
    close(slave);
    close(master);
}

TEST(colours_are_a_matter_of_the_environment)
{
    int master, slave;

    if (!open_terminal(&master, &slave))
        SKIP("no terminals here");
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    CHECK(tty_has_colour(slave));
    setenv("NO_COLOR", "", 1); /* empty means nothing */
    CHECK(tty_has_colour(slave));
    setenv("NO_COLOR", "1", 1);
    CHECK(!tty_has_colour(slave));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    CHECK(!tty_has_colour(slave));
    unsetenv("TERM");
    CHECK(!tty_has_colour(slave));
    close(slave);
    close(master);
}

static bool utf8_with(const char *all, const char *ctype, const char *lang)
{
    setenv("LC_ALL", all, 1);
    setenv("LC_CTYPE", ctype, 1);
    setenv("LANG", lang, 1);
    return tty_is_utf8();
}

TEST(the_first_locale_that_is_set_counts)
{
    CHECK(utf8_with("", "", "en_US.UTF-8"));
    CHECK(utf8_with("", "", "C.utf8"));
    CHECK(!utf8_with("", "", "en_US.ISO-8859-1"));
    CHECK(!utf8_with("C", "en_US.UTF-8", "en_US.UTF-8"));
    CHECK(utf8_with("", "de_DE.UTF-8", "C"));
    CHECK(!utf8_with("", "POSIX", "en_US.UTF-8"));
    CHECK(!utf8_with("", "", ""));
}

TEST(a_variant_of_the_locale_does_not_hide_utf8)
{
    CHECK(utf8_with("", "", "de_DE.UTF-8@euro"));
}
