/* process.c - see process.h. */
#include "os/process.h"

#include "core/ensure.h"
#include "os/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_BYTES (256u << 10) /* of a short output: written as a whole, or why not is known */
#define PIPE_BYTES (1 << 20)      /* as much as an unprivileged process may ask for */
#define PROCESSORS_MAX 256u

static int compare_descriptors(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void close_between(int first, int last)
{
    if (first > last)
        return;
    if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0) == 0)
        return;
    int open_max = (int)sysconf(_SC_OPEN_MAX); /* before Linux 5.9 */
    for (int fd = first; fd <= last && fd < open_max; fd++)
        close(fd);
}

static void close_all_but(int pipe, const int *kept, size_t kept_count)
{
    int *sorted = calloc(kept_count + 1, sizeof(*sorted));
    int next = STDERR_FILENO + 1;

    ENSURE(sorted);
    for (size_t i = 0; i < kept_count; i++)
        sorted[i] = kept[i];
    sorted[kept_count] = pipe;
    qsort(sorted, kept_count + 1, sizeof(*sorted), compare_descriptors);
    for (size_t i = 0; i <= kept_count; i++) {
        if (sorted[i] < next)
            continue;
        close_between(next, sorted[i] - 1);
        next = sorted[i] + 1;
    }
    close_between(next, INT32_MAX);
    free(sorted);
}

/* What the child must not use leads nowhere. */
static void blind_descriptor(int fd)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (nowhere < 0) {
        close(fd);
        return;
    }
    dup2(nowhere, fd);
    if (nowhere != fd)
        close(nowhere);
}

static bool is_among(int fd, const int *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == fd)
            return true;
    return false;
}

enum err process_start(struct process *process, const int *kept, size_t kept_count,
                       int (*child)(void *context, int pipe), void *context)
{
    int ends[2];
    pid_t parent = getpid();

    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_from_errno(errno);
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* only for speed */
    pid_t pid = fork();
    if (pid < 0) {
        enum err err = errno == EAGAIN ? ERR_NOT_SUPPORTED : err_from_errno(errno);
        close(ends[0]);
        close(ends[1]);
        return err;
    }
    if (pid == 0) {
        signals_ignore();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
            if (!is_among(fd, kept, kept_count))
                blind_descriptor(fd);
        close_all_but(ends[1], kept, kept_count);
        _exit(child(context, ends[1])); /* nothing of the parent's is run at the child's exit */
    }
    close(ends[1]);
    process->pid = pid;
    process->pipe = (struct file){.fd = ends[0], .facts = {.kind = FILE_STREAM}};
    return ERR_NONE;
}

bool process_wait_readable(const struct process *process, unsigned timeout_ms)
{
    struct pollfd wait = {.fd = process->pipe.fd, .events = POLLIN};

    return poll(&wait, 1, (int)timeout_ms) > 0;
}

void process_kill(const struct process *process)
{
    kill((pid_t)process->pid, SIGKILL);
}

struct process_end process_finish(struct process *process)
{
    int status = 0;

    file_close(&process->pipe);
    while (waitpid((pid_t)process->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        return (struct process_end){false, WTERMSIG(status)};
    return (struct process_end){true, WEXITSTATUS(status)};
}

void process_settle_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        int ignored = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* becomes fd */
        (void)ignored;
    }
    static char bytes[OUTPUT_BYTES];
    if (!isatty(STDOUT_FILENO))
        setvbuf(stdout, bytes, _IOFBF, sizeof(bytes));
}

unsigned process_processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    unsigned count = (unsigned)CPU_COUNT(&set);
    return count < 1 ? 1 : count < PROCESSORS_MAX ? count : PROCESSORS_MAX;
}

uint64_t process_resident_bytes(void)
{
    struct buf text;
    uint64_t pages = 0;

    buf_init(&text, 4096);
    if (file_read_whole("/proc/self/statm", 4096, &text) == ERR_NONE) {
        struct str rest = buf_str(&text);
        str_cut(&rest, ' ');
        if (!str_to_u64(str_cut(&rest, ' '), UINT64_MAX / 65536, &pages))
            pages = 0;
    }
    buf_free(&text);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
