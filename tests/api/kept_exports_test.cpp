// Downloads that broke off: with a sink of paper that fails where it is told to.
#include "api/kept_exports.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "api/resumable.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

constexpr std::size_t kRows = 1'000;

std::string row(std::size_t at, int version) {
  return "row " + std::to_string(at) + " as of " + std::to_string(version) + "\n";
}

struct Desk {
  test::TempFolder folder{};
  test::HandClock clock{};
  std::atomic<bool> signed_in{true};
  std::atomic<int> version{1};  // of what is exported
  api::KeptExports exports;

  explicit Desk(api::KeptLimits limits)
      : exports(
            folder.path(),
            [this](const http::Request& request) -> Result<access::Actor> {
              if (!signed_in) return error(ErrorCode::unauthenticated, "signed out");
              return access::Actor{access::Actor::Kind::user, request.path, request.path};
            },
            clock, limits) {}

  // What a reader has who takes `most` bytes; `meanwhile` is called at the row where he is lost.
  std::string take(const std::string& tag, std::size_t most, const std::function<void()>& meanwhile = {},
                   const std::string& person = "anna") {
    std::string got;
    const auto write = [&](const http::BodySink& sink) -> Result<> {
      for (std::size_t i = 0; i < kRows; ++i)
        if (!sink(row(i, version))) return error(ErrorCode::unavailable, "nobody reads");
      return {};
    };
    const auto sink = [&](std::string_view piece) {
      if (got.size() + piece.size() > most) {
        if (meanwhile) meanwhile();
        return false;
      }
      got += piece;
      return true;
    };
    http::Request request;
    request.path = person;
    const bool whole = most > kRows * 40;
    if (whole)
      exports.send({tag, "orders of " + person, person, request}, write, sink);
    else
      CHECK_THROWS_AS(exports.send({tag, "orders of " + person, person, request}, write, sink), std::runtime_error);
    return got;
  }
  // All of it as from_byte reads it; what was let go is zeros.
  std::string all_of(api::KeptExports::Kept& kept) const {
    std::string got;
    exports.send_rest(kept, [&](std::string_view piece) {
      got += piece;
      return true;
    });
    return got;
  }
  bool ends(std::size_t kept) const {  // within some looks of the thread that lets go
    for (int i = 0; i < 300 && exports.kept() != kept; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    return exports.kept() == kept;
  }
};

}  // namespace

TEST_CASE("kept exports: what broke off goes on with the same bytes, whatever is changed meanwhile") {
  Desk desk({.tail_bytes = 4'000, .file_bytes = 1u << 20, .free_bytes = 0});
  std::string whole;
  for (std::size_t i = 0; i < kRows; ++i) whole += row(i, 1);
  for (const std::size_t lost_at : {std::size_t{0}, whole.size() / 2, whole.size() - 5}) {
    const std::string tag = "tag-" + std::to_string(lost_at);
    // A purge finds nothing of it in the database: no file with a name, no snapshot of anybody.
    const std::string got = desk.take(tag, lost_at, [&] { CHECK(std::filesystem::is_empty(desk.folder.path())); });
    CHECK(std::filesystem::is_empty(desk.folder.path()));
    desk.version = 2;  // every row is changed, and nobody sees it in what is on its way
    const auto kept = desk.exports.find("orders of anna", tag, got.size());
    REQUIRE(kept);
    CHECK(api::KeptExports::tag_of(*kept) == tag);
    CHECK(got + desk.all_of(*kept).substr(got.size()) == whole);
    desk.version = 1;
    // What was on its way when the connection was lost is there too; what is far behind is not, nor another's.
    CHECK((desk.exports.find("orders of anna", tag, got.size() > 3'900 ? got.size() - 3'900 : 0) != nullptr));
    CHECK((desk.exports.find("orders of anna", tag, 0) != nullptr) == (lost_at == 0));
    CHECK_FALSE(desk.exports.find("orders of bert", tag, got.size()));
    CHECK_FALSE(desk.exports.find("orders of anna", "tag-other", got.size()));
    // Who names none is given this one while it alone can be meant, and nobody else's.
    CHECK((desk.exports.find("orders of anna", "", got.size()) == kept) == (lost_at == 0));
  }
  // Sent to its end, and the end may still be lost.
  CHECK(desk.take("sent", SIZE_MAX) == whole);
  const auto kept = desk.exports.find("orders of anna", "sent", whole.size() - 100);
  REQUIRE(kept);
  CHECK(desk.all_of(*kept).substr(whole.size() - 4'000) == whole.substr(whole.size() - 4'000));
}

TEST_CASE("kept exports: little is kept, for ten minutes, and not beyond the session") {
  Desk desk({.tail_bytes = 4'000, .file_bytes = 10'000, .free_bytes = 0});
  for (const char* tag : {"one", "two", "three"}) desk.take(tag, SIZE_MAX);
  CHECK(desk.exports.kept() == api::kKeptOfPersonMax);
  CHECK_FALSE(desk.exports.find("orders of anna", "one", 1u << 20));
  CHECK(desk.exports.find("orders of anna", "three", 1u << 20));
  for (int person = 0; person < 12; ++person) desk.take("one", SIZE_MAX, {}, "clerk " + std::to_string(person));
  CHECK(desk.exports.kept() == api::kKeptMax);
  desk.clock.pass(api::kKeptFor + std::chrono::seconds{1});
  CHECK(desk.ends(0));
  // Too long for the disk: it is given up, and whoever asks gets it anew.
  desk.take("long", 5'000);
  CHECK_FALSE(desk.exports.find("orders of anna", "long", 5'000));
  desk.take("last", SIZE_MAX);
  CHECK(desk.exports.find("orders of anna", "last", 1u << 20));
  desk.signed_in = false;
  CHECK(desk.ends(0));
}

TEST_CASE("kept exports: who asks for the rest while the first reader hangs takes his place") {
  Desk desk({.tail_bytes = 4'000, .file_bytes = 1u << 20, .free_bytes = 0});
  std::thread rest;
  std::string all;
  const std::string got = desk.take("hangs", 9'000, [&] {
    const auto kept = desk.exports.find("orders of anna", "hangs", 8'990);
    REQUIRE(kept);
    rest = std::thread([&desk, &all, kept] { all = desk.all_of(*kept); });  // waits until it is whole
  });
  rest.join();
  CHECK(all.size() > 9'000);
  CHECK(all.substr(9'000).ends_with(row(kRows - 1, 1)));
  CHECK(all.substr(8'990, got.size() - 8'990) == got.substr(8'990));
}

TEST_CASE("kept exports: one that went on to its end is not in the way of the next that breaks off") {
  Desk desk({.tail_bytes = 4'000, .file_bytes = 1u << 20, .free_bytes = 0});
  const access::Actor actor{access::Actor::Kind::user, "anna", "anna"};
  const auto ask = [&](http::Headers headers) {
    const http::Request request{.method = "GET", .target = "/export", .path = "anna", .headers = std::move(headers)};
    const auto write = [](const http::BodySink& sink) -> Result<> {
      for (std::size_t i = 0; i < kRows; ++i)
        if (!sink(row(i, 1))) return error(ErrorCode::unavailable, "nobody reads");
      return {};
    };
    return api::resumable(desk.exports, {.actor = actor, .request = request},
                          {.content_type = "text/csv",
                           .name = "x.csv",
                           .mark = [] { return Result<std::string>("as it is"); },
                           .write = write});
  };
  for (int time = 0; time < 2; ++time) {
    const auto first = ask({});
    REQUIRE(first.ok());
    CHECK_THROWS(first->stream([](std::string_view) { return false; }));
    const auto goes_on = ask({{"range", "bytes=9-"}});
    REQUIRE_MESSAGE(goes_on.ok(), goes_on.error().message);
    goes_on->stream([](std::string_view) { return true; });  // counts it, which is no sending
    goes_on->stream([](std::string_view) { return true; });
  }
}
