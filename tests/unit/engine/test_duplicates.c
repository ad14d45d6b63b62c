/* test_duplicates.c - which sightings are the same record again. */
#include "testkit.h"

#include "engine/duplicates.h"

static struct sighting sample(int64_t time_ns, uint64_t record_hash)
{
    return (struct sighting){.time_ns = time_ns,
                             .has_time = true,
                             .rule_key = 7,
                             .path = STR("a"),
                             .number = 1,
                             .host = STR("host"),
                             .record_hash = record_hash};
}

static struct duplicates duplicates;

TEST(a_record_is_told_once)
{
    struct sighting one = sample(5, 11), copy = one;

    copy.path = STR("b");
    copy.offset = 99;
    duplicates_begin(&duplicates);
    CHECK(!duplicates_holds(&duplicates, &one));
    CHECK(duplicates_holds(&duplicates, &copy));
    CHECK(duplicates_holds(&duplicates, &copy));
    duplicates_end(&duplicates);
}

TEST(another_rule_time_host_or_event_is_another)
{
    struct sighting one = sample(5, 11), rule = one, host = one, event = one, later = one;
    struct sighting indicator = one;

    rule.rule_key = 8;
    indicator.kind = SIGHTING_INDICATOR;
    host.host = STR("other");
    event.record_hash = 12;
    later.time_ns = 6;
    duplicates_begin(&duplicates);
    CHECK(!duplicates_holds(&duplicates, &one));
    CHECK(!duplicates_holds(&duplicates, &rule));
    CHECK(!duplicates_holds(&duplicates, &indicator));
    CHECK(!duplicates_holds(&duplicates, &host));
    CHECK(!duplicates_holds(&duplicates, &event));
    CHECK(!duplicates_holds(&duplicates, &later));
    CHECK(duplicates_holds(&duplicates, &later));
    duplicates_end(&duplicates);
}

TEST(what_has_no_record_id_or_no_time_may_be_alike)
{
    struct sighting line = sample(5, 0), timeless = sample(5, 11);

    timeless.has_time = false;
    duplicates_begin(&duplicates);
    CHECK(!duplicates_holds(&duplicates, &line));
    CHECK(!duplicates_holds(&duplicates, &line));
    CHECK(!duplicates_holds(&duplicates, &timeless));
    CHECK(!duplicates_holds(&duplicates, &timeless));
    duplicates_end(&duplicates);
}
