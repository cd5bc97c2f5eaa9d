// The words of orders that hold their lines, buyer and addresses inside them (nested_orders.h), as marketplaces, shops
// and ERP programs use them in the languages of the shop's neighbours. Only what stands in these tables means anything:
// a container that does not is not read, nor is what stands in it. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pf::exchange::nested {

// What the leaves of a container are about. A leaf of a person leads into the vault and nowhere else.
enum class About : std::uint8_t {
  nothing,
  order,     // and what heads and totals say of it
  box,       // says nothing itself, but holds addresses or ways of delivery
  line,      // of an order
  product,   // that a line is of: never its price, which is the catalogue's
  price,     // of a line
  house,     // that sends a line: the shop, or the marketplace
  own_id,    // of a product: the seller's
  world_id,  // of a product: everybody's
  buyer,
  shipping,
  billing,
  address,   // of somebody, as the file says beside it (type="billing")
  delivery,  // what it costs and how it goes; with a leaf about a person in it, it is `shipping`
  way,       // of delivery
  payment,
  state,
  money,
};
bool is_person(About about);

enum class Field : std::uint8_t {
  none,
  // Of an order.
  number,  // by a name that only an order's number has
  plain_number,
  number_name,
  id,
  channel,
  currency,
  placed_at,
  ship_by,
  status,
  payment_status,
  paid,
  payment_method,   // by an exact name
  shipping_method,  // by an exact name
  payment_way,      // by a name that may mean something else: taken where it says a known way
  shipping_way,
  comment,
  total,
  shipping_cost,
  tax,
  includes_tax,
  tax_status,
  // Of a line.
  sku,
  ean,
  quantity,
  line_id,
  parent,
  title,
  unit_price,
  price,       // of a piece or of the line
  price_unit,  // a price of a piece, or for how many pieces the price is
  price_basis,
  line_total,
  line_tax,
  tax_percent,
  tax_share,  // 0.21
  shipped,
  cancelled,
  house,
  // Of a person.
  email,
  phone,
  name,
  first_name,
  last_name,
  company,
  street,
  house_number,
  addition,
  address_2,
  zip,
  city,
  state,
  country,
  kind,
};
// What the name of an amount says of its tax.
enum class Tax : std::uint8_t { unsaid, included, excluded };

struct Meaning {
  Field field = Field::none;
  Tax tax = Tax::unsaid;
  About whose = About::nothing;  // of a person's leaf whose name says whose it is: "shipping_city"
  std::uint8_t rank = 0;         // of several names of one field the lower is meant
};

// "ns1:Order-Number" and "@orderNumber" are "ordernumber".
std::string bare_name(std::string_view name);
// All of these take bare names, but for is_other_paper.
bool is_order(std::string_view name);                             // one, or a list of them
bool is_wrapper(std::string_view name);                           // of JSON: may stand around orders
bool is_lines(std::string_view name);                             // a line, or a list of them
bool is_around_lines(std::string_view name);                      // and says nothing itself
bool is_piece(std::string_view name);                             // a line that is one piece
bool is_order_sign(std::string_view name);                        // that only an order has
bool is_sign_of_other(std::string_view name, bool called_order);  // that another paper has
bool is_supplier(std::string_view name);
// An invoice, a refund, a cart, a parcel, a purchase, a catalogue: whatever stands in it is no order that somebody
// placed, though it names one.
bool is_other_paper(std::string_view name);

About inside(About around, std::string_view name);
// How far what stands in a container is from what is around it: whom to ask at somebody's is farther than he is, and a
// product farther than the variant that was sold.
int steps_to(std::string_view container);
bool is_scale(std::string_view name);  // of an amount in other units than the currency's
std::optional<Meaning> meaning_of(About about, std::string_view name);
// Of a container that is called as a leaf of `around` would be ("unitPrice": {"amount": ...}): what its leaf means.
std::optional<Meaning> meaning_in_value(const Meaning& container, std::string_view leaf);
// Whether it could say something of a person, whatever it stands in; `name` and `title` do where `strictly` is false.
bool is_about_person(std::string_view name, bool strictly);

About kind_of_address(std::string_view text);  // what type="delivery" says; `address`: the seller's own
bool is_known_way(std::string_view text);      // of paying or of sending: no person is called so
enum class Status : std::uint8_t { open, cancelled, shipped, unpaid, not_placed, unknown };
Status status_said(std::string_view text);

}  // namespace pf::exchange::nested
