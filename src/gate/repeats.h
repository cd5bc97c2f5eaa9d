// Makes a POST safe to send again: what was asked with an Idempotency-Key is remembered for a day, and the answer is
// given again instead of doing it twice. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/crypto.h"
#include "http/message.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::gate {

inline constexpr std::chrono::hours kRepeatTime{24};  // as the hosted payment services do
inline constexpr std::size_t kRepeatKeyBytesMax = 255;
inline constexpr std::size_t kRepeatAnswerBytesMax = 256u
                                                     << 10;  // longer answers are not given again, only not done again

class Repeats {
 public:
  static std::vector<storage::Family> families();  // "repeats"
  // What was asked, buyers and passwords among it, is kept as a number under a key made of `pepper`, which is not in
  // the store: nobody can try out who or what it was.
  Repeats(storage::Store& store, const Clock& clock, std::string_view pepper);

  // Before the work: the earlier answer, or nothing: then do it and call finish() or forget(). `fingerprint` stands for
  // all that was asked. Error: invalid key, another request under the same key, the same one still running, or one that
  // was interrupted or whose answer is no longer held (conflict: it is not done again).
  Result<std::optional<http::Response>> begin(std::string_view actor, std::string_view key,
                                              std::string_view fingerprint);
  // It was done. Where even this cannot be written, the key stays started: it is not done again.
  void finish(std::string_view actor, std::string_view key, const http::Response& response);
  // Nothing was changed: the same key may try again.
  void forget(std::string_view actor, std::string_view key);
  // It is not known what was done: the key stays started.
  void leave(std::string_view actor, std::string_view key);

 private:
  storage::Store& store_;
  const Clock& clock_;
  const storage::FamilyRef family_;
  const std::string secret_;  // of this process
  const crypto::SecretBytes asked_key_;

  std::mutex mutex_;
  std::set<std::string> running_;  // hashes; guarded by mutex_
};

}  // namespace pf::gate
