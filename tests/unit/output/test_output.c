/* test_output.c - the table of outputs, and what all of them promise. */
#include "report_maker.h"

TEST(outputs_are_found_by_name)
{
    CHECK(output_by_name(STR("csv")) != NULL);
    CHECK(output_by_name(STR("CSV")) == NULL);
    CHECK(output_by_name(STR("html5")) == NULL);
    CHECK(output_by_name(STR("")) == NULL);
}

TEST(the_table_is_complete)
{
    size_t count;
    const struct output *const *outputs = output_all(&count);

    CHECK(count >= 3);
    for (size_t i = 0; i < count; i++) {
        CHECK(output_by_name(str_from(outputs[i]->name)) == outputs[i]);
        CHECK(outputs[i]->about && *outputs[i]->about);
    }
}

/* Every control character but the line end, and every byte that is no UTF-8, wherever a finding
 * holds text. */
TEST(no_output_passes_on_what_a_terminal_obeys)
{
    static const char hostile[] =
        "=\x01\x07\x08\t\x0b\r\x1b]0;x\x07\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xff";
    struct str text = {hostile, sizeof(hostile) - 1};
    struct matched_field matched = {text, {text, VALUE_STRING}};
    struct event_facts facts = {.entities = {.lists[ENTITY_ACCOUNT] = {&text, 1}, .found = true}};
    struct finding finding = {.id = text,
                              .title = text,
                              .host = text,
                              .path = text,
                              .format = text,
                              .fields = STR("{}"),
                              .why = text,
                              .attack = {&text, 1},
                              .matched = &matched,
                              .matched_count = 1,
                              .facts = &facts};
    struct report_count count = {text, text, LEVEL_HIGH, 1, text};
    struct report_counts counts = {&count, 1, 1};
    struct report_note note = {text, text, 1, 1, 1, 1};
    struct report_notes notes = {&note, 1, 1};
    struct run_report report = {.events = 1,
                                .events_unrouted = 1,
                                .unrouted_example = text,
                                .findings = 1,
                                .hosts = counts,
                                .formats = counts,
                                .shapes = counts,
                                .top_rules = counts,
                                .top_hosts = counts,
                                .techniques = counts,
                                .unreadable = notes,
                                .unknown_format = notes,
                                .empty = notes,
                                .set_aside = notes,
                                .outward_links = notes,
                                .damaged = notes,
                                .refused = notes,
                                .inert = notes,
                                .rule_warnings = notes,
                                .sandbox = text};
    size_t outputs;
    const struct output *const *all = output_all(&outputs);

    for (size_t i = 0; i < outputs; i++) {
        if (all[i]->wants_places) /* no text */
            continue;
        for (unsigned utf8 = 0; utf8 < 2; utf8++) {
            struct output_options options = {.utf8 = utf8, .width = 80 * utf8};
            struct str written = written_by(all[i]->name, &options, &report, &finding, 1);
            for (size_t at = 0; at < written.len; at++) {
                unsigned char c = (unsigned char)written.at[at];
                if ((c < 0x20 && c != '\n' && c != '\r') || c == 0x7f || c == 0xff)
                    TESTKIT_FAIL("%s: byte %02x in: %.*s", all[i]->name, c, STR_ARG(written));
            }
            CHECK(!str_contains(written, STR("\xc2\x9b")));
            CHECK(!str_contains(written, STR("\xe2\x80\xae")));
        }
    }
    make_end();
}
