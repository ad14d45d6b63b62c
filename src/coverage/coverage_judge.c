/* coverage_judge.c - from kinds of events to a verdict for each rule.
 *
 * Rules with the same log source are judged together: of the kinds of events that their entries of
 * the taxonomy serve, those which no rule could tell apart (shapes) are looked at once, whichever
 * hosts have them. */
#include "core/ensure.h"
#include "coverage/coverage_priv.h"

#define SCRATCH_BYTES_MAX ((size_t)4 << 30)
#define SENTENCES_MAX 4u
#define NEEDS_MAX 4u
#define NO_FAMILY UINT32_MAX

struct kind {
    struct event_kind is;
    const uint64_t *filled;
    uint32_t host;
};

struct shape {
    struct decided decided;
    const uint64_t *filled;
    uint64_t *entries; /* bits: those of the source that hold */
};

/* An event id that has to be switched on. */
struct recorded {
    uint32_t recording; /* place in recordings */
    struct decided decided;
};

/* It, as an entry of the taxonomy would take it. */
struct taken {
    uint32_t recorded, entry;
};

/* Rules of one log source. */
struct source {
    uint32_t *rules; /* places in the set */
    uint32_t rule_count;
    uint32_t *entries; /* places in the taxonomy: those that serve them */
    uint32_t entry_count;
    uint64_t *entry_bits;
    struct shape *shapes;
    uint32_t shape_count;
    uint32_t *kinds, *kind_shapes; /* those that an entry holds for, by host */
    uint32_t kind_count;
    struct taken *takes; /* by recording */
    uint32_t take_count;
};

struct judgement {
    const struct coverage_question *question;
    struct arena *arena;   /* of the answer */
    struct arena *scratch; /* of the judgement */
    struct run_coverage *out;
    struct map family_ids;
    uint32_t *families; /* by entry */
    uint32_t words;     /* of bits of entries */
    struct kind *kinds; /* by host */
    uint32_t kind_count;
    uint32_t host_count;
    bool *host_families; /* host * entry_count + family */
    struct recorded *recorded;
    uint32_t recorded_count;
    struct needs needs;
    enum coverage_verdict *verdicts; /* by place in the set */
    bool *judged;
};

static bool bit_get(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

static void bit_set(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

/* ---- hosts and what there can be on them ---- */

/* What logs are about, in the coarsest sense: a product, or what stands for one. */
static struct str family_of(const struct log_source *source)
{
    return source->product.len    ? source->product
           : source->category.len ? source->category
                                  : source->service;
}

static uint32_t family_id(struct judgement *j, struct str name)
{
    char folded[64];
    size_t len = name.len < sizeof(folded) ? name.len : sizeof(folded);

    for (size_t i = 0; i < len; i++)
        folded[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    struct str key = {folded, len};
    uint32_t id = map_find(&j->family_ids, key);
    if (id == MAP_NONE) {
        id = j->family_ids.count;
        map_set(&j->family_ids, key, id);
    }
    return id;
}

static void find_families(struct judgement *j)
{
    const struct taxonomy *taxonomy = j->question->taxonomy;

    map_init(&j->family_ids, j->scratch);
    j->families = ARENA_ARRAY(j->scratch, uint32_t, taxonomy->count + 1);
    for (uint32_t i = 0; i < taxonomy->count; i++)
        j->families[i] = family_id(j, family_of(&taxonomy->entries[i].source));
    (void)family_id(j, STR("windows"));
}

static bool *family_at(const struct judgement *j, uint32_t host, uint32_t family)
{
    return &j->host_families[(size_t)host * (j->question->taxonomy->count + 1) + family];
}

static void find_kinds(struct judgement *j)
{
    const struct census *events = j->question->events;
    struct str host = {0};

    j->kinds = ARENA_ARRAY(j->scratch, struct kind, events->count);
    for (uint32_t i = 0; i < events->count; i++) {
        struct kind *kind = &j->kinds[j->kind_count];
        if (!event_kind_read(events->at[i].key, j->scratch, &kind->is) ||
            kind->is.words * 64 < j->question->taxonomy->count)
            continue;
        kind->filled = events->at[i].bits;
        if (j->kind_count == 0 || !str_eq(host, kind->is.host))
            j->host_count++; /* they are sorted by it */
        host = kind->is.host;
        kind->host = j->host_count - 1;
        j->words = kind->is.words;
        j->kind_count++;
    }
}

static void find_host_families(struct judgement *j)
{
    uint32_t windows = family_id(j, STR("windows"));

    j->host_families = ARENA_ARRAY(j->scratch, bool,
                                   (size_t)j->host_count *(j->question->taxonomy->count + 1) + 1);
    for (uint32_t i = 0; i < j->kind_count; i++) {
        const struct kind *kind = &j->kinds[i];
        if (kind->is.windows)
            *family_at(j, kind->host, windows) = true;
        for (uint32_t entry = 0; entry < j->question->taxonomy->count; entry++)
            if (bit_get(kind->is.entries, entry))
                *family_at(j, kind->host, j->families[entry]) = true;
    }
}

static void find_recorded(struct judgement *j)
{
    const struct recordings *recordings = j->question->recordings;
    size_t all = 0;

    for (uint32_t i = 0; i < recordings->count; i++)
        all += recordings->at[i].event_count;
    j->recorded = ARENA_ARRAY(j->scratch, struct recorded, all);
    for (uint32_t i = 0; i < recordings->count; i++) {
        const struct recording *recording = &recordings->at[i];
        for (uint32_t at = 0; at < recording->event_count; at++) {
            struct str id = arena_printf(j->scratch, "%u", recording->events[at]);
            j->recorded[j->recorded_count++] =
                (struct recorded){i, decided_by(recording->channel, STR_EMPTY, id, j->scratch)};
        }
    }
}

/* ---- one log source ---- */

static void find_entries(const struct judgement *j, const struct log_source *log,
                         struct source *source)
{
    const struct taxonomy *taxonomy = j->question->taxonomy;

    source->entries = ARENA_ARRAY(j->scratch, uint32_t, taxonomy->count);
    source->entry_bits = ARENA_ARRAY(j->scratch, uint64_t, j->words + 1);
    for (uint32_t i = 0; i < taxonomy->count; i++) {
        if (!taxonomy_serves(&taxonomy->entries[i], log))
            continue;
        source->entries[source->entry_count++] = i;
        if (i / 64 < j->words)
            bit_set(source->entry_bits, i);
    }
}

static void add_text(struct buf *key, struct str text)
{
    buf_add_bytes(key, &text.len, sizeof(text.len));
    buf_add(key, text);
}

/* Events of kinds with equal keys are the same to all rules of the source. */
static struct str shape_key(const struct judgement *j, const struct source *source,
                            const struct kind *kind, struct buf *key)
{
    buf_reset(key);
    add_text(key, kind->is.channel);
    add_text(key, kind->is.provider);
    add_text(key, kind->is.event_id);
    for (uint32_t word = 0; word < j->words; word++) {
        uint64_t bits = kind->is.entries[word] & source->entry_bits[word];
        buf_add_bytes(key, &bits, sizeof(bits));
    }
    buf_add_bytes(key, kind->filled, j->question->events->words * sizeof(*kind->filled));
    return buf_str(key);
}

static bool is_served(const struct judgement *j, const struct source *source,
                      const struct kind *kind)
{
    for (uint32_t word = 0; word < j->words; word++)
        if (kind->is.entries[word] & source->entry_bits[word])
            return true;
    return false;
}

static void add_shape(const struct judgement *j, struct source *source, const struct kind *kind)
{
    struct shape *shape = &source->shapes[source->shape_count++];

    shape->decided = decided_by(kind->is.channel, kind->is.provider, kind->is.event_id, j->scratch);
    shape->filled = kind->filled;
    shape->entries = ARENA_ARRAY(j->scratch, uint64_t, j->words);
    for (uint32_t word = 0; word < j->words; word++)
        shape->entries[word] = kind->is.entries[word] & source->entry_bits[word];
}

static void find_shapes(const struct judgement *j, struct source *source)
{
    struct map known;
    struct buf key;

    map_init(&known, j->scratch);
    buf_init(&key, SIZE_MAX / 2);
    source->shapes = ARENA_ARRAY(j->scratch, struct shape, j->kind_count);
    source->kinds = ARENA_ARRAY(j->scratch, uint32_t, j->kind_count);
    source->kind_shapes = ARENA_ARRAY(j->scratch, uint32_t, j->kind_count);
    for (uint32_t i = 0; i < j->kind_count; i++) {
        const struct kind *kind = &j->kinds[i];
        if (!is_served(j, source, kind))
            continue;
        struct str text = shape_key(j, source, kind, &key);
        uint32_t shape = map_find(&known, text);
        if (shape == MAP_NONE) {
            shape = source->shape_count;
            map_set(&known, text, shape);
            add_shape(j, source, kind);
        }
        source->kinds[source->kind_count] = i;
        source->kind_shapes[source->kind_count++] = shape;
    }
    buf_free(&key);
}

/* ---- one rule ---- */

/* What is missed, or not recorded, somewhere. */
struct lack {
    struct str fields[REACH_FIELDS_MAX];
    uint32_t field_count, fields_all;
    struct str needs[NEEDS_MAX];
    uint32_t need_count;
    uint32_t hosts;
};

/* What is known of one rule while it is judged. */
struct case_file {
    struct judgement *j;
    struct source *source;
    const struct sigma_rule *rule;
    uint32_t place;
    enum reach *reaches; /* by shape */
    bool recordings_known;
    uint32_t *recordings; /* places: those whose events it is about */
    uint32_t recording_count;
    struct lack part, missing, absent; /* by what became of hosts */
};

static struct reach_view view_of(const struct case_file *file, const struct shape *shape,
                                 uint32_t entry)
{
    return (struct reach_view){.decided = &shape->decided,
                               .entry = &file->j->question->taxonomy->entries[entry],
                               .fields = file->j->question->fields,
                               .filled = shape->filled};
}

/* Under the entry by which it sees most; `view` is that one's. */
static enum reach reach_of_shape(const struct case_file *file, const struct shape *shape,
                                 struct reach_view *best_view)
{
    enum reach best = REACH_OTHER;

    for (uint32_t i = 0; i < file->source->entry_count; i++) {
        uint32_t entry = file->source->entries[i];
        if (!bit_get(shape->entries, entry))
            continue;
        struct reach_view view = view_of(file, shape, entry);
        enum reach reach = reach_of(&view, file->rule->detection);
        if (reach >= best) {
            best = reach;
            *best_view = view;
        }
    }
    return best;
}

static void find_takes(const struct judgement *j, struct source *source)
{
    const struct taxonomy_entry *entries = j->question->taxonomy->entries;

    source->takes =
        ARENA_ARRAY(j->scratch, struct taken, (size_t)j->recorded_count * source->entry_count);
    for (uint32_t i = 0; i < j->recorded_count; i++) {
        const struct str *texts = j->recorded[i].decided.texts;
        for (uint32_t at = 0; at < source->entry_count; at++)
            if (reach_takes(&entries[source->entries[at]], texts[DECIDED_CHANNEL],
                            texts[DECIDED_EVENT_ID]))
                source->takes[source->take_count++] = (struct taken){i, source->entries[at]};
    }
}

static bool is_about(const struct case_file *file, const struct taken *taken)
{
    const struct judgement *j = file->j;
    struct reach_view view = {.decided = &j->recorded[taken->recorded].decided,
                              .entry = &j->question->taxonomy->entries[taken->entry],
                              .fields = j->question->fields};

    return reach_of(&view, file->rule->detection) != REACH_OTHER;
}

/* Which recordings have events that the rule is about. */
static void find_recordings(struct case_file *file)
{
    const struct judgement *j = file->j;

    if (file->recordings_known)
        return;
    file->recordings_known = true;
    file->recordings = ARENA_ARRAY(j->scratch, uint32_t, j->question->recordings->count);
    for (uint32_t i = 0; i < file->source->take_count; i++) {
        const struct taken *taken = &file->source->takes[i];
        uint32_t last = file->recording_count, recording = j->recorded[taken->recorded].recording;
        if ((last == 0 || file->recordings[last - 1] != recording) && is_about(file, taken))
            file->recordings[file->recording_count++] = recording;
    }
}

/* Events of this kind come with those that the rule is about, and are none of them: of those it
 * could see nothing, for whatever reason. */
static bool is_beside(const struct case_file *file, uint32_t recording, struct str event_id)
{
    const struct judgement *j = file->j;
    uint32_t at = 0;

    while (at < j->recorded_count &&
           (j->recorded[at].recording != recording ||
            !str_eq(j->recorded[at].decided.texts[DECIDED_EVENT_ID], event_id)))
        at++;
    if (at == j->recorded_count)
        return false;
    for (uint32_t i = 0; i < file->source->take_count; i++)
        if (file->source->takes[i].recorded == at && is_about(file, &file->source->takes[i]))
            return false;
    return true;
}

/* The host's log has such events, or would have them if there had been any. */
static bool is_recorded(const struct case_file *file, uint32_t recording, uint32_t from,
                        uint32_t to)
{
    const struct recording *group = &file->j->question->recordings->at[recording];

    for (uint32_t i = from; i < to; i++) {
        const struct event_kind *kind = &file->j->kinds[i].is;
        if (str_eq_nocase(kind->channel, group->channel) &&
            (group->by_default || is_beside(file, recording, kind->event_id)))
            return true;
    }
    return false;
}

static void lack_need(struct lack *lack, struct str need)
{
    if (need.len == 0)
        return;
    for (uint32_t i = 0; i < lack->need_count; i++)
        if (str_eq(lack->needs[i], need))
            return;
    if (lack->need_count < NEEDS_MAX)
        lack->needs[lack->need_count++] = need;
}

/* Logs of the system's own come before what other products would make of it. */
static void lack_logs(const struct case_file *file, struct lack *lack,
                      const struct taxonomy_entry *but)
{
    const struct source *source = file->source;
    const struct taxonomy_entry *entries = file->j->question->taxonomy->entries;
    bool channels = false;

    for (uint32_t i = 0; i < source->entry_count; i++)
        channels |= reach_tests_channel(&entries[source->entries[i]]);
    for (uint32_t i = 0; i < source->entry_count; i++) {
        const struct taxonomy_entry *entry = &entries[source->entries[i]];
        if (entry != but && reach_tests_channel(entry) == channels)
            lack_need(lack, entry->needs);
    }
}

/* What would have the fields filled: of the same log, or other logs of the source. */
static void lack_fields(const struct case_file *file, struct lack *lack,
                        const struct reach_view *view)
{
    for (uint32_t i = 0; i < view->missing_count; i++) {
        struct str field = view->missing[i];
        uint32_t at = 0;
        while (at < view->entry->filled_by_count &&
               !str_eq(view->entry->filled_by[at].field, field))
            at++;
        if (at < view->entry->filled_by_count)
            lack_need(lack, view->entry->filled_by[at].needs);
        for (at = 0; at < lack->field_count && !str_eq(lack->fields[at], field);)
            at++;
        if (at == lack->field_count && at < REACH_FIELDS_MAX)
            lack->fields[lack->field_count++] = field;
    }
    if (view->missing_all > lack->fields_all)
        lack->fields_all = view->missing_all;
    if (lack->need_count == 0)
        lack_logs(file, lack, view->entry);
}

static void lack_all(struct case_file *file)
{
    struct lack *lack = &file->absent;

    for (uint32_t i = 0; i < file->recording_count; i++)
        lack_need(lack, file->j->question->recordings->at[file->recordings[i]].needs);
    if (file->recording_count == 0)
        lack_logs(file, lack, NULL);
}

/* Of a host whose kinds are these; `seen` is the best that the rule reaches on them. */
static enum coverage_verdict judge_absent(struct case_file *file, uint32_t from, uint32_t to,
                                          bool served)
{
    find_recordings(file);
    for (uint32_t i = 0; i < file->recording_count; i++)
        if (is_recorded(file, file->recordings[i], from, to))
            return COVERAGE_CLEAN;
    if (file->recording_count == 0 && served)
        return COVERAGE_CLEAN; /* the log is there, and nothing tells that it would not be in it */
    lack_all(file);
    file->absent.hosts++;
    return COVERAGE_BLIND;
}

/* `from` to `to`: kinds of the host; `at` to `end`: of these what the source's entries serve. */
static enum coverage_verdict judge_host(struct case_file *file, uint32_t from, uint32_t to,
                                        uint32_t at, uint32_t end)
{
    const struct source *source = file->source;
    uint32_t best_shape = 0;
    enum reach best = REACH_OTHER;
    struct reach_view view;

    for (uint32_t i = at; i < end; i++) {
        enum reach reach = file->reaches[source->kind_shapes[i]];
        if (reach > best) {
            best = reach;
            best_shape = source->kind_shapes[i];
        }
    }
    if (best == REACH_WHOLE)
        return COVERAGE_CLEAN;
    if (best == REACH_OTHER)
        return judge_absent(file, from, to, end > at);
    struct lack *lack = best == REACH_PART ? &file->part : &file->missing;
    (void)reach_of_shape(file, &source->shapes[best_shape], &view);
    lack_fields(file, lack, &view);
    lack->hosts++;
    return best == REACH_PART ? COVERAGE_WEAKENED : COVERAGE_BLIND;
}

static bool is_relevant(const struct case_file *file, uint32_t host)
{
    const struct judgement *j = file->j;

    for (uint32_t i = 0; i < file->source->entry_count; i++)
        if (*family_at(j, host, j->families[file->source->entries[i]]))
            return true;
    return false;
}

/* ---- what is said of it ---- */

static struct str join(struct arena *arena, const struct str *texts, uint32_t count, uint32_t all,
                       const char *word)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(&out, i + 1 == count && all == count ? str_from(word) : STR(", "));
        buf_add(&out, texts[i]);
    }
    if (all > count)
        buf_printf(&out, " and %u more", all - count);
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static void say(struct covered_rule *covered, struct str sentence)
{
    if (covered->because.count < SENTENCES_MAX)
        covered->because.at[covered->because.count++] = sentence;
}

/* "" or " on 3 of 40 hosts". */
static struct str hosts_said(const struct case_file *file, const struct covered_rule *covered,
                             uint32_t hosts)
{
    return covered->hosts > 1
               ? arena_printf(file->j->arena, " on %u of %u hosts", hosts, covered->hosts)
               : STR_EMPTY;
}

static struct str need_said(const struct case_file *file, const struct lack *lack)
{
    struct arena *arena = file->j->arena;

    if (lack->need_count == 0)
        return STR_EMPTY;
    struct str needs = join(arena, lack->needs, lack->need_count, lack->need_count, ", or ");
    return arena_printf(arena, "; to be switched on: %.*s", STR_ARG(needs));
}

static void explain(const struct case_file *file, struct covered_rule *covered)
{
    struct arena *arena = file->j->arena;
    const struct lack *part = &file->part, *missing = &file->missing, *absent = &file->absent;

    covered->because.at = ARENA_ARRAY(arena, struct str, SENTENCES_MAX);
    if (absent->hosts > 0) {
        struct str hosts = hosts_said(file, covered, absent->hosts), need = need_said(file, absent);
        say(covered, arena_printf(arena, "what it looks for is not recorded%.*s%.*s",
                                  STR_ARG(hosts), STR_ARG(need)));
    }
    if (missing->hosts > 0) {
        struct str hosts = hosts_said(file, covered, missing->hosts),
                   need = need_said(file, missing),
                   fields = join(arena, missing->fields, missing->field_count, missing->fields_all,
                                 " and ");
        say(covered, arena_printf(arena, "it needs what is never filled%.*s: %.*s%.*s",
                                  STR_ARG(hosts), STR_ARG(fields), STR_ARG(need)));
    }
    if (part->hosts > 0) {
        struct str hosts = hosts_said(file, covered, part->hosts), need = need_said(file, part),
                   fields = join(arena, part->fields, part->field_count, part->fields_all, " and ");
        say(covered,
            arena_printf(arena, "part of it can never be true%.*s, without a value in %.*s%.*s",
                         STR_ARG(hosts), STR_ARG(fields), STR_ARG(need)));
    }
}

static void tell_needs(const struct case_file *file)
{
    const struct lack *lacks[] = {&file->part, &file->missing, &file->absent};

    for (size_t i = 0; i < ARRAY_COUNT(lacks); i++)
        for (uint32_t at = 0; at < lacks[i]->need_count; at++)
            needs_add(&file->j->needs, lacks[i]->needs[at], file->place, lacks[i]->hosts,
                      file->rule);
}

static bool is_listed(const struct judgement *j, const struct sigma_rule *rule)
{
    return !rule->hidden && !rule->silent && rule->level >= j->question->min_level;
}

/* NULL: it reports nothing, and is judged for correlations alone. */
static struct covered_rule *add_rule(struct judgement *j, uint32_t place,
                                     enum coverage_verdict verdict)
{
    const struct sigma_rule *rule = j->question->rules->rules[place];

    j->verdicts[place] = verdict;
    j->judged[place] = true;
    if (!is_listed(j, rule))
        return NULL;
    struct covered_rule *covered = &j->out->rules[j->out->rule_count++];
    *covered = (struct covered_rule){.id = rule->id,
                                     .title = rule->title,
                                     .level = rule->level,
                                     .attack = {rule->techniques, rule->technique_count},
                                     .verdict = verdict,
                                     .findings = j->question->found[place]};
    return covered;
}

static void judge_rule(struct judgement *j, struct source *source, uint32_t place)
{
    struct case_file file = {
        .j = j, .source = source, .rule = j->question->rules->rules[place], .place = place};
    struct covered_rule counts = {0};
    struct arena_mark mark = arena_mark(j->scratch);
    struct reach_view view;

    file.reaches = ARENA_ARRAY(j->scratch, enum reach, source->shape_count);
    for (uint32_t i = 0; i < source->shape_count; i++)
        file.reaches[i] = reach_of_shape(&file, &source->shapes[i], &view);
    for (uint32_t from = 0, at = 0, to; from < j->kind_count; from = to) {
        uint32_t host = j->kinds[from].host, end = at;
        for (to = from; to < j->kind_count && j->kinds[to].host == host;)
            to++;
        while (end < source->kind_count && source->kinds[end] < to)
            end++;
        if (is_relevant(&file, host)) {
            enum coverage_verdict verdict = judge_host(&file, from, to, at, end);
            counts.hosts++;
            counts.hosts_clean += verdict == COVERAGE_CLEAN;
            counts.hosts_blind += verdict == COVERAGE_BLIND;
        }
        at = end;
    }
    if (counts.hosts == 0 && j->question->found[place] == 0) {
        j->out->rules_elsewhere += is_listed(j, file.rule);
    } else {
        enum coverage_verdict verdict = j->question->found[place] > 0        ? COVERAGE_HIT
                                        : counts.hosts_clean == counts.hosts ? COVERAGE_CLEAN
                                        : counts.hosts_blind == counts.hosts ? COVERAGE_BLIND
                                                                             : COVERAGE_WEAKENED;
        struct covered_rule *covered = add_rule(j, place, verdict);
        if (covered) {
            covered->hosts = counts.hosts;
            covered->hosts_clean = counts.hosts_clean;
            covered->hosts_blind = counts.hosts_blind;
        }
        if (covered && (verdict == COVERAGE_WEAKENED || verdict == COVERAGE_BLIND)) {
            explain(&file, covered);
            tell_needs(&file);
        }
    }
    arena_rewind(j->scratch, mark);
}

/* ---- all of them ---- */

static bool is_judged(const struct judgement *j, const struct sigma_rule *rule)
{
    return rule->state == RULE_LOADED && (rule->correlated || is_listed(j, rule));
}

static void judge_source(struct judgement *j, struct source *source)
{
    struct arena_mark mark = arena_mark(j->scratch);

    find_entries(j, &j->question->rules->rules[source->rules[0]]->source, source);
    find_shapes(j, source);
    find_takes(j, source);
    for (uint32_t i = 0; i < source->rule_count; i++)
        judge_rule(j, source, source->rules[i]);
    arena_rewind(j->scratch, mark);
}

/* Rules by log source; correlations stand apart. */
static struct source *find_sources(struct judgement *j, uint32_t *count)
{
    const struct rule_set *rules = j->question->rules;
    struct source *sources = ARENA_ARRAY(j->scratch, struct source, rules->count);
    uint32_t *source_of = ARENA_ARRAY(j->scratch, uint32_t, rules->count);
    struct map known;
    struct buf key;

    *count = 0;
    map_init(&known, j->scratch);
    buf_init(&key, SIZE_MAX / 2);
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct sigma_rule *rule = rules->rules[i];
        if (!is_judged(j, rule) || !rule->detection)
            continue;
        buf_reset(&key);
        add_text(&key, rule->source.category);
        add_text(&key, rule->source.product);
        add_text(&key, rule->source.service);
        uint32_t source = map_find(&known, buf_str(&key));
        if (source == MAP_NONE) {
            source = (*count)++;
            map_set(&known, buf_str(&key), source);
        }
        source_of[i] = source;
        sources[source].rule_count++;
    }
    buf_free(&key);
    for (uint32_t i = 0; i < *count; i++) {
        sources[i].rules = ARENA_ARRAY(j->scratch, uint32_t, sources[i].rule_count);
        sources[i].rule_count = 0;
    }
    for (uint32_t i = 0; i < rules->count; i++) {
        if (!is_judged(j, rules->rules[i]) || !rules->rules[i]->detection)
            continue;
        struct source *source = &sources[source_of[i]];
        source->rules[source->rule_count++] = i;
    }
    return sources;
}

/* It sees no more than the rule among its members that sees least. */
static void judge_correlation(struct judgement *j, uint32_t place)
{
    static struct str members[] = {STR_INIT("a rule that it takes together with others is not "
                                            "whole here")};
    const struct sigma_rule *rule = j->question->rules->rules[place];
    enum coverage_verdict worst = COVERAGE_CLEAN;

    for (uint32_t i = 0; i < rule->correlation->member_count; i++) {
        uint32_t member = rule->correlation->members[i].rule;
        if (!j->judged[member]) {
            j->out->rules_elsewhere += is_listed(j, rule);
            return;
        }
        worst = j->verdicts[member] > worst ? j->verdicts[member] : worst;
    }
    bool hit = j->question->found[place] > 0;
    struct covered_rule *covered = add_rule(j, place, hit ? COVERAGE_HIT : worst);
    if (covered && !hit && worst > COVERAGE_CLEAN)
        covered->because = (struct str_list){members, 1};
}

static void judge_all(struct judgement *j)
{
    const struct rule_set *rules = j->question->rules;
    uint32_t count, depth = 0;
    struct source *sources = find_sources(j, &count);

    for (uint32_t i = 0; i < count; i++)
        judge_source(j, &sources[i]);
    for (bool more = true; more; depth++) {
        more = false;
        for (uint32_t i = 0; i < rules->count; i++) {
            const struct sigma_rule *rule = rules->rules[i];
            if (!is_judged(j, rule) || !rule_is_correlation(rule))
                continue;
            more |= rule->correlation->depth > depth;
            if (rule->correlation->depth == depth)
                judge_correlation(j, i);
        }
    }
}

static void count_verdicts(struct run_coverage *coverage)
{
    for (uint32_t i = 0; i < coverage->rule_count; i++)
        coverage->rules_by_verdict[coverage->rules[i].verdict]++;
}

void coverage_judge(const struct coverage_question *question, struct arena *arena,
                    struct run_coverage *coverage)
{
    struct judgement j = {.question = question,
                          .arena = arena,
                          .scratch = arena_new("judgement of coverage", SCRATCH_BYTES_MAX),
                          .out = coverage};
    uint32_t count = question->rules->count;

    *coverage = (struct run_coverage){.judged = question->events->count > 0};
    coverage_find_gaps(question, arena, coverage);
    if (coverage->judged) {
        coverage->rules = ARENA_ARRAY(arena, struct covered_rule, count);
        j.verdicts = ARENA_ARRAY(j.scratch, enum coverage_verdict, count);
        j.judged = ARENA_ARRAY(j.scratch, bool, count);
        needs_init(&j.needs, arena);
        find_families(&j);
        find_kinds(&j);
        find_host_families(&j);
        find_recorded(&j);
        judge_all(&j);
        count_verdicts(coverage);
        needs_report(&j.needs, coverage);
        coverage_roll_up(coverage, arena);
    }
    arena_free(j.scratch);
}
