/* xml_read.c - see xml.h. */
#include "codec/xml.h"

#include "codec/utf.h"

#define REFERENCE_BYTES_MAX 12u /* the longest of use: "&#x0010FFFF;" */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Everything that is no sign of XML's own; whether a letter may begin a name is not asked. */
static bool is_name_character(char c)
{
    const struct str signs = STR("<>/='\"&?!");

    return (uint8_t)c > ' ' && str_find_byte(signs, c) == signs.len;
}

static struct str behind(struct str s, size_t from)
{
    return str_slice(s, from, s.len);
}

static struct str without_blanks(struct str s)
{
    size_t n = 0;

    while (n < s.len && is_blank(s.at[n]))
        n++;
    return behind(s, n);
}

static struct str take_name(struct str *s)
{
    struct str whole = *s;
    size_t n = 0;

    while (n < s->len && is_name_character(s->at[n]))
        n++;
    *s = behind(*s, n);
    return str_slice(whole, 0, n);
}

void xml_open(struct xml_reader *reader, struct str text)
{
    *reader = (struct xml_reader){.rest = text};
}

static struct xml_token broken(struct xml_reader *reader, const char *why)
{
    reader->why = why;
    reader->rest = STR_EMPTY;
    reader->depth = 0;
    reader->begun = true;
    return (struct xml_token){.kind = XML_BROKEN};
}

/* Passes over `opening` ... `closing`; false if it never ends. */
static bool pass(struct xml_reader *reader, size_t opening, struct str closing)
{
    struct str inside = behind(reader->rest, opening);
    size_t end = str_find(inside, closing);

    if (end == inside.len)
        return false;
    reader->rest = behind(inside, end + closing.len);
    return true;
}

bool xml_attribute_next(struct str *attributes, struct xml_attribute *attribute)
{
    struct str rest = without_blanks(*attributes);

    attribute->name = take_name(&rest);
    rest = without_blanks(rest);
    if (attribute->name.len == 0 || rest.len == 0 || rest.at[0] != '=')
        return false;
    rest = without_blanks(behind(rest, 1));
    if (rest.len == 0 || (rest.at[0] != '"' && rest.at[0] != '\''))
        return false;
    char quote = rest.at[0];
    rest = behind(rest, 1);
    size_t end = str_find_byte(rest, quote);
    attribute->value = str_slice(rest, 0, end);
    if (end == rest.len || str_find_byte(attribute->value, '<') < end)
        return false;
    attribute->escaped = str_find_byte(attribute->value, '&') < end;
    *attributes = behind(rest, end + 1);
    return true;
}

static struct xml_token take_open(struct xml_reader *reader)
{
    struct str rest = behind(reader->rest, 1);
    struct xml_token token = {.kind = XML_OPEN, .text = take_name(&rest), .attributes = rest};
    struct xml_attribute attribute;

    if (token.text.len == 0)
        return broken(reader, "an element has no name");
    if (reader->depth == XML_DEPTH_MAX)
        return broken(reader, "elements stand too deep in each other");
    while (xml_attribute_next(&rest, &attribute))
        ;
    token.attributes.len -= rest.len;
    rest = without_blanks(rest);
    bool empty = rest.len > 0 && rest.at[0] == '/';
    rest = behind(rest, empty);
    if (rest.len == 0 || rest.at[0] != '>')
        return broken(reader, "a tag is not XML");
    reader->rest = behind(rest, 1);
    reader->open[reader->depth++] = token.text;
    reader->close_next = empty;
    reader->begun = true;
    return token;
}

static struct xml_token take_close(struct xml_reader *reader)
{
    struct str rest = behind(reader->rest, 2);
    struct str name = take_name(&rest);

    rest = without_blanks(rest);
    if (rest.len == 0 || rest.at[0] != '>')
        return broken(reader, "a tag is not XML");
    if (reader->depth == 0 || !str_eq(reader->open[reader->depth - 1], name))
        return broken(reader, "an element is closed that is not open");
    reader->rest = behind(rest, 1);
    reader->depth--;
    return (struct xml_token){.kind = XML_CLOSE, .text = name};
}

static struct xml_token take_text(struct xml_reader *reader)
{
    size_t end = str_find_byte(reader->rest, '<');
    struct str text = str_slice(reader->rest, 0, end);

    reader->rest = behind(reader->rest, end);
    return (struct xml_token){
        .kind = XML_TEXT, .text = text, .escaped = str_find_byte(text, '&') < text.len};
}

static struct xml_token take_cdata(struct xml_reader *reader)
{
    const struct str opening = STR("<![CDATA["), closing = STR("]]>");
    struct str inside = behind(reader->rest, opening.len);

    if (!pass(reader, opening.len, closing))
        return broken(reader, "the text ends inside CDATA");
    inside.len -= reader->rest.len + closing.len;
    return (struct xml_token){.kind = XML_TEXT, .text = inside};
}

struct xml_token xml_next(struct xml_reader *reader)
{
    if (reader->close_next) {
        reader->close_next = false;
        struct str name = reader->open[--reader->depth];
        return (struct xml_token){.kind = XML_CLOSE, .text = name};
    }
    for (;;) {
        if (reader->why)
            return broken(reader, reader->why);
        if (reader->begun && reader->depth == 0)
            return (struct xml_token){.kind = XML_DONE};
        if (!reader->begun)
            reader->rest = without_blanks(reader->rest);
        struct str rest = reader->rest;
        if (rest.len == 0)
            return broken(reader, "the text ends inside an element");
        if (rest.at[0] != '<') {
            if (!reader->begun)
                return broken(reader, "there is text outside all elements");
            return take_text(reader);
        }
        if (str_starts_with(rest, STR("</")))
            return take_close(reader);
        if (str_starts_with(rest, STR("<![CDATA[")) && reader->begun)
            return take_cdata(reader);
        if (str_starts_with(rest, STR("<!--"))) {
            if (!pass(reader, 4, STR("-->")))
                return broken(reader, "the text ends inside a comment");
        } else if (str_starts_with(rest, STR("<?"))) {
            if (!pass(reader, 2, STR("?>")))
                return broken(reader, "the text ends inside an instruction");
        } else if (str_starts_with(rest, STR("<!"))) {
            return broken(reader, "a declaration inside XML");
        } else {
            return take_open(reader);
        }
    }
}

/* ---- references ---- */

/* "#65" or "#x41". */
static bool character_of(struct str number, uint32_t *character)
{
    bool hexadecimal = number.len > 1 && ascii_lower(number.at[1]) == 'x';
    int base = hexadecimal ? 16 : 10;
    size_t at = hexadecimal ? 2 : 1;

    *character = 0;
    if (at == number.len)
        return false;
    for (; at < number.len; at++) {
        int digit = ascii_hex_value(number.at[at]);
        if (digit < 0 || digit >= base || *character > 0x10FFFF)
            return false;
        *character = *character * (uint32_t)base + (uint32_t)digit;
    }
    return true;
}

/* `name` stands between `&` and `;`. Bytes written; 0: it means nothing. */
static size_t put_reference(struct str name, char *out)
{
    static const struct {
        struct str name;
        char character;
    } entities[] = {{STR_INIT("lt"), '<'},
                    {STR_INIT("gt"), '>'},
                    {STR_INIT("amp"), '&'},
                    {STR_INIT("quot"), '"'},
                    {STR_INIT("apos"), '\''}};
    uint32_t character;

    for (size_t i = 0; i < ARRAY_COUNT(entities); i++) {
        if (str_eq(name, entities[i].name)) {
            *out = entities[i].character;
            return 1;
        }
    }
    if (name.len == 0 || name.at[0] != '#' || !character_of(name, &character))
        return 0;
    return utf8_put(character, out);
}

size_t xml_unescape(struct str s, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len;) {
        if (s.at[i] == '&') {
            struct str inside = str_slice(s, i + 1, i + REFERENCE_BYTES_MAX);
            size_t end = str_find_byte(inside, ';');
            size_t written =
                end < inside.len ? put_reference(str_slice(inside, 0, end), out + len) : 0;
            len += written;
            if (written > 0) {
                i += end + 2;
                continue;
            }
        }
        out[len++] = s.at[i++];
    }
    return len;
}
