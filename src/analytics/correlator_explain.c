/* correlator_explain.c - what a correlation found, as a sentence for people. */
#include "analytics/correlator.h"

static void add_number(struct buf *out, double number)
{
    if (number <= (double)(int64_t)number && number >= (double)(int64_t)number)
        buf_add_i64(out, (int64_t)number);
    else
        buf_printf(out, "%.9g", number);
}

static void add_thresholds(const struct correlation *correlation, struct buf *out)
{
    static const char *const words[] = {
        [THRESHOLD_GT] = "more than ", [THRESHOLD_GTE] = "at least ", [THRESHOLD_LT] = "below ",
        [THRESHOLD_LTE] = "at most ",  [THRESHOLD_EQ] = "exactly ",   [THRESHOLD_NEQ] = "not "};

    for (uint32_t i = 0; i < correlation->threshold_count; i++) {
        if (i)
            buf_add(out, STR(" and "));
        buf_add(out, str_from(words[correlation->thresholds[i].op]));
        add_number(out, correlation->thresholds[i].number);
    }
}

static void add_names(const struct str *names, uint32_t count, struct buf *out)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buf_add(out, STR(" and "));
        buf_add(out, names[i]);
    }
}

static void add_temporal(const struct correlation *correlation, double measured, struct buf *out)
{
    if (correlation->condition.len) {
        buf_add(out, STR("'"));
        buf_add(out, correlation->condition);
        buf_add(out, STR("' held"));
    } else if (correlation->threshold_count > 0) {
        add_number(out, measured);
        buf_printf(out, " of %u rules matched", correlation->member_count);
    } else {
        buf_printf(out, "all %u rules matched", correlation->member_count);
    }
    if (correlation->type == CORRELATION_TEMPORAL_ORDERED)
        buf_add(out, STR(" in order"));
}

void correlation_explain(const struct correlation *correlation, double measured, struct buf *out)
{
    const struct str *fields = correlation->value_fields;
    bool said = true; /* the number itself */

    switch (correlation->type) {
    case CORRELATION_EVENT_COUNT:
        add_number(out, measured);
        buf_add(out, measured > 1 ? STR(" matches") : STR(" match"));
        break;
    case CORRELATION_VALUE_COUNT:
        add_number(out, measured);
        buf_add(out, measured > 1 ? STR(" values of ") : STR(" value of "));
        add_names(fields, correlation->value_count, out);
        break;
    case CORRELATION_TEMPORAL:
    case CORRELATION_TEMPORAL_ORDERED:
        add_temporal(correlation, measured, out);
        break;
    case CORRELATION_VALUE_SUM:
    case CORRELATION_VALUE_AVG:
        buf_add(out, correlation->type == CORRELATION_VALUE_SUM ? STR("the sum of ")
                                                                : STR("the average of "));
        buf_add(out, fields[0]);
        buf_add(out, STR(" was "));
        add_number(out, measured);
        break;
    default:
        buf_printf(out, "percentile %.9g of ", correlation->percentile);
        buf_add(out, fields[0]);
        buf_add(out, STR(" was "));
        add_thresholds(correlation, out);
        said = false;
        break;
    }
    buf_add(out, STR(" within "));
    buf_add(out, correlation->timespan);
    if (!said || correlation->threshold_count == 0)
        return;
    buf_add(out, STR("; asked was "));
    add_thresholds(correlation, out);
}
