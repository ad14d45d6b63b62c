/* incidents.c - see incidents.h. */
#include "analytics/incidents.h"

#include "codec/time_text.h"
#include "core/ensure.h"

#include <stdlib.h>

#define OPEN_MAX 128u
#define LISTED_MAX 50u
#define NAMES_MAX 24u /* hosts, accounts, addresses, techniques, rules: of each so many */
#define STEPS_MAX 12u /* of a story */
#define STEP_TITLES_MAX 6u
#define NAME_BYTES_MAX 200u
#define ARENA_BYTES_MAX ((size_t)256 << 20)
#define TACTICS_SHOWN 4u
#define NAMES_SHOWN 3u

/* Distinct texts in order of appearance. */
struct names {
    struct str at[NAMES_MAX];
    uint32_t count;
    uint64_t more; /* that found no place */
};

/* What happened on one host until it went on elsewhere. */
struct step {
    struct str host;
    int64_t first_ns;
    struct str titles[STEP_TITLES_MAX];
    uint32_t title_count;
    uint64_t findings, others; /* findings of other titles */
};

struct open_incident {
    struct arena *arena; /* owned */
    int64_t first_ns, last_ns;
    enum level level;
    uint64_t findings, by_level[LEVEL_COUNT], score;
    struct names hosts, accounts, addresses, techniques, rules;
    struct step steps[STEPS_MAX];
    uint32_t step_count;
    uint64_t steps_more;
    bool has_hostless; /* findings of logs that name no host */
};

struct incidents {
    const struct techniques *techniques;
    struct open_incident *open[OPEN_MAX]; /* that may still grow */
    uint32_t open_count;
    struct open_incident *closed[LISTED_MAX]; /* by score, the highest first */
    uint32_t closed_count;
    uint64_t count, left;
};

struct incidents *incidents_new(const struct techniques *techniques)
{
    struct incidents *incidents = calloc(1, sizeof(*incidents));

    ENSURE(incidents);
    incidents->techniques = techniques;
    return incidents;
}

static void free_incident(struct open_incident *incident)
{
    arena_free(incident->arena);
    free(incident);
}

void incidents_free(struct incidents *incidents)
{
    if (!incidents)
        return;
    for (uint32_t i = 0; i < incidents->open_count; i++)
        free_incident(incidents->open[i]);
    for (uint32_t i = 0; i < incidents->closed_count; i++)
        free_incident(incidents->closed[i]);
    free(incidents);
}

/* ---- names ---- */

static bool has_name(const struct names *names, struct str name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (str_eq_nocase(names->at[i], name))
            return true;
    return false;
}

/* True if it was not there. */
static bool add_name(struct open_incident *incident, struct names *names, struct str name)
{
    name = str_slice(name, 0, NAME_BYTES_MAX);
    if (name.len == 0 || has_name(names, name))
        return false;
    if (names->count < NAMES_MAX)
        names->at[names->count++] = arena_str(incident->arena, name);
    else
        names->more++;
    return true;
}

/* Logs write the same account with its domain and without. */
static struct str account_name(struct str name)
{
    size_t slash = str_find_byte(name, '\\'), at = str_find_byte(name, '@');

    if (slash < name.len)
        return str_slice(name, slash + 1, name.len);
    return at > 0 ? str_slice(name, 0, at) : name;
}

/* An IPv4 address may be written inside of an IPv6 one. */
static struct str plain_address(struct str address)
{
    return str_starts_with(address, STR("::ffff:")) ? str_slice(address, 7, address.len) : address;
}

/* Machines' and the system's own accounts are everywhere. */
static bool account_tells(struct str name)
{
    static const struct str everywhere[] = {
        STR_INIT("SYSTEM"),          STR_INIT("LocalSystem"), STR_INIT("LOCAL SERVICE"),
        STR_INIT("NETWORK SERVICE"), STR_INIT("-"),           STR_INIT("ANONYMOUS LOGON")};

    for (size_t i = 0; i < ARRAY_COUNT(everywhere); i++)
        if (str_eq_nocase(name, everywhere[i]))
            return false;
    return name.len > 0 && !str_ends_with(name, STR("$"));
}

static bool address_tells(struct str name)
{
    return name.len > 1 && !str_starts_with(name, STR("127.")) && !str_eq(name, STR("::1")) &&
           !str_eq(name, STR("0.0.0.0"));
}

/* ---- joining ---- */

static bool share_account(const struct open_incident *incident, const struct str_list *accounts)
{
    for (uint32_t i = 0; i < accounts->count; i++) {
        struct str name = account_name(accounts->at[i]);
        if (account_tells(name) && has_name(&incident->accounts, name))
            return true;
    }
    return false;
}

static bool share_address(const struct open_incident *incident, const struct str_list *addresses)
{
    for (uint32_t i = 0; i < addresses->count; i++) {
        struct str address = plain_address(addresses->at[i]);
        if (address_tells(address) && has_name(&incident->addresses, address))
            return true;
    }
    return false;
}

/* One of them stands in a log that names no host. */
static bool share_technique(const struct open_incident *incident, const struct finding *finding)
{
    if (finding->host.len > 0 && !incident->has_hostless)
        return false;
    for (uint32_t i = 0; i < finding->attack.count; i++)
        if (has_name(&incident->techniques, finding->attack.at[i]))
            return true;
    return false;
}

static bool belongs(const struct open_incident *incident, const struct finding *finding)
{
    int64_t pause = finding->time_ns - incident->last_ns;

    if (pause <= INCIDENT_HOST_NS && has_name(&incident->hosts, finding->host))
        return true;
    if (pause <= INCIDENT_NEAR_NS && share_technique(incident, finding))
        return true;
    if (pause > INCIDENT_SHARED_NS)
        return false;
    const struct str_list *entities = finding_entities(finding);
    return share_account(incident, &entities[ENTITY_ACCOUNT]) ||
           share_address(incident, &entities[ENTITY_ADDRESS]);
}

static uint64_t score_of(const struct open_incident *incident)
{
    static const uint64_t weights[LEVEL_COUNT] = {
        [LEVEL_MEDIUM] = 3, [LEVEL_HIGH] = 10, [LEVEL_CRITICAL] = 40};
    uint64_t hosts = incident->hosts.count + incident->hosts.more;

    return incident->score + weights[incident->level] + 5 * incident->techniques.count +
           (hosts > 1 ? 10 * (hosts - 1) : 0);
}

/* Into the closed ones, unless too many score more. */
static void close_incident(struct incidents *all, struct open_incident *incident)
{
    uint32_t at = all->closed_count;

    all->count++;
    while (at > 0 && score_of(all->closed[at - 1]) < score_of(incident))
        at--;
    if (at == LISTED_MAX) {
        free_incident(incident);
        return;
    }
    if (all->closed_count == LISTED_MAX)
        free_incident(all->closed[--all->closed_count]);
    for (uint32_t i = all->closed_count++; i > at; i--)
        all->closed[i] = all->closed[i - 1];
    all->closed[at] = incident;
}

static void remove_open(struct incidents *all, uint32_t at)
{
    for (uint32_t i = at + 1; i < all->open_count; i++)
        all->open[i - 1] = all->open[i];
    all->open_count--;
}

static void close_old(struct incidents *all, int64_t time_ns)
{
    for (uint32_t i = 0; i < all->open_count;) {
        if (time_ns - all->open[i]->last_ns <= INCIDENT_SHARED_NS) {
            i++;
            continue;
        }
        close_incident(all, all->open[i]);
        remove_open(all, i);
    }
}

static void join_names(struct open_incident *into, struct names *names, const struct names *other)
{
    for (uint32_t i = 0; i < other->count; i++)
        add_name(into, names, other->at[i]);
    names->more += other->more;
}

static void add_step(struct open_incident *incident, const struct step *step)
{
    uint32_t at = incident->step_count;

    if (at == STEPS_MAX) {
        incident->steps_more++;
        return;
    }
    for (; at > 0 && incident->steps[at - 1].first_ns > step->first_ns; at--)
        incident->steps[at] = incident->steps[at - 1];
    incident->steps[at] = *step;
    incident->steps[at].host = arena_str(incident->arena, step->host);
    for (uint32_t i = 0; i < step->title_count; i++)
        incident->steps[at].titles[i] = arena_str(incident->arena, step->titles[i]);
    incident->step_count++;
}

/* A finding belongs to both: they were one. */
static void merge(struct open_incident *into, struct open_incident *other)
{
    into->first_ns = into->first_ns < other->first_ns ? into->first_ns : other->first_ns;
    into->last_ns = into->last_ns > other->last_ns ? into->last_ns : other->last_ns;
    into->level = into->level > other->level ? into->level : other->level;
    into->findings += other->findings;
    into->score += other->score;
    for (unsigned i = 0; i < LEVEL_COUNT; i++)
        into->by_level[i] += other->by_level[i];
    join_names(into, &into->hosts, &other->hosts);
    join_names(into, &into->accounts, &other->accounts);
    join_names(into, &into->addresses, &other->addresses);
    join_names(into, &into->techniques, &other->techniques);
    join_names(into, &into->rules, &other->rules);
    for (uint32_t i = 0; i < other->step_count; i++)
        add_step(into, &other->steps[i]);
    into->steps_more += other->steps_more;
    into->has_hostless |= other->has_hostless;
    free_incident(other);
}

static struct open_incident *begin_incident(struct incidents *all, const struct finding *finding)
{
    struct open_incident *incident = calloc(1, sizeof(*incident));

    ENSURE(incident);
    if (all->open_count == OPEN_MAX) {
        close_incident(all, all->open[0]);
        remove_open(all, 0);
    }
    incident->arena = arena_new("incident", ARENA_BYTES_MAX);
    incident->first_ns = incident->last_ns = finding->time_ns;
    all->open[all->open_count++] = incident;
    return incident;
}

static struct open_incident *find_incident(struct incidents *all, const struct finding *finding)
{
    struct open_incident *found = NULL;

    for (uint32_t i = 0; i < all->open_count;) {
        if (!belongs(all->open[i], finding)) {
            i++;
            continue;
        }
        if (!found) {
            found = all->open[i++];
            continue;
        }
        merge(found, all->open[i]);
        remove_open(all, i);
    }
    return found ? found : begin_incident(all, finding);
}

/* ---- the story ---- */

static void tell(struct open_incident *incident, const struct finding *finding)
{
    struct step *step = incident->step_count ? &incident->steps[incident->step_count - 1] : NULL;
    struct str title = str_slice(finding->title, 0, NAME_BYTES_MAX);
    struct str host = str_slice(finding->host, 0, NAME_BYTES_MAX);

    /* A log that names no host belongs to what goes on meanwhile. */
    if (step && step->host.len == 0 && host.len > 0)
        step->host = arena_str(incident->arena, host);
    if (!step || (host.len > 0 && !str_eq_nocase(step->host, host))) {
        const struct step next = {.host = host,
                                  .first_ns = finding->time_ns,
                                  .titles = {title},
                                  .title_count = 1,
                                  .findings = 1};
        add_step(incident, &next);
        return;
    }
    step->findings++;
    for (uint32_t i = 0; i < step->title_count; i++)
        if (str_eq(step->titles[i], title))
            return;
    if (step->title_count < STEP_TITLES_MAX)
        step->titles[step->title_count++] = arena_str(incident->arena, title);
    else
        step->others++;
}

void incidents_take(struct incidents *all, const struct finding *finding)
{
    static const uint64_t weights[LEVEL_COUNT] = {
        [LEVEL_MEDIUM] = 3, [LEVEL_HIGH] = 10, [LEVEL_CRITICAL] = 40};

    if (!finding->has_time || finding->level < LEVEL_MEDIUM) {
        all->left++;
        return;
    }
    close_old(all, finding->time_ns);
    struct open_incident *incident = find_incident(all, finding);
    const struct str_list *entities = finding_entities(finding);
    incident->last_ns = finding->time_ns;
    incident->findings++;
    incident->by_level[finding->level]++;
    incident->level = finding->level > incident->level ? finding->level : incident->level;
    incident->has_hostless |= finding->host.len == 0;
    add_name(incident, &incident->hosts, finding->host);
    if (add_name(incident, &incident->rules, finding->title))
        incident->score += weights[finding->level];
    for (uint32_t i = 0; i < finding->attack.count; i++)
        add_name(incident, &incident->techniques, finding->attack.at[i]);
    for (uint32_t i = 0; i < entities[ENTITY_ACCOUNT].count; i++) {
        struct str account = account_name(entities[ENTITY_ACCOUNT].at[i]);
        if (account_tells(account))
            add_name(incident, &incident->accounts, account);
    }
    for (uint32_t i = 0; i < entities[ENTITY_ADDRESS].count; i++) {
        struct str address = plain_address(entities[ENTITY_ADDRESS].at[i]);
        if (address_tells(address))
            add_name(incident, &incident->addresses, address);
    }
    tell(incident, finding);
}

/* ---- the report ---- */

static struct str_list copied(const struct names *names, struct arena *arena)
{
    struct str_list list = {ARENA_ARRAY(arena, struct str, names->count), names->count};

    for (uint32_t i = 0; i < names->count; i++)
        list.at[i] = arena_str(arena, names->at[i]);
    return list;
}

/* "a, b and c", of more "a, b, c and 4 more" */
static void add_series(struct buf *out, const struct str *texts, uint32_t count, uint64_t all,
                       uint32_t shown)
{
    uint32_t last = count < shown ? count : shown;

    for (uint32_t i = 0; i < last; i++) {
        if (i > 0)
            buf_add(out, i + 1 == last && all == last ? STR(" and ") : STR(", "));
        buf_add(out, texts[i]);
    }
    if (all > last)
        buf_printf(out, " and %llu more", (unsigned long long)(all - last));
}

/* "initial-access" as "initial access" */
static struct str words_of(struct str tactic, struct arena *arena)
{
    char *out = arena_alloc_bytes(arena, tactic.len + 1);

    for (size_t i = 0; i < tactic.len; i++)
        out[i] = tactic.at[i] == '-' ? ' ' : tactic.at[i];
    return (struct str){out, tactic.len};
}

/* The tactics of its techniques, in the order of the matrix. */
static uint32_t tactics_of(const struct incidents *all, const struct open_incident *incident,
                           struct str *tactics, struct arena *arena)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < all->techniques->tactics.count; i++) {
        struct str tactic = all->techniques->tactics.at[i];
        bool used = false;
        for (uint32_t at = 0; at < incident->techniques.count; at++) {
            const struct technique *technique =
                technique_find(all->techniques, incident->techniques.at[at]);
            used |= technique && str_eq(technique->tactics.at[0], tactic);
        }
        if (used)
            tactics[count++] = words_of(tactic, arena);
    }
    return count;
}

static struct str title_of(const struct incidents *all, const struct open_incident *incident,
                           struct arena *arena)
{
    struct str *tactics = ARENA_ARRAY(arena, struct str, all->techniques->tactics.count + 1);
    uint32_t count = tactics_of(all, incident, tactics, arena);
    const struct names *hosts = &incident->hosts;
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    if (count > 0)
        add_series(&out, tactics, count, count, TACTICS_SHOWN);
    else
        add_series(&out, incident->rules.at, incident->rules.count,
                   incident->rules.count + incident->rules.more, 1);
    if (hosts->count > 0) {
        buf_add(&out, STR(" on "));
        add_series(&out, hosts->at, hosts->count, hosts->count + hosts->more, NAMES_SHOWN);
    }
    if (out.len > 0 && out.at[0] >= 'a' && out.at[0] <= 'z')
        out.at[0] = (char)(out.at[0] - 32);
    struct str title = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return title;
}

/* "2026-09-14 01:52" */
static void add_minute(struct buf *out, int64_t time_ns)
{
    char text[TIME_TEXT_SIZE];

    (void)time_print(time_ns, text);
    buf_add_bytes(out, text, 10);
    buf_add_char(out, ' ');
    buf_add_bytes(out, text + 11, 5);
}

static void add_told_step(struct buf *out, const struct step *step, bool first)
{
    buf_add(out, first ? STR("It began at ") : STR(" At "));
    add_minute(out, step->first_ns);
    buf_add(out, step->host.len ? STR(" on ") : STR(" where no host is named"));
    buf_add(out, step->host);
    buf_add(out, STR(": "));
    add_series(out, step->titles, step->title_count, step->title_count, STEP_TITLES_MAX);
    if (step->others > 0)
        buf_add(out, STR(", and others"));
    if (step->findings > 1)
        buf_printf(out, " (%llu findings)", (unsigned long long)step->findings);
    buf_add_char(out, '.');
}

static void add_who(struct buf *out, const char *what, const struct names *names)
{
    if (names->count == 0)
        return;
    buf_printf(out, " %s ", what);
    add_series(out, names->at, names->count, names->count + names->more, NAMES_SHOWN);
    buf_add_char(out, '.');
}

static struct str story_of(const struct open_incident *incident, struct arena *arena)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    for (uint32_t i = 0; i < incident->step_count; i++)
        add_told_step(&out, &incident->steps[i], i == 0);
    if (incident->steps_more > 0)
        buf_printf(&out, " It went on, with %llu more changes of host.",
                   (unsigned long long)incident->steps_more);
    add_who(&out, "Accounts:", &incident->accounts);
    add_who(&out, "Addresses:", &incident->addresses);
    struct str story = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return story;
}

void incidents_report(struct incidents *all, struct arena *arena, struct run_incidents *report)
{
    while (all->open_count > 0) {
        close_incident(all, all->open[0]);
        remove_open(all, 0);
    }
    *report = (struct run_incidents){.at = ARENA_ARRAY(arena, struct incident, all->closed_count),
                                     .listed = all->closed_count,
                                     .count = all->count,
                                     .findings_left = all->left};
    for (uint32_t i = 0; i < all->closed_count; i++) {
        const struct open_incident *incident = all->closed[i];
        struct incident *out = &report->at[i];
        *out = (struct incident){.title = title_of(all, incident, arena),
                                 .story = story_of(incident, arena),
                                 .level = incident->level,
                                 .score = score_of(incident),
                                 .first_ns = incident->first_ns,
                                 .last_ns = incident->last_ns,
                                 .hosts = copied(&incident->hosts, arena),
                                 .accounts = copied(&incident->accounts, arena),
                                 .addresses = copied(&incident->addresses, arena),
                                 .techniques = copied(&incident->techniques, arena),
                                 .rules = copied(&incident->rules, arena),
                                 .findings = incident->findings};
        for (unsigned level = 0; level < LEVEL_COUNT; level++)
            out->by_level[level] = incident->by_level[level];
    }
}
