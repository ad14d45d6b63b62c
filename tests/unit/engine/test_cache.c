/* test_cache.c: plans are kept for their key, whole or not at all, by and for this user alone. */
#include "engine/cache.h"

#include "core/buf.h"
#include "unit/os/scratch_folder.h"

static struct cache cache;
static struct why why;

static void open_folder(const char *name)
{
    CHECK_INT(cache_open(&cache, scratch(name), &why), ERR_NONE);
    CHECK(cache.plan.load && cache.plan.save);
}

static void save(const char *key, struct str bytes)
{
    cache.plan.save(cache.plan.context, str_from(key), bytes.at, bytes.len);
}

/* Whether these bytes, and no others, are found under the key. */
static bool loads(const char *key, struct str expected)
{
    void *bytes = NULL;
    size_t size = 0;

    if (!cache.plan.load(cache.plan.context, str_from(key), &bytes, &size))
        return false;
    CHECK(size == expected.len && memcmp(bytes, expected.at, size) == 0);
    free(bytes);
    return true;
}

TEST(keeps_bytes_under_keys)
{
    struct stat st;

    scratch_begin();
    open_folder("c");
    CHECK(stat(scratch("c"), &st) == 0 && (st.st_mode & 0777) == 0700);
    CHECK(!loads("one", STR("")));
    save("one", STR("first\0plan"));
    save("two", STR("second"));
    CHECK(loads("one", STR("first\0plan")));
    CHECK(loads("two", STR("second")));
    CHECK(!loads("three", STR("")));
    save("one", STR("anew"));
    CHECK(loads("one", STR("anew")));
    CHECK(stat(scratch("c/one.plan"), &st) == 0 && (st.st_mode & 0777) == 0600);
    cache_close(&cache);
}

static void change(const char *name, off_t at, int xor)
{
    int fd = open(scratch(name), O_RDWR);
    char byte;

    if (fd < 0 || pread(fd, &byte, 1, at) != 1)
        abort();
    byte = (char)(byte ^ xor);
    if (pwrite(fd, &byte, 1, at) != 1)
        abort();
    close(fd);
}

TEST(any_changed_byte_is_seen)
{
    struct stat st;

    open_folder("c");
    save("one", STR("some bytes"));
    CHECK(stat(scratch("c/one.plan"), &st) == 0);
    for (off_t at = 0; at < st.st_size; at++) {
        change("c/one.plan", at, 1);
        CHECK(!loads("one", STR("")));
        change("c/one.plan", at, 1);
    }
    CHECK(loads("one", STR("some bytes")));
    for (off_t size = st.st_size - 1; size >= 0; size--) {
        CHECK(truncate(scratch("c/one.plan"), size) == 0);
        CHECK(!loads("one", STR("")));
    }
}

TEST(the_plan_of_another_key_is_none)
{
    save("two", STR("second"));
    CHECK(rename(scratch("c/two.plan"), scratch("c/one.plan")) == 0);
    CHECK(!loads("one", STR("")));
    CHECK(!loads("two", STR("")));
}

TEST(files_that_others_may_write_are_not_read)
{
    save("one", STR("mine"));
    CHECK(chmod(scratch("c/one.plan"), 0660) == 0);
    CHECK(!loads("one", STR("")));
    CHECK(chmod(scratch("c/one.plan"), 0644) == 0);
    CHECK(loads("one", STR("mine")));
    if (geteuid() == 0) {
        CHECK(chown(scratch("c/one.plan"), 65534, 65534) == 0);
        CHECK(!loads("one", STR("")));
    }
}

TEST(links_and_pipes_under_the_name_of_a_plan)
{
    scratch_text("outside", "outside");
    CHECK(unlink(scratch("c/one.plan")) == 0);
    scratch_link("c/one.plan", "../outside");
    CHECK(!loads("one", STR("")));
    save("one", STR("mine"));
    CHECK(loads("one", STR("mine")));
    CHECK(scratch_holds("outside", "outside"));
    CHECK(unlink(scratch("c/one.plan")) == 0 && mkfifo(scratch("c/one.plan"), 0600) == 0);
    CHECK(!loads("one", STR("")));
    save("one", STR("mine"));
    CHECK(loads("one", STR("mine")));
}

TEST(the_oldest_plans_go)
{
    char key[16];

    for (int i = 0; i < 20; i++) {
        struct timespec times[2] = {{i, 0}, {i, 0}};
        snprintf(key, sizeof(key), "k%02d", i);
        save(key, STR("plan"));
        char name[32];
        snprintf(name, sizeof(name), "c/%s.plan", key);
        CHECK(utimensat(AT_FDCWD, scratch(name), times, 0) == 0);
    }
    save("last", STR("plan"));
    CHECK(loads("last", STR("plan")));
    CHECK(!loads("k00", STR("")) && !loads("k10", STR("")));
    cache_close(&cache);
}

TEST(off_is_no_cache)
{
    CHECK_INT(cache_open(&cache, "off", &why), ERR_NONE);
    CHECK(!cache.plan.load && !cache.plan.save && !cache.folder);
    cache_close(&cache);
}

TEST(a_folder_that_was_named_must_be_ones_own)
{
    scratch_folder("open");
    CHECK_INT(cache_open(&cache, scratch("open"), &why), ERR_DENIED);
    CHECK(strstr(why.text, "0700"));
    CHECK_INT(cache_open(&cache, scratch("outside"), &why), ERR_INVALID);
    CHECK(strstr(why.text, "it is no folder"));
    CHECK_INT(cache_open(&cache, scratch("no/where"), &why), ERR_NOT_FOUND);
}

TEST(the_default_is_done_without_where_it_cannot_be)
{
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", scratch("nowhere"), 1);
    CHECK_INT(cache_open(&cache, NULL, &why), ERR_NONE);
    CHECK(!cache.plan.load);
    cache_close(&cache);
    CHECK(access(scratch("nowhere"), F_OK) != 0);
    setenv("HOME", scratch_path, 1);
    CHECK_INT(cache_open(&cache, NULL, &why), ERR_NONE);
    CHECK(cache.plan.load && access(scratch(".cache/seawall"), W_OK) == 0);
    cache_close(&cache);
    setenv("XDG_CACHE_HOME", "relative", 1);
    unsetenv("HOME");
    CHECK_INT(cache_open(&cache, NULL, &why), ERR_NONE);
    CHECK(!cache.plan.load);
    scratch_end();
}
