/* subject.h - what a sighting is of: a rule or an indicator, as findings name it. */
#ifndef ENGINE_SUBJECT_H
#define ENGINE_SUBJECT_H

#include "engine/indicators.h"
#include "model/finding.h"

/* What is known besides the evidence. */
struct subjects {
    const struct knowledge *knowledge;
    const struct indicator_set *indicators; /* NULL: none */
};

struct subject {
    enum finding_kind kind;
    struct str id, title;
    enum level level;
    struct str_list attack;
};

/* The sighting may come from a worker that lies. Only whether there is such a subject. */
bool subject_exists(const struct subjects *subjects, const struct sighting *sighting);
/* False: there is none. Texts live in `arena` or as long as what is known. */
MUST_USE bool subject_find(const struct subjects *subjects, const struct sighting *sighting,
                           struct arena *arena, struct subject *subject);

#endif
