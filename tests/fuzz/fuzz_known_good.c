/* fuzz_known_good.c - a list of digests, and then the list as a file of its own. */
/* links: scan */
#include "core/ensure.h"
#include "scan/known_good.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len}, original;
    struct known_good *known = known_good_new();

    uint32_t listed = known_good_add_list(known, text);
    ENSURE(known_good_count(known) <= len && listed <= len);
    known_good_add_file(known, text, text);
    ENSURE(known_good_compare(known, text, text, &original) == KNOWN_SAME);
    known_good_compare(known, text, STR("other"), &original);
    known_good_free(known);
    return 0;
}
