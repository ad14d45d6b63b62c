/* sigma_correlation_priv.h - how the parts of the correlation loader work together. Private to
 * rules/. */
#ifndef RULES_SIGMA_CORRELATION_PRIV_H
#define RULES_SIGMA_CORRELATION_PRIV_H

#include "rules/sigma_priv.h"

#define CORRELATION_CONDITION_BYTES_MAX 4096
#define CORRELATION_CHOSEN_MAX 10 /* all choices among them are at most CORRELATION_TERMS_MAX */

/* ---- sigma_correlation.c ---- */

/* "15m": a number and one of s m h d w M y; false (and refused) if it is none. */
bool correlation_timespan_parse(struct sigma_loading *loading, struct correlation *correlation,
                                const struct yaml_node *node);
bool correlation_add_threshold(struct sigma_loading *loading, struct correlation *correlation,
                               enum threshold_op op, double number, uint32_t line, uint32_t column);
/* What can only be said of the whole of it; false (and refused) if it cannot be used. */
bool correlation_complete(struct sigma_loading *loading, struct correlation *correlation,
                          uint32_t line, uint32_t column);

/* ---- sigma_correlation_terms.c ---- */

/* `a and not b`, over the members' references. */
bool correlation_terms_parse(struct sigma_loading *loading, struct correlation *correlation,
                             const struct yaml_node *place, struct str text);
/* Of temporal_ordered with thresholds: the members that may occur in order. */
bool correlation_terms_count(struct sigma_loading *loading, struct correlation *correlation,
                             uint32_t line, uint32_t column);

#endif
