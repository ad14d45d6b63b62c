/* recording.c - see recording.h. */
#include "coverage/recording.h"

#include "codec/yaml.h"
#include "core/limits.h"

#define TREES_BYTES_MAX ((size_t)4 << 30)
#define EVENT_ID_MAX 65535u

static enum err refuse(const struct yaml_node *where, const char *complaint, struct why *why)
{
    why_set(why, "%u:%u: %s", where->line, where->column, complaint);
    return ERR_INVALID;
}

static bool read_id(const struct yaml_node *node, uint32_t *id)
{
    uint32_t number = 0;

    if (!yaml_is_text(node) || node->text.len > 5)
        return false;
    for (size_t i = 0; i < node->text.len; i++) {
        char c = node->text.at[i];
        if (c < '0' || c > '9')
            return false;
        number = number * 10 + (uint32_t)(c - '0');
    }
    *id = number;
    return number <= EVENT_ID_MAX;
}

static enum err read_recording(struct arena *arena, const struct yaml_node *node,
                               struct recording *recording, struct why *why)
{
    static const char form[] = "a recording has 'channel', 'needs', 'events' and 'default'";
    const struct yaml_node *channel = yaml_get(node, STR("channel"));
    const struct yaml_node *needs = yaml_get(node, STR("needs"));
    const struct yaml_node *events = yaml_get(node, STR("events"));
    const struct yaml_node *by_default = yaml_get(node, STR("default"));

    if (!channel || !needs || !events || !by_default || node->count != 4 ||
        !yaml_is_text(channel) || !yaml_is_text(needs))
        return refuse(node, form, why);
    if (!yaml_bool(by_default, &recording->by_default))
        return refuse(by_default, "'default' must be true or false", why);
    if (events->kind != YAML_LIST || events->count == 0)
        return refuse(events, "'events' must be a list of event ids", why);
    recording->channel = arena_str(arena, channel->text);
    recording->needs = arena_str(arena, needs->text);
    recording->events = ARENA_ARRAY(arena, uint32_t, events->count);
    recording->event_count = events->count;
    for (uint32_t i = 0; i < events->count; i++)
        if (!read_id(events->members[i].value, &recording->events[i]))
            return refuse(events->members[i].value, "an event id is a number up to 65535", why);
    return ERR_NONE;
}

static enum err read_root(struct recordings *recordings, const struct yaml_node *root,
                          struct why *why)
{
    if (root->kind != YAML_LIST)
        return refuse(root, "what is recorded is a list", why);
    struct recording *all =
        ARENA_ARRAY(recordings->arena, struct recording, recordings->count + root->count);
    for (uint32_t i = 0; i < recordings->count; i++)
        all[i] = recordings->at[i];
    for (uint32_t i = 0; i < root->count; i++) {
        enum err err = read_recording(recordings->arena, root->members[i].value,
                                      &all[recordings->count + i], why);
        if (err)
            return err;
    }
    recordings->at = all;
    recordings->count += root->count;
    return ERR_NONE;
}

void recordings_init(struct recordings *recordings, struct arena *arena)
{
    *recordings = (struct recordings){.arena = arena};
}

enum err recordings_add(struct recordings *recordings, struct str yaml, struct why *why)
{
    struct yaml_documents documents;

    if (yaml.len > RULE_FILE_BYTES_MAX) {
        why_set(why, "%s", err_text(ERR_TOO_LARGE));
        return ERR_TOO_LARGE;
    }
    struct arena *trees = arena_new("YAML of recordings", TREES_BYTES_MAX);
    enum err err = yaml_parse(yaml, trees, &documents, why);
    for (uint32_t i = 0; i < documents.count && !err; i++)
        err = read_root(recordings, documents.roots[i], why);
    arena_free(trees);
    return err;
}
