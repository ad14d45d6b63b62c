/* image.h - memory at a place of its own, which can be kept in a file and mapped again with every
 * pointer in it still right.
 *
 * A process has one image at most. What is built in it must not point out of it: not to malloc's
 * memory, not to texts of the program, which lie elsewhere in every run; image_strays finds such
 * pointers. */
#ifndef OS_IMAGE_H
#define OS_IMAGE_H

#include "os/file.h"

struct image {
    void *at; /* NULL: there is none */
    size_t size;
};

/* Takes the place, which is then zeroed memory; false where it is taken or not to be had. */
bool image_reserve(struct image *image);
/* Puts the first `size` bytes of the file at the beginning of the image, which is then as the file
 * says, can be read, and is nobody's but this process's: changes do not reach the file. */
MUST_USE enum err image_map(const struct image *image, const struct file *file, size_t size);
/* From here on the image can be written, too. */
MUST_USE enum err image_open(const struct image *image);
/* Gives the place back; an image that is none is fine. */
void image_release(struct image *image);

/* How many words in the first `size` bytes are addresses of other memory of this process that a
 * program might by mistake point to; SIZE_MAX if that cannot be told. A number that happens to look
 * like one counts, too. */
size_t image_strays(const struct image *image, size_t size);

#endif
