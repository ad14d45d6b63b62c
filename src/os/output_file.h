/* output_file.h - a file that appears whole or not at all, and standard output.
 *
 * What is written goes to a temporary file in the same folder; committing puts it on the disk
 * and under its name. Devices and pipes are written directly. After the first failed write
 * nothing more is written, and committing reports it. A wish to end (signals.h) that comes after
 * the first write is such a failure, ERR_INTERRUPTED. */
#ifndef OS_OUTPUT_FILE_H
#define OS_OUTPUT_FILE_H

#include "core/buf.h"
#include "os/file.h"

struct output_file;

/* Whether two paths name one file, which may not be there yet. (Writing two outputs into one device
 * is the user's business.) */
bool output_path_same(const char *a, const char *b);
/* `-` is standard output. NULL, with the refusal in *err, where it cannot be created. */
struct output_file *output_file_open(const char *path, enum err *err);
void output_file_write(struct output_file *file, struct str bytes);
/* Of a file, no pipe or device: read and written anywhere, instead of output_file_write. `got` is
 * short only at its end. False once something was refused. */
bool output_file_has_places(const struct output_file *file);
bool output_file_write_at(struct output_file *file, uint64_t offset, struct str bytes);
bool output_file_read_at(struct output_file *file, uint64_t offset, void *out, size_t size,
                         size_t *got);
/* The first refusal so far. */
enum err output_file_err(const struct output_file *file);
/* Makes what was written stay, and frees the file. */
MUST_USE enum err output_file_commit(struct output_file *file);
/* Leaves no trace of a file (what went to a device or pipe has gone), and frees it. Accepts
 * NULL. */
void output_file_discard(struct output_file *file);

/* Writes all of it to a descriptor; the refusal if that cannot be. */
MUST_USE enum err descriptor_write(int fd, struct str bytes);

#endif
