/* evtx_fragment.c - fragments of a record: which template, filled with which values. */
#include "core/ensure.h"
#include "core/hash.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

#define TOKEN_EOF 0x00
#define TOKEN_TEMPLATE 0x0c
#define TOKEN_FRAGMENT 0x0f
#define KEPT_BYTES_MAX 65536u /* of one canonical form */

/* False when the event has used up what one may be made of. */
static bool spend(struct reader *reader, size_t bytes)
{
    if (bytes > reader->left)
        return false;
    reader->left -= bytes;
    return true;
}

/* Small ones are kept while there is room; of the arena's blocks some end unused. */
static bool may_keep(const struct reader *reader, struct str canonical)
{
    return canonical.len <= KEPT_BYTES_MAX && reader->compiled_count < EVTX_TEMPLATES_MAX &&
           arena_cap_left(reader->arena) > EVTX_TEMPLATES_BYTES_MAX / 4;
}

static const struct evtx_template *compiled_template(struct reader *reader,
                                                     enum evtx_context context)
{
    buf_add_char(&reader->canonical, (char)context); /* part of the key */
    struct str key = buf_str(&reader->canonical);
    uint32_t index = map_find(&reader->templates, key);

    if (index != MAP_NONE)
        return reader->compiled[index];
    struct str canonical = str_slice(key, 0, key.len - 1);
    const struct evtx_template *template =
        evtx_template_compile(reader->fields, canonical, context, reader->arena);
    if (reader->compiled_count == reader->compiled_max) {
        uint32_t max = reader->compiled_max ? reader->compiled_max * 2 : 64;
        const struct evtx_template **grown =
            ARENA_ARRAY(reader->arena, const struct evtx_template *, max);
        for (uint32_t i = 0; i < reader->compiled_count; i++)
            grown[i] = reader->compiled[i];
        reader->compiled = grown;
        reader->compiled_max = max;
    }
    map_set(&reader->templates, key, reader->compiled_count);
    reader->compiled[reader->compiled_count++] = template;
    return template;
}

/* Offset of the definition: next, GUID, size, then the elements. */
static const struct evtx_template *take_definition(struct reader *reader,
                                                   const struct evtx_chunk *chunk, uint32_t offset,
                                                   enum evtx_context context, struct arena *arena,
                                                   size_t *end)
{
    struct evtx_known *known = &reader->known[(offset * 2654435761u) >> 24];
    struct cursor in = cursor_over(chunk->at, chunk->len);

    if (known->generation == reader->generation && known->offset == offset &&
        known->context == context) {
        *end = known->end;
        return known->template;
    }
    cursor_seek(&in, offset);
    cursor_skip(&in, 4 + 16);
    uint32_t size = cursor_u32(&in);
    if (in.failed || size > cursor_left(&in))
        return NULL;
    size_t at = cursor_offset(&in), body_end = at + size;
    buf_reset(&reader->canonical);
    if (!spend(reader, size) || !evtx_canonize(chunk, &at, body_end, true, &reader->canonical))
        return NULL;
    *end = body_end;
    struct str canonical = buf_str(&reader->canonical);
    if (!may_keep(reader, canonical))
        return evtx_template_compile(reader->fields, canonical, context, arena);
    *known = (struct evtx_known){reader->generation, offset, context,
                                 compiled_template(reader, context), (uint32_t)body_end};
    return known->template;
}

static bool take_substitutions(struct cursor *in, struct arena *arena,
                               struct evtx_fragment *fragment)
{
    uint32_t count = cursor_u32(in);

    if (in->failed || count > EVTX_SUBSTITUTIONS_MAX || 4 * (size_t)count > cursor_left(in))
        return false;
    struct evtx_substitution *list =
        arena_alloc_bytes(arena, (count + 1) * sizeof(struct evtx_substitution));
    const uint8_t *descriptor = cursor_take(in, 4 * (size_t)count);
    const uint8_t *value = in->at;
    size_t left = cursor_left(in);
    uint64_t types = 0;
    for (uint32_t i = 0; i < count; i++, descriptor += 4) {
        uint16_t size = (uint16_t)(descriptor[0] | descriptor[1] << 8);
        if (UNLIKELY(size > left))
            return false;
        list[i].at = value;
        list[i].size = size;
        list[i].type = descriptor[2];
        types |= EVTX_TYPE_BIT(descriptor[2]);
        value += size;
        left -= size;
    }
    fragment->bytes = cursor_left(in) - left;
    cursor_skip(in, fragment->bytes);
    fragment->substitutions = list;
    fragment->count = count;
    fragment->types = types;
    return true;
}

/* Keeps account of what the event is made of, each part as often as it is used. */
static bool meet(struct reader *reader, const struct evtx_fragment *fragment)
{
    const struct evtx_template *template = fragment->template;

    if (!spend(reader, template->canonical.len + fragment->bytes * template->uses))
        return false;
    if (!reader->filling)
        return true;
    if (fragment->types & EVTX_TYPE_BIT(EVTX_ANSI) || template->joins ||
        reader->met_count == EVTX_MET_MAX)
        reader->plain = false;
    else
        reader->met[reader->met_count++] = template;
    return true;
}

static bool take_instance(struct reader *reader, const struct evtx_chunk *chunk, size_t *at,
                          size_t end, enum evtx_context context, struct arena *arena,
                          struct evtx_fragment *fragment)
{
    struct cursor in = cursor_over(chunk->at, end);
    size_t definition_end;

    cursor_seek(&in, *at);
    cursor_skip(&in, 1 + 1 + 4); /* token, version, template id */
    uint32_t offset = cursor_u32(&in);
    if (in.failed)
        return false;
    fragment->template = take_definition(reader, chunk, offset, context, arena, &definition_end);
    if (!fragment->template)
        return false;
    if (offset == cursor_offset(&in))
        cursor_seek(&in, definition_end);
    if (!take_substitutions(&in, arena, fragment) || !meet(reader, fragment))
        return false;
    *at = cursor_offset(&in);
    return true;
}

bool evtx_fragment_next(struct reader *reader, const struct evtx_chunk *chunk, size_t *at,
                        size_t end, enum evtx_context context, struct arena *arena,
                        struct evtx_fragment *fragment, bool *broken)
{
    while (*at + 4 <= end && chunk->at[*at] == TOKEN_FRAGMENT)
        *at += 4;
    if (*at >= end || chunk->at[*at] == TOKEN_EOF)
        return false;
    if ((chunk->at[*at] & 0x1f) == TOKEN_TEMPLATE) {
        *broken = !take_instance(reader, chunk, at, end, context, arena, fragment);
        return !*broken;
    }
    size_t start = *at;
    buf_reset(&reader->canonical);
    *broken = !evtx_canonize(chunk, at, end, false, &reader->canonical) || *at == start ||
              !spend(reader, *at - start + reader->canonical.len);
    if (*broken)
        return false;
    fragment->template =
        evtx_template_compile(reader->fields, buf_str(&reader->canonical), context, arena);
    fragment->substitutions = NULL;
    fragment->count = 0;
    fragment->types = 0;
    if (reader->filling)
        reader->plain = false;
    return true;
}
