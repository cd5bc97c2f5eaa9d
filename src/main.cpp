#include <malloc.h>

#include "app/ways.h"

int main(int argc, char** argv) {
  // A heap for each of many threads keeps what other threads freed: two are enough for the processors of a small box.
  // What is large (a batch of an import) goes back to the system as soon as it is freed.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  return pf::cli::run(argc, argv, pf::app::ways());
}
