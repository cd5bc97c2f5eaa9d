// libFuzzer's door to one target; PF_TARGET names it.
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pf::fuzz::PF_TARGET(data, size);
  return 0;
}
