// Where SecretBytes live. libsodium's own allocation costs six calls of the kernel and four pages; a key that lives for
// microseconds, one for each sealed field, would spend more time there than in the cipher. So small ones are slots of
// larger pieces that libsodium locked and fenced; a slot is wiped when it comes back. Pieces are kept for the process's
// life: as many as were in use at once.
#include <sodium.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "crypto/crypto.h"

namespace pf::crypto {
namespace {

// A key, a padded short field, a padded address.
constexpr std::array<std::size_t, 3> kSlotBytes{64, 256, 1024};
constexpr std::size_t kPieceBytes = 16u << 10;

struct Slots {
  std::mutex mutex;
  std::array<std::vector<unsigned char*>, kSlotBytes.size()> free;  // guarded by mutex
};

Slots& slots() {
  static Slots* const all = new Slots;  // never deleted: secrets of static storage may go after it
  return *all;
}

std::size_t kind_of(std::size_t size) {
  std::size_t kind = 0;
  while (kind < kSlotBytes.size() && size > kSlotBytes[kind]) ++kind;
  return kind;
}

unsigned char* locked(std::size_t size) {
  if (sodium_init() < 0) std::abort();  // no random source: nothing here would be safe
  auto* piece = static_cast<unsigned char*>(sodium_malloc(size));
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}

unsigned char* take(std::size_t size) {
  const std::size_t kind = kind_of(size);
  if (kind == kSlotBytes.size()) return locked(size);
  Slots& all = slots();
  const std::lock_guard lock(all.mutex);
  auto& free = all.free[kind];
  if (free.empty()) {
    unsigned char* piece = locked(kPieceBytes);
    std::memset(piece, 0, kPieceBytes);
    free.reserve(free.capacity() + kPieceBytes / kSlotBytes[kind]);  // so that give_back() cannot fail
    for (std::size_t at = 0; at < kPieceBytes; at += kSlotBytes[kind]) free.push_back(piece + at);
  }
  unsigned char* slot = free.back();
  free.pop_back();
  return slot;
}

void give_back(unsigned char* data, std::size_t size) {
  if (data == nullptr) return;
  const std::size_t kind = kind_of(size);
  if (kind == kSlotBytes.size()) return sodium_free(data);  // wipes
  sodium_memzero(data, size);
  Slots& all = slots();
  const std::lock_guard lock(all.mutex);
  all.free[kind].push_back(data);
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : data_(take(size)), size_(size) {
  std::memset(data_, 0, size);
}
SecretBytes SecretBytes::copy_of(std::string_view source) {
  SecretBytes copy(source.size());
  if (!source.empty()) std::memcpy(copy.data_, source.data(), source.size());
  return copy;
}
SecretBytes SecretBytes::random(std::size_t size) {
  SecretBytes made(size);
  randombytes_buf(made.data_, size);
  return made;
}
SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
SecretBytes::~SecretBytes() {
  give_back(data_, size_);
}

}  // namespace pf::crypto
