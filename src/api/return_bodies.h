// The bodies of the routes of returns.
#pragma once

#include "api/order_bodies.h"

namespace pf::api {

struct ReturnBody {
  std::string order_id;
  std::optional<std::string> reference, reason, message;
  std::optional<bool> approved;
  std::vector<PiecesBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("order_id", order_id, "Whose pieces come back.");
    visit("reference", reference,
          "The channel's or your own number; the same one of an order again is the same return.");
    visit("reason", reason, "unwanted, damaged, defective, wrong_item, late or other (when absent).");
    visit("message", message, "The buyer's words or yours; become a note of the order, sealed like the buyer's data.");
    visit("approved", approved, "true: it is approved at once.");
    visit("lines", lines, "What comes back; all that can when absent.");
  }
};
struct RefusalBody {
  std::optional<std::string> message;
  template <class V>
  void fields(V& visit) {
    visit("message", message, "Why; becomes a note of the order, sealed like the buyer's data.");
  }
};
struct ReceivedLineBody {
  std::int64_t line = 0;
  std::optional<std::int64_t> received, restocked, damaged, discarded;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The order line's number, counted from 0.");
    visit("received", received, "Pieces that have come so far, in total.");
    visit("restocked", restocked, "Of these, back in stock, in total.");
    visit("damaged", damaged, "Of these, kept but not for sale, in total.");
    visit("discarded", discarded, "Of these, thrown away, in total.");
  }
};
struct ReceiptBody {
  std::optional<std::string> location;
  std::vector<ReceivedLineBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("lines", lines, "Totals of the lines that are named, never lower than before; what is absent stays.");
    visit("location", location,
          "The code of the stock location that restocked pieces go to; each to where it left from when absent.");
  }
};
struct ReplacementBody {
  std::vector<LineBody> lines;
  std::optional<std::string> email, phone_number;
  std::optional<CustomerBody> shipping_customer;
  template <class V>
  void fields(V& visit) {
    visit("lines", lines, "What is sent in its place; the return's own pieces for nothing when absent.");
    visit("email", email, "The buyer's e-mail, if his details are deleted or others; sealed.");
    visit("phone_number", phone_number, "The same: his phone number; sealed.");
    visit("shipping_customer", shipping_customer, "The same: where it goes; sealed but for the country.");
  }
};

}  // namespace pf::api
