#include "access/totp.h"

#include "crypto/crypto.h"
#include "crypto/factors.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::access {

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
  std::string counter;
  put_be64(counter, static_cast<std::uint64_t>(step));
  const std::string mac = crypto::hmac_sha1(secret, counter);
  // RFC 4226 section 5.3, dynamic truncation.
  const std::size_t at = static_cast<unsigned char>(mac.back()) & 0x0f;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(mac[at + i]);
  number &= 0x7fffffff;
  std::string code(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = code.size(); i-- > 0; number /= 10) code[i] = static_cast<char>('0' + number % 10);
  return code;
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Time now,
                                      std::int64_t last_used) {
  const std::int64_t current = now.time_since_epoch() / kTotpStep;
  std::optional<std::int64_t> found;
  for (std::int64_t step = current - kTotpSkewSteps; step <= current + kTotpSkewSteps; ++step)
    if (crypto::same_bytes(totp_code(secret, step), code) && step > last_used) found = step;
  return found;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out.push_back(kLetters[held >> (bits - 5) & 31]);
    held &= (1u << bits) - 1;
  }
  if (bits > 0) out.push_back(kLetters[held << (5 - bits) & 31]);
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view shop, std::string_view email) {
  const std::string issuer = percent_encode(shop);
  return "otpauth://totp/" + issuer + ":" + percent_encode(email) + "?secret=" + base32(secret) + "&issuer=" + issuer;
}

}  // namespace pf::access
