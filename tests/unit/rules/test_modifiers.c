/* test_modifiers.c - the chain behind a field name: what is known, and what may stand together. */
#include "rule_maker.h"

static struct sigma_rule rule_of_key;
static struct item_key key;

static bool takes(const char *written)
{
    struct sigma_loading loading = {.arena = made, .rule = &rule_of_key};

    rule_of_key = (struct sigma_rule){.state = RULE_LOADED};
    bool taken = modifiers_parse(&loading, str_from(written), 7, 3, &key);
    CHECK(taken == (rule_of_key.state == RULE_LOADED));
    if (!taken) {
        CHECK_INT(rule_of_key.reason_line, 7);
        CHECK_INT(rule_of_key.reason_column, 3);
    }
    return taken;
}

static bool refuses(const char *written, const char *part)
{
    if (takes(written) || !str_contains(rule_of_key.reason, str_from(part))) {
        printf("# %s: %.*s\n", written, STR_ARG(rule_of_key.reason));
        return false;
    }
    return true;
}

TEST(takes_the_key_apart)
{
    load_begin();
    CHECK(takes("Field.Name|contains|all"));
    CHECK_STR(key.field, "Field.Name");
    CHECK_STR(key.written, "Field.Name|contains|all");
    CHECK(item_has(&key, MODIFIER_CONTAINS) && item_has(&key, MODIFIER_ALL));
    CHECK(!item_has(&key, MODIFIER_CASED));
    CHECK(takes("Field"));
    CHECK_INT(key.set, 0);
    CHECK(takes("|all"));
    CHECK_STR(key.field, "");
    CHECK(takes(""));
    CHECK_INT(key.set, 0);
    load_end();
}

TEST(names_of_the_same_modifier)
{
    load_begin();
    CHECK(takes("a|re|i|m|s"));
    uint64_t shorts = key.set;
    CHECK(takes("a|re|ignorecase|multiline|dotall"));
    CHECK(key.set == shorts);
    CHECK(takes("a|wide|base64"));
    uint64_t wide = key.set;
    CHECK(takes("a|utf16le|base64"));
    CHECK(key.set == wide);
    load_end();
}

TEST(an_unknown_modifier_is_refused_and_named)
{
    load_begin();
    CHECK(refuses("a|contain", "unknown modifier 'contain'"));
    CHECK(refuses("a|Contains", "unknown modifier 'Contains'"));
    CHECK(refuses("a|contains|", "unknown modifier ''"));
    CHECK(refuses("a|", "unknown modifier ''"));
    CHECK(refuses("a||all", "unknown modifier ''"));
    CHECK(refuses("a| contains", "unknown modifier ' contains'"));
    load_end();
}

TEST(chains_may_be_long)
{
    load_begin();
    CHECK(takes("a|wide|base64offset|contains|all|cased|neq|expand"));
    CHECK(takes("a|contains|contains|contains"));
    load_end();
}

TEST(all_neq_and_cased_stand_anywhere)
{
    load_begin();
    CHECK(takes("a|all|re|i"));
    CHECK(takes("a|neq|re"));
    CHECK(takes("a|cased|contains"));
    CHECK(takes("a|contains|cased"));
    CHECK(takes("a|neq|fieldref|startswith"));
    load_end();
}

TEST(re_comes_first_and_its_flags_behind)
{
    load_begin();
    CHECK(refuses("a|contains|re", "must be the first"));
    CHECK(refuses("a|i", "'re' before it"));
    CHECK(refuses("a|i|re", "'re' before it"));
    CHECK(refuses("a|re|contains", "cannot stand together"));
    CHECK(refuses("a|re|windash", "cannot stand together"));
    CHECK(refuses("a|re|expand", "cannot stand together"));
    load_end();
}

TEST(encodings_need_base64_behind_them)
{
    load_begin();
    CHECK(takes("a|utf16|base64"));
    CHECK(takes("a|utf16be|base64offset|contains"));
    CHECK(refuses("a|utf16", "needs base64"));
    CHECK(refuses("a|wide|contains", "needs base64"));
    CHECK(refuses("a|base64|wide", "must come before base64"));
    CHECK(refuses("a|utf16|utf16be|base64", "exclude each other"));
    CHECK(refuses("a|base64|base64offset", "exclude each other"));
    CHECK(refuses("a|contains|base64", "must come before 'contains'"));
    CHECK(refuses("a|windash|base64", "must come before 'windash'"));
    load_end();
}

TEST(comparisons_stand_alone_or_behind_a_part_of_a_time)
{
    load_begin();
    CHECK(takes("a|gte"));
    CHECK_INT(modifiers_compare(&key), COMPARE_GTE);
    CHECK_INT(modifiers_time_part(&key), TIME_WHOLE);
    CHECK(takes("a|hour|lt|neq"));
    CHECK_INT(modifiers_compare(&key), COMPARE_LT);
    CHECK_INT(modifiers_time_part(&key), TIME_HOUR);
    CHECK(takes("a|week"));
    CHECK_INT(modifiers_compare(&key), COMPARE_EQ);
    CHECK_INT(modifiers_time_part(&key), TIME_WEEK);
    CHECK(refuses("a|lt|gt", "exclude each other"));
    CHECK(refuses("a|hour|day", "exclude each other"));
    CHECK(refuses("a|gte|hour", "must come before the comparison"));
    CHECK(refuses("a|gt|contains", "cannot stand together"));
    CHECK(refuses("a|gt|cased", "cannot stand together"));
    load_end();
}

TEST(others_that_cannot_stand_together)
{
    load_begin();
    CHECK(refuses("a|exists|contains", "cannot stand together"));
    CHECK(refuses("a|exists|all", "cannot stand together"));
    CHECK(refuses("a|cidr|contains", "cannot stand together"));
    CHECK(refuses("a|cidr|cased", "cannot stand together"));
    CHECK(refuses("a|fieldref|re", "must be the first"));
    CHECK(refuses("a|fieldref|expand", "cannot stand together"));
    CHECK(takes("a|cidr|expand|all|neq"));
    CHECK(takes("a|exists|neq"));
    CHECK(takes("a|endswith|fieldref|cased"));
    load_end();
}

TEST(keywords_take_no_modifier_that_needs_a_field)
{
    static const char *const bad[] = {"|exists", "|fieldref", "|gt", "|hour", "|cidr"};
    static const char *const good[] = {"|all",     "|contains", "|re",
                                       "|re|i",    "|cased",    "|base64offset|contains",
                                       "|windash", "|neq",      "|expand"};

    load_begin();
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        CHECK(refuses(bad[i], "needs a field before it"));
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        CHECK(takes(good[i]));
    load_end();
}

TEST(encodings_are_told_apart)
{
    load_begin();
    CHECK(takes("a|base64"));
    CHECK_INT(modifiers_encoding(&key), ENCODING_UTF8);
    CHECK(takes("a|wide|base64"));
    CHECK_INT(modifiers_encoding(&key), ENCODING_UTF16LE);
    CHECK(takes("a|utf16be|base64"));
    CHECK_INT(modifiers_encoding(&key), ENCODING_UTF16BE);
    CHECK(takes("a|utf16|base64"));
    CHECK_INT(modifiers_encoding(&key), ENCODING_UTF16_BOM);
    load_end();
}

TEST(a_rule_with_an_unknown_modifier_names_its_line)
{
    load_begin();
    CHECK(is_refused(load_detection("s:\n  a: 1\n  b|startwith: x\ncondition: s\n", NULL), 6,
                     "unknown modifier 'startwith'"));
    CHECK_INT(set.rules[0]->reason_column, 5);
    load_end();
}

TEST(bits_of_names)
{
    CHECK(modifier_bit(STR("re")) == (uint64_t)1 << MODIFIER_RE);
    CHECK(modifier_bit(STR("nonsense")) == 0);
    CHECK(modifier_bit(STR("")) == 0);
}
