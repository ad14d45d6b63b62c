/* stix_pattern.h - the pattern language of STIX 2.1 (part 9), as far as one value decides.
 *
 *   [ipv4-addr:value = '198.51.100.7' OR domain-name:value IN ('evil.example', 'bad.example')]
 *
 * A pattern is used if each of its comparisons by itself makes it true: comparisons joined by OR,
 * within one observation or between several. `WITHIN` asks nothing more of a single observation.
 * An AND is used where all but one of its parts follow from that one (the type of what a reference
 * leads to). Everything else is read and judged as a whole: it cannot be told from one value. */
#ifndef INDICATORS_STIX_PATTERN_H
#define INDICATORS_STIX_PATTERN_H

#include "core/arena.h"

#define STIX_PATTERN_BYTES_MAX 65536u
#define STIX_COMPARISONS_MAX 10000u
#define STIX_DEPTH_MAX 64u

struct stix_comparison {
    struct str object; /* "ipv4-addr" */
    struct str path;   /* "value", "hashes.SHA-256": without quotes */
    struct str value;
};

/* NULL, and comparisons of which any makes the pattern true; or why it cannot be used (static). */
const char *stix_pattern_read(struct str pattern, struct arena *arena,
                              struct stix_comparison **comparisons, uint32_t *count);

#endif
