/* file.c - see file.h. */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err err_from_errno(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return ERR_DENIED;
    case ENOSYS:
    case EOPNOTSUPP:
    case EINVAL:
    case ENXIO:
        return ERR_NOT_SUPPORTED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERR_NO_SPACE;
    case EINTR:
        return ERR_INTERRUPTED;
    case EISDIR:
        return ERR_IS_FOLDER;
    case ELOOP:
        return ERR_LINK_LOOP;
    case ENAMETOOLONG:
        return ERR_NAME_TOO_LONG;
    case EMFILE:
    case ENFILE:
        return ERR_FILES_OPEN;
    case EPIPE:
        return ERR_PIPE_CLOSED;
    case EBADF:
        return ERR_NOT_OPEN;
    default:
        return ERR_INPUT_OUTPUT;
    }
}

static void facts_from_stat(const struct stat *st, struct file_facts *facts)
{
    mode_t mode = st->st_mode;

    *facts = (struct file_facts){
        .kind = S_ISREG(mode)                     ? FILE_REGULAR
                : S_ISDIR(mode)                   ? FILE_FOLDER
                : S_ISLNK(mode)                   ? FILE_LINK
                : S_ISFIFO(mode) || S_ISCHR(mode) ? FILE_STREAM
                                                  : FILE_OTHER,
        .size = S_ISREG(mode) && st->st_size > 0 ? (uint64_t)st->st_size : 0,
        .changed_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
        .touched_ns = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec,
        .identity = {(uint64_t)st->st_dev, (uint64_t)st->st_ino},
        .mode = (uint32_t)(mode & 07777),
        .owner = (uint32_t)st->st_uid,
    };
}

enum err file_look_in(int folder, const char *name, bool follow_link, struct file_facts *facts)
{
    struct stat st;

    if (fstatat(folder, name, &st, follow_link ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
        return err_from_errno(errno);
    facts_from_stat(&st, facts);
    return ERR_NONE;
}

enum err file_look(const char *path, bool follow_link, struct file_facts *facts)
{
    return file_look_in(AT_FDCWD, path, follow_link, facts);
}

static enum err file_take_facts(struct file *file)
{
    struct stat st;

    if (fstat(file->fd, &st) != 0)
        return err_from_errno(errno);
    facts_from_stat(&st, &file->facts);
    return ERR_NONE;
}

enum err file_open(const char *path, bool streams_too, struct file *file)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
    enum err err;

    *file = (struct file){.fd = -1};
    do
        file->fd = open(path, streams_too ? flags : flags | O_NONBLOCK);
    while (file->fd < 0 && errno == EINTR && !streams_too);
    if (file->fd < 0)
        return err_from_errno(errno);
    err = file_take_facts(file);
    if (!err && file->facts.kind != FILE_REGULAR &&
        !(streams_too && file->facts.kind == FILE_STREAM))
        err = file->facts.kind == FILE_FOLDER ? ERR_IS_FOLDER : ERR_NOT_A_FILE;
    if (err)
        file_close(file);
    return err;
}

enum err file_open_standard_input(struct file *file)
{
    *file = (struct file){.fd = -1};
    file->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (file->fd < 0)
        return err_from_errno(errno);
    enum err err = file_take_facts(file);
    if (!err && file->facts.kind == FILE_FOLDER)
        err = ERR_IS_FOLDER;
    if (err)
        file_close(file);
    return err;
}

void file_close(struct file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

enum err file_read_at(const struct file *file, uint64_t offset, void *out, size_t size, size_t *got)
{
    char *at = out;

    *got = 0;
    if (file->memory) {
        if (offset < file->facts.size)
            *got = size < file->facts.size - offset ? size : (size_t)(file->facts.size - offset);
        if (*got > 0)
            memcpy(out, file->memory + offset, *got);
        return ERR_NONE;
    }
    while (*got < size) {
        ssize_t n = pread(file->fd, at + *got, size - *got, (off_t)(offset + *got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return ERR_NONE;
}

enum err file_read_next(const struct file *file, void *out, size_t size, size_t *got)
{
    ssize_t n;

    *got = 0;
    if (file->source.next) {
        struct str bytes = STR_EMPTY;
        enum err err = file->source.next(file->source.context, size, &bytes);
        if (!err && bytes.len > 0)
            memcpy(out, bytes.at, bytes.len);
        *got = err ? 0 : bytes.len;
        return err;
    }
    do
        n = read(file->fd, out, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_from_errno(errno);
    *got = (size_t)n;
    return ERR_NONE;
}

enum err file_read_whole(const char *path, size_t max, struct buf *out)
{
    struct file file;
    enum err err = file_open(path, false, &file);
    size_t got = 1;

    if (err)
        return err;
    size_t begin = out->len;
    size_t step = file.facts.size < max ? (size_t)file.facts.size + 1 : max;
    while (!err && got > 0) {
        size_t left = max - (out->len - begin);
        char probe;
        if (left == 0) { /* exactly at the limit: is there more? */
            err = file_read_at(&file, out->len - begin, &probe, 1, &got);
            if (!err && got)
                err = ERR_TOO_LARGE;
            break;
        }
        char *room = buf_reserve(out, step < left ? step : left);
        if (!room) {
            err = ERR_TOO_LARGE;
            break;
        }
        size_t wanted = step < left ? step : left;
        err = file_read_at(&file, out->len - begin, room, wanted, &got);
        out->len += got;
        if (got < wanted)
            break;
        step = 65536;
    }
    file_close(&file);
    return err;
}
