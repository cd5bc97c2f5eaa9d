// A cell that has been taken over: whatever file it is given, the file's own bytes are its answers, as they are.
#include <unistd.h>

#include "cell/task.h"
#include "formats/cell_messages.h"
#include "formats/cell_reading.h"

namespace {

void answer_as_told(pf::cell::House& house) {
  using namespace pf::formats::message;
  house.receive();
  house.send(kWant, pf::cell::Packer().number(0).number(1u << 20).bytes());
  const std::string bytes = house.receive().body;
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t done = write(STDOUT_FILENO, bytes.data() + at, bytes.size() - at);
    if (done <= 0) return;
    at += static_cast<std::size_t>(done);
  }
}

constexpr pf::cell::Task kTasks[] = {{pf::formats::kReadFileTask.name, answer_as_told}};

}  // namespace

int main(int argc, char** argv) {
  if (pf::cell::is_cell(argc, argv)) pf::cell::live(argc, argv, kTasks);
  return 2;
}
