/* evtx_priv.h - how the parts of the EVTX reader work together. Private to formats/.
 *
 * BinXML refers to names and templates by their offsets in the chunk, so that the same template
 * looks different in every chunk. It is therefore first brought into a canonical form
 * (evtx_canon.c) that stands on its own; what is compiled from it (evtx_template.c) is kept
 * under the form's bytes, for all chunks and files. The format: libevtx, "Windows XML Event Log
 * (EVTX) format"; MS-EVEN6, 2.2.12. */
#ifndef FORMATS_EVTX_PRIV_H
#define FORMATS_EVTX_PRIV_H

#include "codec/utf.h"
#include "core/cursor.h"
#include "core/map.h"
#include "formats/format.h"

#define EVTX_CHUNK_BYTES 65536u
#define EVTX_CHUNK_HEADER_BYTES 512u
#define EVTX_RECORD_HEADER_BYTES 24u
#define EVTX_SUBSTITUTIONS_MAX 1024u
#define EVTX_TEMPLATES_MAX 16384u /* compiled ones in one reader, and their bytes */
#define EVTX_TEMPLATES_BYTES_MAX (64u << 20)
/* Bytes of templates and values that one event may be made of. Each is used once or twice, so
 * that no true record of 64 KiB comes near; one whose values hold each other again and again
 * would have no end.
 * */
#define EVTX_EVENT_BYTES_MAX (1u << 20)

/* ---- values (evtx_value.c) ---- */

enum evtx_type {
    EVTX_NULL = 0x00,
    EVTX_STRING = 0x01,
    EVTX_ANSI = 0x02,
    EVTX_INT8 = 0x03,
    EVTX_UINT8 = 0x04,
    EVTX_INT16 = 0x05,
    EVTX_UINT16 = 0x06,
    EVTX_INT32 = 0x07,
    EVTX_UINT32 = 0x08,
    EVTX_INT64 = 0x09,
    EVTX_UINT64 = 0x0a,
    EVTX_FLOAT = 0x0b,
    EVTX_DOUBLE = 0x0c,
    EVTX_BOOL = 0x0d,
    EVTX_BINARY = 0x0e,
    EVTX_GUID = 0x0f,
    EVTX_SIZE = 0x10,
    EVTX_FILETIME = 0x11,
    EVTX_SYSTEMTIME = 0x12,
    EVTX_SID = 0x13,
    EVTX_HEX32 = 0x14,
    EVTX_HEX64 = 0x15,
    EVTX_BINXML = 0x21,
    EVTX_ARRAY = 0x80, /* flag */
};

#define EVTX_TYPE_BIT(type) ((uint64_t)1 << ((type)&63))

struct evtx_substitution {
    const uint8_t *at;
    uint16_t size;
    uint8_t type;
};

/* One value that is no array and no BinXML. Texts live in `arena` or are static. */
struct value evtx_decode(struct arena *arena, uint8_t type, const uint8_t *at, size_t size);
/* Takes the first member off an array; false when nothing is left. */
bool evtx_array_next(struct evtx_substitution *array, struct evtx_substitution *member);

/* ---- canonical form (evtx_canon.c) ---- */

enum evtx_op {
    EVTX_OP_ELEMENT = 1, /* name */
    EVTX_OP_ATTRIBUTE,   /* name; its value follows */
    EVTX_OP_CONTENT,     /* the start tag is over */
    EVTX_OP_END,         /* of the element */
    EVTX_OP_TEXT,        /* text */
    EVTX_OP_SUBSTITUTION /* u16 index, u8 type */
};

struct evtx_chunk {
    const uint8_t *at;
    size_t len;
};

/* Appends the canonical form of the elements at `*at` (an offset in the chunk) up to the end of
 * the fragment or `end`. `in_template` says whether elements carry a dependency id. False if it
 * is broken. */
bool evtx_canonize(const struct evtx_chunk *chunk, size_t *at, size_t end, bool in_template,
                   struct buf *out);

/* Reads a canonical form: one op with its name, text or substitution. */
struct evtx_op_view {
    enum evtx_op op;
    struct str text; /* ELEMENT, ATTRIBUTE, TEXT */
    uint16_t index;  /* SUBSTITUTION */
};
bool evtx_op_next(struct cursor *canonical, struct evtx_op_view *view);

/* ---- templates (evtx_template.c) ---- */

enum evtx_context {
    EVTX_IN_NOTHING,
    EVTX_IN_EVENT,
    EVTX_IN_SYSTEM,
    EVTX_IN_EVENT_DATA,
    EVTX_IN_USER_DATA,
    EVTX_IN_RENDERING,
    EVTX_IN_OTHER
};

enum evtx_role { EVTX_ROLE_NONE, EVTX_ROLE_COMPUTER, EVTX_ROLE_TIME };

struct evtx_part {
    bool is_text;
    uint16_t index; /* substitution */
    struct str text;
};

/* One value of the event: the text of an element or of an attribute. */
struct evtx_slot {
    const struct field_ref *ref;         /* NULL: nobody wants it */
    const struct field_ref *ref_compact; /* the name without blanks, where it has some */
    enum evtx_role role;
    enum evtx_context context; /* for BinXML in a substitution */
    int32_t name_index;        /* substitution that names it; -1: the name is fixed */
    uint32_t first_part, part_count;
    bool wanted;    /* by anybody but visitors */
    uint16_t index; /* the substitution that is all of it; EVTX_SUBSTITUTIONS_MAX: it is not one */
    bool simple;    /* it is one, and is wanted for nothing but `ref` */
};

struct evtx_template {
    struct str canonical;
    struct evtx_slot *slots;
    struct evtx_part *parts;
    uint32_t slot_count, part_count;
    uint32_t *wanted; /* slots that are */
    uint32_t wanted_count;
    uint32_t uses;    /* how often the substitution that is used most stands in it */
    struct str texts; /* its own values, UTF-16LE, each ended by a character that no text holds */
    bool joins;       /* some value is made of several parts */
    const struct text_watch **calm; /* the one that let none of its own texts pass; at first none */
};

const struct evtx_template *evtx_template_compile(const struct field_dictionary *fields,
                                                  struct str canonical, enum evtx_context context,
                                                  struct arena *arena);
enum evtx_context evtx_context_inside(enum evtx_context context, struct str element);

/* ---- reader (evtx.c), fragments (evtx_fragment.c) ---- */

#define EVTX_KNOWN_TEMPLATES 256u /* per chunk; power of two */
#define EVTX_HOST_BYTES_MAX 256u  /* of one that is remembered */
#define EVTX_MET_MAX 8u           /* of one event; of more no account is kept */

struct evtx_known {
    uint32_t generation;
    uint32_t offset;
    enum evtx_context context;
    const struct evtx_template *template;
    uint32_t end; /* offset behind the definition */
};

struct reader {
    const struct field_dictionary *fields;
    struct arena *arena;  /* compiled templates */
    struct map templates; /* canonical form + context -> index */
    const struct evtx_template **compiled;
    uint32_t compiled_count, compiled_max;
    struct buf canonical; /* scratch */
    struct evtx_known known[EVTX_KNOWN_TEMPLATES];
    uint32_t generation; /* of the chunk */

    bool in_chunk;
    uint64_t chunk_offset; /* in the file */
    size_t chunk_len;      /* bytes of it that are there */
    bool other_begins;     /* there, inside of it, another chunk begins */
    size_t next_record;    /* offset in the chunk */
    size_t stated_end;     /* where the header says that free space begins */
    bool end_is_stated;    /* false: the header says nothing possible */
    uint64_t stated_records;
    uint64_t records_met; /* read or counted as lost */
    uint64_t last_id;

    struct damage stretch, empty; /* passed over between chunks and not told yet; size 0: none */
    uint64_t end_id;              /* of the last record before; 0 if nobody can tell */
    uint64_t lost_since;          /* records that were found in stretches after it */

    struct evtx_chunk chunk; /* of the current event */
    size_t content, content_end;
    size_t left;                                   /* of EVTX_EVENT_BYTES_MAX */
    bool filling;                                  /* the event: account is kept of these */
    const struct evtx_template *met[EVTX_MET_MAX]; /* templates it was made of */
    uint32_t met_count;
    bool plain; /* all texts are UTF-16 in the record or in those templates */

    /* of the last event's host: how it was stored, and what that means */
    size_t host_size, host_len;
    uint8_t host_stored[EVTX_HOST_BYTES_MAX];
    char host[UTF8_SIZE_OF_UTF16(EVTX_HOST_BYTES_MAX)];
};

/* A fragment: one template instance or plain elements, with what fills it. */
struct evtx_fragment {
    const struct evtx_template *template;
    struct evtx_substitution *substitutions;
    uint32_t count;
    size_t bytes;   /* of all substitutions */
    uint64_t types; /* bits: those that occur among them, arrays like their members */
};

/* Takes the next fragment at *at (an offset in the chunk); false at `end` or where it is broken
 * or uses up what is `left` for the event (*broken). It lives in `arena` or the reader. */
bool evtx_fragment_next(struct reader *reader, const struct evtx_chunk *chunk, size_t *at,
                        size_t end, enum evtx_context context, struct arena *arena,
                        struct evtx_fragment *fragment, bool *broken);

/* ---- rendering (evtx_render.c, evtx_tree.c) ---- */

void evtx_render(struct reader *reader, struct event *event, struct buf *json);
/* The same by way of a tree, which has an answer to everything. */
void evtx_render_tree(struct reader *reader, struct event *event, struct buf *json);

#endif
