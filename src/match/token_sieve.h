/* token_sieve.h - where in a text something may stand that is known: names with dots, addresses,
 * hashes. Millions of them cost one cache line per place that is looked at.
 *
 * A token is a run of letters, digits, '-', '_', '.' and bytes above 7F. Of a token its key counts:
 * the last two parts between dots, without dots at the end ("evil.com" of "a.evil.com.", "x.exe"
 * of "x.exe"), whatever their (ASCII) case. The sieve holds keys, whole addresses, nets and the
 * beginnings of hashes; what it passes is a superset, to be looked up by the caller.
 *
 * Addresses are four numbers as a whole token, or a run of hexadecimal digits and colons. Hashes
 * are runs of letters and digits that are hexadecimal and as long as one. */
#ifndef MATCH_TOKEN_SIEVE_H
#define MATCH_TOKEN_SIEVE_H

#include "match/cidr.h"

struct token_sieve;

struct token_counts {
    size_t names, addresses, hashes; /* nets need no room */
};

/* Room for so many keys at the rate of false hits that it is made for (below 1 in 150); `key` is
 * secret, for the hash. */
struct token_sieve *token_sieve_new(const struct token_counts *counts, uint64_t key);
void token_sieve_free(struct token_sieve *sieve); /* accepts NULL */

/* Adds the key of the last token in `text`; false: there is none ("+++"). */
bool token_sieve_add_name(struct token_sieve *sieve, struct str text);
void token_sieve_add_address(struct token_sieve *sieve, const struct address *address);
void token_sieve_add_net(struct token_sieve *sieve, const struct cidr *net);
void token_sieve_add_hash(struct token_sieve *sieve, struct str hex);

enum token_kind {
    TOKEN_NAME,    /* the whole token, dots at its end left out */
    TOKEN_ADDRESS, /* `address` is what it says */
    TOKEN_HASH
};

struct token_place {
    enum token_kind kind;
    size_t start, end;
    struct address address;
};

enum token_form { TOKEN_UTF8, TOKEN_JSON_ESCAPED, TOKEN_UTF16LE };

/* One thread's working memory, for one sieve. */
struct token_scratch;

struct token_scratch *token_scratch_new(void);
void token_scratch_free(struct token_scratch *scratch); /* accepts NULL */

/* Longest text in UTF-16 that is looked at without being decoded, in bytes; others pass. */
#define TOKEN_UTF16_BYTES_MAX 65536u

/* False: nothing that the sieve holds is in the text, once it is decoded. */
bool token_sieve_passes(const struct token_sieve *sieve, enum token_form form, struct str raw,
                        struct token_scratch *scratch);
/* Calls `found` for each place of a decoded text, in any order; a place may come twice. */
void token_sieve_scan(const struct token_sieve *sieve, struct str text,
                      void (*found)(void *context, const struct token_place *place), void *context);

/* Lengths of hashes in hexadecimal: MD5, SHA-1, -224, -256, -384, -512. */
bool token_is_hash(struct str text);
bool token_has(uint8_t byte); /* whether tokens consist of it */

#endif
