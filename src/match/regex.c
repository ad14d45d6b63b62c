/* regex.c - the one place that knows PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "match/regex.h"

#include "core/ensure.h"

#include <pcre2.h>
#include <stdlib.h>

/* The longest real search is some thousand steps; a million take about 10 ms, also where an
 * expression is written to explode. Translated code counts fewer of its steps than the
 * interpreter. */
#define MATCH_STEPS_MAX 1000000
#define DEPTH_MAX 100000
#define HEAP_KIB_MAX 20480
#define NAME_BYTES_MAX 128                   /* of a group; PCRE2 itself has 32, newer ones 128 */
#define STACK_BYTES_START ((size_t)32 << 10) /* of translated code */
#define STACK_BYTES_MAX ((size_t)1 << 20)

struct regex {
    pcre2_code *code;
};

struct regex_scratch {
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static pcre2_code *compile(struct str expression, unsigned flags, struct why *why)
{
    /* MATCH_INVALID_UTF: text that is not UTF-8 after all can do no harm */
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_SIZE offset;
    int error;

    ENSURE(context);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    options |= flags & REGEX_CASELESS ? PCRE2_CASELESS : 0;
    options |= flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
    options |= flags & REGEX_DOTALL ? PCRE2_DOTALL : 0;
    options |= flags & REGEX_UNICODE ? PCRE2_UCP : 0;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)expression.at, expression.len, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    if (!code) {
        PCRE2_UCHAR text[256];
        pcre2_get_error_message(error, text, sizeof(text));
        why_set(why, "%s at byte %zu of the expression", (const char *)text, offset);
    }
    return code;
}

enum err regex_check(struct str expression, unsigned flags, struct why *why)
{
    pcre2_code *code = compile(expression, flags, why);

    pcre2_code_free(code);
    return code ? ERR_NONE : ERR_INVALID;
}

enum err regex_new(struct str expression, unsigned flags, struct regex **regex, struct why *why)
{
    pcre2_code *code = compile(expression, flags, why);

    if (!code)
        return ERR_INVALID;
    /* where memory may not be made executable the interpreter takes over */
    int ignored = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    (void)ignored;
    *regex = calloc(1, sizeof(**regex));
    ENSURE(*regex);
    (*regex)->code = code;
    return ERR_NONE;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    pcre2_code_free(regex->code);
    free(regex);
}

struct regex_scratch *regex_scratch_new(void)
{
    struct regex_scratch *scratch = calloc(1, sizeof(*scratch));

    ENSURE(scratch);
    scratch->match = pcre2_match_data_create(1, NULL); /* nobody asks for groups */
    scratch->context = pcre2_match_context_create(NULL);
    ENSURE(scratch->match && scratch->context);
    pcre2_set_match_limit(scratch->context, MATCH_STEPS_MAX);
    pcre2_set_depth_limit(scratch->context, DEPTH_MAX);
    pcre2_set_heap_limit(scratch->context, HEAP_KIB_MAX);
    scratch->stack = pcre2_jit_stack_create(STACK_BYTES_START, STACK_BYTES_MAX, NULL);
    if (scratch->stack) /* NULL: without translated code */
        pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_jit_stack_free(scratch->stack);
    pcre2_match_context_free(scratch->context);
    pcre2_match_data_free(scratch->match);
    free(scratch);
}

enum regex_answer regex_search(const struct regex *regex, struct regex_scratch *scratch,
                               struct str text)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.len ? text.at : "");
    int answer =
        pcre2_match(regex->code, subject, text.len, 0, 0, scratch->match, scratch->context);

    if (answer == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter has more room */
        answer = pcre2_match(regex->code, subject, text.len, 0, PCRE2_NO_JIT, scratch->match,
                             scratch->context);
    if (answer >= 0)
        return REGEX_YES;
    return answer == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_GAVE_UP;
}

uint32_t regex_group_count(const struct regex *regex)
{
    uint32_t count = 0;

    ENSURE(pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count) == 0);
    return count;
}

uint32_t regex_group_of(const struct regex *regex, struct str name)
{
    char text[NAME_BYTES_MAX + 1] = "";

    if (name.len == 0 || name.len > NAME_BYTES_MAX || str_find_byte(name, '\0') < name.len)
        return 0;
    for (size_t i = 0; i < name.len; i++)
        text[i] = name.at[i];
    int number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)text);
    return number > 0 ? (uint32_t)number : 0;
}

enum regex_answer regex_find(const struct regex *regex, struct regex_scratch *scratch,
                             struct str text, size_t from, bool here, bool advance,
                             struct regex_span *spans, uint32_t max)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.len ? text.at : "");
    pcre2_match_data *match = pcre2_match_data_create(max, NULL);
    uint32_t options = (here ? PCRE2_ANCHORED : 0) | (advance ? PCRE2_NOTEMPTY_ATSTART : 0);

    ENSURE(match && from <= text.len);
    int answer = pcre2_match(regex->code, subject, text.len, from, options | PCRE2_NO_JIT, match,
                             scratch->context);
    const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(match);
    for (uint32_t i = 0; i < max && answer >= 0; i++) {
        bool took_part = answer == 0 || i < (uint32_t)answer; /* 0: there were more than `max` */
        spans[i] = took_part ? (struct regex_span){pairs[2 * i], pairs[2 * i + 1]}
                             : (struct regex_span){SIZE_MAX, SIZE_MAX};
    }
    pcre2_match_data_free(match);
    return answer >= 0 ? REGEX_YES : answer == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_GAVE_UP;
}
