/* indicator_set.h - what is known to be hostile: addresses, domains, URLs, hashes, file names, mail
 * addresses; millions of them.
 *
 * Filled by the readers (indicator_file.h), compiled once, then immutable and shared by all
 * threads. Equal indicators of several files are one, and keep what each of them says. An indicator
 * goes by its index, which depends on the files and their order alone. */
#ifndef INDICATORS_INDICATOR_SET_H
#define INDICATORS_INDICATOR_SET_H

#include "core/arena.h"
#include "core/buf.h"
#include "match/token_sieve.h"
#include "model/level.h"

#define INDICATORS_MAX 20000000u
#define INDICATOR_BYTES_MAX 2048u
#define INDICATOR_NONE UINT32_MAX

enum indicator_kind {
    INDICATOR_ADDRESS,
    INDICATOR_NET,
    INDICATOR_DOMAIN,
    INDICATOR_URL,
    INDICATOR_HASH,
    INDICATOR_FILE,
    INDICATOR_PATH,
    INDICATOR_EMAIL,
    INDICATOR_KINDS
};

/* What one place says about its indicators. All texts live in the set's arena. */
struct indicator_origin {
    struct str file;  /* as it was named */
    struct str id;    /* of STIX or MISP; empty: it has none */
    struct str about; /* what it is a sign of; may be empty */
    enum level level;
    struct str *attack; /* "T1505.003" */
    uint32_t attack_count;
    bool has_until; /* it holds for events before `until_ns` */
    int64_t until_ns;
};

struct indicator_set;

struct indicator_set *indicator_set_new(void);
void indicator_set_free(struct indicator_set *set); /* accepts NULL */
struct arena *indicator_set_arena(struct indicator_set *set);
/* The number to add indicators with. */
uint32_t indicator_set_origin(struct indicator_set *set, const struct indicator_origin *origin);
/* `key` is what indicator_text.h makes of a text. False: the set is full. */
MUST_USE bool indicator_set_add(struct indicator_set *set, enum indicator_kind kind, struct str key,
                                uint32_t origin);
/* Behind the last one; `secret` is for the hashes. */
void indicator_set_compile(struct indicator_set *set, uint64_t secret);

uint32_t indicator_set_count(const struct indicator_set *set);
uint64_t indicator_set_duplicates(const struct indicator_set *set);
const struct token_sieve *indicator_set_sieve(const struct indicator_set *set);
/* INDICATOR_NONE if there is none. */
uint32_t indicator_set_find(const struct indicator_set *set, enum indicator_kind kind,
                            struct str key);
/* Calls `hit` for the address itself and each net that holds it. */
void indicator_set_find_address(const struct indicator_set *set, const struct address *address,
                                void (*hit)(void *context, uint32_t index), void *context);

/* How grave it is that an event of this time has it: the gravest that is said of it; what expired
 * before the event is low at most. */
enum level indicator_set_level(const struct indicator_set *set, uint32_t index, bool has_time,
                               int64_t time_ns, bool *expired);

struct indicator {
    enum indicator_kind kind;
    struct str text; /* for people */
    struct str id;   /* the first that is given, else `x-` and 16 digits of a hash */
    struct str title;
    struct str *attack; /* distinct */
    uint32_t attack_count;
};

/* Texts live in `arena` or in the set. */
void indicator_set_describe(const struct indicator_set *set, uint32_t index, struct arena *arena,
                            struct indicator *indicator);
struct str indicator_kind_name(enum indicator_kind kind); /* "domain" */

#endif
