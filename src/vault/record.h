// One sealed field of a buyer as bytes (format: vault_keys.h). Pure functions; every byte read is hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/crypto.h"
#include "vault/vault.h"

namespace pf::vault {

// Bound into every seal of a record: moving it to another shop, order, field, epoch or time makes it unreadable.
struct Binding {
  std::string_view ring_id;  // 16 bytes: the tenant
  const Subject& subject;
  Field field;
};

// The subject as bytes, with lengths, so that no two subjects give the same.
std::string subject_bytes(const Subject& subject);
// The key of one order's records; from the epoch's key, so it dies with it.
crypto::SecretBytes record_secret(std::string_view epoch_key, std::string_view rid);

std::string record_head(std::uint32_t epoch, Time created, std::uint16_t flags);
std::string seal_record(std::string_view secret, std::uint32_t epoch, Time created, const Binding& binding,
                        std::string_view text);
// Nothing when a bit, the key or what it is bound to differs, or the record is of another epoch or time.
std::optional<std::string> open_record(std::string_view secret, std::uint32_t epoch, Time created,
                                       const Binding& binding, std::string_view record);

}  // namespace pf::vault
