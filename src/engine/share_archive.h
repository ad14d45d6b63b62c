/* share_archive.h - the files below share/, packed into the program by tools/embed.py.
 *
 * Format: 8 bytes, the unpacked size (little endian), then one zlib stream to the end. Unpacked it
 * is, for each file, in the order of the paths' bytes:
 *
 *   u32 path length | path | u32 size | bytes        (numbers little endian, path without "share/")
 *
 * It is compressed as a whole so that signatures of attack tools, which our rules quote, do not
 * stand in the binary in plain: a virus scanner would put the program into quarantine.
 */
#ifndef ENGINE_SHARE_ARCHIVE_H
#define ENGINE_SHARE_ARCHIVE_H

#include <stddef.h>

extern const unsigned char share_archive[];
extern const size_t share_archive_size; /* of the whole, the 8 bytes included */

#endif
