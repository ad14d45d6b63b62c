/* test_cache.c: files are kept under their names, whole or not at all, by and for one user. */
#include "engine/cache.h"

#include "core/buf.h"
#include "unit/os/scratch_folder.h"

static struct cache cache;
static struct why why;

static void open_folder(const char *name)
{
    CHECK_INT(cache_open(&cache, scratch(name), &why), ERR_NONE);
    CHECK(cache.folder);
}

static void save(const char *key, struct str bytes)
{
    cache_put(&cache, key, bytes);
}

/* Whether these bytes, and no others, are found under the key. */
static bool loads(const char *key, struct str expected)
{
    char bytes[64];
    struct file file;
    size_t got = 0;

    if (!cache_find(&cache, key, &file))
        return false;
    CHECK_INT(file_read_at(&file, 0, bytes, sizeof(bytes), &got), ERR_NONE);
    CHECK(str_eq((struct str){bytes, got}, expected));
    file_close(&file);
    return true;
}

TEST(keeps_bytes_under_keys)
{
    struct stat st;

    scratch_begin();
    open_folder("c");
    CHECK(stat(scratch("c"), &st) == 0 && (st.st_mode & 0777) == 0700);
    CHECK(!loads("one", STR("")));
    save("one", STR("first\0bytes"));
    save("two", STR("second"));
    CHECK(loads("one", STR("first\0bytes")));
    CHECK(loads("two", STR("second")));
    CHECK(!loads("three", STR("")));
    save("one", STR("anew"));
    CHECK(loads("one", STR("anew")));
    CHECK(stat(scratch("c/one.image"), &st) == 0 && (st.st_mode & 0777) == 0600);
    cache_close(&cache);
}

TEST(files_that_others_may_write_are_not_read)
{
    open_folder("c");
    save("one", STR("mine"));
    CHECK(chmod(scratch("c/one.image"), 0660) == 0);
    CHECK(!loads("one", STR("")));
    CHECK(chmod(scratch("c/one.image"), 0644) == 0);
    CHECK(loads("one", STR("mine")));
    if (geteuid() == 0) {
        CHECK(chown(scratch("c/one.image"), 65534, 65534) == 0);
        CHECK(!loads("one", STR("")));
    }
}

TEST(links_and_pipes_under_the_name_of_a_file)
{
    scratch_text("outside", "outside");
    CHECK(unlink(scratch("c/one.image")) == 0);
    scratch_link("c/one.image", "../outside");
    CHECK(!loads("one", STR("")));
    save("one", STR("mine"));
    CHECK(loads("one", STR("mine")));
    CHECK(scratch_holds("outside", "outside"));
    CHECK(unlink(scratch("c/one.image")) == 0 && mkfifo(scratch("c/one.image"), 0600) == 0);
    CHECK(!loads("one", STR("")));
    save("one", STR("mine"));
    CHECK(loads("one", STR("mine")));
}

TEST(the_oldest_go)
{
    char key[16];

    for (int i = 0; i < 20; i++) {
        struct timespec times[2] = {{i, 0}, {i, 0}};
        snprintf(key, sizeof(key), "k%02d", i);
        save(key, STR("bytes"));
        char name[32];
        snprintf(name, sizeof(name), "c/%s.image", key);
        CHECK(utimensat(AT_FDCWD, scratch(name), times, 0) == 0);
    }
    save("last", STR("bytes"));
    CHECK(loads("last", STR("bytes")));
    CHECK(!loads("k00", STR("")) && !loads("k10", STR("")));
    cache_close(&cache);
}

TEST(off_is_no_cache)
{
    CHECK_INT(cache_open(&cache, "off", &why), ERR_NONE);
    CHECK(!cache.folder);
    save("one", STR("kept nowhere"));
    CHECK(!loads("one", STR("")));
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
    CHECK(!cache.folder);
    cache_close(&cache);
    CHECK(access(scratch("nowhere"), F_OK) != 0);
    setenv("HOME", scratch_path, 1);
    CHECK_INT(cache_open(&cache, NULL, &why), ERR_NONE);
    CHECK(cache.folder && access(scratch(".cache/seawall"), W_OK) == 0);
    cache_close(&cache);
    setenv("XDG_CACHE_HOME", "relative", 1);
    unsetenv("HOME");
    CHECK_INT(cache_open(&cache, NULL, &why), ERR_NONE);
    CHECK(!cache.folder);
    scratch_end();
}
