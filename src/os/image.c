/* image.c - see image.h. The place is one that nothing else of a process comes to: far above what
 * a program without a place of its own gets, far below libraries and stacks, and within what
 * valgrind, ThreadSanitizer and 39-bit addresses leave. AddressSanitizer keeps its notes there, and
 * has room elsewhere. */
#include "os/image.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define IMAGE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IMAGE_ASAN 1
#endif
#endif

#if defined(IMAGE_ASAN)
#define PLACE ((uintptr_t)0x200000000000)
#define IMAGE_BYTES ((size_t)64 << 20) /* all of it is marked as free at once */
#else
#define PLACE ((uintptr_t)0x800000000)
#define IMAGE_BYTES ((size_t)1 << 30) /* 20 times what SigmaHQ needs */
#endif

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

bool image_reserve(struct image *image)
{
    void *wanted = (void *)PLACE; /* NOLINT(performance-no-int-to-ptr) */
    void *at = mmap(wanted, IMAGE_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    *image = (struct image){NULL, 0};
    if (at == MAP_FAILED)
        return false;
    if (at != wanted) { /* a kernel before 4.17 takes the flag for a wish */
        munmap(at, IMAGE_BYTES);
        return false;
    }
    *image = (struct image){at, IMAGE_BYTES};
    (void)madvise(at, IMAGE_BYTES, MADV_HUGEPAGE); /* where it cannot be had, nothing is lost */
    return true;
}

enum err image_map(const struct image *image, const struct file *file, size_t size)
{
    /* All pages are to be read at once. If they could be written, that would copy them. */
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_POPULATE;

    if (size > image->size)
        return ERR_TOO_LARGE;
    /* cppcheck-suppress leakReturnValNotUsed; the image has the address */
    if (mmap(image->at, size, PROT_READ, flags, file->fd, 0) == MAP_FAILED)
        return ERR_INPUT_OUTPUT;
    return ERR_NONE;
}

enum err image_open(const struct image *image)
{
    return mprotect(image->at, image->size, PROT_READ | PROT_WRITE) == 0 ? ERR_NONE
                                                                         : ERR_INPUT_OUTPUT;
}

void image_release(struct image *image)
{
    if (image->at)
        munmap(image->at, image->size);
    *image = (struct image){NULL, 0};
}

/* ---- pointers out of it ---- */

#define RANGES_MAX 4096u
/* What is larger is address space that a sanitizer or an allocator keeps for itself. */
#define RANGE_BYTES_MAX ((uintptr_t)16 << 30)
#define MAPS_BYTES_MAX ((size_t)4 << 20)
/* Nothing of a position-independent program lies below, AddressSanitizer's notes apart; numbers of
 * 32 bits do. */
#define RANGES_BEGIN ((uintptr_t)1 << 32)
/* A pair of 32-bit numbers, a small one and then one like the upper half of an address, looks like
 * an address close above a multiple of 4 GiB; an index and "none" like one close below. */
#define AMBIGUOUS_BYTES ((uintptr_t)4 << 20)

extern const char __executable_start[], _end[]; /* of the program; the linker's */

struct range {
    uintptr_t from, to;
};

struct ranges {
    struct range at[RANGES_MAX];
    unsigned count;
    uintptr_t lowest, highest;
};

static bool add_range(struct ranges *ranges, uintptr_t from, uintptr_t to)
{
    if (ranges->count == RANGES_MAX)
        return false;
    ranges->at[ranges->count++] = (struct range){from, to};
    ranges->lowest = from < ranges->lowest ? from : ranges->lowest;
    ranges->highest = to > ranges->highest ? to : ranges->highest;
    return true;
}

/* One line of /proc/self/maps: "7f0c8a00000-7f0c8b00000 r-xp 00000000 fe:00 1234  /usr/lib/x.so".
 * Nobody points into libraries and files; heap, stacks and nameless memory count. */
static bool take_line(struct ranges *ranges, const char *line, const struct image *image)
{
    char *end;
    uintptr_t from = strtoul(line, &end, 16), to = *end == '-' ? strtoul(end + 1, &end, 16) : 0;
    uintptr_t image_from = (uintptr_t)image->at, image_to = image_from + image->size;

    if (to <= from || from < RANGES_BEGIN || to - from > RANGE_BYTES_MAX ||
        (from >= image_from && from < image_to) || strchr(end, '/'))
        return true;
    return add_range(ranges, from, to);
}

static bool take_ranges(struct ranges *ranges, const struct image *image)
{
    struct buf text;
    bool good = add_range(ranges, (uintptr_t)__executable_start, (uintptr_t)_end);

    buf_init(&text, MAPS_BYTES_MAX);
    good &= file_read_whole("/proc/self/maps", MAPS_BYTES_MAX - 1, &text) == ERR_NONE;
    buf_add_char(&text, '\0');
    for (char *line = text.at, *next; good && line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        good = take_line(ranges, line, image);
    }
    buf_free(&text);
    return good;
}

static bool is_stray(const struct ranges *ranges, uintptr_t word)
{
    uintptr_t low = word & UINT32_MAX;

    if (low < AMBIGUOUS_BYTES || low >= UINT32_MAX - AMBIGUOUS_BYTES)
        return false;
    for (unsigned i = 0; i < ranges->count; i++)
        if (word >= ranges->at[i].from && word < ranges->at[i].to)
            return true;
    return false;
}

size_t image_strays(const struct image *image, size_t size)
{
    struct ranges *ranges = calloc(1, sizeof(*ranges));
    const uintptr_t *words = image->at;
    size_t found = SIZE_MAX;

    if (ranges)
        ranges->lowest = UINTPTR_MAX;
    if (ranges && take_ranges(ranges, image)) {
        found = 0;
        for (size_t i = 0; i < size / sizeof(*words); i++)
            if (words[i] >= ranges->lowest && words[i] < ranges->highest)
                found += is_stray(ranges, words[i]);
    }
    free(ranges);
    return found;
}
