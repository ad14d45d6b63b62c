/* output_file.c - see output_file.h. */
#include "os/output_file.h"

#include "core/ensure.h"
#include "os/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (128u << 10)
#define NAME_BYTES_KEPT 200 /* of the name in the temporary one, which has a limit too */

struct output_file {
    int fd;
    enum err err;
    char *path;      /* owned; NULL: written directly */
    char *temporary; /* owned; NULL: written directly */
    struct buf buffer;
    bool begun;
    unsigned signals; /* so many had come when writing began */
};

static mode_t current_umask(void)
{
    mode_t mask = umask(077);

    umask(mask);
    return mask;
}

/* The folder part of a path with its slash, or nothing. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (int)(slash - path + 1) : 0;
}

/* Creates the temporary file beside the path that will be replaced (links are followed first). */
static enum err open_temporary(struct output_file *file, const char *path)
{
    char resolved[PATH_MAX];
    char *temporary = NULL;
    const char *target = realpath(path, resolved) ? resolved : path;
    int folder = folder_length(target);

    file->path = strdup(target);
    ENSURE(file->path);
    if (asprintf(&temporary, "%.*s.%.*s.XXXXXX", folder, target, NAME_BYTES_KEPT, target + folder) <
        0)
        return ERR_INPUT_OUTPUT;
    file->temporary = temporary;
    file->fd = mkostemp(temporary, O_CLOEXEC);
    if (file->fd < 0) {
        enum err err = err_from_errno(errno);
        free(file->temporary);
        file->temporary = NULL;
        return err;
    }
    struct stat old;
    mode_t mode = stat(target, &old) == 0 ? old.st_mode & 0777 : 0666 & ~current_umask();
    return fchmod(file->fd, mode) == 0 ? ERR_NONE : err_from_errno(errno);
}

static enum err open_path(struct output_file *file, const char *path)
{
    struct file_facts facts;
    enum err err = file_look(path, true, &facts);

    if (!path[0]) /* a temporary file could be made for it, but never renamed */
        return ERR_NOT_FOUND;
    if (err && err != ERR_NOT_FOUND)
        return err;
    if (err || facts.kind == FILE_REGULAR)
        return open_temporary(file, path);
    if (facts.kind == FILE_FOLDER)
        return ERR_IS_FOLDER;
    if (facts.kind != FILE_STREAM)
        return ERR_NOT_A_FILE;
    file->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return file->fd < 0 ? err_from_errno(errno) : ERR_NONE;
}

/* The path without links, also of a file that is not there yet; false where there can be none. */
static bool resolve(const char *path, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    struct file_facts facts;

    if (strcmp(path, "-") == 0)
        return false;
    if (file_look(path, true, &facts) == ERR_NONE)
        return facts.kind == FILE_REGULAR && realpath(path, out);
    int length = folder_length(path);
    int written =
        snprintf(folder, sizeof(folder), "%.*s", length ? length : 1, length ? path : ".");
    if (written >= (int)sizeof(folder) || !realpath(folder, out))
        return false;
    size_t used = strlen(out);
    written = snprintf(out + used, PATH_MAX - used, "/%s", path + length);
    return written < (int)(PATH_MAX - used);
}

bool output_path_same(const char *a, const char *b)
{
    char left[PATH_MAX], right[PATH_MAX];

    return resolve(a, left) && resolve(b, right) && strcmp(left, right) == 0;
}

struct output_file *output_file_open(const char *path, enum err *err)
{
    struct output_file *file = calloc(1, sizeof(*file));

    ENSURE(file);
    file->fd = -1;
    buf_init(&file->buffer, BUFFER_BYTES);
    if (strcmp(path, "-") == 0) {
        file->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
        *err = file->fd < 0 ? err_from_errno(errno) : ERR_NONE;
    } else {
        *err = open_path(file, path);
    }
    if (!*err)
        return file;
    output_file_discard(file);
    return NULL;
}

enum err descriptor_write(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        bytes.at += n;
        bytes.len -= (size_t)n;
    }
    return ERR_NONE;
}

/* Like descriptor_write, but a pipe that nobody empties does not hold up who wishes to end. */
static enum err write_unless_asked(const struct output_file *file, struct str bytes)
{
    while (bytes.len > 0) {
        if (signals_count() != file->signals)
            return ERR_INTERRUPTED;
        ssize_t n = write(file->fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return ERR_NONE;
}

static void flush(struct output_file *file)
{
    if (!file->err)
        file->err = write_unless_asked(file, buf_str(&file->buffer));
    buf_reset(&file->buffer);
}

static void begin(struct output_file *file)
{
    if (!file->begun)
        file->signals = signals_count();
    file->begun = true;
}

void output_file_write(struct output_file *file, struct str bytes)
{
    begin(file);
    if (bytes.len > BUFFER_BYTES - file->buffer.len)
        flush(file);
    if (file->err)
        return;
    if (bytes.len > BUFFER_BYTES)
        file->err = write_unless_asked(file, bytes);
    else
        buf_add(&file->buffer, bytes);
}

bool output_file_has_places(const struct output_file *file)
{
    return file->temporary != NULL;
}

bool output_file_write_at(struct output_file *file, uint64_t offset, struct str bytes)
{
    begin(file);
    while (bytes.len > 0 && !file->err) {
        ssize_t n = pwrite(file->fd, bytes.at, bytes.len, (off_t)offset);
        if (signals_count() != file->signals)
            file->err = ERR_INTERRUPTED;
        else if (n < 0 && errno != EINTR)
            file->err = err_from_errno(errno);
        if (n > 0) {
            bytes = str_slice(bytes, (size_t)n, bytes.len);
            offset += (uint64_t)n;
        }
    }
    return !file->err;
}

bool output_file_read_at(struct output_file *file, uint64_t offset, void *out, size_t size,
                         size_t *got)
{
    ssize_t n = 1;

    for (*got = 0; *got < size && n != 0 && !file->err;) {
        n = pread(file->fd, (char *)out + *got, size - *got, (off_t)(offset + *got));
        if (n < 0 && errno != EINTR)
            file->err = err_from_errno(errno);
        *got += n > 0 ? (size_t)n : 0;
    }
    return !file->err;
}

enum err output_file_err(const struct output_file *file)
{
    return file->err;
}

static void free_file(struct output_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    buf_free(&file->buffer);
    free(file->path);
    free(file->temporary);
    free(file);
}

/* The new name is on the disk only when its folder is. Not every file system can do that; the
 * file itself is safe already. */
static void sync_folder(const char *path)
{
    int length = folder_length(path);
    char *folder = length ? strndup(path, (size_t)length) : strdup(".");

    ENSURE(folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        int ignored = fsync(fd);
        (void)ignored;
        close(fd);
    }
    free(folder);
}

enum err output_file_commit(struct output_file *file)
{
    flush(file);
    if (!file->err && file->temporary) {
        if (fsync(file->fd) != 0 || rename(file->temporary, file->path) != 0) {
            file->err = err_from_errno(errno);
        } else {
            sync_folder(file->path);
            free(file->temporary);
            file->temporary = NULL;
        }
    }
    enum err err = file->err;
    output_file_discard(file);
    return err;
}

void output_file_discard(struct output_file *file)
{
    if (!file)
        return;
    if (file->temporary && file->fd >= 0)
        unlink(file->temporary);
    free_file(file);
}
