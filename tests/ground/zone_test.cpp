// Local time: what a clock on the wall shows, and when it shows something.
#include "productflow/zone.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "productflow/text.h"

using namespace pf;

namespace {

bool lacks_zones() {
  if (std::filesystem::exists("/usr/share/zoneinfo/Europe/Amsterdam")) return false;
  std::cout << "SKIPPED: this machine has no /usr/share/zoneinfo\n";
  return true;
}
LocalSeconds wall(const char* text) {
  return LocalSeconds{std::chrono::floor<std::chrono::seconds>(*parse_time(text)).time_since_epoch()};
}
std::string when(const Zone& zone, const char* text) {
  return rfc3339(zone.moment(wall(text)));
}

}  // namespace

TEST_CASE("a local time is another moment in summer than in winter, far into the future too") {
  if (lacks_zones()) return;
  const auto zone = Zone::load("Europe/Amsterdam");
  REQUIRE(zone.ok());
  CHECK(when(*zone, "2026-01-15T07:00:00Z") == "2026-01-15T06:00:00Z");
  CHECK(when(*zone, "2026-07-15T07:00:00Z") == "2026-07-15T05:00:00Z");
  CHECK(when(*zone, "2061-07-15T07:00:00Z") == "2061-07-15T05:00:00Z");
  CHECK(zone->local(*parse_time("2026-07-15T05:00:00Z")) == wall("2026-07-15T07:00:00Z"));
  CHECK(zone->local(*parse_time("2061-12-15T06:00:00Z")) == wall("2061-12-15T07:00:00Z"));
  const auto south = Zone::load("Australia/Sydney");
  REQUIRE(south.ok());
  CHECK(when(*south, "2026-01-15T07:00:00Z") == "2026-01-14T20:00:00Z");
  CHECK(when(*south, "2061-07-15T07:00:00Z") == "2061-07-14T21:00:00Z");
}

TEST_CASE("a local time that does not exist comes once, after it; one that exists twice comes once, the first time") {
  if (lacks_zones()) return;
  const auto zone = Zone::load("Europe/Amsterdam");
  REQUIRE(zone.ok());
  for (const char* year : {"2026-03-29", "2062-03-26"}) {
    const std::string day(year);
    CHECK(when(*zone, (day + "T01:59:59Z").c_str()) == day + "T00:59:59Z");
    CHECK(when(*zone, (day + "T02:30:00Z").c_str()) == day + "T01:30:00Z");  // 03:30 there
    CHECK(when(*zone, (day + "T03:00:00Z").c_str()) == day + "T01:00:00Z");
  }
  CHECK(when(*zone, "2026-10-25T02:30:00Z") == "2026-10-25T00:30:00Z");
  CHECK(when(*zone, "2026-10-25T03:00:00Z") == "2026-10-25T02:00:00Z");
  CHECK(when(*zone, "2026-10-25T01:59:00Z") == "2026-10-24T23:59:00Z");
}

TEST_CASE("every zone of the machine is there and back again") {
  if (lacks_zones()) return;
  std::size_t zones = 0;
  for (const char* name : {"Europe/Amsterdam", "Europe/London", "America/New_York", "America/St_Johns", "Asia/Kolkata",
                           "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Auckland", "Pacific/Chatham",
                           "Asia/Tehran", "Europe/Dublin", "Etc/GMT+5"}) {
    const auto zone = Zone::load(name);
    if (!zone.ok()) continue;
    ++zones;
    for (int month = 0; month < 24 * 12; ++month) {
      const Time at = *parse_time("2020-01-10T12:34:56Z") + std::chrono::hours{730 * month};
      // An hour that comes twice is taken for its first.
      CHECK_MESSAGE((at - zone->moment(zone->local(at))) <= std::chrono::hours{1}, name);
      CHECK_MESSAGE(zone->local(zone->moment(zone->local(at))) == zone->local(at), name);
    }
  }
  CHECK(zones > 8);
}

TEST_CASE("a zone that is none is refused, wherever its name leads") {
  for (const char* name : {"", "Europe/Atlantis", "../../../etc/passwd", "/etc/passwd", "Europe//Amsterdam", "Europe/",
                           "a b", "Europe/Amsterdam\n"})
    CHECK_FALSE_MESSAGE(Zone::load(name).ok(), name);
  CHECK(Zone::load("UTC").ok());
  CHECK(rfc3339(Zone::load("UTC")->moment(wall("2026-07-15T07:00:00Z"))) == "2026-07-15T07:00:00Z");
  for (const std::string_view bytes :
       {"", "TZif", "TZif2 and then nothing of the kind that a file of zones would hold"})
    CHECK_FALSE(Zone::read(bytes).ok());
}

TEST_CASE("a damaged file of a zone is refused or read, and never more than that") {
  if (lacks_zones()) return;
  std::ifstream in("/usr/share/zoneinfo/Europe/Amsterdam", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(Zone::read(whole).ok());
  std::size_t refused = 0;
  const auto look = [&](const std::string& bytes) {
    const auto zone = Zone::read(bytes);
    refused += !zone.ok();
    if (zone.ok()) static_cast<void>(zone->moment(zone->local(*parse_time("2026-07-15T05:00:00Z"))));
  };
  for (std::size_t size = 0; size < whole.size(); ++size) look(whole.substr(0, size));
  CHECK(refused == whole.size());
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char byte : {'\0', '\xff', '9', '-'}) {
      std::string bytes = whole;
      bytes[at] = byte;
      look(bytes);
    }
  CHECK(refused > whole.size());
}
