// Who may be the same buyer, without telling who he is.
#include <algorithm>

#include "crypto/crypto.h"
#include "json/members.h"
#include "productflow/text.h"
#include "vault/blind_index.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

// By e-mail address; without one by name and postcode. Most orders have one, and folding the rest takes longer than
// looking for it.
std::vector<std::pair<IndexField, std::string>> asked_by(const Buyer& buyer) {
  if (const Private* email = buyer.find(Field::email)) {
    std::string value = normalised(IndexField::email, email->in_the_clear());
    if (!value.empty()) return {{IndexField::email, std::move(value)}};
  }
  std::vector<std::pair<IndexField, std::string>> asked;
  auto values = index_values(buyer);
  for (const IndexField field : {IndexField::name, IndexField::postcode})
    if (const auto found = std::ranges::find(values, field, &std::pair<IndexField, std::string>::first);
        found != values.end())
      asked.push_back(*found);
  for (auto& [field, value] : values) crypto::wipe(value);
  if (asked.size() < 2) asked.clear();  // a name alone, or a postcode, is many people's
  return asked;
}

}  // namespace

Result<std::vector<Found>> Vault::find_alike(const storage::Reader& read, std::string_view channel, const Buyer& buyer,
                                             Time from, Time to) const {
  std::vector<Found> found;
  auto asked = asked_by(buyer);
  if (asked.empty()) return found;
  PF_LET(const std::uint32_t retention, impl_->retention_of(read, channel));
  std::vector<std::vector<std::string>> prefixes(asked.size());
  std::uint32_t live_min = 0;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return sealed_error();
    live_min = live_min_at(impl_->keeper.doubted());
    const auto day_at = [&](Time time) {
      return day_of(std::max(epoch_dying_after(epoch_of(std::min(time, impl_->keeper.now())), retention), live_min));
    };
    for (std::uint32_t day = day_at(from); day <= day_at(to); ++day) {
      const auto secret = impl_->ring.live_key(KeyType::index, day);
      for (std::size_t i = 0; secret && i < asked.size(); ++i)
        prefixes[i].push_back(index_key(static_cast<std::uint16_t>(day), asked[i].first,
                                        index_token(*secret, asked[i].first, asked[i].second), ""));
    }
  }
  for (auto& [field, value] : asked) crypto::wipe(value);
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    std::vector<Found> hits;
    for (const std::string& prefix : prefixes[i])
      for (auto row = read.scan_prefix(impl_->index, prefix); row.valid() && hits.size() < kAlikeMax; row.next()) {
        if (row.key().size() != prefix.size() + kRidBytes || row.value().size() != 4) return damaged_error();
        Found hit{std::string(row.key().substr(prefix.size())), get_be32(row.value())};
        if (hit.epoch >= live_min) hits.push_back(std::move(hit));
      }
    if (i == 0)
      found = std::move(hits);
    else
      std::erase_if(found, [&](const Found& one) { return std::ranges::find(hits, one) == hits.end(); });
  }
  return found;
}

Result<PersonRef> Vault::seal_copy(storage::Write& work, const Subject& subject, const Subject& of,
                                   const PersonRef& ref) {
  if (state(ref) == PersonState::purged)
    return error(ErrorCode::gone, "The buyer's details are deleted, so they cannot be taken over.");
  PF_LET(const Buyer buyer, impl_->open_all(work, of, ref));
  // Where he is kept for fewer days, his key is that of an earlier hour; the copy goes by it.
  return seal(work, subject, ref.epoch < epoch_of(ref.created) ? start_of(ref.epoch) : ref.created, buyer);
}

Result<std::string> Vault::address_mark(const storage::Reader& read, const Subject& subject,
                                        const PersonRef& ref) const {
  PF_LET(const auto buyer, impl_->open_all(read, subject, ref));
  const Private* shipping = buyer.find(Field::shipping);
  if (shipping == nullptr) return std::string();
  PF_LET(const auto address, json::parse(shipping->in_the_clear()));
  std::string covered;
  bool street = false;
  const auto cover = [&](std::string_view text) { covered.append(text).push_back('\0'); };
  cover(normalised(IndexField::name, json::text_in(address, "first_name") + " " + json::text_in(address, "last_name")));
  for (const char* name : {"company_name", "street_name", "house_number", "house_number_addition", "address_2", "city",
                           "state", "country_code"}) {
    const std::string part = normalised(IndexField::name, json::text_in(address, name));
    street = street || (std::string_view(name) == "street_name" && !part.empty());
    cover(part);
  }
  const std::string postcode = normalised(IndexField::postcode, json::text_in(address, "zip_code"));
  cover(postcode);
  std::string mark;
  if (street || !postcode.empty()) mark = crypto::hmac_sha256(impl_->mark_key.bytes(), covered).substr(0, kRidBytes);
  crypto::wipe(covered);
  return mark;
}

}  // namespace pf::vault
