/* test_piece_queue.c: files are opened, recognised and cut in order, whoever takes the pieces. */
#include "engine/piece_queue.h"

#include "unit/os/scratch_folder.h"

static struct evidence evidence;
static struct piece_queue queue;
static struct buf told;

static void tell(void *context, const struct file_message *file)
{
    static const char letters[] = "orEU!";

    (void)context;
    buf_printf(&told, "%u%c ", file->file, letters[file->progress]);
}

static void begin(const char *folder, const struct file_start *starts)
{
    const char *path = scratch(folder);

    buf_free(&told);
    buf_init(&told, 1u << 16);
    evidence_list(&evidence, &path, 1);
    piece_queue_init(&queue, &evidence, starts, tell, NULL);
}

static void end(void)
{
    struct piece piece;

    CHECK(!piece_queue_take(&queue, &piece));
    CHECK(!piece_queue_take(&queue, &piece));
    piece_queue_free(&queue);
    evidence_free(&evidence);
}

TEST(opens_and_recognises_one_file_after_the_other)
{
    struct piece piece;

    scratch_begin();
    scratch_folder("f");
    scratch_text("f/0.json", "{\"a\":1}\n");
    scratch_text("f/1", "");
    scratch_text("f/2", "buy milk");
    scratch_text("f/3", "{\"b\":1}\n{\"b\":2}\n");
    scratch_text("f/4", "x");
    begin("f", NULL);
    CHECK(unlink(scratch("f/4")) == 0);
    CHECK(piece_queue_take(&queue, &piece));
    CHECK_STR(buf_str(&told), "0o 0r ");
    CHECK(piece.file->index == 0 && piece.number == 0 && piece.begin == 0 && piece.end == 8);
    CHECK(piece.last && strcmp(piece.file->format->name, "json") == 0);
    piece_queue_return(&queue, &piece);
    CHECK(piece_queue_take(&queue, &piece));
    CHECK_STR(buf_str(&told), "0o 0r 1o 1E 2o 2U 3o 3r ");
    CHECK(piece.file->index == 3 && piece.end == 16 && piece.last);
    piece_queue_return(&queue, &piece);
    end();
    buf_add_char(&told, '\0');
    CHECK(strstr(told.at, "4o 4! "));
}

/* A file of lines, some of them longer than what is tried first when a place to cut is sought. */
static uint64_t write_lines(const char *name, unsigned count, size_t long_bytes)
{
    FILE *file = fopen(scratch(name), "w");

    if (!file)
        abort();
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "{\"number\":%u,\"text\":\"", i);
        for (size_t n = 0; n < (i % 50 == 7 ? long_bytes : 1000); n++)
            fputc('x', file);
        fputs("\"}\n", file);
    }
    uint64_t size = (uint64_t)ftell(file);
    fclose(file);
    return size;
}

TEST(pieces_are_cut_at_lines_and_cover_the_file)
{
    struct piece piece;
    uint64_t next = 0, number = 0;

    scratch_folder("g");
    uint64_t size = write_lines("g/a.json", 10000, 200000);
    begin("g", NULL);
    while (piece_queue_take(&queue, &piece)) {
        char before = '\n';
        CHECK(piece.begin == next && piece.number == number && piece.end > piece.begin);
        if (piece.begin > 0)
            CHECK_INT(pread(piece.file->file.fd, &before, 1, (off_t)piece.begin - 1), 1);
        CHECK_INT(before, '\n');
        next = piece.end;
        number++;
        CHECK(piece.last == (next == size));
        piece_queue_return(&queue, &piece);
    }
    CHECK_INT(next, size);
    CHECK_INT(number, (size + PIECE_BYTES - 1) / PIECE_BYTES);
    end();
}

TEST(an_uncut_file_is_one_piece)
{
    struct piece piece;

    scratch_folder("u");
    uint64_t size = write_lines("u/a.json", 10000, 2000);
    CHECK(size > PIECE_BYTES);
    begin("u", NULL);
    queue.uncut = true;
    CHECK(piece_queue_take(&queue, &piece));
    CHECK(piece.begin == 0 && piece.end == size && piece.last);
    piece_queue_return(&queue, &piece);
    end();
}

TEST(goes_on_where_another_worker_ended)
{
    struct piece piece;
    uint64_t second = 0;

    scratch_text("g/b.json", "{\"b\":1}\n");
    begin("g", NULL);
    CHECK(piece_queue_take(&queue, &piece));
    second = piece.end;
    piece_queue_return(&queue, &piece);
    piece_queue_free(&queue);
    evidence_free(&evidence);

    struct file_start starts[] = {{.piece = 1, .offset = second}, {.skip = true}};
    begin("g", starts);
    CHECK(piece_queue_take(&queue, &piece));
    CHECK(piece.number == 1 && piece.begin == second);
    piece_queue_return(&queue, &piece);
    while (piece_queue_take(&queue, &piece)) {
        CHECK_INT(piece.file->index, 0);
        piece_queue_return(&queue, &piece);
    }
    CHECK_STR(buf_str(&told), "0o 0r ");
    end();
}

TEST(a_file_stays_open_while_a_piece_of_it_is_out)
{
    struct piece first, second;
    char byte;

    scratch_folder("h");
    scratch_text("h/a.json", "{\"a\":1}\n");
    scratch_text("h/b.json", "{\"b\":1}\n");
    begin("h", NULL);
    CHECK(piece_queue_take(&queue, &first));
    CHECK(piece_queue_take(&queue, &second));
    CHECK(first.sequence < second.sequence);
    piece_queue_return(&queue, &second);
    CHECK_INT(pread(first.file->file.fd, &byte, 1, 2), 1);
    CHECK_INT(byte, 'a');
    piece_queue_return(&queue, &first);
    end();
}

TEST(a_stream_is_one_piece_without_an_end)
{
    const char *path = scratch("pipe");
    struct piece piece;

    CHECK(mkfifo(path, 0600) == 0);
    int writer = open(path, O_RDWR);
    buf_reset(&told);
    evidence_list(&evidence, &path, 1);
    piece_queue_init(&queue, &evidence, NULL, tell, NULL);
    CHECK(piece_queue_take(&queue, &piece));
    CHECK(piece.end == UINT64_MAX && piece.last && !piece.file->format);
    CHECK_STR(buf_str(&told), "0o "); /* its thread looks at it */
    piece_queue_return(&queue, &piece);
    end();
    close(writer);
    scratch_end();
    buf_free(&told);
}
