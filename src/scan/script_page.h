/* script_page.h - the code in a file that a web server runs: PHP between its tags, ASP, ASP.NET and
 * JSP between theirs, whatever stands around it. */
#ifndef SCAN_SCRIPT_PAGE_H
#define SCAN_SCRIPT_PAGE_H

#include "scan/script_token.h"

struct script_page {
    bool has_code;
    enum script_language language; /* of the first code */
    bool is_image;                 /* it begins as one */
    bool is_encoded;               /* VBScript.Encode: what it does stays unknown */
    bool runs_expression;          /* JSP: an expression outside of code reaches for classes */
    bool in_codes;                 /* Java written in \u escapes */
};

/* Whether a file that begins like this may be one: 0 to 100. */
int script_page_probe(struct str head);

/* The language of its first code. */
enum script_language script_page_language(struct str file);
struct str script_language_name(enum script_language language);

/* Appends all code of the file as tokens. */
void script_page_read(struct str file, struct script_tokens *tokens, struct script_page *page);

#endif
