// What second factors need beyond crypto.h: the hash of one-time codes and the signatures of passkeys. Plain functions,
// any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pf::crypto {

std::string hmac_sha1(std::string_view key, std::string_view data);  // 20 bytes; RFC 6238 and its apps want no other

// ECDSA over P-256 with SHA-256 (COSE -7). `x`, `y`: 32 bytes each; `signature`: DER. False for a point off the curve.
bool es256_holds(std::string_view x, std::string_view y, std::string_view message, std::string_view signature);
// RSASSA-PKCS1-v1_5 with SHA-256 (COSE -257). Big-endian; false for a modulus below 2048 or above 4096 bits.
bool rs256_holds(std::string_view modulus, std::string_view exponent, std::string_view message,
                 std::string_view signature);

}  // namespace pf::crypto
