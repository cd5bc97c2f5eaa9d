// Plain tables of products: our own export, and whatever else has a column that tells products apart.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "exchange/field_names.h"
#include "exchange/listed_variants.h"
#include "exchange/named_values.h"
#include "exchange/personal_columns.h"
#include "exchange/price_names.h"
#include "exchange/product_columns.h"
#include "exchange/repeated_rows.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Kind = ProductColumn::Kind;

bool is_called(std::string_view folded, Kind kind) {
  for (const FieldNames& field : names_of_fields())
    if (field.kind == kind && std::ranges::find(field.names, folded) != field.names.end()) return true;
  return false;
}

// Such a column may say whether there is any, or how many.
bool says_whether(std::string_view name) {
  const std::string folded = lower_ascii(name);
  return folded == "in voorraad" || folded == "beschikbaar";
}

// What is to be done with the product: BMEcat's attribute, Amazon's and others' columns.
constexpr std::array<std::string_view, 5> kWishNames{"mode", "add-delete", "update_delete", "command", "action"};
// Of a picture or a category that is an object: where it is, or what it is called.
constexpr std::string_view kItemNames[] = {"src", "url", "href", "link", "large", "path", "name", "title", "label"};
class PlainProducts final : public Party {
 public:
  PlainProducts(std::vector<ProductColumn> columns, const Header& header)
      : columns_(std::move(columns)), own_(is_own_export(header)) {
    if (!own_) currency_ = currency_column(header);
    for (const ProductColumn& column : columns_)
      if (locale_.empty()) locale_ = column.locale;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].kind == Kind::sku) {
        has_sku_ = true;
        spare_ean_ = !own_ && !equals_ignoring_case(header.names()[i], "sku");
      }
    if (!own_) {
      variants_ = ListedVariants(header);
      repeats_ = RepeatedRows(header, columns_, currency_);
      for (const std::string_view name : kWishNames)
        if (!wish_) wish_ = header.find(name);
      surely_wish_ = wish_ && header.names()[*wish_].find("delete") != std::string::npos;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!own_ && scales_prices(header.names()[i])) scales_.push_back(i);
      if (columns_[i].kind == Kind::left) note_person(header.names()[i]);
    }
  }
  std::string name() const override { return own_ ? "productflow products" : "products"; }
  std::string locale() const override { return locale_; }
  std::vector<FieldFault> remarks() const override {
    std::vector<FieldFault> out;
    if (!people_.empty())
      out.push_back(
          {"", "people",
           "These columns are of persons, and what is kept of products everybody sees, so they were left out: " +
               people_ + ". A mapping can say that they hold something else."});
    if (scaled_prices_)
      out.push_back({"", "prices",
                     "Some prices are for several units, or are still to be multiplied by a factor (PRICE_QUANTITY, "
                     "PRICE_FACTOR). They were kept as attributes, and those products' prices left as they were."});
    return out;
  }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem& item = products.emplace_back();
    item.line = row.line;
    item.change.attributes.reserve(columns_.size());
    scaled_row_ = std::ranges::any_of(scales_, [&](std::size_t i) {
      const std::string_view cell = row.cell(std::optional(i));
      return !cell.empty() && !is_one(cell);
    });
    const std::string_view currency = row.cell(currency_);
    std::vector<std::size_t> more;  // columns of pictures that come behind the others
    for (std::size_t i = 0; i < columns_.size() && i < row.cells.size(); ++i) {
      std::string_view cell = row.cells[i];
      if (!own_)
        cell = visible(cell);
      else if (row.guarded && cell.starts_with('\''))
        cell.remove_prefix(1);
      if (cell.empty()) continue;
      if (variants_.take(i, cell)) continue;
      if (columns_[i].kind == Kind::more_images)
        more.push_back(i);
      else
        put(columns_[i], row.header->names()[i], cell, currency, item);
    }
    for (const std::size_t i : more) {
      std::vector<std::string> images = item.change.images.value_or(std::vector<std::string>());
      for (std::string& one : items_of(trim(row.cells[i]))) images.push_back(std::move(one));
      put_images(item, std::move(images), trim(row.cells[i]), row.header->names()[i]);
    }
    if (!own_ && !item.sku.empty() && is_below_the_table(row, item)) item.must_exist = true;
    if (!own_ && rows_ < kTurnedMax) refuse_turned(row, item);
    if (wish_ && is_to_be_deleted(row.cell(wish_)))
      item.faults.push_back({row.header->names()[*wish_], "delete",
                             "asks for the product to be deleted, which no import does; delete it at its page, or say "
                             "enabled no"});
    if (!own_ && !item.sku.empty() && item.faults.empty()) repeats_.look(row, products);
    if (item.sku.empty() && ((has_sku_ && !spare_ean_) || !item.change.ean))
      item.faults.push_back(has_sku_ ? FieldFault{"sku", "required", "is empty: the product cannot be told from others"}
                                     : FieldFault{"ean", "required",
                                                  "is empty or mistyped, and the file has no SKU: the "
                                                  "product cannot be told from others"});
    variants_.put(row, currency, products);
  }

 private:
  bool is_to_be_deleted(std::string_view wish) const {
    return equals_ignoring_case(wish, "delete") || (surely_wish_ && equals_ignoring_case(wish, "d"));
  }
  void note_person(std::string_view name) {
    constexpr std::size_t kNamesMax = 300;  // bytes of a notice
    const std::string one = ", " + std::string(name.substr(0, kNamesMax)) + ", ";
    if (people_.size() > kNamesMax || (", " + people_ + ", ").find(one) != std::string::npos) return;
    people_.append(people_.empty() ? "" : ", ").append(name.substr(0, kNamesMax));
  }
  // Who wrote a review is among the members of a list.
  [[gnu::cold]] void leave_people_in(json::Value& value) {
    if (auto* all = value.as_array())
      for (json::Value& one : *all) leave_people_in(one);
    auto* members = value.as_object();
    if (members == nullptr) return;
    std::erase_if(*members, [&](const auto& member) {
      const bool person = personal_column(member.first).surely;
      if (person) note_person(member.first);
      return person;
    });
    for (auto& member : *members) leave_people_in(member.second);
  }
  static bool is_of_us(std::string_view name) {
    for (const std::string_view one : {"enabled", "is_enabled", "active"})
      if (equals_ignoring_case(name, one)) return true;
    return false;
  }
  // A sum of the rows above, or a line about the program that wrote them: it makes no product.
  static bool is_below_the_table(const Row& row, const ProductItem& item) {
    if (item.change.title || item.change.ean) return false;
    if (item.sku.starts_with("# ")) return true;
    if (row.cells.size() == 1 && row.header->names().size() > 2 && item.sku.find(' ') != std::string::npos) return true;
    // "CUPS;;": the heading of the rows below it, which a CSV and a workbook may have.
    if ((row.guarded || row.cells.size() == 1) && row.header->names().size() > 2 &&
        item.sku.find_first_of("0123456789") == std::string::npos &&
        std::ranges::count_if(row.cells, [](const std::string& cell) { return !trim(cell).empty(); }) == 1)
      return true;
    constexpr std::string_view kSums[] = {
        "total",  "totals",   "totaal", "totalen",   "summe",         "gesamt",      "gesamtsumme", "sum",
        "totaux", "subtotal", "totale", "subtotaal", "zwischensumme", "grand total", "eindtotaal",  "total general"};
    constexpr std::size_t kLongestSum = 15;  // with its colon; most SKUs cost no more than this look
    if (item.sku.size() > kLongestSum) return false;
    std::string folded = lower_ascii(item.sku);
    if (folded.ends_with(':')) folded.pop_back();
    return std::ranges::find(kSums, trim(folded)) != std::end(kSums);
  }
  // A table that lies on its side: its first rows are called as columns are, where SKUs should stand.
  void refuse_turned(const Row& row, ProductItem& item) {
    ++rows_;
    if (columns_.empty() || columns_[0].kind != Kind::sku || item.sku != trim(row.cells[0])) return;
    const Header called({item.sku});
    const Kind kind = product_columns(called)[0].kind;
    if (kind != Kind::title && kind != Kind::description && kind != Kind::price && kind != Kind::stock &&
        kind != Kind::brand && kind != Kind::ean)
      return;
    item.faults.push_back({row.header->names()[0], "turned",
                           "is what a column is called, so the table seems to lie on its side: turn it, so that each "
                           "product is a row (in a spreadsheet: copy, paste special, transpose)"});
  }

  // Whether the list is one of named values, which then are attributes; an EAN and a brand are what they are called.
  // Where none has a value, it is of things that have a name.
  bool put_named_values(const json::Value& list, const std::string& header, ProductItem& item) {
    const auto* all = list.as_array();
    if (all == nullptr || all->empty()) return false;
    catalog::ProductChange& change = item.change;
    std::vector<NamedValue> values;
    bool valued = false;
    for (const json::Value& one : *all) {
      const auto named = named_value(one);
      if (!named) return false;
      valued = valued || named->value != nullptr;
      if (named->value != nullptr && !trim(*named->value).empty()) values.push_back(*named);
    }
    if (!valued) return false;
    std::vector<std::pair<std::string, std::string>> made;
    std::unordered_map<std::string, std::size_t> at;  // a file may have hundreds of thousands of them
    for (const NamedValue& named : values) {
      const std::string name(trim(*named.name)), folded = lower_ascii(name);
      std::string value(trim(*named.value));
      if (!change.ean && is_called(folded, Kind::ean) && catalog::parse_ean(value).ok()) {
        change.ean = value;
        continue;
      }
      if (!change.brand && is_called(folded, Kind::brand)) {
        change.brand = value;
        continue;
      }
      if (named.unit != nullptr && !trim(*named.unit).empty()) value.append(1, ' ').append(trim(*named.unit));
      const auto [known, is_new] = at.try_emplace(name, made.size());
      if (!is_new) {
        made[known->second].second.append(", ").append(value);
        continue;
      }
      if (made.size() == catalog::kAttributesMax) {
        item.faults.push_back(
            {header, "too_many", "A product has at most " + std::to_string(catalog::kAttributesMax) + " attributes."});
        return true;
      }
      made.emplace_back(name, std::move(value));
    }
    const std::size_t before = change.attributes.size();
    for (auto& one : made) {
      if (personal_column(one.first).surely) {
        note_person(one.first);
        continue;
      }
      const auto end = change.attributes.begin() + static_cast<std::ptrdiff_t>(before);
      const auto known =
          std::find_if(change.attributes.begin(), end, [&](const auto& other) { return other.first == one.first; });
      if (known == end)
        change.attributes.emplace_back(one.first, std::move(one.second));
      else if (const auto* text = known->second.as_string())
        known->second = *text + ", " + one.second;
    }
    return true;
  }

  // What the shop pays for the fewest pieces, and what is advised to be asked; a list's price is neither.
  void put_listed_prices(const json::Value& list, const std::string& header, ProductItem& item) {
    const auto* all = list.as_array();
    if (all == nullptr) return;
    for (const auto& [kind, price] :
         {std::pair<std::string_view, catalog::PriceKind>{"net_customer", catalog::PriceKind::purchase_price},
          {"nrp", catalog::PriceKind::suggested_retail_price}}) {
      std::optional<ListedPrice> least;
      for (const json::Value& one : *all)
        if (const auto one_of_kind = listed_price(one);
            one_of_kind && one_of_kind->kind == kind && (!least || one_of_kind->from < least->from))
          least = one_of_kind;
      if (least && (scaled_row_ || least->scaled))
        scaled_prices_ = true;
      else if (least)
        put_price(item, least->amount, price,
                  least->currency.empty() ? std::string_view(catalog::kListCurrency) : least->currency, header);
    }
  }

  void put(const ProductColumn& column, const std::string& header, std::string_view cell, std::string_view currency,
           ProductItem& item) {
    catalog::ProductChange& change = item.change;
    switch (column.kind) {
      case Kind::sku:
        item.sku = cell;
        return;
      case Kind::title:
      case Kind::description:
        if (!column.locale.empty())
          texts_of(item, column.locale).emplace_back(column.kind == Kind::title ? "title" : "description", cell);
        else
          (column.kind == Kind::title ? change.title : change.description) = cell;
        return;
      case Kind::brand:
        change.brand = cell;
        return;
      case Kind::ean:
        if (!own_ && cell.find_first_of("eE") != std::string_view::npos && cell.find("+") != std::string_view::npos)
          item.faults.push_back({header, "rounded",
                                 "has been rounded by a spreadsheet, which took it for an amount; make the column text "
                                 "there, fill it anew and save the file again"});
        else if (const std::size_t more = own_ ? std::string_view::npos : cell.find_first_of(",;|");
                 more != std::string_view::npos) {
          change.ean = trim(cell.substr(0, more));
          change.attributes.emplace_back(header, cell);
        } else if (own_ || !has_sku_ || equals_ignoring_case(header, "ean") || catalog::parse_ean(cell).ok()) {
          change.ean = cell;
        } else if (cell.find_first_not_of("0") != std::string_view::npos) {  // of noughts there is none
          put_ean(item, cell, header);
          if (!change.ean) change.attributes.emplace_back(header, cell);
        }
        return;
      case Kind::family:
        change.family = cell;
        return;
      case Kind::parent:
        change.parent = std::string(cell);
        return;
      case Kind::categories:
        change.categories = items_of(cell);
        for (std::string& path : *change.categories)
          if (path.find('>') != std::string::npos && !own_) path = category_path(path);
        return;
      case Kind::images:
        if (own_)
          change.images = items_of(cell);
        else
          put_images(item, items_of(cell), cell, header);
        return;
      case Kind::enabled:
        change.enabled = yes_or_no(cell);
        if (!change.enabled && !own_ && !is_of_us(header))  // whatever another shop says there
          change.attributes.emplace_back(header, cell);
        else if (!change.enabled)
          item.faults.push_back({header, "type", "must be yes or no (1 or 0, true or false)"});
        return;
      case Kind::price:
        // Nothing, where others have no price of that kind.
        if (!own_ && column.price != catalog::PriceKind::sell_price &&
            cell.find_first_not_of("0.,") == std::string_view::npos)
          return;
        put_price(item, cell, column.price,
                  !column.currency.empty() ? std::string_view(column.currency)
                  : currency.empty()       ? catalog::kListCurrency
                                           : currency,
                  header);
        return;
      case Kind::stock:
        // "In voorraad" with 1 may be a yes; none are none either way, and more than one are pieces.
        if (!own_ && cell == "1" && says_whether(header)) {
          item.change.attributes.emplace_back(header, cell);
          item.notices.push_back({header, "type",
                                  "says whether there is any rather than how many; the stock was left as it is. If it "
                                  "counts pieces, call the column stock"});
          return;
        }
        put_stock(item, cell, header);
        return;
      case Kind::offer_title:
      case Kind::proposition:
        if (!item.offer) item.offer.emplace();
        (column.kind == Kind::proposition ? item.offer->proposition : item.offer->title) = cell;
        return;
      case Kind::more_images:  // row() has taken it
      case Kind::left:
        return;
      case Kind::association:
        if (!column.json) {
          json::Value links = json::Value::array();
          for (auto& one : items_of(cell)) links.push(std::move(one));
          change.associations.emplace_back(column.name, std::move(links));
          return;
        }
        break;
      case Kind::attribute:
        if (column.json) break;
        (column.locale.empty() ? change.attributes : texts_of(item, column.locale)).emplace_back(column.name, cell);
        return;
      case Kind::all_attributes:
      case Kind::all_texts:
        break;
    }
    json::Value value;
    if (column.json) {
      auto parsed = json::parse(cell);
      if (!parsed.ok()) {
        item.faults.push_back({header, "json", "is not JSON, as the column's name promises"});
        return;
      }
      value = *std::move(parsed);
      if (!own_) leave_people_in(value);
    } else {
      value = cell;
    }
    if (column.kind == Kind::association) {
      change.associations.emplace_back(column.name, std::move(value));
      return;
    }
    if (column.kind == Kind::attribute) {
      if (!own_ && put_named_values(value, header, item)) return;
      if (!own_) put_listed_prices(value, header, item);  // which stay, with those for more pieces
      if (column.locale.empty())
        change.attributes.emplace_back(column.name, std::move(value));
      else
        texts_of(item, column.locale).emplace_back(column.name, std::move(value));
      return;
    }
    // Another system's "attributes" are a list.
    if (!own_ && column.kind == Kind::all_attributes && value.as_array() != nullptr) {
      if (!put_named_values(value, header, item)) change.attributes.emplace_back("attributes", std::move(value));
      return;
    }
    if (value.as_object() == nullptr) {
      item.faults.push_back({header, "json", "must be a JSON object"});
      return;
    }
    for (auto& [name, member] : *value.as_object()) {
      if (column.kind == Kind::all_attributes)
        change.attributes.emplace_back(name, std::move(member));
      else if (auto* members = member.as_object())
        for (auto& text : *members) texts_of(item, name).push_back(std::move(text));
    }
  }

  // A list in one cell: JSON when it looks so, else divided by lines, | or ; when one is there, else by commas.
  std::vector<std::string> items_of(std::string_view cell) const {
    if (cell.starts_with('[')) {
      const auto parsed = json::parse(cell);
      if (parsed.ok() && parsed->as_array() != nullptr) {
        std::vector<std::string> items;
        for (const json::Value& one : *parsed->as_array()) {
          if (one.as_string() != nullptr) items.push_back(*one.as_string());
          // {"src": ...}, {"id": "9", "name": "Clothing"}
          for (const std::string_view name : kItemNames)
            if (const json::Value* named = own_ ? nullptr : one.find(name);
                named != nullptr && named->as_string() != nullptr && !named->as_string()->empty()) {
              items.push_back(*named->as_string());
              break;
            }
        }
        return items;
      }
    }
    if (!own_)
      for (const char separator : {'|', ';', '\n'})
        if (cell.find(separator) != std::string_view::npos) {
          auto items = list_of(cell, separator);
          if (separator == '\n')
            for (std::string& item : items)
              if (item.ends_with(',')) item = trim(std::string_view(item).substr(0, item.size() - 1));  // "a,\nb"
          return items;
        }
    return list_of(cell);
  }

  const std::vector<ProductColumn> columns_;
  const bool own_;
  static constexpr std::size_t kTurnedMax = 20;  // rows that are looked at for it
  std::size_t rows_ = 0;                         // seen, up to that
  bool has_sku_ = false;
  bool spare_ean_ = false;               // a channel's table, in which a seller's own number may be left out
  std::optional<std::size_t> currency_;  // the column that says that of the row's prices
  std::string locale_, people_;          // people_: the columns that were left for it
  std::vector<std::size_t> scales_{};    // columns that say for how many units prices are
  std::optional<std::size_t> wish_{};    // a column
  bool surely_wish_ = false;             // by its name: "add-delete"
  ListedVariants variants_{};
  RepeatedRows repeats_{};
  bool scaled_row_ = false;     // which is not one, in the row at hand
  bool scaled_prices_ = false;  // of some row, which were left for it
};

}  // namespace

std::unique_ptr<Party> plain_products(const Header& header) {
  auto columns = product_columns(header);
  const auto has = [&](Kind kind) {
    return std::ranges::any_of(columns, [&](const ProductColumn& column) { return column.kind == kind; });
  };
  if (!has(Kind::sku) && !has(Kind::ean)) return nullptr;
  // "code" alone names anything; with a title or a price it is a product.
  const bool said = has(Kind::title) || has(Kind::price) || (has(Kind::description) && !header.has("code"));
  if (!header.has("sku") && !has(Kind::ean) && !said) return nullptr;
  // Numbers of other things are called so too; Google's feeds have "id" with both.
  constexpr std::string_view kAnyNumber[] = {"id", "item_id", "product_id", "productid"};
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].kind == Kind::sku &&
        std::ranges::find(kAnyNumber, lower_ascii(header.names()[i])) != std::end(kAnyNumber) &&
        !(has(Kind::title) && (has(Kind::price) || has(Kind::ean) || ListedVariants::in(header))))
      return nullptr;
  return std::make_unique<PlainProducts>(std::move(columns), header);
}

}  // namespace pf::exchange
