// The master key, that the ring's keys are wrapped under: folder/master.bin holds it sealed under what its provider
// gives (master_format.h), and is written in place only. One thread at a time (the vault's mutex).
//
// Order of writes of a change, each durable before the next; wherever it is cut off, the old lock or the new one opens:
//   1 a new key file, beside the old one if it is to replace it       the old lock holds
//   2 a page under the new lock, with the old and the new master key  from here the new lock holds
//   3 the ring is wrapped anew (ring.h)                               both master keys are needed
//   4 the new key file takes the old one's place, in place
//   5 both pages, with the new master key alone                       nothing on the disk knows the old one any more
#pragma once

#include <filesystem>

#include "productflow/result.h"
#include "vault/master_format.h"

namespace pf::vault {

class MasterKey {
 public:
  // Of the ring in `folder`, or of one that is about to be made there (`fresh`). Errors (unavailable): damaged; the key
  // file of an older ring is missing; a lost ring whose master key only a person could open.
  static Result<MasterKey> open(const std::filesystem::path& folder, bool fresh);

  KeyProvider provider() const { return page_.provider; }
  const std::string& place() const { return page_.place; }
  const MasterPage& page() const { return page_; }

  struct Keys {
    crypto::SecretBytes now;
    crypto::SecretBytes next{};  // empty but while the ring has slots of both
  };
  // What opens without a person; else nothing, and why. An error for a key file or credential that is another's.
  struct Alone {
    std::optional<Keys> keys{};
    std::string why{};
  };
  Result<Alone> open_alone();
  // With what given_secret() made of what a person handed in; of a provider that needs nobody, nothing.
  // invalid: "passphrase", "shares".
  Result<Keys> open_with(const crypto::SecretBytes& provider_secret);
  // After the ring was found to belong to the keys: mends what a crash left, and forgets the lock.
  Result<> settle(std::string_view key);

  // Steps 1 and 2; the new master key comes back. invalid: "path" for a file that is there or in the ring's folder.
  Result<crypto::SecretBytes> begin_change(NewLock lock, std::string_view now);
  Result<> finish_change(std::string_view next);  // steps 4 and 5
  void forget() { lock_ = {}; }

 private:
  explicit MasterKey(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path key_file(const std::string& place) const;
  std::filesystem::path next_file() const;  // beside the key file
  std::optional<Keys> open_by(const crypto::SecretBytes& provider_secret);
  Result<> write_page(MasterPage page);
  Result<> overwrite_stray_page();
  Result<> write_keys(const std::vector<std::string_view>& keys);
  Result<> tidy_key_files();

  std::filesystem::path folder_;
  MasterPage page_;
  bool on_disk_ = false;                   // not yet: a ring that has a bare key file
  bool pages_agree_ = false;               // the other page says the same
  std::optional<std::size_t> stray_page_;  // where a failed write may have left a page under a lock that never held
  crypto::SecretBytes lock_;               // while something is still to be written under it
};

// What opens the page, from what a person hands in: slow for a passphrase, so not under a lock. Nothing for a provider
// that needs nobody. invalid: "passphrase", "shares".
Result<crypto::SecretBytes> given_secret(const MasterPage& page, const KeyOffer& offer);

}  // namespace pf::vault
