/* run_report.h - what a run read, could not read, knew and found: the summary of every output.
 *
 * An empty result is worthless unless one knows what could have been seen: everything that was
 * passed over is counted here, with an example, and shown. Filled by the engine; lists are bounded
 * there, and every
 * `_count` holds the true number where a list was cut. */
#ifndef MODEL_RUN_REPORT_H
#define MODEL_RUN_REPORT_H

#include "model/coverage.h"
#include "model/incident.h"
#include "model/level.h"
#include "model/movement.h"
#include "model/sighting.h"
#include "model/summary.h"

/* Something about one file (or one place in it) that a person must know. */
struct report_note {
    struct str path;
    struct str text;  /* a sentence without full stop */
    uint64_t offset;  /* where; UINT64_MAX if it concerns the whole file */
    uint64_t size;    /* bytes concerned, 0 if none */
    uint64_t records; /* records lost */
    uint64_t files;   /* for so many files this one note stands; 0: for one */
};

struct report_notes {
    struct report_note *at;
    uint32_t listed;
    uint64_t count; /* all of them, listed or not */
};

struct report_count {
    struct str name;  /* host, shape, format, rule title */
    struct str id;    /* rules: the id */
    enum level level; /* rules: the rule's; hosts: the highest found */
    uint64_t count;
    struct str example; /* "path:line" or empty */
};

struct report_counts {
    struct report_count *at; /* by level, count, name */
    uint32_t listed;
    uint64_t count; /* distinct names */
};

struct report_indicator_file {
    struct str path;
    struct str form; /* "STIX" */
    uint64_t used, unusable, ignored;
};

/* What was loaded to be looked for in all texts. */
struct report_indicators {
    bool given;
    uint64_t loaded; /* distinct */
    uint64_t duplicates, unusable, ignored, doubted;
    struct report_indicator_file *files;
    uint32_t file_count;
    struct report_notes refused, doubts; /* by file and reason; `records` of them */
};

/* What --about was given, and what can be said of it. */
struct report_about {
    struct str name; /* empty: nothing was given */
    struct str_list techniques, cves;
    uint32_t rules, indicators;             /* that stand in it, and were looked for */
    uint32_t by_verdict[COVERAGE_VERDICTS]; /* of the techniques that rules are tagged with */
    uint32_t without_rule;                  /* techniques that no judged rule is tagged with */
};

struct run_report {
    struct str program; /* "seawall 0.1.0" */
    bool partial;       /* ended by Ctrl-C */
    int64_t elapsed_ns;
    uint64_t load_ns; /* of that: rules and plan */

    /* read */
    uint64_t files;      /* all that were met; those not read to their end are in the lists below */
    uint64_t files_read; /* unless the run is partial, this and the lists sum up to `files` */
    uint64_t bytes, bytes_read, events;
    uint64_t events_without_time, events_outside_time; /* --after, --before */
    uint64_t events_zone_assumed; /* their times do not say their zone: taken as `zone` */
    struct str zone;
    int64_t first_ns, last_ns;
    bool has_span;
    struct report_counts formats, shapes, hosts, channels;

    /* not read */
    struct report_notes unreadable;     /* files and folders that could not be opened or read */
    struct report_notes unknown_format; /* files */
    struct report_notes empty;          /* files */
    struct report_notes set_aside;      /* files in flight when a worker died */
    struct report_notes outward_links;  /* links that leave the evidence, loops, devices */
    struct report_notes strange_names;  /* archives whose members' names are remarkable */
    struct report_notes damaged;        /* stretches and records */
    uint64_t records_lost;
    uint64_t scripts_known; /* as they were delivered, and not judged */
    uint64_t events_unrouted; /* of no log source that any loaded rule is about */
    struct str unrouted_example;
    uint64_t expressions_gave_up, fields_dropped, fallback_names;
    /* Matches that correlations could not use: of events without a time, without what is grouped
     * by, without what is counted; and those of which nobody told what these had. */
    uint64_t correlation_untimed, correlation_without_field, correlation_without_value;
    uint64_t correlation_untold;
    /* What was let go for want of memory: groups, and the matches that they held. */
    uint64_t correlation_groups_let_go, correlation_matches_let_go;

    /* known */
    uint32_t rule_files, rules_loaded, rules_inert, rules_refused, rules_unserved, rules_duplicate;
    uint32_t documents_not_sigma;
    struct report_notes refused, inert; /* path, and offset holding the line */
    uint32_t filters_loaded, rules_filtered;
    struct report_notes filters_refused; /* the rules run unfiltered */
    struct report_notes rule_warnings;
    struct str sandbox; /* "full", or what is missing, as a sentence */
    struct report_indicators indicators;

    /* found */
    uint64_t findings;
    uint64_t findings_without_host;    /* of these, in logs that name none */
    uint64_t duplicates;               /* findings left out: of a record that was found before */
    uint64_t suppressed;               /* findings left out by entries of --suppress */
    struct report_notes suppressed_by; /* these: place, reason, `records` of findings */
    struct report_notes suppress_unused, suppress_expired; /* entries that took nothing */
    uint64_t by_level[LEVEL_COUNT];
    uint64_t checks_found; /* of top_rules those that are no rules: requests and scripts judged */
    struct report_counts top_rules, top_indicators, top_hosts,
        techniques; /* techniques: distinct ids by findings */
    enum level min_level;

    /* made of all of it */
    struct report_about about;
    struct run_coverage coverage;
    struct run_movement movement;
    struct run_incidents incidents;
    struct run_summaries summaries;
};

#endif
