// What waits for the second half of an answer: between the password and the second factor, and a passkey's challenge
// until it is signed. Lives in memory alone. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "productflow/clock.h"

namespace pf::access {

struct Caller;

struct Pending {
  enum class For { sign_in, passkey, confirm, enrol } what = For::sign_in;
  std::string user{};      // empty: whoever the passkey says
  std::string password{};  // the hash that was right; the ticket ends with it
  std::string session{}, challenge{}, rp_id{}, origin{};
  std::string agent{}, address{}, network{};  // of whoever asked; keep() fills them in, and `until`
  Time until{};
  int tries = 0;
};

class Tickets {
 public:
  // Anybody may ask for a challenge, so what strangers ask for makes room first, and one network's first of all: an
  // office of fifty behind one address signs in, and nobody's tickets end by what others ask for.
  static constexpr std::size_t kAllMax = 2'000, kNetworkMax = 50;

  std::string keep(Pending one, const Caller& caller, Time now);  // the ticket
  // Counts a try. Nothing when there is none, it is too old, or somebody else's.
  std::optional<Pending> take_try(std::string_view ticket, Pending::For what, const Caller& caller, Time now);
  void drop(std::string_view ticket);
  void drop_of(std::string_view user);  // everything that waits for him

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, Pending> all_;  // by the hash of the ticket
};

}  // namespace pf::access
