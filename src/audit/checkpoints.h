// Signed checkpoints of the log, kept in a file beside the database: whoever can write the database, and so make a
// whole new chain, cannot make these. Signed about once an hour and on demand, never over a chain that does not hold
// since the one before. Any thread.
//
// The key lies in the same folder, for the appliance to sign by itself: against somebody who holds the whole folder it
// helps only who has kept a checkpoint elsewhere. `productflow audit verify` shows the newest one for that.
//
// The file, stored on disk, do not change; one line each, each kind in the order of its numbers:
//   NUMBER HASH TIME SIGNATURE             entry NUMBER is HASH
//   dropped NUMBER HASH TIME SIGNATURE     entries up to NUMBER were old enough, and are gone
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "audit/audit.h"
#include "crypto/crypto.h"

namespace pf::audit {

inline constexpr std::string_view kCheckpointsFile = "audit.checkpoints", kCheckpointsKey = "audit.key";

struct Checkpoint {
  std::uint64_t number = 0;  // of the newest entry then
  std::string hash;          // of that entry, hex
  Time at{};
  std::string signature;  // Ed25519 over all of this, base64url
  bool dropped = false;
};
struct SignedVerdict {
  Verdict chain{};
  std::uint64_t checkpoints = 0;
  std::string fault;  // of the chain or of a checkpoint; empty when all holds
  Checkpoint newest{};
  std::string key;  // the open half, base64url
};
// How signing goes, for who must act on it.
struct Signing {
  std::string failure{};  // why the last try failed; empty when it did not
  std::optional<Time> failing_since{}, signed_at{};
};

class Checkpoints {
 public:
  // Makes the key (0600) on first use. A line that a crash cut off while it was written is taken away and told in the
  // log. `unavailable` when key or file cannot be read or made.
  static Result<std::unique_ptr<Checkpoints>> open(storage::Store& store, Audit& audit, const Clock& clock,
                                                   const std::filesystem::path& folder);
  // Nothing when no entry came since the last. `conflict` when the chain does not hold since then.
  Result<> sign();
  Signing signing() const;
  // The chain, every signature, and that the chain holds what was signed. `recent` trusts the newest checkpoint and
  // looks at what came after: for logs of millions.
  enum class Scope { all, recent };
  Result<SignedVerdict> verify(Scope scope = Scope::all) const;
  // Drops what is older than Audit::keep_days(), up to a checkpoint of that age; how many entries. `conflict` when that
  // part of the chain does not hold: it is evidence then.
  Result<std::uint64_t> drop_old();
  // Of anything else that is to be vouched for; `purpose` keeps one kind from being taken for another.
  std::string sign_text(std::string_view purpose, std::string_view text) const;  // base64url
  bool text_holds(std::string_view purpose, std::string_view text, std::string_view signature) const;
  std::string open_key() const;  // base64url

 private:
  Checkpoints(storage::Store& store, Audit& audit, const Clock& clock, std::filesystem::path folder,
              crypto::SigningKey key)
      : store_(store), audit_(audit), clock_(clock), folder_(std::move(folder)), key_(std::move(key)) {}
  struct Lines {
    std::vector<Checkpoint> checkpoints{}, drops{};
    std::string fault{};
  };
  Result<Lines> read() const;
  Lines lines_of(std::string_view text) const;  // checks every signature: a second for some ten thousand of them
  Result<> mend();
  Result<> sign_newest();
  Result<> keep_after(const Checkpoint& drop);
  Result<> sweep();  // all that is out of sight
  bool holds(const Checkpoint& one) const;
  Result<Place> known(const storage::Reader& read) const;

  storage::Store& store_;
  Audit& audit_;
  const Clock& clock_;
  const std::filesystem::path folder_;
  const crypto::SigningKey key_;
  mutable std::mutex mutex_;  // guards the file and newest_; held while the chain since then is looked at
  Checkpoint newest_{};
  mutable std::mutex signing_mutex_;  // guards signing_, which a monitor asks for at any moment
  Signing signing_{};
};

}  // namespace pf::audit
