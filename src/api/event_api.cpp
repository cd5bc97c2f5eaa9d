#include "api/event_api.h"

#include "api/rows.h"
#include "productflow/faults.h"

namespace pf::api {
namespace {

struct EventRooms {
  EventStreams& streams;
};

Result<std::vector<std::string>> wanted_types(const Call& call) {
  std::vector<std::string> types;
  Faults faults;
  const std::string asked = call.query_value("types").value_or("");
  if (asked.empty()) return types;
  for (const std::string_view part : split(asked, ',')) {
    const std::string_view name = trim(part);
    bool known = events::is_type(name);
    if (name.size() > 2 && name.ends_with(".*"))
      for (const auto& type : events::all_types())
        known = known || type.name.starts_with(name.substr(0, name.size() - 1));
    if (!known) faults.add("types", "unknown", "There is no event \"" + std::string(name.substr(0, 60)) + "\".");
    types.emplace_back(name);
  }
  PF_TRY(std::move(faults).checked());
  return types;
}

Result<Answer> listen(const EventRooms& rooms, const Call& call) {
  PF_LET(auto types, wanted_types(call));
  EventStreams::Wish wish{.request = call.request, .types = std::move(types), .last_id = header(call, "last-event-id")};
  if (wish.last_id.empty()) wish.last_id = call.query_value("last_event_id").value_or("");
  PF_LET(auto open, rooms.streams.listen(call.actor, std::move(wish)));
  return Answer{.content_type = "text/event-stream",
                .headers = {{"cache-control", "no-store"}, {"x-accel-buffering", "no"}},
                .live = std::move(open)};
}

}  // namespace

std::vector<Row> event_routes(EventStreams& streams) {
  const EventRooms rooms{streams};
  const auto with = handlers_with(rooms);
  return {
      {.method = Method::get,
       .path = "/api/v1/event",
       .permission = Permission::signed_in,
       .summary = "What changes, as it changes (server-sent events): what the caller may read, never personal data",
       .handler = with(listen),
       .query = {{"types", "Of these alone: order.created,product.*"},
                 {"last_event_id", "As the header Last-Event-ID, for clients that cannot send it."}},
       .answer_types = {"text/event-stream"},
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
