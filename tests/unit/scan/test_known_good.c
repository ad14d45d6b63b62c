/* test_known_good.c */
#include "scan/known_good.h"
#include "testkit.h"

static struct known_good *known;

static enum known_state state(const char *path, const char *bytes, struct str *original)
{
    return known_good_compare(known, str_from(path), str_from(bytes), original);
}

TEST(files_are_compared_by_content_and_place)
{
    struct str original;

    known = known_good_new();
    known_good_add_file(known, STR("wp/wp-login.php"), STR("abc"));
    known_good_add_file(known, STR("wp/inc/index.php"), STR("def"));
    known_good_add_file(known, STR("wp/lib/index.php"), STR("ghi"));
    CHECK_INT(known_good_count(known), 3);
    CHECK_INT(state("anywhere.php", "abc", &original), KNOWN_SAME);
    CHECK_INT(state("/var/www/wp/wp-login.php", "abcd", &original), KNOWN_CHANGED);
    CHECK_STR(original, "wp/wp-login.php");
    CHECK_INT(state("/var/www/wp/lib/index.php", "x", &original), KNOWN_CHANGED);
    CHECK_STR(original, "wp/lib/index.php");
    CHECK_INT(state("/var/www/wp/inc/new.php", "x", &original), KNOWN_ADDED);
    CHECK_INT(state("/srv/other/index.php", "x", &original), KNOWN_NOTHING);
    CHECK_INT(state("", "x", &original), KNOWN_NOTHING);
    known_good_free(known);
}

TEST(lists_of_digests)
{
    struct str original;

    known = known_good_new();
    CHECK_INT(
        known_good_add_list(known, STR("900150983cd24fb0d6963f7d28e17f72  usr/share/a/b.php\n"
                                       "# comment\n\n"
                                       "A9993E364706816ABA3E25717850C26C9CD0D89D *./a/c.php\n")),
        2);
    CHECK_INT(state("b.php", "abc", &original), KNOWN_SAME);
    CHECK_INT(state("/mnt/usr/share/a/b.php", "abx", &original), KNOWN_CHANGED);
    CHECK_INT(state("/mnt/a/c.php", "abx", &original), KNOWN_CHANGED);
    CHECK_INT(known_good_add_list(known, STR("no list\n")), 0);
    CHECK_INT(known_good_add_list(known, STR("900150983cd24fb0d6963f7d28e17f72 x\n")), 0);
    CHECK_INT(known_good_add_list(known, STR("")), 0);
    known_good_free(known);
}
