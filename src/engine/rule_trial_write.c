/* rule_trial_write.c - results of tests as JUnit XML and as JSON. */
#include "codec/json.h"
#include "codec/utf.h"
#include "engine/rule_trial.h"

static const char *event_name(const struct rule_trial *trial)
{
    return !trial->event ? "test" : trial->event->match ? "match" : "no_match";
}

static struct str title_of(const struct rule_trial *trial)
{
    return trial->rule ? trial->rule->title : trial->test->rule;
}

/* ---- JUnit ---- */

/* XML 1.0 has no place for most control characters, not even escaped. */
static void add_xml(struct buf *out, struct str text)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t c = utf8_take(&text);
        bool bad = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xfffe ||
                   c == 0xffff || utf8_is_ill_formed(c, before);

        if (bad)
            buf_add(out, STR("\xef\xbf\xbd"));
        else if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '>')
            buf_add(out, STR("&gt;"));
        else if (c == '"')
            buf_add(out, STR("&quot;"));
        else if (c < 0x20)
            buf_printf(out, "&#%u;", (unsigned)c);
        else
            buf_add(out, str_slice(before, 0, before.len - text.len));
    }
}

static void add_case(struct buf *out, const struct rule_trial *trial)
{
    buf_add(out, STR("    <testcase classname=\""));
    add_xml(out, title_of(trial));
    buf_printf(out, "\" name=\"%s, line %u\" file=\"", event_name(trial), trial->line);
    add_xml(out, trial->path);
    buf_printf(out, "\" line=\"%u\"", trial->line);
    if (trial->end == TRIAL_PASSED) {
        buf_add(out, STR("/>\n"));
        return;
    }
    const char *kind = trial->end == TRIAL_FAILED ? "failure" : "error";
    buf_printf(out, ">\n      <%s message=\"", kind);
    add_xml(out, trial->why);
    buf_printf(out, "\"/>\n    </testcase>\n");
}

/* Results of one file of tests stand behind each other. */
static uint32_t end_of_suite(const struct rule_trials *trials, uint32_t from)
{
    uint32_t end = from;

    while (end < trials->count && trials->at[end].test == trials->at[from].test)
        end++;
    return end;
}

void rule_trials_junit(const struct rule_trials *trials, struct buf *out)
{
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seawall rules "
               "test\" tests=\"%u\" failures=\"%u\">\n",
               trials->count, trials->failed);
    for (uint32_t from = 0; from < trials->count;) {
        uint32_t end = end_of_suite(trials, from), failures = 0, errors = 0;
        for (uint32_t i = from; i < end; i++) {
            failures += trials->at[i].end == TRIAL_FAILED;
            errors += trials->at[i].end == TRIAL_BROKEN;
        }
        buf_add(out, STR("  <testsuite name=\""));
        add_xml(out, title_of(&trials->at[from]));
        buf_printf(out, "\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n", end - from, failures,
                   errors);
        for (; from < end; from++)
            add_case(out, &trials->at[from]);
        buf_add(out, STR("  </testsuite>\n"));
    }
    buf_add(out, STR("</testsuites>\n"));
}

/* ---- JSON ---- */

static void add_json(struct buf *out, const char *before, struct str text)
{
    buf_add(out, str_from(before));
    json_write_str(out, text);
}

void rule_trials_json(const struct rule_trials *trials, struct buf *out)
{
    static const char *const ends[] = {
        [TRIAL_PASSED] = "passed", [TRIAL_FAILED] = "failed", [TRIAL_BROKEN] = "broken"};

    buf_printf(out,
               "{\"tests\":%u,\"passed\":%u,\"failed\":%u,\"rules\":%u,\"untested\":%u,"
               "\"events\":[",
               trials->tests.count, trials->passed, trials->failed, trials->rules,
               trials->untested);
    for (uint32_t i = 0; i < trials->count; i++) {
        const struct rule_trial *trial = &trials->at[i];
        add_json(out, i > 0 ? ",{\"path\":" : "{\"path\":", trial->path);
        buf_printf(out, ",\"line\":%u", trial->line);
        if (trial->rule) {
            add_json(out, ",\"id\":", trial->rule->id);
            add_json(out, ",\"title\":", trial->rule->title);
        }
        add_json(out, ",\"expected\":", str_from(event_name(trial)));
        add_json(out, ",\"result\":", str_from(ends[trial->end]));
        add_json(out, ",\"why\":", trial->why);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}
