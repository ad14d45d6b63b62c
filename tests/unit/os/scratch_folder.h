/* scratch_folder.h - a folder of a test's own, with files in it, gone when the test ends. */
#ifndef SCRATCH_FOLDER_H
#define SCRATCH_FOLDER_H

#include "testkit.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_UNUSED __attribute__((unused))

static char scratch_path[PATH_MAX];

SCRATCH_UNUSED static void scratch_begin(void)
{
    const char *parent = getenv("TMPDIR");
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/seawall-test-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(path) || !realpath(path, scratch_path))
        abort();
}

static int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

SCRATCH_UNUSED static void scratch_end(void)
{
    nftw(scratch_path, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in the folder; eight of them are valid at a time. */
SCRATCH_UNUSED static const char *scratch(const char *name)
{
    static char paths[8][PATH_MAX + 256];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof(paths[0]), "%s/%s", scratch_path, name);
    return path;
}

SCRATCH_UNUSED static const char *scratch_file(const char *name, const void *bytes, size_t len)
{
    const char *path = scratch(name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len || close(fd) != 0)
        abort();
    return path;
}

SCRATCH_UNUSED static const char *scratch_text(const char *name, const char *text)
{
    return scratch_file(name, text, strlen(text));
}

SCRATCH_UNUSED static const char *scratch_folder(const char *name)
{
    const char *path = scratch(name);

    if (mkdir(path, 0755) != 0)
        abort();
    return path;
}

SCRATCH_UNUSED static const char *scratch_link(const char *name, const char *target)
{
    const char *path = scratch(name);

    if (symlink(target, path) != 0)
        abort();
    return path;
}

/* How many names stand in the folder. */
SCRATCH_UNUSED static unsigned scratch_count(void)
{
    DIR *folder = opendir(scratch_path);
    unsigned count = 0;

    if (!folder)
        abort();
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2; /* . and .. */
}

/* Whether a file holds exactly this text. */
SCRATCH_UNUSED static bool scratch_holds(const char *name, const char *text)
{
    static char bytes[1 << 20];
    int fd = open(scratch(name), O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

    if (fd >= 0)
        close(fd);
    return got == (ssize_t)strlen(text) && memcmp(bytes, text, (size_t)got) == 0;
}

#endif
