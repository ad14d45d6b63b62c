/* test_knowledge_image.c - engine/knowledge_image: what is kept is the same, serves as long as
 * nothing changed, and is not believed where it is damaged. */
#include "engine/knowledge_image.h"

#include "engine/inputs.h"
#include "unit/os/scratch_folder.h"

#include <glob.h>
#include <time.h>

static struct why why;
static struct path_list rules;
static const char *paths[1];

/* scratch() has few places for its answers. */
static void name_path(const char *path)
{
    static char kept[4096];

    snprintf(kept, sizeof(kept), "%s", path);
    paths[0] = kept;
}

static void rule(const char *name, const char *text)
{
    char rule[1024];

    snprintf(rule, sizeof(rule),
             "title: Seeks %s\nlogsource: {category: process_creation, product: windows}\n"
             "detection: {selection: {CommandLine|contains: %s}, condition: selection}\n",
             text, text);
    scratch_text(name, rule);
}

/* So long that no change can hide behind the steps of the system's clock. */
static void grow_old(void)
{
    const struct timespec pause = {3, 100000000};

    nanosleep(&pause, NULL);
}

static struct knowledge *open_knowledge(void)
{
    const struct knowledge_options options = {.rules = rules, .cache = scratch("c")};
    struct knowledge *knowledge;

    if (knowledge_open(&knowledge, &options, &why))
        return NULL;
    CHECK(knowledge && knowledge->plan);
    return knowledge;
}

/* The one file of the cache, or its absence. */
static bool kept(struct stat *st)
{
    glob_t found;
    bool one = glob(scratch("c/*.image"), 0, NULL, &found) == 0 && found.gl_pathc == 1 &&
               stat(found.gl_pathv[0], st) == 0;

    globfree(&found);
    return one;
}

static void damage(off_t at)
{
    glob_t found;
    char byte = 0;

    CHECK(glob(scratch("c/*.image"), 0, NULL, &found) == 0);
    int fd = open(found.gl_pathv[0], O_RDWR);
    CHECK(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= 4;
    CHECK(pwrite(fd, &byte, 1, at) == 1);
    close(fd);
    globfree(&found);
}

/* Opens and closes; whether the file of the cache was written anew. */
static bool is_built_anew(void)
{
    struct stat before = {0}, after = {0};
    bool was = kept(&before);
    struct knowledge *knowledge = open_knowledge();

    CHECK_INT(knowledge->rules.count, 2);
    CHECK(knowledge_rule(knowledge, knowledge->rules.rules[1]->key) == knowledge->rules.rules[1]);
    knowledge_close(knowledge);
    CHECK(kept(&after));
    return !was || before.st_ino != after.st_ino;
}

TEST(serves_until_something_changes)
{
    struct stat st;

    scratch_begin();
    scratch_folder("r");
    rule("r/a.yml", "one");
    rule("r/b.yml", "two");
    name_path(scratch("r"));
    rules = (struct path_list){paths, 1};
    knowledge_close(open_knowledge());
    CHECK(!kept(&st)); /* the rules are too young */
    grow_old();
    CHECK(is_built_anew());
    CHECK(!is_built_anew());
    scratch_text("r/readme.txt", "no rule");
    CHECK(!is_built_anew());
    rule("r/b.yml", "six");
    struct knowledge *knowledge = open_knowledge();
    CHECK_STR(knowledge->rules.rules[1]->title, "Seeks six");
    knowledge_close(knowledge);
    grow_old();
    CHECK(is_built_anew());
    CHECK(!is_built_anew());
}

TEST(what_is_damaged_is_made_anew)
{
    struct stat st;

    CHECK(kept(&st));
    for (off_t at = 0; at < st.st_size; at += st.st_size / 37 + 1) {
        damage(at);
        CHECK(is_built_anew());
    }
    CHECK(!is_built_anew());
}

TEST(what_is_refused_is_not_kept)
{
    name_path(scratch("nowhere"));
    CHECK(open_knowledge() == NULL);
    CHECK(strstr(why.text, "nowhere"));
    knowledge_close(NULL);
    scratch_end();
}
