#include "vault/record.h"

#include "productflow/bytes.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

// Length and text, filled up to the next power of two: the record tells the size of an address only roughly.
std::string padded(std::string_view text) {
  std::size_t size = kSmallestPadded;
  while (size < 4 + text.size()) size *= 2;
  std::string out;
  out.reserve(size);  // at once, so that no smaller copy is left behind
  put_be32(out, static_cast<std::uint32_t>(text.size()));
  out.append(text).resize(size, '\0');
  return out;
}

std::string bound(std::string_view head, const Binding& binding) {
  std::string out("pf.pii.v1\0", 10);
  out.append(head).append(binding.ring_id).append(subject_bytes(binding.subject));
  out.push_back(static_cast<char>(binding.field));
  return out;
}

}  // namespace

std::string subject_bytes(const Subject& subject) {
  std::string out;
  for (const std::string& part : {subject.channel, subject.channel_order_id}) {
    put_be16(out, static_cast<std::uint16_t>(part.size()));
    out.append(part);
  }
  return out;
}

crypto::SecretBytes record_secret(std::string_view epoch_key, std::string_view rid) {
  return crypto::hkdf_sha256(epoch_key, rid, "pf/v1/rec", crypto::kGcmKeyBytes);
}

std::string record_head(std::uint32_t epoch, Time created, std::uint16_t flags) {
  std::string head{kRecordVersion, kAlgorithmAesGcm};
  put_be16(head, flags);
  put_be32(head, epoch);
  put_be64(head, static_cast<std::uint64_t>(created.time_since_epoch().count()));
  return head;
}

std::string seal_record(std::string_view secret, std::uint32_t epoch, Time created, const Binding& binding,
                        std::string_view text) {
  std::string plain = padded(text);
  const std::string head = record_head(epoch, created, kFlagsRecord), nonce = crypto::random_bytes(kNonceBytes);
  std::string record = head + nonce + crypto::gcm_seal(secret, nonce, bound(head, binding), plain);
  crypto::wipe(plain);
  return record;
}

std::optional<std::string> open_record(std::string_view secret, std::uint32_t epoch, Time created,
                                       const Binding& binding, std::string_view record) {
  if (record.size() < kRecordHeadBytes + kNonceBytes + kSmallestPadded + crypto::kGcmTagBytes) return std::nullopt;
  const std::string_view head = record.substr(0, kRecordHeadBytes);
  if (head != record_head(epoch, created, kFlagsRecord)) return std::nullopt;
  const auto plain = crypto::gcm_open(secret, record.substr(kRecordHeadBytes, kNonceBytes), bound(head, binding),
                                      record.substr(kRecordHeadBytes + kNonceBytes));
  if (!plain || plain->size() < 4) return std::nullopt;
  const std::uint32_t length = get_be32(plain->bytes());
  if (length > plain->size() - 4) return std::nullopt;
  return std::string(plain->bytes().substr(4, length));
}

}  // namespace pf::vault
