/* sql_words.h - the words of SQL (sql_words.def), to be found by their texts. */
#ifndef WEB_SQL_WORDS_H
#define WEB_SQL_WORDS_H

#include "core/compiler.h"

#include <stdint.h>

#define SQL_PLACES 1024u

/* The same for all threads. */
struct sql_words {
    uint8_t at[SQL_PLACES]; /* number in the table, from 1; 0: none */
};

void sql_words_init(struct sql_words *words);

#endif
