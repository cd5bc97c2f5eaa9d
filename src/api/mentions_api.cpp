// What somebody was named in. Whoever may not see the product learns that he was named, and nothing of what is said.
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/teamwork_api.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

Result<json::Value> mention_value(const TeamRooms& rooms, const storage::Reader& read, const Call& call,
                                  const teamwork::Mention& mention) {
  json::Value out =
      json::Value::object({{"id", std::to_string(mention.number)},
                           {"by", json::Value::object({{"id", mention.by.id}, {"name", mention.by.name}})},
                           {"at", rfc3339(mention.at)},
                           {"read", mention.read},
                           {"sku", nullptr},
                           {"title", nullptr},
                           {"text", nullptr}});
  PF_LET(const auto product, rooms.products.find(read, mention.sku));
  if (call.limits && !call.limits->categories.empty() && (!product || !call.limits->category(product->categories)))
    return out;
  const auto comment = rooms.comments.find(read, mention.sku, mention.comment);
  if (!comment.ok() && comment.error().code != ErrorCode::not_found) return comment.error();
  PF_LET(const auto title, rooms.products.title(read, mention.sku, call.locale));
  out.set("sku", mention.sku);
  if (title) out.set("title", *title);
  if (comment.ok()) out.set("text", comment->text);
  return out;
}

Result<Answer> list_mentions(const TeamRooms& rooms, const Call& call) {
  constexpr std::uint64_t kMentionsShown = 50;
  PF_LET(const auto paging, paging_of(call, kMentionsShown));
  const auto read = rooms.store.read();
  PF_LET(const auto page,
         rooms.mentions.list(read, person_asking(call), paging.cursor, static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  for (const auto& mention : page.mentions) {
    PF_LET(auto value, mention_value(rooms, read, call, mention));
    all.push(std::move(value));
  }
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, page.next_cursor)};
}

struct ReadBody {
  std::optional<std::string> sku;
  template <class V>
  void fields(V& visit) {
    visit("sku", sku, "Those in comments on this product; absent: all.");
  }
};

Result<Answer> read_mentions(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ReadBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  if (body.sku) PF_TRY(catalog::parse_sku(*body.sku));
  PF_TRY(rooms.mentions.mark_read(person_asking(call), body.sku.value_or("")));
  PF_LET(const auto unread, rooms.mentions.unread(rooms.store.read(), person_asking(call)));
  return Answer{.body = data(json::Value::object({{"unread", unread}}))};
}

}  // namespace

const std::string& person_asking(const gate::Call& call) {
  return call.actor.user.empty() ? call.actor.id : call.actor.user;
}

std::vector<Row> mentions_routes(const TeamRooms& rooms) {
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/mention",
       .permission = P::catalog_read,
       .summary =
           "List the comments in which whoever asks was named, newest first. sku, title and text are null where he "
           "may not see the product.",
       .answer_schema = gate::page_shape(shapes::kMention),
       .handler = with(list_mentions),
       .query = {{"per_page", "1 to 200; 50 without it."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/mention/read",
       .permission = P::catalog_propose,
       .summary = "Say that one's mentions are read: those on a product, or all.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ReadBody>(),
       .answer_schema = gate::data_shape(R"({"unread":"count"})"),
       .handler = with(read_mentions),
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
