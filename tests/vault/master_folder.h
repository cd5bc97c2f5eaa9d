// A ring's folder with its master key, and what a person does to it.
#pragma once

#include <map>

#include "disk.h"
#include "small_vault.h"
#include "vault/ring.h"

namespace pf::test {

using namespace pf::vault;
namespace fs = std::filesystem;

inline constexpr std::uint32_t kHour = 491'000;
inline constexpr PassphraseCost kCheap{1, 8};  // the least that Argon2id takes: tests open hundreds of times

inline KeyChange to_passphrase(std::string_view words) {
  KeyChange change{.provider = KeyProvider::passphrase};
  change.passphrase = crypto::SecretBytes::copy_of(words);
  change.cost = kCheap;
  return change;
}
inline KeyChange to_shares(const std::vector<std::string>& shares) {
  KeyChange change{.provider = KeyProvider::shares};
  change.shares = {shares[0], shares[2]};
  return change;
}
inline KeyOffer words(std::string_view text) {
  KeyOffer offer;
  offer.passphrase = crypto::SecretBytes::copy_of(text);
  return offer;
}
inline KeyOffer two(const std::string& one, const std::string& other) {
  KeyOffer offer;
  offer.shares = {one, other};
  return offer;
}

inline constexpr std::string_view kWords = "harbour lantern quiet forty-two", kOther = "another five words for a vault";

struct MasterFolder {
  TempFolder folder;
  HandClock clock;
  NoSync quick;
  fs::path master_file = folder.path() / "master.bin", key_file = folder.path() / "master.key";

  Ring open() {
    auto ring = Ring::open(folder.path(), clock);
    REQUIRE_MESSAGE(ring.ok(), (ring.ok() ? "" : ring.error().message));
    return *std::move(ring);
  }
  Ring open(const KeyOffer& offer) {
    Ring ring = open();
    REQUIRE(ring.is_sealed());
    const auto done = unseal(ring, offer);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return ring;
  }
  static Result<> unseal(Ring& ring, const KeyOffer& offer) {
    PF_LET(const auto secret, given_secret(ring.master_key().page(), offer));
    return ring.unseal(secret);
  }
  static Result<> change(Ring& ring, const KeyChange& change) {
    PF_LET(auto lock, new_lock(change));
    return ring.change_master(std::move(lock));
  }
  static std::string key(const Ring& ring, std::uint32_t epoch) {
    const auto live = ring.live_key(KeyType::data, epoch);
    return live ? std::string(*live) : "";
  }
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      all[entry.path().filename()] = file_bytes(entry.path());
    return all;
  }
  void put_back(const std::map<std::string, std::string>& all) const {
    for (const auto& entry : fs::directory_iterator(folder.path())) fs::remove(entry.path());
    for (const auto& [name, bytes] : all) overwrite(folder.path() / name, bytes);
  }
};

inline std::string fault_of(const Result<>& done) {
  return done.ok()                     ? ""
         : done.error().faults.empty() ? done.error().message
                                       : done.error().faults[0].field + " " + done.error().faults[0].code;
}

}  // namespace pf::test
