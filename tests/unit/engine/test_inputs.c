/* test_inputs.c - engine/inputs: what is asked for, and what the system says about its files. */
#include "engine/inputs.h"

#include "unit/os/scratch_folder.h"

static const char *paths[2];
static struct knowledge_options options;

/* scratch() has few places for its answers. */
static void name_path(unsigned i, const char *path)
{
    static char kept[2][4096];

    snprintf(kept[i], sizeof(kept[i]), "%s", path);
    paths[i] = kept[i];
}

static struct buf kept_key, kept_record;

/* Notes anew: which of key and record are as they were before, as "k", "r", "kr" or "". */
static struct str same(void)
{
    struct inputs inputs;
    static char text[2];
    char *at = text;

    inputs_note(&inputs, &options);
    if (str_eq(buf_str(&inputs.key), buf_str(&kept_key)))
        *at++ = 'k';
    if (str_eq(buf_str(&inputs.record), buf_str(&kept_record)))
        *at++ = 'r';

    buf_reset(&kept_key);
    buf_reset(&kept_record);
    buf_add(&kept_key, buf_str(&inputs.key));
    buf_add(&kept_record, buf_str(&inputs.record));
    inputs_free(&inputs);
    return (struct str){text, (size_t)(at - text)};
}

TEST(files_that_change_come_and_go)
{
    scratch_begin();
    buf_init(&kept_key, 1 << 20);
    buf_init(&kept_record, 1 << 20);
    scratch_folder("r");
    scratch_text("r/a.yml", "one");
    name_path(0, scratch("r"));
    options.rules = (struct path_list){paths, 1};
    CHECK_STR(same(), "");
    CHECK_STR(same(), "kr");
    scratch_text("r/a.yml", "one more");
    CHECK_STR(same(), "k");
    scratch_text("r/b.yaml", "one");
    CHECK_STR(same(), "k");
    scratch_text("r/c.txt", "no rule");
    CHECK_STR(same(), "kr");
    CHECK(unlink(scratch("r/b.yaml")) == 0);
    CHECK_STR(same(), "k");
    CHECK(rename(scratch("r/a.yml"), scratch("r/z.yml")) == 0);
    CHECK_STR(same(), "k");
    scratch_link("r/gone.yml", "nowhere");
    CHECK_STR(same(), "k");
}

TEST(a_time_set_back_is_seen)
{
    const struct timespec times[2] = {{1, 0}, {1, 0}};

    CHECK(utimensat(AT_FDCWD, scratch("r/z.yml"), times, 0) == 0);
    CHECK_STR(same(), "k");
    scratch_text("r/z.yml", "ONE more");
    CHECK(utimensat(AT_FDCWD, scratch("r/z.yml"), times, 0) == 0);
    CHECK_STR(same(), "k");
}

TEST(every_option_is_part_of_the_key)
{
    struct path_list *const lists[] = {&options.rules,        &options.filters,
                                       &options.suppress,     &options.pipelines,
                                       &options.placeholders, &options.taxonomies};

    CHECK_STR(same(), "kr");
    name_path(1, scratch_file("list", "x", 1));
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        struct path_list before = *lists[i];
        *lists[i] = (struct path_list){paths, 2};
        CHECK_STR(same(), "");
        *lists[i] = before;
        CHECK_STR(same(), "");
    }
    options.built_in = true;
    CHECK_STR(same(), "r");
    options.no_plan = true;
    CHECK_STR(same(), "r");
    options.lint = true;
    CHECK_STR(same(), "r");
    options.cache = "elsewhere";
    CHECK_STR(same(), "kr");
}

TEST(a_relative_path_means_the_folder_it_is_said_in)
{
    const char *relative[] = {"."};

    options.rules = (struct path_list){relative, 1};
    CHECK(chdir(scratch("r")) == 0);
    CHECK_STR(same(), "");
    CHECK_STR(same(), "kr");
    scratch_folder("other");
    CHECK(chdir(scratch("other")) == 0);
    CHECK_STR(same(), "");
}

TEST(what_was_read_without_being_noted_is_no_sound_ground)
{
    struct inputs inputs;
    struct buf text;

    buf_init(&text, 1 << 20);
    name_path(0, scratch("r/z.yml"));
    options.rules = (struct path_list){paths, 1};
    inputs_note(&inputs, &options);
    inputs.sound = true; /* the file is young */
    CHECK_INT(inputs_read(&inputs, paths[0], &text), ERR_NONE);
    CHECK(inputs.sound);
    CHECK_INT(inputs_read(&inputs, scratch("list"), &text), ERR_NONE);
    CHECK(!inputs.sound);
    CHECK_INT(inputs_read(NULL, scratch("list"), &text), ERR_NONE);
    inputs_free(&inputs);
    buf_free(&text);
    buf_free(&kept_key);
    buf_free(&kept_record);
    scratch_end();
}
