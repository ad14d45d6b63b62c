/* script_flow_priv.h - what the parts of the flow share. Private to scan/. */
#ifndef SCAN_SCRIPT_FLOW_PRIV_H
#define SCAN_SCRIPT_FLOW_PRIV_H

#include "core/map.h"
#include "scan/script_calls.h"
#include "scan/script_flow.h"

#define ARGUMENTS_MAX 8u
#define PARAMETERS_MAX 8u
#define KNOWN_BYTES_MAX 1024u       /* of a text that is put together */
#define FOLDED_BYTES_MAX (8u << 20) /* of all of them */
#define NO_VARIABLE UINT32_MAX

struct script_variable {
    struct script_value value;
    uint32_t elements; /* origins of what was put into elements that have names of their own */
    bool assigned, parameter, global;
};

struct script_function {
    struct script_value result;
    uint32_t scope;
    uint32_t parameters[PARAMETERS_MAX]; /* variables */
    uint32_t parameter_count;
};

struct script_arguments {
    struct script_value at[ARGUMENTS_MAX];
    uint32_t count; /* those beyond ARGUMENTS_MAX are in `all` only */
    uint32_t all;   /* origins */
};

struct flow {
    const struct script_token *tokens;
    uint32_t count;
    enum script_language language; /* of the token at hand */
    const struct script_calls *calls;
    struct arena *arena;
    struct script_signs *signs;
    bool small;
    bool last_pass;   /* signs are taken then */
    bool changed;     /* something came to a variable that was not known to */
    bool serves;      /* the function at hand is called by the client (WebMethod) */
    bool extracts;    /* the client may set any variable */
    struct map names; /* scope and name to variable */
    struct script_variable *variables;
    uint32_t variable_count, variable_capacity;
    struct map function_names;
    struct script_function *functions;
    uint32_t function_count, function_capacity;
    uint32_t function; /* the one at hand; NO_VARIABLE: none */
    uint32_t scope, scopes;
    uint32_t depth;
    size_t folded_bytes;
};

/* ---- values (script_values.c) ---- */

static inline struct script_value value_of(uint32_t origins)
{
    return (struct script_value){
        .origins = origins, .text = STR_EMPTY, .head = STR_EMPTY, .tail = STR_EMPTY};
}

struct script_value value_text(struct str text);
/* One behind the other. */
struct script_value value_join(struct flow *flow, struct script_value a, struct script_value b);
/* What a decoder of this name makes of texts that are known; false: not known. */
bool value_fold_call(struct flow *flow, struct str name, const struct script_arguments *arguments,
                     struct script_value *result);
/* One character of a known text, by a number. */
struct script_value value_index(struct flow *flow, struct script_value text, struct str number);

/* The variable of a name in the scope at hand, made if need be. */
uint32_t flow_variable(struct flow *flow, struct str name);
struct script_value flow_read(struct flow *flow, uint32_t variable);
void flow_assign(struct flow *flow, uint32_t variable, struct script_value value, bool adds);
/* The element that a key names; it is set and read on its own. */
uint32_t flow_element(struct flow *flow, struct str name, struct str key);
struct script_value flow_read_element(struct flow *flow, uint32_t variable, uint32_t element);
void flow_assign_element(struct flow *flow, uint32_t variable, uint32_t element,
                         struct script_value value, bool adds);
/* A member of any object, by name. */
uint32_t flow_member(struct flow *flow, struct str name);
struct script_value flow_call_own(struct flow *flow, struct script_function *function,
                                  const struct script_arguments *arguments);
struct script_function *flow_function(struct flow *flow, struct str name, bool make);

/* ---- what is done with them (script_deeds.c) ---- */

struct deed_call {
    struct str name;
    const struct script_call *call;
    const struct script_arguments *arguments;
    struct script_value base; /* of what the function is a member */
    bool is_member;
    uint32_t line;
};

/* Takes the signs of a call, and says what it gives. */
struct script_value deed_call(struct flow *flow, const struct deed_call *call);
/* A call of what is not a name. */
struct script_value deed_dynamic_call(struct flow *flow, struct script_value callee,
                                      const struct script_arguments *arguments, uint32_t line);
void deed_include(struct flow *flow, struct str name, struct script_value file, uint32_t line);
/* A member of an object that runs commands is set. */
void deed_set_member(struct flow *flow, struct script_value object, struct script_value value,
                     uint32_t line);
void deed_add(struct flow *flow, enum script_deed deed, uint32_t points, uint32_t origins,
              struct str name, uint32_t line);

#endif
