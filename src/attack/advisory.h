/* advisory.h - what an advisory names: techniques, vulnerabilities, indicators, Sigma rules.
 *
 * A STIX bundle, a layer of ATT&CK Navigator, or a page of text or HTML. Hostile like everything
 * that is read: what is found is capped, and nothing of it is believed but its form. */
#ifndef ATTACK_ADVISORY_H
#define ATTACK_ADVISORY_H

#include "model/finding.h"

#define ADVISORY_BYTES_MAX ((size_t)64 << 20)
#define ADVISORY_NAMES_MAX 10000u /* techniques, vulnerabilities, indicators, rules: of each */

struct advisory {
    struct str_list techniques; /* "T1505.003", distinct, in order of appearance */
    struct str_list cves;       /* "CVE-2021-44228" */
    struct str_list rules;      /* texts of Sigma rules */
    /* Defanged addresses, domains and URLs, and hashes, one a line, as a list of indicators; empty
     * for JSON, whose readers take the whole. */
    struct str indicators;
    uint32_t indicator_count;
    bool json;
};

/* Everything lives in the arena. */
void advisory_read(struct advisory *advisory, struct str bytes, struct arena *arena);
/* Whether it names a technique, or the one that this is a part of. */
bool advisory_asks(const struct str_list *techniques, struct str technique);

#endif
