// What people say of a product to each other.
#include "api/limits.h"
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/teamwork_api.h"
#include "gate/list.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using teamwork::Comment;

json::Value person_value(const teamwork::Person& person) {
  return json::Value::object({{"id", person.id}, {"name", person.name}});
}

Result<json::Value> comment_value(const TeamRooms& rooms, const storage::Reader& read, const Call& call,
                                  const Comment& comment) {
  const bool own = comment.by.id == call.actor.id;
  json::Value mentions = json::Value::array();
  bool unread = false;
  for (const auto& one : comment.named) {
    mentions.push(json::Value::object({{"id", one.who.id}, {"name", one.who.name}, {"said", one.said}}));
    if (one.who.id != person_asking(call)) continue;
    PF_LET(unread, rooms.mentions.is_unread(read, one.who.id, one.number));
  }
  return json::Value::object({{"id", std::to_string(comment.id)},
                              {"by", person_value(comment.by)},
                              {"text", comment.text},
                              {"at", rfc3339(comment.at)},
                              {"edited_at", moment(comment.edited_at)},
                              {"resolved_by", text_or_none(comment.resolved_by)},
                              {"resolved_at", moment(comment.resolved_at)},
                              {"own", own},
                              {"removable", own || may_review(call)},
                              {"unread", unread},
                              {"mentions", std::move(mentions)}});
}
Result<Answer> comment_answer(const TeamRooms& rooms, const Call& call, const Comment& comment) {
  PF_LET(auto value, comment_value(rooms, rooms.store.read(), call, comment));
  return Answer{.body = data(std::move(value))};
}

Result<Answer> list_comments(const TeamRooms& rooms, const Call& call) {
  constexpr std::uint64_t kCommentsShown = 50;
  PF_LET(const auto paging, paging_of(call, kCommentsShown));
  const auto read = rooms.store.read();
  PF_LET(const auto page,
         rooms.comments.list(read, call.path_value("sku"), paging.cursor, static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  for (const auto& comment : page.comments) {
    PF_LET(auto value, comment_value(rooms, read, call, comment));
    all.push(std::move(value));
  }
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, page.next_cursor)};
}

struct CommentBody {
  std::string text;
  template <class V>
  void fields(V& visit) {
    visit("text", text,
          "Plain text, at most 4,000 bytes; @ and a login of GET colleague names a person. Nothing about buyers: that "
          "belongs to their order's notes.");
  }
};
Result<Answer> add_comment(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_LET(const auto body, json::read_fields<CommentBody>(call.body));
  PF_LET(const auto comment, rooms.comments.add(call.actor, sku, body.text, nameable(rooms)));
  return comment_answer(rooms, call, comment);
}

struct CommentEditBody {
  std::optional<std::string> text;
  std::optional<bool> resolved;
  template <class V>
  void fields(V& visit) {
    visit("text", text, "Another text; of one's own comment alone.");
    visit("resolved", resolved, "Whether what it says is settled.");
  }
};
Result<Answer> edit_comment(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "comment"));
  PF_LET(const auto body, json::read_fields<CommentEditBody>(call.body));
  const std::string& sku = call.path_value("sku");
  PF_LET(auto comment, rooms.comments.find(rooms.store.read(), sku, id));
  if (body.text) {
    PF_LET(comment, rooms.comments.edit(call.actor, sku, id, *body.text, nameable(rooms)));
  }
  if (body.resolved) {
    PF_LET(comment, rooms.comments.resolve(call.actor, sku, id, *body.resolved));
  }
  return comment_answer(rooms, call, comment);
}

Result<Answer> remove_comment(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "comment"));
  PF_TRY(rooms.comments.remove(call.actor, call.path_value("sku"), id));
  return Answer{.status = 204};
}

}  // namespace

std::vector<Row> comments_routes(const TeamRooms& rooms) {
  const auto with = handlers_with(rooms);
  const auto own = own_product(rooms.store, rooms.products);
  using P = Permission;
  const std::string comments = "/api/v1/product/{sku}/comment";
  return {
      {.method = Method::get,
       .path = comments,
       .permission = P::catalog_read,
       .summary = "List what people say of a product, oldest first.",
       .answer_schema = gate::page_shape(shapes::kComment),
       .handler = with(list_comments),
       .query = {{"per_page", "1 to 200; 50 without it."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = comments,
       .permission = P::catalog_propose,
       .summary = "Say something of a product.",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<CommentBody>(),
       .answer_schema = gate::data_shape(shapes::kComment),
       .handler = with(add_comment),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::patch,
       .path = comments + "/{id}",
       .permission = P::catalog_propose,
       .summary = "Change one's own comment, or say whether one is settled.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<CommentEditBody>(),
       .answer_schema = gate::data_shape(shapes::kComment),
       .handler = with(edit_comment),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::del,
       .path = comments + "/{id}",
       .permission = P::catalog_propose,
       .summary = "Remove a comment: one's own, or any for who may change products.",
       .success = 204,
       .handler = with(remove_comment),
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
