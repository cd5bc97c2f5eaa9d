#include "api/buyers_api.h"

#include <algorithm>

#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order;

constexpr std::size_t kFoundMax = 1'000;  // orders of one person that are shown, exported or erased at once

struct BuyerRooms {
  storage::Store& store;
  orders::Orders& orders;
  vault::Vault& vault;
  audit::Audit& audit;
  archive::Archive& archive;
  orders::Invoices& invoices;
  std::filesystem::path folder;
};

// Personal data is sent in a body, never in an address: addresses end up in logs and histories.
struct PersonBody {
  std::optional<std::string> email, phone_number, zip_code, name;
  template <class V>
  void fields(V& visit) {
    visit("email", email, "The buyer's e-mail address, whole.");
    visit("phone_number", phone_number, "The phone number, in any notation.");
    visit("zip_code", zip_code, "The postcode.");
    visit("name", name, "First and last name, whole.");
  }
  std::vector<std::pair<vault::IndexField, std::string>> given() const {
    std::vector<std::pair<vault::IndexField, std::string>> all;
    const auto add = [&](vault::IndexField field, const std::optional<std::string>& value) {
      if (value && !trim(*value).empty()) all.emplace_back(field, *value);
    };
    add(vault::IndexField::email, email);
    add(vault::IndexField::phone, phone_number);
    add(vault::IndexField::postcode, zip_code);
    add(vault::IndexField::name, name);
    return all;
  }
};
struct ExportBody : PersonBody {
  std::string reason;
  template <class V>
  void fields(V& visit) {
    PersonBody::fields(visit);
    visit("reason", reason, "Why; kept in the audit log.");
  }
};
struct EraseBody : PersonBody {
  std::optional<std::vector<std::string>> orders;
  std::string reason;
  std::optional<bool> dry_run;
  template <class V>
  void fields(V& visit) {
    PersonBody::fields(visit);
    visit("orders", orders, "Order numbers, instead of what the buyer is called.");
    visit("reason", reason, "Why; kept in the audit log.");
    visit("dry_run", dry_run, "true: only say whose data would go.");
  }
};
struct ProveBody {
  std::string text;
  std::optional<std::string> in;
  template <class V>
  void fields(V& visit) {
    visit("text", text, "What must be gone, such as a name or an e-mail address.");
    visit("in", in, "A folder to look through instead, such as a backup; only from the command line on the box.");
  }
};

const char* name_of(vault::IndexField field) {
  switch (field) {
    case vault::IndexField::email:
      return "email";
    case vault::IndexField::phone:
      return "phone_number";
    case vault::IndexField::postcode:
      return "zip_code";
    case vault::IndexField::name:
      return "name";
  }
  return "";
}

// The orders that have every value, newest first.
Result<std::vector<Order>> orders_of(const BuyerRooms& rooms, const storage::Reader& read, const PersonBody& person) {
  const auto given = person.given();
  if (given.empty())
    return invalid("email", "required", "Give at least one of email, phone_number, zip_code and name.");
  std::vector<std::string> rids;
  for (std::size_t i = 0; i < given.size(); ++i) {
    PF_LET(const auto hits, rooms.vault.find(read, given[i].first, given[i].second));
    std::vector<std::string> of_value;
    for (const auto& hit : hits) of_value.push_back(hit.rid);
    if (i == 0)
      rids = std::move(of_value);
    else
      std::erase_if(rids, [&](const std::string& rid) { return std::ranges::find(of_value, rid) == of_value.end(); });
  }
  std::vector<Order> found;
  for (const std::string& rid : rids) {
    PF_LET(auto order, rooms.orders.find_by_person(read, rid));
    if (order && rooms.vault.state(order->person) == vault::PersonState::present) found.push_back(*std::move(order));
  }
  std::ranges::sort(found, std::greater<>{}, [](const Order& order) { return order.placed_at; });
  if (found.size() > kFoundMax)
    return error(ErrorCode::too_large,
                 "More than 1,000 orders fit. Give more, such as the e-mail address beside the postcode.");
  return found;
}

json::Value order_value(const BuyerRooms& rooms, const Order& order) {
  return json::Value::object({{"id", std::to_string(order.id.raw())},
                              {"channel", order.channel},
                              {"channel_order_id", order.channel_order_id},
                              {"status", orders::status_name(orders::status_of(order))},
                              {"placed_at", rfc3339(order.placed_at)},
                              {"purge_at", rfc3339(rooms.vault.purge_at(order.person))}});
}

Result<> note_search(const BuyerRooms& rooms, const Call& call, const PersonBody& person, std::string_view action,
                     std::size_t found) {
  json::Value fields = json::Value::array();
  for (const auto& [field, value] : person.given()) fields.push(name_of(field));
  return rooms.store.write_even_when_full([&](storage::Write& work) {
    return rooms.audit.append(
        work, call.actor, action, "",
        json::Value::object({{"fields", std::move(fields)}, {"orders", static_cast<std::uint64_t>(found)}}));
  });
}

Result<Answer> search(const BuyerRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<PersonBody>(call.body));
  json::Value list = json::Value::array();
  {
    const auto read = rooms.store.read();
    PF_LET(const auto found, orders_of(rooms, read, body));
    for (const Order& order : found) {
      json::Value item = order_value(rooms, order);
      PF_LET(auto masked, rooms.vault.masked(read, order.subject(), order.person));
      item.set("masked", std::move(masked));
      list.push(std::move(item));
    }
  }
  PF_TRY(note_search(rooms, call, body, "buyer.search", list.as_array()->size()));
  return Answer{.body = data(std::move(list))};
}

Result<json::Value> everything_about(const BuyerRooms& rooms, const Call& call, const Order& order,
                                     std::string_view reason) {
  PF_LET(const auto buyer, rooms.orders.reveal(call.actor, order.id, reason));
  json::Value item = order_value(rooms, order), lines = json::Value::array(), notes = json::Value::array();
  for (const auto& line : order.lines)
    lines.push(
        json::Value::object({{"sku", line.sku},
                             {"title", line.title},
                             {"quantity", line.count.ordered},
                             {"price", line.price ? json::Value(json::Number{decimal(*line.price)}) : json::Value()}}));
  json::Value fields{json::Members{}};
  for (const auto& [field, text] : buyer.fields) {
    auto object = json::parse(text.in_the_clear());
    const bool structured = object.ok() && object->as_object() != nullptr;
    fields.set(vault::field_name(field), structured ? *std::move(object) : json::Value(text.in_the_clear()));
  }
  PF_LET(const auto events, rooms.orders.events(rooms.store.read(), order.id));
  for (const auto& event : events)
    if (const auto text = rooms.orders.note_text(order.id, event))
      notes.push(json::Value::object({{"at", rfc3339(event.at)}, {"message", *text}}));
  item.set("currency_code", order.currency.code());
  item.set("total", order.total ? json::Value(json::Number{decimal(*order.total)}) : json::Value());
  item.set("lines", std::move(lines));
  item.set("buyer", std::move(fields));
  item.set("notes", std::move(notes));
  return item;
}

Result<Answer> export_person(const BuyerRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ExportBody>(call.body));
  PF_LET(const auto found, orders_of(rooms, rooms.store.read(), body));
  json::Value list = json::Value::array();
  for (const Order& order : found) {
    PF_LET(auto item, everything_about(rooms, call, order, body.reason));
    list.push(std::move(item));
  }
  PF_TRY(note_search(rooms, call, body, "buyer.export", found.size()));
  return Answer{.body = data(json::Value::object(
                    {{"made_at", rfc3339(rooms.vault.now())},
                     {"held_for", "Delivering the orders below. Each is deleted for good at its purge_at."},
                     {"orders", std::move(list)}})),
                .headers = {{"cache-control", "no-store"}}};
}

// Of these orders' invoices those that the archive keeps, with their buyer, since the law wants them kept (GDPR,
// article 17, 3 b), and the day from which nobody can read them.
Result<json::Value> invoices_kept(const BuyerRooms& rooms, const std::vector<orders::OrderId>& ids) {
  const auto read = rooms.store.read();
  json::Value kept = json::Value::array();
  for (const auto id : ids) {
    PF_LET(const auto invoices, rooms.invoices.of_order(read, id));
    for (const auto& invoice : invoices) {
      PF_LET(const auto listed, rooms.archive.find(read, invoice.name));
      if (listed)
        kept.push(json::Value::object({{"order", std::to_string(id.raw())},
                                       {"name", invoice.name},
                                       {"until", std::to_string(listed->gone) + "-01-01"}}));
    }
  }
  return kept;
}

Result<Answer> erase(const BuyerRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<EraseBody>(call.body));
  const bool named = !body.given().empty(), listed = body.orders && !body.orders->empty();
  if (named == listed)
    return invalid("orders", "required", "Say whose data goes: either orders, or what the buyer is called.");
  std::vector<orders::OrderId> ids;
  if (listed) {
    Error faults{ErrorCode::invalid, "", {}};
    for (std::size_t i = 0; i < body.orders->size(); ++i) {
      const auto number = parse_int((*body.orders)[i]);
      if (number && *number > 0)
        ids.emplace_back(static_cast<std::uint64_t>(*number));
      else
        faults.faults.push_back({"orders[" + std::to_string(i) + "]", "format", "is not an order number"});
    }
    faults.message = "Some of the order numbers are none.";
    if (!faults.faults.empty()) return faults;
  } else {
    PF_LET(const auto found, orders_of(rooms, rooms.store.read(), body));
    for (const Order& order : found) ids.push_back(order.id);
  }
  json::Value list = json::Value::array();
  for (const auto id : ids) list.push(std::to_string(id.raw()));
  PF_LET(auto kept, invoices_kept(rooms, ids));
  if (body.dry_run.value_or(false))
    return Answer{.body = data(json::Value::object(
                      {{"dry_run", true}, {"orders", std::move(list)}, {"invoices_kept", std::move(kept)}}))};
  PF_LET(const auto report, rooms.orders.erase_buyers(call.actor, ids, body.reason));
  return Answer{.body = data(json::Value::object(
                    {{"dry_run", false},
                     {"orders", std::move(list)},
                     {"invoices_kept", std::move(kept)},
                     {"erased", report.orders},
                     {"records", report.records},
                     {"index_records", report.index_records},
                     {"clean", report.clean || report.orders == 0},
                     {"remaining", report.remaining},
                     {"certificate", report.certificate > 0 ? json::Value(report.certificate) : json::Value()}}))};
}

Result<Answer> prove(const BuyerRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ProveBody>(call.body));
  const std::string text(trim(body.text));
  if (text.size() < vault::kProvableBytesMin || text.size() > vault::kProvableBytesMax)
    return invalid("text", "length",
                   "Give 4 to 1,000 bytes. Shorter texts are found everywhere by chance, which proves nothing.");
  const bool elsewhere = body.in && !body.in->empty();
  if (elsewhere && call.actor.kind != access::Actor::Kind::local_admin)
    return error(
        ErrorCode::forbidden,
        "Other folders of the box are looked through from its own command line only: productflow vault prove.");
  std::vector<vault::Holding> held;
  json::Value alive = json::Value::array();
  {
    const auto read = rooms.store.read();
    PF_TRY(rooms.orders.each_living(read, [&](const Order& order) -> Result<> {
      PF_LET(auto holdings, rooms.vault.holdings(read, order.subject(), order.person, text));
      json::Value fields = json::Value::array();
      for (const auto& one : holdings) fields.push(vault::field_name(one.field));
      PF_LET(const auto events, rooms.orders.events(read, order.id));
      for (const auto& event : events)
        if (const auto note = rooms.orders.note_text(order.id, event); note && note->find(text) != std::string::npos)
          fields.push("note");
      if (fields.as_array()->empty()) return {};
      json::Value item = order_value(rooms, order);
      item.set("fields", std::move(fields));
      alive.push(std::move(item));
      held.insert(held.end(), std::make_move_iterator(holdings.begin()), std::make_move_iterator(holdings.end()));
      return {};
    }));
  }
  const std::filesystem::path folder = elsewhere ? std::filesystem::path(*body.in) : rooms.folder;
  PF_LET(const auto proof, rooms.vault.search_files(folder, text, held));
  json::Value traces = json::Value::array(), unreadable = json::Value::array();
  for (const auto& trace : proof.traces)
    traces.push(json::Value::object({{"file", trace.file}, {"found", trace.what}, {"times", trace.count}}));
  for (const std::string& file : proof.unreadable) unreadable.push(file);
  const bool gone = (elsewhere || held.empty()) && alive.as_array()->empty() && proof.traces.empty();
  PF_TRY(rooms.store.write_even_when_full([&](storage::Write& work) {  // never the text
    return rooms.audit.append(work, call.actor, "vault.prove", "",
                              json::Value::object({{"gone", gone}, {"files", proof.files}}));
  }));
  // An archived invoice is a drawn paper, in which no text can be looked for: how many there are is said.
  std::uint64_t archived = 0;
  PF_LET(const auto years, rooms.archive.years(rooms.store.read()));
  for (const auto& year : years) archived += elsewhere || !year.readable ? 0 : year.documents;
  return Answer{.body = data(json::Value::object({{"gone", gone && proof.unreadable.empty()},
                                                  {"archived", archived},
                                                  {"alive", std::move(alive)},
                                                  {"traces", std::move(traces)},
                                                  {"files", proof.files},
                                                  {"bytes", proof.bytes},
                                                  {"unreadable", std::move(unreadable)}}))};
}

}  // namespace

std::vector<Row> buyers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault, audit::Audit& audit,
                               archive::Archive& archive, orders::Invoices& invoices, std::filesystem::path folder) {
  const BuyerRooms rooms{store, orders, vault, audit, archive, invoices, std::move(folder)};
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::post,
       .path = "/api/v1/buyer/search",
       .permission = P::buyer_reveal,
       .summary = "Find the orders of a buyer by e-mail, phone, postcode or name, exactly; shown masked, audited",
       .accepts = BodyKind::json,
       .body_schema = json::schema<PersonBody>(),
       .answer_schema = gate::data_shape(shapes::kFoundBuyers),
       .handler = with(search)},
      {.method = Method::post,
       .path = "/api/v1/buyer/export",
       .permission = P::buyer_reveal,
       .summary = "Everything that is held about one buyer, for a request under GDPR article 15",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ExportBody>(),
       .answer_schema = gate::data_shape(shapes::kPersonExport),
       .handler = with(export_person),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/buyer/erase",
       .permission = P::vault_manage,
       .summary = "Erase a buyer's data now, with a certificate (GDPR article 17); the orders stay, and so do archived "
                  "invoices, which are named with the day on which they go",
       .accepts = BodyKind::json,
       .body_schema = json::schema<EraseBody>(),
       .answer_schema = gate::data_shape(shapes::kErasure),
       .handler = with(erase),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/vault/prove",
       .permission = P::vault_manage,
       .summary = "Look for a text in everything that was ever written: gone, or where it is",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ProveBody>(),
       .answer_schema = gate::data_shape(shapes::kProof),
       .handler = with(prove),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
