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
