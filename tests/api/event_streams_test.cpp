// Who hears what: with a wire of paper instead of a connection.
#include "api/event_streams.h"

#include <doctest/doctest.h>

#include <atomic>

#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

class Paper final : public http::Live {
 public:
  bool send(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    if (gone) return false;
    text_ += bytes;
    changed_.notify_all();
    return true;
  }
  std::size_t waiting() const override { return 0; }
  void end() override {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  // Waits until it was written; fails after half a minute.
  bool says(std::string_view words) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return text_.find(words) != std::string::npos; });
  }
  bool has_ended() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return ended_; });
  }
  bool has(std::string_view words) {
    const std::lock_guard lock(mutex_);
    return text_.find(words) != std::string::npos;
  }
  std::atomic<bool> gone{false};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  bool ended_ = false;
};

std::vector<storage::Family> families() {
  auto all = events::Events::families();
  for (auto& family : audit::Audit::families()) all.push_back(std::move(family));
  for (auto& family : catalog::Products::families()) all.push_back(std::move(family));
  return all;
}

access::Actor somebody(std::string id, std::initializer_list<access::Permission> may, access::Limits limits = {}) {
  access::Actor actor{access::Actor::Kind::user, id, id + "@example.com"};
  actor.user = id;
  for (const auto one : may) actor.may.set(static_cast<std::size_t>(one));
  if (limits.any()) actor.limits = std::make_shared<const access::Limits>(std::move(limits));
  return actor;
}

struct Shop {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store =
      std::move(*storage::Store::open(folder.path(), families(), {.create_if_missing = true, .free_bytes_reserve = 0}));
  audit::Audit audit{*store, clock};
  events::Events events{*store, clock};
  catalog::Products products{*store, audit, clock, &events};
  std::mutex mutex;
  std::map<std::string, access::Actor> signed_in;  // by a made-up header; guarded by mutex
  api::EventStreams streams{*store, events, products,
                            [this](const http::Request& request) -> Result<access::Actor> {
                              const std::lock_guard lock(mutex);
                              const auto found = signed_in.find(*http::find_header(request.headers, "who"));
                              return found != signed_in.end() ? found->second : access::Actor{};
                            },
                            clock};

  std::shared_ptr<Paper> listen(const access::Actor& actor, std::vector<std::string> types = {},
                                std::string last_id = "") {
    {
      const std::lock_guard lock(mutex);
      signed_in[actor.id] = actor;
    }
    http::Request request;
    request.headers.emplace_back("who", actor.id);
    auto open = streams.listen(actor, {request, std::move(types), std::move(last_id)});
    REQUIRE_MESSAGE(open.ok(), (open.ok() ? "" : open.error().message));
    auto paper = std::make_shared<Paper>();
    (*open)(paper);
    return paper;
  }
  void order(const char* id, const char* channel) {
    REQUIRE(store
                ->write([&](storage::Write& work) {
                  return events.add(work, events::type::kOrderCreated,
                                    json::Value::object({{"id", id}, {"channel", channel}}));
                })
                .ok());
  }
  void product(const std::string& sku, const char* category) {
    catalog::ProductChange change;
    change.title = sku;
    change.categories = {category};
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto parsed, catalog::parse_sku(sku));
                  PF_TRY(products.change(work, access::system_actor(), parsed, change, catalog::WriteMode::upsert, ""));
                  return {};
                })
                .ok());
  }
};

using P = access::Permission;

}  // namespace

TEST_CASE("live: everybody hears what he may read and nothing else") {
  Shop shop;
  const auto owner = shop.listen(somebody("owner", {P::orders_read, P::catalog_read}));
  const auto packer = shop.listen(somebody("packer", {P::orders_read}, {.channels = {"bol"}}));
  const auto editor = shop.listen(somebody("editor", {P::catalog_read}, {.categories = {"clothing"}}));
  const auto narrow = shop.listen(somebody("narrow", {P::orders_read, P::catalog_read}), {"product.*"});
  for (const auto& paper : {owner, packer, editor, narrow}) REQUIRE(paper->says("event: ready"));
  shop.order("1", "amazon");
  shop.order("2", "bol");
  shop.product("T-1", "toys");
  shop.product("S-1", "clothing/shirts");
  CHECK(owner->says("S-1"));
  CHECK(owner->has("id: 1\nevent: order.created\ndata: {\"type\":\"order.created\""));
  CHECK(owner->has("T-1"));
  CHECK(packer->says("\"id\":\"2\""));
  CHECK_FALSE(packer->has("amazon"));
  CHECK_FALSE(packer->has("S-1"));
  CHECK(editor->says("S-1"));
  CHECK_FALSE(editor->has("T-1"));
  CHECK_FALSE(editor->has("order.created"));
  CHECK(narrow->says("S-1"));
  CHECK_FALSE(narrow->has("order.created"));
}

TEST_CASE("live: a reader goes on after the last event that he heard, or is told that he missed some") {
  Shop shop;
  for (const char* id : {"1", "2", "3"}) shop.order(id, "bol");
  const auto actor = somebody("owner", {P::orders_read});
  const auto back = shop.listen(actor, {}, "1");
  CHECK(back->says("id: 3\n"));
  CHECK(back->has("id: 2\n"));
  CHECK_FALSE(back->has("id: 1\n"));
  CHECK_FALSE(back->has("reset"));
  shop.clock.pass(events::kKeepTime * 2);
  shop.order("4", "bol");
  REQUIRE(*shop.events.trim(100, 100) == 3);
  const auto late = shop.listen(actor, {}, "1");
  CHECK(late->says("event: reset"));
  CHECK(late->has("\"missed_from\":2,\"missed_to\":4"));
  const auto elsewhere = shop.listen(actor, {}, "999");  // of a log that a backup has brought back
  CHECK(elsewhere->says("event: reset"));
  CHECK(elsewhere->has("\"missed_from\":null"));
}

TEST_CASE("live: whose session has ended hears nothing more, and whose rights were taken hears less") {
  Shop shop;
  const auto killed = shop.listen(somebody("killed", {P::orders_read}));
  const auto lowered = shop.listen(somebody("lowered", {P::orders_read, P::catalog_read}));
  REQUIRE(killed->says("ready"));
  REQUIRE(lowered->says("ready"));
  {
    const std::lock_guard lock(shop.mutex);
    shop.signed_in.erase("killed");
    shop.signed_in["lowered"] = somebody("lowered", {P::catalog_read});
  }
  shop.order("1", "bol");
  shop.product("S-1", "clothing");
  CHECK(killed->has_ended());
  CHECK_FALSE(killed->has("order.created"));
  CHECK(lowered->says("S-1"));
  CHECK_FALSE(lowered->has("order.created"));
}

TEST_CASE("live: a person has so many streams and no more, and a place is free again when its reader goes") {
  Shop shop;
  const auto actor = somebody("owner", {P::orders_read});
  std::vector<std::shared_ptr<Paper>> papers;
  for (std::size_t i = 0; i < api::kStreamsOfPersonMax; ++i) papers.push_back(shop.listen(actor));
  for (const auto& paper : papers) REQUIRE(paper->says("ready"));
  const auto one_more = shop.streams.listen(actor, {});
  REQUIRE_FALSE(one_more.ok());
  CHECK(one_more.error().code == ErrorCode::too_many);
  {
    const auto other = shop.streams.listen(somebody("other", {}), {});  // the answer never got its wire
    CHECK(other.ok());
    CHECK(shop.streams.open() == api::kStreamsOfPersonMax + 1);
  }
  CHECK(shop.streams.open() == api::kStreamsOfPersonMax);
  papers[0]->gone = true;
  shop.order("1", "bol");
  REQUIRE(papers[1]->says("order.created"));
  shop.order("2", "bol");
  REQUIRE(papers[1]->says("\"id\":\"2\""));
  CHECK(shop.streams.open() == api::kStreamsOfPersonMax - 1);
}

TEST_CASE("live: a quiet stream has a heartbeat, which tells where it is") {
  Shop shop;
  const auto packer = shop.listen(somebody("packer", {P::orders_read}, {.channels = {"bol"}}));
  REQUIRE(packer->says("ready"));
  shop.order("1", "amazon");
  shop.order("2", "amazon");
  shop.clock.pass(api::kStreamBeat);
  CHECK(packer->says("id: 2\n:\n\n"));
  CHECK_FALSE(packer->has("amazon"));
}
