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

// The columns of a file, of all that goes into it.
class Columns {
 public:
  using Used = catalog::UsedColumn;

  void see(const Exported& one) {
    const auto note = [&](Used::Kind kind, const std::string& name, const std::string& locale) {
      used_.push_back({kind, name, locale, one.record.sku});
    };
    const auto attributes = [&](const catalog::Attributes& list, const std::string& locale) {
      for (const auto& [name, bytes] : list) {
        auto known = attributes_.find({name, locale});
        if (known == attributes_.end()) {
          if (attributes_.size() >= kOwnColumnsMax) continue;
          known = attributes_.emplace(std::pair(name, locale), Attribute{}).first;
          note(Used::Kind::attribute, name, locale);
        }
        if (known->second.json || catalog::plain_text_of(bytes)) continue;
        known->second.json = true;
        note(Used::Kind::json_attribute, name, locale);
      }
    };
    for (const auto& [kind, bytes] : one.record.associations) {
      const auto [column, is_new] = associations_.emplace(kind, Attribute{});  // at most kLinkKindsMax a product
      if (is_new) note(Used::Kind::links, kind, "");
      if (column->second.json || !has_quantities(bytes)) continue;
      column->second.json = true;
      note(Used::Kind::quantified_links, kind, "");
    }
    attributes(one.record.attributes, "");
    for (const auto& [locale, texts] : one.record.texts) {
      if (!texts.title.empty() && titles_.emplace(locale, 0).second) note(Used::Kind::title, "", locale);
      if (!texts.description.empty() && descriptions_.emplace(locale, 0).second)
        note(Used::Kind::description, "", locale);
      attributes(texts.attributes, locale);
    }
    if (!one.offer) return;
    if (!one.offer->title.empty() && !std::exchange(offer_title_, true)) note(Used::Kind::offer_title, "", "");
    if (!one.offer->proposition.empty() && !std::exchange(proposition_, true)) note(Used::Kind::proposition, "", "");
    for (const catalog::Prices& prices : one.offer->prices)
      for (std::size_t k = 0; k < catalog::kPriceKinds; ++k) {
        const std::string currency(prices.currency.code());
        if (prices.minor[k] && prices_.emplace(std::pair(k, currency), 0).second)
          note(Used::Kind::price, currency + static_cast<char>('0' + k), "");
      }
  }
  // Of what was seen, each with the first product that had it.
  const std::vector<Used>& used() const { return used_; }
  bool has(const Used& column) const {
    const auto is_json = [](const auto& columns, const auto& key) {
      const auto known = columns.find(key);
      return known != columns.end() && known->second.json;
    };
    switch (column.kind) {
      case Used::Kind::attribute:
        return attributes_.contains({column.name, column.locale});
      case Used::Kind::json_attribute:
        return is_json(attributes_, std::pair(column.name, column.locale));
      case Used::Kind::title:
        return titles_.contains(column.locale);
      case Used::Kind::description:
        return descriptions_.contains(column.locale);
      case Used::Kind::price:
        return column.name.size() == 4 &&
               prices_.contains({static_cast<std::size_t>(column.name[3] - '0'), column.name.substr(0, 3)});
      case Used::Kind::offer_title:
        return offer_title_;
      case Used::Kind::proposition:
        return proposition_;
      case Used::Kind::links:
        return associations_.contains(column.name);
      case Used::Kind::quantified_links:
        return is_json(associations_, column.name);
    }
    return false;
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
        std::optional<std::string> text;
        if (column != attributes_.end() && column->second.json) {
          cells[column->second.at] = bytes;
        } else if (column != attributes_.end() && (text = catalog::plain_text_of(bytes))) {
          cells[column->second.at] = *std::move(text);
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
  std::vector<Used> used_;
  bool offer_title_ = false, proposition_ = false;
  std::size_t offer_title_at_ = 0, proposition_at_ = 0, size_ = 0;
};

// Finds the columns of a question without a walk through all that it means. What any product has ever had is known
// (catalog/used_columns.h), so it is enough to find one of the question's products for each of these, or to know that
// there is none: among the first, by the product that had it first, or by the index. Where none of these tells, it is
// left to the walk.
class ColumnsAtSight {
 public:
  ColumnsAtSight(const Rooms& rooms, const catalog::ProductQuery& query) : rooms_(rooms), query_(query) {
    query_.offset = 0;
    query_.count = kPage;
    query_.cursor.clear();
    query_.facets.clear();
    query_.skus_only = true;
    query_.sort = {{"sku", false}};
  }

  // Nothing: walk.
  Result<std::optional<Columns>> find() {
    const auto read = rooms_.store.read();
    PF_LET(auto used, rooms_.products.used_columns().all(read));
    if (!used) return std::optional<Columns>();
    const auto attributes = std::ranges::count(*used, Kind::attribute, &catalog::UsedColumn::kind);
    if (static_cast<std::size_t>(attributes) > kOwnColumnsMax) return std::optional<Columns>();  // which of them counts
    open_ = *std::move(used);
    PF_TRY(see_first(read));
    const bool all = query_.text.empty() && query_.where.empty();
    if (all) {
      std::vector<std::string> skus;
      for (const auto& column : open_)
        if (skus.empty() || skus.back() != column.sku) skus.push_back(column.sku);
      PF_TRY(see(read, skus));
    }
    for (std::size_t asked = 0; !open_.empty(); ++asked) {
      const catalog::UsedColumn column = open_.back();  // a copy: asking takes from the list
      if (asked == kAskedMax) return std::optional<Columns>();
      PF_LET(const bool certain, ask(read, column, all));
      if (!certain) return std::optional<Columns>();
      std::erase_if(open_, [&](const auto& one) {
        return one.kind == column.kind && one.name == column.name && one.locale == column.locale;
      });
    }
    return std::optional(std::move(columns_));
  }

 private:
  using Kind = catalog::UsedColumn::Kind;
  static constexpr std::size_t kAskedMax = 300;  // questions to the index, a millisecond or so each

  Result<> see(const storage::Reader& read, const std::vector<std::string>& skus) {
    PF_LET(auto offers, rooms_.offers.find_many(read, skus));
    for (std::size_t i = 0; i < skus.size(); ++i) {
      PF_LET(auto record, rooms_.products.find(read, skus[i]));
      if (record) columns_.see({*std::move(record), std::move(offers[i])});
    }
    std::erase_if(open_, [&](const auto& column) { return columns_.has(column); });
    return {};
  }
  Result<> see_first(const storage::Reader& read) {
    PF_LET(const auto page, rooms_.products.list(read, query_));
    return see(read, page.skus);
  }
  // Whether it is certain now that the column is used or not. `all`: of all products.
  Result<bool> ask(const storage::Reader& read, const catalog::UsedColumn& column, bool all) {
    catalog::ProductQuery query = query_;
    catalog::Condition filled{.column = {}, .op = catalog::Operator::empty, .values = {"0"}};
    switch (column.kind) {
      case Kind::attribute:
      case Kind::json_attribute:
        if (column.name.find('@') != std::string::npos) return false;  // which the index would take for a language
        filled.column = "attributes." + column.name;
        break;
      case Kind::title:
      case Kind::description:
        if (!all) return false;  // the question may be of another language
        filled.column = column.kind == Kind::title ? "title" : "description";
        query.locale = column.locale;
        break;
      case Kind::price:
        // The index knows selling prices by their currency.
        filled.column = column.name.ends_with('0') ? "price." + column.name.substr(0, 3) : "offer";
        break;
      case Kind::offer_title:
      case Kind::proposition:
        filled.column = "offer";
        break;
      case Kind::links:
      case Kind::quantified_links:
        return false;
    }
    query.where.push_back(std::move(filled));
    PF_LET(const auto page, rooms_.products.list(read, query));
    PF_TRY(see(read, page.skus));
    return page.total <= page.skus.size() || columns_.has(column);
  }

  const Rooms& rooms_;
  catalog::ProductQuery query_;
  Columns columns_;
  std::vector<catalog::UsedColumn> open_;  // of which nothing is certain yet
};

Result<Columns> columns_of(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited) {
  const bool all = query.text.empty() && query.where.empty();
  if (!inherited || all) {  // all that variants inherit is among all
    PF_LET(auto found, ColumnsAtSight(rooms, query).find());
    if (found) return *std::move(found);
  }
  Columns columns;
  PF_TRY(each_product(rooms, query, inherited, [&](const Exported& one) -> Result<> {
    columns.see(one);
    return {};
  }));
  // For the next one. Where nothing can be kept (a full disk, say) the file is as good.
  if (all && !inherited) static_cast<void>(rooms.products.used_columns().keep(columns.used()));
  return columns;
}

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
  PF_LET(Columns columns, columns_of(rooms, query, inherited));
  PF_TRY(out.row(columns.header()));
  return each_product(rooms, query, inherited, [&](const Exported& one) { return out.row(columns.row(one)); });
}

Result<> write_products_objects(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                                ExportWriter& out) {
  return each_product(rooms, query, inherited, [&](const Exported& one) { return out.object(object_of(one)); });
}

}  // namespace pf::exchange
