/* level.h - how grave a finding is: the five levels of Sigma. */
#ifndef MODEL_LEVEL_H
#define MODEL_LEVEL_H

#include "core/str.h"

enum level { LEVEL_INFORMATIONAL, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_CRITICAL };
#define LEVEL_COUNT 5

struct str level_name(enum level level);
MUST_USE bool level_parse(struct str name, enum level *level);

#endif
