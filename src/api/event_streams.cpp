#include "api/event_streams.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::size_t kTellAtOnce = 256;           // events that are read together
constexpr std::size_t kWaitingWanted = 64u << 10;  // a reader with more to take is told nothing new
constexpr std::chrono::seconds kLookAgain{1};      // at rights and sessions
constexpr std::chrono::milliseconds kBehindAgain{50};

bool wants(const std::vector<std::string>& types, std::string_view type) {
  return types.empty() || std::ranges::any_of(types, [&](std::string_view wanted) {
           return wanted.ends_with(".*") ? type.starts_with(wanted.substr(0, wanted.size() - 1)) : type == wanted;
         });
}

std::string framed(std::uint64_t id, std::string_view type, std::string_view data) {
  std::string out = "id: " + std::to_string(id) + "\nevent: ";
  out.append(type).append("\ndata: ").append(data).append("\n\n");
  return out;
}

}  // namespace

// One of the places that there are; given back wherever it is dropped.
struct EventStreams::Slot {
  EventStreams& of;
  const std::string person;
  Slot(EventStreams& streams, std::string who) : of(streams), person(std::move(who)) {}
  ~Slot() {
    const std::lock_guard lock(of.mutex_);
    --of.slots_;
    if (const auto found = of.of_person_.find(person); found != of.of_person_.end() && --found->second == 0)
      of.of_person_.erase(found);
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
};

struct EventStreams::Stream {
  Wish wish;
  access::Actor actor;
  std::shared_ptr<Slot> slot;  // shared with the answer, until that has its wire
  std::shared_ptr<http::Live> live{};
  std::uint64_t position = 0, told = 0;  // the last event looked at, and the last id that the reader knows
  milliseconds looked{}, sent{};
  bool greeted = false;
};

EventStreams::EventStreams(storage::Store& store, events::Events& events, const catalog::Products& products,
                           Authenticate authenticate, const Clock& clock)
    : store_(store), events_(events), products_(products), authenticate_(std::move(authenticate)), clock_(clock) {
  listener_ = events_.on_news([this] {
    {
      const std::lock_guard lock(mutex_);
      if (news_ || slots_ == 0) return;
      news_ = true;
    }
    ready_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

EventStreams::~EventStreams() {
  events_.forget(listener_);
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_one();
  thread_.join();
  std::vector<std::unique_ptr<Stream>> rest;
  {
    const std::lock_guard lock(mutex_);
    rest.swap(arriving_);
  }
}

std::size_t EventStreams::open() const {
  const std::lock_guard lock(mutex_);
  return slots_;
}

Result<std::function<void(std::shared_ptr<http::Live>)>> EventStreams::listen(const access::Actor& by, Wish wish) {
  const std::string person = by.user.empty() ? by.id : by.user;
  {
    const std::lock_guard lock(mutex_);
    if (slots_ >= kStreamsMax)
      return error(ErrorCode::too_many, "There are " + std::to_string(kStreamsMax) +
                                            " live streams open already. Please try again in a moment.");
    if (of_person_[person] >= kStreamsOfPersonMax)
      return error(ErrorCode::too_many, "You have " + std::to_string(kStreamsOfPersonMax) +
                                            " live streams open already. Close one of them first.");
    ++of_person_[person];
    ++slots_;
  }
  // A function is copied, so it holds what it carries together with its copies.
  auto stream = std::make_shared<Stream>();
  stream->slot = std::make_shared<Slot>(*this, person);
  stream->wish = std::move(wish);
  stream->wish.request.body_source = nullptr;
  stream->actor = by;
  return std::function<void(std::shared_ptr<http::Live>)>([this, stream](std::shared_ptr<http::Live> live) {
    auto mine = std::make_unique<Stream>(std::move(*stream));
    mine->live = std::move(live);
    {
      const std::lock_guard lock(mutex_);
      arriving_.push_back(std::move(mine));
    }
    ready_.notify_one();
  });
}

void EventStreams::run() {
  std::unique_lock lock(mutex_);
  const auto called = [this] { return stop_ || news_ || !arriving_.empty(); };
  while (!stop_) {
    if (streams_.empty())
      ready_.wait(lock, called);
    else
      ready_.wait_for(lock, behind_ ? kBehindAgain : std::chrono::milliseconds(kLookAgain), called);
    if (stop_) break;
    for (auto& stream : arriving_) streams_.push_back(std::move(stream));
    arriving_.clear();
    const bool news = std::exchange(news_, false);
    lock.unlock();
    tell(news);
    lock.lock();
  }
  auto ending = std::move(streams_);
  lock.unlock();  // a slot is given back under it
  for (const auto& stream : ending) stream->live->end();
}

bool EventStreams::still_there(Stream& stream) const {
  auto actor = authenticate_(stream.wish.request);
  if (!actor.ok() || actor->kind == access::Actor::Kind::nobody || actor->id != stream.actor.id) return false;
  stream.actor = *std::move(actor);
  stream.looked = clock_.since_boot();
  return true;
}

void EventStreams::tell(bool news) {
  const milliseconds now = clock_.since_boot();
  std::erase_if(streams_, [&](const auto& stream) {
    if ((!news && stream->greeted && now - stream->looked < kLookAgain) || still_there(*stream)) return false;
    stream->live->end();
    return true;
  });
  const auto read = store_.read();
  for (const auto& stream : streams_)
    if (!stream->greeted) greet(read, *stream);
  // From the one that has heard least, together.
  const auto ready = [](const auto& stream) { return stream->live->waiting() < kWaitingWanted; };
  for (;;) {
    std::uint64_t from = ~std::uint64_t{0};
    for (const auto& stream : streams_)
      if (ready(stream)) from = std::min(from, stream->position);
    if (from == ~std::uint64_t{0}) break;
    const auto next = events_.after(read, from, kTellAtOnce);
    if (!next.ok() || next->empty()) break;
    for (const auto& stream : streams_)
      if (stream->position >= from && stream->position < next->back().number && ready(stream))
        hear(read, *stream, *next);
    if (next->size() < kTellAtOnce) break;
  }
  const auto last = events_.last(read);
  behind_ = std::ranges::any_of(
      streams_, [&](const auto& stream) { return last.ok() && stream->position < *last && !ready(stream); });
  std::erase_if(streams_, [&](const auto& stream) {
    if (now - stream->sent < kStreamBeat) return !stream->live->send("");
    // What was not for him moves his place all the same, so that he need not hear it again.
    const std::string id = stream->position > stream->told ? "id: " + std::to_string(stream->position) + "\n" : "";
    stream->told = stream->position;
    stream->sent = now;
    return !stream->live->send(id + ":\n\n");
  });
}

// Where he goes on, or that something was missed and what.
void EventStreams::greet(const storage::Reader& read, Stream& stream) const {
  const auto last = events_.last(read), first = events_.first(read);
  stream.greeted = true;
  stream.sent = clock_.since_boot();
  if (!last.ok() || !first.ok()) return;
  stream.position = *last;
  stream.live->send("retry: 3000\n\n");
  std::optional<std::int64_t> heard;
  if (!stream.wish.last_id.empty()) heard = parse_int(stream.wish.last_id);
  const bool known = heard && *heard >= 0 && static_cast<std::uint64_t>(*heard) <= *last &&
                     static_cast<std::uint64_t>(*heard) + 1 >= *first;
  if (known) {
    stream.position = stream.told = static_cast<std::uint64_t>(*heard);
  } else if (!stream.wish.last_id.empty()) {
    const std::uint64_t from =
        heard && *heard >= 0 && static_cast<std::uint64_t>(*heard) < *last ? static_cast<std::uint64_t>(*heard) + 1 : 0;
    stream.live->send(
        framed(*last, "reset",
               json::write(json::Value::object(
                   {{"type", "reset"},
                    {"data", json::Value::object({{"missed_from", from == 0 ? json::Value(nullptr) : json::Value(from)},
                                                  {"missed_to", *last}})}}))));
    stream.told = *last;
  } else {
    stream.live->send(framed(
        *last, "ready",
        json::write(json::Value::object({{"type", "ready"}, {"data", json::Value::object({{"last", *last}})}}))));
    stream.told = *last;
  }
}

void EventStreams::hear(const storage::Reader& read, Stream& stream, const std::vector<events::Event>& news) const {
  for (const events::Event& event : news) {
    if (event.number <= stream.position) continue;
    stream.position = event.number;
    if (!wants(stream.wish.types, event.type)) continue;
    const auto line = line_for(read, stream, event);
    if (!line) continue;
    stream.told = event.number;
    stream.sent = clock_.since_boot();
    if (!stream.live->send(*line)) return;
  }
}

std::optional<std::string> EventStreams::line_for(const storage::Reader& read, const Stream& stream,
                                                  const events::Event& event) const {
  using access::Permission;
  const auto is = [&](std::string_view kind) { return event.type.starts_with(kind); };
  const access::Actor& actor = stream.actor;
  const access::Limits* limits = actor.limits.get();
  const auto whole = [&] { return framed(event.number, event.type, events::body_of(event)); };
  if (is("order.") || is("shipment.") || is("return.") || is("refund.")) {
    const json::Value* channel = event.data.find("channel");
    const bool within = limits == nullptr || (channel != nullptr && channel->as_string() != nullptr &&
                                              limits->channel(*channel->as_string()));
    return actor.can(Permission::orders_read) && within ? std::optional(whole()) : std::nullopt;
  }
  if (is("product.") || is("offer.") || is("stock.")) {
    if (!actor.can(is("stock.") ? Permission::stock_read : Permission::catalog_read)) return std::nullopt;
    if (limits == nullptr || limits->categories.empty()) return whole();
    // Of products that are gone nobody knows any more where they stood: whoever is limited does not hear of them.
    json::Value own = json::Value::array();
    const json::Value* skus = event.data.find("skus");
    if (skus == nullptr || skus->as_array() == nullptr) return std::nullopt;
    for (const json::Value& sku : *skus->as_array()) {
      const auto product = products_.find(read, sku.as_string() != nullptr ? *sku.as_string() : "");
      if (product.ok() && *product && limits->category((*product)->categories)) own.push(sku);
    }
    if (own.as_array()->empty()) return std::nullopt;
    events::Event part = event;
    part.data.set("skus", std::move(own));
    return framed(event.number, event.type, events::body_of(part));
  }
  if (is("draft.") || is("comment.") || is("task.")) {
    if (!actor.can(Permission::catalog_read)) return std::nullopt;
    const json::Value* sku = event.data.find("sku");
    if (sku == nullptr || limits == nullptr || limits->categories.empty()) return whole();
    const auto product = products_.find(read, sku->as_string() != nullptr ? *sku->as_string() : "");
    return product.ok() && *product && limits->category((*product)->categories) ? std::optional(whole()) : std::nullopt;
  }
  const bool limited =
      limits != nullptr && (!limits->channels.empty() || !limits->categories.empty() || !limits->locales.empty());
  const Permission needed = is("import.")    ? Permission::imports
                            : is("webhook.") ? Permission::settings_read
                                             : Permission::signed_in;
  return actor.can(needed) && (!limited || is("vault.")) ? std::optional(whole()) : std::nullopt;
}

}  // namespace pf::api
