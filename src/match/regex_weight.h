/* regex_weight.h - how much an expression asks of who makes an automaton of it. */
#ifndef MATCH_REGEX_WEIGHT_H
#define MATCH_REGEX_WEIGHT_H

#include "core/str.h"

/* Its characters and classes, each as often as the bounded repeats around it say: `(ab){3}` has 6,
 * `.{100,}` has 100. A rough measure, for deciding what not to try: compiling an automaton takes
 * about a thousandth of a second for each, at worst. Never more than REGEX_WEIGHT_MAX. */
#define REGEX_WEIGHT_MAX 1000000u
uint32_t regex_weight(struct str expression);

#endif
