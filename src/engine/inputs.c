/* inputs.c - see inputs.h.
 *
 * A record is, for each file or problem in the order of the walk: a letter, the path, NUL, and four
 * numbers of 64 bits. The device is not among them: many systems number their devices anew at every
 * start. */
#include "engine/inputs.h"

#include "core/limits.h"
#include "engine/share.h"
#include "os/clock.h"
#include "os/program.h"
#include "os/walk.h"

#include <string.h>

#define KEPT_BYTES_MAX ((size_t)1 << 30)
#define ARENA_BYTES_MAX ((size_t)4 << 30)
/* Times are stamped in steps; those of FAT are 2 s. A file may change after it was read, and within
 * the same step. */
#define RECENT_NS INT64_C(3000000000)

/* Every list of paths that knowledge is made from. */
static const struct {
    const char *name;
    size_t offset; /* in struct knowledge_options */
    bool walked;   /* members may be folders of rule files */
} lists[] = {
    {"rules", offsetof(struct knowledge_options, rules), true},
    {"filters", offsetof(struct knowledge_options, filters), true},
    {"suppress", offsetof(struct knowledge_options, suppress), false},
    {"placeholders", offsetof(struct knowledge_options, placeholders), false},
    {"pipelines", offsetof(struct knowledge_options, pipelines), false},
    {"messages", offsetof(struct knowledge_options, messages), false},
    {"taxonomies", offsetof(struct knowledge_options, taxonomies), false},
};

/* What decides about knowledge besides the lists: `built_in`, `no_plan` and `lint`; not `cache`,
 * and not `own`, with which nothing is cached. An option that is missing in the key would give one
 * user the knowledge of another's question. */
_Static_assert(sizeof(struct knowledge_options) ==
                   ARRAY_COUNT(lists) * sizeof(struct path_list) + 4 * sizeof(void *),
               "a new option of knowledge has to be named in inputs.c");

static const struct path_list *list_of(const struct knowledge_options *options, size_t i)
{
    return (const struct path_list *)(const void *)((const char *)options + lists[i].offset);
}

/* ---- the record ---- */

static void add(struct inputs *inputs, char letter, const char *path, const uint64_t numbers[4])
{
    buf_add_char(&inputs->record, letter);
    buf_add_bytes(&inputs->record, path, strlen(path) + 1);
    buf_add_bytes(&inputs->record, numbers, 4 * sizeof(*numbers));
}

static void note_problem(struct inputs *inputs, const char *path, enum walk_problem problem,
                         enum err err)
{
    add(inputs, 'p', path, (const uint64_t[4]){(uint64_t)problem, (uint64_t)err});
    inputs->sound &= problem != WALK_UNREADABLE;
}

/* The time of the content can be set to any; one that lies ahead says nothing about now. */
static bool is_recent(const struct inputs *inputs, const struct file_facts *facts)
{
    int64_t limit = inputs->noted_ns - RECENT_NS;

    return facts->touched_ns > limit ||
           (facts->changed_ns > limit && facts->changed_ns < inputs->noted_ns + RECENT_NS);
}

static void note_file(struct inputs *inputs, const char *path, const struct file_facts *facts)
{
    add(inputs, 'f', path,
        (const uint64_t[4]){facts->size, (uint64_t)facts->changed_ns, (uint64_t)facts->touched_ns,
                            facts->identity.inode});
    inputs->sound &= facts->kind == FILE_REGULAR && !is_recent(inputs, facts);
}

static void note_named(struct inputs *inputs, const char *path)
{
    struct file_facts facts;
    enum err err = file_look(path, true, &facts);

    if (err)
        note_problem(inputs, path, WALK_UNREADABLE, err);
    else
        note_file(inputs, path, &facts);
}

struct walking {
    struct inputs *inputs;
    const char *root; /* of a tree where rule files alone count; NULL: every file does */
};

static void note_met(void *context, const char *path, const struct file_facts *facts)
{
    const struct walking *walking = context;

    if (!walking->root || inputs_is_rule_file(path) || strcmp(path, walking->root) == 0)
        note_file(walking->inputs, path, facts);
}

static void note_missed(void *context, const char *path, enum walk_problem problem, enum err err)
{
    const struct walking *walking = context;

    note_problem(walking->inputs, path, problem, err);
}

static void note_trees(struct inputs *inputs, const struct path_list *paths, bool rules)
{
    struct walking walking = {.inputs = inputs};
    const struct walk_visitor visitor = {&walking, note_met, note_missed};
    struct walk walk;

    walk_init(&walk, inputs->arena, true);
    for (size_t i = 0; i < paths->count; i++) {
        walking.root = rules ? paths->at[i] : NULL;
        enum err err = walk_from(&walk, paths->at[i], &visitor);
        if (err)
            note_problem(inputs, paths->at[i], WALK_UNREADABLE, err);
    }
}

/* ---- the key ---- */

static void add_text(struct buf *key, const char *text)
{
    buf_add(key, str_from(text));
    buf_add_char(key, '\0');
}

static void make_key(struct inputs *inputs, const struct knowledge_options *options)
{
    struct buf *key = &inputs->key;
    const char *share = share_folder();
    bool relative = share && *share != '/';
    struct file_facts here = {0};

    program_identify(key);
    buf_add(key, plan_platform());
    buf_printf(key, "\nbuilt in %d, no plan %d, lint %d\n", options->built_in, options->no_plan,
               options->lint);
    add_text(key, share ? share : "");
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        const struct path_list *paths = list_of(options, i);
        buf_printf(key, "\n%s %zu\n", lists[i].name, paths->count);
        for (size_t j = 0; j < paths->count; j++) {
            add_text(key, paths->at[j]);
            relative |= paths->at[j][0] != '/';
        }
    }
    /* the same names mean other files elsewhere */
    if (relative && file_look(".", true, &here) == ERR_NONE)
        buf_add_u64(key, here.identity.inode);
}

void inputs_note(struct inputs *inputs, const struct knowledge_options *options)
{
    *inputs = (struct inputs){.noted_ns = clock_realtime_ns(), .sound = true};
    buf_init(&inputs->key, KEPT_BYTES_MAX);
    buf_init(&inputs->record, KEPT_BYTES_MAX);
    inputs->arena = arena_new("inputs", ARENA_BYTES_MAX);
    make_key(inputs, options);
    const char *share = share_folder(); /* stands in for the data inside the program */
    if (share)
        note_trees(inputs, &(const struct path_list){&share, 1}, false);
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        const struct path_list *paths = list_of(options, i);
        if (lists[i].walked)
            note_trees(inputs, paths, true);
        for (size_t j = 0; j < paths->count && !lists[i].walked; j++)
            note_named(inputs, paths->at[j]);
    }
    inputs->sound &= !inputs->key.full && !inputs->record.full;
}

void inputs_free(struct inputs *inputs)
{
    buf_free(&inputs->key);
    buf_free(&inputs->record);
    arena_free(inputs->arena);
}

/* ---- reading ---- */

bool inputs_is_rule_file(const char *path)
{
    struct str name = str_from(path);

    return str_ends_with(name, STR(".yml")) || str_ends_with(name, STR(".yaml"));
}

static void learn_paths(struct inputs *inputs)
{
    struct str rest = buf_str(&inputs->record);

    map_init(&inputs->noted, inputs->arena);
    while (rest.len > 0) {
        bool file = rest.at[0] == 'f';
        struct str path = str_slice(rest, 1, str_find_byte(rest, '\0'));
        if (file)
            map_set(&inputs->noted, path, 1);
        rest = str_slice(rest, path.len + 2 + 4 * sizeof(uint64_t), rest.len);
    }
}

enum err inputs_read(struct inputs *inputs, const char *path, struct buf *out)
{
    if (inputs && !inputs->noted.arena)
        learn_paths(inputs);
    if (inputs)
        inputs->sound &= map_find(&inputs->noted, str_from(path)) != MAP_NONE;
    return file_read_whole(path, RULE_FILE_BYTES_MAX, out);
}
