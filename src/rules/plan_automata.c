/* plan_automata.c - the tables and automata of each field. */
#include "rules/plan_priv.h"

#include "core/ensure.h"

#include <stdlib.h>

#define RETRIES_MAX 16u

/* All patterns of one field and kind: a list of one automaton. `texts`: numbers of what they look
 * for, ascending, the same for equal ones of other fields. */
struct list {
    const uint32_t *patterns;
    uint32_t *texts;
    uint32_t count;
    struct automaton **place;
};

/* One automaton to be made, and the lists that it serves. */
struct job {
    uint32_t *texts; /* of all its lists; what it finds is reported by the place here */
    uint32_t text_count;
    struct list **lists;
    uint32_t **ids; /* by list, by place in `texts`: the pattern, or AUTOMATON_NO_ID */
    uint32_t list_count;
    struct automaton_pattern *patterns; /* those not refused */
    uint32_t count;
    struct automaton *automaton;
};

struct jobs {
    struct list *lists;
    uint32_t list_count;
    struct job *at;
    uint32_t count;
    uint32_t *examples; /* by text: a pattern that looks for it */
};

static struct field_plan *field_plan_of(struct plan *plan, uint16_t field)
{
    struct field_plan **place = &plan->fields[field];

    if (!*place)
        *place = ARENA_NEW(plan->arena, struct field_plan);
    return *place;
}

/* Indices of the patterns, ordered by field and kind: each run becomes one table or automaton. */
static int order_by_place(const void *a, const void *b, void *context)
{
    const struct pattern *patterns = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const struct pattern *one = &patterns[left], *other = &patterns[right];

    if (one->field != other->field)
        return one->field < other->field ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return left < right ? -1 : left > right;
}

static struct affix_table *table_of(struct plan_builder *builder, const uint32_t *run,
                                    uint32_t count)
{
    static const enum affix_kind kinds[] = {
        [PATTERN_WHOLE] = AFFIX_WHOLE,
        [PATTERN_PREFIX] = AFFIX_PREFIX,
        [PATTERN_SUFFIX] = AFFIX_SUFFIX,
    };
    const struct pattern *patterns = builder->plan->patterns;
    struct affix_entry *entries = ARENA_ARRAY(builder->scratch, struct affix_entry, count);

    for (uint32_t i = 0; i < count; i++)
        entries[i] = (struct affix_entry){patterns[run[i]].text, run[i]};
    return affix_table_new(kinds[patterns[run[0]].kind], entries, count, builder->plan->arena);
}

static void add_run(struct plan_builder *builder, const uint32_t *run, uint32_t count,
                    struct jobs *jobs)
{
    const struct pattern *first = &builder->plan->patterns[run[0]];
    struct field_plan *field = field_plan_of(builder->plan, first->field);

    field->searched = true;
    switch (first->kind) {
    case PATTERN_WHOLE:
        field->whole = table_of(builder, run, count);
        break;
    case PATTERN_PREFIX:
        field->prefix = table_of(builder, run, count);
        break;
    case PATTERN_SUFFIX:
        field->suffix = table_of(builder, run, count);
        break;
    case PATTERN_FOLDED:
    case PATTERN_RAW:
        jobs->lists[jobs->list_count++] = (struct list){
            .patterns = run,
            .count = count,
            .place = first->kind == PATTERN_RAW ? &field->raw : &field->folded,
        };
        break;
    }
}

static struct jobs lists_of(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;
    uint32_t *order = ARENA_ARRAY(builder->scratch, uint32_t, plan->pattern_count);
    struct jobs jobs = {
        .lists = ARENA_ARRAY(builder->scratch, struct list, 2 * (size_t)plan->dictionary->count),
    };

    for (uint32_t i = 0; i < plan->pattern_count; i++)
        order[i] = i;
    if (plan->pattern_count)
        qsort_r(order, plan->pattern_count, sizeof(*order), order_by_place, plan->patterns);
    for (uint32_t i = 0, end; i < plan->pattern_count; i = end) {
        const struct pattern *first = &plan->patterns[order[i]];
        for (end = i + 1; end < plan->pattern_count; end++)
            if (plan->patterns[order[end]].field != first->field ||
                plan->patterns[order[end]].kind != first->kind)
                break;
        add_run(builder, order + i, end - i, &jobs);
    }
    return jobs;
}

/* ---- sharing ---- */

static int order_numbers(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

    return one < other ? -1 : one > other;
}

/* Longest first; else as they stand. */
static int order_lists(const void *a, const void *b)
{
    const struct list *one = a, *other = b;

    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->patterns < other->patterns ? -1 : one->patterns > other->patterns;
}

/* Numbers what the patterns look for. */
static void number_texts(struct plan_builder *builder, struct jobs *jobs)
{
    const struct pattern *patterns = builder->plan->patterns;
    struct buf *key = &builder->key;
    uint32_t count = 0;
    struct map texts;

    map_init(&texts, builder->scratch);
    jobs->examples = ARENA_ARRAY(builder->scratch, uint32_t, builder->plan->pattern_count);
    for (uint32_t i = 0; i < jobs->list_count; i++) {
        struct list *list = &jobs->lists[i];
        list->texts = ARENA_ARRAY(builder->scratch, uint32_t, list->count);
        for (uint32_t j = 0; j < list->count; j++) {
            const struct pattern *pattern = &patterns[list->patterns[j]];
            buf_reset(key);
            buf_add_u64(key, pattern->flags);
            buf_add_char(key, ' ');
            buf_add(key, pattern->text);
            ENSURE(!key->full);
            list->texts[j] = map_find(&texts, buf_str(key));
            if (list->texts[j] != MAP_NONE)
                continue;
            jobs->examples[count] = list->patterns[j];
            list->texts[j] = count;
            map_set(&texts, buf_str(key), count++);
        }
    }
}

/* How many numbers stand in both of two ascending lists. */
static uint32_t common(const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count)
{
    uint32_t found = 0;

    for (uint32_t i = 0, j = 0; i < a_count && j < b_count;) {
        found += a[i] == b[j];
        if (a[i] <= b[j])
            i++;
        else
            j++;
    }
    return found;
}

static void join(struct job *job, const uint32_t *texts, uint32_t count, struct arena *arena)
{
    uint32_t *all = ARENA_ARRAY(arena, uint32_t, (size_t)job->text_count + count);
    uint32_t at = 0, i = 0, j = 0;

    while (i < job->text_count || j < count) {
        bool first = j == count || (i < job->text_count && job->texts[i] <= texts[j]);
        bool both = i < job->text_count && j < count && job->texts[i] == texts[j];
        all[at++] = first ? job->texts[i] : texts[j];
        i += first;
        j += both || !first;
    }
    job->texts = all;
    job->text_count = at;
}

/* Lists that are equal, or nearly so (at most an eighth of what is found for one is looked for by
 * another alone), are served by one automaton: much the same is sought in the command lines of
 * Sysmon, of Security and of the others, and compiling takes its time. */
static bool joins(struct job *job, const struct list *list, const uint32_t *texts,
                  struct arena *arena)
{
    uint32_t slack = list->count / 8;

    if (job->text_count > list->count + slack)
        return false;
    uint32_t both = common(job->texts, job->text_count, texts, list->count);
    uint32_t joined = job->text_count + list->count - both;
    for (uint32_t i = 0; i < job->list_count; i++)
        if (joined > job->lists[i]->count + job->lists[i]->count / 8)
            return false;
    if (joined > list->count + slack)
        return false;
    if (both < list->count)
        join(job, texts, list->count, arena);
    return true;
}

static void add_to_job(struct plan_builder *builder, struct jobs *jobs, struct list *list)
{
    uint32_t *texts = ARENA_ARRAY(builder->scratch, uint32_t, list->count);
    struct job *job = jobs->at;

    for (uint32_t i = 0; i < list->count; i++)
        texts[i] = list->texts[i];
    qsort(texts, list->count, sizeof(*texts), order_numbers);
    while (job < jobs->at + jobs->count && !joins(job, list, texts, builder->scratch))
        job++;
    if (job == jobs->at + jobs->count) {
        jobs->count++;
        job->texts = texts;
        job->text_count = list->count;
        job->lists = ARENA_ARRAY(builder->scratch, struct list *, jobs->list_count);
    }
    job->lists[job->list_count++] = list;
}

/* By place in the texts of the job: the pattern of the list. */
static uint32_t *ids_of(const struct plan_builder *builder, const struct job *job,
                        const struct list *list, uint32_t *place_of_text)
{
    uint32_t *ids = ARENA_ARRAY(builder->plan->arena, uint32_t, job->text_count);

    for (uint32_t i = 0; i < job->text_count; i++) {
        place_of_text[job->texts[i]] = i;
        ids[i] = AUTOMATON_NO_ID;
    }
    for (uint32_t i = 0; i < list->count; i++)
        ids[place_of_text[list->texts[i]]] = list->patterns[i];
    return ids;
}

static struct jobs jobs_of(struct plan_builder *builder)
{
    const struct pattern *patterns = builder->plan->patterns;
    struct jobs jobs = lists_of(builder);
    uint32_t *places = ARENA_ARRAY(builder->scratch, uint32_t, builder->plan->pattern_count);

    number_texts(builder, &jobs);
    if (jobs.list_count)
        qsort(jobs.lists, jobs.list_count, sizeof(*jobs.lists), order_lists);
    jobs.at = ARENA_ARRAY(builder->scratch, struct job, jobs.list_count);
    for (uint32_t i = 0; i < jobs.list_count; i++)
        add_to_job(builder, &jobs, &jobs.lists[i]);
    for (uint32_t i = 0; i < jobs.count; i++) {
        struct job *job = &jobs.at[i];
        job->ids = ARENA_ARRAY(builder->scratch, uint32_t *, job->list_count);
        for (uint32_t j = 0; j < job->list_count; j++)
            job->ids[j] = ids_of(builder, job, job->lists[j], places);
        job->patterns = ARENA_ARRAY(builder->scratch, struct automaton_pattern, job->text_count);
        for (; job->count < job->text_count; job->count++) {
            const struct pattern *pattern = &patterns[jobs.examples[job->texts[job->count]]];
            job->patterns[job->count] = (struct automaton_pattern){
                .text = pattern->text,
                .flags = pattern->flags,
                .id = job->count,
            };
        }
    }
    return jobs;
}

/* ---- compiling ---- */

static void refuse_id(struct plan *plan, const struct job *job, uint32_t id)
{
    for (uint32_t i = 0; i < job->list_count; i++)
        if (job->ids[i][id] != AUTOMATON_NO_ID)
            plan->patterns[job->ids[i][id]].refused = true;
}

static void refuse_at(struct plan *plan, struct job *job, uint32_t index)
{
    refuse_id(plan, job, job->patterns[index].id);
    job->patterns[index] = job->patterns[--job->count];
}

/* Leaves out what the automaton cannot hold, and marks what it can only approximate. */
static void refuse_untakeable(struct plan *plan, struct job *job)
{
    for (uint32_t i = job->count; i-- > 0;) {
        struct automaton_pattern *pattern = &job->patterns[i];
        if (!(pattern->flags & AUTOMATON_REGEX) || automaton_takes(pattern))
            continue;
        pattern->flags |= AUTOMATON_PREFILTER;
        if (!automaton_takes(pattern))
            refuse_at(plan, job, i);
    }
}

static void compile(struct plan *plan, struct job *job)
{
    refuse_untakeable(plan, job);
    for (unsigned i = 0; i < RETRIES_MAX && job->count; i++) {
        uint32_t bad;
        if (automaton_build(job->patterns, job->count, plan->arena, &job->automaton, &bad, NULL) ==
            ERR_NONE)
            return;
        if (bad >= job->count)
            break;
        if (job->patterns[bad].flags & AUTOMATON_PREFILTER ||
            !(job->patterns[bad].flags & AUTOMATON_REGEX))
            refuse_at(plan, job, bad);
        else
            job->patterns[bad].flags |= AUTOMATON_PREFILTER;
    }
    while (job->count)
        refuse_at(plan, job, 0);
}

/* ---- all of it ---- */

/* An atom one of whose patterns nobody looks for has to be computed instead. */
static void settle_patterns(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;

    for (uint32_t i = 0; i < plan->pattern_count; i++) {
        struct pattern *pattern = &plan->patterns[i];
        for (uint32_t j = 0; pattern->refused && j < pattern->building.count; j++)
            plan->atoms[pattern->building.at[j] >> 1].eager = false;
        pattern->targets = plan_keep(builder, pattern->building.at, pattern->building.count);
        number_list_free(&pattern->building);
    }
}

static void mark_keywords(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->atom_count; i++) /* so that presence has a place, too */
        field_plan_of(plan, plan->atoms[i].field)->keywords |= atom_is_keyword(&plan->atoms[i]);
    for (uint32_t i = 0; i < plan->dictionary->count; i++)
        if (plan->fields[i])
            plan->fields[i]->keywords_need_text = plan->fields[i]->keywords;
    for (uint32_t i = 0; i < plan->pattern_count; i++)
        if (plan->patterns[i].kind != PATTERN_FOLDED ||
            value_may_be_no_text(plan->patterns[i].text))
            plan->fields[plan->patterns[i].field]->keywords_need_text = false;
}

static void serve_lists(struct plan *plan, const struct job *job)
{
    for (uint32_t i = 0; i < job->list_count; i++)
        *job->lists[i]->place = automaton_renamed(job->automaton, job->ids[i], plan->arena);
    plan->automata[plan->automaton_count++] = job->automaton;
}

void plan_build_fields(struct plan_builder *builder)
{
    struct plan *plan = builder->plan;

    plan->fields = ARENA_ARRAY(plan->arena, struct field_plan *, plan->dictionary->count);
    struct jobs jobs = jobs_of(builder);
    for (uint32_t i = 0; i < jobs.count; i++)
        compile(plan, &jobs.at[i]);
    plan->automata = ARENA_ARRAY(plan->arena, struct automaton *, jobs.count);
    for (uint32_t i = 0; i < jobs.count; i++)
        if (jobs.at[i].automaton)
            serve_lists(plan, &jobs.at[i]);
    for (uint32_t i = 0; i < plan->pattern_count; i++)
        plan->statistics.patterns +=
            plan->patterns[i].kind >= PATTERN_FOLDED && !plan->patterns[i].refused;
    plan->statistics.automata = plan->automaton_count;
    mark_keywords(plan);
    settle_patterns(builder);
}
