/* indicator_file.h - the bytes of a file of indicators: a STIX 2 bundle, a MISP event or list of
 * them, CSV, or a plain list. What it is, is told from its content.
 *
 * Nothing that cannot be used as a whole is used in part; what is not used is counted by reason. */
#ifndef INDICATORS_INDICATOR_FILE_H
#define INDICATORS_INDICATOR_FILE_H

#include "indicators/indicator_set.h"

#define INDICATOR_FILE_BYTES_MAX ((size_t)1 << 30)
#define INDICATOR_REMARKS_MAX 64u /* distinct reasons of one file; others are counted together */

enum indicator_remark_kind {
    INDICATOR_UNUSABLE, /* it was meant to be looked for, and is not */
    INDICATOR_IGNORED,  /* the list itself says that it is not to be looked for */
    INDICATOR_DOUBTED   /* it is looked for, and may match what is harmless */
};

struct indicator_remark {
    enum indicator_remark_kind kind;
    struct str reason; /* "a public suffix" */
    struct str example;
    uint64_t count;
};

struct indicator_file {
    struct str shown;
    struct str form; /* "STIX", "MISP", "CSV", "list" */
    uint64_t used, unusable, ignored, doubted;
    struct indicator_remark *remarks; /* in the set's arena */
    uint32_t remark_count;
};

/* Adds what the bytes hold. `shown` must outlive the set. False: it is none of these forms; *why
 * says what is wrong, a static text. */
MUST_USE bool indicator_file_read(struct indicator_set *set, struct str shown, struct str bytes,
                                  struct indicator_file *file, const char **why);

#endif
