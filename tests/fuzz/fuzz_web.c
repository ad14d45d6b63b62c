/* fuzz_web.c - a request, its places divided by line ends, judged. */
/* links: web */
#include "core/ensure.h"
#include "web/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct web_tables tables;
    static bool ready;
    struct str rest = {(const char *)data, len};
    struct request_attack found[ATTACK_CLASSES];
    struct request request = {.query = STR_EMPTY};

    if (!ready)
        web_tables_init(&tables);
    ready = true;
    request.target = str_cut(&rest, '\n');
    request.agent = str_cut(&rest, '\n');
    request.query = str_cut(&rest, '\n');
    request.referrer = rest;
    uint32_t count = request_judge(&tables, &request, found);
    ENSURE(count <= ATTACK_CLASSES);
    for (uint32_t i = 0; i < count; i++)
        ENSURE(found[i].points >= ATTACK_SURE && found[i].reason && found[i].text.len <= len);
    return 0;
}
