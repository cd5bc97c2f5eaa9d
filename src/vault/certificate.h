// What was destroyed, said for good: statements that are signed and chained, never about whom. A statement is JSON with
//   certificate 1, number 1, 2, 3 ..., kind, shop (the ring's id), at, previous (hash of the one before), key (the
//   signer's open half, base64url), and what its kind adds. Of a purge: gone_from, gone_before (every hour between is
//   gone), keys and slots of the ring, and the records, files and bytes that it found; what had no key any more may
//   have left with an earlier compaction, uncounted.
// The signature is Ed25519 over the statement's very bytes; the hash is SHA-256 over statement and signature. Functions
// over the store; any thread. Bytes: vault_keys.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/crypto.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::vault {

struct Certificate {
  std::uint64_t number = 0;
  std::string statement, signature, hash;  // 64 and 32 bytes
  json::Value body{};                      // the statement, read
};

struct CertificatesVerdict {
  std::uint64_t certificates = 0;
  std::string fault;                                          // empty when all hold; else which breaks and how
  std::vector<std::pair<std::uint64_t, std::string>> keys{};  // first certificate of each signer, base64url
  std::vector<std::uint64_t> unvouched{};  // where the signer changed without the former one's word (a lost ring)
};

struct Signer {
  crypto::SigningKey key;
  std::string shop;  // the ring's id, hex
};

// In the caller's unit of work. `details` is an object whose members follow the common ones.
Result<Certificate> certify(storage::Write& work, storage::FamilyRef family, const Signer& signer,
                            std::string_view kind, Time at, const json::Value& details);
// Newest first, those with number < before (0: from the newest), at most `count`.
Result<std::vector<Certificate>> certificates(const storage::Reader& read, storage::FamilyRef family,
                                              std::uint64_t before, std::size_t count);
Result<std::optional<Certificate>> certificate(const storage::Reader& read, storage::FamilyRef family,
                                               std::uint64_t number);
Result<CertificatesVerdict> verify_certificates(const storage::Reader& read, storage::FamilyRef family);

}  // namespace pf::vault
