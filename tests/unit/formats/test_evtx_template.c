/* test_evtx_template.c - where the values of a template stand and which fields they are. */
#include "testkit.h"

#include "formats/evtx_priv.h"

static struct arena *arena;
static struct field_dictionary fields;
static const struct evtx_template *template;
static uint32_t slot_at; /* the next to be looked at */

static void add_fields(void)
{
    static const char *const names[] = {"Channel",
                                        "EventID",
                                        "EventID_Qualifiers",
                                        "Provider_Name",
                                        "TimeCreated_SystemTime",
                                        "Computer",
                                        "Image",
                                        "image",
                                        "Data",
                                        "Threat Name",
                                        "ThreatName",
                                        "Message",
                                        "RenderingInfo_Level",
                                        "Kind",
                                        "Report_xmlns"};

    arena = arena_new("test", (size_t)16 << 20);
    fields_init(&fields, arena);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        fields_add(&fields, str_from(names[i]));
    fields_freeze(&fields);
}

/* Compiles a form in words: "<name" opens an element, "@name" is an attribute, ">" ends the start
 * tag, "/" the element; "'text" is a text, "%5" a substitution; a bar between any two. */
static void compile(const char *words, enum evtx_context context)
{
    struct buf form;
    struct str rest = str_from(words);

    if (!arena)
        add_fields();
    buf_init(&form, 1u << 16);
    while (rest.len > 0) {
        struct str word = str_cut(&rest, '|');
        struct str text = str_slice(word, 1, word.len);
        const char *op = strchr("<@>/'%", word.at[0]);
        buf_add_char(&form, (char)(EVTX_OP_ELEMENT + (op - "<@>/'%")));
        if (word.at[0] == '%') {
            buf_add_char(&form, (char)strtol(text.at, NULL, 10));
            buf_add_char(&form, 0);
        } else if (word.at[0] != '>' && word.at[0] != '/') {
            buf_add_char(&form, (char)text.len);
            buf_add_char(&form, 0);
            buf_add(&form, text);
        }
    }
    template = evtx_template_compile(&fields, buf_str(&form), context, arena);
    CHECK(str_eq(template->canonical, buf_str(&form)));
    buf_free(&form);
    slot_at = 0;
}

/* The field that a reference serves exactly; "-" if none. */
static struct str served(const struct field_ref *ref)
{
    return ref && ref->exact != FIELD_NONE ? fields.names[ref->exact] : STR("-");
}

static const struct evtx_slot *next_slot(void)
{
    static const struct evtx_slot none;

    CHECK(slot_at < template->slot_count);
    return slot_at < template->slot_count ? &template->slots[slot_at++] : &none;
}

/* The next slot is this field, made of one text ('x) or substitution (%1). */
#define CHECK_SLOT(field, part)                                                                    \
    do {                                                                                           \
        const struct evtx_slot *slot_ = next_slot();                                               \
        CHECK_STR(served(slot_->ref), field);                                                      \
        CHECK_INT(slot_->part_count, 1);                                                           \
        check_part(slot_->first_part, part);                                                       \
    } while (0)

static void check_part(uint32_t index, const char *expected)
{
    const struct evtx_part *part = &template->parts[index];

    CHECK(part->is_text == (expected[0] == '\''));
    if (part->is_text)
        CHECK(str_eq(part->text, str_from(expected + 1)));
    else
        CHECK_INT(part->index, strtol(expected + 1, NULL, 10));
}

static void check_no_more(void)
{
    CHECK_INT(slot_at, template->slot_count);
}

TEST(system_elements_and_attributes)
{
    compile("<Event|@xmlns|'urn:x|>|<System|>|<Provider|@Name|'Sysmon|>|/|"
            "<EventID|@Qualifiers|%4|>|%3|/|<Channel|>|'Security|/|<Level|>|%0|/|/|/",
            EVTX_IN_NOTHING);
    CHECK_SLOT("Provider_Name", "'Sysmon");
    CHECK_SLOT("EventID_Qualifiers", "%4");
    CHECK_SLOT("EventID", "%3");
    CHECK_SLOT("Channel", "'Security");
    CHECK_SLOT("-", "%0"); /* nobody asked */
    check_no_more();
}

TEST(place_and_time_have_roles)
{
    compile("<Event|>|<System|>|<TimeCreated|@SystemTime|%6|>|/|<Computer|>|%1|/|/|"
            "<EventData|>|<Computer|>|%2|/|<TimeCreated|@SystemTime|%7|>|/|/|/",
            EVTX_IN_NOTHING);
    CHECK_INT(template->slot_count, 4);
    CHECK_INT(template->slots[0].role, EVTX_ROLE_TIME);
    CHECK_INT(template->slots[1].role, EVTX_ROLE_COMPUTER);
    CHECK_INT(template->slots[2].role, EVTX_ROLE_NONE);
    CHECK_INT(template->slots[3].role, EVTX_ROLE_NONE);
    CHECK_STR(served(template->slots[2].ref), "Computer");
}

TEST(data_goes_by_its_name)
{
    compile("<EventData|>|<Data|@Name|'Image|>|%0|/|<Data|>|%1|/|<Data|@Name|%2|>|%3|/|"
            "<Data|@Name|'Other|>|%4|/|/",
            EVTX_IN_EVENT);
    CHECK_SLOT("Image", "%0");
    CHECK_SLOT("Data", "%1");
    CHECK_INT(template->slots[2].name_index, 2);
    CHECK_SLOT("-", "%3");
    CHECK_SLOT("-", "%4");
    check_no_more();
}

TEST(names_with_blanks_are_known_without_them_too)
{
    compile("<EventData|>|<Data|@Name|'Threat Name|>|%0|/|/", EVTX_IN_EVENT);
    CHECK_INT(template->slot_count, 1);
    CHECK_STR(served(template->slots[0].ref), "Threat Name");
    CHECK_STR(served(template->slots[0].ref_compact), "ThreatName");
}

TEST(user_data_goes_by_its_elements)
{
    compile("<UserData|>|<Report|@xmlns|'urn:x|>|<Kind|>|%0|/|<Inner|>|<Image|>|%1|/|/|/|/",
            EVTX_IN_EVENT);
    CHECK_SLOT("Kind", "%0");
    CHECK_SLOT("Image", "%1");
    check_no_more();
}

TEST(rendered_texts_have_their_prefix_but_the_message)
{
    compile("<RenderingInfo|>|<Message|>|%0|/|<Level|>|%1|/|/", EVTX_IN_EVENT);
    CHECK_SLOT("Message", "%0");
    CHECK_SLOT("RenderingInfo_Level", "%1");
    check_no_more();
}

TEST(texts_and_substitutions_together_are_one_value)
{
    compile("<EventData|>|<Data|@Name|'Image|>|'a|%1|'b|/|<Data|>|'c|<b|>|/|'d|/|/", EVTX_IN_EVENT);
    CHECK_INT(template->slot_count, 3);
    CHECK_INT(template->slots[0].part_count, 3);
    check_part(template->slots[0].first_part, "'a");
    check_part(template->slots[0].first_part + 1, "%1");
    check_part(template->slots[0].first_part + 2, "'b");
    slot_at = 1;
    CHECK_SLOT("Data", "'c"); /* an element between them parts them */
    CHECK_SLOT("Data", "'d");
}

TEST(what_stands_outside_of_elements_keeps_the_context)
{
    compile("%3", EVTX_IN_EVENT_DATA);
    CHECK_SLOT("-", "%3");
    CHECK_INT(template->slots[0].context, EVTX_IN_EVENT_DATA);
    compile("<Event|>|<System|>|/|%14|/", EVTX_IN_NOTHING);
    CHECK_SLOT("-", "%14");
    CHECK_INT(template->slots[0].context, EVTX_IN_EVENT);
}

TEST(the_substitution_that_is_used_most_is_counted)
{
    compile("<a|>|/", EVTX_IN_NOTHING);
    CHECK_INT(template->uses, 0);
    compile("<a|@x|%1|>|%2|%1|<b|>|%1|/|/", EVTX_IN_NOTHING);
    CHECK_INT(template->uses, 3);
}

TEST(attributes_without_a_value_are_none)
{
    compile("<Event|>|<System|>|<Provider|@Name|@Guid|>|/|<Channel|>|'x|/|/|/", EVTX_IN_NOTHING);
    CHECK_SLOT("Channel", "'x");
    check_no_more();
}

TEST(contexts_follow_from_the_elements)
{
    CHECK_INT(evtx_context_inside(EVTX_IN_NOTHING, STR("Event")), EVTX_IN_EVENT);
    CHECK_INT(evtx_context_inside(EVTX_IN_NOTHING, STR("System")), EVTX_IN_OTHER);
    CHECK_INT(evtx_context_inside(EVTX_IN_EVENT, STR("System")), EVTX_IN_SYSTEM);
    CHECK_INT(evtx_context_inside(EVTX_IN_EVENT, STR("EventData")), EVTX_IN_EVENT_DATA);
    CHECK_INT(evtx_context_inside(EVTX_IN_EVENT, STR("UserData")), EVTX_IN_USER_DATA);
    CHECK_INT(evtx_context_inside(EVTX_IN_EVENT, STR("RenderingInfo")), EVTX_IN_RENDERING);
    CHECK_INT(evtx_context_inside(EVTX_IN_EVENT, STR("Debug")), EVTX_IN_OTHER);
    CHECK_INT(evtx_context_inside(EVTX_IN_USER_DATA, STR("EventData")), EVTX_IN_USER_DATA);
}
