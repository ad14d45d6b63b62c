/* terminal_movement.c - who logged on where: paths from a foothold, new ways, unknown machines. */
#include "output/terminal_priv.h"

#define PATHS_SHOWN 3
#define EDGES_SHOWN 6
#define SESSIONS_SHOWN 6
#define NAMES_SHOWN 8
#define INDENT 6

static struct str place_name(const struct run_movement *movement, uint32_t place)
{
    return place < movement->place_count ? movement->places[place].name : STR("(itself)");
}

static void heading(struct terminal *t, const char *text)
{
    terminal_pad(t, 2);
    terminal_text(t, STYLE_PLAIN, str_from(text));
    terminal_end_line(t);
}

static void write_numbers(struct terminal *t, const struct run_movement *movement)
{
    char logons[COUNT_TEXT_SIZE], edges[COUNT_TEXT_SIZE], sessions[COUNT_TEXT_SIZE];

    terminal_pad(t, 2);
    terminal_printf(t, STYLE_PLAIN, "%s logon%s, %s way%s between machines and addresses",
                    count_text(movement->logons, logons), movement->logons == 1 ? "" : "s",
                    count_text(movement->edges_all, edges), movement->edges_all == 1 ? "" : "s");
    if (movement->sessions_all > 0)
        terminal_printf(t, STYLE_PLAIN, ", %s session%s of people",
                        count_text(movement->sessions_all, sessions),
                        movement->sessions_all == 1 ? "" : "s");
    terminal_end_line(t);
}

/* "EX\\bob, remote desktop" */
static void write_how(struct terminal *t, const struct movement_edge *edge)
{
    terminal_words(t, STYLE_FAINT, INDENT, STR("by"));
    terminal_words(t, STYLE_FAINT, INDENT, edge->account);
    terminal_text(t, STYLE_FAINT, STR(","));
    terminal_words(t, STYLE_FAINT, INDENT, logon_kind_name(edge->kind));
}

static void write_path(struct terminal *t, const struct run_movement *movement,
                       const struct movement_path *path)
{
    char moment[MOMENT_TEXT_SIZE];
    const struct movement_edge *first = &movement->edges[path->edges[0]];

    terminal_pad(t, 4);
    terminal_printf(t, STYLE_PLAIN, "%s", moment_text(first->first_ns, moment));
    terminal_words(t, STYLE_STRONG, INDENT, place_name(movement, first->source));
    for (uint32_t i = 0; i < path->count; i++) {
        const struct movement_edge *edge = &movement->edges[path->edges[i]];
        terminal_words(t, STYLE_PLAIN, INDENT, STR("->"));
        terminal_words(t, STYLE_STRONG, INDENT, place_name(movement, edge->target));
        write_how(t, edge);
        if (i + 1 < path->count)
            terminal_text(t, STYLE_FAINT, STR(";"));
    }
    terminal_end_line(t);
}

static void write_paths(struct terminal *t, const struct run_movement *movement)
{
    if (movement->path_count == 0)
        return;
    heading(t, "Ways on from machines with grave findings:");
    for (uint32_t i = 0; i < movement->path_count && i < PATHS_SHOWN; i++)
        write_path(t, movement, &movement->paths[i]);
}

static bool is_new(const struct movement_edge *edge)
{
    bool machine = str_ends_with(edge->account, STR("$"));

    return edge->first_seen && edge->succeeded > 0 && edge->source != UINT32_MAX && !machine;
}

static void write_new(struct terminal *t, const struct run_movement *movement)
{
    char moment[MOMENT_TEXT_SIZE], more[COUNT_TEXT_SIZE];
    uint32_t shown = 0, all = 0;

    for (uint32_t i = 0; i < movement->edge_count; i++)
        all += is_new(&movement->edges[i]);
    if (all == 0)
        return;
    heading(t, "Accounts on machines where they were not before:");
    for (uint32_t i = 0; i < movement->edge_count && shown < EDGES_SHOWN; i++) {
        const struct movement_edge *edge = &movement->edges[i];
        if (!is_new(edge))
            continue;
        shown++;
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_PLAIN, "%s", moment_text(edge->first_ns, moment));
        terminal_words(t, STYLE_PLAIN, INDENT, place_name(movement, edge->source));
        terminal_words(t, STYLE_PLAIN, INDENT, STR("->"));
        terminal_words(t, STYLE_STRONG, INDENT, place_name(movement, edge->target));
        write_how(t, edge);
        terminal_end_line(t);
    }
    if (all > shown) {
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_FAINT, "... and %s more", count_text(all - shown, more));
        terminal_end_line(t);
    }
}

static void write_unknown(struct terminal *t, const struct run_movement *movement)
{
    char more[COUNT_TEXT_SIZE];
    uint32_t shown = 0, all = 0;

    for (uint32_t i = 0; i < movement->place_count; i++)
        all += movement->places[i].kind == PLACE_MACHINE;
    if (all == 0)
        return;
    heading(t, "Machines that logs name, and nothing was read of:");
    terminal_pad(t, 4);
    for (uint32_t i = 0; i < movement->place_count && shown < NAMES_SHOWN; i++) {
        if (movement->places[i].kind != PLACE_MACHINE)
            continue;
        shown++;
        terminal_item(t, 4, movement->places[i].name);
    }
    if (all > shown)
        terminal_printf(t, STYLE_FAINT, " and %s more", count_text(all - shown, more));
    terminal_end_line(t);
}

/* "2026-09-14 10:00:12 to 10:45:00", "2026-09-14 10:00:12 (no end seen)" */
static void write_span(struct terminal *t, const struct movement_session *session)
{
    char first[MOMENT_TEXT_SIZE], last[MOMENT_TEXT_SIZE];
    struct str from = str_from(moment_text(session->first_ns, first));
    struct str until = str_from(moment_text(session->last_ns, last));
    bool same_day = str_eq(str_slice(from, 0, 10), str_slice(until, 0, 10));

    terminal_text(t, STYLE_PLAIN, from);
    if (session->ended || session->left) {
        terminal_words(t, STYLE_PLAIN, INDENT, STR("to"));
        terminal_words(t, STYLE_PLAIN, INDENT, str_slice(until, same_day ? 11 : 0, until.len));
    }
    if (!session->ended)
        terminal_text(t, STYLE_FAINT, session->left ? STR(" (left open)") : STR(" (no end seen)"));
}

static bool is_grave(const struct run_movement *movement, const struct movement_session *session)
{
    const struct movement_place *place = &movement->places[session->target];

    return place->findings > 0 && place->level >= LEVEL_HIGH;
}

static void write_sessions(struct terminal *t, const struct run_movement *movement)
{
    char more[COUNT_TEXT_SIZE];
    uint32_t shown = 0, all = 0;

    for (uint32_t i = 0; i < movement->session_count; i++)
        all += is_grave(movement, &movement->sessions[i]);
    if (all == 0)
        return;
    heading(t, "Sessions on machines with grave findings:");
    for (uint32_t i = 0; i < movement->session_count && shown < SESSIONS_SHOWN; i++) {
        const struct movement_session *session = &movement->sessions[i];
        if (!is_grave(movement, session))
            continue;
        shown++;
        terminal_pad(t, 4);
        write_span(t, session);
        terminal_words(t, STYLE_STRONG, INDENT, session->account);
        terminal_words(t, STYLE_PLAIN, INDENT, STR("on"));
        terminal_words(t, STYLE_STRONG, INDENT, movement->places[session->target].name);
        if (session->source != UINT32_MAX) {
            terminal_words(t, STYLE_PLAIN, INDENT, STR("from"));
            terminal_words(t, STYLE_PLAIN, INDENT, place_name(movement, session->source));
        }
        terminal_text(t, STYLE_FAINT, STR(","));
        terminal_words(t, STYLE_FAINT, INDENT, logon_kind_name(session->kind));
        terminal_end_line(t);
    }
    if (all > shown) {
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_FAINT, "... and %s more", count_text(all - shown, more));
        terminal_end_line(t);
    }
}

void terminal_write_movement(struct terminal *t, const struct run_report *report)
{
    const struct run_movement *movement = &report->movement;

    if (movement->logons == 0)
        return;
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, STR("Who moved where"));
    terminal_end_line(t);
    write_numbers(t, movement);
    write_paths(t, movement);
    write_new(t, movement);
    write_sessions(t, movement);
    write_unknown(t, movement);
}
