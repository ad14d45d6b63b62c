/* correlation_resolve.h - what correlations make of the rules they are over. Private to rules/. */
#ifndef RULES_CORRELATION_RESOLVE_H
#define RULES_CORRELATION_RESOLVE_H

#include "rules/sigma.h"

/* Once, after the last rule: references and fields. */
void correlations_resolve(struct rule_set *set);
/* Asks a field of a correlation, too, if there is room: what its events share of it. After the last
 * one, correlations_pass_on asks the rules that it is over. */
void correlation_ask(struct rule_set *set, struct sigma_rule *rule, struct str name);
void correlations_pass_on(struct rule_set *set);
/* Again, after rules were refused: refuses the correlations over them, and sets which rules are
 * correlated and silent. */
void correlations_settle(struct rule_set *set);

#endif
