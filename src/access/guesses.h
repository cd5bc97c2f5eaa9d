// Slows down who keeps guessing, without holding up anybody else. Any thread; memory is bounded.
//
// A try counts as failed from the moment it begins, so a hundred at once are a hundred; whoever was right has it taken
// back, or all forgiven.
//
// A guess is counted against its address and, unless it comes from a browser where that person has signed in before,
// against the account. So an attacker with ten thousand addresses is stopped at the account, and the owner still comes
// in from his own browser (OWASP, "Device Cookies").
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::access {

class Guesses {
 public:
  struct Pace {
    int free_tries;               // before the first wait
    milliseconds wait_max;        // waits double up to this
    milliseconds forgiven_after;  // without a failure
  };
  // 5 logins (security.md 6); a minute is bearable for the clumsy and hopeless for a guesser.
  static constexpr Pace kByAddress{5, std::chrono::minutes{1}, std::chrono::minutes{15}};
  // A person has one account and many addresses: more tries, longer waits.
  static constexpr Pace kByAccount{10, std::chrono::minutes{15}, std::chrono::hours{1}};

  explicit Guesses(Pace pace) : pace_(pace) {}
  // Counts a try. too_many with how long to wait; else whether it begins the waiting if it fails: worth telling then.
  Result<bool> count(const std::string& who, milliseconds since_boot);
  void take_back(const std::string& who);  // that one was right; what failed before still counts
  void succeeded(const std::string& who);  // forgives all

 private:
  static constexpr std::size_t kWhoMax = 10'000;
  struct Failure {
    int count = 0;
    milliseconds last{}, open_at{};
  };
  const Pace pace_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failure> failures_;
};

}  // namespace pf::access
