/* indicator_text.c - see indicator_text.h. */
#include "indicators/indicator_text.h"

#include "codec/utf.h"
#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>

#define DOMAIN_BYTES_MAX 253u
#define LABEL_BYTES_MAX 63u
#define FILE_BYTES_MAX 255u
#define MAPPED_BITS 96u

/* ---- undoing what was done to it ---- */

static const struct {
    struct str from;
    char to[4];
} fangs[] = {
    {STR_INIT("[.]"), "."},   {STR_INIT("(.)"), "."},     {STR_INIT("{.}"), "."},
    {STR_INIT("[dot]"), "."}, {STR_INIT("(dot)"), "."},   {STR_INIT("{dot}"), "."},
    {STR_INIT("[:]"), ":"},   {STR_INIT("[://]"), "://"}, {STR_INIT("[/]"), "/"},
    {STR_INIT("[@]"), "@"},   {STR_INIT("(@)"), "@"},     {STR_INIT("[at]"), "@"},
    {STR_INIT("(at)"), "@"},
};

static bool starts_nocase(struct str text, struct str prefix)
{
    return text.len >= prefix.len && str_eq_nocase(str_slice(text, 0, prefix.len), prefix);
}

struct str indicator_refang(struct str text, struct buf *out)
{
    bool hidden = starts_nocase(text, STR("hxxp")), brackets = false;

    for (size_t i = 0; i < text.len && !brackets; i++)
        brackets = text.at[i] == '[' || text.at[i] == '(' || text.at[i] == '{';
    if (!hidden && !brackets)
        return text;
    buf_reset(out);
    if (hidden) {
        buf_add(out, STR("http"));
        text = str_slice(text, 4, text.len);
    }
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_slice(text, at, text.len);
        size_t i = 0;
        while (i < ARRAY_COUNT(fangs) && !starts_nocase(rest, fangs[i].from))
            i++;
        if (i < ARRAY_COUNT(fangs)) {
            buf_add(out, str_from(fangs[i].to));
            at += fangs[i].from.len;
        } else {
            buf_add_char(out, text.at[at++]);
        }
    }
    return buf_str(out);
}

/* Quotes, angle brackets and blanks around it. */
static struct str bare(struct str text)
{
    text = str_trim(text);
    while (text.len >= 2) {
        char first = text.at[0], last = text.at[text.len - 1];
        if (!((first == last && strchr("\"'`", first) && first) || (first == '<' && last == '>')))
            break;
        text = str_trim(str_slice(text, 1, text.len - 1));
    }
    return text;
}

/* ---- folding ---- */

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

void indicator_fold(struct str text, struct buf *out)
{
    char *at = buf_reserve(out, 3 * text.len + 4); /* what is ill-formed becomes U+FFFD */

    if (!at)
        return;
    if (is_ascii(text)) {
        for (size_t i = 0; i < text.len; i++)
            at[i] = ascii_lower(text.at[i]);
        out->len += text.len;
        return;
    }
    while (text.len > 0) {
        uint32_t character = utf8_take(&text), folded = fold_character(character);
        bool kept = character >= 0x80 && folded < 0x80;
        size_t len = utf8_put(kept ? character : folded, at);
        at += len;
        out->len += len;
    }
}

/* ---- addresses ---- */

static bool is_mapped(const struct address *address)
{
    bool zeros = true;

    for (unsigned i = 0; i < 10; i++)
        zeros &= address->bytes[i] == 0;
    return zeros && address->bytes[10] == 0xff && address->bytes[11] == 0xff;
}

bool indicator_net_key(const struct address *address, uint32_t bits, char out[INDICATOR_NET_BYTES])
{
    if (bits < MAPPED_BITS && is_mapped(address))
        return false;
    for (unsigned i = 0; i < 16; i++) {
        unsigned set = bits <= 8 * i ? 0 : bits - 8 * i < 8 ? bits - 8 * i : 8;
        out[i] = (char)(address->bytes[i] & (uint8_t)(0xff00u >> set));
    }
    out[16] = (char)bits;
    return true;
}

static bool is_private_quad(const uint8_t *b)
{
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 ||
           (b[0] == 100 && b[1] >> 6 == 1) || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 172 && b[1] >> 4 == 1) || (b[0] == 192 && b[1] == 168);
}

/* Addresses that mean something else on every network. */
static bool is_private(const struct address *address)
{
    const uint8_t *b = address->bytes;
    bool zeros = true;

    if (is_mapped(address))
        return is_private_quad(b + 12);
    for (unsigned i = 0; i < 15; i++)
        zeros &= b[i] == 0;
    return zeros || b[0] >= 0xfc || (b[0] == 0xfe && b[1] >> 6 == 2);
}

static const char *read_net(struct str text, enum indicator_kind *kind, struct buf *key,
                            const char **doubt)
{
    char bytes[INDICATOR_NET_BYTES];
    struct cidr cidr;
    bool host_bits;

    if (!cidr_parse(text, &cidr, &host_bits))
        return "not an address";
    uint32_t first = is_mapped(&cidr.net) && cidr.bits >= MAPPED_BITS ? MAPPED_BITS : 0;
    if (cidr.bits == first)
        return "a net that holds every address";
    if (is_private(&cidr.net))
        *doubt = "a private or reserved address";
    else if (cidr.bits < first + 8)
        *doubt = "a very large net";
    *kind = cidr.bits == 128 ? INDICATOR_ADDRESS : INDICATOR_NET;
    bool good = indicator_net_key(&cidr.net, cidr.bits, bytes);
    ENSURE(good);
    buf_add(key, (struct str){bytes, *kind == INDICATOR_NET ? sizeof(bytes) : 16});
    return NULL;
}

static bool is_address(struct str text)
{
    struct address address;

    return text.len > 1 && address_parse(text, &address);
}

/* ---- domains ---- */

static int compare_suffix(const void *key, const void *element)
{
    const struct str *text = key, *suffix = element;

    return str_compare(*text, *suffix);
}

static bool is_public_suffix(struct str domain)
{
    static const struct str suffixes[] = {
#define SUFFIX(name) STR_INIT(name),
#include "indicators/public_suffixes.def"
#undef SUFFIX
    };

    return bsearch(&domain, suffixes, ARRAY_COUNT(suffixes), sizeof(suffixes[0]), compare_suffix);
}

/* Letters, digits, '-', '_' and what is no ASCII, in at least one label. */
static bool is_domain(struct str text, unsigned *labels)
{
    size_t label = 0;
    bool letters = false;

    *labels = 1;
    if (text.len == 0 || text.len > DOMAIN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '.') {
            if (label == 0)
                return false;
            label = 0;
            letters = false;
            ++*labels;
        } else if (!token_has((uint8_t)text.at[i]) || ++label > LABEL_BYTES_MAX) {
            return false;
        } else {
            letters |= !ascii_is_digit(text.at[i]);
        }
    }
    return label > 0 && letters; /* no last label is a number */
}

static struct str without_dots(struct str text)
{
    if (str_starts_with(text, STR("*.")))
        text = str_slice(text, 2, text.len);
    else if (str_starts_with(text, STR(".")))
        text = str_slice(text, 1, text.len);
    return str_ends_with(text, STR(".")) ? str_slice(text, 0, text.len - 1) : text;
}

static const char *read_domain(struct str text, struct buf *key, bool whole)
{
    unsigned labels;
    size_t start = key->len;

    text = without_dots(text);
    if (!is_domain(text, &labels))
        return "not a domain";
    if (labels == 1)
        return "a single label";
    indicator_fold(text, key);
    if (whole && is_public_suffix(str_slice(buf_str(key), start, key->len)))
        return "a public suffix";
    return NULL;
}

/* "host:443" */
static struct str without_port(struct str text)
{
    size_t colon = str_find_byte(text, ':');
    uint64_t port;

    if (text.len > 0 && text.at[0] == '[') {
        size_t close = str_find_byte(text, ']');
        return close < text.len ? str_slice(text, 1, close) : text;
    }
    return colon < text.len && str_to_u64(str_slice(text, colon + 1, text.len), 65535, &port)
               ? str_slice(text, 0, colon)
               : text;
}

/* A domain or an address, by its shape. */
static const char *read_host(struct str text, enum indicator_kind *kind, struct buf *key,
                             const char **doubt)
{
    struct str host = is_address(text) ? text : without_port(text);

    if (is_address(host))
        return read_net(host, kind, key, doubt);
    *kind = INDICATOR_DOMAIN;
    return read_domain(host, key, true);
}

/* ---- URLs ---- */

/* Length of "http://", or 0. */
static size_t scheme_length(struct str url)
{
    size_t colon = str_find_byte(url, ':');

    if (colon == 0 || colon > INDICATOR_SCHEME_MAX ||
        !str_starts_with(str_slice(url, colon, url.len), STR("://")))
        return 0;
    for (size_t i = 0; i < colon; i++) {
        char c = ascii_lower(url.at[i]);
        if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c))
            return 0;
    }
    return colon + 3;
}

static size_t find_any(struct str text, const char *characters)
{
    size_t i = 0;

    while (i < text.len && !(text.at[i] && strchr(characters, text.at[i])))
        i++;
    return i;
}

static struct str authority_of(struct str url)
{
    struct str rest = str_slice(url, scheme_length(url), url.len);

    return str_slice(rest, 0, find_any(rest, "/?#\\"));
}

static struct str host_of(struct str authority)
{
    size_t at = authority.len;

    while (at > 0 && authority.at[at - 1] != '@')
        at--;
    return without_port(str_slice(authority, at, authority.len));
}

struct str indicator_url_host(struct str key)
{
    return host_of(authority_of(key));
}

bool indicator_url_address(struct str key, struct address *address)
{
    struct str host = indicator_url_host(key);

    return host.len > 1 && address_parse(host, address);
}

bool indicator_url_key(struct str url, struct buf *key)
{
    size_t scheme = scheme_length(url), start = key->len;
    struct str authority = authority_of(url);
    struct str rest = str_slice(url, scheme + authority.len, url.len);
    struct str host = host_of(authority);

    if (host.len == 0 || (scheme == 0 && rest.len == 0))
        return false;
    for (size_t i = 0; i < host.len && !is_address(host); i++)
        if (!token_has((uint8_t)host.at[i]))
            return false;
    indicator_fold(str_slice(url, 0, scheme), key);
    indicator_fold(authority, key);
    struct str whole = str_slice(buf_str(key), start, key->len);
    if (str_starts_with(whole, STR("http://")) && str_ends_with(whole, STR(":80")))
        key->len -= 3;
    if (str_starts_with(whole, STR("https://")) && str_ends_with(whole, STR(":443")))
        key->len -= 4;
    if (rest.len == 0 || rest.at[0] != '/')
        buf_add_char(key, '/');
    buf_add(key, str_slice(rest, 0, str_find_byte(rest, '#')));
    return !key->full;
}

static bool has_token(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (token_has((uint8_t)text.at[i]) && text.at[i] != '.')
            return true;
    return false;
}

static const char *read_url(struct str text, struct buf *key)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] <= ' ' || strchr("\"<>`", text.at[i]))
            return "not a URL";
    if (!indicator_url_key(text, key) || !has_token(indicator_url_host(buf_str(key))))
        return "not a URL with a host";
    return NULL;
}

/* ---- the others ---- */

static const char *read_file(struct str text, enum indicator_kind *kind, struct buf *key)
{
    bool path = find_any(text, "/\\") < text.len;

    if (find_any(text, "*?") < text.len)
        return "a name with wildcards";
    if (path && find_any(text, "%$") < text.len)
        return "a path with a variable";
    if (!has_token(text) || (!path && text.len > FILE_BYTES_MAX) ||
        find_any(text, path ? "\"`<>|\t\r\n" : "\"`<>|:\t\r\n") < text.len)
        return "not a file name";
    *kind = path ? INDICATOR_PATH : INDICATOR_FILE;
    indicator_fold(text, key);
    return NULL;
}

static const char *read_email(struct str text, struct buf *key)
{
    struct str domain = text;
    struct str local = str_cut(&domain, '@');

    if (starts_nocase(text, STR("mailto:")))
        return read_email(str_slice(text, 7, text.len), key);
    if (local.len == 0 || local.len > INDICATOR_LOCAL_MAX || find_any(domain, "@") < domain.len)
        return "not a mail address";
    for (size_t i = 0; i < local.len; i++)
        if (!token_has((uint8_t)local.at[i]) && local.at[i] != '+')
            return "not a mail address of the common characters";
    indicator_fold(local, key);
    buf_add_char(key, '@');
    return read_domain(domain, key, false) ? "not a mail address" : NULL;
}

static const char *read_hash(struct str text, struct buf *key)
{
    size_t colon = str_find_byte(text, ':');

    if (colon < text.len) /* "sha256:..." */
        text = str_slice(text, colon + 1, text.len);
    if (!token_is_hash(text))
        return "not a hash of a known length";
    indicator_fold(text, key);
    return NULL;
}

/* Endings of files that are no top-level domains. */
static bool is_file_ending(struct str ending)
{
    static const char endings[] =
        " 7z apk asp aspx bat bin bmp bz2 cab cfg chm class cmd conf cpl csv dat db dll dmp doc "
        "docm"
        " docx dot drv dylib elf eml exe gif gz hta htm html img inf ini iso jar jpeg jpg js jse "
        "json"
        " jsp jspx lnk log lzh msc msg msi msix ocx odt old one pdf php pif plist pma png pot ppam"
        " ppt pptm pptx ps1 psd1 psm1 py2 pyc pyd rar reg rtf scr sct sys tar tgz tmp txt url vbe "
        "vbs"
        " vhd vhdx war wav wll wsc wsf wsh xll xls xlsb xlsm xlsx xml xsl xz yml ";
    char wanted[10] = " ";
    size_t len = 1;

    if (ending.len == 0 || ending.len > sizeof(wanted) - 3)
        return false;
    for (size_t i = 0; i < ending.len; i++)
        wanted[len++] = ascii_lower(ending.at[i]);
    wanted[len] = ' ';
    wanted[len + 1] = '\0';
    return strstr(endings, wanted);
}

static struct str ending_of(struct str text)
{
    size_t at = text.len;

    while (at > 0 && text.at[at - 1] != '.')
        at--;
    return at == 0 ? STR_EMPTY : str_slice(text, at, text.len);
}

/* What a text of its shape is; INDICATOR_GUESS: cannot be told. */
static enum indicator_kind guess(struct str text)
{
    size_t slash = str_find_byte(text, '/');
    bool at_sign = str_find_byte(text, '@') < text.len;
    bool drive = text.len > 2 && text.at[1] == ':' && (text.at[2] == '\\' || text.at[2] == '/');
    struct cidr cidr;
    bool host_bits;
    unsigned labels;

    if (token_is_hash(text))
        return INDICATOR_HASH;
    if (scheme_length(text) > 0)
        return INDICATOR_URL;
    if (text.len > 1 && cidr_parse(text, &cidr, &host_bits))
        return INDICATOR_ADDRESS;
    if (drive || slash == 0 || str_find_byte(text, '\\') < text.len)
        return INDICATOR_PATH;
    if (at_sign && slash == text.len)
        return INDICATOR_EMAIL;
    struct str host = without_port(str_slice(text, 0, slash));
    bool domain = is_address(host) || (is_domain(without_dots(host), &labels) && labels > 1);
    if (slash < text.len)
        return domain ? INDICATOR_URL : INDICATOR_PATH;
    if (is_file_ending(ending_of(text)))
        return INDICATOR_FILE;
    return domain ? INDICATOR_DOMAIN : INDICATOR_GUESS;
}

const char *indicator_read(struct str text, enum indicator_kind *kind, struct buf *key,
                           const char **doubt)
{
    *doubt = NULL;
    buf_reset(key);
    text = bare(text);
    if (text.len == 0)
        return "empty";
    if (text.len > INDICATOR_BYTES_MAX / 2)
        return "too long";
    if (*kind == INDICATOR_GUESS)
        *kind = guess(text);
    switch (*kind) {
    case INDICATOR_ADDRESS:
    case INDICATOR_NET:
        return is_address(without_port(text)) ? read_net(without_port(text), kind, key, doubt)
                                              : read_net(text, kind, key, doubt);
    case INDICATOR_DOMAIN:
        return read_host(text, kind, key, doubt);
    case INDICATOR_URL:
        return read_url(text, key);
    case INDICATOR_HASH:
        return read_hash(text, key);
    case INDICATOR_FILE:
    case INDICATOR_PATH:
        return read_file(text, kind, key);
    case INDICATOR_EMAIL:
        return read_email(text, key);
    default:
        return "not an address, domain, URL, hash, file name or mail address";
    }
}

/* ---- for people ---- */

static struct str address_shown(const uint8_t *b, struct arena *arena)
{
    unsigned best = 8, best_len = 1, groups[8];
    struct buf text;

    if (is_mapped(&(struct address){
            {b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11]}}))
        return arena_printf(arena, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    for (unsigned i = 0; i < 8; i++)
        groups[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
    for (unsigned i = 0; i < 8; i++) {
        unsigned len = 0;
        while (i + len < 8 && groups[i + len] == 0)
            len++;
        if (len > best_len) {
            best = i;
            best_len = len;
        }
    }
    buf_init(&text, 64);
    for (unsigned i = 0; i < 8; i++) {
        if (i == best) {
            buf_add(&text, STR("::"));
            i += best_len - 1;
            continue;
        }
        buf_printf(&text, "%s%x", i && i != best + best_len ? ":" : "", groups[i]);
    }
    struct str shown = arena_str(arena, buf_str(&text));
    buf_free(&text);
    return shown;
}

struct str indicator_shown(enum indicator_kind kind, struct str key, struct arena *arena)
{
    uint8_t bytes[INDICATOR_NET_BYTES] = {0};

    if (kind != INDICATOR_ADDRESS && kind != INDICATOR_NET)
        return key;
    for (size_t i = 0; i < key.len && i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)key.at[i];
    struct str address = address_shown(bytes, arena);
    if (kind == INDICATOR_ADDRESS)
        return address;
    bool wide = str_find_byte(address, ':') < address.len;
    return arena_printf(arena, "%.*s/%u", STR_ARG(address),
                        wide ? bytes[16] : bytes[16] - MAPPED_BITS);
}
