/* about.h - what a hunt is narrowed to (--about): an advisory's techniques, and its rules and
 * indicators, which are looked for, too. */
#ifndef ENGINE_ABOUT_H
#define ENGINE_ABOUT_H

#include "attack/advisory.h"
#include "engine/indicators.h"

struct about {
    struct arena *arena; /* owned; NULL: nothing was asked for */
    struct str shown;
    struct advisory advisory;
    struct own_rules rules;           /* those that it holds */
    struct own_indicators indicators; /* the same */
};

/* `name`: a file, or one of those that ship ("aa24-190a"). NULL: nothing. A page in PDF goes
 * through pdftotext. */
MUST_USE enum err about_load(struct about *about, const char *name, struct why *why);
void about_free(struct about *about);

#endif
