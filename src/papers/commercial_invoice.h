// The commercial invoice: what customs read of a parcel. In English, which every customs office takes (and carriers ask
// for), whatever language the shop speaks. It is no invoice of VAT and has no number of a series.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/pdf_writer.h"
#include "orders/customs.h"
#include "orders/invoice.h"

namespace pf::papers {

struct CustomsLine {
  std::int64_t pieces = 0;
  std::string sku{}, description{}, hs_code{}, origin{};
  std::int64_t grams = 0;        // of one piece
  std::int64_t price_minor = 0;  // of one piece
};
struct CommercialInvoice {
  orders::OrderId order{};
  std::string reference{}, day{};  // the channel's number; the date
  orders::Seller seller{};
  orders::CustomsSettings customs{};
  std::string destination{};             // ISO 3166
  std::vector<std::string> consignee{};  // address_lines(); empty: gone, or never sent
  std::string phone{};                   // the consignee's, where carriers want one
  Currency currency{};
  std::vector<CustomsLine> lines{};
  std::int64_t shipping_minor = 0;
  std::int64_t parcels = 0, gross_grams = 0;  // what was weighed; 0: not known
};

void draw_commercial_invoice(formats::PdfWriter& pdf, const CommercialInvoice& paper);

}  // namespace pf::papers
