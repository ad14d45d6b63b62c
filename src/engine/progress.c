/* progress.c - see progress.h. */
#include "engine/progress.h"

#include "core/buf.h"
#include "core/err.h"
#include "os/clock.h"
#include "os/output_file.h"
#include "os/tty.h"

#include <unistd.h>

#define LINE_EVERY_NS UINT64_C(200000000)
#define PLAIN_EVERY_NS UINT64_C(5000000000)

void progress_begin(struct progress *progress, uint64_t total, enum progress_wish wish)
{
    bool terminal = tty_is(STDERR_FILENO);

    *progress = (struct progress){.line = terminal && wish != PROGRESS_NEVER,
                                  .plain = !terminal && wish == PROGRESS_ALWAYS,
                                  .total = total};
    progress->begun_ns = progress->last_ns = clock_monotonic_ns();
}

static void add_bytes(struct buf *out, uint64_t bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    double value = (double)bytes;
    unsigned unit = 0;

    for (; value >= 1000 && unit + 1 < ARRAY_COUNT(units); unit++)
        value /= 1000;
    buf_printf(out, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static void write_line(struct progress *progress, uint64_t done, uint64_t now_ns)
{
    double seconds = (double)(now_ns - progress->begun_ns) / 1e9;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    struct buf line;

    buf_init(&line, 4096);
    if (progress->line)
        buf_add(&line, STR("\r"));
    add_bytes(&line, done);
    if (progress->total > 0) {
        uint64_t total = progress->total > done ? progress->total : done;
        buf_add(&line, STR(" of "));
        add_bytes(&line, total);
        buf_printf(&line, " (%.0f%%)", 100.0 * (double)done / (double)total);
    }
    buf_add(&line, STR(", "));
    add_bytes(&line, (uint64_t)rate);
    buf_add(&line, STR("/s"));
    if (rate > 0 && progress->total > done)
        buf_printf(&line, ", %.0f s left", (double)(progress->total - done) / rate);
    buf_add(&line, progress->line ? STR("\033[K") : STR("\n"));
    enum err ignored = descriptor_write(STDERR_FILENO, buf_str(&line));
    (void)ignored; /* progress that nobody sees is no loss */
    buf_free(&line);
    progress->shown = true;
}

void progress_show(struct progress *progress, uint64_t done)
{
    uint64_t now_ns = clock_monotonic_ns();
    uint64_t every_ns = progress->line ? LINE_EVERY_NS : PLAIN_EVERY_NS;

    if ((!progress->line && !progress->plain) || now_ns - progress->last_ns < every_ns)
        return;
    progress->last_ns = now_ns;
    write_line(progress, done, now_ns);
}

void progress_end(struct progress *progress)
{
    if (!progress->line || !progress->shown)
        return;
    enum err ignored = descriptor_write(STDERR_FILENO, STR("\r\033[K"));
    (void)ignored;
}
