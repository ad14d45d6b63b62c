/* utf.h - UTF-16 to UTF-8, checking and repairing UTF-8, and simple case folding (Unicode, statuses
 * C and S of CaseFolding.txt: one character to one character; `sigma.md` row S8).
 *
 * What cannot be decoded becomes U+FFFD, never a lost value. */
#ifndef CODEC_UTF_H
#define CODEC_UTF_H

#include "core/arena.h"
#include "core/buf.h"

/* Decodes `len` bytes of UTF-16LE (an odd last byte becomes U+FFFD) to `out`, which has room for
 * UTF8_SIZE_OF_UTF16(len) bytes. Returns the bytes written. NUL characters are kept. */
#define UTF8_SIZE_OF_UTF16(len) ((len) / 2 * 3 + 3)
size_t utf16le_to_utf8(const uint8_t *in, size_t len, char *out);

bool utf8_is_valid(struct str s);
/* How many bytes stand before the first ill-formed sequence; s.len if there is none. */
size_t utf8_valid_length(struct str s);
/* Appends `s` with every ill-formed sequence (maximal subpart) replaced by U+FFFD. */
void utf8_repair(struct str s, struct buf *out);
/* The text itself if it is well-formed, else one in the arena that was repaired. */
struct str utf8_checked(struct str s, struct arena *arena);
/* The beginning of a text, at most `max` bytes, not cut inside a character. */
struct str utf8_cut(struct str s, size_t max);

/* Takes one character; where the text is ill-formed U+FFFD, with the length of the ill-formed part
 * (1 to 3 bytes). Text must not be empty. */
uint32_t utf8_take(struct str *s);
/* Whether `c`, taken from the start of `before`, stands for an ill-formed part: U+FFFD may also
 * stand in the text as such. */
bool utf8_is_ill_formed(uint32_t c, struct str before);
/* Writes 1 to 4 bytes, returns how many. Surrogates and values above U+10FFFF become U+FFFD. */
size_t utf8_put(uint32_t character, char *out);

uint32_t fold_character(uint32_t character);
/* Folds `s` into `out`, which has room for FOLD_SIZE(s.len) bytes. Returns the bytes written. */
#define FOLD_SIZE(len) ((len)*2 + 4)
size_t fold_str(struct str s, char *out);

#endif
