#include "exchange/party.h"

#include "productflow/text.h"

namespace pf::exchange {

Header::Header(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    by_folded_.emplace(lower_ascii(trim(name)), names_.size());
    names_.emplace_back(trim(name));
  }
}

std::optional<std::size_t> Header::find(std::string_view name) const {
  const auto found = by_folded_.find(lower_ascii(name));
  return found == by_folded_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Row::cell(std::string_view name) const {
  const auto at = header->find(name);
  return at && *at < cells.size() ? trim(cells[*at]) : std::string_view{};
}

void put_field(vault::Buyer& buyer, vault::Field field, std::string_view text) {
  if (!trim(text).empty()) buyer.fields.emplace_back(field, vault::Private(std::string(trim(text))));
}

void put_address(vault::Buyer& buyer, vault::Field field,
                 const std::vector<std::pair<const char*, std::string_view>>& parts) {
  json::Value address{json::Members{}};
  for (const auto& [name, text] : parts)
    if (!trim(text).empty()) address.set(name, trim(text));
  if (!address.as_object()->empty()) buyer.fields.emplace_back(field, vault::Private(json::write(address)));
}

std::optional<Money> money_of(std::string_view text, Currency currency, const char* field,
                              std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const auto money = parse_money(text, currency);
  if (money.ok()) return *money;
  faults.push_back({field, "money", money.error().message});
  return std::nullopt;
}

std::optional<Time> time_of(std::string_view text, const char* field, std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (time.ok()) return *time;
  faults.push_back({field, "time", time.error().message});
  return std::nullopt;
}

}  // namespace pf::exchange
