// What the files of this room share: bytes as the libraries' C interfaces want them, owners of what these hand out, and
// faults that have no answer.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace pf::crypto {

inline const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// OpenSSL and libsodium fail here only for lack of memory or a broken installation; there is no answer to give then.
inline void must(bool done) {
  if (!done) std::abort();
}

// Frees what a C library made: std::unique_ptr<BIGNUM, Free<BN_free>>.
template <auto function>
struct Free {
  template <class T>
  void operator()(T* made) const {
    function(made);
  }
};

}  // namespace pf::crypto
