/* script_calls.c - see script_calls.h. */
#include "scan/script_calls.h"

#define IN_PHP (1u << SCRIPT_PHP)
#define IN_BASIC (1u << SCRIPT_VBSCRIPT)
#define IN_JS (1u << SCRIPT_JSCRIPT)
#define IN_JAVA (1u << SCRIPT_JAVA)
#define IN_NET (1u << SCRIPT_CSHARP)

static const struct script_call table[] = {
    {STR_INIT(""), ROLE_NONE, 0, ANY_ARGUMENT},
#define CALL(languages, name, role, argument) {STR_INIT(name), ROLE_##role, languages, argument},
#include "scan/script_calls.def"
#undef CALL
};

#define NAME_BYTES_MAX 40u

_Static_assert(ARRAY_COUNT(table) * 2 < SCRIPT_CALL_SLOTS, "SCRIPT_CALL_SLOTS in script_calls.h");

static uint32_t first_slot(struct str name)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)ascii_lower(name.at[i])) * 16777619u;
    return (hash ^ hash >> 15) % SCRIPT_CALL_SLOTS;
}

void script_calls_init(struct script_calls *calls)
{
    *calls = (struct script_calls){.slots = {0}};
    for (uint16_t i = 1; i < ARRAY_COUNT(table); i++) {
        uint32_t slot = first_slot(table[i].name);
        while (calls->slots[slot])
            slot = (slot + 1) % SCRIPT_CALL_SLOTS;
        calls->slots[slot] = i;
    }
}

uint16_t script_call_find(const struct script_calls *calls, enum script_language language,
                          struct str name)
{
    if (name.len > NAME_BYTES_MAX)
        return 0;
    for (uint32_t slot = first_slot(name); calls->slots[slot];
         slot = (slot + 1) % SCRIPT_CALL_SLOTS) {
        const struct script_call *call = &table[calls->slots[slot]];
        if (call->languages >> language & 1 && str_eq_nocase(call->name, name))
            return calls->slots[slot];
    }
    return 0;
}

const struct script_call *script_call(uint16_t call)
{
    return &table[call];
}
