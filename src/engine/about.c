/* about.c - see about.h. */
#include "engine/about.h"

#include "core/ensure.h"
#include "engine/evidence.h"
#include "engine/share.h"
#include "os/file.h"
#include "os/process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES_MAX ((size_t)2 << 30)
#define NOT_THERE 127

struct shipped {
    struct str name;
    struct buf *bytes;
};

static void take_shipped(void *context, struct str path, struct str bytes)
{
    struct shipped *shipped = context;
    struct str stem = path;

    while (str_find_byte(stem, '/') < stem.len)
        stem = str_slice(stem, str_find_byte(stem, '/') + 1, stem.len);
    stem = str_slice(stem, 0, str_find_byte(stem, '.'));
    if (str_eq_nocase(stem, shipped->name))
        buf_add(shipped->bytes, bytes);
}

static int run_pdftotext(void *context, int pipe)
{
    const char *path = context;

    if (dup2(pipe, STDOUT_FILENO) < 0)
        return NOT_THERE;
    execlp("pdftotext", "pdftotext", "-q", "-enc", "UTF-8", path, "-", (char *)NULL);
    return NOT_THERE;
}

static enum err read_output(struct process *process, struct buf *out)
{
    for (;;) {
        char *to = buf_reserve(out, 65536);
        size_t got = 0;
        if (!to)
            return ERR_TOO_LARGE;
        enum err err = file_read_next(&process->pipe, to, 65536, &got);
        if (err || got == 0)
            return err;
        out->len += got;
    }
}

static enum err read_pdf(const char *path, struct buf *out, struct why *why)
{
    struct process process;
    char shown[4096];

    /* a name that begins with a dash is none of its options */
    snprintf(shown, sizeof(shown), "%s%s", path[0] == '/' ? "" : "./", path);
    buf_reset(out);
    enum err err = process_start(&process, NULL, 0, run_pdftotext, shown);
    if (!err) {
        err = read_output(&process, out);
        struct process_end end = process_finish(&process);
        if (!err && end.exited && end.status == NOT_THERE) {
            why_set(why,
                    "--about %s is a PDF: install pdftotext (poppler-utils), or save it as "
                    "text",
                    path);
            return ERR_UNKNOWN_FORMAT;
        }
        if (!err && (!end.exited || end.status != 0))
            err = ERR_INVALID;
    }
    if (err)
        why_set(why, "--about %s: pdftotext cannot read it", path);
    return err;
}

static enum err read_bytes(const char *name, struct buf *out, struct why *why)
{
    struct shipped shipped = {str_from(name), out};
    enum err err = file_read_whole(name, ADVISORY_BYTES_MAX, out);

    if (err == ERR_NOT_FOUND && !strchr(name, '/')) {
        if (share_visit("about/", take_shipped, &shipped, why))
            return ERR_NOT_FOUND;
        err = out->len > 0 ? ERR_NONE : ERR_NOT_FOUND;
    }
    if (err)
        why_set(why, "cannot read --about %s: %s", name, err_text(err));
    else if (str_starts_with(buf_str(out), STR("%PDF-")))
        err = read_pdf(name, out, why);
    return err;
}

static struct str joined_rules(const struct str_list *rules, struct arena *arena)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    for (uint32_t i = 0; i < rules->count; i++) {
        buf_add(&out, STR("---\n"));
        buf_add(&out, rules->at[i]);
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

enum err about_load(struct about *about, const char *name, struct why *why)
{
    struct buf bytes;

    *about = (struct about){0};
    if (!name)
        return ERR_NONE;
    about->arena = arena_new("advisory", ARENA_BYTES_MAX);
    buf_init(&bytes, ADVISORY_BYTES_MAX + 65536);
    enum err err = read_bytes(name, &bytes, why);
    if (!err) {
        struct str text = arena_str(about->arena, buf_str(&bytes));
        about->shown = path_shown(str_from(name), about->arena);
        advisory_read(&about->advisory, text, about->arena);
        about->rules = (struct own_rules){
            .path = about->shown, .rules = joined_rules(&about->advisory.rules, about->arena)};
        about->indicators = (struct own_indicators){
            about->shown, about->advisory.json ? text : about->advisory.indicators};
        if (about->advisory.techniques.count + about->advisory.cves.count +
                about->advisory.rules.count + about->indicators.bytes.len ==
            0) {
            why_set(why, "--about %s names no technique, vulnerability, indicator or rule", name);
            err = ERR_INVALID;
        }
    }
    buf_free(&bytes);
    return err;
}

void about_free(struct about *about)
{
    if (about->arena)
        arena_free(about->arena);
    *about = (struct about){0};
}
