#include "vault/certificate.h"

#include "json/members.h"
#include "productflow/text.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::size_t kHashBytes = 32;

struct Head {
  std::uint64_t number = 0;
  std::string hash = std::string(kHashBytes, '\0');
};

Result<Head> head_of(const storage::Reader& read, storage::FamilyRef family) {
  PF_LET(const auto bytes, read.get(family, kCertificateHeadKey));
  if (!bytes) return Head{};
  if (bytes->size() != 8 + kHashBytes)
    return error(ErrorCode::internal,
                 "The certificates' head is damaged. Run: productflow vault certificates --verify");
  return Head{get_be64(*bytes), bytes->substr(8)};
}

Result<Certificate> read_record(std::uint64_t number, std::string_view record) {
  const Error damaged = error(ErrorCode::internal, "Certificate " + std::to_string(number) +
                                                       " is damaged. Run: productflow vault certificates --verify");
  if (record.size() < crypto::kSignatureBytes) return damaged;
  Certificate one;
  one.number = number;
  one.statement = record.substr(0, record.size() - crypto::kSignatureBytes);
  one.signature = record.substr(record.size() - crypto::kSignatureBytes);
  one.hash = crypto::sha256(record);
  auto body = json::parse(one.statement);
  if (!body.ok()) return damaged;
  one.body = *std::move(body);
  return one;
}

// What is wrong with one certificate in its place; empty if nothing.
std::string fault_of(const Certificate& one, const Head& before) {
  const std::string name = "Certificate " + std::to_string(one.number);
  const json::Value* number = one.body.find("number");
  if (number == nullptr || number->as_int() != static_cast<std::int64_t>(one.number))
    return name + " says another number: it was moved.";
  if (json::text_in(one.body, "previous") != hex(before.hash)) return name + " does not follow the one before it.";
  const auto key = unbase64url(json::text_in(one.body, "key"));
  if (!key || !crypto::signature_holds(*key, one.statement, one.signature))
    return name + " was altered: its signature does not hold.";
  return {};
}

}  // namespace

Result<Certificate> certify(storage::Write& work, storage::FamilyRef family, const Signer& signer,
                            std::string_view kind, Time at, const json::Value& details) {
  PF_LET(const Head head, head_of(work, family));
  json::Value body = json::Value::object({{"certificate", 1},
                                          {"number", head.number + 1},
                                          {"kind", kind},
                                          {"shop", signer.shop},
                                          {"at", rfc3339(at)},
                                          {"previous", hex(head.hash)},
                                          {"key", base64url(signer.key.open)}});
  if (const json::Members* members = details.as_object())
    for (const auto& [name, value] : *members) body.set(name, value);
  const std::string statement = json::write(body);
  const std::string record = statement + crypto::sign(signer.key, statement);
  work.put(family, certificate_key(head.number + 1), record);
  PF_LET(Certificate made, read_record(head.number + 1, record));
  std::string head_bytes;
  put_be64(head_bytes, made.number);
  work.put(family, kCertificateHeadKey, head_bytes.append(made.hash));
  return made;
}

Result<std::vector<Certificate>> certificates(const storage::Reader& read, storage::FamilyRef family,
                                              std::uint64_t before, std::size_t count) {
  std::vector<Certificate> all;
  const std::string end = certificate_key(before == 0 ? UINT64_MAX : before);
  auto row = read.scan(family, certificate_key(0), end);
  for (row.seek_for_prev(end); row.valid() && all.size() < count; row.prev()) {
    PF_LET(auto one, read_record(get_be64(row.key().substr(1)), row.value()));
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::optional<Certificate>> certificate(const storage::Reader& read, storage::FamilyRef family,
                                               std::uint64_t number) {
  PF_LET(const auto record, read.get(family, certificate_key(number)));
  if (!record) return std::optional<Certificate>{};
  PF_LET(auto one, read_record(number, *record));
  return std::optional<Certificate>(std::move(one));
}

Result<CertificatesVerdict> verify_certificates(const storage::Reader& read, storage::FamilyRef family) {
  CertificatesVerdict verdict;
  Head chain;
  std::string key, next_key;
  for (auto row = read.scan_prefix(family, kCertificatePrefix); row.valid(); row.next()) {
    const std::uint64_t number = row.key().size() == 9 ? get_be64(row.key().substr(1)) : 0;
    if (number != chain.number + 1) {
      verdict.fault = "Certificate " + std::to_string(chain.number + 1) + " is missing.";
      return verdict;
    }
    const auto one = read_record(number, row.value());
    verdict.fault = one.ok() ? fault_of(*one, chain) : "Certificate " + std::to_string(number) + " is damaged.";
    if (!verdict.fault.empty()) return verdict;
    ++verdict.certificates;
    if (const std::string signer = json::text_in(one->body, "key"); signer != key) {
      if (!key.empty() && signer != next_key) verdict.unvouched.push_back(number);
      verdict.keys.emplace_back(number, signer);
      key = signer;
    }
    next_key = json::text_in(one->body, "next_key");
    chain = {number, one->hash};
  }
  PF_LET(const Head head, head_of(read, family));
  if (head.number != chain.number || head.hash != chain.hash)
    verdict.fault = "The certificates end at " + std::to_string(chain.number) + ", but " + std::to_string(head.number) +
                    " were written: the end was cut off.";
  return verdict;
}

}  // namespace pf::vault
