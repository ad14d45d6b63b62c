/* script_flow.h - where the values come from that a script runs, includes and writes.
 *
 * The tokens are read in order, several times, and each value keeps where it comes from: from the
 * client, another host, a decoder. Branches are not told apart: what may be, counts. What a script
 * does with such values are signs, each with points: see docs/web-detection.md. */
#ifndef SCAN_SCRIPT_FLOW_H
#define SCAN_SCRIPT_FLOW_H

#include "scan/script_token.h"

enum script_origin {
    ORIGIN_INPUT = 1,       /* the client */
    ORIGIN_FAR = 2,         /* the client, through a parameter or a member */
    ORIGIN_UPLOAD = 4,      /* a file that the client sends */
    ORIGIN_REMOTE = 8,      /* another host */
    ORIGIN_STORED = 16,     /* a file, a database, a session */
    ORIGIN_DECODED = 32,    /* a decoder */
    ORIGIN_ASSEMBLED = 64,  /* characters or pieces */
    ORIGIN_ENCODED = 128,   /* a long text that is not readable as it stands */
    ORIGIN_PARAMETER = 256, /* a parameter of a function: whatever it is called with */
    ORIGIN_UNDEFINED = 512, /* a variable that nothing sets */
    ORIGIN_ESCAPED = 1024,  /* made harmless for a command line, in part at least */
    ORIGIN_SHELL = 2048,    /* an object that runs commands, or looks code up by name */
    ORIGIN_TEXT = 4096      /* a readable text, in part at least */
};

#define ORIGINS_CLIENT (ORIGIN_INPUT | ORIGIN_FAR | ORIGIN_UPLOAD)
#define ORIGINS_HIDDEN (ORIGIN_DECODED | ORIGIN_ASSEMBLED | ORIGIN_ENCODED)

struct script_value {
    uint32_t origins;
    bool known;      /* it is this text */
    struct str text; /* borrowed, as all of them */
    struct str head; /* what it begins with, as far as that is known */
    struct str tail; /* what it ends with */
};

/* What is done with a value. */
enum script_deed {
    DEED_EVALUATES,
    DEED_COMMANDS,
    DEED_CALLS,
    DEED_INCLUDES,
    DEED_WRITES,
    DEED_STORES_UPLOAD,
    DEED_DEFINES,
    DEED_INVOKES,
    DEED_CONNECTS,
    SCRIPT_DEEDS
};

struct script_sign {
    uint32_t points; /* 0: not seen. 8 and more: hardly anything else than a web shell; 5: seldom;
                        2: worth a look */
    uint32_t line;
    uint32_t origins;
    struct str name; /* of the function, or empty; borrowed */
};

struct script_signs {
    struct script_sign at[SCRIPT_DEEDS]; /* by deed, the one with the most points */
    uint32_t includes;                   /* of fixed files */
    uint32_t calls;                      /* of anything */
    uint32_t inputs;                     /* places where the client's values are taken */
    uint32_t functions;                  /* defined here */
};

/* Follows the values through the tokens. `small`: the whole script is short. */
void script_flow_run(const struct script_tokens *tokens, bool small, struct arena *arena,
                     struct script_signs *signs);

#endif
