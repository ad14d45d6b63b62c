/* signs.h - marks of attacks that no ordinary text has (signs.def, holes.def), in one pass. */
#ifndef WEB_SIGNS_H
#define WEB_SIGNS_H

#include "web/payload.h"

#define SIGN_TRIPLE_BITS 18
#define SIGN_TRIPLES (1u << SIGN_TRIPLE_BITS)
#define SIGNS_MAX 512u

/* Says where a sign may begin; the same for all threads. */
struct signs {
    uint64_t triples[SIGN_TRIPLES / 64]; /* by the first three characters */
    uint16_t order[SIGNS_MAX];           /* signs by their first character */
    uint8_t plain[256]; /* characters that no language has as a sign; some of them, once */
    uint16_t from[257]; /* in `order`, by character */
};

/* Numbers, names, paths, without any sign: what most places hold, and no judge has to see. `text`
 * as the log has it. */
bool signs_none(const struct signs *signs, struct str text);

void signs_init(struct signs *signs);
/* Adds what each sign says to its class; every sign once. `value`: decoded, in small letters. */
void signs_find(const struct signs *signs, struct str value, struct attack attacks[ATTACK_CLASSES]);

#endif
