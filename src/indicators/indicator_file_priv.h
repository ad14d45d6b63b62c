/* indicator_file_priv.h - what the readers of the single forms share. Private to indicators/. */
#ifndef INDICATORS_INDICATOR_FILE_PRIV_H
#define INDICATORS_INDICATOR_FILE_PRIV_H

#include "codec/json.h"
#include "core/map.h"
#include "indicators/indicator_file.h"
#include "indicators/indicator_text.h"

struct indicator_reading {
    struct indicator_set *set;
    struct arena *arena; /* the set's */
    struct arena *scratch;
    struct indicator_file *file;
    struct buf refanged, key;
    uint32_t plain_origin; /* of what has nothing to say for itself; INDICATOR_NONE: not made yet */
};

/* One text that is an indicator. True if it is used; else the remark was made. */
bool indicator_take(struct indicator_reading *reading, enum indicator_kind kind, struct str text,
                    uint32_t origin);
void indicator_remark(struct indicator_reading *reading, enum indicator_remark_kind kind,
                      struct str reason, struct str example);
/* A value of a MISP type ("filename|md5", "ip-dst") or of another name for one. */
void indicator_take_typed(struct indicator_reading *reading, struct str type, struct str value,
                          uint32_t origin);
/* A copy in the set's arena, well-formed and not too long for a title. */
struct str indicator_kept(struct indicator_reading *reading, struct str text);
/* The origin of a file's indicators that say nothing of themselves. */
uint32_t indicator_plain_origin(struct indicator_reading *reading);
/* "T1505.003" anywhere in a text that is a word of its own; false: there is none. */
bool indicator_technique(struct str text, struct str *technique);

/* ---- JSON ---- */

/* A member that is wanted; `value` is its exact bytes, empty if it is not there. */
struct indicator_member {
    struct str name;
    struct str value;
};

/* Finds the wanted members of an object (exact bytes of a checked JSON text). */
void indicator_members(struct str object, struct indicator_member *members, size_t count);
/* Goes through an array: false at its end. `json` is opened over it with indicator_array. */
bool indicator_array(struct str array, struct json_reader *json);
bool indicator_element(struct json_reader *json, struct str *element);
/* The text of a string, in `arena`; of other values what is written; empty for null. */
struct str indicator_string(struct str value, struct arena *arena);

/* ---- forms ---- */

/* False: it is no STIX or MISP at all. */
bool indicator_read_stix(struct indicator_reading *reading, struct str json);
bool indicator_read_misp(struct indicator_reading *reading, struct str json);
/* False: it has no header and no column of indicators. */
bool indicator_read_csv(struct indicator_reading *reading, struct str text);
void indicator_read_list(struct indicator_reading *reading, struct str text);

/* Takes all indicators of a pattern, or none, with a remark. */
void indicator_take_pattern(struct indicator_reading *reading, struct str pattern, uint32_t origin);

#endif
