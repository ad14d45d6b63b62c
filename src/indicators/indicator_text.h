/* indicator_text.h - what a text of a list means, and the form in which it is looked for.
 *
 * Keys: addresses are 16 bytes, nets these and the number of bits; domains, mail addresses, hashes,
 * file names and paths are folded; of URLs the scheme and the host are, the rest stands as it is.
 * Folding makes small letters of large ones and makes no ASCII of what is none. */
#ifndef INDICATORS_INDICATOR_TEXT_H
#define INDICATORS_INDICATOR_TEXT_H

#include "core/buf.h"
#include "indicators/indicator_set.h"

#define INDICATOR_NET_BYTES 17u
#define INDICATOR_SCHEME_MAX 16u        /* letters and digits of a URL's scheme */
#define INDICATOR_LOCAL_MAX 64u         /* bytes before the '@' of a mail address */
#define INDICATOR_GUESS INDICATOR_KINDS /* its shape says what it is */

/* Undoes what keeps people from clicking: hxxp, [.], (dot), [:], [at] and the like. The result is
 * `text` itself or lies in `out`. */
struct str indicator_refang(struct str text, struct buf *out);

/* Puts the key of `text` into `key`, which it resets, and says what it is in *kind, which holds
 * what the list says it is. NULL, or why it cannot be used: a static sentence part, such as "a
 * public suffix". *doubt: NULL, or what a person should know, such as "a private address". */
const char *indicator_read(struct str text, enum indicator_kind *kind, struct buf *key,
                           const char **doubt);

/* The net of an address; false: an IPv4 address is in no such net of IPv6. */
bool indicator_net_key(const struct address *address, uint32_t bits, char out[INDICATOR_NET_BYTES]);
/* Of a URL's key: the host, without brackets and port. */
struct str indicator_url_host(struct str key);
/* False: the host is no address. */
bool indicator_url_address(struct str key, struct address *address);
/* Appends the key of a URL as it is found in evidence; false if it is none. Without a scheme it
 * starts with its host. */
bool indicator_url_key(struct str url, struct buf *key);
/* Folds as keys are folded. */
void indicator_fold(struct str text, struct buf *out);
/* A key for people. */
struct str indicator_shown(enum indicator_kind kind, struct str key, struct arena *arena);

#endif
