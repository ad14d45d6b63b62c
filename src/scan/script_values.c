/* script_values.c - values: texts that are known, variables, functions. */
#include "codec/deflate.h"
#include "core/ensure.h"
#include "scan/script_flow_priv.h"

#define ENCODED_BYTES_MIN 200u
#define NAME_BYTES_MAX 120u
#define LIST_START 64u

/* Long, and hardly a blank in it: encoded, or packed. */
static bool looks_encoded(struct str text)
{
    size_t blanks = 0;

    if (text.len < ENCODED_BYTES_MIN)
        return false;
    size_t seen = text.len < 2000 ? text.len : 2000;
    for (size_t i = 0; i < seen; i++)
        blanks += text.at[i] == ' ' || text.at[i] == '<' || text.at[i] == '/';
    return blanks * 25 < seen;
}

struct script_value value_text(struct str text)
{
    uint32_t origins = looks_encoded(text) ? ORIGIN_ENCODED : ORIGIN_TEXT;

    struct script_value value = {.origins = origins, .text = STR_EMPTY, .head = text, .tail = text};
    if (text.len > KNOWN_BYTES_MAX)
        return value;
    value.known = true;
    value.text = text;
    return value;
}

static char *fold_bytes(struct flow *flow, size_t bytes)
{
    if (bytes > KNOWN_BYTES_MAX || flow->folded_bytes + bytes > FOLDED_BYTES_MAX)
        return NULL;
    flow->folded_bytes += bytes;
    return arena_alloc_bytes(flow->arena, bytes);
}

struct script_value value_join(struct flow *flow, struct script_value a, struct script_value b)
{
    struct script_value joined = value_of(a.origins | b.origins);
    char *to;

    joined.head = a.known && a.text.len == 0 ? b.head : a.head;
    joined.tail = b.known && b.text.len == 0 ? a.tail : b.tail;

    if (!a.known || !b.known || !(to = fold_bytes(flow, a.text.len + b.text.len)))
        return joined;
    str_copy(to, a.text);
    str_copy(to + a.text.len, b.text);
    joined.known = true;
    joined.text = joined.head = joined.tail = (struct str){to, a.text.len + b.text.len};
    return joined;
}

struct script_value value_index(struct flow *flow, struct script_value text, struct str number)
{
    struct script_value one = value_of(text.origins & ~(uint32_t)ORIGIN_TEXT);
    uint64_t index;
    char *to;

    if (!text.known || !str_to_u64(number, KNOWN_BYTES_MAX, &index) || index >= text.text.len ||
        !(to = fold_bytes(flow, 1)))
        return one;
    *to = text.text.at[index];
    one.known = true;
    one.text = (struct str){to, 1};
    one.origins |= ORIGIN_ASSEMBLED;
    return one;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ascii_is_digit(c))
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static size_t fold_base64(struct str text, char *to)
{
    uint32_t bits = 0, count = 0;
    size_t used = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.at[i]);
        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            to[used++] = (char)(uint8_t)(bits >> count);
        }
    }
    return used;
}

static size_t fold_hex(struct str text, char *to)
{
    size_t used = 0;

    for (size_t i = 0; i + 1 < text.len; i += 2) {
        int high = ascii_hex_value(text.at[i]), low = ascii_hex_value(text.at[i + 1]);
        if (high < 0 || low < 0)
            return 0;
        to[used++] = (char)(uint8_t)(high << 4 | low);
    }
    return used;
}

static size_t fold_rot13(struct str text, char *to)
{
    for (size_t i = 0; i < text.len; i++) {
        char small = ascii_lower(text.at[i]);
        bool letter = small >= 'a' && small <= 'z';
        to[i] = (char)(letter ? text.at[i] + (small < 'n' ? 13 : -13) : text.at[i]);
    }
    return text.len;
}

static size_t fold_reversed(struct str text, char *to)
{
    for (size_t i = 0; i < text.len; i++)
        to[i] = text.at[text.len - 1 - i];
    return text.len;
}

static size_t fold_percent(struct str text, char *to)
{
    size_t used = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? ascii_hex_value(text.at[i + 1]) : -1;
        int low = i + 2 < text.len ? ascii_hex_value(text.at[i + 2]) : -1;
        bool code = text.at[i] == '%' && high >= 0 && low >= 0;
        to[used++] = (char)(code ? high << 4 | low : text.at[i]);
        i += code ? 2 : 0;
    }
    return used;
}

static size_t fold_number(struct str text, char *to)
{
    uint64_t code;

    if (str_starts_with(text, STR("0x")) && text.len == 4)
        return fold_hex(str_slice(text, 2, 4), to);
    if (!str_to_u64(text, 255, &code))
        return 0;
    *to = (char)(uint8_t)code;
    return 1;
}

/* `replace` stands for each `find`; not longer than the text, or it is given up. */
static size_t fold_replace(struct str find, struct str replace, struct str text, char *to)
{
    size_t used = 0;

    if (find.len == 0 || replace.len > find.len)
        return 0;
    while (text.len > 0) {
        if (str_starts_with(text, find)) {
            str_copy(to + used, replace);
            used += replace.len;
            text = str_slice(text, find.len, text.len);
        } else {
            to[used++] = text.at[0];
            text = str_slice(text, 1, text.len);
        }
    }
    return used;
}

static const struct {
    struct str name;
    size_t (*fold)(struct str text, char *to);
} folds[] = {
    {STR_INIT("base64_decode"), fold_base64},
    {STR_INIT("str_rot13"), fold_rot13},
    {STR_INIT("strrev"), fold_reversed},
    {STR_INIT("strreverse"), fold_reversed},
    {STR_INIT("hex2bin"), fold_hex},
    {STR_INIT("chr"), fold_number},
    {STR_INIT("chrw"), fold_number},
    {STR_INIT("fromcharcode"), fold_number},
    {STR_INIT("frombase64string"), fold_base64},
    {STR_INIT("urldecode"), fold_percent},
    {STR_INIT("rawurldecode"), fold_percent},
    {STR_INIT("unescape"), fold_percent},
};

bool value_fold_call(struct flow *flow, struct str name, const struct script_arguments *arguments,
                     struct script_value *result)
{
    struct script_value first = arguments->at[0];
    char *to;
    size_t used = 0;

    for (uint32_t i = 0; i < arguments->count && i < ARGUMENTS_MAX; i++)
        if (!arguments->at[i].known)
            return false;
    if (arguments->count == 3 &&
        (str_eq_nocase(name, STR("str_replace")) || str_eq_nocase(name, STR("str_ireplace")))) {
        struct str text = arguments->at[2].text;
        if (!(to = fold_bytes(flow, text.len)))
            return false;
        used = fold_replace(first.text, arguments->at[1].text, text, to);
    } else if (arguments->count == 2 && str_eq_nocase(name, STR("pack")) &&
               str_starts_with(first.text, STR("H"))) {
        if (!(to = fold_bytes(flow, arguments->at[1].text.len)))
            return false;
        used = fold_hex(arguments->at[1].text, to);
    } else if (arguments->count == 1) {
        for (size_t i = 0; i < ARRAY_COUNT(folds); i++)
            if (str_eq_nocase(name, folds[i].name) && (to = fold_bytes(flow, first.text.len + 1))) {
                used = folds[i].fold(first.text, to);
                break;
            }
    }
    if (used == 0)
        return false;
    result->known = true;
    result->text = result->head = result->tail = (struct str){to, used};
    return true;
}

/* ---- variables and functions ---- */

static uint32_t new_variable(struct flow *flow)
{
    if (flow->variable_count == flow->variable_capacity) {
        uint32_t capacity = flow->variable_capacity ? flow->variable_capacity * 2 : LIST_START;
        struct script_variable *variables =
            ARENA_ARRAY(flow->arena, struct script_variable, capacity);
        for (uint32_t i = 0; i < flow->variable_count; i++)
            variables[i] = flow->variables[i];
        flow->variables = variables;
        flow->variable_capacity = capacity;
    }
    flow->variables[flow->variable_count] = (struct script_variable){.value = value_of(0)};
    return flow->variable_count++;
}

static uint32_t find_variable(struct flow *flow, uint32_t scope, struct str name, bool make)
{
    char bytes[4 + NAME_BYTES_MAX];
    bool fold = flow->language == SCRIPT_VBSCRIPT;
    size_t len = name.len < NAME_BYTES_MAX ? name.len : NAME_BYTES_MAX;

    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (char)(uint8_t)(scope >> 8 * i);
    for (size_t i = 0; i < len; i++)
        bytes[4 + i] = fold ? ascii_lower(name.at[i]) : name.at[i];
    struct str key = {bytes, 4 + len};
    uint32_t found = map_find(&flow->names, key);
    if (found == MAP_NONE && make) {
        found = new_variable(flow);
        map_set(&flow->names, key, found);
    }
    return found;
}

/* PHP's functions see their own variables alone, and what they name as global. */
uint32_t flow_variable(struct flow *flow, struct str name)
{
    uint32_t variable;

    if (flow->scope == 0)
        return find_variable(flow, 0, name, true);
    if (flow->language == SCRIPT_PHP) {
        variable = find_variable(flow, flow->scope, name, true);
        return flow->variables[variable].global ? find_variable(flow, 0, name, true) : variable;
    }
    variable = find_variable(flow, flow->scope, name, false);
    if (variable != MAP_NONE)
        return variable;
    variable = find_variable(flow, 0, name, false);
    return variable != MAP_NONE ? variable : find_variable(flow, flow->scope, name, true);
}

uint32_t flow_member(struct flow *flow, struct str name)
{
    return find_variable(flow, UINT32_MAX, name, true);
}

uint32_t flow_element(struct flow *flow, struct str name, struct str key)
{
    char bytes[NAME_BYTES_MAX + 1];

    name = str_slice(name, 0, NAME_BYTES_MAX / 2);
    key = str_slice(key, 0, NAME_BYTES_MAX / 2);
    str_copy(bytes, name);
    bytes[name.len] = '[';
    str_copy(bytes + name.len + 1, key);
    return flow_variable(flow, (struct str){bytes, name.len + 1 + key.len});
}

struct script_value flow_read(struct flow *flow, uint32_t variable)
{
    const struct script_variable *v = &flow->variables[variable];
    struct script_value value = v->value;

    value.origins |= v->elements;
    if (v->parameter)
        value.origins |= ORIGIN_PARAMETER;
    else if (!v->assigned && flow->extracts)
        value.origins |= ORIGIN_INPUT;
    else if (!v->assigned && (flow->scope == 0 || flow->language != SCRIPT_PHP))
        value.origins |= ORIGIN_UNDEFINED;
    return value;
}

struct script_value flow_read_element(struct flow *flow, uint32_t variable, uint32_t element)
{
    const struct script_variable *whole = &flow->variables[variable];
    const struct script_variable *part = &flow->variables[element];
    struct script_value value = part->value;

    if (!part->assigned)
        return value_of(flow_read(flow, variable).origins &
                        ~(whole->elements & ~whole->value.origins));
    value.origins |= whole->value.origins & ~(uint32_t)ORIGIN_TEXT;
    return value;
}

void flow_assign_element(struct flow *flow, uint32_t variable, uint32_t element,
                         struct script_value value, bool adds)
{
    struct script_variable *whole = &flow->variables[variable];
    uint32_t origins = whole->elements | (value.origins & ~(uint32_t)ORIGIN_UNDEFINED);

    flow->changed |= origins != whole->elements || !whole->assigned;
    whole->elements = origins;
    whole->assigned = true;
    whole->value.known = false;
    flow_assign(flow, element, value, adds);
}

void flow_assign(struct flow *flow, uint32_t variable, struct script_value value, bool adds)
{
    struct script_variable *v = &flow->variables[variable];
    uint32_t origins = v->value.origins | (value.origins & ~(uint32_t)ORIGIN_UNDEFINED);

    flow->changed |= origins != v->value.origins || !v->assigned;
    if (adds && v->assigned && v->value.known) {
        struct script_value joined = value_join(flow, v->value, value);
        joined.origins = value.origins;
        value = joined;
    } else if (adds) {
        value.known = false;
        value.head = v->value.head;
    }
    v->value = value;
    v->value.origins = origins;
    v->assigned = true;
}

struct script_function *flow_function(struct flow *flow, struct str name, bool make)
{
    char bytes[NAME_BYTES_MAX];
    size_t len = name.len < NAME_BYTES_MAX ? name.len : NAME_BYTES_MAX;

    for (size_t i = 0; i < len; i++)
        bytes[i] = ascii_lower(name.at[i]);
    struct str key = {bytes, len};
    uint32_t found = map_find(&flow->function_names, key);
    if (found != MAP_NONE)
        return &flow->functions[found];
    if (!make)
        return NULL;
    if (flow->function_count == flow->function_capacity) {
        uint32_t capacity = flow->function_capacity ? flow->function_capacity * 2 : LIST_START;
        struct script_function *functions =
            ARENA_ARRAY(flow->arena, struct script_function, capacity);
        for (uint32_t i = 0; i < flow->function_count; i++)
            functions[i] = flow->functions[i];
        flow->functions = functions;
        flow->function_capacity = capacity;
    }
    flow->functions[flow->function_count] =
        (struct script_function){.result = value_of(0), .scope = ++flow->scopes};
    map_set(&flow->function_names, key, flow->function_count);
    return &flow->functions[flow->function_count++];
}
