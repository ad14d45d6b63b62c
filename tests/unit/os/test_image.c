/* test_image.c - os/image: memory that comes back with its pointers, and pointers that lead out. */
#include "os/image.h"

#include "core/str.h"
#include "unit/os/scratch_folder.h"

struct node {
    struct node *next;
    uint64_t value;
};

/* Linked nodes with the numbers from 0 on, at the beginning of the image. */
static void fill(const struct image *image, unsigned count)
{
    struct node *nodes = image->at;

    for (unsigned i = 0; i < count; i++)
        nodes[i] = (struct node){i + 1 < count ? &nodes[i + 1] : NULL, i};
}

static uint64_t sum(const struct image *image)
{
    uint64_t sum = 0;

    for (const struct node *node = image->at; node; node = node->next)
        sum += node->value;
    return sum;
}

static enum err map(const struct image *image, const char *path, size_t size)
{
    struct file file;
    enum err err = file_open(path, false, &file);

    CHECK_INT(err, ERR_NONE);
    err = image_map(image, &file, size);
    file_close(&file);
    return err;
}

#define COUNT 1000u
#define BYTES (COUNT * sizeof(struct node))

TEST(comes_back_from_a_file)
{
    struct image image;

    scratch_begin();
    CHECK(image_reserve(&image));
    CHECK(image.size >= (size_t)64 << 20);
    fill(&image, COUNT);
    CHECK_INT(image_strays(&image, BYTES), 0);
    const char *path = scratch_file("image", image.at, BYTES);
    const void *at = image.at;
    image_release(&image);
    CHECK(image.at == NULL);
    CHECK(image_reserve(&image));
    CHECK(image.at == at);
    CHECK(*(uint64_t *)image.at == 0);
    CHECK_INT(map(&image, path, BYTES), ERR_NONE);
    CHECK_INT(sum(&image), COUNT * (COUNT - 1) / 2);
    CHECK_INT(image_open(&image), ERR_NONE);
    ((struct node *)image.at)->value = 7;                      /* of this process alone */
    ((struct node *)image.at)[COUNT] = (struct node){NULL, 1}; /* there is more room */
    ((unsigned char *)image.at)[image.size - 1] = 1;
    CHECK_INT(sum(&image), COUNT * (COUNT - 1) / 2 + 7);
    image_release(&image);
    CHECK(image_reserve(&image));
    CHECK_INT(map(&image, path, BYTES), ERR_NONE);
    CHECK_INT(sum(&image), COUNT * (COUNT - 1) / 2);
    image_release(&image);
}

TEST(there_is_one_at_a_time)
{
    struct image image, other;

    CHECK(image_reserve(&image));
    CHECK(!image_reserve(&other));
    CHECK(other.at == NULL);
    image_release(&other);
    image_release(&image);
    CHECK(image_reserve(&other));
    image_release(&other);
}

TEST(refuses_what_does_not_fit)
{
    struct image image;

    CHECK(image_reserve(&image));
    CHECK_INT(map(&image, scratch_file("small", "x", 1), image.size + 1), ERR_TOO_LARGE);
    image_release(&image);
}

static const char text_of_the_program[] = "a text";

/* Addresses near a multiple of 4 GiB are taken for numbers; nobody knows where things lie. */
static size_t counted(uintptr_t address)
{
    uintptr_t low = address & UINT32_MAX, near = (uintptr_t)4 << 20;

    return low >= near && low < UINT32_MAX - near;
}

TEST(finds_pointers_that_lead_out)
{
    struct image image;
    uintptr_t *words, on_stack = 0;
    char *on_heap = malloc((size_t)8 << 20);

    CHECK(image_reserve(&image));
    words = image.at;
    words[0] = (uintptr_t)&words[5];
    words[1] = 12345;
    words[2] = UINTPTR_MAX;
    words[3] = (uintptr_t)0xfffffffe | (uintptr_t)0x7ffd << 32;
    CHECK_INT(image_strays(&image, 100 * sizeof(*words)), 0);
    words[7] = (uintptr_t)text_of_the_program;
    words[8] = (uintptr_t)&fill;
    words[10] = (uintptr_t)(on_heap + ((size_t)5 << 20));
    words[20] = (uintptr_t)&on_stack;
    size_t expected = counted(words[7]) + counted(words[8]);
    CHECK_INT(image_strays(&image, 9 * sizeof(*words)), expected);
    expected += counted(words[10]) + counted(words[20]);
    CHECK_INT(image_strays(&image, 100 * sizeof(*words)), expected);
    image_release(&image);
    free(on_heap);
    scratch_end();
}
