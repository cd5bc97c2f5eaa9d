#include "catalog/standing.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>

#include "catalog/products.h"

namespace pf::catalog {
namespace {

constexpr std::uint64_t kStandingEventsMax = 20;
constexpr std::size_t kStoodAtOnce = 10'000;  // so long, some 0.1 s, the house may have to wait for its end
// Products asked what they stand by, some 50 us each, to give changed ones another place while others wait: what that
// takes for kStandingFollowedMax of them, but for the last ones of an order, behind whom all may have to be asked.
constexpr std::size_t kFollowedAskedMax = 10'000;
// Half of what a snapshot may be old (storage::kReadAgeMax); some 600,000 products are asked in that time.
constexpr std::chrono::seconds kMakingMax{30};
static_assert(kMakingMax * 2 <= storage::kReadAgeMax);
// What could not be made in that time, or is larger than may be held, is not tried again for so long.
constexpr std::chrono::minutes kNotAgainFor{5};
constexpr std::size_t kFailuresKnownMax = 100;  // names that people make up; beyond, none is made until one is old

events::Following following_products(const events::Events* events) {
  return {events, kStandingEventsMax,
          [](std::string_view type) { return type.starts_with("product.") || type.starts_with("offer."); }};
}

std::string name_of(const search::Sort& sort) {
  std::string name;
  const auto add = [&](const search::Sort& key) { name.append(key.descending ? "-" : "+").append(key.column) += '\0'; };
  add(sort);
  for (const auto& key : sort.then) add(key);
  return name;
}

bool asks_each(const search::Sort& sort) {
  return sort.terms && !sort.terms->own && !sort.terms->in_turn;
}

// The same sort, which looks at `refused` before it asks so many products what they stand by.
search::Sort watched(search::Sort sort, const std::function<bool(std::size_t)>& refused) {
  const auto watch = [&](search::Sort& key) {
    if (!key.terms || !key.terms->keys_of) return;
    auto terms = std::make_shared<search::Terms>(*key.terms);
    terms->keys_of = [refused, keys_of = key.terms->keys_of](std::span<const search::Document> documents) {
      if (!refused(documents.size())) return keys_of(documents);
      return Result<std::vector<std::string>>(error(ErrorCode::unavailable, "This order is given up."));
    };
    key.terms = std::move(terms);
  };
  watch(sort);
  for (search::Sort& key : sort.then) watch(key);
  return sort;
}

}  // namespace

bool is_far(const search::Sort& sort, std::uint64_t offset) {
  // How many pieces there are is no product's own, and is put in order for each question as it is.
  if (sort.numbers || std::ranges::any_of(sort.then, [](const auto& key) { return key.numbers != nullptr; }))
    return false;
  return offset >= (asks_each(sort) ? kFarOffsetAsked : kFarOffset);
}

Standing::Standing(const Products& products, storage::Store& store, const events::Events* events)
    : products_(products), store_(store), events_(events) {}

Standing::~Standing() = default;  // its thread is asked to stop, and waited for

// What a sort holds is for its reader, and as long as the model is.
template <class Do>
Result<Standing::Order> Standing::with_sort(const storage::Reader& read, const ProductQuery& query, Do&& make) const {
  PF_LET(const auto model, products_.models().known(read));
  PF_LET(const auto langs, products_.languages(read));
  const std::string locale = langs.for_reading(query.locale);
  PF_LET(const auto sort, products_.sort_of(read, *model, langs, query, locale));
  std::string name = name_of(sort);  // and of whose language labels may be
  for (const std::string& one : langs.lending(locale)) name.append(one) += '\0';
  return make(sort, name);
}

Result<Standing::Order> Standing::of(const storage::Reader& read, const ProductQuery& query) {
  return with_sort(read, query,
                   [&](const search::Sort& sort, const std::string& name) { return known(read, sort, name, query); });
}

Result<Standing::Order> Standing::known(const storage::Reader& read, const search::Sort& sort, const std::string& name,
                                        const ProductQuery& query) {
  PF_LET(const auto beside, products_.told_to_nobody(read));
  const std::lock_guard lock(mutex_);
  if (const auto at = kept_.find(name); at != kept_.end()) {
    Kept& kept = at->second;
    PF_LET(const auto news, kept.following.news(read, beside));
    if (!news.anew && news.skus.size() <= kStandingFollowedMax) {
      Order order = kept.order;
      if (news.any()) {
        PF_LET(order, followed(read, sort, kept.order, news));
      }
      if (order) {
        kept.order = std::move(order);
        kept.following.seen(news);
        kept.used = ++used_;
        return kept.order;
      }
    }
    kept_.erase(at);
  }
  if (makes_ || events_ == nullptr || has_failed(name)) return Order();
  ProductQuery wanted;
  wanted.sort = query.sort;
  wanted.locale = query.locale;
  try {  // it waits for this lock before it says that it is done
    maker_ = std::jthread(
        [this, name, wanted = std::move(wanted)](const std::stop_token& stop) { make(name, wanted, stop); });
  } catch (const std::system_error&) {  // no thread is to be had now
    return Order();
  }
  makes_ = true;
  return Order();
}

bool Standing::has_failed(const std::string& name) {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(failed_, [&](const auto& one) { return now - one.second >= kNotAgainFor; });
  return failed_.size() >= kFailuresKnownMax || failed_.contains(name);
}

void Standing::wait() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [&] { return !makes_; });
}

void Standing::make(const std::string& name, const ProductQuery& query, const std::stop_token& stop) {
  const auto until = std::chrono::steady_clock::now() + kMakingMax;
  const auto gives_up = [&stop, until] { return stop.stop_requested() || std::chrono::steady_clock::now() >= until; };
  const auto read = store_.read();
  Kept kept{.following = following_products(events_)};
  const auto beside = products_.told_to_nobody(read);
  const auto news = beside.ok() ? kept.following.news(read, *beside) : Result<events::News>(beside.error());
  auto order = with_sort(
      read, query, [&](const search::Sort& sort, const std::string&) { return worked_out(read, sort, gives_up); });
  const std::lock_guard lock(mutex_);
  makes_ = false;
  made_.notify_all();
  const bool is_there = order.ok() && *order;
  if (!is_there && (order.ok() || gives_up())) failed_.insert_or_assign(name, std::chrono::steady_clock::now());
  if (!news.ok() || !is_there) return;  // whoever asks next has it made again, but for what has failed
  kept.following.seen(*news);
  kept.order = *std::move(order);
  kept.used = ++used_;
  kept_.insert_or_assign(name, std::move(kept));
  const auto bytes = [&] {
    std::size_t all = 0;
    for (const auto& [ignored, one] : kept_) all += one.order->size() * sizeof(search::Document);
    return all;
  };
  while (kept_.size() > 1 && bytes() > kStandingBytesMax)
    kept_.erase(std::ranges::min_element(kept_, {}, [](const auto& one) { return one.second.used; }));
}

// Page by page, as somebody would who went through it all by cursor; by terms at once, since who goes on there may have
// to ask each product anew. Null, or an error: given up, or too large.
Result<Standing::Order> Standing::worked_out(const storage::Reader& read, const search::Sort& sort,
                                             const std::function<bool()>& gives_up) const {
  const search::Sort by = watched(sort, [&](std::size_t) { return gives_up(); });
  const bool at_once = sort.terms && !sort.terms->in_turn;
  constexpr std::size_t kAllAtOnce = kStandingBytesMax / sizeof(search::Document);
  auto order = std::make_shared<std::vector<search::Document>>();
  std::string cursor;
  do {
    if (gives_up()) return Order();
    PF_LET(auto page,
           products_.index().page(read, search::everything(), by, at_once ? kAllAtOnce : kStoodAtOnce, cursor));
    if (page.total > kAllAtOnce) return Order();
    order->reserve(page.total);
    order->insert(order->end(), page.documents.begin(), page.documents.end());
    cursor = std::move(page.next_cursor);
  } while (!cursor.empty());
  return Order(std::move(order));
}

// Takes out what has changed, and puts each before whom it stands before now. Null: that takes too long.
Result<Standing::Order> Standing::followed(const storage::Reader& read, const search::Sort& sort, const Order& order,
                                           const events::News& news) const {
  std::vector<search::Document> changed;
  for (const std::string& sku : news.skus) {
    PF_LET(const auto document, products_.document(read, sku));
    if (document) changed.push_back(*document);
  }
  std::ranges::sort(changed);
  std::size_t asked = 0;
  const search::Sort by =
      watched(sort, [&](std::size_t documents) { return (asked += documents) > kFollowedAskedMax; });
  const auto found = products_.index().behind(read, by, changed);
  if (asked > kFollowedAskedMax) return Order();
  if (!found.ok()) return found.error();
  const std::vector<search::Document>& behind = *found;
  std::unordered_map<search::Document, search::Document> before;  // who stands right before whom
  for (std::size_t i = 0; i < changed.size(); ++i) before.emplace(behind[i], changed[i]);
  const auto has_changed = [&](search::Document one) { return std::ranges::binary_search(changed, one); };
  auto out = std::make_shared<std::vector<search::Document>>();
  out->reserve(order->size() + changed.size());
  const auto put_those_before = [&](search::Document one) {
    const auto start = static_cast<std::ptrdiff_t>(out->size());
    for (auto at = before.find(one);
         at != before.end() && out->size() - static_cast<std::size_t>(start) < changed.size();
         at = before.find(at->second))
      out->push_back(at->second);
    std::reverse(out->begin() + start, out->end());
  };
  for (const search::Document one : *order) {
    if (has_changed(one)) continue;
    if (!before.empty()) put_those_before(one);
    out->push_back(one);
  }
  put_those_before(search::kNoDocument);
  if (news.some_gone) {
    PF_LET(const auto all, products_.index().documents(read, search::everything()));
    std::erase_if(*out, [&](search::Document one) { return !std::ranges::binary_search(all, one); });
  }
  return Order(std::move(out));
}

}  // namespace pf::catalog
