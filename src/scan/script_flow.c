/* script_flow.c - the walk through the tokens: statements, expressions, functions. */
#include "scan/script_flow_priv.h"

#define DEPTH_MAX 200u
#define PASSES_MAX 4u

struct operand {
    struct script_value value;
    uint32_t after;             /* token behind it */
    uint32_t variable;          /* that an assignment would set; NO_VARIABLE: none */
    uint32_t element;           /* of it, the one that is meant */
    struct script_value object; /* of which it is a member */
    uint32_t owner;             /* the variable that holds the object; NO_VARIABLE: none */
    struct str name;            /* of a function that stands without brackets */
    uint16_t call;
    bool is_member;
    bool is_list;      /* [$a, $b] or list($a, $b) */
    bool is_variables; /* $$name: which variable, nobody knows */
    uint32_t line;
};

static struct script_value evaluate(struct flow *flow, uint32_t from, uint32_t to, bool statement);
static void walk(struct flow *flow, uint32_t from, uint32_t to);

static bool is_sign(const struct flow *flow, uint32_t at, char sign)
{
    return at < flow->count && flow->tokens[at].kind == SCRIPT_SIGN &&
           flow->tokens[at].sign == (uint8_t)sign;
}

static bool is_word(const struct flow *flow, uint32_t at, struct str word)
{
    return at < flow->count && flow->tokens[at].kind == SCRIPT_NAME &&
           str_eq_nocase(flow->tokens[at].text, word);
}

static bool is_language_word(const struct flow *flow, uint32_t at)
{
    return script_call_role(flow->tokens[at].call) == ROLE_WORD;
}

/* Whether the bracket at `open` is closed before `end`. */
static bool is_closed(const struct flow *flow, uint32_t open, uint32_t end)
{
    uint32_t close = flow->tokens[open].pair; /* TOKEN_ALONE is behind every end */

    return close > open && close < end;
}

/* The token behind this one, or behind its closing bracket. */
static uint32_t next_token(const struct flow *flow, uint32_t at)
{
    const struct script_token *token = &flow->tokens[at];
    bool opens = token->kind == SCRIPT_SIGN && token->pair != TOKEN_ALONE && token->pair > at;

    return opens ? token->pair + 1 : at + 1;
}

/* The first of these signs outside of brackets. */
static uint32_t find_sign(const struct flow *flow, uint32_t from, uint32_t to, char a, char b)
{
    uint32_t at = from;

    while (at < to && !is_sign(flow, at, a) && !is_sign(flow, at, b))
        at = next_token(flow, at);
    return at < to ? at : to;
}

static void take_arguments(struct flow *flow, uint32_t from, uint32_t to,
                           struct script_arguments *arguments)
{
    *arguments = (struct script_arguments){.count = 0};
    while (from < to) {
        uint32_t end = find_sign(flow, from, to, ',', ',');
        struct script_value value = evaluate(flow, from, end, false);
        if (arguments->count < ARGUMENTS_MAX)
            arguments->at[arguments->count] = value;
        arguments->count++;
        arguments->all |= value.origins;
        from = end + 1;
    }
}

/* Arguments in the brackets at `open`; false: they are not closed. */
static bool take_bracket(struct flow *flow, uint32_t open, uint32_t end,
                         struct script_arguments *arguments)
{
    if (!is_closed(flow, open, end))
        return false;
    take_arguments(flow, open + 1, flow->tokens[open].pair, arguments);
    return true;
}

/* ---- functions of the script itself ---- */

/* What comes out where such arguments go in. */
struct script_value flow_call_own(struct flow *flow, struct script_function *function,
                                  const struct script_arguments *arguments)
{
    uint32_t given = arguments->all & ~(uint32_t)(ORIGIN_TEXT | ORIGIN_UNDEFINED);
    uint32_t result = function->result.origins;

    for (uint32_t i = 0; i < function->parameter_count && i < arguments->count; i++) {
        struct script_value value = arguments->at[i < ARGUMENTS_MAX ? i : ARGUMENTS_MAX - 1];
        if (value.origins & ORIGIN_INPUT)
            value.origins = (value.origins & ~(uint32_t)ORIGIN_INPUT) | ORIGIN_FAR;
        flow_assign(flow, function->parameters[i], value, false);
    }
    if (result & (ORIGIN_PARAMETER | ORIGIN_FAR))
        result = (result & ~(uint32_t)(ORIGIN_PARAMETER | ORIGIN_FAR)) | given;
    if (flow->last_pass)
        flow->signs->calls++;
    return value_of(result & ~(uint32_t)(ORIGIN_TEXT | ORIGIN_UNDEFINED));
}

static void take_parameters(struct flow *flow, struct script_function *function, uint32_t from,
                            uint32_t to)
{
    function->parameter_count = 0;
    while (from < to && function->parameter_count < PARAMETERS_MAX) {
        uint32_t end = find_sign(flow, from, to, ',', ','), name = NO_VARIABLE;
        for (uint32_t i = from; i < end && !is_sign(flow, i, SIGN_ASSIGN); i++)
            if (flow->tokens[i].kind == SCRIPT_VARIABLE ||
                (flow->language != SCRIPT_PHP && flow->tokens[i].kind == SCRIPT_NAME &&
                 !is_language_word(flow, i) && !is_word(flow, i - 1, STR("as"))))
                name = i;
        if (name != NO_VARIABLE) {
            uint32_t variable = flow_variable(flow, flow->tokens[name].text);
            flow->variables[variable].parameter = true;
            flow->variables[variable].assigned = true;
            function->parameters[function->parameter_count++] = variable;
        }
        from = end + 1;
    }
}

/* A function whose parameters stand in the brackets at `open` and whose body in [from, to). */
static void define_function(struct flow *flow, struct str name, uint32_t open, uint32_t from,
                            uint32_t to)
{
    uint32_t scope = flow->scope, function = flow->function;
    struct script_function *own = flow_function(flow, name, true);

    if (flow->last_pass)
        flow->signs->functions++;
    flow->function = (uint32_t)(own - flow->functions);
    flow->scope = own->scope;
    if (flow->tokens[open].pair != TOKEN_ALONE)
        take_parameters(flow, own, open + 1, flow->tokens[open].pair);
    for (uint32_t i = 0; flow->serves && i < own->parameter_count; i++)
        flow_assign(flow, own->parameters[i], value_of(ORIGIN_INPUT), false);
    flow->serves = false;
    walk(flow, from, to);
    flow->scope = scope;
    flow->function = function;
}

static void give_result(struct flow *flow, struct script_value value)
{
    if (flow->function == NO_VARIABLE)
        return;
    struct script_value *result = &flow->functions[flow->function].result;
    flow->changed |= (result->origins | value.origins) != result->origins;
    result->origins |= value.origins;
}

/* ---- operands ---- */

static struct script_value call_named(struct flow *flow, uint32_t name,
                                      const struct script_arguments *arguments,
                                      struct script_value base, bool is_member)
{
    const struct script_token *token = &flow->tokens[name];
    enum script_role role = script_call_role(token->call);

    if (role == ROLE_NONE || is_member) {
        struct script_function *own = flow_function(flow, token->text, false);
        if (own)
            return flow_call_own(flow, own, arguments);
    }
    if (flow->language == SCRIPT_PHP && !is_member && arguments->count >= 2 &&
        arguments->at[0].known && str_eq_nocase(token->text, STR("define")))
        flow_assign(flow, flow_member(flow, arguments->at[0].text), arguments->at[1], false);
    struct str called = token->text;
    uint16_t call = token->call;
    if (is_member && str_eq_nocase(called, STR("Load")) && flow->language != SCRIPT_PHP &&
        name >= 2 && is_word(flow, name - 2, STR("Assembly")))
        call = script_call_find(flow->calls, SCRIPT_CSHARP, STR("CompileAssemblyFromSource"));
    if (is_member && str_eq_nocase(called, STR("Start")) && base.origins & ORIGIN_SHELL)
        call = script_call_find(flow->calls, SCRIPT_CSHARP, STR("ProcessStartInfo"));
    if (is_member && flow->language == SCRIPT_JAVA && str_eq(called, STR("getInputStream")) &&
        name >= 2 && str_starts_with(flow->tokens[name - 2].text, STR("req")))
        call = script_call_find(flow->calls, SCRIPT_JAVA, STR("getReader"));
    const struct deed_call deed = {.name = called,
                                   .call = script_call(call),
                                   .arguments = arguments,
                                   .base = base,
                                   .is_member = is_member,
                                   .line = token->line};
    struct script_value result = deed_call(flow, &deed);
    if (is_member && deed.call->role == ROLE_NONE && flow->language == SCRIPT_PHP)
        return value_of(base.origins & (ORIGINS_CLIENT | ORIGIN_REMOTE | ORIGIN_SHELL));
    if (is_member && deed.call->role != ROLE_CLEAN && deed.call->role != ROLE_PATH &&
        deed.call->role != ROLE_STORED)
        result.origins |= base.origins;
    return result;
}

static bool is_header_name(struct str key)
{
    static const struct str names[] = {
        STR_INIT("QUERY_STRING"),   STR_INIT("REQUEST_URI"), STR_INIT("PATH_INFO"),
        STR_INIT("ORIG_PATH_INFO"), STR_INIT("ALL_HTTP"),    STR_INIT("ALL_RAW"),
    };

    if (str_starts_with(key, STR("HTTP_")))
        return !str_eq(key, STR("HTTP_HOST")) && !str_eq(key, STR("HTTP_ACCEPT_ENCODING")) &&
               !str_eq(key, STR("HTTP_IF_MODIFIED_SINCE"));
    if (str_starts_with(key, STR("PHP_AUTH_")))
        return true;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (str_eq_nocase(key, names[i]))
            return true;
    return false;
}

/* $_SERVER['...'] and Request.ServerVariables("..."): what the client sends are headers and the
 * address it asks for. */
static uint32_t origins_of_server(const struct flow *flow, uint32_t bracket)
{
    if (bracket + 1 < flow->count && flow->tokens[bracket + 1].kind == SCRIPT_TEXT)
        return is_header_name(flow->tokens[bracket + 1].text) ? ORIGIN_INPUT : 0;
    return ORIGIN_STORED;
}

static void read_php_variable(struct flow *flow, struct str name, uint32_t after,
                              struct operand *operand)
{
    uint16_t call = name.len > 3 && (name.at[0] == '_' || str_starts_with(name, STR("HTTP_")))
                        ? script_call_find(flow->calls, SCRIPT_PHP, name)
                        : 0;
    enum script_role role = script_call_role(call);

    if (role == ROLE_INPUT) {
        operand->value = value_of(ORIGIN_INPUT);
        flow->signs->inputs += flow->last_pass;
    } else if (role == ROLE_UPLOAD) {
        operand->value = value_of(ORIGIN_UPLOAD);
        flow->signs->inputs += flow->last_pass;
    } else if (role == ROLE_STORED) {
        operand->variable = flow_member(flow, name);
        operand->value = value_of(ORIGIN_STORED | flow->variables[operand->variable].value.origins);
    } else if (str_eq(name, STR("_SERVER")) || str_eq(name, STR("HTTP_SERVER_VARS"))) {
        operand->value = value_of(origins_of_server(flow, after));
    } else if (str_eq(name, STR("GLOBALS")) && is_sign(flow, after, '[') &&
               flow->tokens[after].pair == after + 2 &&
               flow->tokens[after + 1].kind == SCRIPT_TEXT) {
        uint32_t scope = flow->scope;
        flow->scope = 0;
        read_php_variable(flow, flow->tokens[after + 1].text, after + 3, operand);
        flow->scope = scope;
        operand->after = after + 3;
    } else if (!str_eq(name, STR("this"))) {
        operand->variable = flow_variable(flow, name);
        operand->value = flow_read(flow, operand->variable);
    }
}

/* $$name, ${'na' . 'me'} */
static void read_variable_variable(struct flow *flow, uint32_t at, uint32_t end,
                                   struct operand *operand)
{
    struct script_value name = value_of(0);
    uint32_t after = at + 1;

    if (is_sign(flow, at, '{') && is_closed(flow, at, end)) {
        name = evaluate(flow, at + 1, flow->tokens[at].pair, false);
        after = flow->tokens[at].pair + 1;
    } else if (at < end && flow->tokens[at].kind == SCRIPT_VARIABLE) {
        name = flow_read(flow, flow_variable(flow, flow->tokens[at].text));
    } else if (is_sign(flow, at, '$') && flow->depth < DEPTH_MAX) {
        flow->depth++;
        read_variable_variable(flow, at + 1, end, operand);
        flow->depth--;
        name = operand->value;
        after = operand->after;
    }
    operand->after = after;
    operand->variable = NO_VARIABLE;
    if (name.known) {
        read_php_variable(flow, name.text, after, operand);
        return;
    }
    operand->is_variables = name.origins & ORIGINS_CLIENT;
    operand->value = value_of(name.origins & (ORIGINS_CLIENT | ORIGINS_HIDDEN));
    if (name.origins & ORIGINS_HIDDEN) /* $_POST, most likely: else it would be written out */
        operand->value.origins |= flow->small ? ORIGIN_INPUT : ORIGIN_STORED;
}

static bool is_clean_cast(const struct flow *flow, uint32_t open)
{
    static const struct str casts[] = {STR_INIT("int"),   STR_INIT("integer"),
                                       STR_INIT("float"), STR_INIT("double"),
                                       STR_INIT("bool"),  STR_INIT("boolean")};

    if (flow->language != SCRIPT_PHP || flow->tokens[open].pair != open + 2)
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(casts); i++)
        if (is_word(flow, open + 1, casts[i]))
            return true;
    return false;
}

static bool has_statements(const struct flow *flow, uint32_t from, uint32_t to)
{
    return find_sign(flow, from, to, SIGN_END, '{') < to;
}

static struct operand take_operand(struct flow *flow, uint32_t at, uint32_t end);

static void take_brackets(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand)
{
    uint32_t close = flow->tokens[at].pair;
    char sign = (char)flow->tokens[at].sign;

    operand->after = at + 1;
    if (!is_closed(flow, at, end))
        return;
    operand->after = close + 1;
    if (sign == '(' && is_clean_cast(flow, at)) {
        if (close + 1 < end)
            operand->after = take_operand(flow, close + 1, end).after;
        return;
    }
    operand->is_list = sign == '[';
    if (sign == '{' && has_statements(flow, at + 1, close))
        walk(flow, at + 1, close);
    else
        operand->value = evaluate(flow, at + 1, close, false);
}

/* function (...) use (...) { ... } as a value. */
static void take_closure(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand)
{
    operand->value = value_text(STR("{closure}"));
    while (at < end && !is_sign(flow, at, '{') && !is_sign(flow, at, SIGN_ARROW))
        at = next_token(flow, at);
    operand->after = at < end ? at : end;
    if (at < end && is_sign(flow, at, '{') && is_closed(flow, at, end)) {
        walk(flow, at + 1, flow->tokens[at].pair);
        operand->after = flow->tokens[at].pair + 1;
    } else if (at < end) {
        operand->after = at + 1;
    }
}

/* A name without brackets. */
static void read_name(struct flow *flow, uint32_t at, struct operand *operand)
{
    const struct script_token *token = &flow->tokens[at];
    enum script_role role = script_call_role(token->call);

    operand->name = token->text;
    operand->call = token->call;
    if (flow->language == SCRIPT_PHP) { /* a constant */
        uint32_t constant = flow_member(flow, token->text);
        operand->variable = constant;
        operand->value = flow->variables[constant].assigned ? flow->variables[constant].value
                                                            : value_of(ORIGIN_TEXT);
        return;
    }
    if (role == ROLE_INPUT && flow->language != SCRIPT_JAVA) {
        operand->value = value_of(ORIGIN_INPUT);
        flow->signs->inputs += flow->last_pass;
    } else if (role == ROLE_PROCESS) {
        operand->value = value_of(ORIGIN_SHELL);
    } else if (role == ROLE_STORED && flow->language != SCRIPT_JAVA) {
        operand->value = value_of(ORIGIN_STORED);
    } else {
        operand->variable = flow_variable(flow, token->text);
        operand->value = flow_read(flow, operand->variable);
    }
}

static void take_name(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand);

/* An object of PHP is no name of a function, whatever it was made of. */
static void take_new(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand)
{
    enum script_role role = script_call_role(flow->tokens[at].call);
    struct script_function *constructor = flow_function(flow, STR("__construct"), false);
    struct script_arguments arguments;

    if (constructor && role == ROLE_NONE && is_sign(flow, at + 1, '(') && at + 1 < end &&
        take_bracket(flow, at + 1, end, &arguments)) {
        operand->after = flow->tokens[at + 1].pair + 1;
        operand->value = flow_call_own(flow, constructor, &arguments);
        operand->value.origins = arguments.all;
    } else {
        take_name(flow, at, end, operand);
    }
    operand->variable = NO_VARIABLE;
    if (role == ROLE_OBJECT || role == ROLE_LOOKUP)
        return;
    uint32_t origins = operand->value.origins & (ORIGINS_CLIENT | ORIGINS_HIDDEN);
    operand->value = value_text(STR("{object}"));
    operand->value.origins = origins;
}

static void take_name(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand)
{
    const struct script_token *token = &flow->tokens[at];
    enum script_role role = script_call_role(token->call);
    struct script_arguments arguments;

    operand->after = at + 1;
    operand->line = token->line;
    if (role == ROLE_WORD && flow->language == SCRIPT_VBSCRIPT &&
        is_sign(flow, at + 1, SIGN_MEMBER)) {
        operand->variable = flow_member(flow, STR("with"));
        operand->value = flow->variables[operand->variable].value;
        return;
    }
    if (role == ROLE_WORD) {
        bool php_function = is_word(flow, at, STR("function")) || is_word(flow, at, STR("fn"));
        if (php_function && flow->language != SCRIPT_VBSCRIPT)
            take_closure(flow, at + 1, end, operand);
        else if (is_word(flow, at, STR("new")) && flow->language == SCRIPT_PHP && at + 1 < end &&
                 flow->tokens[at + 1].kind == SCRIPT_NAME && !is_language_word(flow, at + 1))
            take_new(flow, at + 1, end, operand);
        else if (is_word(flow, at, STR("new")) && at + 1 < end &&
                 flow->tokens[at + 1].kind == SCRIPT_VARIABLE && is_sign(flow, at + 2, '(') &&
                 take_bracket(flow, at + 2, end, &arguments))
            operand->after = flow->tokens[at + 2].pair + 1;
        else if (is_word(flow, at, STR("list")) || is_word(flow, at, STR("array"))) {
            if (is_sign(flow, at + 1, '(') && at + 1 < end)
                take_brackets(flow, at + 1, end, operand);
            operand->is_list = true;
        }
        return;
    }
    if (role == ROLE_INCLUDE && flow->language == SCRIPT_PHP &&
        !is_word(flow, at, STR("virtual"))) {
        operand->after = end;
        deed_include(flow, token->text, evaluate(flow, at + 1, end, false), token->line);
        return;
    }
    if (!is_sign(flow, at + 1, '(') || at + 1 >= end ||
        !take_bracket(flow, at + 1, end, &arguments)) {
        read_name(flow, at, operand);
        return;
    }
    operand->after = flow->tokens[at + 1].pair + 1;
    if (role == ROLE_NONE && flow->language != SCRIPT_PHP &&
        !flow_function(flow, token->text, false)) {
        uint32_t variable = flow_variable(flow, token->text);
        if (flow->variables[variable].assigned || /* an element */
            (flow->language == SCRIPT_VBSCRIPT && is_sign(flow, operand->after, SIGN_ASSIGN) &&
             operand->after < end)) {
            operand->variable = variable;
            operand->value = flow_read(flow, variable);
            operand->value.known = false;
            return;
        }
    }
    operand->value = call_named(flow, at, &arguments, value_of(0), false);
    if (role == ROLE_STORED && flow->language != SCRIPT_PHP && arguments.at[0].known) {
        operand->variable = flow_member(flow, arguments.at[0].text); /* session("x") */
        operand->value.origins |= flow->variables[operand->variable].value.origins;
    }
}

/* What is given to an object is in it: streams, lists, builders. What is written into a file is
 * told apart from what names the file. */
static void add_to_owner(struct flow *flow, uint32_t owner, uint16_t call, uint32_t origins)
{
    enum script_role role = script_call_role(call);

    origins &= ORIGINS_CLIENT | ORIGINS_HIDDEN | ORIGIN_REMOTE | ORIGIN_PARAMETER;
    if (flow->language == SCRIPT_PHP || owner == NO_VARIABLE || origins == 0 ||
        (role != ROLE_NONE && role != ROLE_PUT))
        return;
    if (role == ROLE_PUT) /* a stream of ASP, which is saved later */
        origins = origins & ORIGINS_CLIENT && flow->language == SCRIPT_VBSCRIPT ? ORIGIN_UPLOAD : 0;
    flow_assign(flow, owner, value_of(origins), true);
}

/* .name, ->name, ::$name, ->{...} */
static uint32_t take_member(struct flow *flow, uint32_t at, uint32_t end, struct operand *operand)
{
    struct script_arguments arguments;
    struct script_value base = operand->value;
    struct str object = operand->name;

    operand->owner = operand->variable != NO_VARIABLE ? operand->variable : operand->owner;
    operand->variable = NO_VARIABLE;
    operand->name = STR_EMPTY;
    operand->is_variables = false;
    if (at >= end)
        return at;
    const struct script_token *token = &flow->tokens[at];
    bool called = is_sign(flow, at + 1, '(') && at + 1 < end;
    if (token->kind == SCRIPT_VARIABLE) {
        uint32_t variable = flow_variable(flow, token->text);
        struct script_value name = flow_read(flow, variable);
        if (called && take_bracket(flow, at + 1, end, &arguments)) {
            if (name.origins & (ORIGINS_CLIENT | ORIGINS_HIDDEN) && arguments.all & ORIGINS_CLIENT)
                deed_dynamic_call(flow, name, &arguments, token->line);
            operand->value = value_of(0);
            return flow->tokens[at + 1].pair + 1;
        }
        operand->variable = flow_member(flow, token->text);
        operand->value = flow_read(flow, operand->variable);
        operand->value.origins &= ~(uint32_t)ORIGIN_UNDEFINED;
        return at + 1;
    }
    if (token->kind != SCRIPT_NAME)
        return token->kind == SCRIPT_SIGN && is_sign(flow, at, '{') ? next_token(flow, at) : at;
    if (called && take_bracket(flow, at + 1, end, &arguments)) {
        operand->value = call_named(flow, at, &arguments, base, true);
        add_to_owner(flow, operand->owner, token->call, arguments.all);
        if (str_eq_nocase(token->text, STR("ServerVariables")))
            operand->value.origins = origins_of_server(flow, at + 1);
        operand->is_member = true;
        return flow->tokens[at + 1].pair + 1;
    }
    enum script_role role = script_call_role(token->call);
    operand->object = base;
    operand->is_member = true;
    operand->call = token->call;
    operand->name = token->text;
    operand->line = token->line;
    if (flow->language == SCRIPT_PHP) {
        operand->variable = flow_member(flow, token->text);
        operand->value = flow_read(flow, operand->variable);
        operand->value.origins &= ~(uint32_t)ORIGIN_UNDEFINED;
        operand->value.origins |= base.origins & (ORIGINS_CLIENT | ORIGIN_REMOTE);
        if (operand->value.origins & ORIGIN_INPUT)
            operand->value.origins ^= ORIGIN_INPUT | ORIGIN_FAR;
    } else if (role == ROLE_CLEAN) {
        operand->value = value_of(0);
    } else if (role == ROLE_UPLOAD && base.origins & ORIGIN_INPUT) {
        operand->value = value_of(ORIGIN_UPLOAD);
    } else if (role == ROLE_REMOTE) {
        operand->value = value_of(ORIGIN_REMOTE);
    } else if (role == ROLE_PROCESS) {
        operand->value = value_of(ORIGIN_SHELL);
    } else if (role == ROLE_DECODE) {
        operand->value = value_of(base.origins | ORIGIN_DECODED);
    } else if (role == ROLE_INPUT) {
        operand->value = value_of(ORIGIN_INPUT);
    } else if (str_eq_nocase(object, STR("this")) || str_eq_nocase(object, STR("me"))) {
        operand->variable = flow_variable(flow, token->text);
        operand->value = flow_read(flow, operand->variable);
    } else if (base.origins & ORIGIN_UNDEFINED && str_eq(token->text, STR("Text"))) {
        operand->value = value_of(ORIGIN_INPUT); /* a control of the page */
    } else {
        operand->value = value_of(base.origins);
    }
    return at + 1;
}

static bool is_old_index(const struct flow *flow, uint32_t at)
{
    return flow->language == SCRIPT_PHP && is_sign(flow, at, '{') &&
           flow->tokens[at].pair == at + 2 && flow->tokens[at + 1].kind == SCRIPT_NUMBER &&
           at > 0 && (flow->tokens[at - 1].kind == SCRIPT_VARIABLE || is_sign(flow, at - 1, ']'));
}

/* $a['key'], $a[0] of a variable whose text is not known. */
static bool take_element(struct flow *flow, uint32_t at, struct operand *operand)
{
    const struct script_token *key = &flow->tokens[at + 1];

    if (flow->language != SCRIPT_PHP || flow->tokens[at].pair != at + 2 ||
        operand->variable == NO_VARIABLE || operand->element != NO_VARIABLE || operand->is_member ||
        operand->value.known || flow->tokens[at - 1].kind != SCRIPT_VARIABLE ||
        (key->kind != SCRIPT_TEXT && key->kind != SCRIPT_NUMBER))
        return false;
    operand->element = flow_element(flow, flow->tokens[at - 1].text, key->text);
    operand->value = flow_read_element(flow, operand->variable, operand->element);
    return true;
}

/* What follows an operand and belongs to it. */
static void take_rest(struct flow *flow, uint32_t end, struct operand *operand, bool may_be_called)
{
    struct script_arguments arguments;

    for (;;) {
        uint32_t at = operand->after;
        if (at >= end || flow->tokens[at].kind != SCRIPT_SIGN)
            return;
        uint32_t close = flow->tokens[at].pair;
        bool closed = is_closed(flow, at, end);
        bool index = (is_sign(flow, at, '[') || is_old_index(flow, at)) && closed;
        if (index && take_element(flow, at, operand)) {
            operand->after = close + 1;
            may_be_called = true;
        } else if (index) {
            operand->element = NO_VARIABLE;
            if (close == at + 2 && flow->tokens[at + 1].kind == SCRIPT_NUMBER) {
                operand->value = value_index(flow, operand->value, flow->tokens[at + 1].text);
            } else {
                struct script_value place = evaluate(flow, at + 1, close, false);
                operand->value = operand->value.known && place.known
                                     ? value_index(flow, operand->value, place.text)
                                     : value_of(operand->value.origins);
            }
            operand->after = close + 1;
            may_be_called = true;
        } else if (is_sign(flow, at, '(') && closed && may_be_called) {
            take_bracket(flow, at, end, &arguments);
            operand->value =
                deed_dynamic_call(flow, operand->value, &arguments, flow->tokens[at].line);
            operand->variable = NO_VARIABLE;
            operand->after = close + 1;
        } else if (is_sign(flow, at, SIGN_MEMBER)) {
            operand->after = take_member(flow, at + 1, end, operand);
            may_be_called = false;
        } else {
            return;
        }
    }
}

static struct operand take_operand(struct flow *flow, uint32_t at, uint32_t end)
{
    const struct script_token *token = &flow->tokens[at];
    struct operand operand = {.value = value_of(0),
                              .after = at + 1,
                              .variable = NO_VARIABLE,
                              .element = NO_VARIABLE,
                              .owner = NO_VARIABLE,
                              .object = value_of(0),
                              .name = STR_EMPTY,
                              .line = token->line};
    bool may_be_called = flow->language == SCRIPT_PHP;

    switch ((enum script_token_kind)token->kind) {
    case SCRIPT_TEXT:
        operand.value = value_text(token->text);
        if (token->escaped)
            operand.value.origins = ORIGIN_ASSEMBLED;
        break;
    case SCRIPT_NUMBER:
        operand.value = (struct script_value){.known = true, .text = token->text};
        may_be_called = false;
        break;
    case SCRIPT_VARIABLE:
        read_php_variable(flow, token->text, at + 1, &operand);
        break;
    case SCRIPT_NAME:
        take_name(flow, at, end, &operand);
        may_be_called &= !is_language_word(flow, at);
        break;
    case SCRIPT_SIGN:
        if (is_sign(flow, at, '$'))
            read_variable_variable(flow, at + 1, end, &operand);
        else
            take_brackets(flow, at, end, &operand);
        break;
    }
    take_rest(flow, end, &operand, may_be_called);
    return operand;
}

/* ---- expressions ---- */

static void assign_list(struct flow *flow, uint32_t from, uint32_t to, struct script_value value)
{
    value.known = false;
    for (uint32_t i = from; i < to; i++)
        if (flow->tokens[i].kind == SCRIPT_VARIABLE)
            flow_assign(flow, flow_variable(flow, flow->tokens[i].text), value, false);
}

static void assign(struct flow *flow, const struct operand *target, uint32_t from,
                   struct script_value value, bool adds)
{
    if (target->is_list)
        assign_list(flow, from, target->after, value);
    if (target->is_variables && value.origins & ORIGINS_CLIENT)
        flow->extracts = true;
    if (target->variable != NO_VARIABLE && target->element != NO_VARIABLE) {
        flow_assign_element(flow, target->variable, target->element, value, adds);
    } else if (target->variable != NO_VARIABLE) {
        if (is_sign(flow, target->after - 1, ']'))
            value.known = false; /* of many elements one */
        flow_assign(flow, target->variable, value, adds);
    }
    if (target->is_member) {
        deed_set_member(flow, target->object, value, target->line);
        add_to_owner(flow, target->owner, 0, value.origins);
    }
    if (flow->language == SCRIPT_VBSCRIPT && flow->function != NO_VARIABLE &&
        flow_function(flow, target->name, false) == &flow->functions[flow->function])
        give_result(flow, value);
}

/* What is known while an expression is read from left to right. */
struct sum {
    struct script_value term; /* since the last operator that parts */
    uint32_t origins;         /* of terms before it */
    uint32_t terms;           /* operands of the term */
    bool several;             /* a term was ended: the whole is not the last one alone */
    bool joins;               /* an operator that joins stands before the operand */
    bool drops;               /* the operand says nothing: it is compared, or counted with */
};

static void end_term(struct sum *sum, bool counts)
{
    if (counts)
        sum->origins |= sum->term.origins;
    sum->several |= counts && sum->terms > 0;
    sum->term = value_of(0);
    sum->terms = 0;
    sum->joins = sum->drops = false;
}

static void add_operand(struct flow *flow, struct sum *sum, struct script_value value)
{
    if (sum->drops) {
        sum->drops = false;
        return;
    }
    if (sum->terms++ == 0)
        sum->term = value;
    else if (sum->joins)
        sum->term = value_join(flow, sum->term, value);
    else { /* "String x", "echo x": one behind the other */
        sum->origins |= sum->term.origins & ~(uint32_t)ORIGIN_UNDEFINED;
        sum->term = value;
    }
    sum->joins = false;
}

static void take_operator(struct flow *flow, struct sum *sum, char sign)
{
    switch (sign) {
    case SIGN_END:
    case ',':
    case ':':
    case SIGN_OR_ELSE:
    case SIGN_ARROW:
    case '}':
    case '{':
        end_term(sum, true);
        break;
    case '?': /* what was asked is not what comes out */
        sum->origins = 0;
        end_term(sum, false);
        break;
    case SIGN_LOGIC:
        end_term(sum, flow->language == SCRIPT_JSCRIPT);
        break;
    case SIGN_COMPARE:
    case '%':
    case '-':
    case '*':
    case '/':
        if (sum->terms > 0 || sign == SIGN_COMPARE || sign == '%') {
            sum->term = value_of(0);
            sum->drops = true;
        }
        break;
    case '^':
    case '~':
    case '|':
        sum->term.origins |= ORIGIN_ASSEMBLED;
        sum->term.known = false;
        sum->joins = true;
        if (sum->terms == 0)
            sum->terms = 1;
        break;
    case SIGN_JOIN:
    case '+':
    case '&':
        sum->joins = sum->terms > 0;
        break;
    default:
        break;
    }
}

/* `for (x in values)`, `foreach (values as $key => $value)`. Gives where the loop's head ends. */
static uint32_t take_loop_word(struct flow *flow, uint32_t at, uint32_t to, struct sum *sum,
                               const struct operand *last)
{
    if (flow->language == SCRIPT_PHP && is_word(flow, at, STR("as"))) {
        end_term(sum, true);
        assign_list(flow, at + 1, to, value_of(sum->origins & ~(uint32_t)ORIGIN_TEXT));
        return to;
    }
    if (flow->language != SCRIPT_PHP && is_word(flow, at, STR("in")) &&
        last->variable != NO_VARIABLE) {
        struct script_value value = evaluate(flow, at + 1, to, false);
        flow_assign(flow, last->variable, value_of(value.origins), false);
        return to;
    }
    return at;
}

static struct script_value evaluate_inside(struct flow *flow, uint32_t from, uint32_t to,
                                           bool statement)
{
    struct sum sum = {.term = value_of(0)};
    struct operand last = {.variable = NO_VARIABLE};

    for (uint32_t at = from; at < to;) {
        const struct script_token *token = &flow->tokens[at];
        bool opens = token->kind == SCRIPT_SIGN &&
                     (token->sign == '(' || token->sign == '[' || token->sign == '{' ||
                      (token->sign == '$' && flow->language == SCRIPT_PHP));
        if (token->kind == SCRIPT_SIGN && !opens) {
            take_operator(flow, &sum, (char)token->sign);
            if (token->sign == SIGN_STEP && last.variable != NO_VARIABLE && last.value.known &&
                flow->language == SCRIPT_PHP && last.value.text.len > 0 &&
                is_name_start(last.value.text.at[0]))
                flow_assign(flow, last.variable, value_of(ORIGIN_ASSEMBLED), false);
            at++;
            continue;
        }
        uint32_t loop = take_loop_word(flow, at, to, &sum, &last);
        if (loop != at) {
            at = loop;
            continue;
        }
        last = take_operand(flow, at, to);
        bool sets = is_sign(flow, last.after, SIGN_ASSIGN) &&
                    (flow->language != SCRIPT_VBSCRIPT || (statement && sum.terms == 0));
        if (last.after < to && (sets || is_sign(flow, last.after, SIGN_ASSIGN_TO))) {
            uint32_t end = find_sign(flow, last.after + 1, to, SIGN_END, ',');
            struct script_value value = evaluate(flow, last.after + 1, end, false);
            if (is_sign(flow, last.after, SIGN_ASSIGN_TO))
                value.origins |= last.value.origins & ~(uint32_t)ORIGIN_UNDEFINED;
            assign(flow, &last, at, value, !sets);
            add_operand(flow, &sum, value);
            at = end;
            continue;
        }
        bool word =
            token->kind == SCRIPT_NAME && is_language_word(flow, at) && last.after == at + 1;
        if (!word)
            add_operand(flow, &sum, last.value);
        statement &= word;
        at = last.after > at ? last.after : at + 1;
    }
    sum.term.origins |= sum.origins;
    if (sum.several)
        return value_of(sum.term.origins);
    return sum.term;
}

static struct script_value evaluate(struct flow *flow, uint32_t from, uint32_t to, bool statement)
{
    if (flow->depth >= DEPTH_MAX || from >= to)
        return value_of(0);
    flow->depth++;
    struct script_value value = evaluate_inside(flow, from, to, statement);
    flow->depth--;
    return value;
}

/* ---- statements ---- */

static void take_globals(struct flow *flow, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to && flow->scope > 0; i++)
        if (flow->tokens[i].kind == SCRIPT_VARIABLE) {
            uint32_t variable = flow_variable(flow, flow->tokens[i].text);
            flow->variables[variable].global = true;
        }
}

/* `function name(...) { ... }` of PHP and JScript; the token behind it, or 0. */
static uint32_t take_function(struct flow *flow, uint32_t at, uint32_t to)
{
    uint32_t name = at + 1;

    if (is_sign(flow, name, '&'))
        name++;
    if (name + 1 >= to || flow->tokens[name].kind != SCRIPT_NAME || !is_sign(flow, name + 1, '('))
        return 0;
    uint32_t open = name + 1;
    if (flow->tokens[open].pair == TOKEN_ALONE || flow->tokens[open].pair > to)
        return 0;
    uint32_t body = find_sign(flow, flow->tokens[open].pair, to, '{', SIGN_END);
    if (!is_sign(flow, body, '{') || !is_closed(flow, body, to))
        return body;
    define_function(flow, flow->tokens[name].text, open, body + 1, flow->tokens[body].pair);
    return flow->tokens[body].pair + 1;
}

/* Whether [from, body) is the head of a method of Java or C#: the token of its name, or 0. */
static uint32_t method_name(const struct flow *flow, uint32_t from, uint32_t body)
{
    uint32_t close = body;

    if (flow->tokens[body].pair == TOKEN_ALONE)
        return 0;
    while (close > from && !is_sign(flow, close, ')')) {
        if (close != body && flow->tokens[close].kind != SCRIPT_NAME &&
            !is_sign(flow, close, ',') && !is_sign(flow, close, SIGN_MEMBER))
            return 0;
        close--;
    }
    if (!is_sign(flow, close, ')') || flow->tokens[close].pair == TOKEN_ALONE)
        return 0;
    uint32_t open = flow->tokens[close].pair;
    if (open < from + 2 || flow->tokens[open - 1].kind != SCRIPT_NAME ||
        is_language_word(flow, open - 1))
        return 0;
    const struct script_token *before = &flow->tokens[open - 2];
    bool type = before->kind == SCRIPT_NAME || is_sign(flow, open - 2, ']') ||
                is_sign(flow, open - 2, SIGN_COMPARE);
    return type && !is_word(flow, open - 2, STR("new")) ? open - 1 : 0;
}

/* Function and Sub of VBScript; the token behind its end, or 0. */
static uint32_t take_basic_function(struct flow *flow, uint32_t at, uint32_t to)
{
    uint32_t name = at + 1, end = at + 1;

    if (name >= to || flow->tokens[name].kind != SCRIPT_NAME || is_word(flow, at - 1, STR("end")) ||
        is_word(flow, at - 1, STR("exit")))
        return 0;
    while (end + 1 < to &&
           !(is_word(flow, end, STR("end")) &&
             (is_word(flow, end + 1, STR("function")) || is_word(flow, end + 1, STR("sub")))))
        end++;
    uint32_t from = find_sign(flow, name, to, SIGN_END, SIGN_END);
    uint32_t open = is_sign(flow, name + 1, '(') ? name + 1 : name;
    define_function(flow, flow->tokens[name].text, open, from < end ? from : end, end);
    return end + 2 < to ? end + 2 : to;
}

/* VBScript calls without brackets: `Execute code`, `shell.Run command, 0`. */
static bool take_basic_call(struct flow *flow, uint32_t at, uint32_t end)
{
    struct script_arguments arguments;

    if (flow->tokens[at].kind != SCRIPT_NAME ||
        (is_language_word(flow, at) && !is_sign(flow, at + 1, SIGN_MEMBER)))
        return false;
    for (uint32_t name = at; name + 1 < end;) {
        const struct script_token *next = &flow->tokens[name + 1];
        if (next->kind == SCRIPT_SIGN && next->sign == SIGN_MEMBER && name + 2 < end &&
            flow->tokens[name + 2].kind == SCRIPT_NAME) {
            name += 2;
            continue;
        }
        if (next->kind == SCRIPT_SIGN && next->sign == '(' && next->pair != TOKEN_ALONE &&
            next->pair + 2 < end && is_sign(flow, next->pair + 1, SIGN_MEMBER)) {
            name = next->pair + 2; /* of what a call gives */
            continue;
        }
        bool grouped = next->kind == SCRIPT_SIGN && next->sign == '(' &&
                       next->pair != TOKEN_ALONE && next->pair + 1 < end;
        if (next->kind == SCRIPT_SIGN && !grouped)
            return false;
        if (flow->tokens[name].kind != SCRIPT_NAME ||
            (grouped && (is_sign(flow, next->pair + 1, SIGN_ASSIGN) ||
                         is_sign(flow, next->pair + 1, SIGN_COMPARE))))
            return false;
        struct script_value base = value_of(0);
        if (name > at)
            base = evaluate(flow, at, name - 1, false);
        take_arguments(flow, name + 1, end, &arguments);
        call_named(flow, name, &arguments, base, name > at);
        if (name == at + 2)
            add_to_owner(flow, flow_variable(flow, flow->tokens[at].text), flow->tokens[name].call,
                         arguments.all);
        return true;
    }
    return false;
}

/* At its end sign, or before the block that it heads; the braces of ${...} and ->{...} are none. */
static uint32_t statement_end(const struct flow *flow, uint32_t at, uint32_t to)
{
    uint32_t end = at;

    if (flow->language == SCRIPT_VBSCRIPT)
        return find_sign(flow, at, to, SIGN_END, SIGN_END);
    while ((end = find_sign(flow, end, to, SIGN_END, '{')) < to && end > at &&
           is_sign(flow, end, '{') &&
           (is_sign(flow, end - 1, '$') || is_sign(flow, end - 1, SIGN_MEMBER) ||
            is_old_index(flow, end)) &&
           flow->tokens[end].pair != TOKEN_ALONE)
        end = flow->tokens[end].pair + 1;
    return end < to ? end : to;
}

static bool has_word(const struct flow *flow, uint32_t from, uint32_t to, struct str word)
{
    while (from < to && !is_word(flow, from, word))
        from++;
    return from < to;
}

/* `new Name {` or `new a.Name {` */
static bool names_new(const struct flow *flow, uint32_t from, uint32_t brace)
{
    uint32_t at = brace - 1;

    while (at > from + 1 && flow->tokens[at].kind == SCRIPT_NAME &&
           is_sign(flow, at - 1, SIGN_MEMBER))
        at -= 2;
    return at > from && flow->tokens[at].kind == SCRIPT_NAME && is_word(flow, at - 1, STR("new"));
}

static uint32_t take_statement(struct flow *flow, uint32_t at, uint32_t to)
{
    bool word = flow->tokens[at].kind == SCRIPT_NAME && is_language_word(flow, at);
    uint32_t end, behind;

    if (word && flow->language == SCRIPT_VBSCRIPT &&
        (is_word(flow, at, STR("function")) || is_word(flow, at, STR("sub"))) &&
        (behind = take_basic_function(flow, at, to)))
        return behind;
    if (word && flow->language != SCRIPT_VBSCRIPT && is_word(flow, at, STR("function")) &&
        (behind = take_function(flow, at, to)))
        return behind;
    end = statement_end(flow, at, to);
    if (word && flow->language == SCRIPT_VBSCRIPT && is_word(flow, at, STR("with")) &&
        !is_sign(flow, at + 1, SIGN_MEMBER)) {
        flow_assign(flow, flow_member(flow, STR("with")), evaluate(flow, at + 1, end, false),
                    false);
    } else if (word && is_word(flow, at, STR("global"))) {
        take_globals(flow, at + 1, end);
    } else if (word && is_word(flow, at, STR("return"))) {
        /* what it returns may itself be a list in braces */
        give_result(flow, evaluate(flow, at + 1, end, false));
    } else if (end < to && is_sign(flow, end, '{') &&
               (flow->language == SCRIPT_JAVA || flow->language == SCRIPT_CSHARP) &&
               is_closed(flow, end, to)) {
        uint32_t name = method_name(flow, at, end);
        if (name) {
            flow->serves = has_word(flow, at, name, STR("WebMethod"));
            define_function(flow, flow->tokens[name].text, name + 1, end + 1,
                            flow->tokens[end].pair);
            return flow->tokens[end].pair + 1;
        }
        bool list =
            end > at && (names_new(flow, at, end) || is_sign(flow, end - 1, ']') ||
                         is_sign(flow, end - 1, ')') || is_sign(flow, end - 1, SIGN_ASSIGN));
        uint32_t behind_list = flow->tokens[end].pair + 1;
        if (list && !has_statements(flow, end + 1, behind_list - 1)) {
            end = find_sign(flow, behind_list, to, SIGN_END, '}'); /* new String[]{...} */
            evaluate(flow, at, end, true);
            return end;
        }
        evaluate(flow, at, end, true);
    } else if (flow->language == SCRIPT_VBSCRIPT) {
        uint32_t start =
            word && (is_word(flow, at, STR("call")) || is_word(flow, at, STR("set"))) ? at + 1 : at;
        if (start >= end || !take_basic_call(flow, start, end))
            evaluate(flow, start, end, true);
    } else {
        evaluate(flow, at, end, true);
    }
    return end > at ? end : at + 1;
}

static void walk(struct flow *flow, uint32_t from, uint32_t to)
{
    if (flow->depth >= DEPTH_MAX)
        return;
    flow->depth++;
    for (uint32_t at = from; at < to;) {
        flow->language = (enum script_language)flow->tokens[at].language;
        const struct script_token *token = &flow->tokens[at];
        if (token->kind == SCRIPT_SIGN && (token->sign == SIGN_END || token->sign == '{' ||
                                           token->sign == '}' || token->sign == ')'))
            at++;
        else if (token->kind == SCRIPT_NAME && is_language_word(flow, at) &&
                 (is_word(flow, at, STR("public")) || is_word(flow, at, STR("private")) ||
                  is_word(flow, at, STR("protected")) || is_word(flow, at, STR("static")) ||
                  is_word(flow, at, STR("final")) || is_word(flow, at, STR("abstract")) ||
                  is_word(flow, at, STR("else"))))
            at++;
        else
            at = take_statement(flow, at, to);
    }
    flow->depth--;
}

void script_flow_run(const struct script_tokens *tokens, bool small, struct arena *arena,
                     struct script_signs *signs)
{
    struct flow flow = {.tokens = tokens->at,
                        .count = tokens->count,
                        .calls = tokens->calls,
                        .arena = arena,
                        .signs = signs,
                        .small = small,
                        .changed = true,
                        .function = NO_VARIABLE};

    *signs = (struct script_signs){.calls = 0};
    map_init(&flow.names, arena);
    map_init(&flow.function_names, arena);
    for (uint32_t pass = 0; !flow.last_pass; pass++) {
        flow.last_pass = pass + 1 == PASSES_MAX || !flow.changed;
        flow.changed = false;
        walk(&flow, 0, tokens->count);
    }
}
