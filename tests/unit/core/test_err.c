/* test_err.c */
#include "core/err.h"
#include "testkit.h"

TEST(every_refusal_has_a_text)
{
    CHECK(strlen(err_text(ERR_NO_SPACE)) > 0);
    CHECK(strcmp(err_text(ERR_INTERRUPTED), "interrupted") == 0);
}

TEST(a_reason_is_cut_and_stays_terminated)
{
    struct why why;
    char text[2 * WHY_MAX];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    why_set(&why, "%s", text);
    CHECK_INT(strlen(why.text), WHY_MAX - 1);
    why_set(NULL, "nobody asks");
}

PRINTF_LIKE(2, 3)
static void set_at(struct why *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    why_set_at(why, STR("dir/p.yml"), 3, 14, format, args);
    va_end(args);
}

TEST(a_reason_may_have_a_place)
{
    struct why why;
    char text[1000];

    set_at(&why, "there is no '%s'", "x");
    CHECK(strcmp(why.text, "dir/p.yml:3:14: there is no 'x'") == 0);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    set_at(&why, "%s", text);
    CHECK_INT(strlen(why.text), strlen("dir/p.yml:3:14: ") + 600);
}
