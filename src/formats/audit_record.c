/* audit_record.c - see audit_record.h. */
#include "formats/audit_record.h"

#include <stdio.h>

#define NAME_BYTES_MAX 64u
#define SEPARATOR '\x1d'  /* before what auditd adds to a record: names for its numbers */
#define ADDRESS_BYTES 28u /* of an IPv6 address with its port */

static struct str behind(struct str s, size_t from)
{
    return str_slice(s, from, s.len);
}

static bool take_text(struct str *s, struct str text)
{
    if (!str_starts_with(*s, text))
        return false;
    *s = behind(*s, text.len);
    return true;
}

static struct str take_word(struct str *s)
{
    struct str word = str_slice(*s, 0, str_find_byte(*s, ' '));

    *s = behind(*s, word.len + 1);
    return word;
}

bool audit_head_read(struct str line, struct audit_head *head)
{
    struct str rest = line;

    *head = (struct audit_head){.node = STR_EMPTY};
    if (take_text(&rest, STR("node=")))
        head->node = take_word(&rest);
    if (!take_text(&rest, STR("type=")))
        return false;
    head->type = take_word(&rest);
    if (!take_text(&rest, STR("msg=audit(")))
        return false;
    size_t end = str_find_byte(rest, ')');
    head->stamp = str_slice(rest, 0, end);
    head->rest = behind(rest, end + 1);
    return head->type.len > 0 && head->stamp.len > 0 && take_text(&head->rest, STR(":"));
}

bool audit_stamp_read(struct str stamp, struct str *time, uint64_t *serial)
{
    struct str rest = stamp;

    *time = str_cut(&rest, ':');
    return str_to_u64(rest, UINT64_MAX, serial);
}

/* ---- fields ---- */

static bool is_between(char c)
{
    return c == ' ' || c == SEPARATOR || c == '\'' || c == '\t';
}

static size_t name_length(struct str s)
{
    size_t len = 0;

    while (len < s.len && len < NAME_BYTES_MAX && !is_between(s.at[len]) && s.at[len] != '=' &&
           s.at[len] != '"')
        len++;
    return len > 0 && len < s.len && s.at[len] == '=' ? len : 0;
}

static size_t bare_length(struct str s)
{
    size_t len = 0;

    while (len < s.len && !is_between(s.at[len]))
        len++;
    return len;
}

bool audit_field_next(struct str *rest, struct audit_field *field)
{
    struct str s = *rest;

    while (s.len > 0) {
        size_t name = name_length(s);
        char next = name + 1 < s.len ? s.at[name + 1] : 0;
        if (name == 0) { /* a word, or a sign */
            size_t word = bare_length(s);
            s = behind(s, word > 0 ? word : 1);
            continue;
        }
        if (next == '\'') { /* the fields inside follow */
            s = behind(s, name + 2);
            continue;
        }
        field->name = str_slice(s, 0, name);
        s = behind(s, name + 1);
        field->quoted = next == '"';
        struct str value = behind(s, field->quoted);
        size_t len = field->quoted ? str_find_byte(value, '"') : bare_length(value);
        field->value = str_slice(value, 0, len);
        *rest = behind(value, len + field->quoted);
        return true;
    }
    *rest = s;
    return false;
}

static int digit_of(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool audit_argument_read(struct str name, bool *goes_on)
{
    struct str number = str_slice(name, 1, name.len), part = STR_EMPTY;
    size_t bracket = str_find_byte(number, '[');
    uint64_t value = 0;

    if (name.len < 2 || name.at[0] != 'a')
        return false;
    if (bracket < number.len)
        part = str_slice(number, bracket + 1, number.len - 1);
    if (!str_to_u64(str_slice(number, 0, bracket), UINT64_MAX, &value) ||
        (part.len > 0 && !str_to_u64(part, UINT64_MAX, &value)))
        return false;
    *goes_on = part.len > 0 && value > 0;
    return true;
}

bool audit_is_hexadecimal(struct str type, const struct audit_field *field)
{
    static const struct str names[] = {STR_INIT("proctitle"), STR_INIT("comm"), STR_INIT("exe"),
                                       STR_INIT("cwd"),       STR_INIT("name"), STR_INIT("key"),
                                       STR_INIT("cmd"),       STR_INIT("acct"), STR_INIT("dir"),
                                       STR_INIT("path"),      STR_INIT("data"), STR_INIT("file"),
                                       STR_INIT("vm"),        STR_INIT("ocomm")};
    bool goes_on;
    bool known = str_eq(type, STR("EXECVE")) && audit_argument_read(field->name, &goes_on);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        known = known || str_eq(field->name, names[i]);
    if (!known || field->quoted || field->value.len < 2 || field->value.len % 2 != 0)
        return false;
    for (size_t i = 0; i < field->value.len; i++)
        if (digit_of(field->value.at[i]) < 0)
            return false;
    return true;
}

size_t audit_decode(struct str digits, char *out)
{
    size_t len = digits.len / 2;

    for (size_t i = 0; i < len; i++)
        out[i] = (char)(digit_of(digits.at[2 * i]) * 16 + digit_of(digits.at[2 * i + 1]));
    return len;
}

/* ---- numbers with a meaning ---- */

struct str audit_syscall_name(struct str arch, struct str number)
{
    /* 0: arm64 has none */
    static const struct {
        uint16_t x86_64, arm64;
        struct str name;
    } calls[] = {
        {2, 0, STR_INIT("open")},
        {41, 198, STR_INIT("socket")},
        {42, 203, STR_INIT("connect")},
        {43, 202, STR_INIT("accept")},
        {49, 200, STR_INIT("bind")},
        {59, 221, STR_INIT("execve")},
        {62, 129, STR_INIT("kill")},
        {82, 0, STR_INIT("rename")},
        {83, 0, STR_INIT("mkdir")},
        {84, 0, STR_INIT("rmdir")},
        {85, 0, STR_INIT("creat")},
        {87, 0, STR_INIT("unlink")},
        {90, 0, STR_INIT("chmod")},
        {91, 52, STR_INIT("fchmod")},
        {92, 0, STR_INIT("chown")},
        {93, 55, STR_INIT("fchown")},
        {99, 179, STR_INIT("sysinfo")},
        {101, 117, STR_INIT("ptrace")},
        {103, 116, STR_INIT("syslog")},
        {105, 146, STR_INIT("setuid")},
        {106, 144, STR_INIT("setgid")},
        {113, 145, STR_INIT("setreuid")},
        {117, 147, STR_INIT("setresuid")},
        {133, 0, STR_INIT("mknod")},
        {135, 92, STR_INIT("personality")},
        {164, 170, STR_INIT("settimeofday")},
        {165, 40, STR_INIT("mount")},
        {166, 39, STR_INIT("umount2")},
        {170, 161, STR_INIT("sethostname")},
        {175, 105, STR_INIT("init_module")},
        {176, 106, STR_INIT("delete_module")},
        {188, 5, STR_INIT("setxattr")},
        {227, 112, STR_INIT("clock_settime")},
        {257, 56, STR_INIT("openat")},
        {258, 34, STR_INIT("mkdirat")},
        {259, 33, STR_INIT("mknodat")},
        {260, 54, STR_INIT("fchownat")},
        {263, 35, STR_INIT("unlinkat")},
        {264, 38, STR_INIT("renameat")},
        {268, 53, STR_INIT("fchmodat")},
        {288, 242, STR_INIT("accept4")},
        {313, 273, STR_INIT("finit_module")},
        {316, 276, STR_INIT("renameat2")},
        {319, 279, STR_INIT("memfd_create")},
        {321, 280, STR_INIT("bpf")},
        {322, 281, STR_INIT("execveat")},
    };
    bool x86_64 = str_eq_nocase(arch, STR("c000003e")),
         arm64 = str_eq_nocase(arch, STR("c00000b7"));
    uint64_t wanted;

    if ((!x86_64 && !arm64) || !str_to_u64(number, UINT16_MAX, &wanted) || wanted == 0)
        return STR_EMPTY;
    for (size_t i = 0; i < ARRAY_COUNT(calls); i++)
        if (wanted == (x86_64 ? calls[i].x86_64 : calls[i].arm64))
            return calls[i].name;
    return STR_EMPTY;
}

bool audit_address_read(struct str digits, struct audit_address *address)
{
    char bytes[ADDRESS_BYTES];

    if (digits.len % 2 != 0 || digits.len < 16)
        return false;
    for (size_t i = 0; i < digits.len; i++)
        if (digit_of(digits.at[i]) < 0)
            return false;
    size_t len = audit_decode(str_slice(digits, 0, 2 * sizeof(bytes)), bytes);
    const uint8_t *b = (const uint8_t *)bytes;
    unsigned family = b[0] | (unsigned)b[1] << 8;
    if (!(family == 2 && len >= 8) && !(family == 10 && len >= 24))
        return false;
    address->family = family == 2 ? STR("inet") : STR("inet6");
    address->port = (uint16_t)(b[2] << 8 | b[3]);
    int printed =
        family == 2
            ? snprintf(address->text, sizeof(address->text), "%u.%u.%u.%u", b[4], b[5], b[6], b[7])
            : snprintf(address->text, sizeof(address->text), "%x:%x:%x:%x:%x:%x:%x:%x",
                       b[8] << 8 | b[9], b[10] << 8 | b[11], b[12] << 8 | b[13], b[14] << 8 | b[15],
                       b[16] << 8 | b[17], b[18] << 8 | b[19], b[20] << 8 | b[21],
                       b[22] << 8 | b[23]);
    address->len = (size_t)printed;
    return true;
}
