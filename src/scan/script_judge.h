/* script_judge.h - is a script a web shell? What it does with what a client sends, how it hides,
 * and what it brings along, as one verdict. */
#ifndef SCAN_SCRIPT_JUDGE_H
#define SCAN_SCRIPT_JUDGE_H

#include "model/level.h"
#include "scan/known_good.h"
#include "scan/script_page.h"

/* What was found, as findings name it. */
enum script_subject {
    SCRIPT_WORTH_A_LOOK,
    SCRIPT_SUSPECTED,
    SCRIPT_WEB_SHELL,
    SCRIPT_CHANGED, /* against a file that is known to be good */
    SCRIPT_ADDED,
    SCRIPT_SUBJECTS
};

struct script_subject_facts {
    struct str id, title;
    enum level level;
    struct str attack; /* ATT&CK technique */
};

struct script_verdict {
    bool found;
    enum script_subject subject;
    uint32_t points;
    uint32_t line;   /* of what counts most, from 1 */
    struct str why;  /* one sentence */
    struct str code; /* that line, or the beginning of it; borrowed from the file */
};

/* `subject` below SCRIPT_SUBJECTS. */
struct script_subject_facts script_subject(uint32_t subject);

/* Not thread-safe: it keeps its memory from file to file. */
struct script_judge;

struct script_judge *script_judge_new(void);
void script_judge_free(struct script_judge *judge); /* accepts NULL */
/* What the comparison with known good files adds to it. Texts live as the verdict's. */
void script_judge_compared(struct script_judge *judge, struct str file, enum known_state state,
                           struct str original, struct script_verdict *verdict);
/* Texts of the verdict live until the next call. */
void script_judge_file(struct script_judge *judge, struct str file, struct script_verdict *verdict);

#endif
