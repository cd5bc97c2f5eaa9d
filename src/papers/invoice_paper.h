// An invoice or a credit note as it is sent. The buyer's address is none of the record's: whoever draws it has had the
// buyer revealed to him, with an audit entry, or says why it is not there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/pdf_writer.h"
#include "orders/invoice.h"

namespace pf::papers {

struct InvoiceBuyer {
  std::vector<std::string> address{};  // address_lines()
  bool gone = false;                   // the details are deleted
  std::optional<Time> gone_since{};    // when, if that is known
};

// Adds its pages. `language`: of its words, as in Accept-Language; English for what is not known.
void draw_invoice(formats::PdfWriter& pdf, const orders::Invoice& invoice, const InvoiceBuyer& buyer,
                  std::string_view language);
// Both at once, for one alone.
std::string invoice_paper(const orders::Invoice& invoice, const InvoiceBuyer& buyer, std::string_view language);
// What the code of an unpaid invoice says to the buyer's bank (EPC069-12); empty where there is none.
std::string credit_transfer_code(const orders::Invoice& invoice);
// "21 %", "5.5 %"
std::string printed_rate(orders::VatRate rate, std::size_t language);

}  // namespace pf::papers
