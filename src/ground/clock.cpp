#include "productflow/clock.h"

#include <time.h>

#include <fstream>

namespace pf {
namespace {

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }
  milliseconds since_boot() const override {
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return milliseconds{static_cast<std::int64_t>(t.tv_sec) * 1000 + t.tv_nsec / 1'000'000};
  }
  std::string boot_id() const override {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace pf
