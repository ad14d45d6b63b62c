/* complain.c - see complain.h. */
#include "engine/complain.h"

#include "core/err.h"
#include "os/output_file.h"
#include "output/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES_MAX (64u << 10)

void complain(const char *format, ...)
{
    char text[LINE_BYTES_MAX / 4];
    struct buf line;
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0)
        return;
    buf_init(&line, LINE_BYTES_MAX);
    buf_add(&line, STR("seawall: "));
    escape_terminal(str_from(text), &line);
    buf_add_char(&line, '\n');
    enum err ignored = descriptor_write(STDERR_FILENO, buf_str(&line));
    (void)ignored; /* there is nowhere left to say it */
    buf_free(&line);
}

void complain_about(const char *what, struct notes *notes, const char *reason)
{
    struct report_notes list = notes_report(notes);

    uint64_t more = list.count;

    for (uint32_t i = 0; i < list.listed; i++) {
        const struct report_note *note = &list.at[i];
        more -= note->files ? note->files : 1;
        struct str text = note->text.len ? note->text : str_from(reason);
        if (note->offset == UINT64_MAX)
            complain("%s %.*s: %.*s", what, STR_ARG(note->path), STR_ARG(text));
        else
            complain("%s %.*s at byte %llu: %.*s", what, STR_ARG(note->path),
                     (unsigned long long)note->offset, STR_ARG(text));
    }
    if (more > 0)
        complain("%s %llu more", what, (unsigned long long)more);
}
