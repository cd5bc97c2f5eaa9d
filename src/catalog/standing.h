// All products in the order of a list that somebody looks far into by page number: to find a page behind half a million
// products the index walks past them, and by a text in several languages it asks each. Held in memory, 4 bytes a
// product for each order, made in the background at the first such question, which is answered the slow way until then,
// and brought up to date by the events of products and offers. Any thread. Only for this room.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "catalog/product_list.h"
#include "events/following.h"
#include "search/index.h"

namespace pf::catalog {

class Products;

// A page behind so many products is far: to walk past them, and past those between that are no hits, takes some ms; or,
// where each is asked, some 40.
inline constexpr std::uint64_t kFarOffset = 2'000, kFarOffsetAsked = 1'000;
inline constexpr std::size_t kStandingBytesMax = 32u << 20;  // of all orders: eight of a million products
// Products that are given another place while somebody waits, some 0.5 ms each; behind more the order is made anew.
inline constexpr std::size_t kStandingFollowedMax = 20;

bool is_far(const search::Sort& sort, std::uint64_t offset);

class Standing {
 public:
  using Order = std::shared_ptr<const std::vector<search::Document>>;
  Standing(const Products& products, storage::Store& store, const events::Events* events);
  ~Standing();  // gives up what is being made
  Standing(const Standing&) = delete;
  Standing& operator=(const Standing&) = delete;

  // The order that `query` asks for, as of this reader or a later one; null while it is not known.
  Result<Order> of(const storage::Reader& read, const ProductQuery& query);
  void wait();  // until nothing is being made

 private:
  struct Kept {
    Order order{};
    events::Following following;
    std::uint64_t used = 0;
  };
  Result<Order> known(const storage::Reader& read, const search::Sort& sort, const std::string& name,
                      const ProductQuery& query);
  bool has_failed(const std::string& name);
  void make(const std::string& name, const ProductQuery& query, const std::stop_token& stop);
  template <class Do>
  Result<Order> with_sort(const storage::Reader& read, const ProductQuery& query, Do&& make) const;
  Result<Order> worked_out(const storage::Reader& read, const search::Sort& sort,
                           const std::function<bool()>& gives_up) const;
  Result<Order> followed(const storage::Reader& read, const search::Sort& sort, const Order& order,
                         const events::News& news) const;

  const Products& products_;
  storage::Store& store_;
  const events::Events* const events_;
  std::mutex mutex_;
  std::condition_variable made_;
  // Guarded by mutex_.
  std::map<std::string, Kept> kept_{};                                     // by the names of the sort's columns
  std::map<std::string, std::chrono::steady_clock::time_point> failed_{};  // and when
  std::uint64_t used_ = 0;
  bool makes_ = false;
  std::jthread maker_{};
};

}  // namespace pf::catalog
