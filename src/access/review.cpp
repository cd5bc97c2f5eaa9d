// The access review.
#include "access/review.h"

#include <algorithm>

#include "access/access_impl.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

// What was decided about each that is there; a fault for each that was left out, and for each that has gone.
class Decided {
 public:
  Decided(const std::vector<ReviewDecision>& list, const char* field) : list_(list), field_(field) {}
  bool keep(const std::string& id, Faults& faults) {
    const auto found = std::ranges::find(list_, id, &ReviewDecision::id);
    if (found == list_.end()) {
      faults.add(std::string(field_) + "." + id, "required", "must be decided as well");
      return true;
    }
    ++seen_;
    return found->keep;
  }
  void check_rest(Faults& faults) const {
    if (seen_ != list_.size())
      faults.add(field_, "unknown", "must name each that is there once, and nobody else; load it again");
  }

 private:
  const std::vector<ReviewDecision>& list_;
  const char* field_;
  std::size_t seen_ = 0;
};

json::Value decision_value(bool keep) {
  return keep ? "keep" : "end";
}

}  // namespace

Result<Review> Access::sign_review(const Actor& by, const ReviewDraft& draft, const Signer& sign) {
  if (by.kind != Actor::Kind::user) return error(ErrorCode::forbidden, "A review is signed by a person.");
  const std::string_view note = trim(draft.note);
  if (note.size() > kReviewNoteBytesMax || first_bad_utf8(note))
    return invalid("note", "length", "note must have at most 1,000 characters");
  Review review;
  const Time now = impl_->clock.now();
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    const auto known = impl_->now_known();
    Faults faults;
    json::Value people = json::Value::array(), programs = json::Value::array();
    std::vector<json::Value> stopped;
    std::vector<std::string> removed;  // keys
    Decided of_people(draft.people, "people"), of_programs(draft.programs, "programs");
    for (auto row = work.scan_prefix(impl_->family, "u"); row.valid(); row.next()) {
      PF_LET(auto record, json::parse(row.value()));
      const Account account = account_of(record);
      const bool keep = of_people.keep(account.id, faults);
      people.push(json::Value::object({{"id", account.id},
                                       {"email", account.email},
                                       {"role", account.role},
                                       {"state", state_name(account.state)},
                                       {"decision", decision_value(keep)}}));
      if (!keep && account.state != Account::State::stopped) stopped.push_back(std::move(record));
    }
    for (auto row = work.scan_prefix(impl_->family, "t"); row.valid(); row.next()) {
      PF_LET(const auto record, json::parse(row.value()));
      const Token token = token_of(record);
      const bool keep = of_programs.keep(token.id, faults);
      programs.push(json::Value::object({{"id", token.id},
                                         {"name", token.name},
                                         {"user", token.user},
                                         {"scopes", list_of(token.scopes)},
                                         {"decision", decision_value(keep)}}));
      if (!keep) removed.emplace_back(row.key());
    }
    of_people.check_rest(faults);
    of_programs.check_rest(faults);
    PF_TRY(std::move(faults).checked());
    if (!removed.empty() && !by.can(Permission::tokens))
      return error(ErrorCode::forbidden, "You may not remove programs; keep them here and ask who may.");

    for (json::Value& record : stopped) {
      const Account account = account_of(record);
      if (account.id == by.user) return error(ErrorCode::conflict, "Nobody stops himself. Ask another owner.");
      PF_TRY(impl_->may_give(by, *known, account.role, account.limits));
      if (account.role == kOwnerRole && account.state == Account::State::active)
        PF_TRY(impl_->owner_stays(work, account.id));
      PF_TRY(impl_->stop_record(work, record));
      impl_->put(work, account_key(account.id), record);
      PF_TRY(impl_->tell(
          work, by, "user.change", person_object(account.id),
          json::Value::object({{"before", without_secrets(account)}, {"after", without_secrets(account_of(record))}})));
    }
    for (const std::string& key : removed) {
      PF_LET(const auto record, record_at(work, impl_->family, key));
      PF_TRY(impl_->remove_program(work, by, key, *record));
    }

    const auto count = static_cast<std::uint64_t>(people.as_array()->size());
    const auto programs_count = static_cast<std::uint64_t>(programs.as_array()->size());
    review.content = json::Value::object({{"at", rfc3339(now)},
                                          {"by", json::Value::object({{"id", by.id}, {"email", by.name}})},
                                          {"people", std::move(people)},
                                          {"programs", std::move(programs)},
                                          {"note", note}});
    review.text = json::write(review.content);
    review.signature = sign(review.text);
    impl_->put(work, review_key(now), json::Value::object({{"text", review.text}, {"signature", review.signature}}));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "access.review", "",
                       json::Value::object({{"people", count},
                                            {"stopped", static_cast<std::uint64_t>(stopped.size())},
                                            {"programs", programs_count},
                                            {"removed", static_cast<std::uint64_t>(removed.size())},
                                            {"signature", review.signature}}));
  }));
  return review;
}

Result<std::vector<Review>> Access::reviews(std::size_t count) const {
  std::vector<Review> all;
  const auto read = impl_->store.read();
  auto row = read.scan(impl_->family, "v", "w");
  for (row.seek_for_prev("w"); row.valid() && all.size() < count; row.prev()) {
    PF_LET(const auto record, json::parse(row.value()));
    Review one{text_in(record, "text"), text_in(record, "signature"), {}};
    if (auto content = json::parse(one.text); content.ok()) one.content = *std::move(content);
    all.push_back(std::move(one));
  }
  return all;
}

Result<Time> Access::review_due() const {
  const auto read = impl_->store.read();
  auto last = read.scan(impl_->family, "v", "w");
  last.seek_for_prev("w");
  if (last.valid()) return review_time(last.key()) + kReviewEvery;
  Time first = impl_->clock.now();  // of a shop that never was reviewed: its first account
  for (const auto& [id, person] : impl_->now_known()->people) first = std::min(first, person.account.created_at);
  return first + kReviewEvery;
}

}  // namespace pf::access
