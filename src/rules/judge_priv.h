/* judge_priv.h - one value against one predicate, character by character. Private to rules/. */
#ifndef RULES_JUDGE_PRIV_H
#define RULES_JUDGE_PRIV_H

#include "core/arena.h"
#include "rules/sigma.h"

struct characters {
    uint32_t *at;
    size_t count;
};

/* Characters of `text`, each folded unless `cased`. */
struct characters characters_of(struct arena *arena, struct str text, bool cased);

bool judge_glob(struct arena *arena, const struct glob *glob, const struct characters *text);
bool judge_fieldref(enum fieldref_op op, const struct characters *text,
                    const struct characters *other);
bool judge_in_net(const struct cidr *net, struct str text);
bool judge_compare(const struct predicate *predicate, struct str text);

#endif
