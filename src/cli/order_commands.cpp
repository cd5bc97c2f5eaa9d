// Orders from the command line: what is there, and each step of their life. The house decides as in the browser.
#include <fmt/core.h>

#include "cli/commands.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

struct OrderOptions : Common {
  std::string id, status, channel, query, sort, count = "20", cursor, identifier, method, track, reason, message, tag,
                                                hold;
  std::vector<std::string> lines;
  bool for_buyer = false;
};
using OrderWork = std::function<void(OrderOptions&, Context&)>;

std::string order_path(const OrderOptions& options, const std::string& rest = "") {
  return "/api/v1/order/" + percent_encode(options.id) + rest;
}

// "0:2" is two pieces of the first line; more of them, or none for all that is ready.
Result<json::Value> lines_value(const std::vector<std::string>& lines) {
  json::Value out = json::Value::array();
  for (const std::string& one : lines) {
    const auto parts = split(one, ':');
    const auto line = parse_int(parts[0]), quantity = parse_int(parts.size() == 2 ? parts[1] : "");
    if (!line || !quantity)
      return invalid("line", "format", "\"" + one + "\" is not LINE:QUANTITY, such as 0:2; lines are counted from 0.");
    out.push(json::Value::object({{"line", *line}, {"quantity", *quantity}}));
  }
  return out;
}
json::Value with_texts(std::initializer_list<std::pair<const char*, const std::string*>> texts) {
  json::Value body{json::Members{}};
  for (const auto& [name, text] : texts)
    if (!text->empty()) body.set(name, *text);
  return body;
}

void list_orders(OrderOptions& options, Context& context) {
  std::string target = "/api/v1/order?per_page=" + percent_encode(options.count);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) target += std::string("&") + name + "=" + percent_encode(value);
  };
  add("status%5Beq%5D", options.status);
  add("channel%5Beq%5D", options.channel);
  add("tag%5Beq%5D", options.tag);
  add("q", options.query);
  add("sort", options.sort);
  add("cursor", options.cursor);
  const auto answer = context.ask(options, "GET", target);
  context.end(options, answer);
  if (!answer.ok() || options.as_json) return;
  const json::Value* meta = answer->find("meta");
  const json::Value* next = meta != nullptr ? meta->find("next_cursor") : nullptr;
  if (next != nullptr && next->as_string() != nullptr)
    fmt::print(stderr, "There are more: --cursor {}\n", *next->as_string());
}

void ship_order(OrderOptions& options, Context& context) {
  const auto lines = lines_value(options.lines);
  if (!lines.ok()) return context.fail(lines.error());
  json::Value body = with_texts(
      {{"identifier", &options.identifier}, {"method", &options.method}, {"track_and_trace", &options.track}});
  if (!options.lines.empty()) body.set("lines", *lines);
  context.end(options, context.ask(options, "POST", order_path(options, "/shipment"), body));
}

void cancel_order(OrderOptions& options, Context& context) {
  const auto lines = lines_value(options.lines);
  if (!lines.ok()) return context.fail(lines.error());
  json::Value body = with_texts({{"reason", &options.reason}});
  if (!options.lines.empty()) body.set("lines", *lines);
  context.end(options, context.ask(options, "POST", order_path(options, "/cancel"), body));
}

}  // namespace

void add_order_commands(Command& top, Context& context) {
  Command order = top.noun("order", "Look at orders, and take them from arrival to parcel");
  const auto add = [&](const char* name, const char* summary, const char* example, bool of_one, OrderWork work) {
    const auto options = std::make_shared<OrderOptions>();
    Command command = order.command(name, summary, example);
    options->add(command);
    if (of_one) command.option("id", options->id, "The order's number, such as 100001", Need::required);
    command.does([options, &context, work = std::move(work)] { work(*options, context); });
    return std::pair(command, options);
  };
  // A step that says nothing but which order.
  const auto step = [&](const char* name, const char* summary, const char* example, const char* method,
                        const std::string& rest) {
    add(name, summary, example, true, [method, rest](OrderOptions& options, Context& to) {
      to.end(options, to.ask(options, method, order_path(options, rest)));
    });
  };

  auto [list, of_list] = add("list", "Orders, newest first",
                             "productflow order list --data DIR --status open --count 50", false, list_orders);
  list.choice("--status", of_list->status, {"awaiting_payment", "open", "partially_shipped", "shipped", "cancelled"},
              "Only these");
  list.option("--channel", of_list->channel, "Only of this channel, such as bol");
  list.option("--tag", of_list->tag, "Only with this tag");
  list.option("--query", of_list->query, "Words of a number, a SKU or a title");
  list.option("--sort", of_list->sort, "placed_at, created_at, ship_by, total or id; - in front for descending");
  list.option("--count", of_list->count, "How many, at most 200");
  list.option("--cursor", of_list->cursor, "Where the list before ended");

  step("show", "One order: lines, parcels, holds and what happened; its buyer masked",
       "productflow order show 100001 --data DIR", "GET", "");
  step("accept", "Tell that the shop takes it", "productflow order accept 100001 --data DIR", "PUT", "/accept");
  auto [ship, of_ship] =
      add("ship", "A parcel has left: all that is ready, or these lines",
          "productflow order ship 100001 --data DIR --method DHL --track 3SABC123 --line 0:2", true, ship_order);
  ship.option("--identifier", of_ship->identifier, "The parcel's name; an open parcel's name ships that");
  ship.option("--method", of_ship->method, "Carrier and service");
  ship.option("--track", of_ship->track, "The carrier's number");
  ship.option("--line", of_ship->lines, "LINE:QUANTITY, lines counted from 0; several times");
  auto [cancel, of_cancel] =
      add("cancel", "Cancel what has not been shipped, or these lines of it",
          "productflow order cancel 100001 --data DIR --reason \"out of stock\" --line 0:1", true, cancel_order);
  cancel.option("--reason", of_cancel->reason, "Why; name nobody, it stays with the order");
  cancel.option("--line", of_cancel->lines, "LINE:QUANTITY, lines counted from 0; several times");
  auto [hold, of_hold] =
      add("hold", "Keep it from being picked and shipped", "productflow order hold 100001 --data DIR --reason address",
          true, [](OrderOptions& options, Context& to) {
            to.end(options, to.ask(options, "POST", order_path(options, "/hold"),
                                   with_texts({{"reason", &options.reason}, {"message", &options.message}})));
          });
  hold.choice("--reason", of_hold->reason, {"manual", "fraud", "address", "stock", "buyer_cancel_request", "payment"},
              "Why", Need::required);
  hold.option("--message", of_hold->message, "A note for the team, sealed with the buyer");
  auto [release, of_release] =
      add("release", "Take a hold off", "productflow order release 100001 2 --data DIR", true,
          [](OrderOptions& options, Context& to) {
            to.end(options, to.ask(options, "DELETE", order_path(options, "/hold/" + percent_encode(options.hold))));
          });
  release.option("hold", of_release->hold, "The hold's number, as order show has it", Need::required);
  auto [note, of_note] = add("note", "Write a note, sealed with the buyer",
                             "productflow order note 100001 --data DIR --message \"rings twice\"", true,
                             [](OrderOptions& options, Context& to) {
                               json::Value body = with_texts({{"message", &options.message}});
                               if (options.for_buyer) body.set("for", "buyer");
                               to.end(options, to.ask(options, "POST", order_path(options, "/note"), body));
                             });
  note.option("--message", of_note->message, "What it says", Need::required);
  note.flag("--for-buyer", of_note->for_buyer, "It is printed on the packing slip");
  step("invoice", "Make its invoice, with the next number", "productflow order invoice 100001 --data DIR", "POST",
       "/invoice");
}

}  // namespace pf::cli
