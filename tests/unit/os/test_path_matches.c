/* test_path_matches.c - patterns of the shell. */
#include "os/path_matches.h"

#include "scratch_folder.h"

static struct path_matches matches;

TEST(gives_what_matches_in_the_order_of_bytes)
{
    scratch_begin();
    scratch_text("b.evtx", "");
    scratch_text("B.evtx", "");
    scratch_text("a.evtx", "");
    scratch_text("c.json", "");
    CHECK_INT(path_matches_find(&matches, scratch("*.evtx")), ERR_NONE);
    CHECK_INT(matches.count, 3);
    CHECK(matches.count == 3 && strcmp(matches.at[0], scratch("B.evtx")) == 0);
    CHECK(matches.count == 3 && strcmp(matches.at[1], scratch("a.evtx")) == 0);
    CHECK(matches.count == 3 && strcmp(matches.at[2], scratch("b.evtx")) == 0);
    path_matches_free(&matches);
    CHECK_INT(path_matches_find(&matches, scratch("[ac].*")), ERR_NONE);
    CHECK_INT(matches.count, 2);
    path_matches_free(&matches);
    scratch_end();
}

TEST(says_that_nothing_matches)
{
    scratch_begin();
    CHECK_INT(path_matches_find(&matches, scratch("*")), ERR_NO_MATCH);
    CHECK_INT(matches.count, 0);
    path_matches_free(&matches);
    scratch_end();
}
