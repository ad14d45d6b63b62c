/* test_summary.c */
#include "model/summary.h"
#include "testkit.h"

TEST(summaries_go_by_their_names)
{
    enum summary_kind kind;

    for (unsigned i = 0; i < SUMMARY_KINDS; i++) {
        CHECK(summary_find(summary_name((enum summary_kind)i), &kind));
        CHECK_INT(kind, i);
    }
    CHECK(!summary_find(STR("all"), &kind));
}
