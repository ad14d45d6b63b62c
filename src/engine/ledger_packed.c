/* ledger_packed.c - the account of packed files: their members, what is told of these together, and
 * their order. */
#include "engine/ledger_priv.h"

static uint32_t root_of(const struct ledger *ledger, uint32_t index)
{
    while (ledger->files[index].parent != NO_FILE)
        index = ledger->files[index].parent;
    return index;
}

static struct str member_shown(struct ledger *ledger, uint32_t parent, struct str name)
{
    struct buf shown;

    buf_init(&shown, SIZE_MAX / 2);
    buf_add(&shown, ledger->files[parent].shown);
    buf_add_char(&shown, '!');
    buf_add(&shown, path_shown(name, ledger->message_arena));
    struct str kept = arena_str(ledger->arena, buf_str(&shown));
    buf_free(&shown);
    return kept;
}

bool ledger_take_member(struct ledger *ledger, const struct member_message *message)
{
    uint32_t number = ledger->count, parent = message->parent;

    if (message->file != number || parent >= number || number == NO_FILE - 1)
        return false;
    const struct ledger_file *within = &ledger->files[parent];
    uint32_t root = root_of(ledger, parent);
    if (!within->packed || within->format || within->finished || within->aside || within->walked ||
        message->place < within->next_place || ledger->files[root].members == MEMBERS_MAX)
        return false;
    struct ledger_file *file =
        ledger_add_file(ledger, member_shown(ledger, parent, message->name), parent);
    struct ledger_file *outer = &ledger->files[parent];
    file->place = message->place;
    file->started = true;
    if (outer->first_member == NO_FILE)
        outer->first_member = number;
    else
        ledger->files[outer->last_member].next = number;
    outer->last_member = number;
    outer->next_place = message->place + 1;
    outer->open_members++;
    ledger->files[root].members++;
    return true;
}

/* `files`: of those members that are told of in no other way. */
static void note_members(struct ledger *ledger, struct notes *notes, uint32_t index, uint64_t count,
                         uint64_t files, const char *one, const char *many)
{
    struct str text = arena_printf(ledger->message_arena, "%llu %s", (unsigned long long)count,
                                   count == 1 ? one : many);

    notes_add(notes, (struct report_note){.path = ledger->files[index].shown,
                                          .text = text,
                                          .offset = UINT64_MAX,
                                          .files = files});
    notes->added += files ? files - 1 : 0;
    ledger->members_untold += files;
}

/* Each kind once per file: what is walked again after a worker's death tells it again. */
bool ledger_take_remark(struct ledger *ledger, const struct remark_message *message)
{
    uint32_t index = message->file;
    uint64_t count = message->count;

    if (index >= ledger->count)
        return false;
    struct ledger_file *file = &ledger->files[index];
    if (file->finished || file->aside || (message->kind != REMARK_LOST && count == 0))
        return false;
    if (file->remarks & 1u << message->kind)
        return true;
    file->remarks |= 1u << message->kind;
    switch (message->kind) {
    case REMARK_LOST:
        notes_add(&ledger->damaged,
                  (struct report_note){.path = file->shown,
                                       .text = ledger_checked_text(ledger, message->text),
                                       .offset = message->offset,
                                       .records = count});
        ledger->records_lost += count;
        break;
    case REMARK_EMPTY:
        note_members(ledger, &ledger->empty, index, count, count, "empty member", "empty members");
        break;
    case REMARK_LINKS:
        note_members(ledger, &ledger->left_out, index, count, count,
                     "member is a link, which is not followed",
                     "members are links, which are not followed");
        break;
    case REMARK_SPECIAL:
        note_members(ledger, &ledger->left_out, index, count, count,
                     "member is a device, pipe or socket", "members are devices, pipes or sockets");
        break;
    case REMARK_OUTSIDE:
        note_members(ledger, &ledger->names, index, count, 0,
                     "member has a name that leads out of its folder (nothing is written there)",
                     "members have names that lead out of their folder (nothing is written there)");
        break;
    case REMARK_REPEATED:
        note_members(ledger, &ledger->names, index, count, 0,
                     "member has the name of an earlier one", "members have names of earlier ones");
        break;
    case REMARK_LONG:
        note_members(ledger, &ledger->names, index, count, 0,
                     "member has a name of more than 4,096 bytes, which is cut (a limit)",
                     "members have names of more than 4,096 bytes, which are cut (a limit)");
        break;
    case REMARK_KINDS:
        return false;
    }
    return true;
}

bool ledger_take_packed(struct ledger *ledger, const struct packed_message *message)
{
    if (message->file >= ledger->evidence->count)
        return false;
    const struct ledger_file *file = &ledger->files[message->file];
    uint64_t size = ledger->evidence->files[message->file].size;
    if (!file->packed)
        return false;
    /* of a stream this is all that is known of its size, also when it has ended */
    if (!file->aside && (!file->finished || size == 0))
        ledger_pass_packed(ledger, message->file,
                           size && message->bytes > size ? size : message->bytes);
    return true;
}

/* ---- order ---- */

/* Two files of one shown path: what they lie in decides, then their places there. */
static int compare_origins(const struct ledger *ledger, uint32_t left, uint32_t right)
{
    const struct ledger_file *a = &ledger->files[left], *b = &ledger->files[right];

    if (left == right)
        return 0;
    if (a->parent == NO_FILE || b->parent == NO_FILE || a->parent == b->parent) {
        bool same = a->parent == b->parent && a->parent != NO_FILE;
        uint64_t x = same ? a->place : left, y = same ? b->place : right;
        return (x > y) - (x < y);
    }
    int order = ledger_compare_files(ledger, a->parent, b->parent);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

int ledger_compare_files(const void *context, uint32_t left, uint32_t right)
{
    const struct ledger *ledger = context;

    if (is_listed(ledger, left) && is_listed(ledger, right)) {
        uint32_t a = ledger->evidence->files[left].rank, b = ledger->evidence->files[right].rank;
        return (a > b) - (a < b);
    }
    int order = str_compare(ledger->files[left].shown, ledger->files[right].shown);

    return order ? order : compare_origins(ledger, left, right);
}
