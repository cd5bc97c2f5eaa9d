// Signed checkpoints of the log, kept in a file beside the database: whoever can write the database, and so make a
// whole new chain, cannot make these. Signed about once an hour and on demand. Any thread.
//
// The key lies in the same folder, for the appliance to sign by itself: against somebody who holds the whole folder it
// helps only who has kept a checkpoint elsewhere. `productflow audit verify` shows the newest one for that.
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
};
struct SignedVerdict {
  Verdict chain{};
  std::uint64_t checkpoints = 0;
  std::string fault;  // of the chain or of a checkpoint; empty when all holds
  Checkpoint newest{};
  std::string key;  // the open half, base64url
};

class Checkpoints {
 public:
  // Makes the key (0600) on first use. `unavailable` when it cannot be read or made.
  static Result<std::unique_ptr<Checkpoints>> open(storage::Store& store, const Audit& audit, const Clock& clock,
                                                   const std::filesystem::path& folder);
  Result<> sign();  // nothing when no entry came since the last
  // The chain, every signature, and that the chain holds what was signed.
  Result<SignedVerdict> verify() const;

 private:
  Checkpoints(storage::Store& store, const Audit& audit, const Clock& clock, std::filesystem::path folder,
              crypto::SigningKey key)
      : store_(store), audit_(audit), clock_(clock), folder_(std::move(folder)), key_(std::move(key)) {}
  Result<std::vector<Checkpoint>> read(std::string& fault) const;

  storage::Store& store_;
  const Audit& audit_;
  const Clock& clock_;
  const std::filesystem::path folder_;
  const crypto::SigningKey key_;
  mutable std::mutex mutex_;  // guards the file and last_
  std::uint64_t last_ = 0;
};

}  // namespace pf::audit
