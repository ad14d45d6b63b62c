/* summaries.c - see summaries.h. */
#include "analytics/summaries.h"

#include "core/ensure.h"
#include "model/event_kind.h"

#include <stdlib.h>

#define KEYWORDS_MAX 100000u
#define KEYWORD_BYTES_MAX 500u
#define SCRATCH_BYTES_MAX ((size_t)2 << 30)

/* ---- keywords ---- */

struct keywords {
    struct arena *arena;
    struct map known; /* kind and text -> place */
    struct summed_keyword *at;
    uint32_t count;
    uint64_t left;
    struct buf key;
};

struct keywords *keywords_new(void)
{
    struct keywords *keywords = calloc(1, sizeof(*keywords));

    ENSURE(keywords);
    keywords->arena = arena_new("keywords of findings", SCRATCH_BYTES_MAX);
    map_init(&keywords->known, keywords->arena);
    keywords->at = ARENA_ARRAY(keywords->arena, struct summed_keyword, KEYWORDS_MAX);
    buf_init(&keywords->key, 2 * KEYWORD_BYTES_MAX);
    return keywords;
}

void keywords_free(struct keywords *keywords)
{
    if (!keywords)
        return;
    buf_free(&keywords->key);
    arena_free(keywords->arena);
    free(keywords);
}

static void take(struct keywords *keywords, enum entity_kind kind, struct str text,
                 enum level level)
{
    text = str_slice(text, 0, KEYWORD_BYTES_MAX);
    if (text.len == 0 || str_eq(text, STR("-")))
        return;
    buf_reset(&keywords->key);
    buf_add_char(&keywords->key, (char)kind);
    buf_add(&keywords->key, text);
    uint32_t at = map_find(&keywords->known, buf_str(&keywords->key));
    if (at == MAP_NONE) {
        if (keywords->count == KEYWORDS_MAX) {
            keywords->left++;
            return;
        }
        at = keywords->count++;
        map_set(&keywords->known, buf_str(&keywords->key), at);
        keywords->at[at] =
            (struct summed_keyword){.kind = kind, .text = arena_str(keywords->arena, text)};
    }
    keywords->at[at].findings++;
    keywords->at[at].level = level > keywords->at[at].level ? level : keywords->at[at].level;
}

void keywords_take(struct keywords *keywords, const struct finding *finding)
{
    if (finding->level < LEVEL_MEDIUM)
        return;
    const struct str_list *entities = finding_entities(finding);
    take(keywords, ENTITY_HOST, finding->host, finding->level);
    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++)
        for (uint32_t i = 0; i < entities[kind].count; i++)
            take(keywords, (enum entity_kind)kind, entities[kind].at[i], finding->level);
}

static int compare_keywords(const void *a, const void *b)
{
    const struct summed_keyword *left = a, *right = b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    if (left->findings != right->findings)
        return left->findings > right->findings ? -1 : 1;
    return str_compare(left->text, right->text);
}

static void make_keywords(const struct keywords *keywords, struct arena *arena,
                          struct run_summaries *out)
{
    out->keywords = ARENA_ARRAY(arena, struct summed_keyword, keywords->count);
    out->keyword_count = keywords->count;
    out->keywords_left = keywords->left;
    for (uint32_t i = 0; i < keywords->count; i++) {
        out->keywords[i] = keywords->at[i];
        out->keywords[i].text = arena_str(arena, keywords->at[i].text);
    }
    if (out->keyword_count > 1)
        qsort(out->keywords, out->keyword_count, sizeof(*out->keywords), compare_keywords);
}

/* ---- events and hosts ---- */

static void add_span(const struct census_row *row, bool *has_span, int64_t *first_ns,
                     int64_t *last_ns)
{
    if (row->timed == 0)
        return;
    *first_ns = !*has_span || row->first_ns < *first_ns ? row->first_ns : *first_ns;
    *last_ns = !*has_span || row->last_ns > *last_ns ? row->last_ns : *last_ns;
    *has_span = true;
}

/* What is counted while rows are gone through: they stand by host. */
struct counting {
    struct arena *arena;
    struct run_summaries *out;
    struct map events;     /* channel, provider, id -> place */
    struct map channels;   /* of the host at hand */
    struct str *last_host; /* by place of an event: the host that had it last */
    struct buf key;
};

static void count_event(struct counting *counting, const struct event_kind *kind,
                        const struct census_row *row)
{
    struct run_summaries *out = counting->out;
    struct str channel = kind->channel.len ? kind->channel : kind->format;

    buf_reset(&counting->key);
    census_key_add(&counting->key, channel);
    census_key_add(&counting->key, kind->provider);
    census_key_add(&counting->key, kind->event_id);
    uint32_t at = map_find(&counting->events, buf_str(&counting->key));
    bool is_new = at == MAP_NONE;
    if (is_new) {
        at = out->event_count++;
        map_set(&counting->events, buf_str(&counting->key), at);
        out->events[at] = (struct summed_event){
            .channel = channel, .provider = kind->provider, .event_id = kind->event_id};
    }
    struct summed_event *event = &out->events[at];
    event->events += row->count;
    event->hosts += is_new || !str_eq(counting->last_host[at], kind->host);
    counting->last_host[at] = kind->host;
    add_span(row, &event->has_span, &event->first_ns, &event->last_ns);
}

static void count_host(struct counting *counting, const struct event_kind *kind,
                       const struct census_row *row)
{
    struct run_summaries *out = counting->out;
    struct str channel = kind->channel.len ? kind->channel : kind->format;

    if (out->host_count == 0 || !str_eq(out->hosts[out->host_count - 1].name, kind->host)) {
        out->hosts[out->host_count++] = (struct summed_host){.name = kind->host};
        map_init(&counting->channels, counting->arena);
    }
    struct summed_host *host = &out->hosts[out->host_count - 1];
    host->events += row->count;
    if (map_find(&counting->channels, channel) == MAP_NONE) {
        map_set(&counting->channels, channel, 1);
        host->channels++;
    }
    add_span(row, &host->has_span, &host->first_ns, &host->last_ns);
}

static int compare_events(const void *a, const void *b)
{
    const struct summed_event *left = a, *right = b;
    int order = str_compare(left->channel, right->channel);

    if (order)
        return order;
    if (left->events != right->events)
        return left->events > right->events ? -1 : 1;
    order = str_compare(left->event_id, right->event_id);
    return order ? order : str_compare(left->provider, right->provider);
}

static int compare_hosts(const void *a, const void *b)
{
    const struct summed_host *left = a, *right = b;

    if (left->events != right->events)
        return left->events > right->events ? -1 : 1;
    return str_compare(left->name, right->name);
}

static void add_findings(const struct summaries_question *question, struct run_summaries *out)
{
    for (uint32_t i = 0, at = 0; i < out->host_count; i++) {
        for (uint32_t tried = 0; tried < question->host_count; tried++, at++) {
            const struct estate_host *found = &question->hosts[at % question->host_count];
            if (!str_eq(found->name, out->hosts[i].name))
                continue;
            out->hosts[i].findings = found->findings;
            out->hosts[i].level = found->level;
            break;
        }
    }
}

void summaries_make(const struct summaries_question *question, struct arena *arena,
                    struct run_summaries *summaries)
{
    const struct census *events = question->events;
    struct counting counting = {.arena = arena, .out = summaries};
    struct event_kind kind;

    *summaries = (struct run_summaries){0};
    for (unsigned i = 0; i < SUMMARY_KINDS; i++)
        summaries->asked[i] = question->asked[i];
    if (question->asked[SUMMARY_KEYWORDS] && question->keywords)
        make_keywords(question->keywords, arena, summaries);
    if (!question->asked[SUMMARY_EVENTS] && !question->asked[SUMMARY_HOSTS])
        return;
    summaries->events = ARENA_ARRAY(arena, struct summed_event, events->count);
    summaries->hosts = ARENA_ARRAY(arena, struct summed_host, events->count);
    counting.last_host = ARENA_ARRAY(arena, struct str, events->count);
    map_init(&counting.events, arena);
    buf_init(&counting.key, CENSUS_KEY_BYTES_MAX);
    for (uint32_t i = 0; i < events->count; i++) {
        if (!event_kind_read(events->at[i].key, arena, &kind))
            continue;
        count_event(&counting, &kind, &events->at[i]);
        count_host(&counting, &kind, &events->at[i]);
    }
    buf_free(&counting.key);
    add_findings(question, summaries);
    if (summaries->event_count > 1)
        qsort(summaries->events, summaries->event_count, sizeof(*summaries->events),
              compare_events);
    if (summaries->host_count > 1)
        qsort(summaries->hosts, summaries->host_count, sizeof(*summaries->hosts), compare_hosts);
}
