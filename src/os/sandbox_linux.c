/* sandbox_linux.c - Landlock for paths and ports, seccomp for system calls.
 *
 * Landlock's structures are declared here: the headers of the reference system are older than
 * the kernels that the program will meet. */
#include "os/sandbox.h"

#include "core/str.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define LANDLOCK_VERSION_FLAG 1u
#define LANDLOCK_PATH_BENEATH 1
#define LANDLOCK_READ_FILE (UINT64_C(1) << 2)
#define LANDLOCK_FS_ABI1 ((UINT64_C(1) << 13) - 1)
#define LANDLOCK_FS_REFER (UINT64_C(1) << 13)     /* ABI 2 */
#define LANDLOCK_FS_TRUNCATE (UINT64_C(1) << 14)  /* ABI 3 */
#define LANDLOCK_NET_TCP UINT64_C(3)              /* ABI 4: bind, connect */
#define LANDLOCK_FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define LANDLOCK_SCOPES UINT64_C(3)               /* ABI 6: abstract sockets, signals */

struct ruleset_rights {
    uint64_t files, ports, scopes;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent_fd;
} __attribute__((packed));

static struct ruleset_rights rights_of(long abi)
{
    struct ruleset_rights rights = {.files = LANDLOCK_FS_ABI1};

    if (abi >= 2)
        rights.files |= LANDLOCK_FS_REFER;
    if (abi >= 3)
        rights.files |= LANDLOCK_FS_TRUNCATE;
    if (abi >= 4)
        rights.ports = LANDLOCK_NET_TCP;
    if (abi >= 5)
        rights.files |= LANDLOCK_FS_IOCTL_DEV;
    if (abi >= 6)
        rights.scopes = LANDLOCK_SCOPES;
    return rights;
}

/* How much of the structure a kernel of this age knows; older ones refuse a longer one. */
static size_t rights_size(long abi)
{
    return abi >= 6   ? sizeof(struct ruleset_rights)
           : abi >= 4 ? offsetof(struct ruleset_rights, scopes)
                      : offsetof(struct ruleset_rights, ports);
}

static void allow_path(int ruleset, const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC);

    if (fd < 0)
        return;
    struct path_rule rule = {.allowed = LANDLOCK_READ_FILE, .parent_fd = fd};
    long ignored = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_BENEATH, &rule, 0u);
    (void)ignored; /* what is not allowed cannot be read, and is then reported as such */
    close(fd);
}

static bool restrict_paths(const char *const *paths, size_t count, struct why *why)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_VERSION_FLAG);

    if (abi < 1) {
        why_set(why,
                "this kernel has no Landlock: the process that reads evidence could open other "
                "files, too");
        return false;
    }
    struct ruleset_rights rights = rights_of(abi);
    long ruleset = syscall(SYS_landlock_create_ruleset, &rights, rights_size(abi), 0u);
    if (ruleset < 0) {
        why_set(why,
                "Landlock could not be used (error %d): the process that reads evidence could "
                "open other files, too",
                errno);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        allow_path((int)ruleset, paths[i]);
    bool restricted = syscall(SYS_landlock_restrict_self, (int)ruleset, 0u) == 0;
    if (!restricted)
        why_set(why,
                "Landlock could not be used (error %d): the process that reads evidence could "
                "open other files, too",
                errno);
    close((int)ruleset);
    return restricted;
}

/* What threads, allocation, reading and the run time of the compilers' sanitizers need. */
static const int allowed_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(lseek),
    SCMP_SYS(fadvise64),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(getcpu),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrusage),
    SCMP_SYS(membarrier),
};

/* Nothing that reads evidence ever does this: it is an attack, and the process ends. */
static const int deadly_calls[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(bpf),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(mount),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
};

#define WRITING_FLAGS (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

static int add_rules(scmp_filter_ctx filter)
{
    int error = 0;

    for (size_t i = 0; i < ARRAY_COUNT(allowed_calls) && !error; i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
    for (size_t i = 0; i < ARRAY_COUNT(deadly_calls) && !error; i++)
        error = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly_calls[i], 0);
    if (!error)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                                 SCMP_A2_32(SCMP_CMP_MASKED_EQ, WRITING_FLAGS, 0));
    if (!error)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                 SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    if (!error) /* abort() */
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    if (!error)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
                                 SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0));
    /* its flags lie in memory, where no filter can look: the C library falls back to clone */
    if (!error)
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return error;
}

static bool restrict_calls(struct why *why)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int error = filter ? add_rules(filter) : -ENOMEM;

    if (!error)
        error = seccomp_load(filter);
    if (filter)
        seccomp_release(filter);
    if (error)
        why_set(why, "system calls could not be restricted (error %d)", -error);
    return error == 0;
}

enum sandbox_state sandbox_enter(const char *const *paths, size_t count, struct why *why)
{
    struct why paths_why, calls_why;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        why_set(why, "this kernel lets no process give up its rights");
        return SANDBOX_NONE;
    }
    bool has_paths = restrict_paths(paths, count, &paths_why);
    bool has_calls = restrict_calls(&calls_why);
    if (has_paths && has_calls)
        return SANDBOX_FULL;
    if (has_paths || has_calls) {
        why_set(why, "%s", has_paths ? calls_why.text : paths_why.text);
        return SANDBOX_PARTIAL;
    }
    why_set(why, "%.250s; %.250s", paths_why.text, calls_why.text);
    return SANDBOX_NONE;
}
