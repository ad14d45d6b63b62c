/* spelling.h - what somebody may have meant by a word that is not known. */
#ifndef RULES_SPELLING_H
#define RULES_SPELLING_H

#include "core/str.h"

/* Asked about one known word after the other; keeps the nearest. */
struct spelling {
    struct str word;
    struct str nearest; /* empty: nothing is near */
    unsigned distance;  /* of it */
};

struct spelling spelling_of(struct str word);
/* `known` must outlive the answer. */
void spelling_try(struct spelling *spelling, struct str known);

#endif
