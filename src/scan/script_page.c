/* script_page.c - see script_page.h. */
#include "scan/script_page.h"

#include "codec/utf.h"

#define DIRECTIVE_BYTES_MAX 2000u
#define CODES_MIN 20u /* \u escapes of plain letters: nobody writes so many */

/* Index of the first `needle` (small letters) in any case; text.len: there is none. */
static size_t find_nocase(struct str text, struct str needle)
{
    char first = needle.at[0];
    size_t at = 0;

    while (at + needle.len <= text.len) {
        size_t small = str_find_byte(str_slice(text, at, text.len), first);
        if (first >= 'a' && first <= 'z') {
            struct str before = str_slice(text, at, at + small);
            size_t big = str_find_byte(before, (char)(first - 32));
            small = big < small ? big : small;
        }
        at += small;
        if (at + needle.len > text.len)
            break;
        if (str_eq_nocase(str_slice(text, at, at + needle.len), needle))
            return at;
        at++;
    }
    return text.len;
}

static bool has_nocase(struct str text, struct str needle)
{
    return find_nocase(text, needle) < text.len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- which language ---- */

static bool starts_image(struct str file)
{
    return str_starts_with(file, STR("GIF8")) || str_starts_with(file, STR("\x89PNG")) ||
           str_starts_with(file, STR("\xff\xd8\xff")) || str_starts_with(file, STR("BM6")) ||
           str_starts_with(file, STR("%PDF"));
}

/* Length of an opening tag of PHP at the start of the text; 0: none. */
static size_t php_tag(struct str text)
{
    if (!str_starts_with(text, STR("<?")))
        return 0;
    struct str rest = str_slice(text, 2, text.len);
    if (rest.len >= 3 && str_eq_nocase(str_slice(rest, 0, 3), STR("php")) &&
        (rest.len == 3 || !is_name_char(rest.at[3])))
        return 5;
    if (str_starts_with(rest, STR("=")))
        return 3;
    if (rest.len == 0 || is_blank(rest.at[0]) || rest.at[0] == '@' || rest.at[0] == '$' ||
        rest.at[0] == '/' || rest.at[0] == '(')
        return 2;
    return 0;
}

/* The value of `language=` in a tag or directive, or an empty text. */
static struct str language_of(struct str tag)
{
    size_t at = find_nocase(tag, STR("language"));
    struct str rest = str_slice(tag, at + 8, tag.len);
    size_t used = 0;

    while (used < rest.len && (is_blank(rest.at[used]) || rest.at[used] == '=' ||
                               rest.at[used] == '"' || rest.at[used] == '\''))
        used++;
    rest = str_slice(rest, used, rest.len);
    used = 0;
    while (used < rest.len && (is_name_char(rest.at[used]) || rest.at[used] == '#'))
        used++;
    return str_slice(rest, 0, used);
}

static bool language_by_name(struct str name, enum script_language *language)
{
    static const struct {
        struct str name;
        enum script_language language;
    } names[] = {
        {STR_INIT("java"), SCRIPT_JAVA},       {STR_INIT("c#"), SCRIPT_CSHARP},
        {STR_INIT("cs"), SCRIPT_CSHARP},       {STR_INIT("csharp"), SCRIPT_CSHARP},
        {STR_INIT("jscript"), SCRIPT_JSCRIPT}, {STR_INIT("javascript"), SCRIPT_JSCRIPT},
        {STR_INIT("js"), SCRIPT_JSCRIPT},      {STR_INIT("vb"), SCRIPT_VBSCRIPT},
        {STR_INIT("vbs"), SCRIPT_VBSCRIPT},    {STR_INIT("vbscript"), SCRIPT_VBSCRIPT},
        {STR_INIT("php"), SCRIPT_PHP},
    };

    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (str_eq_nocase(name, names[i].name)) {
            *language = names[i].language;
            return true;
        }
    return false;
}

/* Words that tell the language where nothing names it. */
static enum script_language guess_language(struct str file)
{
    static const struct {
        struct str word;
        enum script_language language;
    } words[] = {
        {STR_INIT("request.getparameter"), SCRIPT_JAVA},
        {STR_INIT("page import"), SCRIPT_JAVA},
        {STR_INIT("getruntime("), SCRIPT_JAVA},
        {STR_INIT("java."), SCRIPT_JAVA},
        {STR_INIT("pagecontext"), SCRIPT_JAVA},
        {STR_INIT("<jsp:"), SCRIPT_JAVA},
        {STR_INIT("request.getheader"), SCRIPT_JAVA},
        {STR_INIT("extends classloader"), SCRIPT_JAVA},
        {STR_INIT("out.print"), SCRIPT_JAVA},
        {STR_INIT("contenttype=\"text/html;"), SCRIPT_JAVA},
        {STR_INIT("taglib"), SCRIPT_JAVA},
        {STR_INIT("request.getinputstream"), SCRIPT_JAVA},
        {STR_INIT("\"unsafe\""), SCRIPT_JSCRIPT},
        {STR_INIT("'unsafe'"), SCRIPT_JSCRIPT},
        {STR_INIT("new activexobject"), SCRIPT_JSCRIPT},
        {STR_INIT("string.fromcharcode"), SCRIPT_JSCRIPT},
        {STR_INIT("namespace=\"system"), SCRIPT_CSHARP},
        {STR_INIT("protected void "), SCRIPT_CSHARP},
        {STR_INIT("using system"), SCRIPT_CSHARP},
        {STR_INIT("system.diagnostics"), SCRIPT_CSHARP},
        {STR_INIT("assembly.load"), SCRIPT_CSHARP},
    };
    struct str head = str_slice(file, 0, 64u << 10);

    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (has_nocase(head, words[i].word))
            return words[i].language;
    return SCRIPT_VBSCRIPT;
}

struct str script_language_name(enum script_language language)
{
    static const struct str names[SCRIPT_LANGUAGES] = {
        [SCRIPT_PHP] = STR_INIT("PHP"),         [SCRIPT_VBSCRIPT] = STR_INIT("Visual Basic"),
        [SCRIPT_JSCRIPT] = STR_INIT("JScript"), [SCRIPT_JAVA] = STR_INIT("Java"),
        [SCRIPT_CSHARP] = STR_INIT("C#"),
    };

    return names[language];
}

/* ---- code that is written in another way ---- */

/* &lt; and so on in JSP written as XML. */
static struct str without_entities(struct str code, struct arena *arena)
{
    static const struct {
        struct str name;
        char c;
    } entities[] = {{STR_INIT("&lt;"), '<'},
                    {STR_INIT("&gt;"), '>'},
                    {STR_INIT("&amp;"), '&'},
                    {STR_INIT("&quot;"), '"'},
                    {STR_INIT("&apos;"), '\''}};
    char *start, *to;

    if (str_find_byte(code, '&') == code.len || str_contains(code, STR("<![CDATA[")))
        return code;
    start = to = arena_alloc_bytes(arena, code.len);
    for (size_t i = 0; i < code.len;) {
        struct str rest = str_slice(code, i, code.len);
        size_t used = 0;
        for (size_t k = 0; k < ARRAY_COUNT(entities) && rest.at[0] == '&'; k++)
            if (str_starts_with(rest, entities[k].name)) {
                used = entities[k].name.len;
                *to++ = entities[k].c;
                break;
            }
        if (used == 0 && rest.at[0] == '&' && rest.len > 3 && rest.at[1] == '#') {
            bool hex = rest.at[2] == 'x';
            uint32_t code_point = 0;
            used = hex ? 3 : 2;
            while (used < rest.len && used < 9 && ascii_hex_value(rest.at[used]) >= 0)
                code_point =
                    code_point * (hex ? 16 : 10) + (uint32_t)ascii_hex_value(rest.at[used++]);
            used = used < rest.len && rest.at[used] == ';' ? used + 1 : 0;
            if (used) /* as a character takes no more bytes than its number */
                to += utf8_put(code_point, to);
        }
        if (used == 0)
            *to++ = rest.at[0];
        i += used ? used : 1;
    }
    return (struct str){start, (size_t)(to - start)};
}

/* Java reads \u0041 as A wherever it stands (Java Language Specification, 3.3). */
static struct str without_codes(struct str code, struct script_tokens *tokens,
                                struct script_page *page)
{
    uint32_t plain = 0;
    char *start, *to;

    if (!str_contains(code, STR("\\u")))
        return code;
    start = to = arena_alloc_bytes(tokens->arena, code.len);
    for (size_t i = 0; i < code.len;) {
        size_t at = i + 1;
        uint32_t c = 0, digits = 0;
        if (code.at[i] == '\\' && at < code.len && code.at[at] == 'u') {
            while (at < code.len && code.at[at] == 'u')
                at++;
            for (; digits < 4 && at < code.len && ascii_hex_value(code.at[at]) >= 0; digits++)
                c = c * 16 + (uint32_t)ascii_hex_value(code.at[at++]);
        }
        if (digits == 4) {
            to += utf8_put(c, to); /* at most three bytes, where six stood */
            plain += c < 0x80;
            i = at;
        } else {
            *to++ = code.at[i++];
        }
    }
    page->in_codes |= plain >= CODES_MIN;
    return (struct str){start, (size_t)(to - start)};
}

static struct str without_cdata(struct str code)
{
    struct str text = str_trim(code);

    if (!str_starts_with(text, STR("<![CDATA[")))
        return code;
    text = str_slice(text, 9, text.len);
    return str_ends_with(text, STR("]]>")) ? str_slice(text, 0, text.len - 3) : text;
}

/* ---- the file ---- */

struct page_reader {
    struct str file;
    size_t at;
    uint32_t line;
    struct script_tokens *tokens;
    struct script_page *page;
    enum script_language language; /* of what stands between <% and %> */
    bool has_php;
    bool short_tags;   /* <? alone begins PHP: nothing else could stand between <% and %> */
    bool rest_is_code; /* WebHandler and WebService: behind the directive */
};

static void move_to(struct page_reader *in, size_t at)
{
    at = at < in->file.len ? at : in->file.len;
    while (in->at < at) {
        const char *line = memchr(in->file.at + in->at, '\n', at - in->at);
        if (!line)
            break;
        in->line++;
        in->at = (size_t)(line - in->file.at) + 1;
    }
    in->at = at;
}

static size_t take_code(struct page_reader *in, enum script_language language, struct str code)
{
    if (!in->page->has_code)
        in->page->language = language;
    in->page->has_code = true;
    if (language == SCRIPT_JAVA)
        code = without_codes(code, in->tokens, in->page);
    if (language != SCRIPT_PHP && str_contains(code, STR("@~^")))
        in->page->is_encoded = true;
    return script_tokenize(in->tokens, language, code, in->line);
}

static struct str rest_of(const struct page_reader *in)
{
    return str_slice(in->file, in->at, in->file.len);
}

static void take_php(struct page_reader *in, size_t tag)
{
    move_to(in, in->at + tag);
    struct str code = rest_of(in);
    size_t used = take_code(in, SCRIPT_PHP, code);
    move_to(in, in->at + used);
}

/* <%@ ... %>: which language, and what imports say of it. */
static void take_directive(struct page_reader *in, struct str directive)
{
    struct str name = language_of(str_slice(directive, 0, DIRECTIVE_BYTES_MAX));

    if (has_nocase(directive, STR("language")))
        language_by_name(name, &in->language);
    if (has_nocase(directive, STR("webhandler")) || has_nocase(directive, STR("webservice"))) {
        if (name.len == 0)
            in->language = SCRIPT_CSHARP;
        in->rest_is_code = true;
    }
}

static void take_percent(struct page_reader *in)
{
    struct str rest = rest_of(in);

    if (str_starts_with(rest, STR("<%--"))) {
        move_to(in, in->at + str_find(rest, STR("--%>")) + 4);
        return;
    }
    size_t end = str_find(rest, STR("%>"));
    struct str code = str_slice(rest, 2, end);
    if (str_starts_with(code, STR("@"))) {
        take_directive(in, str_slice(code, 1, code.len));
        move_to(in, in->at + end + 2);
        if (in->rest_is_code) {
            take_code(in, in->language, rest_of(in));
            move_to(in, in->file.len);
        }
        return;
    }
    if (code.len > 0 &&
        (code.at[0] == '=' || code.at[0] == '!' || code.at[0] == '#' || code.at[0] == ':'))
        code = str_slice(code, 1, code.len);
    take_code(in, in->language, code);
    move_to(in, in->at + end + 2);
}

/* <script runat="server">, <script language="php"> */
static void take_script(struct page_reader *in)
{
    struct str rest = rest_of(in);
    struct str tag =
        str_slice(rest, 0, str_find_byte(str_slice(rest, 0, DIRECTIVE_BYTES_MAX), '>'));
    enum script_language language = in->language;
    bool server = has_nocase(tag, STR("runat"));
    struct str name = language_of(tag);

    language_by_name(name, &language);
    server |= str_eq_nocase(name, STR("php"));
    if (!server) {
        move_to(in, in->at + tag.len + 1);
        return;
    }
    struct str body = str_slice(rest, tag.len + 1, rest.len);
    size_t end = find_nocase(body, STR("</script"));
    move_to(in, in->at + tag.len + 1);
    take_code(in, language, str_slice(body, 0, end));
    move_to(in, in->at + end);
}

static void take_jsp_element(struct page_reader *in)
{
    static const struct str elements[] = {STR_INIT("<jsp:scriptlet"), STR_INIT("<jsp:expression"),
                                          STR_INIT("<jsp:declaration")};
    struct str rest = rest_of(in);

    for (size_t i = 0; i < ARRAY_COUNT(elements); i++)
        if (str_starts_with(rest, elements[i])) {
            size_t open = str_find_byte(rest, '>') + 1;
            struct str body = str_slice(rest, open, rest.len);
            size_t end = str_find(body, STR("</jsp:"));
            move_to(in, in->at + open);
            struct str code = str_slice(body, 0, end);
            take_code(in, SCRIPT_JAVA, without_cdata(without_entities(code, in->tokens->arena)));
            move_to(in, in->at + end);
            return;
        }
    move_to(in, in->at + 5);
}

/* ${...} outside of all tags, which the server evaluates, that reaches for classes. */
static bool has_reaching_expression(struct str file)
{
    if (!str_contains(file, STR("${")) && !str_contains(file, STR("#{")))
        return false;
    return str_contains(file, STR(".forName(")) || str_contains(file, STR("getRuntime")) ||
           str_contains(file, STR("ScriptEngineManager"));
}

static struct str as_utf8(struct str file, struct arena *arena)
{
    if (!str_starts_with(file, STR("\xff\xfe")))
        return file;
    char *text = arena_alloc_bytes(arena, UTF8_SIZE_OF_UTF16(file.len));
    size_t len = utf16le_to_utf8((const uint8_t *)file.at + 2, file.len - 2, text);
    return (struct str){text, len};
}

static bool has_php_tag(struct str file)
{
    for (size_t at = 0; at < file.len;) {
        at += str_find(str_slice(file, at, file.len), STR("<?"));
        if (at < file.len && php_tag(str_slice(file, at, file.len)) > 2)
            return true;
        at++;
    }
    return false;
}

void script_page_read(struct str file, struct script_tokens *tokens, struct script_page *page)
{
    *page = (struct script_page){.is_image = starts_image(file)};
    struct page_reader in = {
        .file = as_utf8(file, tokens->arena), .line = 1, .tokens = tokens, .page = page};

    in.has_php = has_php_tag(in.file);
    in.short_tags = in.has_php || !str_contains(in.file, STR("<%"));
    in.language = in.has_php ? SCRIPT_PHP : guess_language(in.file);
    while (in.at < in.file.len && !tokens->full) {
        move_to(&in, in.at + str_find_byte(rest_of(&in), '<'));
        struct str rest = rest_of(&in);
        size_t tag = php_tag(rest);
        if (tag > 2 || (tag == 2 && in.short_tags))
            take_php(&in, tag);
        else if (str_starts_with(rest, STR("<%")) && !in.has_php)
            take_percent(&in);
        else if (rest.len > 7 && str_eq_nocase(str_slice(rest, 0, 7), STR("<script")))
            take_script(&in);
        else if (str_starts_with(rest, STR("<jsp:")))
            take_jsp_element(&in);
        else
            move_to(&in, in.at + 1);
    }
    page->runs_expression =
        in.language == SCRIPT_JAVA && !in.has_php && has_reaching_expression(in.file);
    script_tokens_finish(tokens);
}

enum script_language script_page_language(struct str file)
{
    enum script_language language;
    struct str rest = file;

    if (has_php_tag(file))
        return SCRIPT_PHP;
    while (rest.len > 0) { /* the first directive that names one */
        rest = str_slice(rest, str_find(rest, STR("<%@")), rest.len);
        struct str directive = str_slice(rest, 0, DIRECTIVE_BYTES_MAX);
        directive = str_slice(directive, 0, str_find(directive, STR("%>")));
        if (language_by_name(language_of(directive), &language))
            return language;
        rest = str_slice(rest, directive.len, rest.len);
    }
    return guess_language(file);
}

/* A tag in the middle of a line of text is one that a log quotes. */
static bool stands_in_page(struct str head, size_t at)
{
    size_t line = at;

    while (line > 0 && head.at[line - 1] != '\n')
        line--;
    struct str before = str_trim(str_slice(head, line, at));
    return before.len == 0 || before.at[0] == '<' || before.at[0] == '"' || before.at[0] == '\'' ||
           before.len > 4096;
}

int script_page_probe(struct str head)
{
    static const struct str tags[] = {STR_INIT("<?php"), STR_INIT("<?="), STR_INIT("<%"),
                                      STR_INIT("<jsp:")};
    struct str start = str_trim(head);

    if (str_starts_with(head, STR("\xff\xfe")))
        return str_contains(head, STR("<\0%\0")) || str_contains(head, STR("<\0?\0p\0h\0p")) ? 60
                                                                                             : 0;
    if (str_starts_with(start, STR("\xef\xbb\xbf")))
        start = str_trim(str_slice(start, 3, start.len));
    if (php_tag(start) >= 2 || str_starts_with(start, STR("<%")))
        return 95;
    bool image = starts_image(head), page = start.len > 0 && start.at[0] == '<';
    for (size_t i = 0; i < ARRAY_COUNT(tags); i++) {
        size_t at = find_nocase(head, tags[i]);
        if (at == head.len || (image && i > 0))
            continue;
        if (image || stands_in_page(head, at))
            return image || page ? 70 : 40;
    }
    size_t script = find_nocase(head, STR("<script"));
    struct str tag = str_slice(head, script, script + 300);
    tag = str_slice(tag, 0, str_find_byte(tag, '>'));
    return page && (has_nocase(tag, STR("runat")) || str_eq_nocase(language_of(tag), STR("php")))
               ? 70
               : 0;
}
