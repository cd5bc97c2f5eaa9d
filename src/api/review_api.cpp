#include "api/review_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::string_view kPurpose = "pf/v1/access-review";
constexpr std::size_t kPastMax = 40;  // ten years of them
// Unused for so long, an account or a program is worth the question whether it is still needed.
constexpr std::chrono::days kQuiet{90};

struct ReviewRooms {
  access::Access& access;
  const audit::Checkpoints& checkpoints;
  const Clock& clock;
};

struct DecisionBody {
  std::string id, decision;
  template <class V>
  void fields(V& visit) {
    visit("id", id, "Of the person or program.");
    visit("decision", decision, "keep, or end: the account is stopped, the program removed.");
  }
};
struct ReviewBody {
  std::vector<DecisionBody> people, programs;
  std::optional<std::string> note;
  template <class V>
  void fields(V& visit) {
    visit("people", people, "Each person of the shop, once.");
    visit("programs", programs, "Each token and certificate, once.");
    visit("note", note, "What was found, at most 1,000 characters; names nobody outside of the shop.");
  }
};

// What makes one look twice.
json::Value person_hints(const access::Account& account, Time now) {
  json::Value hints = json::Value::array();
  if (account.state == access::Account::State::stopped) return hints;
  if (!account.last_sign_in_at)
    hints.push("never_used");
  else if (*account.last_sign_in_at + kQuiet < now)
    hints.push("quiet");
  if (!account.has_second_factor()) hints.push("no_second_factor");
  if (account.role == access::kOwnerRole) hints.push("owner");
  return hints;
}
json::Value program_hints(const access::Token& token, Time now) {
  json::Value hints = json::Value::array();
  if (!token.last_used_at)
    hints.push("never_used");
  else if (*token.last_used_at + kQuiet < now)
    hints.push("quiet");
  if (!token.expires_at) hints.push("no_end");
  for (const std::string& scope : token.scopes)
    if (scope == "all") hints.push("all");
  return hints;
}

json::Value review_value(const ReviewRooms& rooms, const access::Review& review) {
  const auto list = [&](const char* name) {
    const json::Value* found = review.content.find(name);
    return found != nullptr && found->as_array() != nullptr ? *found : json::Value::array();
  };
  const auto ended = [](const json::Value& of) {
    std::uint64_t count = 0;
    for (const json::Value& one : *of.as_array())
      if (const json::Value* decision = one.find("decision"); decision != nullptr && decision->as_string() != nullptr)
        count += *decision->as_string() == "end";
    return count;
  };
  const auto member = [&](const char* name) {
    const json::Value* found = review.content.find(name);
    return found != nullptr ? *found : json::Value(nullptr);
  };
  const json::Value people = list("people"), programs = list("programs"), by = member("by");
  const json::Value* email = by.find("email");
  return json::Value::object({{"at", member("at")},
                              {"by", email != nullptr ? *email : json::Value(nullptr)},
                              {"people", static_cast<std::uint64_t>(people.as_array()->size())},
                              {"stopped", ended(people)},
                              {"programs", static_cast<std::uint64_t>(programs.as_array()->size())},
                              {"removed", ended(programs)},
                              {"note", member("note")},
                              {"text", review.text},
                              {"signature", review.signature},
                              {"whole", rooms.checkpoints.text_holds(kPurpose, review.text, review.signature)}});
}

Result<Answer> show(const ReviewRooms& rooms, const Call&) {
  const Time now = rooms.clock.now();
  PF_LET(const auto due, rooms.access.review_due());
  PF_LET(const auto tokens, rooms.access.tokens());
  PF_LET(const auto reviews, rooms.access.reviews(kPastMax));
  json::Value people = json::Value::array(), programs = json::Value::array(), past = json::Value::array();
  for (const auto& account : rooms.access.accounts())
    people.push(json::Value::object({{"id", account.id},
                                     {"email", account.email},
                                     {"name", account.name},
                                     {"role", account.role},
                                     {"state", access::state_name(account.state)},
                                     {"limits", access::limits_value(account.limits)},
                                     {"last_sign_in_at", moment(account.last_sign_in_at)},
                                     {"hints", person_hints(account, now)}}));
  for (const auto& token : tokens)
    programs.push(json::Value::object({{"id", token.id},
                                       {"name", token.name},
                                       {"scopes", texts(token.scopes)},
                                       {"user", token.user},
                                       {"kind", token.certificate ? "certificate" : "token"},
                                       {"last_used_at", moment(token.last_used_at)},
                                       {"expires_at", moment(token.expires_at)},
                                       {"hints", program_hints(token, now)}}));
  for (const auto& review : reviews) past.push(review_value(rooms, review));
  return Answer{.body = data(json::Value::object({{"due_at", rfc3339(due)},
                                                  {"overdue", now >= due},
                                                  {"people", std::move(people)},
                                                  {"programs", std::move(programs)},
                                                  {"past", std::move(past)},
                                                  {"key", rooms.checkpoints.open_key()}}))};
}

Result<std::vector<access::ReviewDecision>> decisions_of(const std::vector<DecisionBody>& list, const char* field) {
  std::vector<access::ReviewDecision> out;
  for (const auto& [id, decision] : list) {
    if (decision != "keep" && decision != "end")
      return invalid(std::string(field) + "." + id.substr(0, 40), "unknown", "decision must be keep or end");
    out.push_back({id, decision == "keep"});
  }
  return out;
}

Result<Answer> sign(const ReviewRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ReviewBody>(call.body));
  access::ReviewDraft draft{.people = {}, .programs = {}, .note = body.note.value_or("")};
  PF_LET(draft.people, decisions_of(body.people, "people"));
  PF_LET(draft.programs, decisions_of(body.programs, "programs"));
  PF_LET(const auto review, rooms.access.sign_review(call.actor, draft, [&](std::string_view text) {
    return rooms.checkpoints.sign_text(kPurpose, text);
  }));
  return Answer{.body = data(review_value(rooms, review))};
}

}  // namespace

std::vector<Row> review_routes(access::Access& access, const audit::Checkpoints& checkpoints, const Clock& clock) {
  const ReviewRooms rooms{access, checkpoints, clock};
  const auto with = handlers_with(rooms);
  return {
      {.method = Method::get,
       .path = "/api/v1/access-review",
       .permission = Permission::audit_read,
       .summary = "The quarter's access review: when it is due, whom it is about, and those that were signed",
       .answer_schema = gate::data_shape(shapes::kAccessReview),
       .handler = with(show)},
      {.method = Method::post,
       .path = "/api/v1/access-review",
       .permission = Permission::users,
       .summary = "Decide about each person and program, and sign it; who is not kept is out at once",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ReviewBody>(),
       .answer_schema = gate::data_shape(shapes::kSignedReview),
       .handler = with(sign),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
