/* knowledge_image.c - see knowledge_image.h.
 *
 * The file is the image as it stands in memory: a page for the head, then the arena of the
 * knowledge, with the record of its inputs. It is written only if nothing in it points out of it,
 * and believed only if its sums are right. */
#include "engine/knowledge_image.h"

#include "codec/sha256.h"
#include "core/checksum.h"
#include "core/hash.h"
#include "engine/cache.h"
#include "engine/inputs.h"
#include "os/image.h"
#include "os/random.h"

#include <string.h>

#define ARENA_BYTES_MAX (((size_t)8 << 30) + PLAN_BYTES_MAX)
#define HEAD_BYTES 4096u
#define MARK "seawall image 1"

struct head {
    char mark[sizeof(MARK)];
    char key[SHA256_TEXT_SIZE];
    void *place; /* of the image */
    uint64_t size;
    uint64_t sum; /* of what is behind the head */
    uint64_t hash_keys[2];
    struct str record;
    struct knowledge *knowledge;
    uint64_t head_sum; /* of what is before */
};

static uint64_t sum_of_head(const struct head *head)
{
    return checksum(head, offsetof(struct head, head_sum));
}

static uint64_t sum_behind_head(const struct image *image, uint64_t size)
{
    return checksum((const char *)image->at + sizeof(struct head), size - sizeof(struct head));
}

/* ---- from the file ---- */

static bool read_head(const struct file *file, const char *key, struct head *head)
{
    size_t got;

    return file_read_at(file, 0, head, sizeof(*head), &got) == ERR_NONE && got == sizeof(*head) &&
           memcmp(head->mark, MARK, sizeof(MARK)) == 0 && head->head_sum == sum_of_head(head) &&
           memcmp(head->key, key, SHA256_TEXT_SIZE) == 0 && head->size == file->facts.size &&
           head->size > HEAD_BYTES;
}

/* The head is believed by now, and the record does not point anywhere. */
static bool is_same_record(const struct head *head, struct str record)
{
    uintptr_t at = (uintptr_t)head->record.at - (uintptr_t)head->place;

    return head->record.len == record.len && at <= head->size && record.len <= head->size - at &&
           str_eq(head->record, record);
}

static struct knowledge *map_file(struct image *image, const struct file *file,
                                  const struct head *head, struct str record)
{
    if (!image_reserve(image))
        return NULL;
    if (image->at == head->place && image_map(image, file, head->size) == ERR_NONE &&
        is_same_record(head, record) && sum_behind_head(image, head->size) == head->sum &&
        image_open(image) == ERR_NONE) {
        hash_set_key(head->hash_keys[0], head->hash_keys[1]);
        return head->knowledge;
    }
    image_release(image);
    return NULL;
}

static struct knowledge *load(struct image *image, const struct cache *cache,
                              const struct inputs *inputs, const char *key)
{
    struct knowledge *knowledge = NULL;
    struct file file;
    struct head head;

    if (!cache_find(cache, key, &file))
        return NULL;
    if (read_head(&file, key, &head))
        knowledge = map_file(image, &file, &head, buf_str(&inputs->record));
    file_close(&file);
    return knowledge;
}

/* ---- anew ---- */

/* What could not be read is not kept: whether it can be is no matter of times alone. */
static void save(struct knowledge *knowledge, const struct cache *cache,
                 const struct inputs *inputs, const struct head *begun)
{
    struct image *image = &knowledge->image;

    if (!cache->folder || !inputs->sound || knowledge->unreadable.added > 0)
        return;
    struct head *head = image->at;
    *head = *begun;
    head->record = arena_str(knowledge->arena, buf_str(&inputs->record));
    size_t extent = arena_extent(knowledge->arena);
    if (extent == 0 || image_strays(image, HEAD_BYTES + extent) > 0)
        return;
    head->place = image->at;
    head->knowledge = knowledge;
    head->size = HEAD_BYTES + extent;
    head->sum = sum_behind_head(image, head->size);
    head->head_sum = sum_of_head(head);
    cache_put(cache, head->key, (struct str){image->at, head->size});
}

/* `head`: its mark and key are set. */
static enum err build(struct knowledge **knowledge, const struct knowledge_options *options,
                      const struct cache *cache, struct inputs *inputs, struct head *head,
                      struct why *why)
{
    struct image image = {0};

    head->hash_keys[0] = random_u64();
    head->hash_keys[1] = random_u64();
    hash_set_key(head->hash_keys[0], head->hash_keys[1]);
    bool kept = cache->folder && image_reserve(&image);
    struct arena *arena =
        kept ? arena_new_within("knowledge", ARENA_BYTES_MAX, (char *)image.at + HEAD_BYTES,
                                image.size - HEAD_BYTES)
             : arena_new("knowledge", ARENA_BYTES_MAX);
    *knowledge = ARENA_NEW(arena, struct knowledge);
    enum err err = knowledge_fill(*knowledge, arena, options, inputs, why);
    (*knowledge)->image = image;
    if (!err && kept)
        save(*knowledge, cache, inputs, head);
    return err;
}

enum err knowledge_open(struct knowledge **knowledge, const struct knowledge_options *options,
                        struct why *why)
{
    struct head head = {.mark = MARK};
    struct image image = {0};
    struct inputs inputs;
    struct cache cache;
    enum err err = cache_open(&cache, options->cache, why);

    *knowledge = NULL;
    if (err)
        return err;
    inputs_note(&inputs, options);
    sha256_text(buf_str(&inputs.key), head.key);
    *knowledge = load(&image, &cache, &inputs, head.key);
    if (!*knowledge)
        err = build(knowledge, options, &cache, &inputs, &head, why);
    inputs_free(&inputs);
    cache_close(&cache);
    if (err) {
        knowledge_close(*knowledge);
        *knowledge = NULL;
    }
    return err;
}

void knowledge_close(struct knowledge *knowledge)
{
    if (!knowledge)
        return;
    struct image image = knowledge->image; /* the knowledge itself lies in it */
    arena_free(knowledge->arena);
    image_release(&image);
}
