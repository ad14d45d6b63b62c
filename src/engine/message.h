/* message.h - what the restricted worker tells its parent: the encoding, both ways.
 *
 * A message is a length, a kind and a body, little endian. The worker reads hostile bytes, so
 * the parent believes none of it: decoding checks every length and every number it can, and the
 * ledger checks the rest.
 *
 *   SANDBOX   once, first: which rights were given up
 *   FILE      a file was opened and looked at: before and after, so that its name is known if
 *             the worker dies
 *   PIECE     a thread begins with a piece of a file
 *   MATCHES   sightings of a part of a piece; they count only once the part is whole
 *   PART      a part of a piece is whole, with everything that was counted in it
 *   MEMBER    a member of a packed file was met; it is a file from here on
 *   REMARK    something about a file, or about members that are not told one by one
 *   PACKED    how much of a packed file of the evidence has been read
 *   OUTPUT    standard output refuses what the worker writes (`cat`)
 *   END       nothing is left to do */
#ifndef ENGINE_MESSAGE_H
#define ENGINE_MESSAGE_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/cursor.h"
#include "core/err.h"

/* A sighting holds its event as JSON: a record at its limit, every byte escaped. */
#define MESSAGE_BYTES_MAX (128u << 20)
#define MESSAGE_HEAD_BYTES 5

enum message_kind {
    MESSAGE_SANDBOX,
    MESSAGE_FILE,
    MESSAGE_PIECE,
    MESSAGE_MATCHES,
    MESSAGE_PART,
    MESSAGE_OUTPUT,
    MESSAGE_END,
    MESSAGE_MEMBER,
    MESSAGE_REMARK,
    MESSAGE_PACKED,
    MESSAGE_KINDS
};

enum file_progress {
    FILE_OPENED,     /* its first bytes are being looked at */
    FILE_RECOGNISED, /* `format` says as what; it can be read */
    FILE_EMPTY,
    FILE_UNKNOWN,
    FILE_UNREADABLE, /* `err` says why */
    FILE_PACKED,     /* it is packed: members follow, or what it is once unpacked */
    FILE_WALKED,     /* all its members were met */
    FILE_PROGRESS_COUNT
};

struct file_message {
    uint32_t file;
    enum file_progress progress;
    uint32_t format; /* index in format_all */
    enum err err;
};

#define MEMBERS_MAX 1000000u /* at any depth of one file of the evidence */
#define MEMBER_NAME_BYTES_MAX 4096

struct member_message {
    uint32_t file;   /* its own number: the next one that is free */
    uint32_t parent; /* the number of the packed file */
    uint32_t place;  /* among all that the packed file holds */
    struct str name; /* any bytes */
};

enum remark_kind {
    REMARK_LOST,     /* `text` says what is wrong at byte `offset`, `count` records are lost */
    REMARK_EMPTY,    /* `count` members are empty */
    REMARK_LINKS,    /* ... are links */
    REMARK_SPECIAL,  /* ... are devices and the like */
    REMARK_OUTSIDE,  /* ... have names that lead out of the folder */
    REMARK_REPEATED, /* ... have the name of an earlier one */
    REMARK_LONG,     /* ... have names that were cut */
    REMARK_KINDS
};

#define REMARK_TEXT_BYTES_MAX 256

struct remark_message {
    uint32_t file;
    enum remark_kind kind;
    uint64_t count, offset;
    struct str text;
};

struct packed_message {
    uint32_t file;
    uint64_t bytes; /* since the file was opened */
};

struct piece_message {
    uint32_t file, piece;
    uint64_t begin, end; /* end of a stream: UINT64_MAX */
    bool last;           /* of its file */
};

struct matches_message {
    uint32_t file, piece, part, count;
    struct str sightings; /* of `count` events, encoded in a row; path and format are empty */
};

struct lost_stretch {
    struct str why;
    uint64_t offset, size, records;
};

struct named_count {
    struct str name;
    uint64_t count;
    uint64_t example_offset; /* UINT64_MAX: none */
};

struct named_counts {
    struct named_count *at;
    uint32_t count;
    uint64_t beyond; /* counted under names that found no place */
};

#define LOST_LISTED_MAX 256
#define NAMES_LISTED_MAX 1024

struct part_message {
    uint32_t file, piece, part;
    bool last;      /* of its piece */
    uint64_t end;   /* offset behind the last byte that was consumed */
    uint64_t lines; /* consumed since the piece began; 0 where the format has records */
    uint64_t events, events_without_time, events_outside_time, events_zone_assumed;
    bool has_span;
    int64_t first_ns, last_ns;
    uint64_t records_lost, lost_count;
    uint32_t lost_listed;
    struct lost_stretch *lost;
    struct named_counts shapes, hosts, channels;
    uint64_t scripts_known; /* as --known-good has them */
    uint64_t unrouted;
    struct str unrouted_example; /* the channel; may be empty */
    uint64_t unrouted_number;    /* record, or line in the piece */
    uint64_t gave_up, fields_dropped, fallback_names;
    struct str observed; /* see observe.h; empty where nothing is judged */
    enum err err;        /* the file could not be read on */
};

struct message {
    enum message_kind kind;
    uint32_t state;  /* SANDBOX: enum sandbox_state */
    struct str text; /* SANDBOX: what is missing */
    enum err err;    /* OUTPUT */
    struct file_message file;
    struct piece_message piece;
    struct matches_message matches;
    struct part_message part;
    struct member_message member;
    struct remark_message remark;
    struct packed_message packed;
};

void message_add_sandbox(struct buf *out, uint32_t state, struct str text);
void message_add_file(struct buf *out, const struct file_message *file);
void message_add_piece(struct buf *out, const struct piece_message *piece);
void message_add_part(struct buf *out, const struct part_message *part);
void message_add_member(struct buf *out, const struct member_message *member);
void message_add_remark(struct buf *out, const struct remark_message *remark);
void message_add_packed(struct buf *out, const struct packed_message *packed);
void message_add_output(struct buf *out, enum err err);
void message_add_end(struct buf *out);
/* Matches are encoded straight into the buffer: begin, sightings_encode as often as wanted, end.
 * `begin` needs an empty buffer. */
void message_begin_matches(struct buf *out, uint32_t file, uint32_t piece, uint32_t part);
void message_end_matches(struct buf *out, uint32_t count);

enum message_step { MESSAGE_READ, MESSAGE_INCOMPLETE, MESSAGE_BROKEN };

/* Takes one message; texts point into the cursor's bytes, lists live in `arena`. INCOMPLETE
 * leaves the cursor at the message's start. */
enum message_step message_next(struct cursor *in, struct arena *arena, struct message *message);

#endif
