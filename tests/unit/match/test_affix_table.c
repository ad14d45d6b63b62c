/* test_affix_table.c - match/affix_table: all entries that a text is, begins or ends with. */
#include "match/affix_table.h"

#include "testkit.h"

#define ENTRIES_MAX 512

static uint32_t hits[ENTRIES_MAX], hit_count;

static void note(void *context, uint32_t id)
{
    (void)context;
    hits[hit_count++] = id;
}

static bool is_hit(uint32_t id)
{
    for (uint32_t i = 0; i < hit_count; i++)
        if (hits[i] == id)
            return true;
    return false;
}

static struct affix_table *table_of(enum affix_kind kind, const char *const *texts, uint32_t count,
                                    struct arena *arena)
{
    struct affix_entry entries[ENTRIES_MAX];

    for (uint32_t i = 0; i < count; i++)
        entries[i] = (struct affix_entry){str_from(texts[i]), i};
    return affix_table_new(kind, entries, count, arena);
}

static void scan(const struct affix_table *table, const char *text)
{
    hit_count = 0;
    affix_table_scan(table, str_from(text), note, NULL);
}

TEST(finds_whole_values)
{
    static const char *const texts[] = {"cmd.exe", "cmd", "", "powershell.exe", "cmd.exe.mui"};
    struct arena *arena = arena_new("test", 1 << 20);
    const struct affix_table *table = table_of(AFFIX_WHOLE, texts, 5, arena);

    scan(table, "cmd.exe");
    CHECK(hit_count == 1 && is_hit(0));
    scan(table, "");
    CHECK(hit_count == 1 && is_hit(2));
    scan(table, "cmd.ex");
    CHECK_INT(hit_count, 0);
    scan(table, "zzz");
    CHECK_INT(hit_count, 0);
    arena_free(arena);
}

TEST(finds_every_prefix)
{
    static const char *const texts[] = {"c:\\", "c:\\windows\\", "c:\\windows\\system32\\", "d:\\",
                                        "c:\\win"};
    struct arena *arena = arena_new("test", 1 << 20);
    const struct affix_table *table = table_of(AFFIX_PREFIX, texts, 5, arena);

    scan(table, "c:\\windows\\system32\\cmd.exe");
    CHECK(hit_count == 4 && is_hit(0) && is_hit(1) && is_hit(2) && is_hit(4));
    scan(table, "c:\\winfoo");
    CHECK(hit_count == 2 && is_hit(0) && is_hit(4));
    scan(table, "c:");
    CHECK_INT(hit_count, 0);
    arena_free(arena);
}

TEST(finds_every_suffix)
{
    static const char *const texts[] = {".exe", "\\cmd.exe", "d.exe", "\\whoami.exe", "e"};
    struct arena *arena = arena_new("test", 1 << 20);
    const struct affix_table *table = table_of(AFFIX_SUFFIX, texts, 5, arena);

    scan(table, "c:\\windows\\system32\\cmd.exe");
    CHECK(hit_count == 4 && is_hit(0) && is_hit(1) && is_hit(2) && is_hit(4));
    scan(table, "exe");
    CHECK(hit_count == 1 && is_hit(4));
    scan(table, "cmd.com");
    CHECK_INT(hit_count, 0);
    arena_free(arena);
}

TEST(tells_nul_from_the_end)
{
    struct affix_entry entries[] = {
        {STR_INIT("a"), 0}, {STR_INIT("a\0"), 1}, {STR_INIT("a\0\0"), 2}};
    struct arena *arena = arena_new("test", 1 << 20);
    const struct affix_table *table = affix_table_new(AFFIX_WHOLE, entries, 3, arena);

    hit_count = 0;
    affix_table_scan(table, STR("a\0"), note, NULL);
    CHECK(hit_count == 1 && is_hit(1));
    arena_free(arena);
}

TEST(answers_without_entries)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct affix_table *table = affix_table_new(AFFIX_SUFFIX, NULL, 0, arena);

    scan(table, "anything");
    CHECK_INT(hit_count, 0);
    arena_free(arena);
}

static unsigned state = 7;

static unsigned draw(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static bool expected(enum affix_kind kind, struct str entry, struct str text)
{
    if (kind == AFFIX_WHOLE)
        return str_eq(entry, text);
    return kind == AFFIX_PREFIX ? str_starts_with(text, entry) : str_ends_with(text, entry);
}

TEST(agrees_with_comparing_one_by_one)
{
    for (int round = 0; round < 600; round++) {
        enum affix_kind kind = (enum affix_kind)(round % 3);
        static char bytes[ENTRIES_MAX][16];
        struct affix_entry entries[ENTRIES_MAX];
        uint32_t count = 0, wanted = draw(60);
        struct arena *arena = arena_new("test", 1 << 20);
        for (uint32_t i = 0; i < wanted; i++) {
            size_t len = draw(13);
            bool known = false;
            for (size_t j = 0; j < len; j++)
                bytes[count][j] = "ab\xff"[draw(round % 2 ? 2 : 3)];
            entries[count] = (struct affix_entry){{bytes[count], len}, count};
            for (uint32_t j = 0; j < count; j++)
                known |= str_eq(entries[j].text, entries[count].text);
            count += !known;
        }
        const struct affix_table *table = affix_table_new(kind, entries, count, arena);
        for (int probe = 0; probe < 40; probe++) {
            char text[16];
            size_t len = draw(15);
            for (size_t j = 0; j < len; j++)
                text[j] = "ab\xff"[draw(round % 2 ? 2 : 3)];
            hit_count = 0;
            affix_table_scan(table, (struct str){text, len}, note, NULL);
            uint32_t right = 0;
            for (uint32_t i = 0; i < count; i++) {
                bool is = expected(kind, entries[i].text, (struct str){text, len});
                right += is;
                CHECK(is == is_hit(i));
            }
            CHECK_INT(hit_count, right);
        }
        arena_free(arena);
    }
}
