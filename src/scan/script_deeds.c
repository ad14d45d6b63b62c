/* script_deeds.c - what calls do with where their arguments come from, in points. */
#include "scan/script_flow_priv.h"

void deed_add(struct flow *flow, enum script_deed deed, uint32_t points, uint32_t origins,
              struct str name, uint32_t line)
{
    struct script_sign *sign = &flow->signs->at[deed];

    if (flow->last_pass && points > sign->points)
        *sign = (struct script_sign){points, line, origins, name};
}

static bool has_any(struct str text, const struct str *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_contains(text, parts[i]))
            return true;
    return false;
}

/* The same for the beginning of a text in any case; parts are in small letters. */
static bool has_any_nocase(struct str text, const struct str *parts, size_t count)
{
    char small[KNOWN_BYTES_MAX];
    size_t len = text.len < sizeof(small) ? text.len : sizeof(small);

    for (size_t i = 0; i < len; i++)
        small[i] = ascii_lower(text.at[i]);
    return has_any((struct str){small, len}, parts, count);
}

static uint32_t points_of_code(const struct flow *flow, uint32_t origins)
{
    bool template = origins & ORIGIN_TEXT && !flow->small;

    if (origins & (ORIGIN_INPUT | ORIGIN_UPLOAD))
        return 10;
    if (origins & ORIGIN_REMOTE)
        return template ? 4 : 9;
    if (origins & ORIGIN_DECODED && origins & ORIGIN_ENCODED)
        return 9;
    if (origins & ORIGIN_FAR)
        return template ? 4 : 8;
    if (origins & ORIGIN_DECODED)
        return origins & ORIGIN_PARAMETER ? 3 : 7;
    if (origins & ORIGIN_ASSEMBLED)
        return origins & ORIGIN_PARAMETER || template ? 2 : 6;
    if (origins & ORIGIN_UNDEFINED)
        return flow->small && flow->signs->includes == 0 ? 6 : 1;
    if (origins & ORIGIN_STORED)
        return flow->small && flow->signs->includes == 0 && !template ? 5 : 3;
    return 1;
}

static uint32_t points_of_command(const struct flow *flow, uint32_t origins)
{
    if (origins & ORIGIN_ESCAPED) /* by itself it is still a command of the client's */
        return !(origins & ORIGIN_INPUT) ? 1 : origins & ORIGIN_TEXT ? 2 : flow->small ? 6 : 3;
    if (origins & (ORIGIN_INPUT | ORIGIN_UPLOAD))
        return 9;
    if (origins & ORIGIN_REMOTE)
        return 8;
    if (origins & ORIGIN_FAR)
        return flow->small ? 8 : 4;
    if (origins & (ORIGIN_DECODED | ORIGIN_ENCODED))
        return 6;
    if (origins & ORIGIN_ASSEMBLED)
        return origins & ORIGIN_TEXT && !flow->small ? 2 : 5;
    if (origins & ORIGIN_UNDEFINED)
        return flow->small && flow->signs->includes == 0 ? 6 : 1;
    return origins & ORIGIN_STORED ? 2 : 0;
}

/* ".php", ".jsp" and so on end it. */
static bool names_script(struct str file)
{
    static const struct str endings[] = {
        STR_INIT(".php"),  STR_INIT(".php5"), STR_INIT(".phtml"), STR_INIT(".asp"),
        STR_INIT(".aspx"), STR_INIT(".ashx"), STR_INIT(".jsp"),   STR_INIT(".jspx"),
        STR_INIT(".asa"),  STR_INIT(".cer"),
    };
    struct str end = str_slice(file, file.len > 6 ? file.len - 6 : 0, file.len);

    for (size_t i = 0; i < ARRAY_COUNT(endings); i++) {
        size_t len = endings[i].len;
        if (end.len >= len && str_eq_nocase(str_slice(end, end.len - len, end.len), endings[i]))
            return true;
    }
    return false;
}

static bool has_ending(struct str file)
{
    size_t at = file.len;

    while (at > 0 && is_name_char(file.at[at - 1]))
        at--;
    return at > 0 && file.at[at - 1] == '.' && file.len - at >= 1 && file.len - at <= 5;
}

static uint32_t points_of_writing(const struct flow *flow, struct script_value name,
                                  uint32_t content)
{
    bool script = names_script(name.tail);
    bool other = !script && has_ending(name.tail);
    bool client_names = name.origins & (ORIGIN_INPUT | ORIGIN_FAR);
    bool near = flow->small || (content & name.origins & ORIGIN_INPUT);

    if (other) /* what it is called at the end is fixed: no script */
        return content & (ORIGIN_INPUT | ORIGIN_UPLOAD) ? 1 : 0;
    if (content & (ORIGIN_INPUT | ORIGIN_UPLOAD))
        return client_names ? (flow->small                             ? 8
                               : near && !(name.origins & ORIGIN_TEXT) ? 6
                                                                       : 4)
               : script     ? (flow->small ? 7 : 4)
                            : 1;
    if (content & ORIGIN_FAR)
        return client_names ? (flow->small ? 7 : 3) : script ? 4 : 1;
    if (content & ORIGIN_REMOTE)
        return script || client_names ? (flow->small ? 7 : 4) : 1;
    if (content & (ORIGIN_DECODED | ORIGIN_ENCODED))
        return script ? 6 : client_names && content & ORIGIN_DECODED ? 5 : 1;
    return 0;
}

static bool is_picture(struct str file)
{
    static const struct str endings[] = {STR_INIT(".jpg"), STR_INIT(".jpeg"), STR_INIT(".png"),
                                         STR_INIT(".gif"), STR_INIT(".ico"),  STR_INIT(".bmp")};

    for (size_t i = 0; i < ARRAY_COUNT(endings); i++)
        if (str_ends_with(file, endings[i]))
            return true;
    return false;
}

void deed_include(struct flow *flow, struct str name, struct script_value file, uint32_t line)
{
    uint32_t origins = file.origins, points = 0;
    bool whole = !(origins & (ORIGIN_TEXT | ORIGIN_PARAMETER));

    if (!(origins & (ORIGINS_CLIENT | ORIGIN_REMOTE | ORIGINS_HIDDEN | ORIGIN_UNDEFINED)) &&
        flow->last_pass)
        flow->signs->includes++;
    if (str_starts_with(file.head, STR("http:")) || str_starts_with(file.head, STR("https:")) ||
        str_starts_with(file.head, STR("data:")) || str_starts_with(file.head, STR("php://input")))
        points = origins & ORIGIN_PARAMETER ? 4 : 8;
    else if (is_picture(file.tail))
        points = 5;
    else if (origins & ORIGIN_UPLOAD)
        points = 9;
    else if (origins & ORIGIN_INPUT)
        points = whole ? (flow->small ? 8 : 4) : 2;
    else if (origins & ORIGIN_REMOTE)
        points = whole ? 6 : 2;
    else if (origins & (ORIGIN_DECODED | ORIGIN_ENCODED))
        points = whole || file.known ? 6 : 2;
    else if (origins & ORIGIN_ASSEMBLED)
        points = origins & (ORIGIN_TEXT | ORIGIN_PARAMETER) ? 1 : 6;
    else if (origins & ORIGIN_UNDEFINED)
        points = flow->small && whole && flow->signs->calls < 4 ? 4 : 1;
    deed_add(flow, DEED_INCLUDES, points, origins, name, line);
}

/* What the function that a text names does with arguments of these origins. */
static void deed_of_named(struct flow *flow, struct str name, uint32_t origins, bool hidden,
                          uint32_t line)
{
    const struct script_call *call =
        script_call(script_call_find(flow->calls, flow->language, str_trim(name)));
    uint32_t more = hidden ? 2 : 0;

    if (call->role == ROLE_CODE) {
        uint32_t points = points_of_code(flow, origins);
        deed_add(flow, DEED_EVALUATES, points > 2 ? points : points + 2 + more, origins, call->name,
                 line);
    } else if (call->role == ROLE_COMMAND) {
        deed_add(flow, DEED_COMMANDS, points_of_command(flow, origins) + more, origins, call->name,
                 line);
    } else if (call->role == ROLE_WRITE || call->role == ROLE_PUT) {
        deed_add(flow, DEED_WRITES, (origins & ORIGINS_CLIENT ? 3u : 0u) + more * 2, origins,
                 call->name, line);
    }
}

static struct script_value result_of_named(struct flow *flow, struct str name, uint32_t origins)
{
    enum script_role role = script_call(script_call_find(flow->calls, flow->language, name))->role;

    if (role == ROLE_CLEAN)
        return value_of(0);
    return value_of((origins & ~(uint32_t)ORIGIN_TEXT) |
                    (role == ROLE_DECODE ? ORIGIN_DECODED : 0) |
                    (role == ROLE_ASSEMBLE ? ORIGIN_ASSEMBLED : 0));
}

struct script_value deed_dynamic_call(struct flow *flow, struct script_value callee,
                                      const struct script_arguments *arguments, uint32_t line)
{
    uint32_t origins = callee.origins, all = arguments->all, points = 0;

    if (callee.known) {
        bool hidden = origins & ORIGINS_HIDDEN;
        deed_of_named(flow, callee.text, all, hidden, line);
        struct script_value result = result_of_named(flow, callee.text, all);
        result.origins |= origins & ORIGINS_HIDDEN;
        value_fold_call(flow, callee.text, arguments, &result);
        return result;
    }
    if (origins & ORIGIN_INPUT)
        points = all & ORIGIN_INPUT || flow->small ? 9 : 6;
    else if (origins & (ORIGIN_UPLOAD | ORIGIN_REMOTE))
        points = 7;
    else if (origins & (ORIGIN_DECODED | ORIGIN_ASSEMBLED))
        points = origins & ORIGIN_PARAMETER                ? 1
                 : all & ORIGINS_CLIENT                    ? (flow->small ? 8 : 6)
                 : all & (ORIGIN_ENCODED | ORIGIN_DECODED) ? 6
                 : all & ORIGIN_ASSEMBLED || flow->small   ? 4
                                                           : 2;
    else if (origins & ORIGIN_FAR)
        points = all & ORIGIN_INPUT && flow->small ? 6 : 3;
    else if (all & (ORIGIN_INPUT | ORIGIN_UPLOAD))
        points = flow->small && flow->signs->includes == 0 ? 6 : 1;
    else if (all & ORIGIN_ENCODED)
        points = flow->small ? 5 : 2;
    if (points > 0)
        deed_add(flow, DEED_CALLS, points, origins | (all & ORIGINS_CLIENT), STR_EMPTY, line);
    return value_of((all | (origins & ORIGINS_HIDDEN)) & ~(uint32_t)ORIGIN_TEXT);
}

static void deed_callback(struct flow *flow, const struct deed_call *call)
{
    const struct script_arguments *arguments = call->arguments;
    uint32_t at = call->call->argument, origins = 0, all = 0;
    struct str name = call->name;

    if (at == LAST_ARGUMENT && arguments->count > 0)
        at = arguments->count <= ARGUMENTS_MAX ? arguments->count - 1 : ARGUMENTS_MAX - 1;
    if (at >= arguments->count || at >= ARGUMENTS_MAX)
        return;
    struct script_value callee = arguments->at[at];
    for (uint32_t i = 0; i < arguments->count && i < ARGUMENTS_MAX; i++)
        all |= i == at ? 0 : arguments->at[i].origins;
    origins = callee.origins;
    struct script_function *invoked = callee.known && !str_starts_with(callee.text, STR("{"))
                                          ? flow_function(flow, callee.text, false)
                                          : flow_function(flow, STR("__invoke"), false);
    if (invoked && arguments->count > at + 1) {
        struct script_arguments handed = {.count = 1, .all = all};
        handed.at[0] = value_of(all);
        flow_call_own(flow, invoked, &handed);
    }
    if (callee.known) {
        const struct script_call *named =
            script_call(script_call_find(flow->calls, flow->language, callee.text));
        bool lives = all & (ORIGINS_CLIENT | ORIGINS_HIDDEN | ORIGIN_UNDEFINED | ORIGIN_REMOTE);
        if (named->role == ROLE_CODE || named->role == ROLE_COMMAND)
            deed_add(flow, DEED_CALLS,
                     all & ORIGINS_CLIENT ? 9
                     : lives              ? 6
                                          : 5,
                     all, name, call->line);
        return;
    }
    uint32_t points = 0;
    if (origins & (ORIGIN_INPUT | ORIGIN_UPLOAD | ORIGIN_REMOTE))
        points = origins & ORIGIN_TEXT ? 3 : all & ORIGIN_INPUT || flow->small ? 9 : 4;
    else if (origins & (ORIGIN_DECODED | ORIGIN_ASSEMBLED) && !(origins & ORIGIN_PARAMETER))
        points = all & ORIGINS_CLIENT ? 8 : flow->small ? 6 : 3;
    else if (origins & ORIGIN_FAR)
        points = all & ORIGIN_INPUT ? 4 : 1;
    else if (origins & ORIGIN_UNDEFINED && all & ORIGIN_INPUT)
        points = flow->small ? 5 : 1;
    deed_add(flow, DEED_CALLS, points, origins | (all & ORIGINS_CLIENT), name, call->line);
}

static struct script_value argument(const struct script_arguments *arguments, uint32_t at)
{
    return at < arguments->count && at < ARGUMENTS_MAX ? arguments->at[at] : value_of(0);
}

/* preg_replace and mb_ereg_replace evaluate where the pattern, or an option, has an e. */
static void deed_replace(struct flow *flow, const struct deed_call *call)
{
    struct script_value pattern = argument(call->arguments, 0),
                        option = argument(call->arguments, 3);
    uint32_t all = call->arguments->all;
    bool evaluates = false;

    if (str_eq_nocase(call->name, STR("preg_replace")) ||
        str_eq_nocase(call->name, STR("preg_filter"))) {
        if (pattern.known && pattern.text.len > 2) {
            size_t end = pattern.text.len;
            while (end > 0 && is_name_char(pattern.text.at[end - 1]))
                end--;
            struct str flags = str_slice(pattern.text, end, pattern.text.len);
            evaluates = flags.len < 8 && end > 1 && str_find_byte(flags, 'e') < flags.len;
        } else if (pattern.origins & ORIGIN_INPUT &&
                   argument(call->arguments, 1).origins & ORIGIN_INPUT) {
            evaluates = flow->small;
        } else if (pattern.origins & argument(call->arguments, 1).origins & ORIGIN_STORED) {
            evaluates = flow->small && flow->signs->calls < 4;
            all |= evaluates ? (uint32_t)ORIGIN_DECODED : 0;
        }
    } else if (str_eq_nocase(call->name, STR("mb_ereg_replace")) ||
               str_eq_nocase(call->name, STR("mb_eregi_replace"))) {
        evaluates = (option.known && str_find_byte(option.text, 'e') < option.text.len) ||
                    option.origins & ORIGIN_INPUT;
    }
    if (str_eq_nocase(call->name, STR("putenv")) &&
        str_starts_with(pattern.head, STR("LD_PRELOAD=")))
        deed_add(flow, DEED_COMMANDS, 7, all, call->name, call->line);
    if (all & ORIGINS_CLIENT && str_contains(pattern.head, STR("xp_cmdshell")))
        deed_add(flow, DEED_COMMANDS, 8, all, call->name, call->line);
    if (evaluates)
        deed_add(flow, DEED_EVALUATES,
                 all & ORIGINS_CLIENT                    ? 9
                 : all & ORIGINS_HIDDEN                  ? 7
                 : pattern.text.len < 6 && pattern.known ? 4
                                                         : 2,
                 all, call->name, call->line);
}

static bool names_shell(struct str name)
{
    static const struct str parts[] = {
        STR_INIT("shell"),       STR_INIT("scriptcontrol"), STR_INIT("72c24dd5"),
        STR_INIT("13709620"),    STR_INIT("f935dc22"),      STR_INIT("wscript"),
        STR_INIT("int system("),
    };

    return has_any_nocase(str_slice(name, 0, 80), parts, ARRAY_COUNT(parts));
}

static bool looks_up_runner(struct str name)
{
    static const struct str parts[] = {STR_INIT("Runtime"),      STR_INIT("ProcessBuilder"),
                                       STR_INIT("ProcessImpl"),  STR_INIT("UNIXProcess"),
                                       STR_INIT("ScriptEngine"), STR_INIT("Unsafe"),
                                       STR_INIT("defineClass")};

    /* "Load" is of an assembly */
    return str_eq(name, STR("Load")) || has_any(name, parts, ARRAY_COUNT(parts));
}

static void deed_runner(struct flow *flow, const struct deed_call *call)
{
    uint32_t all = call->arguments->all, base = call->base.origins;
    bool shell = base & ORIGIN_SHELL;

    if (!shell && !(base & ORIGIN_UNDEFINED && all & ORIGIN_INPUT))
        return;
    uint32_t points = points_of_command(flow, all);
    if (base & ORIGINS_HIDDEN && points < 6)
        points = 6;
    deed_add(flow, DEED_COMMANDS, points, all, call->name, call->line);
}

static uint32_t points_of_definition(const struct flow *flow, uint32_t origins)
{
    if (flow->language == SCRIPT_JAVA)
        return origins & (ORIGINS_CLIENT | ORIGIN_REMOTE | ORIGINS_HIDDEN) ? 10 : 8;
    return origins & (ORIGINS_CLIENT | ORIGIN_REMOTE) ? 10 : origins & ORIGIN_DECODED ? 8 : 3;
}

static void deed_invoke(struct flow *flow, const struct deed_call *call)
{
    uint32_t all = call->arguments->all, base = call->base.origins, points = 0;

    if (!call->is_member && flow->language != SCRIPT_VBSCRIPT)
        return;
    if (base & ORIGIN_SHELL)
        points = all & ORIGINS_CLIENT ? 9 : base & ORIGINS_HIDDEN ? 6 : 4;
    else if (base & (ORIGIN_INPUT | ORIGIN_UPLOAD | ORIGIN_REMOTE))
        points = 7;
    else if (base & ORIGINS_HIDDEN)
        points = all & ORIGINS_CLIENT ? 8 : 5;
    else if (flow->language == SCRIPT_JAVA && all & ORIGIN_INPUT)
        points = flow->small ? 5 : 3;
    deed_add(flow, DEED_INVOKES, points, base | all, call->name, call->line);
}

/* Functions of the language are no members, with some exceptions. */
static bool role_counts(const struct flow *flow, const struct deed_call *call)
{
    enum script_role role = call->call->role;

    if (!call->is_member)
        return role != ROLE_RUNNER;
    if (flow->language == SCRIPT_PHP && role == ROLE_COMMAND)
        return call->base.origins & ORIGIN_SHELL;
    if (flow->language == SCRIPT_PHP)
        return role == ROLE_RUNNER || role == ROLE_INVOKE ||
               str_eq(call->call->name, STR("cdef")) ||
               (role == ROLE_CALLBACK && str_starts_with(call->call->name, STR("create")));
    if (flow->language == SCRIPT_VBSCRIPT && role == ROLE_CODE)
        return call->base.origins & ORIGIN_SHELL;
    return true;
}

static struct script_value stored_value(const struct deed_call *call)
{
    struct str head = argument(call->arguments, 0).head;
    uint32_t all = call->arguments->all;

    if (str_starts_with(head, STR("php://input")) || str_starts_with(head, STR("HTTP_")))
        return value_of(ORIGIN_INPUT);
    if (str_starts_with(head, STR("http:")) || str_starts_with(head, STR("https:")))
        return value_of(ORIGIN_REMOTE);
    return value_of(ORIGIN_STORED | (all & (ORIGIN_UPLOAD | ORIGIN_REMOTE)) |
                    (all & ORIGINS_CLIENT ? ORIGIN_REMOTE : 0));
}

/* What comes from elsewhere; false: the role is another. */
static bool take_source(struct flow *flow, const struct deed_call *call, enum script_role role,
                        struct script_value *result)
{
    if (role == ROLE_CLEAN)
        *result = value_of(0);
    else if (role == ROLE_INPUT)
        *result = value_of(ORIGIN_INPUT);
    else if (role == ROLE_UPLOAD)
        *result = value_of(ORIGIN_UPLOAD);
    else if (role == ROLE_REMOTE)
        *result = value_of(ORIGIN_REMOTE);
    else if (role == ROLE_STORED)
        *result = stored_value(call);
    else
        return false;
    flow->signs->inputs += role == ROLE_INPUT && flow->last_pass;
    return true;
}

/* Code, as a text, that would itself run what comes in. */
static bool is_shell_text(struct str code)
{
    static const struct str parts[] = {
        STR_INIT("eval"),  STR_INIT("execute"), STR_INIT("$_post"),  STR_INIT("$_get"),
        STR_INIT("$_req"), STR_INIT("request"), STR_INIT("system("), STR_INIT("base64_decode"),
    };

    return has_any_nocase(code, parts, ARRAY_COUNT(parts));
}

static void deed_code(struct flow *flow, const struct deed_call *call, struct script_value code)
{
    uint32_t origins = code.origins;

    if (code.known && is_shell_text(code.text))
        deed_add(flow, DEED_EVALUATES, 7, origins | ORIGIN_ASSEMBLED, call->name, call->line);
    if (str_eq(call->call->name, STR("assert"))) /* a condition, in most scripts */
        origins &= ORIGIN_INPUT | ORIGIN_UPLOAD | ORIGIN_DECODED;
    deed_add(flow, DEED_EVALUATES, points_of_code(flow, origins), origins, call->name, call->line);
}

/* A shell that talks to another host. */
static bool opens_shell(struct str command)
{
    static const struct str parts[] = {STR_INIT("/dev/tcp/"), STR_INIT("sh -i"), STR_INIT("nc -e "),
                                       STR_INIT("mkfifo ")};

    return has_any(command, parts, ARRAY_COUNT(parts));
}

/* A shell alone, which waits for commands. */
static bool is_shell(struct str command)
{
    static const struct str names[] = {
        STR_INIT("/bin/sh"), STR_INIT("/bin/bash"), STR_INIT("cmd"),           STR_INIT("cmd.exe"),
        STR_INIT("bash"),    STR_INIT("sh"),        STR_INIT("powershell.exe")};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (str_eq_nocase(str_trim(command), names[i]))
            return true;
    return false;
}

static void deed_command(struct flow *flow, const struct deed_call *call,
                         struct script_value command)
{
    uint32_t origins = command.origins;

    if (opens_shell(command.head) || opens_shell(command.tail))
        deed_add(flow, DEED_COMMANDS, 8, origins, call->name, call->line);
    else if (command.known && is_shell(command.text))
        deed_add(flow, DEED_COMMANDS, 6, origins, call->name, call->line);
    deed_add(flow, DEED_COMMANDS, points_of_command(flow, origins), origins, call->name,
             call->line);
}

static void deed_write(struct flow *flow, const struct deed_call *call, struct script_value file,
                       struct script_value content)
{
    uint32_t points = points_of_writing(flow, file, content.origins);

    if (names_script(file.tail) && str_contains(content.head, STR("<")) &&
        is_shell_text(content.head))
        points = points < 7 && flow->small ? 7 : points;
    deed_add(flow, DEED_WRITES, points, file.origins | content.origins, call->name, call->line);
}

static void deed_move(struct flow *flow, const struct deed_call *call)
{
    uint32_t all = call->arguments->all | call->base.origins;
    /* it does nothing else */
    bool alone = flow->small && flow->signs->includes == 0 && flow->signs->functions == 0;

    if (call->arguments->all & ORIGIN_UPLOAD || call->base.origins & ORIGINS_CLIENT)
        deed_add(flow, DEED_STORES_UPLOAD,
                 alone || (flow->small && names_script(argument(call->arguments, 0).tail)) ? 5 : 2,
                 all, call->name, call->line);
    else if (call->arguments->all & ORIGIN_INPUT && call->is_member)
        deed_add(flow, DEED_WRITES, flow->small ? 5 : 3, all, call->name, call->line);
    else if (argument(call->arguments, 0).origins & argument(call->arguments, 1).origins &
             ORIGIN_INPUT)
        deed_add(flow, DEED_WRITES, flow->small ? 6 : 2, all, call->name, call->line);
}

static struct script_value look_up(struct flow *flow, const struct deed_call *call,
                                   struct script_value name)
{
    uint32_t all = call->arguments->all, origins = (all & ~(uint32_t)ORIGIN_SHELL);

    if ((name.known && looks_up_runner(name.text)) || all & ORIGINS_HIDDEN)
        origins |= ORIGIN_SHELL;
    if (flow->language == SCRIPT_PHP && name.known)
        deed_of_named(flow, name.text, ORIGIN_UNDEFINED, true, call->line);
    return value_of(origins | call->base.origins);
}

static struct script_value make_object(struct flow *flow, const struct deed_call *call,
                                       struct script_value name)
{
    uint32_t all = call->arguments->all, origins = (all & ~(uint32_t)ORIGIN_SHELL);
    bool hidden = !name.known && all & (ORIGINS_HIDDEN | ORIGIN_INPUT);

    if (flow->language == SCRIPT_JAVA && all & ORIGIN_INPUT && !has_ending(name.tail))
        deed_add(flow, DEED_WRITES, flow->small ? 5 : 2, all, call->name, call->line);
    if ((name.known && names_shell(name.text)) || (hidden && flow->language != SCRIPT_JAVA))
        origins |= ORIGIN_SHELL;
    return value_of(origins);
}

/* Roles that take signs; the value of most of them says nothing. */
static struct script_value take_deed(struct flow *flow, const struct deed_call *call,
                                     enum script_role role, struct script_value important)
{
    uint32_t all = call->arguments->all;

    switch (role) {
    case ROLE_CODE:
        deed_code(flow, call, important);
        return value_of(all);
    case ROLE_COMMAND:
        deed_command(flow, call, important);
        break;
    case ROLE_PROCESS:
        if (all & ~(uint32_t)(ORIGIN_TEXT | ORIGIN_ESCAPED))
            deed_command(flow, call, value_of(all));
        return value_of(ORIGIN_SHELL);
    case ROLE_CONNECT:
        if (important.origins & ORIGIN_INPUT)
            deed_add(flow, DEED_CONNECTS, flow->small ? 6 : 3, important.origins, call->name,
                     call->line);
        return value_of(ORIGIN_REMOTE);
    case ROLE_INCLUDE:
        deed_include(flow, call->name, important, call->line);
        break;
    case ROLE_WRITE:
        deed_write(flow, call, argument(call->arguments, 0), important);
        break;
    case ROLE_PUT:
        deed_write(flow, call, call->is_member ? call->base : argument(call->arguments, 0),
                   important);
        if (flow->language == SCRIPT_JAVA && call->base.origins & ORIGIN_UPLOAD)
            deed_move(flow, call);
        break;
    case ROLE_MOVE:
        deed_move(flow, call);
        break;
    case ROLE_DEFINE:
        deed_add(flow, DEED_DEFINES, points_of_definition(flow, all), all, call->name, call->line);
        return value_of((all & (ORIGINS_CLIENT | ORIGINS_HIDDEN)) | ORIGIN_SHELL);
    case ROLE_LOOKUP:
        return look_up(flow, call, important);
    case ROLE_INVOKE:
        deed_invoke(flow, call);
        return value_of((all & ~(uint32_t)ORIGIN_SHELL) |
                        (call->base.origins & (ORIGIN_SHELL | ORIGINS_HIDDEN)));
    case ROLE_OBJECT:
        return make_object(flow, call, important);
    case ROLE_RUNNER:
        deed_runner(flow, call);
        break;
    case ROLE_EXTRACT:
        flow->extracts |= all & ORIGINS_CLIENT && call->arguments->count == 1;
        break;
    case ROLE_ESCAPE:
        return value_of(all | ORIGIN_ESCAPED);
    default:
        break;
    }
    return value_of(0);
}

static bool gives_on(enum script_role role)
{
    return role == ROLE_NONE || role == ROLE_WORD || role == ROLE_PATH || role == ROLE_DECODE ||
           role == ROLE_ASSEMBLE || role == ROLE_CALLBACK;
}

struct script_value deed_call(struct flow *flow, const struct deed_call *call)
{
    const struct script_arguments *arguments = call->arguments;
    enum script_role role = role_counts(flow, call) ? call->call->role : ROLE_NONE;
    struct script_value important = call->call->argument < ARGUMENTS_MAX
                                        ? argument(arguments, call->call->argument)
                                        : value_of(arguments->all);
    struct script_value result = value_of(arguments->all & ~(uint32_t)ORIGIN_SHELL);

    flow->signs->calls += flow->last_pass;
    if (take_source(flow, call, role, &result))
        return result;
    if (!gives_on(role))
        return take_deed(flow, call, role, important);
    if (role == ROLE_DECODE)
        result.origins = (result.origins & ~(uint32_t)ORIGIN_TEXT) | ORIGIN_DECODED;
    else if (role == ROLE_ASSEMBLE)
        result.origins = (result.origins & ~(uint32_t)ORIGIN_TEXT) | ORIGIN_ASSEMBLED;
    else if (role == ROLE_CALLBACK)
        deed_callback(flow, call);
    deed_replace(flow, call);
    if (flow->language != SCRIPT_PHP || str_eq_nocase(call->name, STR("fopen")))
        result.tail = argument(arguments, 0).tail;
    value_fold_call(flow, call->name, arguments, &result);
    return result;
}

void deed_set_member(struct flow *flow, struct script_value object, struct script_value value,
                     uint32_t line)
{
    if (object.origins & ORIGIN_SHELL)
        deed_add(flow, DEED_COMMANDS, points_of_command(flow, value.origins), value.origins,
                 STR_EMPTY, line);
}
