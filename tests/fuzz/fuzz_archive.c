/* fuzz_archive.c - hostile packing: what comes out is whole, bounded, and the same for every size
 * of the blocks that go in. The first byte chooses how they go in. */
/* links: codec */
#include "codec/unpack.h"
#include "core/ensure.h"
#include "core/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The library compares a name that does not end in NUL with one that does. That ends at the first
 * byte that differs, but the strict checks of strings want to see the end of both. */
const char *__asan_default_suppressions(void);

const char *__asan_default_suppressions(void)
{
    return "interceptor_name:strcmp";
}

#define OUT_BYTES_MAX (1u << 20)
#define MEMBERS_MAX 256

struct input {
    struct str bytes;
    size_t at, block;
};

static bool read_input(void *context, struct str *bytes)
{
    struct input *input = context;

    *bytes = str_slice(input->bytes, input->at, input->at + input->block);
    input->at += bytes->len;
    return true;
}

static void seek_input(void *context, uint64_t offset)
{
    struct input *input = context;

    ENSURE(offset <= input->bytes.len);
    input->at = (size_t)offset;
}

static void check_damage(const struct unpack *unpack)
{
    ENSURE(str_from(unpack_why(unpack)).len > 0);
    (void)unpack_is_encrypted(unpack);
}

/* Reads the content of a member, adding it to *sum; returns how much it was. */
static size_t read_member(struct unpack *unpack, uint64_t *sum, size_t max)
{
    size_t total = 0;
    enum unpack_step step = UNPACK_TAKEN;
    struct str bytes;

    while (total < max && (step = unpack_read(unpack, &bytes)) == UNPACK_TAKEN) {
        ENSURE(bytes.len > 0);
        for (size_t i = 0; i < bytes.len && total + i < max; i++)
            *sum = *sum * 31 + (uint8_t)bytes.at[i];
        total += bytes.len;
    }
    if (step == UNPACK_DAMAGED)
        check_damage(unpack);
    if (step != UNPACK_TAKEN)
        ENSURE(unpack_read(unpack, &bytes) == step); /* an end stays one */
    return total;
}

static uint64_t walk(enum packing packing, struct input *input, bool seeks)
{
    struct unpack_source source = {.context = input,
                                   .read = read_input,
                                   .seek = seeks ? seek_input : NULL,
                                   .size = input->bytes.len};
    struct unpack *unpack = unpack_open(packing, &source);
    struct unpack_member member;
    enum unpack_step step = UNPACK_END;
    size_t total = 0;
    uint64_t sum = 0;

    for (unsigned i = 0; i < MEMBERS_MAX && total < OUT_BYTES_MAX; i++) {
        step = unpack_next(unpack, &member);
        if (step != UNPACK_TAKEN)
            break;
        sum = sum * 31 + hash_str(member.name) + member.kind;
        if (i % 3 != 2 && member.kind == MEMBER_FILE) /* some are passed over */
            total += read_member(unpack, &sum, OUT_BYTES_MAX - total);
    }
    if (step == UNPACK_DAMAGED) {
        check_damage(unpack);
        ENSURE(unpack_is_dead(unpack) && unpack_next(unpack, &member) == UNPACK_DAMAGED);
    }
    unpack_free(unpack);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 1)
        return 0;
    struct str bytes = {(const char *)data + 1, len - 1};
    enum packing packing = packing_guess(bytes);
    bool seeks = data[0] & 1;
    struct input whole = {bytes, 0, SIZE_MAX / 2};
    struct input parts = {bytes, 0, (size_t)(data[0] >> 1) * 16 + 1};

    if (packing == PACKING_NONE)
        return 0;
    uint64_t sum = walk(packing, &whole, seeks);
    uint64_t again = walk(packing, &parts, seeks);
    ENSURE(packing_seeks(packing) || sum == again);
    return 0;
}
