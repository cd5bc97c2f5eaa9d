#include "webhooks/signing.h"

#include "crypto/crypto.h"
#include "productflow/text.h"

namespace pf::webhooks {

std::string base64(std::string_view bytes) {
  std::string out = base64url(bytes);
  for (char& c : out) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string secret_text(std::string_view secret) {
  return "whsec_" + base64(secret);
}

std::string signature(std::span<const std::string> secrets, std::string_view id, std::int64_t seconds,
                      std::string_view body) {
  std::string signed_text(id);
  signed_text.append(".").append(std::to_string(seconds)).append(".").append(body);
  std::string out;
  for (const std::string& secret : secrets)
    out += (out.empty() ? "v1," : " v1,") + base64(crypto::hmac_sha256(secret, signed_text));
  return out;
}

}  // namespace pf::webhooks
