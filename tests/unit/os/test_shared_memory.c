/* test_shared_memory.c - os/shared_memory: what one process writes the other reads. */
#include "os/shared_memory.h"

#include "testkit.h"

#include <sys/wait.h>

TEST(a_child_writes_what_its_parent_reads)
{
    int *numbers = shared_memory_new(2 * sizeof(int));
    int status;

    CHECK(numbers != NULL);
    CHECK_INT(numbers[0], 0);
    numbers[0] = 1;
    pid_t child = fork();
    if (child == 0) {
        numbers[1] = numbers[0] + 41;
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK_INT(numbers[1], 42);
    shared_memory_free(numbers, 2 * sizeof(int));
    shared_memory_free(NULL, 7);
}

TEST(more_than_there_is_is_refused)
{
    CHECK(shared_memory_new(SIZE_MAX / 2) == NULL);
}
