/* test_audit_record.c - one line of the audit log. */
#include "testkit.h"

#include "formats/audit_record.h"

static struct audit_head head;

TEST(reads_the_head)
{
    CHECK(audit_head_read(STR("type=CWD msg=audit(1.5:22): cwd=\"/\""), &head));
    CHECK_STR(head.type, "CWD");
    CHECK_STR(head.stamp, "1.5:22");
    CHECK_STR(head.rest, " cwd=\"/\"");
    CHECK_STR(head.node, "");
    CHECK(audit_head_read(STR("node=web-01 type=A msg=audit(1:2):"), &head));
    CHECK_STR(head.node, "web-01");
    CHECK(!audit_head_read(STR("type=A msg=audit(1:2)"), &head));
    CHECK(!audit_head_read(STR("type= msg=audit(1:2):"), &head));
    CHECK(!audit_head_read(STR("type=A msg=audit():"), &head));
    CHECK(!audit_head_read(STR("Nov 22 10:00:00 h audit: x"), &head));
    CHECK(!audit_head_read(STR(""), &head));
}

TEST(reads_the_stamp)
{
    struct str time;
    uint64_t serial = 0;

    CHECK(audit_stamp_read(STR("1795341600.123:456"), &time, &serial));
    CHECK_STR(time, "1795341600.123");
    CHECK_INT(serial, 456);
    CHECK(!audit_stamp_read(STR("1795341600.123"), &time, &serial));
}

/* "name=value;" each, quoted values in quotes. */
static struct str fields(const char *text)
{
    static char out[512];
    struct str rest = str_from(text);
    struct audit_field field;
    size_t len = 0;

    while (audit_field_next(&rest, &field))
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%.*s=%s%.*s%s;", STR_ARG(field.name),
                                field.quoted ? "\"" : "", STR_ARG(field.value),
                                field.quoted ? "\"" : "");
    return (struct str){out, len};
}

TEST(takes_fields_one_by_one)
{
    CHECK_STR(fields(" a=1 b=\"x y\" c=? d="), "a=1;b=\"x y\";c=?;d=;");
    CHECK_STR(fields("pid=1 msg='op=login acct=\"root\" res=failed'"),
              "pid=1;op=login;acct=\"root\";res=failed;");
    CHECK_STR(fields("uid=0\x1dUID=\"root\" AUID=\"unset\""), "uid=0;UID=\"root\";AUID=\"unset\";");
    CHECK_STR(fields("avc:  denied  { read } for  pid=1"), "pid=1;");
    CHECK_STR(fields("SADDR={ saddr_fam=inet lport=443 }"), "SADDR={;saddr_fam=inet;lport=443;");
    CHECK_STR(fields("a=\"open"), "a=\"open\";");
    CHECK_STR(fields("=x '' \" a=b=c"), "a=b=c;");
    CHECK_STR(fields(""), "");
}

static bool is_hexadecimal(const char *type, const char *name, const char *value, bool quoted)
{
    struct audit_field field = {str_from(name), str_from(value), quoted};

    return audit_is_hexadecimal(str_from(type), &field);
}

TEST(tells_what_is_encoded)
{
    CHECK(is_hexadecimal("PROCTITLE", "proctitle", "6C73", false));
    CHECK(is_hexadecimal("EXECVE", "a10", "6C73", false));
    CHECK(is_hexadecimal("EXECVE", "a1[2]", "6C73", false));
    CHECK(!is_hexadecimal("EXECVE", "a1_len", "12", false));
    CHECK(!is_hexadecimal("EXECVE", "argc", "12", false));
    CHECK(!is_hexadecimal("SYSCALL", "a1", "6C73", false));
    CHECK(!is_hexadecimal("SYSCALL", "comm", "6C73", true));
    CHECK(!is_hexadecimal("SYSCALL", "comm", "6c73", false));
    CHECK(!is_hexadecimal("SYSCALL", "comm", "6C7", false));
    CHECK(!is_hexadecimal("SYSCALL", "comm", "(null)", false));
    CHECK(!is_hexadecimal("SYSCALL", "pid", "12", false));
    char out[4];
    CHECK_STR(((struct str){out, audit_decode(STR("6C0073FF"), out)}), "l\0s\xff");
}

TEST(parts_of_an_argument_go_on)
{
    bool goes_on = true;

    CHECK(audit_argument_read(STR("a0"), &goes_on) && !goes_on);
    CHECK(audit_argument_read(STR("a12[0]"), &goes_on) && !goes_on);
    CHECK(audit_argument_read(STR("a12[1]"), &goes_on) && goes_on);
    CHECK(!audit_argument_read(STR("a12_len"), &goes_on));
    CHECK(!audit_argument_read(STR("a"), &goes_on));
    CHECK(!audit_argument_read(STR("b1"), &goes_on));
}

TEST(system_calls_have_names)
{
    CHECK_STR(audit_syscall_name(STR("c000003e"), STR("59")), "execve");
    CHECK_STR(audit_syscall_name(STR("C00000B7"), STR("221")), "execve");
    CHECK_STR(audit_syscall_name(STR("c000003e"), STR("319")), "memfd_create");
    CHECK_STR(audit_syscall_name(STR("c00000b7"), STR("0")), "");
    CHECK_STR(audit_syscall_name(STR("c000003e"), STR("99999")), "");
    CHECK_STR(audit_syscall_name(STR("40000003"), STR("11")), "");
}

static struct str address_of(const char *digits)
{
    static struct audit_address address;
    static char out[80];

    if (!audit_address_read(str_from(digits), &address))
        return STR_EMPTY;
    int len = snprintf(out, sizeof(out), "%.*s %.*s %u", STR_ARG(address.family), (int)address.len,
                       address.text, address.port);
    return (struct str){out, (size_t)len};
}

TEST(reads_socket_addresses)
{
    CHECK_STR(address_of("020001BBC63364070000000000000000"), "inet 198.51.100.7 443");
    CHECK_STR(address_of("0A0000500000000020010DB800000000000000000000000100000000"),
              "inet6 2001:db8:0:0:0:0:0:1 80");
    CHECK_STR(address_of("01002F746D702F78000000000000"), "");
    CHECK_STR(address_of("0A00005000000000"), "");
    CHECK_STR(address_of("0200"), "");
    CHECK_STR(address_of("020001BBC63364zz"), "");
}
