/* tty.c - see tty.h. */
#include "os/tty.h"

#include "core/str.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool tty_is(int fd)
{
    return isatty(fd) == 1;
}

unsigned tty_width(int fd)
{
    struct winsize size;

    if (!tty_is(fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool tty_has_colour(int fd)
{
    struct str none = str_from(getenv("NO_COLOR"));
    struct str terminal = str_from(getenv("TERM"));

    return tty_is(fd) && none.len == 0 && terminal.len > 0 && !str_eq(terminal, STR("dumb"));
}

bool tty_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str value = str_from(getenv(names[i]));
        if (value.len == 0)
            continue;
        str_cut(&value, '.'); /* language.codeset@variant */
        struct str codeset = str_cut(&value, '@');
        return str_eq_nocase(codeset, STR("UTF-8")) || str_eq_nocase(codeset, STR("UTF8"));
    }
    return false;
}
