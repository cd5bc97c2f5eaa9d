#include "events/following.h"

#include <algorithm>

namespace pf::events {
namespace {

constexpr std::size_t kReadAtOnce = 1'000;
// Events of any type that are looked through, some 3 us each; behind more everything is made anew.
constexpr std::uint64_t kLookedThroughMax = 20'000;

}  // namespace

Result<News> Following::news(const storage::Reader& read, std::string beside) const {
  News out;
  out.beside_ = std::move(beside);
  if (events_ == nullptr) return out;
  PF_LET(out.last_, events_->last(read));
  PF_LET(const auto first, events_->first(read));
  if (!began_ || out.beside_ != beside_ || first > event_ + 1) return out;
  if (out.last_ > event_ && out.last_ - event_ > kLookedThroughMax) return out;
  std::uint64_t mine = 0;
  for (std::uint64_t from = event_; from < out.last_;) {
    PF_LET(const auto some, events_->after(read, from, kReadAtOnce));
    if (some.empty()) break;
    for (const auto& event : some) {
      from = event.number;
      if (!is_mine_(event.type)) continue;
      if (++mine > events_max_) return out;
      out.some_gone = out.some_gone || event.type == type::kProductDeleted;
      const json::Value* skus = event.data.find("skus");
      if (skus == nullptr || skus->as_array() == nullptr) continue;
      for (const json::Value& sku : *skus->as_array())
        if (sku.as_string() != nullptr) out.skus.insert(*sku.as_string());
    }
  }
  out.anew = false;
  return out;
}

void Following::seen(const News& news) {
  event_ = news.anew ? news.last_ : std::max(event_, news.last_);
  beside_ = news.beside_;
  began_ = true;
}

}  // namespace pf::events
