/* pipeline_maker.h - pipelines as text, and what they make of a rule, for the tests of their
 * parts. Between pipelines_begin and pipelines_end, as rule_maker.h has it for rules. */
#ifndef PIPELINE_MAKER_H
#define PIPELINE_MAKER_H

#include "rule_maker.h"

#include "rules/pipeline_priv.h"

static struct why why;

UNUSED static void pipelines_begin(void)
{
    load_begin();
    set.pipelines = pipelines_new(made);
}

UNUSED static void pipelines_end(void)
{
    pipelines_free(set.pipelines);
    load_end();
}

UNUSED static bool add_pipeline(const char *yaml)
{
    bool good = pipelines_add(set.pipelines, STR("p.yml"), str_from(yaml), &why) == ERR_NONE;

    if (!good)
        printf("# %s\n", why.text);
    return good;
}

/* The detection, its first line in line 4, after all pipelines that were added. */
UNUSED static struct str changed(const char *detection)
{
    return shown(load_detection(detection, NULL));
}

/* A detection whose value is too much for `(a+)+$`. */
UNUSED static const char *exhausting(void)
{
    static char text[20100];
    size_t len = (size_t)snprintf(text, sizeof(text), "s: {x: '");

    memset(text + len, 'a', 20000);
    snprintf(text + len + 20000, sizeof(text) - len - 20000, "!'}\ncondition: s\n");
    return text;
}

/* A pipeline of this one item, and what it makes of the detection. */
UNUSED static struct str through(const char *item, const char *detection)
{
    static char text[4096];

    pipelines_end(); /* the same rule twice would be a duplicate */
    pipelines_begin();
    snprintf(text, sizeof(text), "transformations:\n  - %s\n", item);
    return add_pipeline(text) ? changed(detection) : STR("no pipeline");
}

/* The file is refused at this line and column, for a reason with this text. */
UNUSED static void refuses_file(const char *yaml, const char *place, const char *part)
{
    char start[64];

    pipelines_begin();
    snprintf(start, sizeof(start), "p.yml:%s: ", place);
    if (pipelines_add(set.pipelines, STR("p.yml"), str_from(yaml), &why) == ERR_NONE)
        TESTKIT_FAIL("not refused: %s", yaml);
    else if (!str_starts_with(str_from(why.text), str_from(start)) || !strstr(why.text, part))
        TESTKIT_FAIL("'%s' is not '%s ... %s'", why.text, start, part);
    pipelines_end();
}

/* The same for a file of one item, which begins at 2:5. */
UNUSED static void refuses_item(const char *item, const char *place, const char *part)
{
    static char text[4096];

    snprintf(text, sizeof(text), "transformations:\n  - %s\n", item);
    refuses_file(text, place, part);
}

#endif
