/* correlated.h - what is known of the events that a correlation took together: the fields of its
 * group, and those of which all its events have the same value.
 *
 * Entries of --suppress look at these as they look at an event's. Of any other field nobody can say
 * what it is, so that an entry with a condition on one takes nothing, whatever the condition. */
#ifndef RULES_CORRELATED_H
#define RULES_CORRELATED_H

#include "model/finding.h"
#include "rules/plan.h"
#include "rules/suppress.h"

/* Adds what the value of a field of group-by names: under the field's name, and under those that an
 * alias stands for. */
void correlated_entities(const struct correlation *correlation, uint32_t field, struct str value,
                         struct entities *entities);

/* A finding of a correlation. */
struct correlated_finding {
    const struct sigma_rule *rule;
    struct str host;          /* that all events have; may be empty */
    const struct str *group;  /* by group-by */
    const struct str *shared; /* as sigma_rule.asked; .at NULL: they share none, or have none */
};

struct correlated;

/* The entries and the matcher, whose folding is used, are borrowed. */
struct correlated *correlated_new(const struct suppressions *suppressions, struct matcher *matcher);
void correlated_free(struct correlated *correlated); /* accepts NULL */
/* The number of the entry that takes the finding, or SUPPRESSION_NONE. */
uint32_t correlated_suppression(struct correlated *correlated,
                                const struct correlated_finding *finding);

#endif
