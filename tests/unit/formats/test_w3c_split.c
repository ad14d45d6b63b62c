/* test_w3c_split.c - the ways in which a record is split. */
#include "testkit.h"

#include "formats/w3c_priv.h"

static struct w3c_values values;
static struct w3c_layout layout;
static char text[256];

/* The values with bars between. */
static struct str shown(void)
{
    size_t len = 0;

    for (uint32_t i = 0; i < values.count; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", i ? "|" : "",
                                STR_ARG(values.at[i]));
    return (struct str){text, len};
}

static bool fits(uint32_t columns, const char *line)
{
    layout = (struct w3c_layout){.column_count = columns};
    return w3c_split(&layout, str_from(line), &values);
}

TEST(runs_of_blanks_separate)
{
    w3c_split_runs(STR("a  b c"), ' ', &values);
    CHECK_STR(shown(), "a|b|c");
    w3c_split_runs(STR(""), ' ', &values);
    CHECK_INT(values.count, 0);
    w3c_split_runs(STR(" a "), ' ', &values);
    CHECK_STR(shown(), "a");
}

TEST(quotes_hold_together)
{
    w3c_split_quoted(STR("\"a b\"\t \"c \"\"d\"\" e\" f\"g h\""), &values);
    CHECK_STR(shown(), "\"a b\"|\"c \"\"d\"\" e\"|f\"g|h\"");
    w3c_split_quoted(STR("a \"b c"), &values);
    CHECK_STR(shown(), "a|\"b c");
}

TEST(that_way_counts_which_fits)
{
    CHECK(fits(3, " a b  c "));
    CHECK_STR(shown(), "a|b|c");
    CHECK(fits(2, "\"a b\" c"));
    CHECK_STR(shown(), "\"a b\"|c");
    CHECK(fits(3, "\"a b\" c"));
    CHECK_STR(shown(), "\"a|b\"|c");
    CHECK(fits(4, "a b  c"));
    CHECK_STR(shown(), "a|b||c");
    CHECK(fits(3, "a\t\tb c"));
    CHECK_STR(shown(), "a||b c");
    CHECK(!fits(5, "a b c"));
    CHECK(!fits(2, "a b c"));
}

TEST(a_user_takes_the_blanks_that_are_too_many)
{
    layout = (struct w3c_layout){.column_count = 4};
    layout.at[W3C_USER] = 2;
    layout.at[W3C_CLIENT] = 3;
    layout.at[W3C_STATUS] = 4;
    CHECK(w3c_split(&layout, STR("GET Jo  Doe ::1 200"), &values));
    CHECK_STR(shown(), "GET|Jo  Doe|::1|200");
    CHECK(!w3c_split(&layout, STR("GET Jo Doe x 200"), &values));
    CHECK(!w3c_split(&layout, STR("GET Jo ::1 200 x"), &values));
}

TEST(more_values_than_names_may_be_fit_nowhere)
{
    static char line[2 * W3C_COLUMNS_MAX + 10];

    for (size_t i = 0; i + 1 < sizeof(line); i++)
        line[i] = i % 2 ? ' ' : 'a';
    CHECK(!fits(W3C_COLUMNS_MAX, line));
    layout.at[W3C_USER] = 1;
    CHECK(!w3c_split(&layout, str_from(line), &values));
    w3c_split_runs(str_from(line), ' ', &values);
    CHECK_INT(values.count, W3C_COLUMNS_MAX + 1);
}
