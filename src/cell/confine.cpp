#include "cell/confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>

namespace pf::cell {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

std::string why(int fault) {
  return std::strerror(fault);
}

// Landlock (Linux 5.13), whose header in Debian 12 is older than the kernels that we meet: the numbers are the kernel's
// interface and do not change (Documentation/userspace-api/landlock.rst).
struct LandlockRules {
  std::uint64_t files = 0, network = 0, scoped = 0;
};
constexpr long kLandlockCreateRuleset = 444, kLandlockRestrictSelf = 446;
constexpr unsigned kLandlockVersion = 1;  // flag: ask for the kernel's version of it

int close_files() {
  const long version = syscall(kLandlockCreateRuleset, nullptr, std::size_t{0}, kLandlockVersion);
  if (version < 0) return errno;
  LandlockRules rules;  // everything that this version knows, and nothing is let through
  rules.files = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version == 2 ? 0x3fff : 0x1fff;
  if (version >= 4) rules.network = 0x3;  // to listen, to connect
  if (version >= 6) rules.scoped = 0x3;   // abstract sockets, signals
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const long ruleset = syscall(kLandlockCreateRuleset, &rules, size, 0u);
  if (ruleset < 0) return errno;
  const int fault = syscall(kLandlockRestrictSelf, ruleset, 0u) == 0 ? 0 : errno;
  close(static_cast<int>(ruleset));
  return fault;
}

// When memory ends, the kernel shall end this process and not the house.
void be_first_to_go() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (write(file, "1000", 4) != 4) {
    // Then it goes by its size, as any other.
  }
  close(file);
}

void drop_capabilities() {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
  syscall(SYS_capset, &head, none);  // without any there is nothing to drop
}

bool limit(int what, rlim_t value) {
  const rlimit both{value, value};
  return setrlimit(static_cast<__rlimit_resource_t>(what), &both) == 0;
}

// Default: the process ends. What is let through is what parsers and the allocator below them need.
int filter_system_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return ENOSYS;
  int fault = 0;
  const auto rule = [&](std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> args = {}) {
    if (fault == 0)
      fault = seccomp_rule_add_array(filter, action, call, static_cast<unsigned>(args.size()),
                                     args.size() == 0 ? nullptr : args.begin());
  };
  const auto is = [](unsigned argument, std::uint64_t value) { return scmp_arg_cmp{argument, SCMP_CMP_EQ, value, 0}; };
  const auto has = [](unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return scmp_arg_cmp{argument, SCMP_CMP_MASKED_EQ, mask, value};
  };
  constexpr std::uint32_t kAllow = SCMP_ACT_ALLOW;
  fault = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  rule(kAllow, SCMP_SYS(read), {is(0, STDIN_FILENO)});
  rule(kAllow, SCMP_SYS(write), {is(0, STDOUT_FILENO)});
  rule(kAllow, SCMP_SYS(mmap), {has(2, PROT_EXEC, 0), has(3, MAP_ANONYMOUS, MAP_ANONYMOUS)});
  rule(kAllow, SCMP_SYS(mprotect), {has(2, PROT_EXEC, 0)});
  for (const int call : {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
                         SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(sched_yield),
                         SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)})
    rule(kAllow, call);
  // abort(), which ends the process too, and says so
  for (const int call :
       {SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(getpid), SCMP_SYS(gettid)})
    rule(kAllow, call);
  rule(kAllow, SCMP_SYS(tgkill), {is(0, static_cast<std::uint64_t>(getpid()))});
  // What the C library asks of the machine to choose a way (qsort its memory), and does without.
  for (const int call : {SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity), SCMP_SYS(uname)})
    rule(SCMP_ACT_ERRNO(EPERM), call);
  // Newer allocators name their memory, and go on when they may not.
  constexpr std::uint64_t kSetVma = 0x53564d41;
  rule(SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), {is(0, kSetVma)});
  if (kSanitized) {
    rule(kAllow, SCMP_SYS(write), {is(0, STDERR_FILENO)});
    rule(kAllow, SCMP_SYS(sigaltstack));
    for (const int call : {SCMP_SYS(open), SCMP_SYS(readlink), SCMP_SYS(getrlimit), SCMP_SYS(prlimit64)})
      rule(SCMP_ACT_ERRNO(EACCES), call);
  }
  if (fault == 0) fault = seccomp_load(filter);
  seccomp_release(filter);
  return -fault;
}

}  // namespace

Result<Layers> confine(unsigned cpu_seconds, std::size_t memory_bytes) {
  Layers layers;
  const auto told = [&](const char* layer, bool holds, const std::string& lacks) {
    if (holds)
      layers.hold.emplace_back(layer);
    else
      layers.lacking.push_back(std::string(layer) + ": " + lacks);
  };

  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return error(ErrorCode::unavailable, "its privileges cannot be frozen (" + why(errno) + ")");
  be_first_to_go();
  prctl(PR_SET_DUMPABLE, 0);

  // Before the limit of processes, which would count against it; a namespace of users gives the right to make the
  // others.
  constexpr int kApart = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  const bool own_user = unshare(CLONE_NEWUSER | kApart) == 0;
  const int user_fault = errno;
  const bool own_network = own_user || unshare(kApart) == 0;
  told("network", own_network, "no namespace of its own (" + why(user_fault) + ")");
  told("user", own_user, "no namespace of its own (" + why(user_fault) + ")");
  drop_capabilities();

  const int files_fault = close_files();
  told("files", files_fault == 0, "no Landlock (" + why(files_fault) + ")");

  bool limits = limit(RLIMIT_CPU, cpu_seconds) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
                limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_MEMLOCK, 0);
  if (!kSanitized) limits = limits && limit(RLIMIT_AS, memory_bytes);
  if (!limits) return error(ErrorCode::unavailable, "its use of the machine cannot be limited (" + why(errno) + ")");
  told("limits", !kSanitized, "a sanitized build has no limit of memory, and may write its report");

  if (const int fault = filter_system_calls(); fault != 0)
    return error(ErrorCode::unavailable,
                 "this system does not let it filter its system calls (seccomp: " + why(fault) + ")");
  layers.hold.emplace_back("system calls");
  return layers;
}

}  // namespace pf::cell
