#include <doctest/doctest.h>

#include <cstdint>
#include <string>

// RocksDB's own declaration is in a header that it does not install. What is called is what its log is summed with.
namespace rocksdb::crc32c {
std::uint32_t Extend(std::uint32_t sum, const char* bytes, std::size_t size);
}
extern "C" std::uint32_t __real__ZN7rocksdb6crc32c6ExtendEjPKcm(std::uint32_t sum, const char* bytes, std::size_t size);

using rocksdb::crc32c::Extend;

TEST_CASE("log checksum: it is CRC-32C, as RFC 3720 gives examples of it") {
  const std::string zeros(32, '\0'), ones(32, '\xff');
  std::string rising;
  for (char byte = 0; byte < 32; ++byte) rising += byte;
  CHECK(Extend(0, zeros.data(), zeros.size()) == 0x8a9136aau);
  CHECK(Extend(0, ones.data(), ones.size()) == 0x62a8ab43u);
  CHECK(Extend(0, rising.data(), rising.size()) == 0x46dd794eu);
}

TEST_CASE("log checksum: it is RocksDB's own, of any length, from any place, in any pieces") {
  std::string bytes;
  std::uint32_t drawn = 1;
  for (int i = 0; i < 5'000; ++i) bytes += static_cast<char>((drawn = drawn * 1664525 + 1013904223) >> 24);
  for (std::size_t size = 0; size < 100; ++size)
    for (std::size_t from = 0; from < 9; ++from)
      REQUIRE(Extend(7, bytes.data() + from, size) ==
              __real__ZN7rocksdb6crc32c6ExtendEjPKcm(7, bytes.data() + from, size));
  const std::uint32_t whole = __real__ZN7rocksdb6crc32c6ExtendEjPKcm(0, bytes.data(), bytes.size());
  CHECK(Extend(0, bytes.data(), bytes.size()) == whole);
  CHECK(Extend(Extend(0, bytes.data(), 1'234), bytes.data() + 1'234, bytes.size() - 1'234) == whole);
}
