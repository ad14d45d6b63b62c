/* test_share.c: the data inside the program, and a folder in its place. */
#include "engine/share.h"

#include "core/buf.h"
#include "unit/os/scratch_folder.h"

static struct buf seen;

static void visit(void *context, struct str path, struct str bytes)
{
    (void)context;
    buf_add(&seen, path);
    buf_printf(&seen, ":%zu ", bytes.len);
}

static enum err visit_all(const char *folder, struct why *why)
{
    buf_free(&seen);
    buf_init(&seen, 1u << 20);
    return share_visit(folder, visit, NULL, why);
}

TEST(the_program_brings_rules_and_a_taxonomy)
{
    struct why why;

    unsetenv("SEAWALL_SHARE");
    CHECK_INT(visit_all("rules/", &why), ERR_NONE);
    CHECK(str_starts_with(buf_str(&seen), STR("share/rules/")));
    buf_add_char(&seen, '\0');
    CHECK(strstr(seen.at, "share/rules/windows/ad_database_copied.yml:"));
    CHECK(!strstr(seen.at, "share/taxonomy/"));
    CHECK_INT(visit_all("taxonomy/", &why), ERR_NONE);
    buf_add_char(&seen, '\0');
    CHECK(strstr(seen.at, "share/taxonomy/windows.yml:"));
    CHECK(!strstr(seen.at, "share/rules/"));
    CHECK_INT(visit_all("nothing/", &why), ERR_NONE);
    CHECK_STR(buf_str(&seen), "");
}

TEST(an_empty_variable_is_none)
{
    struct why why;

    setenv("SEAWALL_SHARE", "", 1);
    CHECK_INT(visit_all("rules/", &why), ERR_NONE);
    CHECK(seen.len > 0);
}

TEST(a_folder_replaces_it)
{
    struct why why;

    scratch_begin();
    scratch_folder("rules");
    scratch_folder("rules/z");
    scratch_text("rules/z/a.yml", "12345");
    scratch_text("rules/b.yml", "");
    scratch_text("other.yml", "x");
    setenv("SEAWALL_SHARE", scratch_path, 1);
    CHECK_INT(visit_all("rules/", &why), ERR_NONE);
    CHECK_STR(buf_str(&seen), "share/rules/b.yml:0 share/rules/z/a.yml:5 ");
}

TEST(a_folder_that_lacks_something_is_said)
{
    struct why why;

    CHECK_INT(visit_all("taxonomy/", &why), ERR_NOT_FOUND);
    CHECK(strstr(why.text, "SEAWALL_SHARE") && strstr(why.text, "/taxonomy/"));
    scratch_folder("taxonomy");
    scratch_link("taxonomy/a.yml", "a.yml");
    CHECK_INT(visit_all("taxonomy/", &why), ERR_NONE); /* a link to nothing is passed over */
    scratch_end();
    unsetenv("SEAWALL_SHARE");
    buf_free(&seen);
}
