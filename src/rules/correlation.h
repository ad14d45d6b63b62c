/* correlation.h - a Sigma correlation as loaded: what it counts, of which rules, in what time.
 *
 * It belongs to a struct sigma_rule, which has its head. One that stands in a document of its own
 * has no detection; one that was written in the manner of Sigma 1 (`| count() by`) is that of the
 * rule itself. References and fields are resolved by rule_set_finish. */
#ifndef RULES_CORRELATION_H
#define RULES_CORRELATION_H

#include "core/str.h"

enum correlation_type {
    CORRELATION_EVENT_COUNT,
    CORRELATION_VALUE_COUNT,
    CORRELATION_TEMPORAL,
    CORRELATION_TEMPORAL_ORDERED,
    CORRELATION_VALUE_SUM,
    CORRELATION_VALUE_AVG,
    CORRELATION_VALUE_PERCENTILE,
    CORRELATION_VALUE_MEDIAN,
    CORRELATION_TYPES
};

enum threshold_op {
    THRESHOLD_GT,
    THRESHOLD_GTE,
    THRESHOLD_LT,
    THRESHOLD_LTE,
    THRESHOLD_EQ,
    THRESHOLD_NEQ
};

struct threshold {
    enum threshold_op op;
    double number;
};

#define CORRELATION_MEMBERS_MAX 1000
#define CORRELATION_ORDERED_MAX 64 /* of the temporal types: a bit each */
#define CORRELATION_FIELDS_MAX 16
#define CORRELATION_TERMS_MAX 1024
#define CORRELATION_CHAIN_MAX 16 /* correlations over correlations */
#define CORRELATION_GROUPED UINT32_MAX

/* A rule that is listed. */
struct correlation_member {
    struct str reference; /* its id or name, as written */
    uint32_t line, column;
    uint32_t rule;    /* index in the set */
    uint32_t *group;  /* by group-by: index in the rule's `asked` */
    uint32_t *value;  /* by value field: the same */
    uint32_t *shared; /* by what is asked of the correlation: the same, or CORRELATION_GROUPED */
};

/* One way for a temporal correlation to be true: bits by member that must, or must not, occur. */
struct correlation_term {
    uint64_t present, absent;
};

/* A name for fields that are called differently in each rule. */
struct correlation_alias {
    struct str name;
    uint32_t count;
    struct str *references, *fields;
    uint32_t *rules; /* resolved references */
    uint32_t line, column;
};

struct correlation {
    enum correlation_type type;
    struct correlation_member *members;
    uint32_t member_count;
    struct str *group_by;
    uint32_t group_count;
    struct str *value_fields;
    uint32_t value_count;
    struct correlation_alias *aliases;
    uint32_t alias_count;
    int64_t timespan_ns;
    struct str timespan;            /* as written */
    struct threshold thresholds[2]; /* AND */
    uint32_t threshold_count;
    double percentile;              /* of the median 50 */
    struct correlation_term *terms; /* temporal types; none: the rules that occur are counted */
    uint32_t term_count;
    struct str condition; /* an extended one, as written */
    /* It is judged once per window, when that is over; else at each match, over the timespan
     * behind it. */
    bool at_close;
    bool generate;   /* its rules report on their own, too */
    bool translated; /* from Sigma 1: over the rule itself, and its hidden parts behind it */
    uint32_t depth;  /* 0: over rules alone; else one more than the deepest it is over */
};

struct str correlation_type_name(enum correlation_type type);
bool correlation_is_temporal(const struct correlation *correlation);
bool correlation_is_numeric(const struct correlation *correlation);
/* All thresholds hold. */
bool correlation_holds(const struct correlation *correlation, double number);

#endif
