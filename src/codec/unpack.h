/* unpack.h - undoes one layer of packing: a compressed stream, or an archive of members.
 *
 * What packing it is, the first bytes say. Bytes come in through a callback and go out in blocks,
 * one member after the other; nothing is ever written to a disk, and only the one packing that was
 * asked for is tried. Input is hostile: it costs at most what is read of it. One unpacker belongs
 * to one thread. */
#ifndef CODEC_UNPACK_H
#define CODEC_UNPACK_H

#include "core/str.h"

enum packing {
    PACKING_NONE,
    PACKING_GZIP,
    PACKING_ZSTD,
    PACKING_XZ,
    PACKING_BZIP2,
    PACKING_LZ4,
    PACKING_ZIP, /* from here on: archives */
    PACKING_TAR,
    PACKING_7ZIP,
    PACKING_CPIO,
    PACKING_RAR,
    PACKING_RAR5,
    PACKING_CAB
};

/* So many first bytes decide. */
#define PACKING_HEAD_BYTES 512

enum packing packing_guess(struct str head);

static inline bool packing_has_members(enum packing packing)
{
    return packing >= PACKING_ZIP;
}

/* Its table of contents stands at its end: without a seek it can be read in part, or not at all. */
static inline bool packing_seeks(enum packing packing)
{
    return packing == PACKING_ZIP || packing == PACKING_7ZIP;
}

struct unpack_source {
    void *context;
    /* The next bytes, valid until the next call; none at the end. False: they cannot be had. */
    bool (*read)(void *context, struct str *bytes);
    /* Goes to `offset`, which is at most `size`; NULL: front to back only. */
    void (*seek)(void *context, uint64_t offset);
    uint64_t size; /* where there is a seek */
};

enum member_kind {
    MEMBER_FILE,
    MEMBER_FOLDER,
    MEMBER_LINK, /* symbolic, or hard without content of its own */
    MEMBER_SPECIAL
};

struct unpack_member {
    struct str name; /* as it stands, any bytes; empty where there is none */
    enum member_kind kind;
    bool encrypted; /* its content cannot be had */
    bool has_size, has_time;
    uint64_t size;      /* as the archive says */
    int64_t changed_ns; /* likewise; of zip to two seconds */
};

struct unpack;

/* Reads nothing yet. The source is borrowed and must stay where it is. */
struct unpack *unpack_open(enum packing packing, const struct unpack_source *source);
void unpack_free(struct unpack *unpack); /* accepts NULL */

enum unpack_step {
    UNPACK_TAKEN, /* *member or *bytes is filled */
    UNPACK_END,
    UNPACK_DAMAGED /* there should be more, or it should be different; unpack_why says why */
};

/* Goes to the next member, past what was not read of the last one. A compressed stream has one,
 * without a name. Valid until the next call. */
enum unpack_step unpack_next(struct unpack *unpack, struct unpack_member *member);
/* The next bytes of the member, never none; holes are filled with zeros. */
enum unpack_step unpack_read(struct unpack *unpack, struct str *bytes);

/* What is wrong, as one short line (any bytes); valid until the unpacker is freed. */
const char *unpack_why(const struct unpack *unpack);
/* After damage: nothing more can be had of this unpacker. */
bool unpack_is_dead(const struct unpack *unpack);
/* Members, or their names, that cannot be had because they are encrypted, were met. */
bool unpack_is_encrypted(const struct unpack *unpack);

#endif
