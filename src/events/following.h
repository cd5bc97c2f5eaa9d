// For what is held in memory of all products or of all stock: which of them have changed since it was made, by the
// events that every change writes in its own unit of work, so that the change itself costs nothing for it. One for each
// thing held; one call at a time, so under its holder's lock.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "events/events.h"

namespace pf::events {

// What has happened since the holder last said seen().
struct News {
  bool anew = true;              // everything is to be made anew: nobody knows what has changed, or too much has
  std::set<std::string> skus{};  // what has changed, else
  bool some_gone = false;        // some of them are no more
  bool any() const { return anew || !skus.empty(); }

 private:
  friend class Following;
  std::uint64_t last_ = 0;
  std::string beside_{};
};

class Following {
 public:
  // Events of other types are of no interest. Behind more than `events_max` of its own, everything is made anew.
  // `events` null: always.
  Following(const Events* events, std::uint64_t events_max, std::function<bool(std::string_view type)> is_mine)
      : events_(events), events_max_(events_max), is_mine_(std::move(is_mine)) {}

  // As of this reader; nothing new for one that is older than what was seen. `beside`: what else it is made of and no
  // event tells of; when that is another, everything is made anew.
  Result<News> news(const storage::Reader& read, std::string beside = {}) const;
  void seen(const News& news);  // what is held is as of these
  bool is_as_of(const News& news) const { return began_ && event_ == news.last_ && beside_ == news.beside_; }

 private:
  const Events* events_;
  std::uint64_t events_max_;
  std::function<bool(std::string_view type)> is_mine_;
  bool began_ = false;
  std::uint64_t event_ = 0;
  std::string beside_{};
};

}  // namespace pf::events
