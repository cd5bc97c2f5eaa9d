#include "exchange/listing.h"

#include <algorithm>
#include <array>

#include "catalog/inheritance.h"
#include "exchange/product_export.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::string_view kAsset = "asset:", kAttribute = "attributes.";

std::string one_a_line(const std::vector<std::string>& items, std::size_t from = 0) {
  std::string out;
  for (std::size_t i = from; i < items.size(); ++i) out.append(i > from ? "\n" : "").append(items[i]);
  return out;
}

// What inherited_json says of a field or attribute, unless the product has its own.
const json::Value* from_above(const json::Value* in, std::string_view name) {
  const json::Value* known = in != nullptr ? in->find(name) : nullptr;
  if (known == nullptr) return nullptr;
  const json::Value* overridden = known->find("overridden");
  return overridden != nullptr && overridden->as_bool() != nullptr && *overridden->as_bool() ? nullptr
                                                                                             : known->find("value");
}

const std::string* attribute_in(const catalog::Record& record, std::string_view locale, std::string_view name) {
  const catalog::Texts* texts = record.texts_of(locale);
  return texts != nullptr ? catalog::find_attribute(texts->attributes, name) : nullptr;
}

// The letter of "&amp;" and the like that begins at `text`; how many bytes it takes, 0: it is none.
std::size_t entity(std::string_view text, std::string& out) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kEntities{{{"&amp;", "&"},
                                                                                    {"&lt;", "<"},
                                                                                    {"&gt;", ">"},
                                                                                    {"&quot;", "\""},
                                                                                    {"&#39;", "'"},
                                                                                    {"&apos;", "'"},
                                                                                    {"&nbsp;", " "}}};
  for (const auto& [name, letter] : kEntities)
    if (text.starts_with(name)) {
      out += letter;
      return name.size();
    }
  return 0;
}

}  // namespace

std::string without_html(std::string_view html) {
  constexpr std::array<std::string_view, 9> kBreaks{"br", "p", "/p", "li", "/li", "div", "/div", "tr", "h"};
  const auto begins_tag = [&](std::size_t at) {
    const char next = at + 1 < html.size() ? html[at + 1] : ' ';
    return html[at] == '<' &&
           (next == '/' || next == '!' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
  };
  bool has_tags = false;  // else its own line ends are meant
  for (std::size_t i = 0; i < html.size() && !has_tags; ++i) has_tags = begins_tag(i);
  std::string out;
  bool closes = true;  // there may be another '>'
  const auto line_end = [&] {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (!out.empty() && out.back() != '\n') out += '\n';
  };
  for (std::size_t i = 0; i < html.size();) {
    const char c = html[i];
    const bool tag = closes && begins_tag(i);
    const std::size_t end = tag ? html.find('>', i) : std::string_view::npos;
    if (tag && end == std::string_view::npos) closes = false;  // else each '<' would be looked for to the end
    if (end != std::string_view::npos) {
      std::string name = lower_ascii(html.substr(i + 1, end - i - 1));
      name = name.substr(0, name.find_first_of(" \t\r\n"));
      if (name.size() > 1 && name.ends_with('/')) name.pop_back();
      if (std::ranges::find(kBreaks, name) != kBreaks.end() || (name.size() == 2 && name[0] == 'h') ||
          (name.size() == 3 && name.starts_with("/h")))
        line_end();
      i = end + 1;
    } else if (const std::size_t taken = c == '&' ? entity(html.substr(i), out) : 0; taken > 0) {
      i += taken;
    } else {
      const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      if (c == '\n' && !has_tags)
        line_end();
      else if (!blank)
        out += c;
      else if (!out.empty() && out.back() != ' ' && out.back() != '\n')
        out += ' ';
      ++i;
    }
  }
  return std::string(trim(out));
}

Result<> check_link(std::string_view link) {
  if (link.empty()) return {};
  if (!link.starts_with("https://") && !link.starts_with("http://"))
    return invalid("link", "format", "must begin with https://, such as https://shop.example/p/{sku}");
  if (link.size() > catalog::kImageBytesMax ||
      std::ranges::any_of(link, [](char c) { return c <= ' ' || c == '"' || c == '<'; }))
    return invalid("link", "format", "must be one address without blanks, of at most 2,048 bytes");
  bool some = false;
  for (std::size_t at = link.find('{'); at != std::string_view::npos; at = link.find('{', at + 1)) {
    const std::string_view name = link.substr(at + 1, link.find('}', at) - at - 1);
    if (name != "sku" && name != "ean" && name != "parent" && name != "locale")
      return invalid("link", "unknown", "{sku}, {ean}, {parent} and {locale} can stand in an address, nothing else");
    some = some || name != "locale";
  }
  if (!some) return invalid("link", "format", "must hold {sku} or {ean}, or every product would have the same page");
  return {};
}

std::pair<std::string_view, std::string> in_language(std::string_view field) {
  const std::size_t at = field.rfind('@');
  const std::string_view name = field.substr(0, at);
  if (at == std::string_view::npos ||
      !(name == "title" || name == "description" || name == "plain_description" || name.starts_with(kAttribute)))
    return {field, {}};
  auto locale = catalog::parse_locale(field.substr(at + 1));
  return locale.ok() ? std::pair(name, *std::move(locale)) : std::pair(field, std::string());
}

Listing::Listing(ListingTerms terms, const catalog::Languages& languages, std::shared_ptr<const catalog::Units> units)
    : terms_(std::move(terms)),
      units_(std::move(units)),
      convert_(catalog::converting(units_)),
      locales_(languages.lending(terms_.locale)) {
  for (const std::string& locale : languages.locales) others_.emplace(locale, languages.lending(locale));
}

// An attribute's value as a person would write it.
std::string Listing::as_written(const json::Value& value) const {
  if (const std::string* text = value.as_string()) return *text;
  if (const json::Number* number = value.as_number()) return number->text;
  if (const bool* flag = value.as_bool()) return *flag ? "yes" : "no";
  if (const json::Array* items = value.as_array()) {
    std::string out;
    for (const json::Value& item : *items) out.append(out.empty() ? "" : "\n").append(as_written(item));
    return out;
  }
  const json::Value *amount = value.find("amount"), *unit = value.find("unit");
  if (amount == nullptr || unit == nullptr || unit->as_string() == nullptr) return {};
  const auto* known = units_->unit(*unit->as_string());
  const bool has_symbol = known != nullptr && !known->symbol.empty();
  return as_written(*amount) + " " + (has_symbol ? known->symbol : *unit->as_string());
}

std::string Listing::written_json(std::string_view json_bytes) const {
  const auto value = json::parse(json_bytes);
  return value.ok() ? as_written(*value) : std::string();
}

std::string Listing::text(const Listed& product, std::string_view name, const Voice& voice) const {
  const auto own = [&](const std::string& locale) -> const std::string& {
    static const std::string none;
    const catalog::Texts* texts = product.record.texts_of(locale);
    return texts == nullptr ? none : name == "title" ? texts->title : texts->description;
  };
  if (!own(voice.locales.front()).empty()) return own(voice.locales.front());
  if (const json::Value* above = from_above(&voice.inherited, name)) return as_written(*above);
  for (const std::string& locale : voice.locales)
    if (!own(locale).empty()) return own(locale);
  return {};
}

std::string Listing::common(const Listed& product, const std::string& own, std::string_view name) const {
  if (!own.empty()) return own;
  const json::Value* above = from_above(&product.inherited, name);
  return above != nullptr ? as_written(*above) : std::string();
}

std::vector<std::string> Listing::list(const Listed& product, const std::vector<std::string>& own,
                                       std::string_view name) const {
  const json::Value* above = own.empty() ? from_above(&product.inherited, name) : nullptr;
  if (above == nullptr || above->as_array() == nullptr) return own;
  std::vector<std::string> out;
  for (const json::Value& one : *above->as_array())
    if (one.as_string() != nullptr) out.push_back(*one.as_string());
  return out;
}

std::string Listing::attribute(const Listed& product, std::string_view name, const Voice& voice) const {
  const catalog::Record& record = product.record;
  if (const std::string* own = catalog::find_attribute(record.attributes, name);
      own != nullptr && catalog::says_something(*own))
    return written_json(*own);
  if (const std::string* own = attribute_in(record, voice.locales.front(), name);
      own != nullptr && catalog::says_something(*own))
    return written_json(*own);
  if (const json::Value* above = from_above(voice.inherited.find("attributes"), name)) return as_written(*above);
  for (const std::string& locale : voice.locales)
    if (const std::string* own = attribute_in(record, locale, name); own != nullptr) return written_json(*own);
  return {};
}

std::string Listing::price(const Listed& product, catalog::PriceKind kind) const {
  const std::string_view currency =
      terms_.currency.empty() ? catalog::kListCurrency : std::string_view(terms_.currency);
  for (const catalog::Offer* offer : {product.there != nullptr ? &product.there->terms : nullptr, product.offer}) {
    const catalog::Prices* prices = offer != nullptr ? offer->prices_in(currency) : nullptr;
    const auto money = prices != nullptr ? prices->price(kind) : std::nullopt;
    if (money) return decimal(*money);
  }
  return {};
}

std::string Listing::address(const std::string& image) const {
  if (!image.starts_with(kAsset)) return image;
  return terms_.pictures.empty() ? std::string() : terms_.pictures + image.substr(kAsset.size());
}

std::string Listing::link(const Listed& product) const {
  std::string out;
  const std::string_view from = terms_.link;
  for (std::size_t i = 0; i < from.size();) {
    const std::size_t end = from[i] == '{' ? from.find('}', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += from[i++];
      continue;
    }
    const std::string value = field(product, from.substr(i + 1, end - i - 1));
    if (value.empty()) return {};  // an address with a hole leads nowhere
    out += percent_encode(value);
    i = end + 1;
  }
  return out;
}

std::optional<std::string> Listing::said_in(const Listed& product, std::string_view name, const Voice& voice) const {
  if (name == "title" || name == "description") return text(product, name, voice);
  if (name == "plain_description") return without_html(text(product, "description", voice));
  if (!name.starts_with(kAttribute)) return std::nullopt;
  return attribute(product, name.substr(kAttribute.size()), voice);
}

std::string Listing::field(const Listed& product, std::string_view name) const {
  const catalog::Record& record = product.record;
  const Voice own{locales_, product.inherited};
  if (const auto [said, locale] = in_language(name); !locale.empty()) {
    if (locale == locales_.front()) return *said_in(product, said, own);
    if (const auto other = others_.find(locale); other != others_.end()) {
      static const json::Value nothing{json::Members{}};
      const auto above = product.inherited_in.find(locale);
      return *said_in(product, said, {other->second, above != product.inherited_in.end() ? above->second : nothing});
    }
  }
  if (auto said = said_in(product, name, own)) return *std::move(said);
  const auto offered = [&](std::string catalog::Offer::*member) {
    if (product.there != nullptr && !(product.there->terms.*member).empty()) return product.there->terms.*member;
    return product.offer != nullptr ? product.offer->*member : std::string();
  };
  const auto images = [&] {
    std::vector<std::string> out;
    for (const std::string& image : list(product, record.images, "images"))
      if (std::string public_one = address(image); !public_one.empty()) out.push_back(std::move(public_one));
    return out;
  };
  if (name == "sku") return record.sku;
  if (name == "brand") return common(product, record.brand, name);
  if (name == "ean") return record.ean;
  if (name == "family") return common(product, record.family, name);
  if (name == "parent") return record.parent;
  if (name == "enabled") return record.enabled ? "yes" : "no";
  if (name == "categories") return one_a_line(list(product, record.categories, name));
  if (name == "category") {
    const auto all = list(product, record.categories, "categories");
    return all.empty() ? std::string() : all.front();
  }
  if (name == "images") return one_a_line(images());
  if (name == "image") {
    const auto all = images();
    return all.empty() ? std::string() : all.front();
  }
  if (name == "more_images") return one_a_line(images(), 1);
  if (name == "link") return terms_.link.empty() ? attribute(product, name, own) : link(product);
  if (name == "price") return price(product, catalog::PriceKind::sell_price);
  if (name == "base_price") return price(product, catalog::PriceKind::base_price);
  if (name == "suggested_retail_price") return price(product, catalog::PriceKind::suggested_retail_price);
  if (name == "currency") return terms_.currency.empty() ? std::string(catalog::kListCurrency) : terms_.currency;
  if (name == "stock") {
    const std::int64_t most =
        product.there != nullptr && product.there->quantity_max ? *product.there->quantity_max : product.available;
    return std::to_string(std::max<std::int64_t>(0, std::min(product.available, most)));
  }
  if (name == "offer_title") return offered(&catalog::Offer::title);
  if (name == "proposition") return offered(&catalog::Offer::proposition);
  if (name == "locale") return locales_.front();
  if (name == "channel") return terms_.channel;
  if (name == "created_at") return rfc3339(record.created);
  if (name == "updated_at") return rfc3339(record.updated);
  return attribute(product, name, own);
}

Result<> each_listed(const Rooms& rooms, const Walk& walk, const ListingTerms& terms,
                     const std::function<Result<>(const Listing&, const Listed&)>& product) {
  return each_page(
      rooms, walk.question, [&](const storage::Reader& read, const std::vector<std::string>& skus) -> Result<> {
        PF_LET(const auto languages, rooms.products.languages(read));
        PF_LET(const auto model, rooms.products.models().known(read));
        const Listing listing(terms, languages, model->units);
        PF_LET(const auto offers, rooms.offers.find_many(read, skus));
        PF_LET(const auto levels, rooms.stock.levels(read, skus));
        std::vector<std::optional<catalog::Record>> records;
        std::vector<std::string> variants;
        for (const std::string& sku : skus) {
          PF_LET(auto record, rooms.products.find(read, sku));
          if (record && !record->parent.empty()) variants.push_back(sku);
          records.push_back(std::move(record));
        }
        PF_LET(const auto above, rooms.products.inherited_jsons(read, variants, terms.locale));
        std::map<std::string, std::vector<std::optional<std::string>>> above_in;
        for (const std::string& locale : walk.locales)
          if (languages.has(locale)) {
            PF_LET(above_in[locale], rooms.products.inherited_jsons(read, variants, locale));
          }
        for (std::size_t i = 0, variant = 0; i < skus.size(); ++i) {
          if (!records[i]) continue;
          Listed listed{
              .record = *records[i], .offer = offers[i] ? &*offers[i] : nullptr, .available = levels[i].available()};
          if (!records[i]->parent.empty()) {
            if (const auto& bytes = above[variant]) {
              PF_LET(listed.inherited, json::parse(*bytes));
            }
            for (const auto& [locale, all] : above_in)
              if (const auto& bytes = all[variant]) {
                PF_LET(listed.inherited_in[locale], json::parse(*bytes));
              }
            ++variant;
          }
          if (walk.without_heads) {
            PF_LET(const auto below, rooms.products.variants(read, skus[i], 1));
            if (!below.empty()) continue;
          }
          std::vector<catalog::MarketplaceOffer> elsewhere;
          if (!terms.channel.empty() && rooms.marketplace_offers != nullptr) {
            PF_LET(elsewhere, rooms.marketplace_offers->of_product(read, skus[i]));
            for (const auto& one : elsewhere)
              if (one.marketplace == terms.channel) listed.there = &one;
            if (listed.there != nullptr && !listed.there->enabled) continue;
          }
          PF_TRY(product(listing, listed));
        }
        return {};
      });
}

}  // namespace pf::exchange
