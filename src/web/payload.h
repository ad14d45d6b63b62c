/* payload.h - what a client sent in one place of a request, and whether it is an attack.
 *
 * Lists of patterns end where words are ordinary: "select" stands in sentences. So the value is
 * read as the language that it would be an attack in (SQL, HTML, a shell), and judged by what it
 * says there. Texts are decoded before (web/decode.h). */
#ifndef WEB_PAYLOAD_H
#define WEB_PAYLOAD_H

#include "core/str.h"

enum attack_class {
    ATTACK_SQL,
    ATTACK_SCRIPT,     /* cross-site scripting */
    ATTACK_PATH,       /* out of the folder, or to files that are nobody's business */
    ATTACK_COMMAND,    /* of the system's shell */
    ATTACK_EXPRESSION, /* templates, OGNL, JNDI, code of the server's language */
    ATTACK_INCLUSION,  /* addresses that the server is to fetch, external entities */
    ATTACK_OBJECT,     /* serialised objects */
    ATTACK_HOLE,       /* addresses by which known holes are tried (holes.def) */
    ATTACK_CLASSES
};

/* How sure it is, in points. */
#define ATTACK_SURE 5u
/* So many letters in a row have a path cut. */
#define LONG_RUN 64u

struct attack {
    uint32_t points;    /* from ATTACK_SURE on it is one */
    uint32_t heaviest;  /* of what was added */
    const char *reason; /* what that was; static; NULL: nothing */
};

/* Each adds what it sees. `value`: decoded, in small letters (ASCII), not empty. */
struct sql_words;
void judge_sql(const struct sql_words *words, struct str value, struct attack *attack);
void judge_script(struct str value, struct attack *attack);
void judge_path(struct str value, struct attack *attack);
void judge_command(struct str value, struct attack *attack);
void judge_expression(struct str value, struct attack *attack);
void judge_object(struct str value, struct attack *attack);

/* NUL behind the end. */
static inline char char_at(struct str text, size_t i)
{
    return i < text.len ? text.at[i] : '\0';
}

static inline void attack_add(struct attack *attack, uint32_t points, const char *reason)
{
    attack->points += points;
    if (points > attack->heaviest) {
        attack->heaviest = points;
        attack->reason = reason;
    }
}

#endif
