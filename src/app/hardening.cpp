#include "app/hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace pf::app {
namespace {

// From Linux 6.3's <linux/prctl.h>; Debian 12's headers are older than the kernels we meet.
constexpr int kSetMemoryDenyWriteExecute = 65;
constexpr unsigned long kRefuseExecGain = 1;

}  // namespace

std::vector<std::string> harden_process() {
  std::vector<std::string> lacking;
  umask(0077);  // whatever we create is ours alone

  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0) lacking.push_back("core dumps could not be switched off");
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;  // connections and table files
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (prctl(PR_SET_DUMPABLE, 0) != 0) lacking.push_back("the process's memory could not be closed to its own user");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) lacking.push_back("new privileges could not be refused");
  if (prctl(kSetMemoryDenyWriteExecute, kRefuseExecGain, 0, 0, 0) != 0)
    lacking.push_back("writable memory could not be barred from execution (needs Linux 6.3)");
  return lacking;
}

}  // namespace pf::app
