/* replay_main.c - runs a fuzz harness over the files it is given, or all files of the folders it is
 * given, without libFuzzer: the corpus is replayed in every ordinary test run. Each input lies in a
 * block of exactly its size, so that AddressSanitizer sees a read past its end. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static unsigned input_count;

static void replay_bytes(const char *bytes, size_t len)
{
    uint8_t *block = malloc(len ? len : 1);

    if (!block)
        abort();
    memcpy(block, bytes, len);
    (void)LLVMFuzzerTestOneInput(block, len);
    free(block);
    input_count++;
}

/* False if the file cannot be read. */
static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat facts;
    char *bytes;
    bool whole;

    if (!file)
        return false;
    if (fstat(fileno(file), &facts) || !S_ISREG(facts.st_mode)) {
        fclose(file);
        return false;
    }
    bytes = malloc((size_t)facts.st_size + 1);
    if (!bytes)
        abort();
    whole = fread(bytes, 1, (size_t)facts.st_size, file) == (size_t)facts.st_size;
    fclose(file);
    if (whole)
        replay_bytes(bytes, (size_t)facts.st_size);
    free(bytes);
    return whole;
}

static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    int failed = 0;

    for (int i = 0; i < count; i++) {
        char path[4096];

        if (entries[i]->d_name[0] != '.') {
            int len = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);

            if (len < 0 || (size_t)len >= sizeof path || !replay_file(path)) {
                printf("# cannot read %s/%s\n", folder, entries[i]->d_name);
                failed = 1;
            }
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    replay_bytes("", 0);
    replay_bytes("\n", 1);
    for (int i = 1; i < argc; i++) {
        struct stat facts;

        if (stat(argv[i], &facts)) /* a target without a corpus of its own yet */
            continue;
        if (S_ISDIR(facts.st_mode))
            failed |= replay_folder(argv[i]);
        else
            failed |= !replay_file(argv[i]);
    }
    printf("# %u inputs replayed\n", input_count);
    return failed;
}
