/* zone.c - see zone.h. */
#include "engine/zone.h"

#include "os/file.h"

#define FOLDER "/usr/share/zoneinfo/"
#define FILE_BYTES_MAX ((size_t)1 << 20)
#define NAME_BYTES_MAX 100u

/* Letters, digits and a few signs; no way out of the folder. */
static bool is_name(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        bool letter = (c >= 'a' && c <= 'z') || ascii_is_digit(c);
        if (!letter && (i == 0 || str_find_byte(STR("/_-+"), c) == 4))
            return false;
    }
    return text.len > 0 && text.len <= NAME_BYTES_MAX;
}

enum err zone_load(const char *text, struct arena *arena, struct time_zone *zone, struct why *why)
{
    struct str name = text ? str_from(text) : STR("UTC");
    struct buf bytes;

    if (time_zone_from_offset(name, zone))
        return ERR_NONE;
    enum err err = ERR_NOT_FOUND;
    buf_init(&bytes, FILE_BYTES_MAX);
    if (is_name(name))
        err = file_read_whole(arena_printf(arena, FOLDER "%.*s", STR_ARG(name)).at, FILE_BYTES_MAX,
                              &bytes);
    if (!err && !time_zone_from_file(buf_str(&bytes), arena, zone))
        err = ERR_INVALID;
    buf_free(&bytes);
    zone->name = name;
    if (err)
        why_set(why,
                "--timezone %.*s: it is no offset such as +09:00 and no zone in " FOLDER
                " such as Europe/Berlin",
                STR_ARG(name));
    return err;
}
