#include "vault/key_provider.h"

#include <cstdlib>

#include "crypto/passphrase.h"
#include "crypto/secret_file.h"
#include "crypto/shares.h"
#include "productflow/text.h"
#include "vault/ring_format.h"

namespace pf::vault {
namespace {

// A share as a text: the set it belongs to 4, number 1, bytes 32, and the first 4 of SHA-256 over these; so that a
// mistyped one and one of an older set are told from a wrong one. Kept outside, on paper too: do not change.
constexpr std::string_view kSharePrefix = "pf-share-1:";
constexpr std::size_t kSetBytes = 4, kSumBytes = 4, kShareBytes = kSetBytes + 1 + kKeyBytes + kSumBytes;

std::string share_text(std::string_view set, const crypto::Share& share) {
  std::string bytes(set);
  bytes.push_back(static_cast<char>(share.number));
  bytes.append(share.bytes.bytes());
  bytes.append(crypto::sha256(bytes), 0, kSumBytes);
  std::string text = std::string(kSharePrefix) + base64url(bytes);
  crypto::wipe(bytes);
  return text;
}

struct ReadShare {
  std::string set;
  crypto::Share share;
};
std::optional<ReadShare> read_share(std::string_view text) {
  text = trim(text);
  auto bytes = text.starts_with(kSharePrefix) ? unbase64url(text.substr(kSharePrefix.size())) : std::nullopt;
  if (!bytes || bytes->size() != kShareBytes) return std::nullopt;
  const std::string_view covered = std::string_view(*bytes).substr(0, kShareBytes - kSumBytes);
  if (crypto::sha256(covered).substr(0, kSumBytes) != std::string_view(*bytes).substr(covered.size()))
    return std::nullopt;
  ReadShare read{
      std::string(covered.substr(0, kSetBytes)),
      {static_cast<std::uint8_t>(covered[kSetBytes]), crypto::SecretBytes::copy_of(covered.substr(kSetBytes + 1))}};
  crypto::wipe(*bytes);
  return read;
}

}  // namespace

std::string_view provider_name(KeyProvider provider) {
  switch (provider) {
    case KeyProvider::key_file:
      return "key_file";
    case KeyProvider::passphrase:
      return "passphrase";
    case KeyProvider::credential:
      return "credential";
    case KeyProvider::shares:
      return "shares";
  }
  return "";
}

std::optional<KeyProvider> provider_named(std::string_view name) {
  for (const KeyProvider one :
       {KeyProvider::key_file, KeyProvider::passphrase, KeyProvider::credential, KeyProvider::shares})
    if (provider_name(one) == name) return one;
  return std::nullopt;
}

Result<crypto::SecretBytes> read_key_file(const std::filesystem::path& path) {
  const auto cannot = [&](const char* why) {
    return error(ErrorCode::unavailable, "The master key " + path.string() + " " + why);
  };
  auto bytes = crypto::read_at_most(path, kKeyBytes);
  if (!bytes) return cannot("is missing or cannot be read. Put it back; without it nobody can read buyers' data.");
  if (bytes->size() != kKeyBytes)
    return cannot("is damaged: it must have 32 bytes. Put back the one that belongs to this shop's key ring.");
  return *std::move(bytes);
}

Result<std::optional<crypto::SecretBytes>> read_credential(std::string_view name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // systemd.exec(5)
  if (folder == nullptr || *folder == '\0') return std::optional<crypto::SecretBytes>{};
  auto bytes = crypto::read_at_most(std::filesystem::path(folder) / name, kCredentialBytesMax);
  if (!bytes) return std::optional<crypto::SecretBytes>{};
  if (bytes->size() < kCredentialBytesMin || bytes->size() > kCredentialBytesMax)
    return error(ErrorCode::unavailable, "The credential " + std::string(name) +
                                             " must have 32 to 65,536 bytes. Make one: head -c 32 /dev/urandom.");
  return std::optional<crypto::SecretBytes>(*std::move(bytes));
}

Result<crypto::SecretBytes> join_shares(const std::vector<std::string>& texts) {
  Error faults{ErrorCode::invalid, "Two different shares of the newest set are needed.", {}};
  std::vector<ReadShare> read;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    auto one = read_share(texts[at]);
    if (one)
      read.push_back(*std::move(one));
    else
      faults.faults.push_back({"shares[" + std::to_string(at) + "]", "format",
                               "is no share, or was mistyped: it looks like pf-share-1:... and has 66 characters"});
  }
  if (faults.faults.empty() && texts.size() != 2)
    faults.faults.push_back({"shares", "count", "give exactly two shares"});
  if (faults.faults.empty() && read[0].set != read[1].set)
    faults.faults.push_back({"shares", "set", "the two come from different sets; only the newest three are of use"});
  if (faults.faults.empty() && read[0].share.number == read[1].share.number)
    faults.faults.push_back({"shares", "same", "this is the same share twice"});
  if (!faults.faults.empty()) return faults;
  auto secret = crypto::join_shares(read[0].share, read[1].share);
  if (!secret) return invalid("shares", "format", "These two shares do not fit together.");
  return *std::move(secret);
}

std::vector<std::string> new_shares() {
  const auto secret = crypto::SecretBytes::random(kKeyBytes);
  const std::string set = crypto::random_bytes(kSetBytes);
  std::vector<std::string> texts;
  for (const crypto::Share& share : crypto::split_secret(secret.bytes())) texts.push_back(share_text(set, share));
  return texts;
}

Result<NewLock> new_lock(const KeyChange& change) {
  NewLock lock{change.provider, change.place, crypto::random_bytes(crypto::kPassphraseSaltBytes), {}, {}};
  if (change.place.size() > kKeyPlaceBytesMax)
    return invalid("path", "length", "The path or name is longer than 1,024 bytes.");
  switch (change.provider) {
    case KeyProvider::key_file:
      if (!change.place.empty() && !std::filesystem::path(change.place).is_absolute())
        return invalid("path", "format", "Give the key file's whole path, from / on.");
      lock.secret = crypto::SecretBytes::random(kKeyBytes);
      break;
    case KeyProvider::passphrase: {
      if (change.passphrase.size() < kPassphraseBytesMin)
        return invalid("passphrase", "length",
                       "The passphrase needs at least 16 characters: five words that nobody would put together.");
      if (change.passphrase.size() > kPassphraseBytesMax)
        return invalid("passphrase", "length", "The passphrase may have at most 1,024 bytes.");
      lock.cost = change.cost;
      auto key =
          crypto::key_of_passphrase(change.passphrase.bytes(), lock.salt, lock.cost.passes, lock.cost.memory_kib);
      if (!key)
        return error(ErrorCode::unavailable,
                     "There is not enough memory to work on a passphrase now: it takes 256 MiB for half a second.");
      lock.secret = *std::move(key);
      break;
    }
    case KeyProvider::credential: {
      if (lock.place.empty()) lock.place = kCredentialName;
      if (lock.place.find('/') != std::string::npos || lock.place.starts_with('.'))
        return invalid("name", "format", "A credential's name has no / and no dot in front.");
      PF_LET(auto secret, read_credential(lock.place));
      if (!secret)
        return invalid("name", "absent",
                       "systemd gave this process no credential " + lock.place +
                           ". Add LoadCredentialEncrypted=" + lock.place + ":FILE to the unit and start it again.");
      lock.secret = *std::move(secret);
      break;
    }
    case KeyProvider::shares: {
      PF_LET(lock.secret, join_shares(change.shares));
      break;
    }
  }
  return lock;
}

}  // namespace pf::vault
