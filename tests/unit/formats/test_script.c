/* test_script.c - scripts: a file is one record. */
#include "testkit.h"

#include "event_reader.h"

TEST(a_file_is_one_record)
{
    begin_text("script", "<?php\necho 1;\n");
    CHECK_INT(take(), STEP_EVENT);
    CHECK_INT(made.event->line, 1);
    CHECK(!made.event->has_time);
    CHECK_STR(rendered(), "{\"script.language\":\"PHP\",\"file.size\":14,\"file.hash.sha256\":"
                          "\"5384111ca7c64893a9b7c01d420a0b2553234d3d046a3b94e27a27849f27b9e6\"}");
    CHECK_INT(take(), STEP_END);
    close_reader();
}

TEST(an_empty_file_has_none)
{
    begin_text("script", "");
    CHECK_INT(take(), STEP_END);
    close_reader();
}
