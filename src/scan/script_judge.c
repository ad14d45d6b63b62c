/* script_judge.c - see script_judge.h. */
#include "scan/script_judge.h"

#include "core/ensure.h"
#include "scan/script_calls.h"
#include "scan/script_flow.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define SMALL_BYTES 3000u /* of code: does one thing */
#define PLAIN_PERCENT 25u /* letters, digits and blanks of code as people write it: 75 and more */
#define PLAIN_BYTES_MIN 60u
#define LINE_BYTES_MAX 160u
#define POINTS_HIGH 8u /* a web shell */
#define POINTS_MEDIUM 5u
#define POINTS_LOW 3u
#define TRAITS_HIGH 11u
#define TRAITS_MEDIUM 8u

struct script_judge {
    struct script_calls calls;
    struct script_tokens tokens;
    struct arena *arena; /* owned; of one file */
};

static const struct script_subject_facts subjects[SCRIPT_SUBJECTS] = {
    [SCRIPT_WORTH_A_LOOK] = {STR_INIT("script-worth-a-look"), STR_INIT("Script Worth A Look"),
                             LEVEL_LOW, STR_INIT("T1505.003")},
    [SCRIPT_SUSPECTED] = {STR_INIT("web-shell-suspected"), STR_INIT("Web Shell Suspected"),
                          LEVEL_MEDIUM, STR_INIT("T1505.003")},
    [SCRIPT_WEB_SHELL] = {STR_INIT("web-shell"), STR_INIT("Web Shell"), LEVEL_HIGH,
                          STR_INIT("T1505.003")},
    [SCRIPT_CHANGED] = {STR_INIT("script-changed"), STR_INIT("Script Differs From Its Original"),
                        LEVEL_MEDIUM, STR_INIT("T1505.003")},
    [SCRIPT_ADDED] = {STR_INIT("script-added"), STR_INIT("Script That Its Package Has Not"),
                      LEVEL_LOW, STR_INIT("T1505.003")},
};

struct script_subject_facts script_subject(uint32_t subject)
{
    return subjects[subject];
}

struct script_judge *script_judge_new(void)
{
    struct script_judge *judge = calloc(1, sizeof(*judge));

    ENSURE(judge);
    script_calls_init(&judge->calls);
    judge->arena = arena_new("script", ARENA_BYTES_MAX);
    return judge;
}

void script_judge_free(struct script_judge *judge)
{
    if (!judge)
        return;
    script_tokens_free(&judge->tokens);
    arena_free(judge->arena);
    free(judge);
}

/* ---- traits ---- */

enum trait_kind {
    LIMITS,
    ACCOUNTS,
    OWNERS,
    SYSTEM,
    PROMPT,
    CHANNEL,
    NAME,
    HIDING,
    NETWORK,
    FINDERS,
    ACTIONS,
    SQL,
    COM,
    FILES,
    REGISTRY,
    TRAIT_KINDS
};

static const struct {
    enum trait_kind kind;
    uint32_t points;
    struct str text;
} traits[] = {
#define TRAIT(kind, text, points) {kind, points, STR_INIT(text)},
#include "scan/script_traits.def"
#undef TRAIT
};

/* No honest tool brings these along. */
static bool is_telling(enum trait_kind kind)
{
    return kind == CHANNEL || kind == NAME || kind == HIDING || kind == NETWORK ||
           kind == FINDERS || kind == COM || kind == REGISTRY;
}

/* The sum over kinds, each with its strongest trait; 0 if none of them is telling. */
static uint32_t points_of_traits(struct str file, struct arena *arena)
{
    uint32_t by_kind[TRAIT_KINDS] = {0}, sum = 0;
    char *small = arena_alloc_bytes(arena, file.len);
    bool telling = false;

    for (size_t i = 0; i < file.len; i++)
        small[i] = ascii_lower(file.at[i]);
    for (size_t i = 0; i < ARRAY_COUNT(traits); i++)
        if (traits[i].points > by_kind[traits[i].kind] &&
            str_contains((struct str){small, file.len}, traits[i].text))
            by_kind[traits[i].kind] = traits[i].points;
    for (uint32_t i = 0; i < TRAIT_KINDS; i++) {
        sum += by_kind[i];
        telling |= is_telling((enum trait_kind)i) && by_kind[i] >= 2;
    }
    return telling ? sum : 0;
}

/* Whether it calls what could make a shell of it, by name. */
static bool may_manage(const struct script_tokens *tokens)
{
    for (uint32_t i = 0; i < tokens->count; i++)
        switch (script_call_role(tokens->at[i].call)) {
        case ROLE_CODE:
        case ROLE_COMMAND:
        case ROLE_PROCESS:
        case ROLE_OBJECT:
        case ROLE_RUNNER:
            return true;
        default:
            break;
        }
    return false;
}

/* ---- the verdict ---- */

static const char *deed_text(enum script_deed deed)
{
    static const char *const texts[SCRIPT_DEEDS] = {
        [DEED_EVALUATES] = "evaluates as code",
        [DEED_COMMANDS] = "runs as a command",
        [DEED_CALLS] = "calls a function that is named by, or fed with,",
        [DEED_INCLUDES] = "includes a file named by",
        [DEED_WRITES] = "writes into a file",
        [DEED_STORES_UPLOAD] = "keeps, without anything around it,",
        [DEED_DEFINES] = "loads as a class",
        [DEED_INVOKES] = "invokes by reflection",
        [DEED_CONNECTS] = "connects to a host named by",
    };

    return texts[deed];
}

static const char *origin_text(uint32_t origins)
{
    if (origins & ORIGIN_INPUT)
        return "what the client sends";
    if (origins & ORIGIN_UPLOAD)
        return "a file that the client sends";
    if (origins & ORIGIN_REMOTE)
        return "what another host sends";
    if (origins & ORIGIN_FAR)
        return "what the client sends, handed on";
    if (origins & (ORIGIN_DECODED | ORIGIN_ENCODED))
        return "text that is hidden by encoding";
    if (origins & ORIGIN_ASSEMBLED)
        return "text put together from pieces";
    if (origins & ORIGIN_UNDEFINED)
        return "a variable that nothing in the script sets";
    if (origins & ORIGIN_STORED)
        return "what lies in a file, a session or a database";
    return "what is not known here";
}

static struct str code_line(struct str file, uint32_t line)
{
    struct str rest = file;

    for (uint32_t i = 1; i < line; i++)
        str_cut(&rest, '\n');
    return str_slice(str_trim(str_cut(&rest, '\n')), 0, LINE_BYTES_MAX);
}

static void decide(struct script_verdict *verdict)
{
    if (verdict->points < POINTS_LOW)
        return;
    verdict->found = true;
    verdict->subject = verdict->points >= POINTS_HIGH     ? SCRIPT_WEB_SHELL
                       : verdict->points >= POINTS_MEDIUM ? SCRIPT_SUSPECTED
                                                          : SCRIPT_WORTH_A_LOOK;
}

static void raise_to(struct script_verdict *verdict, uint32_t points, struct str why, uint32_t line)
{
    if (points <= verdict->points)
        return;
    verdict->points = points;
    verdict->why = why;
    verdict->line = line;
}

static void weigh_deeds(struct script_judge *judge, const struct script_signs *signs,
                        struct script_verdict *verdict)
{
    uint32_t others = 0;
    const struct script_sign *best = NULL;
    enum script_deed deed = DEED_EVALUATES;

    for (uint32_t i = 0; i < SCRIPT_DEEDS; i++) {
        others += signs->at[i].points >= 4;
        if (signs->at[i].points > 0 && (!best || signs->at[i].points > best->points)) {
            best = &signs->at[i];
            deed = (enum script_deed)i;
        }
    }
    if (!best)
        return;
    uint32_t points = best->points + (others > 1 ? others - 1 : 0);
    raise_to(verdict, points,
             arena_printf(judge->arena, "%.*s%s%s %s", STR_ARG(best->name),
                          best->name.len ? " " : "it ", deed_text(deed),
                          origin_text(best->origins)),
             best->line);
}

static void weigh_form(const struct script_judge *judge, const struct script_page *page,
                       const struct script_signs *signs, struct script_verdict *verdict)
{
    const struct script_tokens *tokens = &judge->tokens;

    bool hidden = signs->at[DEED_CALLS].points > 0 || signs->at[DEED_EVALUATES].points > 0;

    if (page->language == SCRIPT_PHP && hidden && tokens->code_bytes >= PLAIN_BYTES_MIN &&
        tokens->plain_bytes * 100 < tokens->code_bytes * PLAIN_PERCENT)
        raise_to(verdict, 6, STR("its code is written almost without letters and digits"), 1);
    if (page->in_codes)
        raise_to(verdict, 6, STR("its code is written in \\u character codes"), 1);
    if (page->runs_expression)
        raise_to(verdict, 8, STR("an expression of the page reaches for classes that run code"), 1);
    if (page->is_image && signs->calls > 0)
        raise_to(verdict, 6, STR("it begins as an image and holds code"), 1);
    if (page->is_encoded)
        raise_to(verdict, 5, STR("its code is encoded, so that nobody can read what it does"), 1);
}

void script_judge_file(struct script_judge *judge, struct str file, struct script_verdict *verdict)
{
    struct script_page page;
    struct script_signs signs;

    *verdict = (struct script_verdict){.why = STR_EMPTY, .code = STR_EMPTY};
    arena_reset(judge->arena);
    script_tokens_reset(&judge->tokens, &judge->calls, judge->arena);
    script_page_read(file, &judge->tokens, &page);
    if (!page.has_code && !page.runs_expression)
        return;
    script_flow_run(&judge->tokens, judge->tokens.code_bytes < SMALL_BYTES, judge->arena, &signs);
    weigh_deeds(judge, &signs, verdict);
    weigh_form(judge, &page, &signs, verdict);
    if (verdict->points < POINTS_HIGH && signs.inputs > 0 && may_manage(&judge->tokens)) {
        uint32_t sum = points_of_traits(file, judge->arena) + verdict->points / 3;
        if (sum >= TRAITS_MEDIUM)
            raise_to(verdict, sum >= TRAITS_HIGH ? POINTS_HIGH : POINTS_MEDIUM,
                     verdict->points >= POINTS_LOW
                         ? arena_printf(judge->arena,
                                        "%.*s; and it brings along what management shells do",
                                        STR_ARG(verdict->why))
                         : STR("it takes what a client sends and brings along what management "
                               "shells do: commands, accounts, limits of the server"),
                     verdict->line ? verdict->line : 1);
    }
    decide(verdict);
    if (verdict->found)
        verdict->code = code_line(file, verdict->line);
}

void script_judge_compared(struct script_judge *judge, struct str file, enum known_state state,
                           struct str original, struct script_verdict *verdict)
{
    bool changed = state == KNOWN_CHANGED;
    struct str what = changed ? arena_printf(judge->arena,
                                             "it differs from %.*s, which is known "
                                             "to be good",
                                             STR_ARG(original))
                              : STR("it lies among files that are known to be good, and is none "
                                    "of them");

    if (state != KNOWN_CHANGED && state != KNOWN_ADDED)
        return;
    if (!verdict->found || verdict->subject == SCRIPT_WORTH_A_LOOK) {
        verdict->subject = changed ? SCRIPT_CHANGED : SCRIPT_ADDED;
        verdict->line = verdict->found ? verdict->line : 1;
    } else {
        verdict->subject = SCRIPT_WEB_SHELL; /* suspected, and not as it was delivered */
    }
    verdict->why = verdict->found ? arena_printf(judge->arena, "%.*s; %.*s", STR_ARG(verdict->why),
                                                 STR_ARG(what))
                                  : what;
    verdict->found = true;
    verdict->code = code_line(file, verdict->line);
}
