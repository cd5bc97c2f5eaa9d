#include "storage/prepared.h"

namespace pf::storage {

Store::Impl::Prepared::Prepared(Store::Impl& store, const void* line, const Prepared* before)
    : store_(store), work_(new Write(std::make_unique<Write::Impl>(store))) {
  store_.long_work.begin(line);
  const std::lock_guard writing(store_.writer);
  if (before != nullptr && !before->settled_) before_ = before;  // else the snapshot has it
  if (before_ != nullptr) work_->impl_->below = before_->work_->impl_.get();
  read_.emplace(store_);
  work_->impl_->snapshot = read_->snapshot;
  store_.prepared.push_back(this);
}
Store::Impl::Prepared::~Prepared() {
  const std::lock_guard writing(store_.writer);
  end();
}

void Store::Impl::Prepared::end() {
  if (!read_) return;
  read_.reset();
  std::erase(store_.prepared, this);
  store_.long_work.end();
}

void Store::Impl::Prepared::stands_alone() {
  const std::lock_guard writing(store_.writer);
  before_ = nullptr;
  work_->impl_->below = nullptr;
  work_->impl_->snapshot = nullptr;
}

std::vector<std::uint32_t> Store::Impl::Prepared::merged() const {
  std::vector<std::uint32_t> out;
  for (const auto& [family, rule] : store_.merge_rules)
    if (work_->impl_->families[family].merging()) out.push_back(family);
  return out;
}

bool Store::Impl::Prepared::is_outdated() const {
  return misled_ || std::ranges::any_of(changed_, [&](const auto& changed) {
           return work_->impl_->is_outdated_by(changed.first, changed.second);
         });
}

void Store::Impl::Prepared::note(const Write::Impl& layer) {
  for (std::uint32_t i = 0; i < layer.families.size(); ++i)
    for (const Change* change : layer.families[i].all()) changed_.emplace_back(i, change->key);
}
void Store::Impl::tell_prepared(const Write::Impl& work) {
  for (Prepared* one : prepared) one->note(work);
}

Result<> Store::Impl::Prepared::keep(const Step& again, const Step& decide) {
  work_->impl_->fill_batch();
  std::vector<std::function<void()>> afterwards;
  Result<std::uint64_t> ticket = 0;
  {
    const std::lock_guard writing(store_.writer);
    ticket = append(again, decide, afterwards);
    settled_ = true;
    if (!ticket.ok())
      for (Prepared* other : store_.prepared) other->misled_ |= other->before_ == this;
  }
  PF_TRY(ticket);
  PF_TRY(store_.wait_until_durable(*ticket));
  for (const auto& action : afterwards) action();
  return {};
}

Result<std::uint64_t> Store::Impl::Prepared::append(const Step& again, const Step& decide,
                                                    std::vector<std::function<void()>>& afterwards) {
  const bool outdated = is_outdated();
  end();
  PF_TRY(store_.fault());
  std::unique_ptr<Write> anew;  // beside the other, which a unit that follows may be reading
  if (outdated) {
    anew.reset(new Write(std::make_unique<Write::Impl>(store_)));
    PF_TRY(again(*anew));
    anew->impl_->fill_batch();
  }
  Write::Impl& prepared = outdated ? *anew->impl_ : *work_->impl_;
  Write decided(std::make_unique<Write::Impl>(store_));
  decided.impl_->below = &prepared;
  PF_TRY(decide(decided));
  for (Prepared* other : store_.prepared) {
    const bool follows = other->before_ == this;
    other->misled_ |= follows && outdated;
    if (!follows) other->note(prepared);
    other->note(*decided.impl_);
  }
  decided.impl_->fill(prepared.batch);
  PF_LET(const std::uint64_t ticket, store_.append(prepared.batch, decided.impl_->bytes()));
  afterwards = std::move(prepared.afterwards);
  std::ranges::move(decided.impl_->afterwards, std::back_inserter(afterwards));
  return ticket;
}

Result<> Store::write_prepared(const std::function<Result<>(Write&)>& prepare,
                               const std::function<Result<>(Write&)>& decide) {
  PF_TRY(impl_->guard.may_write());
  Impl::Prepared unit(*impl_, &unit);
  PF_TRY(unit.prepare(prepare));
  return unit.keep(prepare, decide);
}

}  // namespace pf::storage
