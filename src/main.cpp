#include <malloc.h>

#include "app/ways.h"
#include "cell/task.h"
#include "formats/cell_reading.h"
#include "pictures/pictures.h"

namespace {

// What this executable does when it is started by itself, shut in, to read what strangers sent (src/cell).
constexpr pf::cell::Task kTasks[] = {pf::formats::kReadFileTask, pf::pictures::kShrinkTask};

}  // namespace

int main(int argc, char** argv) {
  if (pf::cell::is_cell(argc, argv)) pf::cell::live(argc, argv, kTasks);
  // A heap for each of many threads keeps what other threads freed: two are enough for the processors of a small box.
  // What is large (a batch of an import) goes back to the system as soon as it is freed.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  return pf::cli::run(argc, argv, pf::app::ways());
}
