/* taxonomy.h - what really records a Sigma log source, and under which names.
 *
 * Data, not code: the files of share/taxonomy, and files of the user's own in the same form
 * (docs/taxonomy.md). An entry:
 *
 *   - category: process_creation     # any of category, product, service; an entry with a category
 *     product: windows               # serves only rules that state that category
 *     service: security
 *     when:                          # all must hold; a list is OR; names are event fields
 *       Channel: Security
 *       Provider_Name: Microsoft-Windows-Security-Auditing
 *       EventID: 4688
 *     needs: Audit Process Creation                         # what to switch on, for people
 *     filled_by:                     # the same for fields that are empty without more
 *       CommandLine: Include command line in process creation events
 *     fields:                        # rule's field: event's field; others stay themselves
 *       Image: NewProcessName
 *       ProcessId: {decimal: NewProcessId}                  # hexadecimal text to decimal
 *       User: {join: [SubjectDomainName, SubjectUserName], with: '\'}
 *       IntegrityLevel: {map: MandatoryLabel, to: {S-1-16-12288: High}}
 *
 * `when` values compare whole, without case; `'*'` means the field is there and not null.
 * `windows: true` beside `when` means a Windows event record of whatever channel; `format: w3c`,
 * or a list, an event found in evidence of that format. An entry has at least one of the three; an
 * empty `when` holds for every event. A rule applies to an event if some
 * entry holds for the event and states everything the rule's log source states (row T1).
 *
 * Derived values: where the event has several values, `decimal` and `map` convert each, `join`
 * takes the first of each field. Null is absent to `join` and `map`.
 */
#ifndef RULES_TAXONOMY_H
#define RULES_TAXONOMY_H

#include "core/arena.h"
#include "core/err.h"
#include "model/event.h"
#include "rules/sigma.h"

enum derivation_kind {
    DERIVE_NONE,    /* a plain other name */
    DERIVE_DECIMAL, /* from[0], "0x1f4" as "500" (up to 64 bits); anything else as it stands */
    DERIVE_JOIN,    /* all of `from`, with `with` between; absent if one is */
    DERIVE_MAP      /* from[0] looked up, without case, in keys -> values; absent if not listed */
};

struct field_mapping {
    struct str rule_field;
    enum derivation_kind kind;
    struct str *from; /* NONE: one name */
    uint32_t from_count;
    struct str with;
    struct str *keys, *values; /* MAP */
    uint32_t map_count;
};

struct taxonomy_test {
    struct str field;
    struct str *values; /* any of them */
    uint32_t value_count;
    bool present; /* '*' */
};

struct filled_by {
    struct str field; /* the event's */
    struct str needs;
};

struct taxonomy_entry {
    struct log_source source;
    bool windows;        /* only Windows event records */
    struct str *formats; /* any of them; none: whatever the format */
    uint32_t format_count;
    struct taxonomy_test *tests;
    uint32_t test_count;
    struct field_mapping *fields;
    uint32_t field_count;
    struct str needs;
    struct filled_by *filled_by; /* fields that need more than `needs` says */
    uint32_t filled_by_count;
    struct str path; /* of the file, and the line, for messages */
    uint32_t line;
};

struct taxonomy {
    struct arena *arena; /* borrowed */
    struct taxonomy_entry *entries;
    uint32_t count, capacity;
    uint32_t tests; /* of all entries */
};

void taxonomy_init(struct taxonomy *taxonomy, struct arena *arena);
/* Adds the entries of one file: a YAML list. Unknown keys and malformed entries refuse the whole
 * file, with line and reason. `path` and `yaml` may go away afterwards. */
MUST_USE enum err taxonomy_add(struct taxonomy *taxonomy, struct str path, struct str yaml,
                               struct why *why);
/* Does this entry serve rules of this log source (row T1)? */
bool taxonomy_serves(const struct taxonomy_entry *entry, const struct log_source *source);
/* Is the event of the kind and format that the entry asks for? `when` is not looked at. */
bool taxonomy_takes(const struct taxonomy_entry *entry, const struct event *event);
/* How a rule's field is called in the events of this entry; NULL: by its own name. */
const struct field_mapping *taxonomy_field(const struct taxonomy_entry *entry,
                                           struct str rule_field);

#endif
