// How long a channel's buyers are kept: 30 days, or fewer when its owner says so. There is no other clock and no other
// key: whoever is kept for fewer days is sealed under a key that is as much older, so that it dies in time.
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

std::string kept_days_key(std::string_view channel) {
  return std::string(kKeptDaysPrefix).append(channel);
}

}  // namespace

bool is_channel(std::string_view name) {
  constexpr std::size_t kChannelBytesMax = 40;  // a word on a page, not a sentence
  return !name.empty() && name.size() <= kChannelBytesMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

Result<std::uint32_t> Vault::Impl::retention_of(const storage::Reader& read, std::string_view channel) const {
  PF_LET(const auto kept, read.get(own, kept_days_key(channel)));
  if (!kept) return kRetentionEpochs;
  const std::uint32_t days = kept->size() == 4 ? get_be32(*kept) : 0;
  if (days < 1 || days > kRetentionDaysMax)
    return error(ErrorCode::internal, "What the database knows of a channel's retention is damaged.");
  return days * kEpochsPerDay;
}

Result<> Vault::keep_days(storage::Write& work, const access::Actor& by, std::string_view channel, std::uint32_t days) {
  // Back to 30 days whatever its name: an earlier version took names that no order can have.
  if (days < kRetentionDaysMax && !is_channel(channel))
    return invalid("channel", "format",
                   "Name the channel as its orders do: a short lower-case name such as amazon or manual.");
  if (days < 1 || days > kRetentionDaysMax)
    return invalid("days", "range", "A channel's buyers are kept for 1 to 30 days; longer than 30 nobody can be kept.");
  if (days == kRetentionDaysMax) {
    work.erase(impl_->own, kept_days_key(channel));
  } else {
    std::string value;
    put_be32(value, days);
    work.put(impl_->own, kept_days_key(channel), value);
  }
  return impl_->audit.append(work, by, "vault.retention", "",
                             json::Value::object({{"channel", channel}, {"days", days}}));
}

Result<std::vector<std::pair<std::string, std::uint32_t>>> Vault::kept_days(const storage::Reader& read) const {
  std::vector<std::pair<std::string, std::uint32_t>> all;
  for (auto row = read.scan_prefix(impl_->own, kKeptDaysPrefix); row.valid(); row.next())
    if (row.value().size() == 4)
      all.emplace_back(std::string(row.key().substr(kKeptDaysPrefix.size())), get_be32(row.value()));
  return all;
}

}  // namespace pf::vault
