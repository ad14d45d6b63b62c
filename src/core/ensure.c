/* ensure.c - the one place where a pure layer may end the process. */
#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_text(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

void ensure_failed(const char *file, int line, const char *condition)
{
    char digits[12];
    size_t at = sizeof(digits);

    digits[--at] = '\0';
    do {
        digits[--at] = (char)('0' + line % 10);
        line /= 10;
    } while (line > 0 && at > 0);
    write_text("seawall: internal error at ");
    write_text(file);
    write_text(":");
    write_text(digits + at);
    write_text(": ");
    write_text(condition);
    write_text("\n");
    abort();
}
