/* taxonomy_files.c - the taxonomy that ships with the program. */
#include "vectors/taxonomy_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

bool file_text(const char *path, struct arena *arena, struct str *text)
{
    FILE *file = fopen(path, "rb");
    long size = -1;

    if (!file)
        return false;
    if (fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    rewind(file);
    if (size >= 0) {
        char *bytes = arena_alloc_bytes(arena, (size_t)size + 1);

        *text = (struct str){bytes, fread(bytes, 1, (size_t)size, file)};
    }
    fclose(file);
    return size >= 0 && text->len == (size_t)size;
}

static int is_yaml(const struct dirent *entry)
{
    return str_ends_with(str_from(entry->d_name), STR(".yml"));
}

static void add_file(struct taxonomy *taxonomy, const char *path)
{
    struct why why = {"it cannot be read"};
    struct str text;

    if (!file_text(path, taxonomy->arena, &text) ||
        taxonomy_add(taxonomy, str_from(path), text, &why) != ERR_NONE) {
        printf("# %s: %s\n", path, why.text);
        exit(1);
    }
}

void taxonomy_files_add(struct taxonomy *taxonomy)
{
    const char *folder = PROJECT_ROOT "/share/taxonomy";
    struct dirent **files;
    int count = scandir(folder, &files, is_yaml, alphasort);

    if (count < 1) {
        printf("# nothing in %s\n", folder);
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", folder, files[i]->d_name);
        add_file(taxonomy, path);
        free(files[i]);
    }
    free(files);
}
