// The bodies of the order routes and what becomes of them.
#pragma once

#include "json/fields.h"
#include "orders/orders.h"

namespace pf::api {

struct CustomerBody {
  std::optional<std::string> first_name, last_name, company_name, street_name, house_number, house_number_addition,
      address_2, zip_code, city, state, country_code, vat_number;
  template <class V>
  void fields(V& visit) {
    visit("first_name", first_name, "First name.");
    visit("last_name", last_name, "Last name.");
    visit("company_name", company_name, "Company.");
    visit("street_name", street_name, "Street; may hold the number too.");
    visit("house_number", house_number, "House number.");
    visit("house_number_addition", house_number_addition, "What follows the number.");
    visit("address_2", address_2, "Second line of the address.");
    visit("zip_code", zip_code, "Postcode.");
    visit("city", city, "City.");
    visit("state", state, "State or province.");
    visit("country_code", country_code, "ISO 3166, two capital letters.");
    visit("vat_number", vat_number, "VAT number.");
  }
};
struct LineBody {
  std::optional<std::string> external_identifier, sku, title;
  std::int64_t quantity = 0;
  std::optional<json::Decimal> price;
  template <class V>
  void fields(V& visit) {
    visit("external_identifier", external_identifier, "The channel's own line number.");
    visit("sku", sku, "The seller's number; may be unknown here.");
    visit("title", title, "What was sold.");
    visit("quantity", quantity, "Pieces, at least 1.");
    visit("price", price, "Of one piece, tax included.");
  }
};
struct OrderBody {
  std::optional<std::string> channel, channel_order_id, currency_code, placed_at, ship_by, email, phone_number, comment,
      payment_method, shipping_method, fulfilled_by;
  std::optional<json::Decimal> shipping_cost, tax, total;
  std::optional<bool> paid;
  std::vector<LineBody> lines;
  std::optional<CustomerBody> shipping_customer, billing_customer;
  template <class V>
  void fields(V& visit) {
    visit("channel", channel, "Where it was sold; manual when absent.");
    visit("channel_order_id", channel_order_id, "The channel's order number; the same one again is the same order.");
    visit("currency_code", currency_code, "ISO 4217.");
    visit("placed_at", placed_at, "When it was placed, RFC 3339; now when absent.");
    visit("ship_by", ship_by, "Latest shipping time, RFC 3339.");
    visit("email", email, "The buyer's e-mail; sealed.");
    visit("phone_number", phone_number, "The buyer's phone number; sealed.");
    visit("comment", comment, "The buyer's message; sealed.");
    visit("payment_method", payment_method, "How it was paid.");
    visit("shipping_method", shipping_method, "Which delivery was promised.");
    visit("shipping_cost", shipping_cost, "Tax included.");
    visit("tax", tax, "What was charged beside the prices; absent where prices include it.");
    visit("total", total, "Of the whole order; lines, shipping and tax when absent.");
    visit("paid", paid, "Whether the money came; true when absent.");
    visit("fulfilled_by", fulfilled_by,
          "shop (when absent), or marketplace: it ships from its own house (FBA, FBB), never of our stock.");
    visit("lines", lines, "What was sold.");
    visit("shipping_customer", shipping_customer, "Where it goes; sealed but for the country.");
    visit("billing_customer", billing_customer, "Who pays; sealed.");
  }
};
struct PiecesBody {
  std::int64_t line = 0, quantity = 0;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0.");
    visit("quantity", quantity, "Pieces.");
  }
};
struct ShipmentBody {
  std::optional<std::string> identifier, method, track_and_trace, location;
  std::vector<PiecesBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("identifier", identifier, "The parcel's own name, such as PACK01.");
    visit("method", method, "Carrier or service.");
    visit("track_and_trace", track_and_trace, "Tracking number.");
    visit("lines", lines, "What is in it; all that can be shipped when absent.");
    visit("location", location,
          "The code of the stock location that it leaves from: without lines, what is promised there.");
  }
};
struct CancelBody {
  std::optional<std::string> reason, picked, missing;
  std::vector<PiecesBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("reason", reason, "Why.");
    visit("lines", lines, "What is cancelled; all that is not shipped when absent.");
    visit("picked", picked, "What becomes of pieces that were picked: restock (when absent) or damaged.");
    visit("missing", missing, "What becomes of pieces that were looked for in vain: restock (when absent) or lost.");
  }
};
struct EditLineBody {
  std::optional<std::int64_t> line;
  std::int64_t quantity = 0;
  std::optional<std::string> sku, title;
  std::optional<json::Decimal> price;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0; a new line when absent.");
    visit("quantity", quantity,
          "How many pieces are ordered now, those that are shipped and cancelled too; 0 removes it.");
    visit("sku", sku, "Of a new line: a product's; a free line when absent.");
    visit("title", title, "Of a new line; the product's own when absent.");
    visit("price", price, "Of one piece of a new line, tax included.");
  }
};
struct EditBody {
  std::vector<EditLineBody> lines;
  std::optional<json::Decimal> shipping_cost;
  std::optional<std::string> message, edit;
  template <class V>
  void fields(V& visit) {
    visit("lines", lines, "What changes; lines that are not named stay.");
    visit("shipping_cost", shipping_cost, "The new one, tax included.");
    visit("message", message, "Why; becomes a note for the team, sealed like the buyer's data.");
    visit("edit", edit, "The caller's own name of this edit: sent again with the same one, it happens once.");
  }
};
struct NoteBody {
  std::string message;
  std::optional<std::string> audience;
  template <class V>
  void fields(V& visit) {
    visit("message", message, "The note; sealed like the buyer's data.");
    visit("for", audience, "team (when absent) or buyer: whom it is meant for.");
  }
};
struct LinkBody {
  std::string sku;
  template <class V>
  void fields(V& visit) {
    visit("sku", sku, "The product that this line is of.");
  }
};
struct HoldBody {
  std::string reason;
  std::optional<std::string> message;
  template <class V>
  void fields(V& visit) {
    visit("reason", reason, "manual, fraud, address, stock, buyer_cancel_request or payment.");
    visit("message", message, "More about it; becomes a note for the team, sealed like the buyer's data.");
  }
};

Result<orders::PlaceOrder> place_order_of(const OrderBody& body);
std::vector<std::pair<std::size_t, std::int64_t>> pieces_of(const std::vector<PiecesBody>& lines);

}  // namespace pf::api
