// What a format turns a file into. One file per outside party implements `Party`; party.cpp lists them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/models.h"
#include "catalog/offers.h"
#include "catalog/product.h"
#include "json/json.h"
#include "orders/order.h"

namespace pf::exchange {

struct Mapping;  // mapping.h

// Without what nobody sees at its ends: blanks, also those that do not break, marks of width zero, a byte order mark.
std::string_view visible(std::string_view text);

// A header's names, trimmed, each in one line; looked up without case.
class Header {
 public:
  explicit Header(const std::vector<std::string>& names);
  std::optional<std::size_t> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> by_folded_;
};

struct Row {
  std::uint64_t line = 0;
  const Header* header = nullptr;
  std::vector<std::string> cells;
  bool guarded = false;  // of a CSV, where our own export puts a ' before what a spreadsheet would run
  // Trimmed; empty for a missing column or cell.
  std::string_view cell(std::string_view name) const;
  std::string_view cell(std::optional<std::size_t> column) const;
};

// Of one product, beyond the first; and variants that one row lists. More is no catalogue, but would be held in memory.
inline constexpr std::size_t kMoreRowsMax = 1'000, kListedVariantsMax = 2'500;

struct ProductItem {
  std::uint64_t line = 0;
  std::vector<std::uint64_t> more_lines{};  // further rows that say something about it, such as one more picture
  bool is_row = true;                       // false: a parent that the file implies but gives no row to
  bool must_exist = false;                  // refused when there is no such product
  std::string_view where_unknown{};         // then, what is said of its SKU, if more than that; a literal
  bool by_ean = false;                      // the EAN, where there is one, says which product is meant
  // Without a SKU the product with the change's EAN is meant, or else a new one whose SKU is that EAN.
  std::string sku{}, locale{};
  catalog::ProductChange change{};
  std::vector<std::string> files{};  // of each of change.more_images, whose lines these are; empty: they have none
  std::optional<catalog::OfferChange> offer{};
  std::optional<std::int64_t> stock{};
  std::string location{};              // where so many are free; empty: wherever they lie, for sale
  std::optional<std::string> shelf{};  // its place in the warehouse; empty: none
  std::vector<FieldFault> faults{};    // refuse it
  std::vector<FieldFault> notices{};   // are told; the rest is kept
};
struct OrderItem {
  std::vector<std::uint64_t> lines{};  // of the file
  orders::PlaceOrder order{};
  std::vector<FieldFault> faults{};   // refuse it
  std::vector<FieldFault> notices{};  // are told; the rest is kept
};

// What a row says about the catalogue's model. `body` is a patch of Models::describe; of a choice it is the choice.
struct DescribingItem {
  std::vector<std::uint64_t> lines{};
  catalog::ModelKind kind = catalog::ModelKind::attribute;
  std::string code{};
  json::Value body{json::Members{}};
  bool must_exist = false;
  bool is_choice = false;  // one of the attribute `code`, at `position`
  std::string made_as{};   // of a choice: the type of its attribute, which is made where nobody described it
  std::int64_t position = 0;
  std::vector<std::pair<std::uint64_t, std::string>> told{};  // of its lines, that are kept all the same
  std::vector<FieldFault> faults{};
};

// What a carrier's program says of a parcel: its tracking number. Which parcel is meant is found when it is kept.
struct TrackingItem {
  std::uint64_t line = 0;
  std::string
      reference{};       // what a carrier file of ours called it: "100123-PACK01"; or the order's or channel's number
  std::string parcel{};  // its identifier, where a column of its own has it
  std::string carrier{}, number{};
  std::vector<FieldFault> faults{};
};

// A row of which nothing is kept, with why not; or a language of a list of them.
struct ListItem {
  std::uint64_t line = 0;
  std::string sku{};                    // whom it is about
  std::string locale{};                 // empty: none is meant
  bool used = false;                    // by whoever made the list
  std::optional<std::string> lender{};  // whose texts it takes first (Languages::fallbacks); empty: nobody's
  std::string left{};                   // why nothing was to be kept, told once for rows in a row
  std::vector<FieldFault> notices{}, faults{};
};

// A reference record; `body` is that of References::write.
struct ReferenceItem {
  std::uint64_t line = 0;
  std::string kind{}, code{};
  json::Value body{json::Members{}};
  std::vector<FieldFault> faults{};
};

// Turns rows into products or orders. Several rows may make one; `flush` gives what is still gathered at the end.
class Party {
 public:
  virtual ~Party() = default;
  virtual std::string name() const = 0;              // "woocommerce products", "amazon orders", "stock"
  virtual bool quoted() const { return true; }       // false: a " is a "
  virtual bool ragged() const { return false; }      // rows of which each has cells of its own kind, under no names
  virtual std::string locale() const { return {}; }  // of texts that name none, in a shop that has no language yet
  virtual void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) = 0;
  virtual void flush(std::vector<ProductItem>&, std::vector<OrderItem>&) {}
  // Whether flush() is to be called again once what it gave is kept, so that not all of it is in memory at once.
  virtual bool has_more() const { return false; }
  // Whether the file describes the catalogue; its rows then wait in `describing` until the file has been read.
  virtual bool describes() const { return false; }
  std::vector<DescribingItem> describing{};
  std::vector<ReferenceItem> references{};  // wait until the file has been read, since they may name one another
  std::vector<ListItem> listed{};
  std::vector<TrackingItem> tracking{};  // of a file of tracking numbers; kept as it is read
  // The SKU that a row meant by a reference such as "id:44", once the whole file has been read.
  virtual std::string referred(const std::string& reference) const { return reference; }
  // About the file as a whole, told as notices when it has been read.
  virtual std::vector<FieldFault> remarks() const { return {}; }
};

// Rows of a file that describes the catalogue, which wait in memory: the largest that are published have some thousand
// categories and ten thousand options.
inline constexpr std::size_t kDescribingRowsMax = 200'000;
FieldFault beyond_describing();  // of a row above it

inline constexpr std::string_view kMeasurementFamilies = "measurement families";  // what a file of them is called

// Null when no format fits; an Error when one fits whose header cannot be right. `kind` is what the caller said the
// file holds, or empty; `mapping` what its columns mean, or null.
Result<std::unique_ptr<Party>> party_for(const Header& header, std::string_view kind,
                                         const std::shared_ptr<const Mapping>& mapping = nullptr);

// One file each; asked in this order, the most particular first.
std::unique_ptr<Party> amazon_orders(const Header& header);
std::unique_ptr<Party> shopify_orders(const Header& header);
Result<std::unique_ptr<Party>> etsy_orders(const Header& header);
std::unique_ptr<Party> ebay_orders(const Header& header);
std::unique_ptr<Party> woocommerce_products(const Header& header);
std::unique_ptr<Party> wordpress_products(const Header& header);
std::unique_ptr<Party> magento_products(const Header& header);
std::unique_ptr<Party> shopify_products(const Header& header);
// Web shops' and channels' tables that differ in where things stand alone (dialects.cpp).
std::unique_ptr<Party> dialect_products(const Header& header);
std::unique_ptr<Party> datanorm_products(const Header& header);
std::unique_ptr<Party> vendure_products(const Header& header);
std::unique_ptr<Party> unopim_products(const Header& header);
// An Error for its lists of languages and currencies, which are no products either.
Result<std::unique_ptr<Party>> unopim_model(const Header& header);
std::unique_ptr<Party> akeneo_model(const Header& header);
// Of whichever system; without a word about categories only where the model was `asked_for`.
std::unique_ptr<Party> category_list(const Header& header, bool asked_for);
std::unique_ptr<Party> taxonomy_categories(const Header& header);  // Google's
// What a channel says of a feed that it was sent: the rows that it refused, and why.
std::unique_ptr<Party> processing_report(const Header& header);
// What a table is that is known and is no business of an import, and what to do instead; empty: it is none of these.
std::string known_and_left(const Header& header);
// Of what would be read as products: why its pieces are nobody's stock, being sold or bought; empty: they are not.
std::string lines_of_papers(const Header& header);
std::unique_ptr<Party> akeneo_lists(const Header& header);  // languages, currencies, groups of products
Result<std::unique_ptr<Party>> akeneo_products(const Header& header);
// Only a table of numbers of pieces and nothing else is one, unless it was `asked_for`.
std::unique_ptr<Party> stock_levels(const Header& header, bool asked_for);
// Tracking numbers of parcels, as the carriers' label programs write them.
std::unique_ptr<Party> tracking_numbers(const Header& header);
std::unique_ptr<Party> reference_rows(const Header& header);
std::unique_ptr<Party> plain_products(const Header& header);
std::unique_ptr<Party> plain_orders(const Header& header);
bool orders_without_lines(const Header& header);  // which a web shop's list of orders on its page has
// The columns of a person's name and address, where a table has them: it is no table of products, whose fields
// everybody sees, whatever numbers stand beside them. Empty: it has none.
std::string people_in(const Header& header);
bool lists_people(const Header& header);  // and they are most of its columns
// What plain_orders makes of each column, by our own name; empty: nothing.
std::vector<std::string> order_columns(const Header& header);

}  // namespace pf::exchange
