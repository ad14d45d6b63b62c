/* indicator_matcher.h - one event against a set of indicators.
 *
 * All texts of the event are looked at, whatever their fields are called; nearly all are dismissed
 * by their stored bytes, undecoded. Values that are stored as numbers or the like are none. One per
 * thread. */
#ifndef INDICATORS_INDICATOR_MATCHER_H
#define INDICATORS_INDICATOR_MATCHER_H

#include "indicators/indicator_set.h"
#include "model/event.h"
#include "model/sighting.h"

/* Of one event; a list of indicators that was logged would else be as many findings, each with the
 * whole event. */
#define INDICATOR_HITS_MAX 64u

struct indicator_hit {
    uint32_t index;
    struct str where; /* the part of a value that it is; valid as long as the event */
};

struct indicator_matcher;

struct indicator_matcher *indicator_matcher_new(const struct indicator_set *set);
void indicator_matcher_free(struct indicator_matcher *matcher); /* accepts NULL */

/* To be set as the `watch` of the events that the matcher gets: formats then ask it while they
 * read, and need not go through all values again. */
const struct text_watch *indicator_matcher_watch(struct indicator_matcher *matcher);

/* Returns how many different indicators the event holds, and them in *hits, by index; valid until
 * the next call. *more: there are others; these are the ones of lowest index. */
uint32_t indicator_matcher_run(struct indicator_matcher *matcher, struct event *event,
                               const struct indicator_hit **hits, bool *more);

/* Where the rendered event (`json`) has an indicator of the last run: the innermost name, and the
 * value. Without one, the part that it is. Texts live in `arena` or in `json`. */
struct matched_field indicator_matcher_field(struct indicator_matcher *matcher,
                                             const struct indicator_hit *hit, struct str json,
                                             struct arena *arena);

#endif
