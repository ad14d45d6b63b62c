/* test_walk.c - everything below a path, once, in order, and never outside. */
#include "os/walk.h"

#include "core/buf.h"

#include "scratch_folder.h"

static struct arena *arena;
static struct walk walk;
static struct buf seen;

/* Paths are noted without the scratch folder: "a/b|" for files, "!2 a/b|" for problems. */
static void note(const char *path)
{
    size_t len = strlen(scratch_path);

    if (strncmp(path, scratch_path, len) == 0)
        path += len + (path[len] == '/');
    buf_printf(&seen, "%s|", path);
}

static void visit_file(void *context, const char *path, const struct file_facts *facts)
{
    CHECK(context == &seen);
    CHECK(facts->kind == FILE_REGULAR || facts->kind == FILE_STREAM);
    note(path);
}

static void visit_problem(void *context, const char *path, enum walk_problem problem, enum err err)
{
    static const char *const names[] = {"unreadable", "broken", "outward", "seen", "special"};

    CHECK(context == &seen);
    CHECK((err != ERR_NONE) == (problem == WALK_UNREADABLE || problem == WALK_BROKEN_LINK));
    buf_printf(&seen, "!%s ", names[problem]);
    note(path);
}

static const struct walk_visitor visitor = {&seen, visit_file, visit_problem};

static void begin(bool links_anywhere)
{
    scratch_begin();
    arena = arena_new("walk", (size_t)64 << 20);
    buf_init(&seen, 1 << 20);
    walk_init(&walk, arena, links_anywhere);
}

static void end(void)
{
    arena_free(arena);
    buf_free(&seen);
    scratch_end();
}

/* What a walk from this name meets. */
static struct str walked(const char *name)
{
    const char *path = *name ? scratch(name) : scratch_path;

    buf_reset(&seen);
    walk_add_root(&walk, path);
    enum err err = walk_from(&walk, path, &visitor);
    if (err)
        buf_printf(&seen, "error %d", err);
    return buf_str(&seen);
}

TEST(visits_files_in_the_order_of_their_paths_bytes)
{
    begin(false);
    scratch_folder("a");
    scratch_text("a/z", "");
    scratch_text("a/B", "");
    scratch_folder("a/c");
    scratch_text("a/c/d", "");
    scratch_text("a-b", "");
    scratch_text("a.b", "");
    scratch_text("a0", "");
    scratch_folder("empty");
    CHECK_STR(walked(""), "a-b|a.b|a/B|a/c/d|a/z|a0|");
    end();
}

TEST(a_root_may_be_a_file)
{
    begin(false);
    scratch_text("a", "x");
    CHECK_STR(walked("a"), "a|");
    end();
}

TEST(a_root_may_end_in_a_slash)
{
    begin(false);
    scratch_folder("f");
    scratch_text("f/a", "x");
    CHECK_STR(walked("f/"), "f/a|");
    end();
}

TEST(names_may_hold_any_bytes)
{
    begin(false);
    scratch_text("a b", "");
    scratch_text("\xff\n", "");
    scratch_text(".hidden", "");
    scratch_text("-", "");
    CHECK_STR(walked(""), "-|.hidden|a b|\xff\n|");
    end();
}

TEST(a_missing_root_is_refused)
{
    begin(false);
    CHECK_INT(walk_from(&walk, scratch("nothing"), &visitor), ERR_NOT_FOUND);
    scratch_link("loop", "loop");
    CHECK_INT(walk_from(&walk, scratch("loop"), &visitor), ERR_LINK_LOOP);
    CHECK_INT(seen.len, 0);
    end();
}

TEST(links_inside_are_followed_but_nothing_is_visited_twice)
{
    begin(false);
    scratch_folder("f");
    scratch_text("f/x", "");
    scratch_link("a", "f/x");
    scratch_link("g", "f");
    CHECK_STR(walked(""), "a|!seen f/x|!seen g|");
    end();
}

TEST(hard_links_are_the_same_file)
{
    begin(false);
    scratch_text("a", "");
    CHECK_INT(link(scratch("a"), scratch("b")), 0);
    CHECK_STR(walked(""), "a|!seen b|");
    end();
}

TEST(circles_of_links_end)
{
    begin(false);
    scratch_folder("f");
    scratch_link("f/up", "..");
    scratch_link("f/self", ".");
    scratch_text("f/x", "");
    scratch_link("l1", "l2");
    scratch_link("l2", "l1");
    CHECK_STR(walked(""), "!seen f/self|!seen f/up|f/x|!broken l1|!broken l2|");
    end();
}

TEST(broken_links_are_reported)
{
    begin(false);
    scratch_link("a", "nothing");
    CHECK_STR(walked(""), "!broken a|");
    end();
}

TEST(links_that_leave_the_roots_are_not_followed)
{
    begin(false);
    scratch_folder("in");
    scratch_folder("in-side"); /* shares the first letters, but lies outside */
    scratch_text("in-side/x", "");
    scratch_text("out", "");
    scratch_link("in/file", "../out");
    scratch_link("in/folder", "../in-side");
    scratch_link("in/root", "/");
    scratch_text("in/own", "");
    CHECK_STR(walked("in"), "!outward in/file|!outward in/folder|in/own|!outward in/root|");
    end();
}

TEST(links_may_lead_to_another_root)
{
    begin(false);
    scratch_folder("one");
    scratch_folder("two");
    scratch_text("two/x", "");
    scratch_link("one/link", "../two/x");
    walk_add_root(&walk, scratch("two"));
    CHECK_STR(walked("one"), "one/link|");
    CHECK_STR(walked("two"), "!seen two/x|");
    end();
}

TEST(links_may_lead_anywhere_if_so_asked)
{
    begin(true);
    scratch_folder("in");
    scratch_text("out", "");
    scratch_link("in/file", "../out");
    CHECK_STR(walked("in"), "in/file|");
    end();
}

TEST(a_root_that_is_a_link_is_followed)
{
    begin(false);
    scratch_folder("f");
    scratch_text("f/x", "");
    scratch_link("l", "f");
    CHECK_STR(walked("l"), "l/x|");
    end();
}

TEST(pipes_inside_a_folder_are_special)
{
    begin(false);
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    scratch_link("dev", "/dev/null");
    CHECK_STR(walked(""), "!outward dev|!special p|");
    end();
}

TEST(a_pipe_as_a_root_is_a_stream)
{
    begin(false);
    CHECK_INT(mkfifo(scratch("p"), 0600), 0);
    CHECK_STR(walked("p"), "p|");
    end();
}

TEST(roots_that_overlap_are_visited_once)
{
    begin(false);
    scratch_folder("f");
    scratch_text("f/x", "");
    scratch_text("y", "");
    CHECK_STR(walked("f"), "f/x|");
    CHECK_STR(walked(""), "!seen f|y|");
    CHECK_STR(walked("f"), "!seen f|");
    CHECK_STR(walked("y"), "!seen y|");
    end();
}

TEST(deep_folders_are_walked_to_the_bottom)
{
    char path[1024] = "d";

    begin(false);
    for (unsigned depth = 0; depth < 200; depth++) {
        size_t len = strlen(path);
        scratch_folder(path);
        snprintf(path + len, sizeof(path) - len, "/d");
    }
    path[strlen(path) - 1] = 'x';
    scratch_text(path, "");
    struct str met = walked("");
    CHECK_INT(met.len, strlen(path) + 1);
    end();
}

TEST(a_folder_that_cannot_be_read_is_a_problem_and_the_rest_goes_on)
{
    if (geteuid() == 0)
        SKIP("root may read everything");
    begin(false);
    scratch_folder("f");
    scratch_text("g", "");
    chmod(scratch("f"), 0);
    CHECK_STR(walked(""), "!unreadable f|g|");
    chmod(scratch("f"), 0700);
    end();
}
