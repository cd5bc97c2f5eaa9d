#include "exchange/product_export.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "catalog/association.h"
#include "exchange/product_columns.h"
#include "formats/csv.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kPage = 500;  // products of one read
// Of one file; what has no column of its own goes into the last two. Spreadsheets end at 16,384, our importer at 5,000.
constexpr std::size_t kOwnColumnsMax = 4'000;

struct Exported {
  catalog::Record record;
  std::optional<catalog::Offer> offer;
};

// Every product that the question means.
Result<> each_product(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                      const std::function<Result<>(const Exported&)>& product) {
  return each_page(rooms, query, [&](const storage::Reader& read, const std::vector<std::string>& skus) -> Result<> {
    PF_LET(auto offers, rooms.offers.find_many(read, skus));
    for (std::size_t i = 0; i < skus.size(); ++i) {
      PF_LET(auto record, rooms.products.find(read, skus[i]));
      if (record && inherited && !record->parent.empty()) {
        PF_LET(*record, rooms.products.with_inherited(read, *record));
      }
      if (record) PF_TRY(product({*std::move(record), std::move(offers[i])}));
    }
    return {};
  });
}

// Whether a value can stand in a cell as it is: a text that is not empty, has no blank at an end and no control
// characters but tabs and line ends.
bool plain_text(std::string_view bytes, std::string& text) {
  if (bytes.size() < 3 || bytes.front() != '"') return false;
  if (bytes.find('\\') == std::string_view::npos) {
    text.assign(bytes.substr(1, bytes.size() - 2));
  } else {
    const auto value = json::parse(bytes);
    if (!value.ok()) return false;
    text = *value->as_string();
  }
  return std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r'; });
}

std::string joined(const std::vector<std::string>& items) {
  const bool odd = std::ranges::any_of(items, [](const std::string& item) {
    return item.find_first_of(",\\") != std::string::npos || item.starts_with('[');
  });
  if (odd) {
    json::Value list = json::Value::array();
    for (const std::string& item : items) list.push(item);
    return json::write(list);
  }
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ",") + item;
  return out;
}

bool has_quantities(std::string_view links) {
  return std::ranges::any_of(catalog::links_of_bytes(links), [](const auto& link) { return link.quantity > 0; });
}
std::vector<std::string> skus_of(std::string_view links) {
  std::vector<std::string> out;
  for (auto& link : catalog::links_of_bytes(links)) out.push_back(std::move(link.sku));
  return out;
}

// The columns of a file, found by a first walk over what goes into it.
class Columns {
 public:
  void see(const Exported& one) {
    const auto attributes = [&](const catalog::Attributes& list, const std::string& locale) {
      for (const auto& [name, bytes] : list) {
        auto known = attributes_.find({name, locale});
        if (known == attributes_.end()) {
          if (attributes_.size() >= kOwnColumnsMax) continue;
          known = attributes_.emplace(std::pair(name, locale), Attribute{}).first;
        }
        std::string ignored;
        if (!known->second.json && !plain_text(bytes, ignored)) known->second.json = true;
      }
    };
    for (const auto& [kind, bytes] : one.record.associations) {
      auto& column = associations_[kind];  // at most kLinkKindsMax a product
      column.json = column.json || has_quantities(bytes);
    }
    attributes(one.record.attributes, "");
    for (const auto& [locale, texts] : one.record.texts) {
      if (!texts.title.empty()) titles_.emplace(locale, 0);
      if (!texts.description.empty()) descriptions_.emplace(locale, 0);
      attributes(texts.attributes, locale);
    }
    if (!one.offer) return;
    offer_title_ |= !one.offer->title.empty();
    proposition_ |= !one.offer->proposition.empty();
    for (const catalog::Prices& prices : one.offer->prices)
      for (std::size_t k = 0; k < catalog::kPriceKinds; ++k)
        if (prices.minor[k]) prices_.emplace(std::pair(k, std::string(prices.currency.code())), 0);
  }

  // Gives every column its place and returns the header.
  std::vector<std::string> header() {
    std::vector<std::string> names{"sku", "parent", "family", "brand", "ean", "enabled", "categories", "images"};
    const auto place = [&](std::size_t& at, std::string name) {
      at = names.size();
      names.push_back(std::move(name));
    };
    for (auto& [locale, at] : titles_) place(at, "title@" + locale);
    for (auto& [locale, at] : descriptions_) place(at, "description@" + locale);
    for (auto& [price, at] : prices_)
      place(at, price_column(static_cast<catalog::PriceKind>(price.first), price.second));
    if (offer_title_) place(offer_title_at_, "offer_title");
    if (proposition_) place(proposition_at_, "proposition");
    for (auto& [kind, column] : associations_) place(column.at, association_column(kind, column.json));
    for (auto& [key, attribute] : attributes_)
      place(attribute.at, attribute_column(key.first, key.second, attribute.json));
    names.emplace_back("attributes:json");
    names.emplace_back("texts:json");
    size_ = names.size();
    return names;
  }

  std::vector<std::string> row(const Exported& one) const {
    const catalog::Record& record = one.record;
    std::vector<std::string> cells(size_);
    cells[0] = record.sku;
    cells[1] = record.parent;
    cells[2] = record.family;
    cells[3] = record.brand;
    cells[4] = record.ean;
    cells[5] = record.enabled ? "1" : "0";
    cells[6] = joined(record.categories);
    cells[7] = joined(record.images);
    for (const auto& [kind, bytes] : record.associations)
      if (const auto column = associations_.find(kind); column != associations_.end())
        cells[column->second.at] = column->second.json ? bytes : joined(skus_of(bytes));
    json::Value rest{json::Members{}}, texts_rest{json::Members{}};
    const auto attributes = [&](const catalog::Attributes& list, const std::string& locale, json::Value& left_over) {
      for (const auto& [name, bytes] : list) {
        const auto column = attributes_.find({name, locale});
        std::string text;
        if (column != attributes_.end() && column->second.json) {
          cells[column->second.at] = bytes;
        } else if (column != attributes_.end() && plain_text(bytes, text)) {
          cells[column->second.at] = std::move(text);
        } else if (auto value = json::parse(bytes); value.ok()) {
          left_over.set(name, *std::move(value));
        }
      }
    };
    attributes(record.attributes, "", rest);
    for (const auto& [language, texts] : record.texts) {
      const std::string& locale = language;  // clang 14 lets no lambda have a binding
      json::Value left_over{json::Members{}};
      const auto text = [&](const std::map<std::string, std::size_t>& columns, const char* name,
                            const std::string& value) {
        if (value.empty()) return;
        if (const auto column = columns.find(locale); column != columns.end())
          cells[column->second] = value;
        else
          left_over.set(name, value);
      };
      text(titles_, "title", texts.title);
      text(descriptions_, "description", texts.description);
      attributes(texts.attributes, locale, left_over);
      if (!left_over.as_object()->empty()) texts_rest.set(locale, std::move(left_over));
    }
    if (!rest.as_object()->empty()) cells[size_ - 2] = json::write(rest);
    if (!texts_rest.as_object()->empty()) cells[size_ - 1] = json::write(texts_rest);
    if (one.offer) {
      if (offer_title_) cells[offer_title_at_] = one.offer->title;
      if (proposition_) cells[proposition_at_] = one.offer->proposition;
      for (const catalog::Prices& prices : one.offer->prices)
        for (std::size_t k = 0; k < catalog::kPriceKinds; ++k)
          if (const auto column = prices_.find({k, std::string(prices.currency.code())});
              prices.minor[k] && column != prices_.end())
            cells[column->second] = decimal({*prices.minor[k], prices.currency});
    }
    return cells;
  }

 private:
  struct Attribute {
    bool json = false;
    std::size_t at = 0;
  };
  std::map<std::string, std::size_t> titles_, descriptions_;  // locale -> place
  std::map<std::pair<std::size_t, std::string>, std::size_t> prices_;
  std::map<std::string, Attribute> associations_;                        // kind
  std::map<std::pair<std::string, std::string>, Attribute> attributes_;  // name, locale
  bool offer_title_ = false, proposition_ = false;
  std::size_t offer_title_at_ = 0, proposition_at_ = 0, size_ = 0;
};

void write_list(const std::vector<std::string>& items, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    json::write_string(items[i], out);
  }
  out += ']';
}
void write_members(const catalog::Attributes& attributes, bool& first, std::string& out) {
  for (const auto& [name, bytes] : attributes) {
    if (!std::exchange(first, false)) out += ',';
    json::write_string(name, out);
    out += ':';
    out += bytes;
  }
}

std::string object_of(const Exported& one) {
  const catalog::Record& record = one.record;
  std::string out = "{\"sku\":";
  json::write_string(record.sku, out);
  for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"brand", record.brand},
                                    {"ean", record.ean},
                                    {"family", record.family},
                                    {"parent", record.parent}}) {
    out.append(",\"").append(name).append("\":");
    if (value.empty())
      out += "null";
    else
      json::write_string(value, out);
  }
  out += ",\"categories\":";
  write_list(record.categories, out);
  out += ",\"images\":";
  write_list(record.images, out);
  out += record.enabled ? ",\"enabled\":true" : ",\"enabled\":false";
  bool first = true;
  if (!record.associations.empty()) {
    out += ",\"associations\":{";
    write_members(record.associations, first, out);
    out += '}';
  }
  out += ",\"attributes\":{";
  first = true;
  write_members(record.attributes, first, out);
  out += "},\"texts\":{";
  for (std::size_t i = 0; i < record.texts.size(); ++i) {
    const auto& [locale, texts] = record.texts[i];
    if (i > 0) out += ',';
    json::write_string(locale, out);
    out += ":{";
    first = true;
    for (const auto& [name, value] :
         {std::pair<const char*, const std::string&>{"title", texts.title}, {"description", texts.description}}) {
      if (value.empty()) continue;
      if (!std::exchange(first, false)) out += ',';
      out.append(1, '"').append(name).append("\":");
      json::write_string(value, out);
    }
    write_members(texts.attributes, first, out);
    out += '}';
  }
  out += '}';
  if (one.offer) {
    json::Value offer = catalog::offer_value(*one.offer);
    offer.erase("updated_at");
    for (const char* name : {"title", "proposition"})
      if (const json::Value* value = offer.find(name); value != nullptr && value->is_null()) offer.erase(name);
    out += ",\"offer\":" + json::write(offer);
  }
  return out + '}';
}

}  // namespace

Result<> each_page(
    const Rooms& rooms, catalog::ProductQuery query,
    const std::function<Result<>(const storage::Reader& read, const std::vector<std::string>& skus)>& page) {
  const bool all = query.text.empty() && query.where.empty() && query.sort.empty();
  query.count = kPage;
  query.offset = 0;
  query.facets.clear();
  query.skus_only = true;
  if (query.sort.empty()) query.sort = {{"sku", false}};
  for (std::string after;;) {
    const auto read = rooms.store.read();
    std::vector<std::string> skus;
    if (all) {
      PF_LET(skus, rooms.products.skus_after(read, after, kPage));
      if (skus.empty()) return {};
      after = skus.back();
    } else {
      PF_LET(auto found, rooms.products.list(read, query));
      skus = std::move(found.skus);
      query.cursor = found.next_cursor;
    }
    PF_TRY(page(read, skus));
    if (!all && query.cursor.empty()) return {};
  }
}

Result<> write_products_table(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                              ExportWriter& out) {
  Columns columns;
  PF_TRY(each_product(rooms, query, inherited, [&](const Exported& one) -> Result<> {
    columns.see(one);
    return {};
  }));
  PF_TRY(out.row(columns.header()));
  return each_product(rooms, query, inherited, [&](const Exported& one) { return out.row(columns.row(one)); });
}

Result<> write_products_objects(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                                ExportWriter& out) {
  return each_product(rooms, query, inherited, [&](const Exported& one) { return out.object(object_of(one)); });
}

}  // namespace pf::exchange
