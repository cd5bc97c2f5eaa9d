// The checksum of RocksDB's log, CRC-32C (Castagnoli; RFC 3720, appendix B.4), by the processor's own instruction.
// Debian builds RocksDB for the oldest processors, and so its log is summed with tables at 1 GB/s: three hundredths of
// an import went into that. The linker's --wrap puts this in the place of RocksDB's function for all that call it
// (CMakeLists.txt); the sum is the same, and where the processor lacks the instruction RocksDB's own makes it.
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __x86_64__
#include <nmmintrin.h>
#endif

extern "C" {
// rocksdb::crc32c::Extend(uint32_t, const char*, size_t)
std::uint32_t __real__ZN7rocksdb6crc32c6ExtendEjPKcm(std::uint32_t sum, const char* bytes, std::size_t size);
std::uint32_t __wrap__ZN7rocksdb6crc32c6ExtendEjPKcm(std::uint32_t sum, const char* bytes, std::size_t size);
}

#ifdef __x86_64__
namespace {

__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t sum, const char* bytes, std::size_t size) {
  std::uint64_t state = ~sum;
  for (; size >= 8; bytes += 8, size -= 8) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes, 8);
    state = _mm_crc32_u64(state, eight);
  }
  auto rest = static_cast<std::uint32_t>(state);
  for (; size > 0; ++bytes, --size) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*bytes));
  return ~rest;
}

}  // namespace
#endif

std::uint32_t __wrap__ZN7rocksdb6crc32c6ExtendEjPKcm(std::uint32_t sum, const char* bytes, std::size_t size) {
#ifdef __x86_64__
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") > 0;
  if (has_instruction) return by_instruction(sum, bytes, size);
#endif
  return __real__ZN7rocksdb6crc32c6ExtendEjPKcm(sum, bytes, size);
}
