#include "cell/cell.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace pf;
using namespace pf::cell;

namespace {

Result<Cell> start(std::string_view task, const Limits& limits = {}) {
  return Cell::start(task, {limits, PF_CELL_PROBE});
}
// What becomes of an attempt: the cell's answer, or how it ended.
std::string outcome(std::string_view task, milliseconds patience = milliseconds{10'000}) {
  auto cell = start(task, {1, 256u << 20, patience});
  if (!cell.ok()) return "not started: " + cell.error().message;
  if (const auto sent = cell->send('g', "go"); !sent.ok()) return sent.error().message;
  const auto answer = cell->receive();
  return answer.ok() ? answer->body : answer.error().message;
}
bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a cell passes messages of any size, and tells what it is shut in by") {
  auto cell = start("echo");
  REQUIRE_MESSAGE(cell.ok(), cell.error().message);
  CHECK(std::ranges::count(cell->layers().hold, "system calls") == 1);
  for (const std::string& one : cell->layers().lacking) MESSAGE("lacking here: " << one);
  for (const std::size_t bytes : {0u, 1u, 4'096u, 70'000u, 9'000'000u}) {
    const std::string body(bytes, 'x');
    REQUIRE(cell->send('g', body).ok());
    const auto back = cell->receive();
    REQUIRE(back.ok());
    CHECK(back->body == body);
  }
  // More than was asked for is not taken.
  REQUIRE(cell->send('g', std::string(1'000, 'x')).ok());
  CHECK(cell->receive(999).error().code == ErrorCode::invalid);
  CHECK_FALSE(cell->send('g', "").ok());
}

TEST_CASE("from inside a cell nothing is reached: files, network, programs, processes, other memory") {
  for (const char* task : {"open", "environment", "socket", "program", "process", "kill", "code", "write"}) {
    const std::string told = outcome(task);
    CHECK_MESSAGE(says(told, "tried to do what it may not"), std::string(task) << ": " << told);
  }
  setenv("PF_SECRET_OF_THE_HOUSE", "x", 1);
  CHECK(outcome("tell") == "no environment");
}

TEST_CASE("a cell that loops, waits, takes memory, crashes or lies ends in an answer, alone") {
  CHECK(says(outcome("spin"), "processor time"));
  CHECK(says(outcome("silent", milliseconds{300}), "said nothing"));
  const std::string memory = outcome("memory");
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
  CHECK_FALSE(says(memory, "came through"));  // a sanitizer has limits of its own
#else
  CHECK(says(memory, "more memory"));
#endif
  const std::string crash = outcome("crash");
  CHECK((says(crash, "alone") || says(crash, "may not")));  // a sanitizer would look into files for its report
  CHECK(says(outcome("abort"), "alone"));
  CHECK(says(outcome("lie"), "more than it may"));
  CHECK(start("none").error().code == ErrorCode::unavailable);
  CHECK(Cell::start("echo", {{}, "/nowhere"}).error().code == ErrorCode::unavailable);
  CHECK(outcome("tell") == "no environment");  // as if nothing had been
}

TEST_CASE("a cell ends with whoever started it") {
  int process = 0;
  {
    auto cell = start("echo");
    REQUIRE(cell.ok());
    process = cell->process();
    CHECK(kill(process, 0) == 0);
  }
  CHECK(kill(process, 0) != 0);
}

TEST_CASE("bodies that lie about their lengths are read as nothing") {
  const std::string body = Packer().number(300).text("abc").byte(7).bytes();
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    Unpacker in(std::string_view(body).substr(0, cut));
    const bool same = in.number() == 300 && in.text() == "abc" && in.byte() == 7;
    CHECK(in.whole() == (cut == body.size()));
    CHECK(same == (cut == body.size()));
  }
  Unpacker endless("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
  CHECK(endless.text().empty());
  CHECK(endless.failed());
  const std::string few = Packer().number(5).text("").text("").bytes();
  CHECK(Unpacker(few).count(4) == 0);
  CHECK(clean_text("a\nb\x1b[2J\xff"
                   "c") == "a b [2J");
}
