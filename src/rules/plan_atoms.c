/* plan_atoms.c - keeps each distinct predicate on each distinct event field once. */
#include "rules/plan_priv.h"

#include "core/ensure.h"

void plan_key_text(struct buf *key, struct str text)
{
    buf_add_u64(key, text.len);
    buf_add_char(key, ':');
    buf_add(key, text);
}

static void add_glob(struct buf *key, const struct glob *glob)
{
    for (uint32_t i = 0; i < glob->count; i++) {
        buf_add_char(key, (char)('a' + glob->tokens[i].kind));
        if (glob->tokens[i].kind == GLOB_TEXT)
            plan_key_text(key, glob->tokens[i].text);
    }
}

/* All that decides what the predicate answers, as bytes. */
static struct str atom_key(struct buf *key, const struct predicate *p, uint16_t field,
                           uint16_t other)
{
    buf_reset(key);
    buf_add_char(key, (char)('a' + p->kind));
    buf_add_u64(key, field);
    buf_add_char(key, p->cased ? '=' : '~');
    switch (p->kind) {
    case PREDICATE_GLOB:
        add_glob(key, &p->glob);
        break;
    case PREDICATE_REGEX:
        buf_add_u64(key, p->regex_flags);
        plan_key_text(key, p->regex);
        break;
    case PREDICATE_CIDR:
        buf_add_u64(key, p->cidr.bits);
        buf_add_bytes(key, p->cidr.net.bytes, sizeof(p->cidr.net.bytes));
        break;
    case PREDICATE_COMPARE:
        buf_printf(key, "%d %d %.17g", (int)p->compare, (int)p->part, p->number);
        break;
    case PREDICATE_EXISTS:
        buf_add_char(key, p->exists ? '+' : '-');
        break;
    case PREDICATE_NULL:
        break;
    case PREDICATE_FIELDREF:
        buf_add_u64(key, other);
        buf_add_char(key, (char)('a' + p->fieldref));
        break;
    }
    ENSURE(!key->full);
    return buf_str(key);
}

static bool is_by_route(const struct plan *plan, const struct predicate *predicate, uint16_t field)
{
    for (unsigned i = 0; i < ROUTE_FIELDS; i++)
        if (plan->route_fields[i] == field)
            return predicate->kind != PREDICATE_FIELDREF;
    return false;
}

uint32_t plan_atom(struct plan_builder *builder, const struct predicate *predicate, uint16_t field,
                   uint16_t other)
{
    struct plan *plan = builder->plan;
    struct str key = atom_key(&builder->key, predicate, field, other);
    uint32_t id = map_find(&builder->atom_ids, key);

    if (id != MAP_NONE)
        return id;
    map_set(&builder->atom_ids, key, plan->atom_count);
    plan->atoms =
        plan_grow(plan->atoms, &builder->atom_capacity, plan->atom_count, sizeof(*plan->atoms));
    plan->atoms[plan->atom_count] = (struct atom){
        .predicate = predicate,
        .field = field,
        .other = other,
        .by_route = is_by_route(plan, predicate, field),
        .regex =
            predicate->kind == PREDICATE_REGEX ? plan_regex(builder, predicate, NULL) : NUMBER_NONE,
    };
    return plan->atom_count++;
}

uint32_t plan_regex_find(const struct plan *plan, const struct predicate *predicate,
                         struct buf *key)
{
    buf_reset(key);
    buf_add_u64(key, predicate->regex_flags);
    plan_key_text(key, predicate->regex);
    ENSURE(!key->full);
    return map_find(&plan->regex_ids, buf_str(key));
}

uint32_t plan_regex(struct plan_builder *builder, const struct predicate *predicate,
                    struct why *why)
{
    struct plan *plan = builder->plan;
    uint32_t id = plan_regex_find(plan, predicate, &builder->key);

    if (id != NUMBER_NONE || regex_check(predicate->regex, predicate->regex_flags, why) != ERR_NONE)
        return id;
    id = plan->regex_count++;
    map_set(&plan->regex_ids, buf_str(&builder->key), id);
    plan->regexes = plan_grow(plan->regexes, &builder->regex_capacity, id, sizeof(*plan->regexes));
    plan->regexes[id] = (struct plan_regex){predicate->regex, predicate->regex_flags};
    return id;
}
