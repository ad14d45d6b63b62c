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
/* Nodes of one YAML document after aliases are followed: stops alias bombs. */
#define YAML_NODES_MAX 1000000
#define YAML_DEPTH_MAX 64
/* Nesting of parentheses and `not` in a condition. */
#define CONDITION_DEPTH_MAX 64

#endif
