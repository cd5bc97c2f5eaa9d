// Profiles as they are stored. Only for this room.
#pragma once

#include "exchange/profile.h"
#include "productflow/result.h"

namespace pf::exchange {

std::string profile_record(const Profile& profile);
Result<Profile> profile_of_record(std::string_view id, std::string_view record);

}  // namespace pf::exchange
