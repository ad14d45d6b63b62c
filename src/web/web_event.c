/* web_event.c - see web_event.h. */
#include "web/web_event.h"

#include "core/ensure.h"
#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 4096u             /* of remembered texts */
#define KEPT_BYTES_MAX 2048u     /* longer texts are judged each time */
#define ALL_BYTES_MAX (4u << 20) /* then all are forgotten */

enum { QUERY, STEM, AGENT, REFERRER, STATUS, FIELDS };

#define NAMES_MAX 7u

/* The first is the one that rules use; the others are those of servers that log in JSON, and of
 * exports of IIS. Where a log has no stem, the query is the whole target. */
static const struct str names[FIELDS][NAMES_MAX] = {
    [QUERY] = {STR_INIT("cs-uri-query"), STR_INIT("RequestPath") /* Traefik */,
               STR_INIT("request.uri") /* Caddy */,
               STR_INIT("properties.originalRequestUriWithArgs") /* Azure */,
               STR_INIT("UrlStem") /* Exchange */,
               STR_INIT("request_uri") /* nginx, as most write it */},
    [STEM] = {STR_INIT("cs-uri-stem")},
    [AGENT] = {STR_INIT("cs-user-agent"), STR_INIT("UserAgent"), STR_INIT("cs(User-Agent)"),
               STR_INIT("request_User-Agent"), STR_INIT("request.headers.User-Agent"),
               STR_INIT("properties.userAgent"), STR_INIT("http_user_agent")},
    [REFERRER] = {STR_INIT("cs-referer"), STR_INIT("cs(Referer)"), STR_INIT("request_Referer"),
                  STR_INIT("request.headers.Referer"), STR_INIT("http_referer")},
    [STATUS] = {STR_INIT("sc-status"), STR_INIT("DownstreamStatus"), STR_INIT("status"),
                STR_INIT("HttpStatus"), STR_INIT("properties.httpStatus")},
};

struct web_judge {
    struct web_tables tables;
    uint16_t ids[FIELDS][NAMES_MAX];
    struct str kept[STATUS][PLACES]; /* without attack: but for targets they come again and again */
    struct arena *arena;             /* owned; theirs */
    size_t bytes;
};

static const struct str injection[] = {STR_INIT("T1190")};
static const struct str scripting[] = {STR_INIT("T1189")};
static const struct str commands[] = {STR_INIT("T1190"), STR_INIT("T1059")};
static const struct str holes[] = {STR_INIT("T1190"), STR_INIT("T1595.002")};
static const struct str files[] = {STR_INIT("T1190"), STR_INIT("T1083")};

static const struct {
    const struct str *attack;
    uint32_t count;
    struct str titles[WEB_OUTCOMES], ids[WEB_OUTCOMES];
} subjects[ATTACK_CLASSES] = {
    [ATTACK_SQL] = {injection,
                    1,
                    {STR_INIT("SQL Injection Tried"), STR_INIT("SQL Injection Answered")},
                    {STR_INIT("web-sql-injection"), STR_INIT("web-sql-injection-answered")}},
    [ATTACK_SCRIPT] = {scripting,
                       1,
                       {STR_INIT("Cross-Site Scripting Tried"),
                        STR_INIT("Cross-Site Scripting Answered")},
                       {STR_INIT("web-scripting"), STR_INIT("web-scripting-answered")}},
    [ATTACK_PATH] = {files,
                     2,
                     {STR_INIT("Path Traversal Or Secret File Tried"),
                      STR_INIT("Path Traversal Or Secret File Answered")},
                     {STR_INIT("web-path"), STR_INIT("web-path-answered")}},
    [ATTACK_COMMAND] = {commands,
                        2,
                        {STR_INIT("Command Injection Tried"),
                         STR_INIT("Command Injection Answered")},
                        {STR_INIT("web-command"), STR_INIT("web-command-answered")}},
    [ATTACK_EXPRESSION] = {commands,
                           2,
                           {STR_INIT("Code Or Expression Injection Tried"),
                            STR_INIT("Code Or Expression Injection Answered")},
                           {STR_INIT("web-code"), STR_INIT("web-code-answered")}},
    [ATTACK_INCLUSION] = {injection,
                          1,
                          {STR_INIT("Inclusion Of A Foreign Address Tried"),
                           STR_INIT("Inclusion Of A Foreign Address Answered")},
                          {STR_INIT("web-inclusion"), STR_INIT("web-inclusion-answered")}},
    [ATTACK_OBJECT] = {injection,
                       1,
                       {STR_INIT("Injected Object Tried"), STR_INIT("Injected Object Answered")},
                       {STR_INIT("web-object"), STR_INIT("web-object-answered")}},
    [ATTACK_HOLE] = {holes,
                     2,
                     {STR_INIT("Known Hole Tried"), STR_INIT("Known Hole Tried And Answered")},
                     {STR_INIT("web-hole"), STR_INIT("web-hole-answered")}},
};

struct web_subject web_subject(uint32_t subject)
{
    uint32_t kind = subject / WEB_OUTCOMES, outcome = subject % WEB_OUTCOMES;

    return (struct web_subject){.id = subjects[kind].ids[outcome],
                                .title = subjects[kind].titles[outcome],
                                .level = outcome == WEB_ANSWERED ? LEVEL_MEDIUM : LEVEL_LOW,
                                .attack = subjects[kind].attack,
                                .attack_count = subjects[kind].count};
}

void web_add_fields(struct field_dictionary *fields)
{
    for (unsigned i = 0; i < FIELDS; i++)
        for (unsigned k = 0; k < NAMES_MAX && names[i][k].len > 0; k++)
            fields_add(fields, names[i][k]);
}

struct web_judge *web_judge_new(const struct field_dictionary *fields)
{
    struct web_judge *judge = calloc(1, sizeof(*judge));

    ENSURE(judge);
    web_tables_init(&judge->tables);
    judge->arena = arena_new("texts without an attack", 2 * ALL_BYTES_MAX);
    for (unsigned i = 0; i < FIELDS; i++)
        for (unsigned k = 0; k < NAMES_MAX; k++)
            judge->ids[i][k] =
                names[i][k].len > 0 ? fields_find(fields, names[i][k]) : (uint16_t)FIELD_NONE;
    return judge;
}

void web_judge_free(struct web_judge *judge)
{
    if (judge)
        arena_free(judge->arena);
    free(judge);
}

static struct str text_of(const struct event *event, uint16_t id)
{
    const struct event_field *field = id == FIELD_NONE ? NULL : event_find(event, id);

    return field && field->value.type != VALUE_NULL ? field->value.text : STR_EMPTY;
}

/* Under whatever name; *name is which. */
static struct str any_text(const struct web_judge *judge, const struct event *event, unsigned field,
                           struct str *name)
{
    struct str text = STR_EMPTY;

    for (unsigned k = 0; k < NAMES_MAX && names[field][k].len > 0 && text.len == 0; k++) {
        text = text_of(event, judge->ids[field][k]);
        *name = names[field][k];
    }
    return text;
}

static struct str *place_of(struct web_judge *judge, unsigned field, struct str text)
{
    return &judge->kept[field][hash_str(text) % PLACES];
}

static bool is_known(struct web_judge *judge, unsigned field, struct str text)
{
    return text.len == 0 ||
           (text.len <= KEPT_BYTES_MAX && str_eq(*place_of(judge, field, text), text));
}

static void keep(struct web_judge *judge, unsigned field, struct str text)
{
    if (text.len == 0 || text.len > KEPT_BYTES_MAX)
        return;
    if (judge->bytes + text.len > ALL_BYTES_MAX) {
        memset(judge->kept, 0, sizeof(judge->kept));
        arena_reset(judge->arena);
        judge->bytes = 0;
    }
    judge->bytes += text.len;
    *place_of(judge, field, text) = arena_str(judge->arena, text);
}

/* Which field holds it; the query may be the whole target. */
static unsigned field_of(const struct request_attack *attack, const struct str *texts)
{
    struct str query = texts[QUERY];

    if (attack->part == REQUEST_AGENT)
        return AGENT;
    if (attack->part == REQUEST_REFERRER)
        return REFERRER;
    return attack->text.at >= query.at && attack->text.at < query.at + query.len ? QUERY : STEM;
}

uint32_t web_judge_event(struct web_judge *judge, const struct event *event,
                         struct web_sign signs[ATTACK_CLASSES])
{
    struct str texts[STATUS], called[FIELDS];
    struct request_attack found[ATTACK_CLASSES];
    bool guilty[STATUS] = {false};

    texts[STEM] = any_text(judge, event, STEM, &called[STEM]);
    called[QUERY] = names[QUERY][0]; /* beside a stem no other is one */
    texts[QUERY] = texts[STEM].len > 0 ? text_of(event, judge->ids[QUERY][0])
                                       : any_text(judge, event, QUERY, &called[QUERY]);
    if (texts[QUERY].len + texts[STEM].len == 0)
        return 0;
    texts[AGENT] = any_text(judge, event, AGENT, &called[AGENT]);
    texts[REFERRER] = any_text(judge, event, REFERRER, &called[REFERRER]);
    bool agent = !is_known(judge, AGENT, texts[AGENT]);
    bool referrer = !is_known(judge, REFERRER, texts[REFERRER]);
    bool whole = str_starts_with(texts[QUERY], STR("/")) || texts[STEM].len == 0;
    const struct request request = {.target = whole ? texts[QUERY] : texts[STEM],
                                    .query = whole ? STR_EMPTY : texts[QUERY],
                                    .agent = agent ? texts[AGENT] : STR_EMPTY,
                                    .referrer = referrer ? texts[REFERRER] : STR_EMPTY};
    uint32_t count = request_judge(&judge->tables, &request, found);
    struct str status = count > 0 ? any_text(judge, event, STATUS, &called[STATUS]) : STR_EMPTY;
    bool answered = str_starts_with(status, STR("2")) || str_starts_with(status, STR("5"));
    for (uint32_t i = 0; i < count; i++) {
        unsigned field = field_of(&found[i], texts);
        guilty[field] = true;
        signs[i] = (struct web_sign){.subject = (uint32_t)found[i].kind * WEB_OUTCOMES +
                                                (uint32_t)(answered ? WEB_ANSWERED : WEB_REFUSED),
                                     .attack = found[i],
                                     .field = called[field],
                                     .value = texts[field]};
    }
    if (agent && !guilty[AGENT])
        keep(judge, AGENT, texts[AGENT]);
    if (referrer && !guilty[REFERRER])
        keep(judge, REFERRER, texts[REFERRER]);
    return count;
}
