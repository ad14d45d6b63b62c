/* test_plan_automata.c - rules/plan_automata: the cache, and expressions that no automaton
 * takes. */
#include "rule_maker.h"

static char kept_key[128];
static char *kept;
static size_t kept_size;
static unsigned loads, saves;

static bool cache_load(void *context, struct str key, void **bytes, size_t *size)
{
    (void)context;
    loads++;
    if (!kept || !str_eq(key, str_from(kept_key)))
        return false;
    *bytes = malloc(kept_size);
    memcpy(*bytes, kept, kept_size);
    *size = kept_size;
    return true;
}

static void cache_save(void *context, struct str key, const void *bytes, size_t size)
{
    (void)context;
    saves++;
    free(kept);
    kept = malloc(size);
    memcpy(kept, bytes, size);
    kept_size = size;
    CHECK(key.len < sizeof(kept_key));
    memcpy(kept_key, key.at, key.len);
    kept_key[key.len] = '\0';
}

static const struct plan_cache cache = {NULL, cache_load, cache_save};

/* Builds with the cache, tries all predicates, and tells whether the automata were built anew. */
static bool is_built_anew(const char *literal)
{
    unsigned before = saves;

    make_begin();
    rule(is("a", literal));
    rule(re("b", "x+y", 0));
    rule(re("c", "(?=x)xz", 0));      /* look-ahead: a prefilter */
    rule(re("d", "(?(?=x)xz|y)", 0)); /* nothing for the automaton at all */
    make_plan(&cache);
    CHECK(matches("a", "..needle..") && !matches("a", "need"));
    CHECK(matches("b", "xxy") && !matches("b", "xz"));
    CHECK(matches("c", "xz") && !matches("c", "xy"));
    CHECK(matches("d", "y") && !matches("d", "z"));
    make_end();
    return saves > before;
}

TEST(builds_once_and_loads_then)
{
    CHECK(is_built_anew("*needle*"));
    CHECK(!is_built_anew("*needle*"));
    CHECK(is_built_anew("*needl*"));
    CHECK(!is_built_anew("*needl*"));
}

TEST(rebuilds_what_is_broken)
{
    for (unsigned i = 0; i < 40; i++) {
        CHECK(!is_built_anew("*needl*"));
        kept[kept_size * i / 40] ^= 0x40;
        is_built_anew("*needl*"); /* a byte that nobody reads may be wrong */
        is_built_anew("*needl*");
    }
    kept_size -= 1;
    CHECK(is_built_anew("*needl*"));
    kept_size = 3;
    CHECK(is_built_anew("*needl*"));
    kept_size = 0;
    CHECK(is_built_anew("*needl*"));
}

TEST(works_with_half_a_cache)
{
    const struct plan_cache none = {NULL, NULL, NULL};

    make_begin();
    rule(is("a", "*x*"));
    make_plan(&none);
    CHECK(matches("a", "x"));
    make_end();
    free(kept);
    kept = NULL;
}
