/* testkit.h - the whole unit test framework, included once by each test_<file>.c.
 *
 *   TEST(skips_a_line_without_status)
 *   {
 *       CHECK(decode("hello\n") == STEP_SKIPPED);
 *       CHECK_STR(why, "no status code");
 *   }
 *
 * Tests run in the order of the file; the header brings main(). A failed check is printed and the
 * test goes on. Arguments choose tests by a part of their names. Output is TAP, closed by
 * `N passed, N failed, N skipped`; the exit status is 1 if a test failed.
 */
#ifndef TESTKIT_H
#define TESTKIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct testkit_test {
    const char *name;
    void (*run)(void);
    struct testkit_test *next;
};

static struct testkit_test *testkit_first, **testkit_last = &testkit_first;
static const char *testkit_skipped; /* why, while a test runs */
static unsigned testkit_failures;   /* of the running test */

#define TEST(test_name)                                                                            \
    static void test_##test_name(void);                                                            \
    __attribute__((constructor)) static void testkit_add_##test_name(void)                         \
    {                                                                                              \
        static struct testkit_test self = {#test_name, test_##test_name, NULL};                    \
        *testkit_last = &self;                                                                     \
        testkit_last = &self.next;                                                                 \
    }                                                                                              \
    static void test_##test_name(void)

/* The first failures of a test are printed, all are counted. */
#define TESTKIT_FAIL(...)                                                                          \
    (testkit_failures++ < 20                                                                       \
         ? (void)(printf("# %s:%d: ", __FILE__, __LINE__), printf(__VA_ARGS__), putchar('\n'))     \
         : (void)0)

#define CHECK(condition) ((condition) ? (void)0 : TESTKIT_FAIL("%s", #condition))

/* Integers of any kind; prints both. */
#define CHECK_INT(got, expected)                                                                   \
    do {                                                                                           \
        long long got_ = (long long)(got), expected_ = (long long)(expected);                      \
        if (got_ != expected_)                                                                     \
            TESTKIT_FAIL("%s is %lld, not %lld", #got, got_, expected_);                           \
    } while (0)

/* A struct str against a literal (which may hold NUL bytes). */
#define CHECK_STR(got, literal)                                                                    \
    do {                                                                                           \
        __typeof__(got) got_ = (got);                                                              \
        if (got_.len != sizeof(literal) - 1 || memcmp(got_.at ? got_.at : "", literal, got_.len))  \
            TESTKIT_FAIL("%s is \"%.*s\", not \"%s\"", #got, (int)got_.len,                        \
                         got_.at ? (const char *)got_.at : "", literal);                           \
    } while (0)

/* Leaves the test, counted as skipped. */
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        testkit_skipped = (why);                                                                   \
        return;                                                                                    \
    } while (0)

/* The path of a file or folder of the shared test data (SEAWALL_TEST_DATA, else ../shared/data
 * beside the project). False where it is absent: the test then says SKIP("no test data"). */
__attribute__((unused)) static bool testkit_data(char *out, size_t size, const char *path)
{
    const char *folder = getenv("SEAWALL_TEST_DATA");
    int len = folder && *folder ? snprintf(out, size, "%s/%s", folder, path)
                                : snprintf(out, size, PROJECT_ROOT "/../shared/data/%s", path);

    return len > 0 && (size_t)len < size && access(out, R_OK) == 0;
}

int main(int argc, char **argv)
{
    unsigned index = 0, passed = 0, failed = 0, skipped = 0;

    setvbuf(stdout, NULL, _IOLBF, 0); /* so that a crash does not swallow what was printed */
    for (struct testkit_test *test = testkit_first; test; test = test->next) {
        bool chosen = argc < 2;

        for (int i = 1; i < argc; i++)
            chosen |= strstr(test->name, argv[i]) != NULL;
        if (!chosen)
            continue;
        testkit_skipped = NULL;
        testkit_failures = 0;
        test->run();
        *(testkit_failures ? &failed : testkit_skipped ? &skipped : &passed) += 1;
        printf("%sok %u - %s%s%s\n", testkit_failures ? "not " : "", ++index, test->name,
               testkit_skipped ? " # SKIP " : "", testkit_skipped ? testkit_skipped : "");
    }
    printf("1..%u\n%u passed, %u failed, %u skipped\n", index, passed, failed, skipped);
    return failed > 0;
}

#endif
