/* test_correlated.c */
#include "rules/correlated.h"
#include "testkit.h"

TEST(fields_of_the_group_name_entities_and_aliases_do_for_theirs)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct str group_by[] = {STR_INIT("IpAddress"), STR_INIT("who"), STR_INIT("x")};
    struct str fields[] = {STR_INIT("TargetUserName"), STR_INIT("Image"), STR_INIT("User")};
    struct correlation_alias aliases[] = {
        {.name = STR_INIT("who"), .count = 2, .fields = fields},
        {.name = STR_INIT("other"), .count = 1, .fields = &fields[2]}};
    const struct correlation correlation = {
        .group_by = group_by, .group_count = 3, .aliases = aliases, .alias_count = 2};
    struct entities entities = {.arena = arena};

    correlated_entities(&correlation, 0, STR("::1"), &entities);
    CHECK_INT(entities.lists[ENTITY_ADDRESS].count, 1);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 0);
    correlated_entities(&correlation, 1, STR("eve"), &entities);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 1);
    CHECK_STR(entities.lists[ENTITY_ACCOUNT].at[0], "eve");
    CHECK_INT(entities.lists[ENTITY_PROCESS].count, 1);
    correlated_entities(&correlation, 2, STR("bob"), &entities);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 1);
    arena_free(arena);
}
