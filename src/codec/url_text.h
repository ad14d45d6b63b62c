/* url_text.h - a request's target as the server reads it (RFC 3986, section 2.1; + for a blank as
 * forms write it, HTML 4.01, section 17.13.4). */
#ifndef CODEC_URL_TEXT_H
#define CODEC_URL_TEXT_H

#include "core/arena.h"

/* %XX undone once, and behind the first question mark (from the start, if `in_query`) + for a
 * blank. What is no UTF-8 then becomes U+FFFD. The text itself if there is nothing to undo, else a
 * copy in the arena. */
struct str url_decode(struct str text, bool in_query, struct arena *arena);

#endif
