/* compiler.h - the standard types everybody needs, and names for compiler attributes. */
#ifndef CORE_COMPILER_H
#define CORE_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define NO_RETURN __attribute__((noreturn))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
/* For arrays on a hot path that are filled before they are read: the release build zeroes every
 * other local. */
#define UNINITIALISED __attribute__((uninitialized))
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
