/* unpack.c - see unpack.h: the only user of libarchive. */
#include "codec/unpack.h"

#include "core/ensure.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ZEROS_BYTES ((size_t)64 << 10)
#define WHY_BYTES 200
#define NS INT64_C(1000000000)
/* What the library reads for one header, names and tables included, it may keep in memory. */
#define HEADER_BYTES_MAX ((size_t)128 << 20)
#define EMPTY_BLOCKS_MAX 1000000 /* in a row, without an end: the library goes round in circles */
#define RETRIES_MAX 1000000      /* broken headers of a tar in a row */

struct unpack {
    struct archive *archive;
    const struct unpack_source *source;
    uint64_t position; /* in the source, where it seeks */
    uint64_t given;    /* of the member, holes included */
    uint64_t hole;     /* zeros to be given before `block` */
    struct str block;
    size_t header_bytes; /* read for the header at hand */
    bool in_header, in_member, ended, dead, damaged;
    char why[WHY_BYTES];
};

/* ---- what packing it is ---- */

static bool are_digits(struct str s, char last)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > last)
            return false;
    return s.len > 0;
}

static bool are_hex_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_digit(s.at[i]) && (ascii_lower(s.at[i]) < 'a' || ascii_lower(s.at[i]) > 'f'))
            return false;
    return s.len > 0;
}

static uint8_t byte_at(struct str s, size_t at)
{
    return at < s.len ? (uint8_t)s.at[at] : 0;
}

#define ZIP_END_BYTES 22u
#define TAR_BLOCK_BYTES 512u
#define TAR_SUM_AT 148u
#define TAR_SUM_BYTES 8u

/* An octal number with blanks before and a blank or NUL behind. */
static bool take_octal(struct str s, uint64_t *value)
{
    size_t at = 0, digits = 0;

    while (at < s.len && s.at[at] == ' ')
        at++;
    for (*value = 0; at < s.len && s.at[at] >= '0' && s.at[at] <= '7'; at++, digits++)
        *value = *value << 3 | (uint64_t)(s.at[at] - '0');
    return digits > 0 && (at == s.len || s.at[at] == ' ' || s.at[at] == '\0');
}

/* Every tar, however old, starts with a block that holds its own sum. */
static bool is_tar(struct str head)
{
    uint64_t sum = 0, said;
    int64_t signed_sum = 0;

    if (head.len < TAR_BLOCK_BYTES || head.at[0] == '\0' ||
        !take_octal(str_slice(head, TAR_SUM_AT, TAR_SUM_AT + TAR_SUM_BYTES), &said))
        return false;
    for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
        bool blank = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_BYTES;
        sum += blank ? ' ' : (uint8_t)head.at[i];
        signed_sum += blank ? ' ' : (int8_t)head.at[i];
    }
    return said == sum || (int64_t)said == signed_sum;
}

static bool is_cpio(struct str head)
{
    if (str_starts_with(head, STR("070707")))
        return head.len >= 76 && are_digits(str_slice(head, 6, 76), '7');
    if (str_starts_with(head, STR("070701")) || str_starts_with(head, STR("070702")))
        return head.len >= 110 && are_hex_digits(str_slice(head, 6, 110));
    return false;
}

static bool is_bzip2(struct str head)
{
    static const struct str block = STR_INIT("\x31\x41\x59\x26\x53\x59");
    static const struct str end = STR_INIT("\x17\x72\x45\x38\x50\x90");
    struct str behind = str_slice(head, 4, head.len);

    return str_starts_with(head, STR("BZh")) && byte_at(head, 3) >= '1' &&
           byte_at(head, 3) <= '9' &&
           (str_starts_with(behind, block) || str_starts_with(behind, end));
}

enum packing packing_guess(struct str head)
{
    static const struct {
        struct str mark;
        enum packing packing;
    } marks[] = {
        {STR_INIT("\x28\xb5\x2f\xfd"), PACKING_ZSTD},
        {STR_INIT("\xfd\x37zXZ\0"), PACKING_XZ},
        {STR_INIT("\x04\x22\x4d\x18"), PACKING_LZ4},
        {STR_INIT("\x02\x21\x4c\x18"), PACKING_LZ4}, /* its older form */
        {STR_INIT("PK\3\4"), PACKING_ZIP},
        {STR_INIT("PK\5\6"), PACKING_ZIP},        /* without members */
        {STR_INIT("PK\7\10PK\3\4"), PACKING_ZIP}, /* made to be split */
        {STR_INIT("PK00PK\3\4"), PACKING_ZIP},
        {STR_INIT("7z\xbc\xaf\x27\x1c"), PACKING_7ZIP},
        {STR_INIT("Rar!\x1a\7\0"), PACKING_RAR},
        {STR_INIT("Rar!\x1a\7\1\0"), PACKING_RAR5},
        {STR_INIT("MSCF\0\0\0\0"), PACKING_CAB},
    };

    if (head.len == ZIP_END_BYTES && str_starts_with(head, STR("PK\5\6")))
        return PACKING_NONE; /* a zip with nothing in it, which the library does not know */
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
        if (str_starts_with(head, marks[i].mark))
            return marks[i].packing;
    /* deflate is the only method there is, and three bits of flags have no meaning */
    if (str_starts_with(head, STR("\x1f\x8b\x08")) && head.len >= 10 &&
        (byte_at(head, 3) & 0xe0) == 0)
        return PACKING_GZIP;
    if (is_bzip2(head))
        return PACKING_BZIP2;
    if (is_cpio(head))
        return PACKING_CPIO;
    return is_tar(head) ? PACKING_TAR : PACKING_NONE;
}

/* ---- bytes in ---- */

static la_ssize_t read_source(struct archive *archive, void *context, const void **bytes)
{
    struct unpack *unpack = context;
    struct str read = STR_EMPTY;

    if (!unpack->source->read(unpack->source->context, &read)) {
        archive_set_error(archive, EIO, "it could not be read on");
        return -1;
    }
    if (unpack->in_header && read.len > HEADER_BYTES_MAX - unpack->header_bytes) {
        archive_set_error(archive, ENOMEM, "a header is larger than 128 MiB");
        return -1;
    }
    unpack->header_bytes += unpack->in_header ? read.len : 0;
    *bytes = read.at;
    unpack->position += read.len;
    return (la_ssize_t)read.len;
}

static la_int64_t seek_source(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct unpack *unpack = context;
    uint64_t size = unpack->source->size;
    la_int64_t base = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? (la_int64_t)unpack->position
                                           : (la_int64_t)size;

    (void)archive;
    /* a place outside is the nearest one inside, as the library expects it */
    if (offset < 0 && -offset > base)
        offset = -base;
    if (offset > 0 && offset > (la_int64_t)size - base)
        offset = (la_int64_t)size - base;
    unpack->position = (uint64_t)(base + offset);
    unpack->source->seek(unpack->source->context, unpack->position);
    return base + offset;
}

static int filter_of(enum packing packing)
{
    switch (packing) {
    case PACKING_GZIP:
        return ARCHIVE_FILTER_GZIP;
    case PACKING_ZSTD:
        return ARCHIVE_FILTER_ZSTD;
    case PACKING_XZ:
        return ARCHIVE_FILTER_XZ;
    case PACKING_BZIP2:
        return ARCHIVE_FILTER_BZIP2;
    case PACKING_LZ4:
        return ARCHIVE_FILTER_LZ4;
    default:
        return ARCHIVE_FILTER_NONE;
    }
}

/* Exactly one filter or one format, so that no bytes choose another way through the library. */
static int choose(struct archive *archive, enum packing packing, bool seeks)
{
    int status;

    switch (packing) {
    case PACKING_ZIP:
        return seeks ? archive_read_support_format_zip_seekable(archive)
                     : archive_read_support_format_zip_streamable(archive);
    case PACKING_TAR:
        return archive_read_support_format_tar(archive);
    case PACKING_7ZIP:
        return archive_read_support_format_7zip(archive);
    case PACKING_CPIO:
        return archive_read_support_format_cpio(archive);
    case PACKING_RAR:
        return archive_read_support_format_rar(archive);
    case PACKING_RAR5:
        return archive_read_support_format_rar5(archive);
    case PACKING_CAB:
        return archive_read_support_format_cab(archive);
    default:
        status = archive_read_support_format_empty(archive);
        if (status == ARCHIVE_OK)
            status = archive_read_support_format_raw(archive);
        return status == ARCHIVE_OK ? archive_read_append_filter(archive, filter_of(packing))
                                    : status;
    }
}

/* ---- the way through ---- */

static void keep_why(struct unpack *unpack)
{
    const char *text = archive_error_string(unpack->archive);
    size_t len;

    if (!text)
        text = "it is damaged";
    len = strnlen(text, WHY_BYTES - 1);
    memcpy(unpack->why, text, len);
    unpack->why[len] = '\0';
}

static enum unpack_step damage(struct unpack *unpack, bool dead)
{
    keep_why(unpack);
    unpack->dead |= dead;
    unpack->ended = true;
    return UNPACK_DAMAGED;
}

struct unpack *unpack_open(enum packing packing, const struct unpack_source *source)
{
    struct unpack *unpack = calloc(1, sizeof(*unpack));

    ENSURE(unpack && packing != PACKING_NONE);
    unpack->source = source;
    unpack->archive = archive_read_new();
    ENSURE(unpack->archive);
    int status = choose(unpack->archive, packing, source->seek != NULL);
    archive_read_set_read_callback(unpack->archive, read_source);
    if (source->seek)
        archive_read_set_seek_callback(unpack->archive, seek_source);
    archive_read_set_callback_data(unpack->archive, unpack);
    if (status >= ARCHIVE_WARN)
        status = archive_read_open1(unpack->archive);
    /* a stream that breaks off before its first byte passes for one without any */
    bool broken = !packing_has_members(packing) && archive_errno(unpack->archive) != 0;
    if (status < ARCHIVE_WARN || broken)
        damage(unpack, true);
    return unpack;
}

void unpack_free(struct unpack *unpack)
{
    if (!unpack)
        return;
    archive_read_free(unpack->archive);
    free(unpack);
}

static enum member_kind kind_of(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) && archive_entry_size(entry) == 0)
        return MEMBER_LINK;
    switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
        return MEMBER_FOLDER;
    case AE_IFLNK:
        return MEMBER_LINK;
    case AE_IFREG:
    case 0: /* not said: a file, as far as anybody knows */
        return MEMBER_FILE;
    default:
        return MEMBER_SPECIAL;
    }
}

enum unpack_step unpack_next(struct unpack *unpack, struct unpack_member *member)
{
    struct archive_entry *entry = NULL;
    int status = ARCHIVE_FATAL;

    if (unpack->dead)
        return UNPACK_DAMAGED;
    unpack->given = unpack->hole = 0;
    unpack->block = STR_EMPTY;
    unpack->ended = unpack->damaged = false;
    if (unpack->in_member && archive_read_data_skip(unpack->archive) == ARCHIVE_FATAL)
        return damage(unpack, true);
    unpack->in_member = false;
    unpack->in_header = true;
    for (unsigned tries = 0; tries < RETRIES_MAX; tries++) {
        unpack->header_bytes = 0;
        status = archive_read_next_header(unpack->archive, &entry);
        if (status != ARCHIVE_RETRY)
            break;
    }
    unpack->in_header = false;
    if (status == ARCHIVE_EOF)
        return UNPACK_END;
    if (status < ARCHIVE_WARN)
        return damage(unpack, true);
    unpack->in_member = true;
    const char *name = archive_entry_pathname(entry);
    if (!name)
        name = archive_entry_pathname_utf8(entry);
    *member = (struct unpack_member){.name = str_from(name),
                                     .kind = kind_of(entry),
                                     .encrypted = archive_entry_is_data_encrypted(entry) != 0,
                                     .has_size = archive_entry_size_is_set(entry) != 0};
    if (member->has_size && archive_entry_size(entry) > 0)
        member->size = (uint64_t)archive_entry_size(entry);
    time_t changed = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0;
    member->has_time = changed != 0 && changed < INT64_MAX / NS && changed > INT64_MIN / NS;
    if (member->has_time)
        member->changed_ns = (int64_t)changed * NS;
    return UNPACK_TAKEN;
}

/* Fills `block` and `hole`; false at the end of the member, however it ends. */
static bool take_block(struct unpack *unpack)
{
    for (unsigned tries = 0; tries < EMPTY_BLOCKS_MAX; tries++) {
        const void *bytes = NULL;
        size_t size = 0;
        la_int64_t offset = (la_int64_t)unpack->given;
        int status = archive_read_data_block(unpack->archive, &bytes, &size, &offset);

        if (status == ARCHIVE_WARN) { /* such as a wrong checksum: told at the member's end */
            keep_why(unpack);
            unpack->damaged = true;
        } else if (status != ARCHIVE_OK && status != ARCHIVE_RETRY) {
            unpack->ended = true;
            if (status == ARCHIVE_EOF && offset > 0 && (uint64_t)offset > unpack->given)
                unpack->hole = (uint64_t)offset - unpack->given; /* a hole at the end */
            if (status != ARCHIVE_EOF) {
                damage(unpack, status == ARCHIVE_FATAL);
                unpack->damaged = true;
            }
            return unpack->hole > 0;
        }
        if (offset > 0 && (uint64_t)offset > unpack->given)
            unpack->hole = (uint64_t)offset - unpack->given;
        unpack->block = (struct str){bytes ? bytes : "", bytes ? size : 0};
        if (unpack->block.len > 0 || unpack->hole > 0)
            return true;
    }
    damage(unpack, true);
    unpack->damaged = true;
    return false;
}

enum unpack_step unpack_read(struct unpack *unpack, struct str *bytes)
{
    static const char zeros[ZEROS_BYTES];

    if (unpack->hole == 0 && unpack->block.len == 0 && (unpack->ended || !take_block(unpack)))
        return unpack->damaged || unpack->dead ? UNPACK_DAMAGED : UNPACK_END;
    if (unpack->hole > 0) {
        size_t size = unpack->hole < ZEROS_BYTES ? (size_t)unpack->hole : ZEROS_BYTES;
        *bytes = (struct str){zeros, size};
        unpack->hole -= size;
    } else {
        *bytes = unpack->block;
        unpack->block = STR_EMPTY;
    }
    unpack->given += bytes->len;
    return UNPACK_TAKEN;
}

const char *unpack_why(const struct unpack *unpack)
{
    return unpack->why;
}

bool unpack_is_dead(const struct unpack *unpack)
{
    return unpack->dead;
}

bool unpack_is_encrypted(const struct unpack *unpack)
{
    /* before a format was chosen the library's answer would be read from nowhere */
    return (archive_format(unpack->archive) != 0 &&
            archive_read_has_encrypted_entries(unpack->archive) > 0) ||
           str_contains(str_from(unpack->why), STR("ncrypt"));
}
