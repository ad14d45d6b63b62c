/* test_texts.c - texts that are held. */
#include "analytics/texts.h"

#include "testkit.h"

TEST(equal_texts_are_one_whatever_their_case)
{
    struct texts texts;

    texts_init(&texts);
    uint32_t first = texts_take(&texts, STR("Émile"));
    CHECK_INT(texts_take(&texts, STR("éMILE")), first);
    CHECK(texts_take(&texts, STR("Emile")) != first);
    CHECK(texts_take(&texts, STR("")) != first);
    CHECK_STR(texts_shown(&texts, first), "Émile");
    CHECK_INT(texts.used, 3);
    texts_free(&texts);
}

TEST(the_last_holder_takes_it_away)
{
    struct texts texts;

    texts_init(&texts);
    uint32_t first = texts_take(&texts, STR("A"));
    texts_hold(&texts, first);
    texts_drop(&texts, first);
    CHECK_STR(texts_shown(&texts, first), "A");
    texts_drop(&texts, first);
    texts_drop(&texts, 0);
    CHECK_INT(texts.used, 0);
    CHECK_INT(texts.bytes, 0);
    CHECK_INT(texts_take(&texts, STR("a")), first); /* the number is free again */
    CHECK_STR(texts_shown(&texts, first), "a");
    texts_free(&texts);
}

TEST(many_are_found_again)
{
    struct texts texts;
    uint32_t numbers[5000];
    char text[32];

    texts_init(&texts);
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof(text), "text %u", i);
        numbers[i] = texts_take(&texts, str_from(text));
    }
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof(text), "TEXT %u", i);
        CHECK_INT(texts_take(&texts, str_from(text)), numbers[i]);
        texts_drop(&texts, numbers[i]);
        texts_drop(&texts, numbers[i]);
    }
    CHECK_INT(texts.bytes, 0);
    texts_free(&texts);
}
