/* command_search.c - `seawall search`: a hunt by one rule, which looks for a pattern in everything
 * that an event holds. */
#include "cli/command.h"
#include "cli/command_hunt.h"
#include "codec/json.h"

#include <string.h>

#define PATTERN_BYTES_MAX 65536u

struct pattern {
    bool expression;
    struct buf rule;
    struct own_rules own;
};

/* As a string of Sigma: a backslash is one, `*` and `?` are wildcards. */
static void add_plain(struct buf *out, struct str pattern)
{
    struct buf text;

    buf_init(&text, 2 * PATTERN_BYTES_MAX);
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] == '\\')
            buf_add_char(&text, '\\');
        buf_add_char(&text, pattern.at[i]);
    }
    json_write_str(out, buf_str(&text));
    buf_free(&text);
}

static bool make_rule(void *context, const char *text)
{
    struct pattern *pattern = context;
    struct str wanted = str_from(text);
    struct buf *out = &pattern->rule;

    if (wanted.len == 0 || wanted.len > PATTERN_BYTES_MAX) {
        usage_error("search", wanted.len ? "the pattern is too long" : "the pattern is empty");
        return false;
    }
    buf_add(out, STR("title: search\nlogsource: {category: search}\nlevel: informational\n"
                     "detection:\n  condition: words\n  words: "));
    if (pattern->expression) {
        buf_add(out, STR("{'|re|i': "));
        json_write_str(out, wanted);
        buf_add_char(out, '}');
    } else {
        buf_add_char(out, '[');
        add_plain(out, wanted);
        buf_add_char(out, ']');
    }
    buf_add_char(out, '\n');
    pattern->own.rules = buf_str(out);
    return true;
}

int command_search(int argc, char **argv)
{
    struct pattern pattern = {.own = {.path = STR("search"),
                                      .taxonomy = STR("- {category: search, when: {}}\n"),
                                      .needed = true}};
    const struct search search = {&pattern, make_rule, &pattern.own};

    if (argc > 1 && strcmp(argv[1], "--regex") == 0) {
        pattern.expression = true;
        argv[1] = argv[0];
        argc--;
        argv++;
    }
    buf_init(&pattern.rule, SIZE_MAX / 2);
    int status = hunt_gather(argc, argv, &search);
    buf_free(&pattern.rule);
    return status;
}
