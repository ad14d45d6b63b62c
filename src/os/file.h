/* file.h - files opened for reading, and what the system says about a path.
 *
 * Nothing here ever opens a file of the evidence for writing. Paths are NUL-terminated bytes.
 * Opening never waits for the other end of a pipe unless the caller asks for a stream. */
#ifndef OS_FILE_H
#define OS_FILE_H

#include "core/buf.h"
#include "core/err.h"

enum file_kind {
    FILE_REGULAR,
    FILE_FOLDER,
    FILE_LINK,
    FILE_STREAM, /* pipe, terminal or another character device: read once, from front to back */
    FILE_OTHER   /* block device, socket */
};

/* Two paths with equal identities are the same file. */
struct file_identity {
    uint64_t device, inode;
};

struct file_facts {
    enum file_kind kind;
    uint64_t size;
    int64_t changed_ns; /* last change of the content, as it was set */
    int64_t touched_ns; /* last change of anything about the file, which nobody can set */
    struct file_identity identity;
    uint32_t mode;  /* permission bits */
    uint32_t owner; /* user id */
};

/* What `errno` says as one of ours. */
enum err err_from_errno(int error);

MUST_USE enum err file_look(const char *path, bool follow_link, struct file_facts *facts);
/* The same for a name in the folder that is open as `folder`: much less to look up. */
MUST_USE enum err file_look_in(int folder, const char *name, bool follow_link,
                               struct file_facts *facts);

/* Where the bytes of a stream come from that is no descriptor: up to `max` of them, valid until the
 * next call; none at the end. */
struct file_source {
    enum err (*next)(void *context, size_t max, struct str *bytes);
    void *context;
};

/* Besides what the system opens: bytes in memory (a regular file of `facts.size` bytes), or what a
 * source gives (a stream). */
struct file {
    int fd;
    struct file_facts facts;
    const uint8_t *memory;
    struct file_source source;
};

/* Opens for reading. Pipes and devices are opened only if `streams_too`, and then waited for. A
 * folder is ERR_IS_FOLDER, anything else ERR_NOT_A_FILE. */
MUST_USE enum err file_open(const char *path, bool streams_too, struct file *file);
/* Standard input, whatever it is. */
MUST_USE enum err file_open_standard_input(struct file *file);
void file_close(struct file *file);

/* Reads `size` bytes at `offset`; fewer only where the file ends. */
MUST_USE enum err file_read_at(const struct file *file, uint64_t offset, void *out, size_t size,
                               size_t *got);
/* One read of a stream: waits for some bytes; 0 at its end. */
MUST_USE enum err file_read_next(const struct file *file, void *out, size_t size, size_t *got);

/* Appends a whole file; ERR_TOO_LARGE where it has more than `max` bytes. */
MUST_USE enum err file_read_whole(const char *path, size_t max, struct buf *out);

#endif
