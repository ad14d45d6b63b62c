/* csv_header.h - the header line of a CSV export, its fields, and what is written of them as JSON.
 */
#ifndef FORMATS_CSV_HEADER_H
#define FORMATS_CSV_HEADER_H

#include "formats/json_priv.h"

#define CSV_COLUMNS_MAX 1024u /* further ones go by their numbers */
#define CSV_NONE UINT32_MAX

struct csv_header {
    char separator;        /* one of , ; and tab */
    uint32_t count;        /* fields; 0: none was read */
    uint32_t provider;     /* which field names the provider; CSV_NONE */
    uint32_t message;      /* which one holds the rendered message; CSV_NONE */
    bool padded;           /* a name has blanks around it */
    enum json_shape shape; /* what the names say */
    struct buf keys;       /* owned: names as JSON, each with its colon */
    uint32_t key_ends[CSV_COLUMNS_MAX];
};

void csv_header_init(struct csv_header *header);
void csv_header_free(struct csv_header *header);
void csv_header_reset(struct csv_header *header);

/* A line in front of the header: "#TYPE ..." of PowerShell, "sep=;" of Excel. */
bool csv_is_preamble(struct str line);
/* A line of the logs of Exchange that is no record: "#Software: ..." and so on, anywhere. */
bool csv_is_remark(struct str line);
/* What stands behind "#Fields: ", which is a header; empty: it is another line. */
struct str csv_header_text(struct str line);
void csv_header_read(struct csv_header *header, struct str line);
/* How sure we are that this line is one, 0 to 100, with a record of so many fields behind it (0:
 * there is none). */
int csv_header_judge(struct csv_header *header, struct str line, uint32_t record_fields);

/* Takes the next field off a record. *more: a separator stood behind it. What has doubled quotes is
 * written to `space`, valid until the next call. */
struct str csv_take_cell(struct str *rest, char separator, struct buf *space, bool *more);

/* Appends a member: a comma if there are `others`, the name of field `index`, and the text. */
void csv_write_cell(const struct csv_header *header, uint32_t index, struct str cell, bool others,
                    struct buf *json);
/* What the provider says beyond its name: in exports of Event Viewer, the channel it writes to. */
void csv_write_channel(const struct csv_header *header, struct str provider, struct buf *json);
bool csv_is_sysmon(struct str provider);
/* The lines "Name: value" of a message of Sysmon as members. */
void csv_write_message(struct str message, struct buf *json);

#endif
