// libFuzzer's door to the targets: fuzzers TARGET [--processor-seconds N] [libFuzzer's own options...]. The seconds are
// counted by the processor's clock, so that a busy machine does not mean less work.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "targets.h"

namespace {

const pf::fuzz::Target* target = nullptr;
std::clock_t end = 0;  // 0: as libFuzzer's options say
unsigned long inputs = 0;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  char** words = *arguments;
  int kept = 1;
  for (int i = 1; i < *count; ++i) {
    const std::string_view word = words[i];
    if (i == 1) {
      for (const auto& one : pf::fuzz::kTargets)
        if (word == one.name) target = &one;
    } else if (word == "--processor-seconds" && i + 1 < *count) {
      end = std::strtol(words[++i], nullptr, 10) * CLOCKS_PER_SEC;
    } else {
      words[kept++] = words[i];
    }
  }
  if (target == nullptr) {
    std::fprintf(stderr, "fuzzers TARGET [--processor-seconds N] [libFuzzer's options...], of these targets:\n");
    for (const auto& one : pf::fuzz::kTargets) std::fprintf(stderr, "  %s\n", one.name);
    std::exit(2);
  }
  words[kept] = nullptr;
  *count = kept;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run(data, size);
  // libFuzzer takes std::exit for a fault of what it tries.
  if (++inputs % 16 == 0 && end != 0 && std::clock() >= end) {
    std::fprintf(stderr, "%s: %lu inputs without a fault\n", target->name, inputs);
    _exit(0);
  }
  return 0;
}
