#include "webhooks/webhooks.h"

#include "shop.h"

using namespace pf;
using test::owner;
using webhooks::DeliveryStatus;

TEST_CASE("webhooks: nothing goes to a host that the owner has not allowed") {
  test::HookShop shop;
  const auto refused = shop.webhooks->create(owner(), {.url = "https://hooks.example.com/x"});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults[0].code == "host_not_allowed");
  REQUIRE(shop.webhooks->allow(owner(), {.place = "HOOKS.example.com:443"}).ok());
  CHECK(shop.webhooks->create(owner(), {.url = "https://hooks.example.com/x"}).ok());
  CHECK_FALSE(shop.webhooks->create(owner(), {.url = "https://hooks.example.com:8443/x"}).ok());
  CHECK_FALSE(shop.webhooks->create(owner(), {.url = "https://a.hooks.example.com/x"}).ok());
  const auto faults = shop.webhooks->create(
      owner(), {.url = "http://x", .description = std::string(300, 'x'), .types = {{"nonsense"}}});
  REQUIRE_FALSE(faults.ok());
  CHECK(faults.error().faults.size() == 3);
  REQUIRE(shop.webhooks->forbid(owner(), "hooks.example.com").ok());
  CHECK(shop.webhooks->hosts(shop.store->read())->empty());
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(100) == 1);
  const auto due = *shop.webhooks->due(shop.store->read());
  REQUIRE(due.size() == 1);
  const auto message = shop.webhooks->message(shop.store->read(), due[0]);
  REQUIRE_FALSE(message.ok());
  CHECK(message.error().code == ErrorCode::forbidden);
}

TEST_CASE("webhooks: a hook is told what it wants, from when it was made on") {
  test::HookShop shop;
  shop.order("before");
  const auto orders = shop.hook({"order.created"}), products = shop.hook({"product.updated"}), all = shop.hook();
  shop.order("1");
  shop.order("2");
  CHECK(*shop.webhooks->fan_out(100) == 2);
  CHECK(*shop.webhooks->fan_out(100) == 0);
  CHECK(shop.deliveries(orders).size() == 2);
  CHECK(shop.deliveries(products).empty());
  CHECK(shop.deliveries(all).size() == 2);
  shop.restart();
  CHECK(*shop.webhooks->fan_out(100) == 0);
  CHECK(shop.deliveries(orders).size() == 2);
  const auto due = *shop.webhooks->due(shop.store->read());
  REQUIRE(due.size() == 2);
  const auto message = shop.webhooks->message(shop.store->read(), due[0]);
  REQUIRE(message.ok());
  CHECK(message->body == R"({"type":"order.created","timestamp":"2026-01-15T00:00:00Z","data":{"id":"1"}})");
}

TEST_CASE("webhooks: the secret is shown once and lies sealed; a new one signs beside the old for a day") {
  test::HookShop shop;
  REQUIRE(shop.webhooks->allow(owner(), {.place = "h.example"}).ok());
  const auto made = *shop.webhooks->create(owner(), {.url = "https://h.example/"});
  CHECK(made.second.starts_with("whsec_"));
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  const auto due = (*shop.webhooks->due(shop.store->read()))[0];
  const auto first = *shop.webhooks->message(shop.store->read(), due);
  REQUIRE(first.secrets.size() == 1);
  CHECK(first.secrets[0].size() == webhooks::kSecretBytes);
  const auto family = shop.store->family("webhooks");
  const auto read = shop.store->read();
  for (auto row = read.scan_prefix(family, ""); row.valid(); row.next())
    CHECK(row.value().find(first.secrets[0]) == std::string_view::npos);
  const auto rotated = *shop.webhooks->rotate(owner(), made.first.id);
  CHECK(rotated.second != made.second);
  const auto both = *shop.webhooks->message(shop.store->read(), due);
  REQUIRE(both.secrets.size() == 2);
  CHECK(both.secrets[1] == first.secrets[0]);
  shop.clock.pass(webhooks::kSecretOverlap);
  CHECK(shop.webhooks->message(shop.store->read(), due)->secrets.size() == 1);
}

TEST_CASE("webhooks: what fails is tried again by the specification's schedule, and then it has failed") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  shop.attempt(500);
  for (const auto wait : webhooks::kRetryAfter) {
    const auto delivery = shop.deliveries(hook)[0];
    REQUIRE(delivery.status == DeliveryStatus::pending);
    const auto left = *delivery.next_at - shop.clock.now();
    CHECK(left >= wait);
    CHECK(left <= milliseconds(wait) * 6 / 5);
    CHECK(shop.now(hook).failing_since.has_value());
    shop.clock.pass(left);
    shop.attempt(0);
  }
  const auto delivery = shop.deliveries(hook)[0];
  CHECK(delivery.status == DeliveryStatus::failed);
  CHECK(delivery.attempts.size() == webhooks::kAttemptsKept);
  CHECK(shop.webhooks->due(shop.store->read())->empty());
  CHECK(shop.now(hook).enabled);

  shop.order("2");  // the next one arrives: all is well again
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  shop.attempt(204);
  CHECK(shop.deliveries(hook)[0].status == DeliveryStatus::delivered);
  CHECK_FALSE(shop.now(hook).failing_since.has_value());
}

TEST_CASE("webhooks: a receiver that asks for time is given it, but not for ever") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  shop.attempt(429, std::chrono::seconds{600});
  CHECK(*shop.deliveries(hook)[0].next_at - shop.clock.now() == std::chrono::seconds{600});
  shop.clock.pass(std::chrono::seconds{600});
  shop.attempt(503, std::chrono::hours{1'000});
  CHECK(*shop.deliveries(hook)[0].next_at - shop.clock.now() == std::chrono::hours{24});
}

TEST_CASE("webhooks: after days without one arrival a hook is switched off, and says so") {
  test::HookShop shop;
  const auto hook = shop.hook({"order.created"}), watcher = shop.hook({"webhook.disabled"}, "other.example");
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  shop.attempt(500);
  shop.clock.pass(webhooks::kDisableAfter);
  CHECK(shop.now(hook).enabled);
  shop.attempt(500);
  const auto off = shop.now(hook);
  CHECK_FALSE(off.enabled);
  CHECK(off.disabled_because.find("5 days") != std::string::npos);
  CHECK((*shop.audit->page(shop.store->read(), 0, 1))[0].action == "webhook.disable");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  REQUIRE(shop.deliveries(watcher).size() == 1);
  shop.order("2");  // nobody is told, and nothing is kept for later
  CHECK(*shop.webhooks->fan_out(10) == 1);
  CHECK(shop.deliveries(hook).size() == 1);
  const auto on = *shop.webhooks->change(owner(), hook.id, {.enabled = true});
  CHECK(on.enabled);
  CHECK(on.disabled_because.empty());
  CHECK_FALSE(on.failing_since.has_value());
}

TEST_CASE("webhooks: 410 Gone means that the receiver wants nothing more") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  shop.attempt(410);
  CHECK_FALSE(shop.now(hook).enabled);
}

TEST_CASE("webhooks: one delivery, or all since a time, are sent again") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  shop.clock.pass(std::chrono::hours{1});
  const Time later = shop.clock.now();
  shop.order("2");
  shop.order("3");
  REQUIRE(*shop.webhooks->fan_out(10) == 3);
  for (int i = 0; i < 3; ++i) shop.attempt(200);
  const auto first = shop.deliveries(hook).back();
  const auto again = shop.webhooks->replay(owner(), hook.id, first.number);
  REQUIRE(again.ok());
  CHECK(again->status == DeliveryStatus::pending);
  CHECK(again->event == first.event);
  shop.attempt(200);
  CHECK(shop.deliveries(hook).back().attempts.size() == 2);
  CHECK(*shop.webhooks->replay_since(owner(), hook.id, later) == 2);
  CHECK(shop.deliveries(hook).size() == 5);
  CHECK(shop.webhooks->due(shop.store->read())->size() == 1);  // one at a time
  REQUIRE(shop.webhooks->change(owner(), hook.id, {.enabled = false}).ok());
  CHECK(shop.webhooks->replay(owner(), hook.id, first.number).error().code == ErrorCode::conflict);
  CHECK(shop.webhooks->replay_since(owner(), hook.id, later).error().code == ErrorCode::conflict);
  CHECK(shop.webhooks->replay(owner(), hook.id, 999).error().code == ErrorCode::conflict);
}

TEST_CASE("webhooks: the log forgets after a week, but no event that is still to be sent") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  shop.clock.pass(std::chrono::days{2});
  shop.order("2");
  REQUIRE(*shop.webhooks->fan_out(10) == 2);
  shop.attempt(200);
  shop.clock.pass(std::chrono::days{6});
  shop.order("3");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  REQUIRE(shop.webhooks->tidy().ok());
  CHECK(*shop.events->first(shop.store->read()) == 2);
  CHECK(shop.deliveries(hook).size() == 3);  // all of them were made within the week
  shop.clock.pass(std::chrono::days{8});
  shop.order("4");
  REQUIRE(shop.webhooks->tidy().ok());
  CHECK(shop.deliveries(hook).empty());
  CHECK(*shop.events->first(shop.store->read()) == 4);
}

TEST_CASE("webhooks: a hook that is removed leaves nothing behind") {
  test::HookShop shop;
  const auto hook = shop.hook();
  shop.order("1");
  REQUIRE(*shop.webhooks->fan_out(10) == 1);
  const auto due = (*shop.webhooks->due(shop.store->read()))[0];
  REQUIRE(shop.webhooks->remove(owner(), hook.id).ok());
  CHECK(shop.webhooks->note(due, {.at = shop.clock.now(), .status = 500}, {}).ok());
  const auto read = shop.store->read();
  std::size_t rows = 0;
  for (auto row = read.scan_prefix(shop.store->family("webhooks"), ""); row.valid(); row.next()) ++rows;
  CHECK(rows == 2);  // the host, and how far the log was read
  CHECK_FALSE(shop.webhooks->remove(owner(), hook.id).ok());
  CHECK_FALSE(shop.webhooks->hook(read, "../../x").ok());
}
