/* test_block_reader.c - a sliding stretch of a file, which may grow and shrink meanwhile. */
#include "os/block_reader.h"

#include "scratch_folder.h"

#define MAX ((size_t)4 * BLOCK_BYTES)

static struct block_reader reader;
static struct file file;
static bool full;

/* The byte at each offset: no block looks like another. */
static uint8_t byte_at(uint64_t offset)
{
    return (uint8_t)(offset ^ offset >> 8 ^ offset >> 16);
}

static void open_file_of(size_t size)
{
    uint8_t *bytes = malloc(size + 1);

    if (!bytes)
        abort();
    for (size_t i = 0; i < size; i++)
        bytes[i] = byte_at(i);
    scratch_file("a", bytes, size);
    free(bytes);
    CHECK_INT(file_open(scratch("a"), false, &file), ERR_NONE);
}

static bool is_in_place(void)
{
    for (size_t i = 0; i < reader.len; i++)
        if (reader.at[i] != byte_at(reader.offset + i))
            return false;
    return true;
}

static enum err slide(size_t used)
{
    return block_reader_slide(&reader, used, 0, &full);
}

static void begin(size_t size)
{
    scratch_begin();
    open_file_of(size);
    block_reader_init(&reader, MAX);
    block_reader_start(&reader, &file, 0);
}

static void end(void)
{
    block_reader_free(&reader);
    file_close(&file);
    scratch_end();
}

TEST(takes_no_memory_before_it_slides)
{
    begin(10);
    CHECK(!reader.buffer);
    CHECK_INT(reader.len, 0);
    end();
}

TEST(reads_a_small_file_at_once)
{
    begin(10);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.len, 10);
    CHECK(reader.ended && is_in_place());
    CHECK_INT(slide(4), ERR_NONE);
    CHECK_INT(reader.len, 6);
    CHECK_INT(reader.offset, 4);
    CHECK(is_in_place());
    end();
}

TEST(an_empty_file_has_ended)
{
    begin(0);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.len, 0);
    CHECK(reader.ended && !full);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK(reader.ended);
    end();
}

TEST(slides_over_all_bytes_in_odd_steps)
{
    size_t size = 3 * (size_t)BLOCK_BYTES + 12345, used = 0, step = 1;

    begin(size);
    while (!(reader.ended && reader.len == 0)) {
        CHECK_INT(slide(used), ERR_NONE);
        CHECK(is_in_place());
        step = step * 7 % 100003 + 1;
        used = step < reader.len ? step : reader.len;
        if (reader.ended && used == reader.len) {
            CHECK_INT(slide(used), ERR_NONE);
            break;
        }
    }
    CHECK_INT(reader.offset, size);
    end();
}

TEST(a_file_of_whole_blocks_ends_with_its_last_byte)
{
    begin(2 * (size_t)BLOCK_BYTES);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK(!reader.ended);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.len, 2 * (size_t)BLOCK_BYTES);
    CHECK(reader.ended);
    end();
}

TEST(starts_anywhere)
{
    begin(1000);
    block_reader_start(&reader, &file, 990);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.offset, 990);
    CHECK_INT(reader.len, 10);
    CHECK(is_in_place());
    block_reader_start(&reader, &file, 5000);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.len, 0);
    CHECK(reader.ended);
    end();
}

TEST(reads_no_further_than_wanted)
{
    begin(1000);
    CHECK_INT(block_reader_slide(&reader, 0, 100, &full), ERR_NONE);
    CHECK_INT(reader.len, 100);
    CHECK(!reader.ended);
    CHECK_INT(block_reader_slide(&reader, 0, 50, &full), ERR_NONE); /* lies behind us: go on */
    CHECK_INT(reader.len, 1000);
    CHECK(reader.ended && is_in_place());
    end();
}

TEST(something_is_read_even_if_all_wanted_is_there)
{
    begin(1000);
    CHECK_INT(block_reader_slide(&reader, 0, 100, &full), ERR_NONE);
    CHECK_INT(block_reader_slide(&reader, 0, 100, &full), ERR_NONE);
    CHECK(reader.len > 100);
    end();
}

TEST(keeps_everything_up_to_the_maximum_and_says_when_it_is_full)
{
    begin(6 * (size_t)BLOCK_BYTES);
    for (unsigned blocks = 1; blocks <= 4; blocks++) {
        CHECK_INT(slide(0), ERR_NONE);
        CHECK_INT(reader.len, blocks * (size_t)BLOCK_BYTES);
        CHECK(!full);
    }
    CHECK_INT(slide(0), ERR_NONE);
    CHECK(full && !reader.ended);
    CHECK_INT(reader.len, MAX);
    CHECK_INT(slide(1), ERR_NONE); /* room for one byte */
    CHECK(!full);
    CHECK_INT(reader.len, MAX);
    CHECK_INT(reader.offset, 1);
    CHECK(is_in_place());
    end();
}

TEST(a_large_buffer_is_given_back_at_the_next_start)
{
    scratch_begin();
    open_file_of(10 * (size_t)BLOCK_BYTES);
    block_reader_init(&reader, 16 * (size_t)BLOCK_BYTES);
    block_reader_start(&reader, &file, 0);
    while (!reader.ended)
        CHECK_INT(slide(0), ERR_NONE);
    CHECK(is_in_place());
    CHECK(reader.capacity > 4 * (size_t)BLOCK_BYTES);
    block_reader_start(&reader, &file, 0);
    CHECK_INT(reader.capacity, 0);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK(is_in_place());
    end();
}

TEST(a_file_that_shrinks_just_ends)
{
    begin(3 * (size_t)BLOCK_BYTES);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(truncate(scratch("a"), BLOCK_BYTES + 100), 0);
    CHECK_INT(slide(BLOCK_BYTES), ERR_NONE);
    CHECK_INT(reader.len, 100);
    CHECK(reader.ended && is_in_place());
    end();
}

TEST(a_file_that_shrinks_below_its_start_just_ends)
{
    begin(2 * (size_t)BLOCK_BYTES);
    CHECK_INT(truncate(scratch("a"), 0), 0);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_INT(reader.len, 0);
    CHECK(reader.ended);
    end();
}

TEST(a_file_that_grows_is_read_to_its_old_end_at_least)
{
    begin(1000);
    int fd = open(scratch("a"), O_WRONLY | O_APPEND);
    for (unsigned i = 1000; i < 3000; i++) {
        uint8_t byte = byte_at(i);
        CHECK_INT(write(fd, &byte, 1), 1);
    }
    close(fd);
    while (!reader.ended)
        CHECK_INT(slide(0), ERR_NONE);
    CHECK(reader.len >= 1000 && reader.len <= 3000);
    CHECK(is_in_place());
    end();
}

TEST(a_stream_is_read_from_front_to_back)
{
    int ends[2];

    CHECK_INT(pipe(ends), 0);
    struct file stream = {.fd = ends[0], .facts = {.kind = FILE_STREAM}};
    block_reader_init(&reader, MAX);
    block_reader_start(&reader, &stream, 0);
    CHECK_INT(write(ends[1], "abc", 3), 3);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_STR(((struct str){(const char *)reader.at, reader.len}), "abc");
    CHECK(!reader.ended);
    CHECK_INT(write(ends[1], "def", 3), 3);
    CHECK_INT(slide(2), ERR_NONE);
    CHECK_STR(((struct str){(const char *)reader.at, reader.len}), "cdef");
    CHECK_INT(reader.offset, 2);
    close(ends[1]);
    CHECK_INT(slide(0), ERR_NONE);
    CHECK_STR(((struct str){(const char *)reader.at, reader.len}), "cdef");
    CHECK(reader.ended);
    block_reader_free(&reader);
    close(ends[0]);
}

TEST(a_refusal_of_the_system_is_passed_on)
{
    struct file none = {.fd = -1, .facts = {.kind = FILE_REGULAR, .size = 10}};

    block_reader_init(&reader, MAX);
    block_reader_start(&reader, &none, 0);
    CHECK(slide(0) != ERR_NONE);
    CHECK_INT(reader.len, 0);
    block_reader_free(&reader);
}
