#include "http/lane.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using namespace pf::http;

namespace {

// Tasks that hold their thread until they are let go.
struct Held {
  std::latch go{1};
  std::atomic<int> taken{0};
  Lane<int> lane;
  Held(unsigned threads_max, std::size_t waiting_max, unsigned enough)
      : lane(threads_max, waiting_max, enough, [this](int) {
          ++taken;
          go.wait();
        }) {}
  ~Held() {
    if (!go.try_wait()) go.count_down();
  }
  bool push(Haste haste) {
    int task = 0;
    return lane.push(task, haste);
  }
  bool taken_becomes(int count) const {
    for (int i = 0; i < 2'000 && taken != count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return taken == count;
  }
};

}  // namespace

TEST_CASE("lane: changes get a thread each at once, so that they can wait for the disk together") {
  Held held(4, 10, 1);
  for (int i = 0; i < 4; ++i) CHECK(held.push(Haste::now));
  CHECK(held.taken_becomes(4));
  CHECK_FALSE(held.lane.nudge());
}

TEST_CASE("lane: a read waits for a thread that is awake, and gets another when nothing moves") {
  Held held(4, 10, 1);
  CHECK(held.push(Haste::soon));
  CHECK(held.taken_becomes(1));
  CHECK(held.push(Haste::soon));
  std::this_thread::sleep_for(kStallTime * 3);
  CHECK(held.taken == 1);
  CHECK(held.lane.nudge());
  CHECK(held.taken_becomes(2));
}

TEST_CASE("lane: a task that finds no thread and no place is left with who brought it") {
  Held held(2, 1, 2);
  for (int i = 0; i < 2; ++i) CHECK(held.push(Haste::now));
  CHECK(held.taken_becomes(2));
  CHECK(held.push(Haste::now));
  CHECK_FALSE(held.push(Haste::now));
}

TEST_CASE("lane: what waits is done before it ends") {
  std::atomic<int> done = 0;
  {
    Lane<int> lane(2, 1'000, 1, [&](int) { ++done; });
    for (int i = 0; i < 500; ++i) {
      int task = i;
      REQUIRE(lane.push(task, i % 2 == 0 ? Haste::soon : Haste::now));
    }
  }
  CHECK(done == 500);
}
