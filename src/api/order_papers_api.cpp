#include "api/order_papers_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/order_answers.h"
#include "api/order_ids.h"
#include "api/order_papers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "papers/address.h"
#include "papers/address_label.h"
#include "papers/packing_slip.h"
#include "papers/pick_list.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order;

struct PaperRooms {
  OrderRooms order;
  access::Access& access;
  orders::Invoices& invoices;
};

// A page's link cannot choose what it accepts, so it asks by `format`.
bool wants_pdf(const Call& call) {
  return call.query_value("format") == "pdf" || header(call, "accept").starts_with("application/pdf");
}
json::Value lines_value(const Order& order, const std::vector<std::pair<std::size_t, std::int64_t>>& pieces) {
  json::Value lines = json::Value::array();
  for (const auto& [number, count] : pieces)
    if (number < order.lines.size())
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(number)},
                                      {"sku", order.lines[number].sku},
                                      {"title", order.lines[number].title},
                                      {"quantity", count}}));
  return lines;
}

// What a scanner may read of each line, or of each part of a kit: its product's EAN, else its SKU.
Result<std::vector<std::string>> codes_of(const OrderRooms& rooms, const storage::Reader& read, const Order& order) {
  std::vector<std::string> codes;
  const auto add = [&](const std::string& sku) -> Result<> {
    codes.push_back(sku);
    if (sku.empty()) return {};
    PF_LET(const auto product, rooms.products.find(read, sku));
    if (product && !product->ean.empty()) codes.back() = product->ean;
    return {};
  };
  for (const auto& line : order.lines) {
    if (line.parts.empty()) PF_TRY(add(line.sku));
    for (const auto& part : line.parts) PF_TRY(add(part.sku));
  }
  return codes;
}
// What kits are made of, as the catalogue calls it.
Result<papers::PartTitles> part_titles(const OrderRooms& rooms, const storage::Reader& read, const Order& order) {
  papers::PartTitles titles;
  for (const auto& line : order.lines)
    for (const auto& part : line.parts) {
      PF_LET(const auto languages, rooms.products.languages(read));
      PF_LET(const auto title, rooms.products.title(read, part.sku, languages.standard()));
      titles[part.sku] = title.value_or("");
    }
  return titles;
}
// What the shop has to say to the buyer; the team's own notes stay in the house.
Result<std::vector<std::string>> notes_for_buyer(const OrderRooms& rooms, const storage::Reader& read,
                                                 orders::OrderId id) {
  std::vector<std::string> notes;
  PF_LET(const auto events, rooms.orders.events(read, id));
  for (const auto& event : events) {
    if (event.kind != "noted" || event.details.find("for") == nullptr) continue;
    if (auto text = rooms.orders.note_text(id, event)) notes.push_back(*std::move(text));
  }
  return notes;
}

Result<Answer> picking(const PaperRooms& all, const Call& call) {
  const OrderRooms& rooms = all.order;
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.store.read();
  PF_LET(const Order order, rooms.orders.find(read, id));
  PF_TRY(orders::may_leave(order));
  if (wants_pdf(call)) {
    PF_LET(const auto codes, codes_of(rooms, read, order));
    PF_LET(const auto titles, part_titles(rooms, read, order));
    return pdf_answer(papers::pick_list(order, codes, paper_language(call), titles),
                      "picking-" + std::to_string(id.raw()));
  }
  return Answer{.body =
                    data(json::Value::object({{"id", std::to_string(id.raw())},
                                              {"channel", order.channel},
                                              {"channel_order_id", order.channel_order_id},
                                              {"lines", lines_value(order, papers::packed_lines(order, nullptr))}}))};
}

Result<Answer> packing(const PaperRooms& all, const Call& call) {
  const OrderRooms& rooms = all.order;
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.store.read();
  PF_LET(const Order order, rooms.orders.find(read, id));
  const orders::Parcel* parcel = nullptr;
  if (const auto wanted = call.query_value("parcel")) {
    const auto found = std::ranges::find(order.parcels, *wanted, &orders::Parcel::identifier);
    if (found == order.parcels.end()) return error(ErrorCode::not_found, "The order has no such parcel.");
    parcel = &*found;
  } else {
    PF_TRY(orders::may_leave(order));
  }
  PF_LET(const auto notes, notes_for_buyer(rooms, read, id));
  if (wants_pdf(call)) {
    PF_LET(const auto titles, part_titles(rooms, read, order));
    return pdf_answer(papers::packing_slip(order, parcel, notes, paper_language(call), titles),
                      "packing-" + std::to_string(id.raw()));
  }
  return Answer{.body = data(json::Value::object(
                    {{"id", std::to_string(id.raw())},
                     {"channel", order.channel},
                     {"channel_order_id", order.channel_order_id},
                     {"parcel", parcel != nullptr ? json::Value(parcel->identifier) : json::Value(nullptr)},
                     {"lines", lines_value(order, papers::packed_lines(order, parcel))},
                     {"notes", texts(notes)}}))};
}

// One list after another; all of the orders that may not leave are named, and then there is none.
Result<Answer> pick_lists(const PaperRooms& all, const Call& call) {
  const auto read = all.order.store.read();
  PF_LET(const auto orders, asked_orders_of(all.order, read, call));
  Faults faults(ErrorCode::conflict);
  formats::PdfWriter pdf("Pick lists");
  for (const Order& order : orders) {
    if (const auto may = orders::may_leave(order); !may.ok()) {
      faults.add("orders", "held", "Order " + std::to_string(order.id.raw()) + ": " + may.error().message);
      continue;
    }
    PF_LET(const auto codes, codes_of(all.order, read, order));
    PF_LET(const auto titles, part_titles(all.order, read, order));
    papers::draw_pick_list(pdf, order, codes, paper_language(call), titles);
  }
  PF_TRY(std::move(faults).checked());
  return pdf_answer(pdf.finish(), "pick-lists");
}

// A slip for each parcel that is packed or has left, and one of what is ready where there is none.
Result<Answer> packing_slips(const PaperRooms& all, const Call& call) {
  const auto read = all.order.store.read();
  PF_LET(const auto orders, asked_orders_of(all.order, read, call));
  formats::PdfWriter pdf("Packing slips");
  for (const Order& order : orders) {
    PF_LET(const auto notes, notes_for_buyer(all.order, read, order.id));
    PF_LET(const auto titles, part_titles(all.order, read, order));
    for (const auto* parcels : {&order.packing, &order.parcels})
      for (const auto& parcel : *parcels)
        papers::draw_packing_slip(pdf, order, &parcel, notes, paper_language(call), titles);
    if (order.packing.empty() && order.parcels.empty())
      papers::draw_packing_slip(pdf, order, nullptr, notes, paper_language(call), titles);
  }
  return pdf_answer(pdf.finish(), "packing-slips");
}

// Reveals every buyer who is there, with an audit entry each; of the others the label says so.
Result<Answer> address_labels(const PaperRooms& all, const Call& call) {
  const OrderRooms& rooms = all.order;
  if (call.limits && !call.limits->field(vault::field_name(vault::Field::shipping)))
    return error(ErrorCode::forbidden, "Your account may not see where buyers live, and a label says it.");
  const auto paper =
      std::ranges::find(papers::kLabelPapers, call.query_value("paper").value_or("a6"), &papers::LabelPaper::name);
  if (paper == papers::kLabelPapers.end())
    return invalid("paper", "value", "paper can be " + in_words(papers::kLabelPaperNames));
  const auto used = parse_int(call.query_value("used").value_or("0"));
  if (!used || *used < 0 || *used >= paper->columns * paper->rows)
    return invalid("used", "range",
                   "used can be 0 to " + std::to_string(paper->columns * paper->rows - 1) + " labels of this paper");
  std::vector<Order> orders;
  {
    const auto read = rooms.store.read();
    PF_LET(orders, asked_orders_of(rooms, read, call));
  }
  PF_LET(const auto settings, all.access.settings());
  PF_LET(const auto invoicing, all.invoices.settings(rooms.store.read()));
  const orders::Seller& seller = invoicing.seller;
  std::string sender = seller.name.empty() ? settings.shop_name : seller.name;
  for (const std::string& part : {seller.street, (seller.zip_code.empty() ? "" : seller.zip_code + " ") + seller.city})
    if (!part.empty()) sender += ", " + part;
  std::vector<papers::AddressLabel> labels;
  for (const Order& order : orders) {
    papers::AddressLabel label{order.id, order.channel + " " + order.channel_order_id};
    auto buyer = rooms.orders.reveal(call.actor, order.id, call.query_value("reason").value_or("address label"));
    if (buyer.ok()) {
      const vault::Private* address = buyer->find(vault::Field::shipping);
      if (address == nullptr && (!call.limits || call.limits->field(vault::field_name(vault::Field::billing))))
        address = buyer->find(vault::Field::billing);
      if (address != nullptr) label.address = papers::address_lines(*address, seller.country_code);
      if (label.address.empty())
        return error(ErrorCode::conflict,
                     "Order " + std::to_string(order.id.raw()) + " has no address: its channel sent none.");
    } else if (buyer.error().code == ErrorCode::gone) {
      label.gone_since = gone_since(rooms.vault, order.person);
    } else {
      return buyer.error();
    }
    labels.push_back(std::move(label));
  }
  return private_pdf(papers::address_labels(labels, *paper, static_cast<int>(*used), sender, paper_language(call)),
                     "address-labels");
}

}  // namespace

std::vector<Row> order_papers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                     catalog::Products& products, access::Access& access, orders::Invoices& invoices) {
  const PaperRooms rooms{{store, orders, vault, products}, access, invoices};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  using P = Permission;
  const auto batch = [&](const char* path, P permission, const char* summary, gate::Handler handler) {
    return Row{.method = Method::get,
               .path = path,
               .permission = permission,
               .summary = summary,
               .handler = std::move(handler),
               .query = {{"orders", "Order numbers with commas between, at most 200."}, kPaperLanguage},
               .answer_types = {"application/pdf"},
               .keeps = gate::kKeepsAll};
  };
  Row labels = batch("/api/v1/paper/address-label", P::buyer_reveal,
                     "Print address labels of several orders; reveals each buyer, with an audit entry each",
                     with(address_labels));
  labels.query.insert(labels.query.end(),
                      {{"paper", in_words(papers::kLabelPaperNames) + "; a6 when absent."},
                       {"used", "How many labels the first sheet lacks; 0 when absent."},
                       {"reason", "Why the buyers are revealed; that labels are printed when absent."}});
  labels.fresh_sign_in = true;
  return {
      batch("/api/v1/paper/pick-list", P::orders_read, "Print the pick lists of several orders in one document",
            with(pick_lists)),
      batch("/api/v1/paper/packing-slip", P::orders_read,
            "Print the packing slips of several orders in one document: of each parcel, or of what is ready",
            with(packing_slips)),
      std::move(labels),
      {.method = Method::get,
       .path = "/api/v1/order/{id}/picking",
       .permission = P::orders_read,
       .summary = "What to pick for an order; as PDF with Accept: application/pdf",
       .answer_schema = gate::data_shape(shapes::kPicking),
       .handler = with(picking),
       .query = {kPaperLanguage, {"format", "pdf: as PDF, whatever is accepted."}},
       .answer_types = {"application/pdf"},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/packing-slip",
       .permission = P::orders_read,
       .summary = "What lies in a parcel, and the notes for the buyer; as PDF with Accept: application/pdf",
       .answer_schema = gate::data_shape(shapes::kPackingSlip),
       .handler = with(packing),
       .query = {{"parcel", "The parcel's identifier; what is ready to be sent when absent."},
                 kPaperLanguage,
                 {"format", "pdf: as PDF, whatever is accepted."}},
       .answer_types = {"application/pdf"},
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
