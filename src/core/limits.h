/* limits.h - every limit on what input may ask for, with its reason. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "core/compiler.h"

/* One record of any format. EVTX records end at 64 KiB by design; the longest lines seen in
 * exported JSON (script blocks, Kubernetes audit) stay under 2 MiB. Longer ones are skipped and
 * counted. */
#define RECORD_BYTES_MAX (16u << 20)
/* Values of one event that the matcher looks at; the longest real event (Sysmon, ECS) has about
 * 200. */
#define EVENT_FIELDS_MAX 4096
/* Nesting of JSON that is followed; Python's own parser stops at about 1,000. */
#define JSON_DEPTH_MAX 512
/* Nesting of BinXML elements and of values that hold BinXML; Windows itself stays under 10. */
#define BINXML_DEPTH_MAX 32
/* A rule file; the longest of SigmaHQ (4,432 hashes) has 460 KB. */
#define RULE_FILE_BYTES_MAX (8u << 20)
/* Nodes of one YAML text, and what aliases may add to them: stops alias bombs. */
#define YAML_NODES_MAX 1000000
#define YAML_ALIASED_NODES_MAX 10000
#define YAML_ANCHORS_MAX 1000 /* of one document */
#define YAML_DEPTH_MAX 64
/* Blanks and line ends in a row (SigmaHQ: 55), bytes of a line that starts with '%', and brackets
 * that are open at once, those in texts included: see yaml.c. */
#define YAML_BLANKS_MAX 500
#define YAML_DIRECTIVE_BYTES_MAX 200
#define YAML_OPEN_MAX 10000
#define YAML_LINE_BYTES_MAX (1u << 20) /* SigmaHQ: 786; a rule as JSON may be one line */
/* Nesting of parentheses and `not` in a condition; the longest of SigmaHQ has 542 bytes. */
#define CONDITION_DEPTH_MAX 64
#define CONDITION_BYTES_MAX 65536
/* Values of one rule, each as often as the condition names it: a list of 100,000 indicators fits
 * twice. SigmaHQ's largest rule has 4,432. */
#define RULE_VALUES_MAX 250000
#define RULE_VALUE_BYTES_MAX 65536
/* Search identifiers, and distinct fields, of one rule; SigmaHQ's most are 34 and 9. */
#define RULE_IDENTIFIERS_MAX 1000
#define RULE_FIELDS_MAX 1000
#define RULE_NOTES_MAX 100
#define RULE_EXPRESSIONS_MAX 1000 /* SigmaHQ: 19 */
/* Filters in use; their regular expressions in all, and the values that they add to rules, each as
 * often as to a rule: what they may cost, so that they cannot push rules out of the plan. */
#define FILTERS_MAX 10000
#define FILTER_EXPRESSIONS_MAX 1000
#define FILTERED_VALUES_MAX 1000000
#define SUPPRESSIONS_MAX 10000 /* entries of --suppress files */
/* Items of all pipelines, those in nests included; items that they may make of one rule (SigmaHQ's
 * largest has some hundred), and how deep they may nest them: a rule itself may be half of it. */
#define PIPELINE_ITEMS_MAX 10000
#define PIPELINE_RULE_ITEMS_MAX 10000
#define PIPELINE_DEPTH_MAX (2 * YAML_DEPTH_MAX)
/* What the rules of one file may take in memory. */
#define RULE_FILE_MEMORY_MAX ((size_t)512 << 20)

#endif
