/* terminal_incidents.c - findings that belong together, with their story. */
#include "output/terminal_priv.h"

#define INCIDENTS_SHOWN 5
#define INDENT 4

void terminal_write_incidents(struct terminal *t, const struct run_report *report)
{
    const struct run_incidents *incidents = &report->incidents;
    char text[COUNT_TEXT_SIZE], from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];

    if (incidents->listed == 0)
        return;
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, STR("Incidents"));
    terminal_end_line(t);
    for (uint32_t i = 0; i < incidents->listed && i < INCIDENTS_SHOWN; i++) {
        const struct incident *incident = &incidents->at[i];
        terminal_pad(t, 2);
        terminal_level(t, incident->level, (unsigned)level_name(incident->level).len + 1);
        terminal_words(t, STYLE_STRONG, INDENT, incident->title);
        terminal_end_line(t);
        terminal_pad(t, INDENT);
        terminal_printf(t, STYLE_FAINT, "%s to %s, %s finding%s",
                        moment_text(incident->first_ns, from), moment_text(incident->last_ns, to),
                        count_text(incident->findings, text), incident->findings == 1 ? "" : "s");
        terminal_end_line(t);
        terminal_pad(t, INDENT);
        terminal_words(t, STYLE_PLAIN, INDENT, incident->story);
        terminal_end_line(t);
    }
    if (incidents->count > INCIDENTS_SHOWN) {
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_FAINT, "... and %s more",
                        count_text(incidents->count - INCIDENTS_SHOWN, text));
        terminal_end_line(t);
    }
}
