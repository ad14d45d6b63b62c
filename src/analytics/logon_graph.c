/* logon_graph.c - see logon_graph.h. */
#include "analytics/logon_graph.h"

#include <stdlib.h>

#define EDGES_MAX 5000u
#define SESSIONS_MAX 2000u
#define PATHS_MAX 20u
#define PATH_EDGES_MAX 8u
#define STEPS_MAX 100000u /* of the search for paths */
#define SCRATCH_BYTES_MAX ((size_t)1 << 30)
#define DAY_NS (UINT64_C(86400) * 1000000000)
#define SEVERAL (UINT32_MAX - 1)
#define NAME_BYTES_MAX 256

enum { FAILED = 1, PRIVILEGE = 2, ADDRESS = 4 };

void logon_key_write(const struct logon *logon, struct buf *key)
{
    census_key_add(key, logon->domain);
    census_key_add(key, logon->account);
    census_key_add(key, logon->source_name);
    census_key_add(key, logon->source_address);
    census_key_add(key, logon->target);
    buf_add_char(key, (char)logon->kind);
    buf_add_char(key, (char)((logon->failed ? FAILED : 0) | (logon->privilege ? PRIVILEGE : 0) |
                             (logon->address ? ADDRESS : 0)));
}

bool logon_key_read(struct str key, struct logon *logon)
{
    struct cursor in = cursor_over_str(key);

    logon->domain = census_key_take(&in);
    logon->account = census_key_take(&in);
    logon->source_name = census_key_take(&in);
    logon->source_address = census_key_take(&in);
    logon->target = census_key_take(&in);
    uint8_t kind = cursor_u8(&in), flags = cursor_u8(&in);
    logon->kind = kind < LOGON_KINDS ? (enum logon_kind)kind : LOGON_OTHER;
    logon->failed = flags & FAILED;
    logon->privilege = flags & PRIVILEGE;
    logon->address = flags & ADDRESS;
    return !in.failed && cursor_left(&in) == 0 && kind < LOGON_KINDS;
}

struct graph {
    struct arena *arena; /* of the answer */
    struct arena *scratch;
    struct run_movement *out;
    struct map names;      /* whole names, and addresses -> place */
    struct map shorts;     /* first labels -> place, or SEVERAL */
    struct map addresses;  /* -> place that logs call by this address, or SEVERAL */
    struct map edges;      /* account, places and kind -> edge */
    struct map privileged; /* account and target */
    struct map first;      /* account and target -> index in first_ns */
    int64_t *first_ns;
    uint32_t place_capacity, edge_capacity, first_count;
};

/* ---- places ---- */

static struct str lowered(struct str text, char out[NAME_BYTES_MAX])
{
    size_t len = text.len < NAME_BYTES_MAX ? text.len : NAME_BYTES_MAX;

    for (size_t i = 0; i < len; i++)
        out[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
    return (struct str){out, len};
}

static bool is_address(struct str text)
{
    bool digits = text.len > 0;

    for (size_t i = 0; i < text.len; i++)
        digits &= (text.at[i] >= '0' && text.at[i] <= '9') || text.at[i] == '.';
    return digits || str_find_byte(text, ':') < text.len;
}

/* An IPv4 address may be written inside of an IPv6 one. */
static struct str plain_address(struct str address)
{
    return str_starts_with(address, STR("::ffff:")) ? str_slice(address, 7, address.len) : address;
}

static bool is_loopback(struct str address)
{
    return address.len == 0 || str_eq(address, STR("::1")) ||
           str_starts_with(address, STR("127.")) || str_eq_nocase(address, STR("LOCAL"));
}

static uint32_t add_place(struct graph *graph, struct str name, enum place_kind kind)
{
    struct run_movement *out = graph->out;

    if (out->place_count == graph->place_capacity) {
        uint32_t capacity = graph->place_capacity ? graph->place_capacity * 2 : 64;
        struct movement_place *grown = ARENA_ARRAY(graph->arena, struct movement_place, capacity);
        for (uint32_t i = 0; i < out->place_count; i++)
            grown[i] = out->places[i];
        out->places = grown;
        graph->place_capacity = capacity;
    }
    out->places[out->place_count] = (struct movement_place){.name = name, .kind = kind};
    return out->place_count++;
}

static bool has_domain(struct str name)
{
    return str_find_byte(name, '.') < name.len;
}

/* By its whole name, or by its first label where only one has it: logs write both. */
static uint32_t place_of(struct graph *graph, struct str name, enum place_kind kind)
{
    char buffer[NAME_BYTES_MAX];
    struct str whole = lowered(name, buffer);
    struct str label = str_slice(whole, 0, str_find_byte(whole, '.'));
    uint32_t place = map_find(&graph->names, whole);

    if (place != MAP_NONE)
        return place;
    bool address = is_address(name);
    uint32_t by_label = address ? MAP_NONE : map_find(&graph->shorts, label);
    if (by_label != MAP_NONE && by_label != SEVERAL &&
        (label.len == whole.len || !has_domain(graph->out->places[by_label].name)))
        return by_label;
    place = add_place(graph, name, address ? PLACE_ADDRESS : kind);
    map_set(&graph->names, whole, place);
    if (!address)
        map_set(&graph->shorts, label, by_label == MAP_NONE ? place : SEVERAL);
    return place;
}

static void add_hosts(struct graph *graph, const struct logon_graph_question *question)
{
    for (uint32_t i = 0; i < question->host_count; i++) {
        if (question->hosts[i].name.len == 0)
            continue;
        uint32_t place = place_of(graph, question->hosts[i].name, PLACE_HOST);
        struct movement_place *at = &graph->out->places[place];
        at->findings += question->hosts[i].findings;
        at->level = question->hosts[i].level > at->level ? question->hosts[i].level : at->level;
    }
}

/* Whether an event names the machine that it came from. Some put their own name there, beside the
 * address of the other one. */
static bool names_source(struct graph *graph, const struct logon *logon)
{
    if (logon->address)
        return true;
    return logon->source_name.len > 0 && (is_loopback(plain_address(logon->source_address)) ||
                                          place_of(graph, logon->source_name, PLACE_MACHINE) !=
                                              place_of(graph, logon->target, PLACE_MACHINE));
}

/* Machines that name themselves beside their address, or log on with their own account. */
static void learn_address(struct graph *graph, const struct logon *logon)
{
    struct str address = plain_address(logon->source_address), name = logon->source_name;

    if (is_loopback(address))
        return;
    if (!names_source(graph, logon)) {
        if (!str_ends_with(logon->account, STR("$")) || logon->failed)
            return;
        name = str_slice(logon->account, 0, logon->account.len - 1);
    }
    uint32_t place = place_of(graph, name, PLACE_MACHINE);
    uint32_t known = map_find(&graph->addresses, address);
    map_set(&graph->addresses, address, known == MAP_NONE || known == place ? place : SEVERAL);
}

/* UINT32_MAX: on the machine itself, or not told. */
static uint32_t source_of(struct graph *graph, const struct logon *logon, uint32_t target)
{
    struct str address = plain_address(logon->source_address);
    uint32_t place = UINT32_MAX;

    if (names_source(graph, logon)) {
        place = place_of(graph, logon->source_name, PLACE_MACHINE);
    } else if (!is_loopback(address)) {
        place = map_find(&graph->addresses, address);
        if (place == MAP_NONE || place == SEVERAL)
            place = place_of(graph, address, PLACE_MACHINE);
    }
    return place == target ? UINT32_MAX : place;
}

/* ---- edges ---- */

static struct str account_of(struct graph *graph, const struct logon *logon)
{
    return logon->domain.len == 0 ? logon->account
                                  : arena_printf(graph->arena, "%.*s\\%.*s", STR_ARG(logon->domain),
                                                 STR_ARG(logon->account));
}

/* Accounts go by their names: the same one has other domains in other logs. */
static struct str pair_key(const struct logon *logon, uint32_t target, struct buf *key)
{
    char buffer[NAME_BYTES_MAX];

    buf_reset(key);
    census_key_add(key, lowered(logon->account, buffer));
    census_key_add_u64(key, target);
    return buf_str(key);
}

static void see_first(struct graph *graph, const struct logon *logon, const struct census_row *row,
                      uint32_t target, struct buf *key)
{
    struct str pair = pair_key(logon, target, key);

    if (row->timed == 0 || logon->failed)
        return;
    uint32_t at = map_find(&graph->first, pair);
    if (at == MAP_NONE) {
        at = graph->first_count++;
        map_set(&graph->first, pair, at);
        graph->first_ns[at] = row->first_ns;
    }
    if (row->first_ns < graph->first_ns[at])
        graph->first_ns[at] = row->first_ns;
}

static struct movement_edge *edge_at(struct graph *graph, const struct logon *logon,
                                     uint32_t source, uint32_t target, struct buf *key)
{
    struct run_movement *out = graph->out;

    (void)pair_key(logon, target, key);
    census_key_add_u64(key, source);
    buf_add_char(key, (char)logon->kind);
    uint32_t at = map_find(&graph->edges, buf_str(key));
    if (at != MAP_NONE)
        return &out->edges[at];
    if (out->edge_count == graph->edge_capacity) {
        uint32_t capacity = graph->edge_capacity ? graph->edge_capacity * 2 : 256;
        struct movement_edge *grown = ARENA_ARRAY(graph->arena, struct movement_edge, capacity);
        for (uint32_t i = 0; i < out->edge_count; i++)
            grown[i] = out->edges[i];
        out->edges = grown;
        graph->edge_capacity = capacity;
    }
    map_set(&graph->edges, buf_str(key), out->edge_count);
    struct movement_edge *edge = &out->edges[out->edge_count++];
    *edge = (struct movement_edge){.account = account_of(graph, logon),
                                   .source = source,
                                   .target = target,
                                   .kind = logon->kind,
                                   .first_ns = INT64_MAX,
                                   .last_ns = INT64_MIN};
    return edge;
}

static void add_logon(struct graph *graph, const struct logon *logon, const struct census_row *row,
                      struct buf *key)
{
    if (logon->address)
        return;
    uint32_t target = place_of(graph, logon->target, PLACE_MACHINE);
    if (logon->privilege) {
        map_set(&graph->privileged, pair_key(logon, target, key), 1);
        return;
    }
    graph->out->logons += row->count;
    see_first(graph, logon, row, target, key);
    uint32_t source = source_of(graph, logon, target);
    struct movement_edge *edge = edge_at(graph, logon, source, target, key);
    *(logon->failed ? &edge->failed : &edge->succeeded) += row->count;
    if (row->timed > 0) {
        edge->first_ns = row->first_ns < edge->first_ns ? row->first_ns : edge->first_ns;
        edge->last_ns = row->last_ns > edge->last_ns ? row->last_ns : edge->last_ns;
    }
}

/* What only all logons together tell. */
static void finish_edges(struct graph *graph, struct buf *key)
{
    int64_t begin = INT64_MAX, end = INT64_MIN;

    for (uint32_t i = 0; i < graph->out->edge_count; i++) {
        struct movement_edge *edge = &graph->out->edges[i];
        if (edge->first_ns > edge->last_ns)
            edge->first_ns = edge->last_ns = 0; /* no event had a time */
        begin = edge->first_ns < begin ? edge->first_ns : begin;
        end = edge->last_ns > end ? edge->last_ns : end;
    }
    uint64_t span = (uint64_t)end - (uint64_t)begin;
    for (uint32_t i = 0; i < graph->out->edge_count; i++) {
        struct movement_edge *edge = &graph->out->edges[i];
        size_t slash = str_find_byte(edge->account, '\\');
        const struct logon logon = {.account =
                                        slash < edge->account.len
                                            ? str_slice(edge->account, slash + 1, edge->account.len)
                                            : edge->account};
        struct str pair = pair_key(&logon, edge->target, key);
        edge->privileged = map_find(&graph->privileged, pair) != MAP_NONE;
        uint32_t first = map_find(&graph->first, pair);
        edge->first_seen = first != MAP_NONE && span >= DAY_NS &&
                           (uint64_t)graph->first_ns[first] - (uint64_t)begin >= span / 2;
    }
}

static int compare_edges(const void *a, const void *b)
{
    const struct movement_edge *left = a, *right = b;

    if (left->first_ns != right->first_ns)
        return left->first_ns < right->first_ns ? -1 : 1;
    int order = str_compare(left->account, right->account);
    if (order)
        return order;
    if (left->target != right->target)
        return left->target < right->target ? -1 : 1;
    if (left->source != right->source)
        return left->source < right->source ? -1 : 1;
    return (left->kind > right->kind) - (left->kind < right->kind);
}

/* ---- paths ---- */

struct search {
    const struct run_movement *movement;
    uint32_t edges[PATH_EDGES_MAX];
    uint32_t best[PATH_EDGES_MAX];
    uint32_t best_count, best_score, steps;
};

static bool was_there(const struct search *search, uint32_t count, uint32_t place)
{
    for (uint32_t i = 0; i < count; i++)
        if (search->movement->edges[search->edges[i]].source == place)
            return true;
    return false;
}

/* From a place on, by logons that went on at or after a time. */
static void walk(struct search *search, uint32_t place, int64_t since_ns, uint32_t count)
{
    const struct run_movement *movement = search->movement;

    uint32_t score = 2 * count; /* the longest, and of those what is new */

    for (uint32_t i = 0; i < count; i++)
        score += movement->edges[search->edges[i]].first_seen;
    if (score > search->best_score) {
        for (uint32_t i = 0; i < count; i++)
            search->best[i] = search->edges[i];
        search->best_count = count;
        search->best_score = score;
    }
    if (count == PATH_EDGES_MAX)
        return;
    for (uint32_t i = 0; i < movement->edge_count && search->steps < STEPS_MAX; i++) {
        const struct movement_edge *edge = &movement->edges[i];
        search->steps++;
        if (edge->source != place || edge->succeeded == 0 || edge->last_ns < since_ns ||
            was_there(search, count, edge->target) || edge->target == place)
            continue;
        search->edges[count] = i;
        walk(search, edge->target, edge->first_ns > since_ns ? edge->first_ns : since_ns,
             count + 1);
    }
}

static int compare_paths(const void *a, const void *b)
{
    const struct movement_path *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return (left->edges[0] > right->edges[0]) - (left->edges[0] < right->edges[0]);
}

static void find_paths(struct graph *graph)
{
    struct run_movement *out = graph->out;

    out->paths = ARENA_ARRAY(graph->arena, struct movement_path, PATHS_MAX);
    for (uint32_t place = 0; place < out->place_count && out->path_count < PATHS_MAX; place++) {
        struct search search = {.movement = out};
        if (out->places[place].findings == 0 || out->places[place].level < LEVEL_HIGH)
            continue;
        walk(&search, place, INT64_MIN, 0);
        if (search.best_count == 0)
            continue;
        struct movement_path *path = &out->paths[out->path_count++];
        path->count = search.best_count;
        path->edges = ARENA_ARRAY(graph->arena, uint32_t, path->count);
        for (uint32_t i = 0; i < path->count; i++)
            path->edges[i] = search.best[i];
    }
    if (out->path_count > 1)
        qsort(out->paths, out->path_count, sizeof(*out->paths), compare_paths);
}

/* ---- sessions ---- */

static int compare_sessions(const void *a, const void *b)
{
    const struct movement_session *left = a, *right = b;

    if (left->first_ns != right->first_ns)
        return left->first_ns < right->first_ns ? -1 : 1;
    int order = str_compare(left->account, right->account);
    return order ? order : (left->target > right->target) - (left->target < right->target);
}

static void add_sessions(struct graph *graph, const struct census *events)
{
    struct run_movement *out = graph->out;
    uint32_t count;
    const struct session *joined = sessions_join(events, graph->scratch, &count);

    out->sessions = ARENA_ARRAY(graph->arena, struct movement_session, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct session *session = &joined[i];
        uint32_t target = place_of(graph, session->host, PLACE_MACHINE);
        out->sessions[i] =
            (struct movement_session){.account = account_of(graph, &session->logon),
                                      .source = source_of(graph, &session->logon, target),
                                      .target = target,
                                      .kind = session->logon.kind,
                                      .first_ns = session->first_ns,
                                      .last_ns = session->last_ns,
                                      .ended = session->ended,
                                      .left = session->left,
                                      .breaks = session->breaks};
    }
    if (count > 1)
        qsort(out->sessions, count, sizeof(*out->sessions), compare_sessions);
    out->sessions_all = count;
    out->session_count = count < SESSIONS_MAX ? count : SESSIONS_MAX;
}

void logon_graph_make(const struct logon_graph_question *question, struct arena *arena,
                      struct run_movement *movement)
{
    const struct census *logons = question->logons;
    struct graph graph = {
        .arena = arena, .scratch = arena_new("logons", SCRATCH_BYTES_MAX), .out = movement};
    struct map *maps[] = {&graph.names, &graph.shorts,     &graph.addresses,
                          &graph.edges, &graph.privileged, &graph.first};
    struct logon logon;
    struct buf key;

    *movement = (struct run_movement){0};
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    for (size_t i = 0; i < ARRAY_COUNT(maps); i++)
        map_init(maps[i], graph.scratch);
    graph.first_ns = ARENA_ARRAY(graph.scratch, int64_t, logons->count);
    add_hosts(&graph, question);
    for (uint32_t i = 0; i < logons->count; i++)
        if (logon_key_read(logons->at[i].key, &logon))
            learn_address(&graph, &logon);
    for (uint32_t i = 0; i < logons->count; i++)
        if (logon_key_read(logons->at[i].key, &logon))
            add_logon(&graph, &logon, &logons->at[i], &key);
    finish_edges(&graph, &key);
    if (movement->edge_count > 1)
        qsort(movement->edges, movement->edge_count, sizeof(*movement->edges), compare_edges);
    movement->edges_all = movement->edge_count;
    movement->edge_count = movement->edge_count < EDGES_MAX ? movement->edge_count : EDGES_MAX;
    find_paths(&graph);
    if (question->sessions)
        add_sessions(&graph, question->sessions);
    buf_free(&key);
    arena_free(graph.scratch);
}
