/* decode.h - a request's text as the server saw it in the end.
 *
 * Percent signs, also twice and three times, %uXXXX, `+`, overlong UTF-8, character references of
 * HTML: applied one upon the other until nothing changes (RFC 3986, section 2.1; HTML, section
 * 13.5; what browsers and servers accept beyond them). */
#ifndef WEB_DECODE_H
#define WEB_DECODE_H

#include "core/str.h"

#define WEB_VALUE_BYTES_MAX 8192u /* what is behind is not looked at */

/* Writes the decoded text in small letters (ASCII) to `out`, which has room for
 * WEB_VALUE_BYTES_MAX, and returns it. `plus`: it is a blank, as in a query. */
struct str web_decode(struct str text, bool plus, char out[WEB_VALUE_BYTES_MAX]);

#endif
