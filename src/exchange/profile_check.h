// What a profile's file would be, before anybody fetches it: how many products, which of them lack what the channel
// asks for, and what the first ones look like. Writes nothing. Any thread.
#pragma once

#include "exchange/profiles.h"

namespace pf::exchange {

// Of one check, which somebody waits for: some seconds. Larger profiles are checked by their first products, and say
// so.
inline constexpr std::uint64_t kCheckedMax = 20'000;
inline constexpr std::size_t kCheckSamples = 5, kCheckSkus = 10, kCheckFaultsMax = 200;

struct ProfileCheck {
  std::uint64_t total = 0;    // products that the question means
  std::uint64_t checked = 0;  // the first of them that are listed at all
  std::uint64_t faulty = 0;   // of those: lack something, or have what the channel does not take
  bool whole = true;          // false: there are more than were checked
  struct Fault {
    std::string column{}, code{}, message{};
    std::uint64_t products = 0;
    std::vector<std::string> skus{};  // the first kCheckSkus
  };
  std::vector<Fault> faults{};                                              // most frequent first
  std::vector<std::vector<std::pair<std::string, std::string>>> samples{};  // column and cell, without empty ones
  std::vector<FieldFault> advice{};                                         // about the profile itself
};
Result<ProfileCheck> check_profile(const Profiles& profiles, const Profile& profile);

}  // namespace pf::exchange
