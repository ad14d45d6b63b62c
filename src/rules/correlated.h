/* correlated.h - what is known of the events that a correlation took together. */
#ifndef RULES_CORRELATED_H
#define RULES_CORRELATED_H

#include "model/finding.h"
#include "rules/correlation.h"

/* Adds what the values of group-by name: under the names of its fields, and under those that its
 * aliases stand for. */
void correlated_entities(const struct correlation *correlation, uint32_t field, struct str value,
                         struct entities *entities);

#endif
