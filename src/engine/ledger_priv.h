/* ledger_priv.h - what the parts of the ledger share. Private to engine/. */
#ifndef ENGINE_LEDGER_PRIV_H
#define ENGINE_LEDGER_PRIV_H

#include "engine/ledger.h"

/* A piece that a thread has taken; its messages wait here until they count. */
struct ledger_piece {
    struct ledger_piece *next; /* of the same file, by number */
    uint32_t number;
    uint64_t end;
    bool whole;                       /* its last part has been told */
    struct spool_block *told, **last; /* messages, as they came, each in a block */
    struct spool_block *counted;      /* up to here parts are whole; NULL: none of them */
};

#define NO_FILE UINT32_MAX

/* A file of the evidence, or a member of a packed one; members follow the files in the order in
 * which they were met, so that a member's number is above that of what it lies in. */
struct ledger_file {
    struct str shown;
    bool started, recognised; /* by the worker at hand */
    bool finished, aside, failed;
    const struct format *format;
    uint32_t next_piece;  /* that was not handed out yet */
    uint64_t next_offset; /* where it begins */
    bool all_handed_out;
    uint32_t next_counted; /* the piece whose turn to count it is */
    uint64_t done;         /* bytes that count, unpacked */
    uint64_t lines;        /* of pieces that count */
    struct ledger_piece *first;

    bool packed, walked; /* all its members were met */
    bool busy;           /* something in it is in flight */
    uint32_t remarks;    /* kinds that were told */
    uint64_t packed_done;
    uint32_t parent, place;                     /* NO_FILE: a file of the evidence */
    uint32_t first_member, last_member, next;   /* next member of the same parent */
    uint32_t next_place, open_members, members; /* `members`: at any depth, of the file itself */
};

static inline bool is_listed(const struct ledger *ledger, uint32_t index)
{
    return index < ledger->evidence->count;
}

/* The pointer is valid until the next one is added. */
struct ledger_file *ledger_add_file(struct ledger *ledger, struct str shown, uint32_t parent);
/* Well-formed UTF-8; valid until the next message. */
struct str ledger_checked_text(struct ledger *ledger, struct str text);
/* Bytes of a packed file of the evidence that need no more reading. */
void ledger_pass_packed(struct ledger *ledger, uint32_t index, uint64_t end);

/* Each returns false where what is said cannot be. */
MUST_USE bool ledger_take_member(struct ledger *ledger, const struct member_message *message);
MUST_USE bool ledger_take_remark(struct ledger *ledger, const struct remark_message *message);
MUST_USE bool ledger_take_packed(struct ledger *ledger, const struct packed_message *message);

#endif
