/* folder.c - see folder.h. */
#include "os/folder.h"

#include "os/file.h"
#include "os/output_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LISTED_MAX 1024

uint32_t folder_user(void)
{
    return (uint32_t)geteuid();
}

static void make_parents(const char *path)
{
    char *copy = strdup(path);

    for (char *at = copy ? copy + 1 : NULL; at && (at = strchr(at, '/')); at++) {
        *at = '\0';
        int ignored = mkdir(copy, 0700); /* what is still missing, the caller sees */
        (void)ignored;
        *at = '/';
    }
    free(copy);
}

enum err folder_make_private(const char *path, bool parents)
{
    struct file_facts facts;

    if (parents)
        make_parents(path);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return err_from_errno(errno);
    enum err err = file_look(path, true, &facts);
    if (err)
        return err;
    if (facts.kind != FILE_FOLDER)
        return ERR_INVALID;
    return facts.owner == folder_user() && (facts.mode & 077) == 0 ? ERR_NONE : ERR_DENIED;
}

enum err folder_put_file(const char *path, const char *name, struct str bytes)
{
    const char *dot = strrchr(name, '.');
    char *temporary = NULL, *final = NULL;
    enum err err = ERR_INPUT_OUTPUT;
    int fd = -1;

    if (asprintf(&temporary, "%s/.XXXXXX%s", path, dot ? dot : "") >= 0 &&
        asprintf(&final, "%s/%s", path, name) >= 0) {
        fd = mkostemps(temporary, dot ? (int)strlen(dot) : 0, O_CLOEXEC);
        err = fd < 0 ? err_from_errno(errno) : descriptor_write(fd, bytes);
    }
    if (!err && rename(temporary, final) != 0)
        err = err_from_errno(errno);
    if (fd >= 0 && err)
        unlink(temporary);
    if (fd >= 0)
        close(fd);
    free(temporary);
    free(final);
    return err;
}

struct listed {
    char name[NAME_MAX + 1];
    int64_t changed_ns;
};

static int compare_age(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;

    return (left->changed_ns > right->changed_ns) - (left->changed_ns < right->changed_ns);
}

static size_t list(const char *path, const char *end, struct listed *files)
{
    DIR *stream = opendir(path);
    struct dirent *found;
    size_t count = 0;

    while (stream && count < LISTED_MAX && (found = readdir(stream))) {
        struct stat st;
        if (!str_ends_with(str_from(found->d_name), str_from(end)) ||
            fstatat(dirfd(stream), found->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(st.st_mode))
            continue;
        size_t len = strnlen(found->d_name, NAME_MAX);
        for (size_t i = 0; i < len; i++)
            files[count].name[i] = found->d_name[i];
        files[count].name[len] = '\0';
        files[count++].changed_ns =
            (int64_t)st.st_mtim.tv_sec * 1000000000 + (int64_t)st.st_mtim.tv_nsec;
    }
    if (stream)
        closedir(stream);
    return count;
}

void folder_prune(const char *path, const char *end, unsigned kept)
{
    struct listed *files = calloc(LISTED_MAX, sizeof(*files));
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (files && folder >= 0) {
        size_t count = list(path, end, files);
        qsort(files, count, sizeof(*files), compare_age);
        for (size_t i = 0; i + kept < count; i++)
            unlinkat(folder, files[i].name, 0);
    }
    if (folder >= 0)
        close(folder);
    free(files);
}

enum err folder_nameless_file(const char *path, int *fd)
{
    char *name = NULL;

    *fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd >= 0)
        return ERR_NONE;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)
        return err_from_errno(errno);
    if (asprintf(&name, "%s/seawall.XXXXXX", path) < 0)
        return ERR_NO_SPACE;
    *fd = mkostemp(name, O_CLOEXEC);
    enum err err = *fd < 0 ? err_from_errno(errno) : ERR_NONE;
    if (*fd >= 0)
        unlink(name);
    free(name);
    return err;
}
