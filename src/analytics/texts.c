/* texts.c - see texts.h. */
#include "analytics/texts.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "core/hash.h"

#include <stdlib.h>

#define BUCKETS_MIN 1024u
#define OVERHEAD_BYTES 24 /* of the tables, for each text */

struct text {
    uint64_t hash;
    uint32_t holders;
    uint32_t next; /* of the bucket */
    uint32_t folded_len, shown_len;
    char bytes[]; /* folded, then shown where that differs */
};

void texts_init(struct texts *texts)
{
    *texts = (struct texts){.bucket_mask = BUCKETS_MIN - 1};
    texts->buckets = calloc(BUCKETS_MIN, sizeof(*texts->buckets));
    ENSURE(texts->buckets);
    buf_init(&texts->folded, SIZE_MAX / 2);
}

void texts_free(struct texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        free(texts->at[i]);
    free(texts->at);
    free(texts->free);
    free(texts->buckets);
    buf_free(&texts->folded);
}

static struct text *text_at(const struct texts *texts, uint32_t number)
{
    return texts->at[number - 1];
}

static struct str folded_of(const struct text *text)
{
    return (struct str){text->bytes, text->folded_len};
}

static bool is_shown_as_folded(struct str folded, struct str shown)
{
    return str_eq(folded, shown);
}

static size_t size_of(const struct text *text)
{
    return sizeof(*text) + text->folded_len + text->shown_len + OVERHEAD_BYTES;
}

static void grow_buckets(struct texts *texts)
{
    uint32_t mask = texts->bucket_mask * 2 + 1;
    uint32_t *buckets = calloc((size_t)mask + 1, sizeof(*buckets));

    ENSURE(buckets);
    for (uint32_t number = 1; number <= texts->count; number++) {
        struct text *text = text_at(texts, number);
        if (!text)
            continue;
        text->next = buckets[text->hash & mask];
        buckets[text->hash & mask] = number;
    }
    free(texts->buckets);
    texts->buckets = buckets;
    texts->bucket_mask = mask;
}

static uint32_t *grown(uint32_t *numbers, uint32_t *capacity, uint32_t count)
{
    if (count < *capacity)
        return numbers;
    *capacity = *capacity ? *capacity * 2 : 64;
    numbers = realloc(numbers, *capacity * sizeof(*numbers));
    ENSURE(numbers);
    return numbers;
}

static uint32_t new_number(struct texts *texts)
{
    if (texts->free_count > 0)
        return texts->free[--texts->free_count];
    if (texts->count == texts->capacity) {
        texts->capacity = texts->capacity ? texts->capacity * 2 : 64;
        struct text **at = realloc(texts->at, texts->capacity * sizeof(struct text *));
        ENSURE(at);
        texts->at = at;
    }
    return ++texts->count;
}

static void copy(char *to, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        to[i] = text.at[i];
}

static uint32_t add_text(struct texts *texts, struct str folded, struct str shown, uint64_t hash)
{
    bool same = is_shown_as_folded(folded, shown);
    struct text *text = malloc(sizeof(*text) + folded.len + (same ? 0 : shown.len));
    uint32_t number = new_number(texts), *bucket = &texts->buckets[hash & texts->bucket_mask];

    ENSURE(text && folded.len <= UINT32_MAX && shown.len <= UINT32_MAX);
    *text = (struct text){.hash = hash,
                          .holders = 1,
                          .next = *bucket,
                          .folded_len = (uint32_t)folded.len,
                          .shown_len = same ? 0 : (uint32_t)shown.len};
    copy(text->bytes, folded);
    if (!same)
        copy(text->bytes + folded.len, shown);
    texts->at[number - 1] = text;
    *bucket = number;
    texts->bytes += size_of(text);
    if (++texts->used > texts->bucket_mask)
        grow_buckets(texts);
    return number;
}

uint32_t texts_take(struct texts *texts, struct str shown)
{
    buf_reset(&texts->folded);
    char *out = buf_reserve(&texts->folded, FOLD_SIZE(shown.len));
    ENSURE(out);
    struct str folded = {out, fold_str(shown, out)};
    uint64_t hash = hash_str(folded);
    uint32_t number = texts->buckets[hash & texts->bucket_mask];

    while (number) {
        struct text *text = text_at(texts, number);
        if (text->hash == hash && str_eq(folded_of(text), folded)) {
            text->holders++;
            return number;
        }
        number = text->next;
    }
    return add_text(texts, folded, shown, hash);
}

void texts_hold(struct texts *texts, uint32_t number)
{
    if (number)
        text_at(texts, number)->holders++;
}

void texts_drop(struct texts *texts, uint32_t number)
{
    struct text *text = number ? text_at(texts, number) : NULL;

    if (!text || --text->holders > 0)
        return;
    uint32_t *place = &texts->buckets[text->hash & texts->bucket_mask];
    while (*place != number)
        place = &text_at(texts, *place)->next;
    *place = text->next;
    texts->bytes -= size_of(text);
    texts->used--;
    texts->at[number - 1] = NULL;
    free(text);
    texts->free = grown(texts->free, &texts->free_capacity, texts->free_count);
    texts->free[texts->free_count++] = number;
}

struct str texts_shown(const struct texts *texts, uint32_t number)
{
    const struct text *text = text_at(texts, number);

    if (text->shown_len == 0)
        return folded_of(text);
    return (struct str){text->bytes + text->folded_len, text->shown_len};
}
