/* script_calls.h - what names that a language or its server brings along do with what they get:
 * one line per name in script_calls.def. */
#ifndef SCAN_SCRIPT_CALLS_H
#define SCAN_SCRIPT_CALLS_H

#include "scan/script_token.h"

enum script_role {
    ROLE_NONE,     /* gives on what it gets */
    ROLE_CLEAN,    /* what it gives says nothing of what it got: a number, a digest, a length */
    ROLE_WORD,     /* of the language: no value */
    ROLE_DECODE,   /* makes readable what was not */
    ROLE_ASSEMBLE, /* makes a text out of characters or pieces */
    ROLE_PATH,     /* the same for a member: what it is a member of does not matter */
    ROLE_INPUT,    /* what the client sends */
    ROLE_REMOTE,   /* what another host sends */
    ROLE_STORED,   /* what lies in files, databases, the environment */
    ROLE_UPLOAD,   /* a file that the client sends */
    ROLE_CONNECT,  /* connects to the host that its argument names */
    ROLE_CODE,     /* runs its argument as code of the language */
    ROLE_COMMAND,  /* runs its argument as a command of the system */
    ROLE_CALLBACK, /* calls its argument with the others */
    ROLE_INCLUDE,  /* runs the file that its argument names */
    ROLE_WRITE,    /* puts its argument into the file that the first one names */
    ROLE_PUT,      /* puts its argument into a file that was opened or received before */
    ROLE_MOVE,     /* gives a file the name in its argument */
    ROLE_DEFINE,   /* makes code out of bytes */
    ROLE_INVOKE,   /* calls what was looked up by name */
    ROLE_LOOKUP,   /* looks code up by name */
    ROLE_OBJECT,   /* makes an object by name, such as a shell's */
    ROLE_RUNNER,   /* runs commands if it belongs to a shell's object */
    ROLE_PROCESS,  /* what runs commands */
    ROLE_EXTRACT,  /* makes variables of what it gets */
    ROLE_ESCAPE    /* makes an argument of a command harmless */
};

#define ANY_ARGUMENT 15u
#define LAST_ARGUMENT 14u
#define SCRIPT_CALL_SLOTS 4096u

struct script_call {
    struct str name; /* in small letters */
    enum script_role role;
    uint8_t languages; /* 1 << script_language */
    uint8_t argument;  /* the one that matters; ANY_ARGUMENT: all do */
};

/* Where each name stands: the same for all threads. */
struct script_calls {
    uint16_t slots[SCRIPT_CALL_SLOTS];
};

void script_calls_init(struct script_calls *calls);
/* The line of a name, from 1; 0: it has none. Letter case does not matter. */
uint16_t script_call_find(const struct script_calls *calls, enum script_language language,
                          struct str name);
/* `call` from 1, or 0: a role that says nothing. */
const struct script_call *script_call(uint16_t call);
static inline enum script_role script_call_role(uint16_t call)
{
    return script_call(call)->role;
}

#endif
