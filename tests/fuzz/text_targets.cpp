// Words that people type and files hold, where a rule says what may pass; what is printed; and what somebody else's
// server answers.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "catalog/attribute.h"
#include "catalog/harmless_html.h"
#include "catalog/product.h"
#include "exchange/listing.h"
#include "formats/code128.h"
#include "formats/qr.h"
#include "http/outbound_answer.h"
#include "jobs/exchange_folder.h"
#include "orders/customs.h"
#include "orders/tracking.h"
#include "orders/vat_area.h"
#include "papers/address.h"
#include "papers/sheet.h"
#include "productflow/money.h"
#include "productflow/text.h"
#include "search/answer.h"
#include "stock/shelves.h"
#include "targets.h"
#include "teamwork/tasks.h"
#include "vault/blind_index.h"
#include "vault/key_provider.h"
#include "vault/mask.h"

namespace pf::fuzz {
namespace {

void must_be_so(bool rule) {
  if (!rule) std::abort();
}
// What was taken is written so that it is taken again, as the same.
template <class Parse>
void taken_again(Parse parse, std::string_view text) {
  const auto once = parse(text);
  if (!once.ok()) return must_be_so(!once.error().message.empty());
  const auto again = parse(std::string_view(*once));
  must_be_so(again.ok() && *again == *once);
}

}  // namespace

void word(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool descending : {false, true}) {
    const search::Sort sort{"price", descending};
    if (const auto place = search::read_cursor(sort, text); place.ok()) {
      const auto again = search::read_cursor(sort, search::write_cursor(sort, *place));
      must_be_so(again.ok() && again->value == place->value && again->document == place->document);
    }
  }
  static_cast<void>(vault::join_shares({std::string(text.substr(0, size / 2)), std::string(text.substr(size / 2))}));
  static_cast<void>(backup::read_secret_key(text));
  static_cast<void>(backup::read_open_key(text));
  if (first_bad_utf8(text)) return;  // the doors take no other text
  if (const auto sku = catalog::parse_sku(text); sku.ok()) must_be_so(catalog::parse_sku(sku->raw()).ok());
  taken_again([](std::string_view one) { return catalog::parse_locale(one); }, text);
  taken_again([](std::string_view one) { return catalog::parse_ean(one); }, text);
  taken_again([](std::string_view one) { return catalog::parse_category(one); }, text);
  taken_again([](std::string_view one) { return orders::tag_of(one); }, text);
  taken_again([](std::string_view one) { return stock::shelf_of(one); }, text);
  static_cast<void>(stock::zone_of(text));
  static_cast<void>(catalog::check_image(text));
  const std::string html = catalog::harmless_html(text);
  must_be_so(catalog::harmless_html(html) == html);
  for (const char* code : {"<script>", "<script ", "<script/", "<iframe>", "<style>"})
    must_be_so(lower_ascii(html).find(code) == std::string::npos);
  static_cast<void>(catalog::check_code(text, "code"));
  static_cast<void>(exchange::check_link(text));
  if (!text.empty() && jobs::ExchangeFolder::check_name(text).ok())
    for (const std::string_view part : split(text, '/'))
      must_be_so(!part.empty() && !part.starts_with('.') && part.find('\0') == part.npos);
  static_cast<void>(orders::is_eu_vat_number(text));
  const std::string hs = orders::hs_code_of(text);
  must_be_so(orders::hs_code_of(hs) == hs);
  if (const auto named = orders::parcel_reference_of(text))
    must_be_so(orders::parcel_reference_of(orders::parcel_reference(named->order, named->parcel)).has_value());
  if (const auto day = teamwork::parse_day(text)) must_be_so(teamwork::parse_day(teamwork::day_text(*day)) == day);
  const std::string read = exchange::without_html(text);
  must_be_so(!first_bad_utf8(read));
  using vault::Field, vault::IndexField;
  for (const auto field : {IndexField::email, IndexField::phone, IndexField::postcode, IndexField::name})
    must_be_so(!first_bad_utf8(vault::normalised(field, text)));
  for (const auto field : {Field::shipping, Field::email, Field::phone, Field::message, Field::extra})
    must_be_so(!first_bad_utf8(json::write(vault::masked_field(field, text))));
}

// A paper of hostile texts comes to its end, and all of them is on it.
void paper(const std::uint8_t* data, std::size_t size) {
  using formats::PdfWriter;
  if (size < 2) return;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const double width = 3.0 * data[0];
  if (data[1] >= 0xf0) static_cast<void>(formats::qr_code(text));  // ten times as dear as all the rest together
  static_cast<void>(formats::code128(text));
  if (first_bad_utf8(text)) return;
  const auto lines = PdfWriter::wrapped(text, papers::kSheetSize, width);
  must_be_so(!lines.empty() && lines.size() <= text.size() + 1);
  static_cast<void>(PdfWriter::cut(text, papers::kSheetSize, width));
  PdfWriter pdf(text.substr(0, text.find('\n')));
  papers::Sheet sheet(pdf, data[1] % 4, [&](papers::Sheet& page) {
    page.y = papers::kSheetTop;
    page.text(papers::kSheetLeft, text.substr(0, text.find('\n')));
  });
  using Kind = papers::Cell::Kind;
  const std::vector<papers::Cell> cells{{50, width, std::string(text), data[1] % 2 == 0 ? Kind::left : Kind::right},
                                        {300, 200, std::string(text), Kind::code},
                                        {500, 10, "", Kind::box}};
  sheet.row(cells);
  sheet.paragraph(text);
  for (const std::string& line : papers::address_lines(vault::Private(std::string(text)), "NL"))
    sheet.text(papers::kSheetLeft, line);
  if (data[1] >= 0xf0) static_cast<void>(papers::draw_qr(pdf, 0, 0, width, text));
  sheet.number_pages();
  // So are fonts.
  must_be_so(data[1] / 4 % 16 != 1 || pdf.finish().starts_with("%PDF-"));
}

// In pieces of any size it is the same answer, whole or refused.
void server_answer(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto read = [&](std::size_t step, bool whole) {
    std::size_t at = 0;
    std::string body;
    const http::BodySink sink = [&](std::string_view piece) {
      body += piece;
      return true;
    };
    const auto answer = http::read_answer(
        [&](std::string& to) -> Result<bool> {
          if (at >= bytes.size()) return false;
          const std::string_view piece = bytes.substr(at, step);
          to += piece;
          at += piece.size();
          return true;
        },
        whole ? &sink : nullptr);
    if (!answer.ok()) return answer.error().message;
    must_be_so(answer->status >= 200 && answer->status <= 599 &&
               answer->body.size() <= http::kOutboundAnswerBytesMax);
    std::string told = std::to_string(answer->status) + "\n" + answer->body + body;
    for (const auto& [name, value] : answer->headers) told += "\n" + name + ":" + value;
    return told;
  };
  for (const bool whole : {false, true}) must_be_so(read(1 + data[1], whole) == read(bytes.size() + 1, whole));
}

}  // namespace pf::fuzz
