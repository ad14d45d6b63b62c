/* audit_record.h - one line of the Linux audit log: what it belongs to, and its fields. */
#ifndef FORMATS_AUDIT_RECORD_H
#define FORMATS_AUDIT_RECORD_H

#include "core/arena.h"

/* `node=web-01 type=SYSCALL msg=audit(1795341600.123:456): ...`; slices of the line. */
struct audit_head {
    struct str node; /* empty: none */
    struct str type;
    struct str stamp; /* "1795341600.123:456": records with equal ones are one event */
    struct str rest;
};

/* False: the line is no audit record. */
bool audit_head_read(struct str line, struct audit_head *head);
/* "1795341600.123" and 456. */
bool audit_stamp_read(struct str stamp, struct str *time, uint64_t *serial);

struct audit_field {
    struct str name, value; /* without quotes, as it is written */
    bool quoted;
};
/* Takes the next field off; those that stand inside of msg='...' come as if they stood alone, and
 * so does what auditd adds behind a separator. */
bool audit_field_next(struct str *rest, struct audit_field *field);

/* The name of an argument of EXECVE: "a0", or "a1[0]", "a1[1]" for the parts of a long one.
 * *goes_on: it belongs to the one before. */
bool audit_argument_read(struct str name, bool *goes_on);

/* Texts with signs of their own are written in hexadecimal digits, without quotes. */
bool audit_is_hexadecimal(struct str type, const struct audit_field *field);
/* Decodes pairs of digits to `out`, which has room for half of the text; returns the bytes. */
size_t audit_decode(struct str digits, char *out);

/* The name of a system call of x86-64 or arm64 that rules speak of; empty for any other. */
struct str audit_syscall_name(struct str arch, struct str number);

/* What stands in a socket address: "inet", the address and the port. False for other families. */
struct audit_address {
    struct str family;
    char text[48];
    size_t len;
    uint16_t port;
};
bool audit_address_read(struct str digits, struct audit_address *address);

#endif
