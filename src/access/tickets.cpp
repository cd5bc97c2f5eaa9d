#include "access/tickets.h"

#include <algorithm>
#include <vector>

#include "access/access.h"
#include "access/access_impl.h"
#include "crypto/crypto.h"

namespace pf::access {

std::string Tickets::keep(Pending one, const Caller& caller, Time now) {
  std::string ticket = base64url(crypto::random_bytes(32));
  one.agent = caller.agent;
  one.address = caller.address;
  one.network = network_of(caller.address);
  one.until = now + kTicketLife;
  const std::lock_guard lock(mutex_);
  std::erase_if(all_, [&](const auto& entry) { return entry.second.until <= now; });
  const auto oldest_of = [&](const auto& is) {
    auto oldest = all_.end();
    for (auto entry = all_.begin(); entry != all_.end(); ++entry)
      if (is(entry->second) && (oldest == all_.end() || entry->second.until < oldest->second.until)) oldest = entry;
    return oldest;
  };
  const auto of_network = [&](const Pending& other) { return other.network == one.network; };
  const auto of_strangers = [](const Pending& other) { return other.what == Pending::For::passkey; };
  if (std::ranges::count_if(all_, of_network, [](const auto& entry) -> const Pending& { return entry.second; }) >=
      static_cast<std::ptrdiff_t>(kNetworkMax)) {
    const auto stranger = oldest_of([&](const Pending& other) { return of_network(other) && of_strangers(other); });
    all_.erase(stranger != all_.end() ? stranger : oldest_of(of_network));
  } else if (all_.size() >= kAllMax) {
    const auto stranger = oldest_of(of_strangers);
    all_.erase(stranger != all_.end() ? stranger : oldest_of([](const Pending&) { return true; }));
  }
  all_[crypto::sha256(ticket)] = std::move(one);
  return ticket;
}

std::optional<Pending> Tickets::take_try(std::string_view ticket, Pending::For what, const Caller& caller, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(crypto::sha256(ticket));
  if (found == all_.end()) return std::nullopt;
  Pending& one = found->second;
  const bool good = one.until > now && one.what == what && one.agent == caller.agent && one.address == caller.address &&
                    ++one.tries <= kTicketTriesMax;
  if (good) return one;
  if (one.what == what) all_.erase(found);
  return std::nullopt;
}

void Tickets::drop(std::string_view ticket) {
  const std::lock_guard lock(mutex_);
  all_.erase(crypto::sha256(ticket));
}

void Tickets::drop_of(std::string_view user) {
  const std::lock_guard lock(mutex_);
  std::erase_if(all_, [&](const auto& entry) { return entry.second.user == user; });
}

}  // namespace pf::access
