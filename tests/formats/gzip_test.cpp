#include "formats/gzip_writer.h"

#include <doctest/doctest.h>

#include <string>

#include "formats/unpacked.h"

using namespace pf;

TEST_CASE("what is packed as gzip comes back, whatever its pieces, and the same bytes are packed the same") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "product " + std::to_string(i * i) + "\n";
  std::string first;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1'000}, std::size_t{100'000}, text.size()}) {
    std::string packed;
    formats::GzipWriter writer([&](std::string_view bytes) {
      packed += bytes;
      return true;
    });
    for (std::size_t at = 0; at < text.size(); at += piece) REQUIRE(writer.write(text.substr(at, piece)).ok());
    REQUIRE(writer.finish().ok());
    CHECK(packed.size() < text.size() / 2);
    if (first.empty()) first = packed;
    CHECK((packed == first));
    formats::MemorySource source(packed);
    formats::UnpackedGzip unpacked(source);
    std::string back;
    for (;;) {
      const auto got = unpacked.read(back.size(), 1u << 20);
      REQUIRE(got.ok());
      if (got->empty()) break;
      back += *got;
    }
    CHECK((back == text));
  }
}

TEST_CASE("packing ends when nobody reads any more") {
  formats::GzipWriter writer([](std::string_view) { return false; });
  CHECK((!writer.write(std::string(1u << 20, 'x')).ok() || !writer.finish().ok()));
  std::string packed;
  formats::GzipWriter empty([&](std::string_view bytes) {
    packed += bytes;
    return true;
  });
  REQUIRE(empty.finish().ok());
  CHECK(packed.size() >= 18);  // the head and the sum
}
