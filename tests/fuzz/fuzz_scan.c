/* fuzz_scan.c - a script is judged: whatever it is, that ends, and says why. */
/* links: scan */
#include "core/ensure.h"
#include "scan/script_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct script_judge *judge;
    struct str file = {(const char *)data, len};
    struct script_verdict verdict;

    if (!judge)
        judge = script_judge_new();
    int sure = script_page_probe(file);
    ENSURE(sure >= 0 && sure <= 100);
    script_judge_file(judge, file, &verdict);
    ENSURE(!verdict.found || (verdict.why.len > 0 && verdict.line > 0 &&
                              verdict.subject < SCRIPT_SUBJECTS && verdict.code.len <= len));
    return 0;
}
