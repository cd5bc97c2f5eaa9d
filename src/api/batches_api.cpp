#include "api/batches_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/list_page.h"
#include "api/order_papers.h"
#include "api/scan_lookup.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "json/fields.h"
#include "papers/batch_list.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Batch;
using orders::WalkPlace;

struct BatchRooms {
  OrderRooms order;
  orders::Batches& batches;
};

struct BatchBody {
  std::vector<std::string> orders;
  std::optional<std::int64_t> next;
  template <class V>
  void fields(V& visit) {
    visit("orders", orders, "Order numbers, at most 100; the first gets slot 1. Either these or next.");
    visit("next", next, "So many of the orders that wait to be picked, by ship-by; 1 to 100.");
  }
};
struct BatchScanBody {
  std::optional<std::string> code, scan, order, part;
  std::optional<std::int64_t> line, quantity;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What was scanned: an EAN, UPC or GTIN, a SKU, or what the channel calls the line.");
    visit("order", order, "Of a piece that is chosen by hand: the order's number. Either this, with line, or a code.");
    visit("line", line, "The line's number, counted from 0.");
    visit("part", part, "With line, of a kit: the SKU of its part that was chosen.");
    visit("quantity", quantity, "Pieces, all for one slot; 1 when absent.");
    visit("scan", scan, "The caller's own name of this scan: sent again with the same one, it counts once.");
  }
};
struct BatchMissingBody {
  std::optional<std::string> sku, order, scan;
  std::optional<std::int64_t> line, quantity;
  template <class V>
  void fields(V& visit) {
    visit("sku", sku,
          "The product that is not on its shelf. Either this, or order and line; all three for a kit's part.");
    visit("order", order, "The number of the order whose line it is.");
    visit("line", line, "The line's number, counted from 0.");
    visit("quantity", quantity, "Pieces; all that are left to pick when absent.");
    visit("scan", scan, "The caller's own name of this message: sent again with the same one, it counts once.");
  }
};

std::string number_of(orders::BatchId id) {
  return std::to_string(id.raw());
}
Result<orders::BatchId> batch_id_of(const Call& call) {
  PF_LET(const auto number, path_number(call, "id", "batch"));
  return orders::BatchId(number);
}
Result<orders::OrderId> order_numbered(std::string_view text, const char* field) {
  const auto number = parse_int(trim(text));
  if (number && *number >= 1) return orders::OrderId(static_cast<std::uint64_t>(*number));
  return invalid(field, "format", "\"" + std::string(trim(text)).substr(0, 40) + "\" is no order number.");
}
bool may_see(const Call& call, const Batch& batch) {
  return !call.limits ||
         std::ranges::all_of(batch.channels, [&](const std::string& one) { return call.limits->channel(one); });
}

struct Tally {
  std::int64_t pieces = 0, picked = 0, missing = 0;
};
Tally tally_of(const orders::Order& order) {
  const bool may = orders::may_leave(order).ok();
  Tally sums;
  for (const auto& line : order.lines) {
    const auto add = [&](const orders::LineCounters& count, std::int64_t to_pick) {
      sums.pieces += count.picked + (may ? count.missing + to_pick : 0);
      sums.picked += count.picked;
      sums.missing += may ? count.missing : 0;
    };
    if (line.parts.empty()) add(line.count, line.count.to_pick());
    for (const auto& part : line.parts) add(orders::counters_of(line, part), orders::to_pick_of(line, part));
  }
  return sums;
}
void set_tally(json::Value& out, const Tally& sums) {
  out.set("pieces", sums.pieces);
  out.set("picked", sums.picked);
  out.set("missing", sums.missing);
}
json::Value batch_head(const Batch& batch) {
  return json::Value::object({{"id", number_of(batch.id)},
                              {"code", papers::batch_code(batch.id)},
                              {"status", name_of(orders::kBatchStatusNames, batch.status)},
                              {"by", batch.by},
                              {"created_at", rfc3339(batch.created_at)},
                              {"updated_at", rfc3339(batch.updated_at)}});
}

// What a scanner may read of each step, its product's EAN, or else its SKU; and the EANs alone. Gives parts their
// titles.
struct StepCodes {
  std::vector<std::string> codes{}, eans{};
};
Result<StepCodes> codes_of_walk(const BatchRooms& rooms, const storage::Reader& read,
                                std::vector<orders::WalkStep>& steps) {
  StepCodes out;
  PF_LET(const auto languages, rooms.order.products.languages(read));
  for (auto& step : steps) {
    if (step.title.empty()) {  // a kit's part: the order knows what it sold, the catalogue what that is made of
      PF_LET(const auto title, rooms.order.products.title(read, step.sku, languages.standard()));
      step.title = title.value_or("");
    }
    std::string ean;
    if (!step.sku.empty()) {
      PF_LET(const auto product, rooms.order.products.find(read, step.sku));
      if (product) ean = product->ean;
    }
    out.codes.push_back(ean.empty() ? step.sku : ean);
    out.eans.push_back(std::move(ean));
  }
  return out;
}

json::Value line_told(const orders::Order& order, std::size_t line, std::int64_t quantity, const std::string& part) {
  const bool known = line < order.lines.size();
  return json::Value::object({{"order_id", std::to_string(order.id.raw())},
                              {"line", static_cast<std::uint64_t>(line)},
                              {"sku", !part.empty() || !known ? part : order.lines[line].sku},
                              {"title", known ? order.lines[line].title : ""},
                              {"quantity", quantity}});
}

Result<Answer> batch_answer(const BatchRooms& rooms, const Batch& batch, int status = 0,
                            const orders::Batches::Given* given = nullptr) {
  const auto read = rooms.order.store.read();
  PF_LET(const auto orders, rooms.batches.orders_of(read, batch));
  PF_LET(auto steps, rooms.batches.walk(read, orders));
  PF_LET(const auto codes, codes_of_walk(rooms, read, steps));
  json::Value out = batch_head(batch), slots = json::Value::array(), walk = json::Value::array();
  Tally all;
  for (std::size_t slot = 0; slot < orders.size(); ++slot) {
    const auto& order = orders[slot];
    const Tally sums = tally_of(order);
    all.pieces += sums.pieces;
    all.picked += sums.picked;
    all.missing += sums.missing;
    const auto may = orders::may_leave(order);
    json::Value one = json::Value::object({{"slot", static_cast<std::uint64_t>(slot + 1)},
                                           {"id", std::to_string(order.id.raw())},
                                           {"name", order.channel_order_id},
                                           {"channel", order.channel},
                                           {"status", orders::status_name(orders::status_of(order))},
                                           {"fulfilment", name_of(orders::kStageNames, orders::stage_of(order))},
                                           {"ship_by", moment(order.ship_by)},
                                           {"held_because", may.ok() ? "" : may.error().message}});
    set_tally(one, sums);
    slots.push(std::move(one));
  }
  set_tally(out, all);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    json::Value places = json::Value::array();
    for (const WalkPlace& place : step.places)
      places.push(json::Value::object({{"slot", static_cast<std::uint64_t>(place.slot)},
                                       {"order_id", std::to_string(place.order.raw())},
                                       {"line", static_cast<std::uint64_t>(place.line)},
                                       {"of_kit", place.of_kit},
                                       {"pieces", place.wanted},
                                       {"picked", place.picked},
                                       {"missing", place.missing}}));
    json::Value one = json::Value::object({{"zone", std::string(stock::zone_of(step.shelf))},
                                           {"shelf", step.shelf},
                                           {"sku", step.sku},
                                           {"ean", codes.eans[i]},
                                           {"title", step.title}});
    set_tally(one, {step.sum(&WalkPlace::wanted), step.sum(&WalkPlace::picked), step.sum(&WalkPlace::missing)});
    one.set("places", std::move(places));
    walk.push(std::move(one));
  }
  out.set("orders", std::move(slots));
  out.set("steps", std::move(walk));
  const auto slot_of = [&](orders::OrderId id) {
    return static_cast<std::size_t>(std::ranges::find(batch.orders, id) - batch.orders.begin());
  };
  PF_LET(const auto last, rooms.batches.last(read, batch));
  if (last && batch.status != orders::BatchStatus::stopped) {
    json::Value parts = json::Value::array();
    for (const auto& part : last->parts) {
      json::Value one = line_told(orders[slot_of(part.order)], part.line, part.pieces, part.sku);
      one.set("slot", static_cast<std::uint64_t>(slot_of(part.order) + 1));
      parts.push(std::move(one));
    }
    out.set("last", json::Value::object({{"scan", last->number},
                                         {"kind", last->kind},
                                         {"by", last->by},
                                         {"at", rfc3339(last->at)},
                                         {"parts", std::move(parts)}}));
  }
  if (given != nullptr) {
    json::Value one = line_told(orders[slot_of(given->order)], given->line, given->quantity, given->sku);
    one.set("slot", static_cast<std::uint64_t>(given->slot));
    one.set("order_picked", given->order_picked);
    out.set("given", std::move(one));
  }
  return Answer{.status = status, .body = data(std::move(out))};
}

Result<Answer> list(const BatchRooms& rooms, const Call& call) {
  PF_LET(const Paging paging, paging_of(call));
  const std::string status = call.query_value("status").value_or("all");
  if (status != "all" && status != "open") return invalid("status", "unknown", "status can be open or all.");
  const auto before = paging.cursor.empty() ? 0 : parse_int(paging.cursor).value_or(-1);
  if (before < 0) return invalid("cursor", "format", "The cursor is meta.next_cursor of the page before.");
  const auto read = rooms.order.store.read();
  PF_LET(const auto page,
         rooms.batches.list(read, status == "open", static_cast<std::uint64_t>(before), paging.per_page));
  json::Value items = json::Value::array();
  for (const Batch& batch : page) {
    if (!may_see(call, batch)) continue;
    json::Value one = batch_head(batch);
    one.set("orders", static_cast<std::uint64_t>(batch.orders.size()));
    if (batch.status == orders::BatchStatus::open) {
      Tally all;
      PF_LET(const auto orders, rooms.batches.orders_of(read, batch));
      for (const auto& order : orders) {
        const Tally sums = tally_of(order);
        all.pieces += sums.pieces;
        all.picked += sums.picked;
        all.missing += sums.missing;
      }
      set_tally(one, all);
    }
    items.push(std::move(one));
  }
  const bool full = page.size() == paging.per_page;
  return Answer{.body = cursor_body(call, std::move(items), paging.per_page, full ? number_of(page.back().id) : "")};
}

Result<Answer> start(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<BatchBody>(call.body));
  if (body.orders.empty() == !body.next)
    return invalid("orders", "required", "Send either the numbers of orders (orders), or how many are next (next).");
  if (body.next) {
    if (*body.next < 1) return invalid("next", "range", "A batch has 1 to 100 orders, one for each tote of a cart.");
    PF_LET(const Batch batch,
           rooms.batches.start_next(call.actor, static_cast<std::size_t>(*body.next),
                                    call.limits ? call.limits->channels : std::vector<std::string>()));
    return batch_answer(rooms, batch);
  }
  std::vector<orders::OrderId> ids;
  Error faults{ErrorCode::invalid, "", {}};
  for (const std::string& text : body.orders) {
    const auto id = order_numbered(text, "orders");
    if (!id.ok()) {
      faults.faults.push_back(id.error().faults[0]);
      continue;
    }
    const auto order = rooms.order.orders.find(rooms.order.store.read(), *id);
    if (order.ok() && call.limits && !call.limits->channel(order->channel))
      faults.faults.push_back({"orders", "unknown", "There is no order " + std::to_string(id->raw()) + "."});
    ids.push_back(*id);
  }
  if (!faults.faults.empty()) {
    for (const FieldFault& one : faults.faults) faults.message += (faults.message.empty() ? "" : " ") + one.message;
    return faults;
  }
  PF_LET(const Batch batch, rooms.batches.start(call.actor, ids));
  return batch_answer(rooms, batch);
}

Result<Answer> show(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  PF_LET(const Batch batch, rooms.batches.find(rooms.order.store.read(), id));
  return batch_answer(rooms, batch);
}

Result<Answer> walk_paper(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  const auto read = rooms.order.store.read();
  PF_LET(const Batch batch, rooms.batches.find(read, id));
  PF_LET(const auto orders, rooms.batches.orders_of(read, batch));
  PF_LET(auto steps, rooms.batches.walk(read, orders));
  PF_LET(const auto codes, codes_of_walk(rooms, read, steps));
  return pdf_answer(papers::batch_list(batch, steps, codes.codes, orders, paper_language(call)),
                    "batch-" + number_of(id));
}

Result<Answer> pick(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  PF_LET(const auto body, json::read_fields<BatchScanBody>(call.body));
  orders::Scan scan{.code = std::string(trim(body.code.value_or(""))),
                    .part = std::string(trim(body.part.value_or(""))),
                    .quantity = body.quantity.value_or(1),
                    .key = body.scan.value_or("")};
  if (scan.code.empty() != (body.order && body.line))
    return invalid("code", "required", "Send either what was scanned (code), or an order and the number of its line.");
  std::optional<orders::OrderId> order;
  if (scan.code.empty()) {
    PF_LET(order, order_numbered(*body.order, "order"));
    if (*body.line < 0) return invalid("line", "range", "A line's number is 0 or more.");
    scan.line = static_cast<std::size_t>(*body.line);
  }
  PF_TRY(look_up_scan(rooms.order, call, scan));
  PF_LET(const auto given, rooms.batches.pick(call.actor, id, scan, order));
  return batch_answer(rooms, given.batch, 0, &given);
}

Result<Answer> short_pick(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  PF_LET(const auto body, json::read_fields<BatchMissingBody>(call.body));
  const std::string sku(trim(body.sku.value_or("")));
  if (body.order.has_value() != body.line.has_value() || (sku.empty() && !body.order))
    return invalid("sku", "required", "Send either the product's SKU, or an order and the number of its line.");
  if (body.quantity && *body.quantity < 1) return invalid("quantity", "range", "The quantity must be 1 or more.");
  std::optional<orders::OrderId> order;
  if (body.order) {
    PF_LET(order, order_numbered(*body.order, "order"));
    if (*body.line < 0) return invalid("line", "range", "A line's number is 0 or more.");
  }
  PF_LET(const Batch batch,
         rooms.batches.miss(call.actor, id, sku, order, static_cast<std::size_t>(body.line.value_or(0)),
                            body.quantity.value_or(0), body.scan.value_or("")));
  return batch_answer(rooms, batch);
}

Result<Answer> undo_scan(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  PF_LET(const auto scan, path_number(call, "scan", "scan"));
  if (scan > UINT32_MAX) return error(ErrorCode::not_found, "There is no such scan.");
  PF_LET(const Batch batch, rooms.batches.undo(call.actor, id, static_cast<std::uint32_t>(scan)));
  return batch_answer(rooms, batch);
}

Result<Answer> stop(const BatchRooms& rooms, const Call& call) {
  PF_LET(const auto id, batch_id_of(call));
  PF_LET(const Batch batch, rooms.batches.stop(call.actor, id));
  return batch_answer(rooms, batch);
}

}  // namespace

std::vector<Row> batches_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                catalog::Products& products, orders::Batches& batches) {
  const BatchRooms rooms{{store, orders, vault, products}, batches};
  const auto with = handlers_with(rooms);
  const ObjectCheck own = [&store, &batches](const Call& call) -> Result<> {
    if (call.limits->channels.empty()) return {};
    PF_LET(const auto id, batch_id_of(call));
    PF_LET(const Batch batch, batches.find(store.read(), id));
    if (may_see(call, batch)) return {};
    return error(ErrorCode::not_found, "There is no batch " + number_of(id) + ".");
  };
  const auto row = [&](Method method, const char* path, const char* summary, gate::Handler handler,
                       json::Value body = {}) {
    return Row{.method = method,
               .path = path,
               .permission = method == Method::get ? Permission::orders_read : Permission::orders_write,
               .summary = summary,
               .accepts = body.is_null() ? BodyKind::none : BodyKind::json,
               .body_schema = std::move(body),
               .answer_schema = gate::data_shape(shapes::kBatch),
               .handler = std::move(handler),
               .keeps = gate::kKeepsAll,
               .object = own};
  };
  Row all = row(Method::get, "/api/v1/batch", "List pick batches, newest first", with(list));
  all.answer_schema = gate::page_shape(shapes::kBatchInList);
  all.query = {{"status", "open, or all (the default)."},
               {"per_page", "1 to 200."},
               {"cursor", "meta.next_cursor of the page before."}};
  all.object = {};
  Row made = row(Method::post, "/api/v1/batch",
                 "Begin a batch: several orders picked in one walk; orders that cannot be picked are named",
                 with(start), json::schema<BatchBody>());
  made.success = 201;
  made.object = {};
  return {
      std::move(all),
      std::move(made),
      row(Method::get, "/api/v1/batch/{id}",
          "Show a batch: its products in the order of the walk, and how far each slot is", with(show)),
      {.method = Method::get,
       .path = "/api/v1/batch/{id}/picking",
       .permission = Permission::orders_read,
       .summary = "Print a batch's pick list, by zone and shelf, with the slots of each product",
       .handler = with(walk_paper),
       .query = {kPaperLanguage},
       .answer_types = {"application/pdf"},
       .keeps = gate::kKeepsAll,
       .object = own},
      row(Method::post, "/api/v1/batch/{id}/pick",
          "Give a scanned piece to the slot that needs it next; a wrong or surplus one is refused and named",
          with(pick), json::schema<BatchScanBody>()),
      row(Method::post, "/api/v1/batch/{id}/short",
          "Say that pieces of a product are not on their shelf; the last slots go without", with(short_pick),
          json::schema<BatchMissingBody>()),
      row(Method::del, "/api/v1/batch/{id}/scan/{scan}", "Take one scan of a batch back; again is nothing",
          with(undo_scan)),
      row(Method::put, "/api/v1/batch/{id}/stop", "End a batch as it is; what is not picked waits in its order",
          with(stop)),
  };
}

}  // namespace pf::api
