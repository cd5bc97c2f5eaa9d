#include "catalog/offers.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/search_entry.h"
#include "json/fields.h"
#include "productflow/bytes.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kOfferHead = 1 + 8 + 8;
constexpr std::string_view kNames[kPriceKinds] = {"sell_price", "base_price", "suggested_retail_price",
                                                  "purchase_price", "cost_price"};

Error damaged_offer() {
  return error(ErrorCode::internal,
               "An offer's record is damaged; run `productflow doctor` and restore it from a backup.");
}

json::Value content(const Offer& offer) {
  json::Value prices{json::Members{}};
  for (const auto& entry : offer.prices) {
    json::Value list{json::Members{}};
    for (std::size_t k = 0; k < kPriceKinds; ++k)
      if (entry.minor[k]) list.set(kNames[k], json::Number{decimal(Money{*entry.minor[k], entry.currency})});
    prices.set(entry.currency.code(), std::move(list));
  }
  const auto text = [](const std::string& s) { return s.empty() ? json::Value(nullptr) : json::Value(s); };
  return json::Value::object(
      {{"title", text(offer.title)}, {"proposition", text(offer.proposition)}, {"prices", std::move(prices)}});
}

std::string encode(const Offer& offer) {
  std::string out(1, keys::kRecordFormat);
  put_be64(out, offer.version);
  put_be64(out, static_cast<std::uint64_t>(offer.updated.time_since_epoch().count()));
  json::write(content(offer), out);
  return out;
}

Result<Offer> decode(std::string_view bytes) {
  if (bytes.size() <= kOfferHead || bytes[0] != keys::kRecordFormat) return damaged_offer();
  Offer out;
  out.version = get_be64(bytes.substr(1));
  out.updated = Time{milliseconds{static_cast<std::int64_t>(get_be64(bytes.substr(9)))}};
  const auto value = json::parse(bytes.substr(kOfferHead));
  if (!value.ok()) return damaged_offer();
  if (const auto* v = value->find("title"); v != nullptr && v->as_string() != nullptr) out.title = *v->as_string();
  if (const auto* v = value->find("proposition"); v != nullptr && v->as_string() != nullptr)
    out.proposition = *v->as_string();
  const auto* prices = value->find("prices");
  if (prices == nullptr || prices->as_object() == nullptr) return damaged_offer();
  for (const auto& [code, list] : *prices->as_object()) {
    auto currency = Currency::parse(code);
    if (!currency.ok()) return damaged_offer();
    Prices entry;
    entry.currency = *currency;
    for (std::size_t k = 0; k < kPriceKinds; ++k) {
      const auto* number = list.find(kNames[k]);
      if (number == nullptr || number->as_number() == nullptr) continue;
      auto money = parse_money(number->as_number()->text, *currency);
      if (!money.ok()) return damaged_offer();
      entry.minor[k] = money->minor;
    }
    out.prices.push_back(entry);
  }
  return out;
}

search::Entry entry_of(const Offer& offer) {
  search::Entry e;
  e.terms.emplace_back("has", "offer");
  for (const auto& entry : offer.prices) {
    const auto& sell = entry.minor[static_cast<std::size_t>(PriceKind::sell_price)];
    if (!sell) continue;
    const std::string name = "price." + std::string(entry.currency.code());
    e.terms.emplace_back("has", name);
    e.columns.emplace_back(name, money_key(*sell));
  }
  return e;
}

// What the offer adds, with a term of the product itself on both sides: an empty side would mean that the product goes.
Result<> update_index(Products& products, storage::Write& work, const Sku& sku, std::uint32_t document,
                      const std::optional<Offer>& before, const Offer* after) {
  search::Entry old_entry = before ? entry_of(*before) : search::Entry{};
  search::Entry new_entry = after != nullptr ? entry_of(*after) : search::Entry{};
  for (auto* entry : {&old_entry, &new_entry}) entry->terms.emplace_back("sku", sku.raw());
  return products.index().update(work, document, old_entry, new_entry);
}

void check_text(Faults& faults, const char* field, const std::optional<std::string>& text, std::size_t bytes_max) {
  if (!text) return;
  if (text->size() > bytes_max)
    faults.add(field, "too_long", "This text has at most " + std::to_string(bytes_max) + " bytes.");
  else if (first_bad_utf8(*text))
    faults.add(field, "encoding", "This text is not valid UTF-8.");
}

void set_prices(Offer& offer, const std::string& code, const std::vector<PriceChange>& changes, Faults& faults) {
  auto currency = Currency::parse(code);
  if (!currency.ok())
    return faults.add("prices." + code, "currency", "\"" + code.substr(0, 20) + "\" is not a currency such as EUR.");
  auto at = std::lower_bound(offer.prices.begin(), offer.prices.end(), currency->code(),
                             [](const Prices& p, std::string_view c) { return p.currency.code() < c; });
  if (at == offer.prices.end() || at->currency.code() != currency->code()) {
    Prices fresh;
    fresh.currency = *currency;
    at = offer.prices.insert(at, fresh);
  }
  for (const auto& change : changes) {
    const auto k = static_cast<std::size_t>(change.kind);
    const std::string field = "prices." + code + "." + std::string(kNames[k]);
    if (!change.decimal) {
      at->minor[k].reset();
      continue;
    }
    auto money = parse_money(*change.decimal, *currency);
    if (!money.ok())
      faults.add(field, "amount",
                 "\"" + change.decimal->substr(0, 40) + "\" is not an amount in " + std::string(currency->code()) +
                     ", which has " + std::to_string(currency->digits()) + " decimals.");
    else if (money->minor < 0)
      faults.add(field, "negative", "A price is not below zero.");
    else
      at->minor[k] = money->minor;
  }
}

void apply(Offer& offer, const OfferChange& change, Faults& faults) {
  check_text(faults, "title", change.title, kTitleBytesMax);
  check_text(faults, "proposition", change.proposition, kPropositionBytesMax);
  if (change.replace) {
    offer.title.clear();
    offer.proposition.clear();
    offer.prices.clear();
  }
  if (change.title) offer.title = *change.title;
  if (change.proposition) offer.proposition = *change.proposition;
  for (const auto& code : change.drop_currencies)
    std::erase_if(offer.prices, [&](const Prices& p) { return p.currency.code() == code; });
  for (const auto& [code, changes] : change.prices) set_prices(offer, code, changes, faults);
  std::erase_if(offer.prices, [](const Prices& p) {
    return std::none_of(std::begin(p.minor), std::end(p.minor), [](const auto& m) { return m.has_value(); });
  });
  if (offer.prices.size() > kOfferCurrenciesMax)
    faults.add("prices", "too_many",
               "An offer has prices in at most " + std::to_string(kOfferCurrenciesMax) + " currencies.");
}

void read_text(const json::Value& in, const std::string& name, std::optional<std::string>& out, Faults& faults) {
  if (in.is_null())
    out = "";
  else if (const auto* s = in.as_string())
    out = *s;
  else
    faults.add(name, "type", "must be a text");
}

void read_prices(const std::string& code, const json::Value& in, OfferChange& out, Faults& faults) {
  if (in.is_null()) return out.drop_currencies.push_back(code);
  const auto* members = in.as_object();
  if (members == nullptr)
    return faults.add("prices." + code, "type", "must be an object such as {\"sell_price\": 19.95}");
  auto& list = out.prices.emplace_back(code, std::vector<PriceChange>{}).second;
  for (const auto& [name, value] : *members) {
    const std::string field = "prices." + code + "." + name;
    const auto* at = std::find(std::begin(kNames), std::end(kNames), name);
    if (at == std::end(kNames)) {
      faults.add(
          field, "unknown",
          "is not a price; those are sell_price, base_price, suggested_retail_price, purchase_price and cost_price");
      continue;
    }
    PriceChange change{static_cast<PriceKind>(at - std::begin(kNames)), std::nullopt};
    if (const auto* number = value.as_number())
      change.decimal = number->text;
    else if (const auto* text = value.as_string(); text != nullptr && !trim(*text).empty())
      change.decimal = std::string(trim(*text));
    else if (!value.is_null() && text == nullptr) {
      faults.add(field, "type", "must be a decimal number such as 19.95");
      continue;
    }
    list.push_back(std::move(change));
  }
}

// Of "EUR.sell_price".
std::optional<PriceKind> price_kind_of(std::string_view name) {
  if (name.size() < 5 || name[3] != '.') return std::nullopt;
  const auto* at = std::find(std::begin(kNames), std::end(kNames), name.substr(4));
  if (at == std::end(kNames)) return std::nullopt;
  return static_cast<PriceKind>(at - std::begin(kNames));
}

Error no_offer(std::string_view sku) {
  return error(ErrorCode::not_found, "The product \"" + std::string(sku) + "\" has no offer.");
}

}  // namespace

std::string_view price_name(PriceKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Money> Prices::price(PriceKind kind) const {
  const auto& found = minor[static_cast<std::size_t>(kind)];
  if (!found) return std::nullopt;
  return Money{*found, currency};
}

const Prices* Offer::prices_in(std::string_view code) const {
  for (const auto& entry : prices)
    if (entry.currency.code() == code) return &entry;
  return nullptr;
}

Result<OfferChange> offer_change_of(const json::Value& body) {
  const auto* members = body.as_object();
  if (members == nullptr)
    return invalid("", "type", "An offer is an object such as {\"prices\": {\"EUR\": {\"sell_price\": 19.95}}}.");
  OfferChange out;
  Faults faults;
  for (const auto& [name, value] : *members) {
    if (name == "title")
      read_text(value, name, out.title, faults);
    else if (name == "proposition")
      read_text(value, name, out.proposition, faults);
    else if (name == "qty_available")
      continue;
    else if (name != "prices")
      faults.add(name, "unknown", "is not a field of an offer");
    else if (value.as_object() == nullptr)
      faults.add(name, "type", "must be an object such as {\"EUR\": {\"sell_price\": 19.95}}");
    else
      for (const auto& [code, prices] : *value.as_object()) read_prices(code, prices, out, faults);
  }
  PF_TRY(std::move(faults).checked());
  return out;
}

json::Value offer_value(const Offer& offer) {
  auto out = content(offer);
  out.set("updated_at", rfc3339(offer.updated));
  return out;
}

std::string offer_record(const Offer& offer) {
  return encode(offer);
}
Result<Offer> offer_of_record(std::string_view record) {
  return decode(record);
}
Result<> apply_change(Offer& offer, const OfferChange& change) {
  Faults faults;
  apply(offer, change, faults);
  return std::move(faults).checked();
}

Result<search::Entry> offer_entry(std::string_view stored) {
  PF_LET(const auto offer, decode(stored));
  return entry_of(offer);
}

bool names_price(std::string_view name) {
  return price_kind_of(name) && Currency::parse(name.substr(0, 3)).ok();
}

std::vector<FieldChange> offer_differences(const Offer* before, const Offer* after) {
  static const Offer kNone;
  const Offer& was = before != nullptr ? *before : kNone;
  const Offer& is = after != nullptr ? *after : kNone;
  std::vector<FieldChange> out;
  const auto look = [&](FieldName at) {
    auto old = offer_field(was, at), now = offer_field(is, at);
    if (old != now) out.push_back({std::move(at), std::move(old), std::move(now)});
  };
  look({Field::offer_title, {}, {}});
  look({Field::offer_proposition, {}, {}});
  std::vector<std::string> currencies;
  for (const auto* one : {&was, &is})
    for (const auto& prices : one->prices)
      if (std::ranges::find(currencies, prices.currency.code()) == currencies.end())
        currencies.emplace_back(prices.currency.code());
  for (const auto& code : currencies)
    for (const auto& kind : kNames) look({Field::price, code + "." + std::string(kind), {}});
  return out;
}

std::string offer_field(const Offer& offer, const FieldName& at) {
  std::string out;
  if (at.field == Field::offer_title || at.field == Field::offer_proposition) {
    const auto& text = at.field == Field::offer_title ? offer.title : offer.proposition;
    if (!text.empty()) json::write_string(text, out);
    return out;
  }
  const auto kind = price_kind_of(at.name);
  const auto* prices = kind ? offer.prices_in(at.name.substr(0, 3)) : nullptr;
  const auto money = prices != nullptr ? prices->price(*kind) : std::nullopt;
  return money ? decimal(*money) : out;
}

Result<> name_offer_field(OfferChange& change, const FieldName& at, std::string_view bytes) {
  const auto value = bytes.empty() ? Result<json::Value>(json::Value()) : json::parse(bytes);
  if (!value.ok()) return damaged_offer();
  if (at.field == Field::price) {
    const auto kind = price_kind_of(at.name);
    const auto* number = value->as_number();
    if (!kind || (number == nullptr && !value->is_null())) return damaged_offer();
    change.prices.push_back(
        {at.name.substr(0, 3), {{*kind, number != nullptr ? std::optional(number->text) : std::nullopt}}});
  } else {
    const auto* text = value->as_string();
    if (text == nullptr && !value->is_null()) return damaged_offer();
    (at.field == Field::offer_title ? change.title : change.proposition) = text != nullptr ? *text : std::string();
  }
  return {};
}

Result<> put_offer_field(Offer& offer, const FieldName& at, std::string_view bytes) {
  OfferChange change;
  PF_TRY(name_offer_field(change, at, bytes));
  return apply_change(offer, change);
}

Result<> keep_offer(Products& products, storage::Write& work, storage::FamilyRef family, const Sku& sku,
                    std::uint32_t document, const std::optional<Offer>& before, std::optional<Offer>& after, Time now,
                    const OfferNote* note) {
  const std::uint64_t version = (before ? before->version : 0) + 1;
  if (after) {
    after->version = version;
    after->updated = now;
    work.put(family, sku.raw(), encode(*after));
    PF_TRY(products.used_columns().note(work, sku.raw(), *after));
  } else {
    work.erase(family, sku.raw());
  }
  PF_TRY(update_index(products, work, sku, document, before, after ? &*after : nullptr));
  if (note == nullptr) return {};
  HistoryEntry entry;
  entry.document = document;
  entry.version = note->product_version;
  entry.offer_version = version;
  entry.at = now;
  entry.by_kind = note->by.kind;
  entry.by = note->by.name;
  entry.origin = note->origin;
  entry.changes = offer_differences(before ? &*before : nullptr, after ? &*after : nullptr);
  name_rules(entry.changes, note->made);
  return products.history().note_offer(work, sku.raw(), std::move(entry));
}

Offers::Offers(storage::Store& store, Products& products, audit::Audit& audit, const Clock& clock,
               events::Events* events)
    : products_(products), audit_(audit), clock_(clock), events_(events), family_(store.family(keys::kOffers)) {}

Result<std::optional<Offer>> Offers::find(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto bytes, reader.get(family_, sku));
  if (!bytes) return std::optional<Offer>();
  PF_LET(auto offer, decode(*bytes));
  return std::optional<Offer>(std::move(offer));
}

Result<std::vector<std::optional<Offer>>> Offers::find_many(const storage::Reader& reader,
                                                            std::span<const std::string> skus) const {
  PF_LET(const auto found, reader.get_many(family_, skus));
  std::vector<std::optional<Offer>> out(skus.size());
  for (std::size_t i = 0; i < skus.size(); ++i) {
    if (!found[i]) continue;
    PF_LET(out[i].emplace(), decode(*found[i]));
  }
  return out;
}

Result<std::vector<std::string>> Offers::skus_after(const storage::Reader& reader, std::string_view after,
                                                    std::size_t count) const {
  std::vector<std::string> out;
  const std::string from = after.empty() ? std::string() : std::string(after) + '\0';
  for (auto cursor = reader.scan(family_, from, {}); cursor.valid() && out.size() < count; cursor.next())
    out.emplace_back(cursor.key());
  return out;
}

Result<std::uint64_t> Offers::count(const storage::Reader& read) const {
  return products_.index().count(read, search::any_of("has", {"offer"}));
}

Result<Outcome> Offers::upsert(storage::Write& work, const access::Actor& by, const Sku& sku, const OfferChange& change,
                               const Origin& origin) {
  PF_LET(const auto stamp, products_.stamp(work, sku.raw()));
  if (!stamp)
    return error(ErrorCode::not_found,
                 "There is no product with the SKU \"" + sku.raw() + "\"; create it before its offer.");
  PF_LET(const auto before, find(work, sku.raw()));
  const OfferNote note{by, origin, stamp->version};
  PF_LET(const auto rules, products_.ruling(work));
  PF_LET(const auto outcome, upsert_read(work, sku, stamp->document, before, change, &note, nullptr, rules.get()));
  if (outcome == Outcome::unchanged) return outcome;
  PF_TRY(products_.rule_product(work, by, sku));
  if (events_ != nullptr) PF_TRY(events_->add_sku(work, events::type::kOfferUpdated, sku.raw()));
  PF_TRY(audit_.append(work, by, before ? "offer.change" : "offer.create", "product:" + sku.raw(),
                       json::Value::object({{"version", before ? before->version + 1 : 1}})));
  return outcome;
}

Result<Outcome> Offers::upsert_read(storage::Write& work, const Sku& sku, std::uint32_t document,
                                    const std::optional<Offer>& before, const OfferChange& change,
                                    const OfferNote* note, std::vector<Touched>* touched, Ruling* ruling) {
  Offer after = before ? *before : Offer{};
  Faults faults;
  apply(after, change, faults);
  PF_TRY(std::move(faults).checked());
  Ruled ruled;
  if (ruling != nullptr) {
    PF_LET(ruled, products_.rule_offer(work, *ruling, sku.raw(), after));
  }
  if (before && before->title == after.title && before->proposition == after.proposition &&
      before->prices == after.prices)
    return Outcome::unchanged;
  std::optional<Offer> next(std::move(after));
  std::optional<OfferNote> noted;
  if (note != nullptr) noted.emplace(OfferNote{note->by, note->origin, note->product_version, ruled.made});
  PF_TRY(keep_offer(products_, work, family_, sku, document, before, next, clock_.now(), noted ? &*noted : nullptr));
  if (note != nullptr && touched != nullptr)
    touched->push_back({sku.raw(), document, note->product_version, false, next->version, next->updated});
  return before ? Outcome::changed : Outcome::created;
}

Result<> Offers::remove(storage::Write& work, const access::Actor& by, const Sku& sku) {
  PF_LET(const auto stamp, products_.stamp(work, sku.raw()));
  PF_LET(const auto before, find(work, sku.raw()));
  if (!stamp || !before) return no_offer(sku.raw());
  std::optional<Offer> none;
  const OfferNote note{by, {}, stamp->version};
  PF_TRY(keep_offer(products_, work, family_, sku, stamp->document, before, none, clock_.now(), &note));
  PF_TRY(products_.rule_product(work, by, sku));
  if (events_ != nullptr) PF_TRY(events_->add_sku(work, events::type::kOfferDeleted, sku.raw()));
  return audit_.append(work, by, "offer.delete", "product:" + sku.raw(),
                       json::Value::object({{"version", before->version}}));
}

}  // namespace pf::catalog
