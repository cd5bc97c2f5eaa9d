// What the serving process gives up before it meets the first stranger. Main thread, once.
#pragma once

#include <string>
#include <vector>

namespace pf::app {

// No core dumps, no ptrace or /proc/PID/mem by the same user, no new privileges through exec, no page both writable and
// executable. Returns what this kernel could not do, for `doctor` and the log; nothing here is a reason not to start.
std::vector<std::string> harden_process();

}  // namespace pf::app
