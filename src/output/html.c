/* html.c - one page that works without a network: the report to look at.
 *
 * Findings stand in the page as they come, in blocks of some hundred, packed and in base64, so that
 * nothing of them can be taken for markup; what they have in common (rules, hosts) and the report
 * follow, and the page's program (page/src, bundled in share/page) at the end. The policy in the
 * head lets only that program and its style be used. */
#include "codec/deflate.h"
#include "codec/json.h"
#include "codec/sha256.h"
#include "core/ensure.h"
#include "core/map.h"
#include "output/html_priv.h"

#include <stdlib.h>

#define BLOCK_FINDINGS 500u
#define BLOCK_BYTES (1u << 20)
#define FINDINGS_MAX 500000u /* what a browser can hold; more are counted */
#define NAMES_MAX 100000u    /* rules, hosts: each; more go by the last one's number */

/* Distinct texts, numbered, as members of a JSON list. */
struct names {
    struct map numbers;
    struct buf list;
};

struct output_writer {
    const struct sink *sink;
    struct arena *arena;
    struct page_parts page;
    enum language language;
    struct names rules, hosts;
    struct buf block;                   /* findings of it, as JSON */
    struct buf times, rule_at, host_at; /* what is known of each without unpacking it */
    struct buf packed, line, key;
    uint32_t block_findings;
    uint64_t shown;
};

static void put(struct output_writer *writer, struct str bytes)
{
    writer->sink->write(writer->sink->context, bytes);
}

static void names_init(struct names *names, struct arena *arena)
{
    map_init(&names->numbers, arena);
    buf_init(&names->list, SIZE_MAX / 2);
}

/* Makes a hash as policies write it. */
static void add_policy_hash(struct buf *out, struct str bytes)
{
    uint8_t digest[SHA256_BYTES];

    sha256(bytes, digest);
    buf_add(out, STR("'sha256-"));
    base64_add((struct str){(const char *)digest, sizeof(digest)}, out);
    buf_add_char(out, '\'');
}

static void write_head(struct output_writer *writer)
{
    bool japanese = writer->language == LANGUAGE_JAPANESE;
    struct buf *out = &writer->line;

    buf_reset(out);
    buf_add(out, STR("<!doctype html>\n<html lang=\""));
    buf_add(out, japanese ? STR("ja") : STR("en"));
    buf_add(out, STR("\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\""
                     "default-src 'none'; base-uri 'none'; form-action 'none'; script-src "));
    add_policy_hash(out, writer->page.script);
    buf_add(out, STR("; style-src "));
    add_policy_hash(out, writer->page.style);
    buf_add(out, STR("\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n"
                     "<title>Seawall</title>\n<style>"));
    buf_add(out, writer->page.style);
    buf_add(out, STR("</style>\n</head>\n<body>\n<div id=\"page\"></div>\n<noscript>"
                     "This report needs JavaScript. seawall hunt --output terminal=FILE writes one "
                     "that does not.</noscript>\n"));
    put(writer, buf_str(out));
}

static struct output_writer *html_begin(const struct sink *sink,
                                        const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    writer->sink = sink;
    if (options->page)
        writer->page = *options->page;
    writer->language = options->language;
    writer->arena = arena_new("names of the page", (size_t)1 << 30);
    names_init(&writer->rules, writer->arena);
    names_init(&writer->hosts, writer->arena);
    struct buf *bufs[] = {&writer->block,  &writer->times, &writer->rule_at, &writer->host_at,
                          &writer->packed, &writer->line,  &writer->key};
    for (size_t i = 0; i < ARRAY_COUNT(bufs); i++)
        buf_init(bufs[i], SIZE_MAX / 2);
    write_head(writer);
    return writer;
}

/* A block of data: what it is stands in its class. */
static void write_block(struct output_writer *writer, const char *kind, struct str json)
{
    struct buf *out = &writer->line;

    buf_reset(&writer->packed);
    deflate_bytes(json, &writer->packed);
    buf_reset(out);
    buf_printf(out, "<script type=\"text/plain\" class=\"%s\">", kind);
    base64_add(buf_str(&writer->packed), out);
    buf_add(out, STR("</script>\n"));
    ENSURE(!out->full && !writer->packed.full);
    put(writer, buf_str(out));
}

static void end_block(struct output_writer *writer)
{
    struct buf index;

    if (writer->block_findings == 0)
        return;
    buf_init(&index, SIZE_MAX / 2);
    buf_add(&index, STR("{\"t\":["));
    buf_add(&index, buf_str(&writer->times));
    buf_add(&index, STR("],\"r\":["));
    buf_add(&index, buf_str(&writer->rule_at));
    buf_add(&index, STR("],\"h\":["));
    buf_add(&index, buf_str(&writer->host_at));
    buf_add(&index, STR("]}"));
    write_block(writer, "index", buf_str(&index));
    buf_free(&index);
    buf_add_char(&writer->block, ']');
    write_block(writer, "findings", buf_str(&writer->block));
    buf_reset(&writer->block);
    buf_reset(&writer->times);
    buf_reset(&writer->rule_at);
    buf_reset(&writer->host_at);
    writer->block_findings = 0;
}

/* The number of a text that was seen before; else that of the next one, and *is_new. */
static uint32_t number_of(struct names *names, struct str key, bool *is_new)
{
    uint32_t number = map_find(&names->numbers, key);

    *is_new = number == MAP_NONE && names->numbers.count < NAMES_MAX;
    if (number != MAP_NONE)
        return number;
    if (!*is_new)
        return NAMES_MAX - 1;
    number = names->numbers.count;
    map_set(&names->numbers, key, number);
    if (number > 0)
        buf_add_char(&names->list, ',');
    return number;
}

static uint32_t rule_number(struct output_writer *writer, const struct finding *finding)
{
    struct buf *key = &writer->key, *list = &writer->rules.list;
    struct str kind = finding_kind_name(finding->kind);
    bool is_new;

    buf_reset(key);
    buf_add_bytes(key, &finding->kind, sizeof(finding->kind));
    buf_add_bytes(key, &finding->level, sizeof(finding->level));
    buf_add(key, finding->id);
    buf_add_char(key, '\0');
    buf_add(key, finding->title);
    uint32_t number = number_of(&writer->rules, buf_str(key), &is_new);
    if (!is_new)
        return number;
    buf_add(list, STR("{\"id\":"));
    json_write_str(list, finding->id);
    buf_add(list, STR(",\"title\":"));
    json_write_str(list, finding->title);
    buf_add(list, STR(",\"kind\":"));
    json_write_str(list, kind);
    buf_printf(list, ",\"level\":%u,\"attack\":[", (unsigned)finding->level);
    for (uint32_t i = 0; i < finding->attack.count; i++) {
        if (i > 0)
            buf_add_char(list, ',');
        json_write_str(list, finding->attack.at[i]);
    }
    buf_add(list, STR("]}"));
    return number;
}

static uint32_t host_number(struct output_writer *writer, struct str host)
{
    bool is_new;
    uint32_t number = number_of(&writer->hosts, host, &is_new);

    if (is_new)
        json_write_str(&writer->hosts.list, host);
    return number;
}

/* As JSON, with its message in every language. */
static void add_finding(struct buf *out, const struct finding *finding)
{
    finding_write_json(finding, LANGUAGE_ENGLISH, out);
    struct str message = finding_message(finding, LANGUAGE_JAPANESE);
    if (message.len == 0)
        return;
    out->len--; /* the closing brace */
    buf_add(out, STR(",\"message_ja\":"));
    json_write_str(out, message);
    buf_add_char(out, '}');
}

static void html_finding(struct output_writer *writer, const struct finding *finding)
{
    const char *comma = writer->block_findings > 0 ? "," : "";

    if (writer->shown == FINDINGS_MAX)
        return;
    writer->shown++;
    if (finding->has_time)
        buf_printf(&writer->times, "%s%lld", comma, (long long)(finding->time_ns / 1000000));
    else
        buf_printf(&writer->times, "%snull", comma);
    buf_printf(&writer->rule_at, "%s%u", comma, rule_number(writer, finding));
    buf_printf(&writer->host_at, "%s%u", comma, host_number(writer, finding->host));
    buf_add_char(&writer->block, writer->block_findings > 0 ? ',' : '[');
    add_finding(&writer->block, finding);
    writer->block_findings++;
    if (writer->block_findings == BLOCK_FINDINGS || writer->block.len > BLOCK_BYTES)
        end_block(writer);
}

static void html_end(struct output_writer *writer, const struct run_report *report)
{
    struct buf *out = &writer->block;

    end_block(writer);
    buf_add(out, STR("{\"rules_found\":["));
    buf_add(out, buf_str(&writer->rules.list));
    buf_add(out, STR("],\"hosts_found\":["));
    buf_add(out, buf_str(&writer->hosts.list));
    buf_printf(out, "],\"shown\":%llu,", (unsigned long long)writer->shown);
    struct buf rest;
    buf_init(&rest, SIZE_MAX / 2);
    html_write_report(report, &rest);
    buf_add(out, buf_str(&rest));
    buf_free(&rest);
    buf_add_char(out, '}');
    write_block(writer, "report", buf_str(out));
    put(writer, STR("<script>"));
    put(writer, writer->page.script);
    put(writer, STR("</script>\n</body>\n</html>\n"));
    struct buf *bufs[] = {&writer->block,   &writer->times,      &writer->rule_at,
                          &writer->host_at, &writer->packed,     &writer->line,
                          &writer->key,     &writer->rules.list, &writer->hosts.list};
    for (size_t i = 0; i < ARRAY_COUNT(bufs); i++)
        buf_free(bufs[i]);
    arena_free(writer->arena);
    free(writer);
}

const struct output output_html = {
    .name = "html",
    .about = "one page to look at, which works without a network",
    .wants_page = true,
    .begin = html_begin,
    .finding = html_finding,
    .end = html_end,
};
