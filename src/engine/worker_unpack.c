/* worker_unpack.c - a packed file: its layers undone one by one, its members read.
 *
 * One thread walks through a file of the evidence, from its front to its end, and down into what
 * lies in it: each layer of packing takes its bytes from the layer around it, so that little more
 * than blocks is in memory. What a layer holds is looked at like a file: it is packed, or a format
 * knows it, or nobody does. Small members are unpacked into memory and offered to all threads;
 * larger ones are read as streams by this one. */
#include "core/ensure.h"
#include "core/hash.h"
#include "engine/worker_priv.h"

#include <stdio.h>
#include <stdlib.h>

#define LAYERS_MAX 8
#define UNPACKED_BYTES_MAX (UINT64_C(1) << 40)
#define SOURCE_BYTES ((size_t)64 << 10)
/* The densest real logs stay under 1:300; deflate can do 1:1,032, one layer in another anything.
 * Packed bytes count as one block more, for they are read ahead: 125 MiB may always come. */
#define RATIO_MAX 2000
/* An event log of Windows at its default limit of 20 MiB is still unpacked into memory. */
#define MEMBER_HELD_MAX ((size_t)24 << 20)
#define THREAD_HELD_BYTES ((size_t)4 << 20)
/* An archive whose table of contents stands at its end, inside another packing. */
#define ARCHIVE_HELD_MAX ((size_t)256 << 20)
#define PACKED_TOLD_BYTES (1u << 20)
/* A damaged member may end the library's way through an archive, which is then walked again. */
#define PASSED_AGAIN_MAX 4000000

#define NO_FILE UINT32_MAX

struct gauge {
    uint64_t in, out;
};

struct walk {
    struct worker_thread *thread;
    struct open_file *file; /* of the evidence */
    uint64_t told;          /* of its bytes, to the parent */
    uint64_t unpacked;      /* by all layers together */
    uint32_t entries;       /* of all archives together */
    uint32_t passed_again;
    size_t held;                   /* by archives that are under way */
    const struct content *archive; /* the outermost one; NULL: not met yet */
    struct gauge outer;            /* the file itself, and what is unpacked around that archive */
    struct gauge inner;            /* the archive, and what is unpacked of its member under way */
    enum err stop;                 /* why the member under way is not unpacked any further */
    bool stop_told;                /* of a file that it concerns */
    bool stop_all;                 /* nothing behind it either */
};

/* What lies in a layer: what was read of it, and where more comes from. */
struct content {
    struct walk *walk;
    uint32_t file;       /* its number */
    unsigned layers;     /* around it */
    struct unpack *from; /* NULL: the file of the evidence itself */
    uint8_t *block;      /* owned; of that file */
    uint64_t offset;     /* in that file, where it can be read from anywhere */
    struct buf held;     /* its first bytes */
    size_t given;        /* again, of what is held */
    struct str part;     /* taken, and not given on yet */
    uint64_t pulled;
    int64_t changed_ns; /* its content; of what lies around it, where nothing is said */
    bool ended;
};

/* ---- what the parent is told ---- */

static void tell(const struct content *c, enum file_progress progress, enum err err)
{
    worker_tell_file(c->walk->thread, c->file, progress, NULL, err);
}

static void fail(const struct content *c, enum err err)
{
    c->walk->stop_told |= c->walk->stop == err;
    tell(c, FILE_UNREADABLE, err);
}

static void remark(const struct content *c, enum remark_kind kind, uint64_t count, uint64_t offset,
                   struct str text)
{
    struct worker_thread *thread = c->walk->thread;

    if (count == 0)
        return;
    buf_reset(&thread->message);
    message_add_remark(&thread->message,
                       &(struct remark_message){c->file, kind, count, offset,
                                                str_slice(text, 0, REMARK_TEXT_BYTES_MAX)});
    worker_send(thread->worker, &thread->message);
}

static void tell_packed(struct walk *walk)
{
    struct worker_thread *thread = walk->thread;

    walk->told = walk->outer.in;
    buf_reset(&thread->message);
    message_add_packed(&thread->message, &(struct packed_message){walk->file->index, walk->told});
    worker_send(thread->worker, &thread->message);
}

/* ---- bytes ---- */

static void count_unpacked(const struct content *c, size_t bytes)
{
    struct walk *walk = c->walk;
    bool inside = walk->archive && c->layers > walk->archive->layers;
    struct gauge *gauge = inside ? &walk->inner : &walk->outer;

    gauge->out += bytes;
    walk->unpacked += bytes;
    if (walk->unpacked > UNPACKED_BYTES_MAX) {
        walk->stop = ERR_UNPACKED;
        walk->stop_all = true;
    } else if (gauge->out / RATIO_MAX > gauge->in + SOURCE_BYTES) {
        walk->stop = ERR_RATIO;
        walk->stop_all |= !inside;
    }
}

static bool is_regular(const struct content *c)
{
    return !c->from && c->walk->file->file.facts.kind == FILE_REGULAR;
}

static enum err pull_block(struct content *c, struct str *bytes)
{
    struct walk *walk = c->walk;
    size_t got;

    if (!c->block)
        c->block = malloc(SOURCE_BYTES);
    ENSURE(c->block);
    if (is_regular(c))
        walk->stop = file_read_at(&walk->file->file, c->offset, c->block, SOURCE_BYTES, &got);
    else
        walk->stop = file_read_next(&walk->file->file, c->block, SOURCE_BYTES, &got);
    if (walk->stop) {
        walk->stop_all = true;
        return walk->stop;
    }
    *bytes = (struct str){(const char *)c->block, got};
    c->offset += got;
    c->ended = got == 0;
    walk->outer.in += got;
    if (walk->outer.in - walk->told >= PACKED_TOLD_BYTES)
        tell_packed(walk);
    return ERR_NONE;
}

/* The next bytes behind those that are held; none at the end. */
static enum err pull(struct content *c, struct str *bytes)
{
    struct walk *walk = c->walk;

    *bytes = STR_EMPTY;
    if (walk->stop || c->ended)
        return walk->stop;
    if (!c->from)
        return pull_block(c, bytes);
    enum unpack_step step = unpack_read(c->from, bytes);
    c->ended = step != UNPACK_TAKEN;
    if (step == UNPACK_TAKEN) {
        c->pulled += bytes->len;
        count_unpacked(c, bytes->len);
    } else if (step == UNPACK_DAMAGED && !walk->stop) {
        remark(c, REMARK_LOST, 1, c->pulled, str_from(unpack_why(c->from)));
    }
    return walk->stop;
}

/* Holds what is there, up to about `size` bytes; `ended` then says whether that is all. */
static void hold(struct content *c, size_t size)
{
    while (c->held.len < size && !c->walk->stop && !c->ended) {
        struct str bytes = c->part;
        c->part = STR_EMPTY;
        if (bytes.len > 0 || (pull(c, &bytes) == ERR_NONE && bytes.len > 0))
            buf_add(&c->held, bytes);
    }
}

static void content_init(struct content *c, struct walk *walk, uint32_t file, unsigned layers,
                         struct unpack *from)
{
    *c = (struct content){.walk = walk, .file = file, .layers = layers, .from = from};
    buf_init(&c->held, SIZE_MAX / 2);
}

static void content_free(struct content *c)
{
    buf_free(&c->held);
    free(c->block);
}

/* Up to `max` bytes: those that are held first, then those behind; none at the end. */
static enum err take(struct content *c, size_t max, struct str *bytes)
{
    enum err err = ERR_NONE;

    if (c->given < c->held.len) {
        *bytes = str_slice(buf_str(&c->held), c->given, c->given + max);
        c->given += bytes->len;
        return ERR_NONE;
    }
    if (c->part.len == 0)
        err = pull(c, &c->part);
    if (err)
        return err;
    *bytes = str_slice(c->part, 0, max);
    c->part = str_slice(c->part, bytes->len, c->part.len);
    return ERR_NONE;
}

/* For the layer inside. */
static bool source_read(void *context, struct str *bytes)
{
    struct content *c = context;
    struct walk *walk = c->walk;

    if (take(c, SOURCE_BYTES, bytes) != ERR_NONE)
        return false;
    if (c == walk->archive)
        walk->inner.in += bytes->len;
    return true;
}

static bool can_seek(const struct content *c)
{
    return is_regular(c) || c->ended;
}

static void source_seek(void *context, uint64_t offset)
{
    struct content *c = context;

    c->part = STR_EMPTY;
    if (is_regular(c)) {
        c->offset = offset;
        c->ended = false;
    } else {
        c->given = (size_t)offset;
    }
}

/* For a format that reads it as a stream. */
static enum err stream_next(void *context, size_t max, struct str *bytes)
{
    return take(context, max, bytes);
}

/* ---- events ---- */

static const struct file_start *start_of(const struct walk *walk, uint32_t file)
{
    const struct worker_job *job = walk->thread->worker->job;

    return job->starts && file < job->start_count ? &job->starts[file] : NULL;
}

/* Hands a file over that is in memory, and reads of such files until not too much is. With one
 * thread it is read at once: the order of what is printed is that of the members. */
static void offer(struct walk *walk, struct open_file *file)
{
    struct worker_thread *thread = walk->thread;
    struct piece_queue *queue = &thread->worker->queue;
    unsigned threads = thread->worker->job->threads;
    struct piece piece;

    piece_queue_offer(queue, file);
    while (piece_queue_help(queue, threads > 1 ? threads * THREAD_HELD_BYTES : 0, &piece)) {
        worker_read_piece(thread, &piece);
        piece_queue_return(queue, &piece);
    }
}

static void read_events(struct content *c, const struct format *format, struct str head)
{
    struct walk *walk = c->walk;
    const struct file_start *start = start_of(walk, c->file);
    struct open_file *file = calloc(1, sizeof(*file));

    ENSURE(file);
    file->index = c->file;
    file->format = format;
    file->file.fd = -1;
    file->carry.changed_ns = c->changed_ns;
    if (format->look)
        format->look(head, &file->carry);
    hold(c, MEMBER_HELD_MAX);
    worker_tell_file(walk->thread, c->file, FILE_RECOGNISED, format, ERR_NONE);
    if (c->ended && !walk->stop) {
        file->file.facts = (struct file_facts){.kind = FILE_REGULAR, .size = c->held.len};
        file->file.memory = file->unpacked = (uint8_t *)c->held.at;
        file->next_begin = start ? start->offset : 0;
        file->next_piece = start ? start->piece : 0;
        buf_init(&c->held, SIZE_MAX / 2); /* the queue frees it */
        offer(walk, file);
        return;
    }
    struct piece piece = {.file = file, .end = UINT64_MAX, .last = true};
    file->file.facts.kind = FILE_STREAM;
    file->file.source = (struct file_source){stream_next, c};
    worker_read_piece(walk->thread, &piece);
    walk->stop_told |= walk->stop != ERR_NONE;
    free(file);
}

static void read_packed(struct content *c, enum packing packing);

static void read_content(struct content *c)
{
    hold(c, PROBE_BYTES);
    struct str head = str_slice(buf_str(&c->held), 0, PROBE_BYTES);
    enum packing packing = packing_guess(head);

    if (c->walk->stop) {
        fail(c, c->walk->stop);
    } else if (head.len == 0) {
        tell(c, FILE_EMPTY, ERR_NONE);
    } else if (packing != PACKING_NONE) {
        read_packed(c, packing);
    } else {
        const struct format *format = format_guess(head);
        if (format)
            read_events(c, format, head);
        else
            tell(c, FILE_UNKNOWN, ERR_NONE);
    }
}

/* ---- archives ---- */

/* Hashes of the names that were met, to count those that come again. */
struct name_set {
    uint64_t *slots; /* 0: free */
    uint32_t capacity, count;
};

static bool name_set_add(struct name_set *set, struct str name)
{
    uint64_t hash = hash_str(name) | 1;

    if (2 * set->count >= set->capacity) {
        struct name_set larger = {.capacity = set->capacity ? 2 * set->capacity : 256};
        larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
        ENSURE(larger.slots);
        for (uint32_t i = 0; i < set->capacity; i++) {
            if (!set->slots[i])
                continue;
            uint32_t at = (uint32_t)(set->slots[i] >> 1) & (larger.capacity - 1);
            while (larger.slots[at])
                at = (at + 1) & (larger.capacity - 1);
            larger.slots[at] = set->slots[i];
        }
        free(set->slots);
        larger.count = set->count;
        *set = larger;
    }
    uint32_t at = (uint32_t)(hash >> 1) & (set->capacity - 1);
    for (; set->slots[at]; at = (at + 1) & (set->capacity - 1))
        if (set->slots[at] == hash)
            return false;
    set->slots[at] = hash;
    set->count++;
    return true;
}

struct archive_walk {
    struct content *content; /* the archive */
    enum packing packing;
    const struct unpack_source *source;
    struct unpack *unpack;
    uint32_t place; /* of the next member */
    uint32_t known; /* to an earlier worker: the next one */
    bool broken;
    struct name_set names;
    uint64_t counts[REMARK_KINDS];
};

static bool leads_out(struct str name)
{
    if (str_starts_with(name, STR("/")) || str_starts_with(name, STR("\\")))
        return true;
    while (name.len > 0) {
        size_t end = 0;
        while (end < name.len && name.at[end] != '/' && name.at[end] != '\\')
            end++;
        if (str_eq(str_slice(name, 0, end), STR("..")))
            return true;
        name = str_slice(name, end + 1, name.len);
    }
    return false;
}

/* The member's name as it is told, with what is remarkable about it counted. */
static struct str name_of(struct archive_walk *a, const struct unpack_member *member)
{
    struct str name = member->name;

    a->counts[REMARK_OUTSIDE] += leads_out(name);
    a->counts[REMARK_REPEATED] += !name_set_add(&a->names, name);
    a->counts[REMARK_LONG] += name.len > MEMBER_NAME_BYTES_MAX;
    return str_slice(name, 0, MEMBER_NAME_BYTES_MAX);
}

static void break_off(struct archive_walk *a)
{
    char why[REMARK_TEXT_BYTES_MAX];

    snprintf(why, sizeof(why), "nothing behind its entry %u can be read: %s", a->place,
             unpack_why(a->unpack));
    a->broken = true;
    if (a->place > 0)
        remark(a->content, REMARK_LOST, 1, UINT64_MAX, str_from(why));
}

/* Finds the way back behind a member whose damage ended it. */
static void walk_again(struct archive_walk *a)
{
    struct content *c = a->content;
    struct walk *walk = c->walk;
    struct unpack_member passed;
    enum unpack_step step = UNPACK_TAKEN;

    if (!can_seek(c) || walk->passed_again + a->place > PASSED_AGAIN_MAX) {
        break_off(a);
        return;
    }
    walk->passed_again += a->place;
    unpack_free(a->unpack);
    source_seek(c, 0);
    a->unpack = unpack_open(a->packing, a->source);
    for (uint32_t i = 0; i < a->place && step == UNPACK_TAKEN; i++)
        step = unpack_next(a->unpack, &passed);
    if (step != UNPACK_TAKEN && !walk->stop)
        break_off(a);
}

/* Empty by what is said of it, and by what is there; what is there after all goes to *part. */
static bool is_empty(struct archive_walk *a, const struct unpack_member *member, struct str *part)
{
    return member->has_size && member->size == 0 && !member->encrypted &&
           unpack_read(a->unpack, part) == UNPACK_END;
}

static void read_member(struct archive_walk *a, const struct unpack_member *member, uint32_t place)
{
    struct content *outer = a->content;
    struct worker_thread *thread = outer->walk->thread;
    struct content c;
    struct str name = name_of(a, member);
    const struct file_start *start = a->known != NO_FILE ? start_of(outer->walk, a->known) : NULL;

    content_init(&c, outer->walk, 0, outer->layers + 1, a->unpack);
    if (start && start->place == place) {
        c.file = a->known;
        a->known = start->next;
        if (start->skip)
            return;
        tell(&c, FILE_OPENED, ERR_NONE);
    } else if (is_empty(a, member, &c.part)) {
        a->counts[REMARK_EMPTY]++;
        return;
    } else {
        c.file = worker_tell_member(thread, outer->file, place, name);
    }
    c.pulled = c.part.len;
    if (member->encrypted)
        fail(&c, ERR_ENCRYPTED);
    else
        read_content(&c);
    content_free(&c);
}

static void take_entry(struct archive_walk *a, const struct unpack_member *member)
{
    struct walk *walk = a->content->walk;
    uint32_t place = a->place++;
    bool outermost = walk->archive == a->content;

    if (walk->entries++ == MEMBERS_MAX) {
        walk->stop = ERR_MEMBERS;
        walk->stop_all = true;
        return;
    }
    if (outermost)
        walk->inner = (struct gauge){0};
    switch (member->kind) {
    case MEMBER_FOLDER:
        return;
    case MEMBER_LINK:
        a->counts[REMARK_LINKS]++;
        return;
    case MEMBER_SPECIAL:
        a->counts[REMARK_SPECIAL]++;
        return;
    case MEMBER_FILE:
        break;
    }
    read_member(a, member, place);
    if (walk->stop && !walk->stop_all && outermost) { /* the next one has nothing to do with it */
        walk->stop = ERR_NONE;
        walk->stop_told = false;
    }
    if (!walk->stop && unpack_is_dead(a->unpack))
        walk_again(a);
}

static void end_archive(struct archive_walk *a)
{
    const struct content *c = a->content;
    const struct walk *walk = c->walk;

    for (unsigned kind = REMARK_EMPTY; kind < REMARK_KINDS; kind++)
        remark(c, (enum remark_kind)kind, a->counts[kind], 0, STR_EMPTY);
    if (walk->stop && !walk->stop_told)
        fail(c, walk->stop);
    else if (a->broken && a->place == 0)
        fail(c, unpack_is_encrypted(a->unpack) ? ERR_ENCRYPTED : ERR_PACKING);
    else
        tell(c, FILE_WALKED, ERR_NONE);
}

static void read_archive(struct content *c, enum packing packing,
                         const struct unpack_source *source)
{
    struct walk *walk = c->walk;
    const struct file_start *start = start_of(walk, c->file);
    struct archive_walk a = {.content = c,
                             .packing = packing,
                             .source = source,
                             .unpack = unpack_open(packing, source),
                             .known = start ? start->first_member : NO_FILE};
    bool outermost = walk->archive == NULL;
    struct unpack_member member;

    if (outermost)
        walk->archive = c;
    while (!walk->stop && !a.broken) {
        enum unpack_step step = unpack_next(a.unpack, &member);
        if (step == UNPACK_END || walk->stop)
            break;
        if (step == UNPACK_TAKEN)
            take_entry(&a, &member);
        else
            break_off(&a);
    }
    end_archive(&a);
    if (outermost)
        walk->archive = NULL;
    unpack_free(a.unpack);
    free(a.names.slots);
}

/* ---- layers ---- */

static void read_compressed(struct content *c, enum packing packing,
                            const struct unpack_source *source)
{
    struct unpack *unpack = unpack_open(packing, source);
    struct content inner;
    struct unpack_member member;
    enum unpack_step step = unpack_next(unpack, &member);

    content_init(&inner, c->walk, c->file, c->layers + 1, unpack);
    if (c->walk->stop)
        fail(c, c->walk->stop);
    else if (step == UNPACK_DAMAGED)
        fail(c, ERR_PACKING);
    else if (step == UNPACK_END)
        tell(c, FILE_EMPTY, ERR_NONE);
    else
        read_content(&inner);
    content_free(&inner);
    unpack_free(unpack);
}

static void read_packed(struct content *c, enum packing packing)
{
    struct walk *walk = c->walk;
    size_t held = walk->held;

    tell(c, FILE_PACKED, ERR_NONE);
    if (c->layers == LAYERS_MAX) {
        fail(c, ERR_LAYERS);
        return;
    }
    if (packing_seeks(packing) && !can_seek(c)) {
        hold(c, ARCHIVE_HELD_MAX - held);
        /* a zip can be read from its front to its end, too, though not every one */
        enum err err = walk->stop                             ? walk->stop
                       : !c->ended && packing == PACKING_7ZIP ? ERR_NOT_HELD
                                                              : ERR_NONE;
        if (err) {
            fail(c, err);
            return;
        }
    }
    walk->held = held + c->held.len < ARCHIVE_HELD_MAX ? held + c->held.len : ARCHIVE_HELD_MAX;
    struct unpack_source source = {.context = c,
                                   .read = source_read,
                                   .seek = can_seek(c) ? source_seek : NULL,
                                   .size =
                                       is_regular(c) ? walk->file->file.facts.size : c->held.len};
    if (packing_has_members(packing))
        read_archive(c, packing, &source);
    else
        read_compressed(c, packing, &source);
    walk->held = held;
}

void worker_unpack(struct worker_thread *thread, struct open_file *file, struct str read)
{
    struct walk walk = {.thread = thread, .file = file};
    struct content c;

    content_init(&c, &walk, file->index, 0, NULL);
    if (read.len > 0)
        buf_add(&c.held, read);
    walk.outer.in = read.len;
    read_packed(&c, file->packing);
    tell_packed(&walk);
    content_free(&c);
}
