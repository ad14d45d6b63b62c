/* shell.c - whether a value holds a command for the system's shell: it is read as a shell does,
 * behind each sign that ends or joins commands, and as a whole. */
#include "web/payload.h"

/* Programs of Unix and Windows that attackers call first. Those that are ordinary words count only
 * behind a sign of the shell, or with an option or path. */
static const struct str programs[] = {STR_INIT("id"),         STR_INIT("ls"),
                                      STR_INIT("cat"),        STR_INIT("whoami"),
                                      STR_INIT("uname"),      STR_INIT("wget"),
                                      STR_INIT("curl"),       STR_INIT("ping"),
                                      STR_INIT("sleep"),      STR_INIT("nc"),
                                      STR_INIT("ncat"),       STR_INIT("netcat"),
                                      STR_INIT("bash"),       STR_INIT("sh"),
                                      STR_INIT("zsh"),        STR_INIT("dash"),
                                      STR_INIT("ksh"),        STR_INIT("python"),
                                      STR_INIT("python2"),    STR_INIT("python3"),
                                      STR_INIT("perl"),       STR_INIT("ruby"),
                                      STR_INIT("php"),        STR_INIT("node"),
                                      STR_INIT("netstat"),    STR_INIT("ifconfig"),
                                      STR_INIT("ipconfig"),   STR_INIT("nslookup"),
                                      STR_INIT("dig"),        STR_INIT("ps"),
                                      STR_INIT("pwd"),        STR_INIT("echo"),
                                      STR_INIT("printf"),     STR_INIT("env"),
                                      STR_INIT("set"),        STR_INIT("export"),
                                      STR_INIT("rm"),         STR_INIT("cp"),
                                      STR_INIT("mv"),         STR_INIT("chmod"),
                                      STR_INIT("chown"),      STR_INIT("mkdir"),
                                      STR_INIT("touch"),      STR_INIT("tar"),
                                      STR_INIT("gzip"),       STR_INIT("base64"),
                                      STR_INIT("xxd"),        STR_INIT("grep"),
                                      STR_INIT("find"),       STR_INIT("head"),
                                      STR_INIT("tail"),       STR_INIT("more"),
                                      STR_INIT("less"),       STR_INIT("awk"),
                                      STR_INIT("sed"),        STR_INIT("xargs"),
                                      STR_INIT("telnet"),     STR_INIT("ssh"),
                                      STR_INIT("scp"),        STR_INIT("ftp"),
                                      STR_INIT("tftp"),       STR_INIT("socat"),
                                      STR_INIT("nohup"),      STR_INIT("crontab"),
                                      STR_INIT("kill"),       STR_INIT("killall"),
                                      STR_INIT("reboot"),     STR_INIT("shutdown"),
                                      STR_INIT("busybox"),    STR_INIT("lynx"),
                                      STR_INIT("gcc"),        STR_INIT("sudo"),
                                      STR_INIT("su"),         STR_INIT("hostname"),
                                      STR_INIT("last"),       STR_INIT("who"),
                                      STR_INIT("w"),          STR_INIT("dir"),
                                      STR_INIT("type"),       STR_INIT("copy"),
                                      STR_INIT("del"),        STR_INIT("net"),
                                      STR_INIT("cmd"),        STR_INIT("cmd.exe"),
                                      STR_INIT("powershell"), STR_INIT("powershell.exe"),
                                      STR_INIT("pwsh"),       STR_INIT("certutil"),
                                      STR_INIT("bitsadmin"),  STR_INIT("mshta"),
                                      STR_INIT("rundll32"),   STR_INIT("regsvr32"),
                                      STR_INIT("wmic"),       STR_INIT("tasklist"),
                                      STR_INIT("systeminfo"), STR_INIT("reg"),
                                      STR_INIT("ver"),        STR_INIT("ping.exe"),
                                      STR_INIT("true"),       STR_INIT("false"),
                                      STR_INIT("arp"),        STR_INIT("route"),
                                      STR_INIT("exit"),       STR_INIT("dd"),
                                      STR_INIT("mail"),       STR_INIT("uptime"),
                                      STR_INIT("df"),         STR_INIT("stat"),
                                      STR_INIT("ln"),         STR_INIT("expr"),
                                      STR_INIT("timeout"),    STR_INIT("start")};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '+'; /* decoded once */
}

static bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '.' || c == '_' || c == '-';
}

/* What shells do not see: "w'h'o\ami", "$ifs", "${ifs}", "$@". Appended to `out`. */
static size_t plain_word(struct str text, size_t i, char *out, size_t max, size_t *behind)
{
    size_t len = 0;

    while (i < text.len && len < max) {
        char c = text.at[i], next = char_at(text, i + 1);
        if (c == '$' && next == '@') {
            i += 2;
        } else if (len > 0 && (((c == '\'' || c == '"') && (is_of_word(next) || next == c)) ||
                               (c == '\\' && is_of_word(next)))) {
            i++;
        } else if (is_of_word(c) || c == '/') {
            out[len++] = c;
            i++;
        } else {
            break;
        }
    }
    *behind = i;
    return len;
}

static bool is_program(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(programs); i++)
        if (programs[i].at[0] == name.at[0] && str_eq(programs[i], name))
            return true;
    return false;
}

/* "/usr/bin/id", "usr/bin/id" */
static bool is_program_path(struct str word)
{
    static const struct str folders[] = {STR_INIT("bin/"), STR_INIT("usr/bin/"),
                                         STR_INIT("usr/local/bin/"), STR_INIT("sbin/"),
                                         STR_INIT("usr/sbin/")};
    struct str path = str_starts_with(word, STR("/")) ? str_slice(word, 1, word.len) : word;

    for (size_t i = 0; i < ARRAY_COUNT(folders); i++)
        if (str_starts_with(path, folders[i]) && path.len > folders[i].len)
            return true;
    return false;
}

static size_t behind_blanks(struct str text, size_t i)
{
    while (i < text.len) {
        struct str rest = str_slice(text, i, text.len);
        if (is_blank(text.at[i]))
            i++;
        else if (str_starts_with(rest, STR("${ifs}")))
            i += 6;
        else if (str_starts_with(rest, STR("$ifs")))
            i += str_starts_with(rest, STR("$ifs$9")) ? 6 : 4;
        else
            break;
    }
    return i;
}

static bool is_option_or_path(struct str text, size_t i)
{
    char c = char_at(text, i), next = char_at(text, i + 1);

    return (c == '-' && next >= 'a' && next <= 'z') || (c == '-' && ascii_is_digit(next)) ||
           (c == '/' && next >= 'a' && next <= 'z') || (next == ':' && c >= 'a' && c <= 'z') ||
           (c == '.' && next == '/') || c == '$' || c == '>';
}

static bool ends_command(char c)
{
    return c == '\0' || c == ';' || c == '|' || c == '&' || c == '`' || c == ')' || c == '\n' ||
           c == '>' || c == '<' || c == '#' || c == '"' || c == '\'' || c == '%';
}

/* The command that begins at `i`. `sign`: what stands before it is a sign of the shell. */
static void read_command(struct str text, struct attack *attack, size_t i, bool sign)
{
    char buffer[64];
    size_t behind, begin = behind_blanks(text, i);

    if (sign && (char_at(text, begin) == '\'' || char_at(text, begin) == '"' ||
                 char_at(text, begin) == '('))
        begin++;
    struct str word = {buffer, plain_word(text, begin, buffer, sizeof(buffer), &behind)};
    if (word.len == 0)
        return;
    size_t next = behind_blanks(text, behind);
    bool over = ends_command(char_at(text, behind)) || ends_command(char_at(text, next));
    bool argued = next > behind && is_option_or_path(text, next);
    if (is_program_path(word)) {
        attack_add(attack, 6, "a program by its path");
        return;
    }
    size_t slash = word.len;
    for (size_t k = 0; k < word.len; k++)
        slash = word.at[k] == '/' ? k : slash;
    if (slash < word.len || !is_program(word))
        return;
    if (sign)
        attack_add(attack, over || argued || next > behind ? 6 : 2,
                   "a command behind a sign of the shell");
    else if (argued)
        attack_add(attack, 5, "a command with its arguments");
    else if (next + 1 == text.len && (text.at[next] == ';' || text.at[next] == '|'))
        attack_add(attack, 5, "a command, and a sign of the shell");
    else if (next > behind && ascii_is_digit(char_at(text, next)) &&
             is_blank(char_at(text, text.len - 1)) && text.len < 40)
        attack_add(attack, 2, "a command with its arguments");
}

static void read_signs(struct str text, struct attack *attack)
{
    uint32_t ticks = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], next = char_at(text, i + 1);
        if (c == ';' || c == '|' || c == '&' || c == '\n' || c == '\r') {
            size_t from = i;
            while (i + 1 < text.len &&
                   (text.at[i + 1] == c || text.at[i + 1] == '|' || is_blank(text.at[i + 1])))
                i++;
            read_command(text, attack, i + 1, from == i || c != '\r');
        } else if (c == '$' && next == '(') {
            read_command(text, attack, i + 2, true);
            attack_add(attack, 2, "a command in a command");
        } else if (c == '`') {
            ticks++;
            if (ticks % 2 == 1)
                read_command(text, attack, i + 1, true);
        } else if ((c == '<' || c == '>') && next == '(') {
            read_command(text, attack, i + 2, true);
        }
    }
}

void judge_command(struct str value, struct attack *attack)
{
    read_signs(value, attack);
    read_command(value, attack, 0, false);
    if (str_contains(value, STR("() {")) && str_contains(value, STR(":;")))
        attack_add(attack, 8, "a function in a variable (CVE-2014-6271)");
}
