/* spelling.c - the distance between two words: letters that are missing, too many, others, or
 * exchanged with their neighbour. Case does not count much. */
#include "rules/spelling.h"

#define WORD_BYTES_MAX 48u
#define CASE_COST 1u /* of a whole edit: a word in other capitals is nearer than any other */
#define EDIT_COST 8u

struct spelling spelling_of(struct str word)
{
    return (struct spelling){.word = word, .nearest = STR_EMPTY, .distance = UINT32_MAX};
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned exchange_cost(char a, char b)
{
    return a == b ? 0 : ascii_lower(a) == ascii_lower(b) ? CASE_COST : EDIT_COST;
}

static unsigned distance(struct str a, struct str b)
{
    unsigned rows[3][WORD_BYTES_MAX + 1];

    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = (unsigned)j * EDIT_COST;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = (unsigned)i * EDIT_COST;
        for (size_t j = 1; j <= b.len; j++) {
            row[j] = least(least(above[j], row[j - 1]) + EDIT_COST,
                           above[j - 1] + exchange_cost(a.at[i - 1], b.at[j - 1]));
            if (i > 1 && j > 1 && ascii_lower(a.at[i - 1]) == ascii_lower(b.at[j - 2]) &&
                ascii_lower(a.at[i - 2]) == ascii_lower(b.at[j - 1]))
                row[j] = least(row[j], second[j - 2] + EDIT_COST);
        }
    }
    return rows[a.len % 3][b.len];
}

void spelling_try(struct spelling *spelling, struct str known)
{
    size_t len = spelling->word.len < known.len ? spelling->word.len : known.len;
    unsigned most = len < 4 ? 1 : len < 8 ? 2 : 3; /* edits, by the shorter of the two */

    if (len == 0 || spelling->word.len > WORD_BYTES_MAX || known.len > WORD_BYTES_MAX)
        return;
    unsigned found = distance(spelling->word, known);
    if (found / EDIT_COST > most || found >= spelling->distance)
        return;
    spelling->distance = found;
    spelling->nearest = known;
}
