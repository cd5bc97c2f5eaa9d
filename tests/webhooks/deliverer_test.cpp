#include "webhooks/deliverer.h"

#include "shop.h"

using namespace pf;
using test::owner;

namespace {

// Until a delivery has this status; the deliverer writes it after the receiver has answered.
bool becomes(test::HookShop& shop, const webhooks::Hook& hook, webhooks::DeliveryStatus status, std::size_t tries) {
  for (int i = 0; i < 3'000; ++i) {
    const auto all = shop.deliveries(hook);
    if (!all.empty() && all[0].status == status && all[0].attempts.size() == tries) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

}  // namespace

TEST_CASE("pain 16, stock that is told late: a change is sent at once, signed, to the host and as the owner said") {
  test::HookShop shop;
  REQUIRE(shop.webhooks->allow(owner(), {.place = "h.example:8443", .private_network = true}).ok());
  const auto made = *shop.webhooks->create(owner(), {.url = "https://h.example:8443/x?y"});
  test::ScriptedReceiver receiver;
  const webhooks::Deliverer deliverer(*shop.store, *shop.events, *shop.webhooks, shop.clock, receiver.send());
  shop.order("1");
  const auto request = receiver.wait_for(1)[0];
  CHECK(request.host == "h.example");
  CHECK(request.port == 8443);
  CHECK(request.target == "/x?y");
  CHECK(request.private_network);
  CHECK(*http::find_header(request.headers, "webhook-id") == "msg_" + made.first.id + "_1");
  CHECK(*http::find_header(request.headers, "webhook-timestamp") == "1768435200");
  CHECK(http::find_header(request.headers, "webhook-signature")->starts_with("v1,"));
  CHECK(request.body.find("\"order.created\"") != std::string::npos);
  CHECK(becomes(shop, made.first, webhooks::DeliveryStatus::delivered, 1));
}

TEST_CASE("webhooks: a receiver that is down is tried again under the same id, and others do not wait for it") {
  test::HookShop shop;
  const auto hook = shop.hook({"order.created"});
  test::ScriptedReceiver receiver;
  receiver.answer(0);
  webhooks::Deliverer deliverer(*shop.store, *shop.events, *shop.webhooks, shop.clock, receiver.send());
  shop.order("1");
  receiver.wait_for(1);
  REQUIRE(becomes(shop, hook, webhooks::DeliveryStatus::pending, 1));
  CHECK(shop.deliveries(hook)[0].attempts[0].answer == "nobody is there");
  shop.clock.pass(std::chrono::seconds{10});
  deliverer.look_again();
  const auto requests = receiver.wait_for(2);
  CHECK(*http::find_header(requests[0].headers, "webhook-id") == *http::find_header(requests[1].headers, "webhook-id"));
  CHECK(requests[0].body == requests[1].body);
  CHECK(becomes(shop, hook, webhooks::DeliveryStatus::delivered, 2));
}

TEST_CASE("pain 11, confirmations that get lost: what was written before the process ended is sent after") {
  test::HookShop shop;
  const auto hook = shop.hook({"order.created"});
  shop.order("1");  // nobody sends
  shop.restart();
  test::ScriptedReceiver receiver;
  const webhooks::Deliverer deliverer(*shop.store, *shop.events, *shop.webhooks, shop.clock, receiver.send());
  CHECK(receiver.wait_for(1)[0].body.find("\"id\":\"1\"") != std::string::npos);
  CHECK(becomes(shop, hook, webhooks::DeliveryStatus::delivered, 1));
}

TEST_CASE("webhooks: stopping does not wait for a receiver, and its message is not counted as tried") {
  test::HookShop shop;
  const auto hook = shop.hook();
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  {
    const webhooks::Deliverer deliverer(
        *shop.store, *shop.events, *shop.webhooks, shop.clock,
        [&](const http::Outbound&, const std::atomic<bool>& stop) -> Result<http::OutboundAnswer> {
          {
            const std::lock_guard lock(mutex);
            asked = true;
          }
          changed.notify_all();
          while (!stop) std::this_thread::yield();
          return error(ErrorCode::unavailable, "stopped");
        });
    shop.order("1");
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{30}, [&] { return asked; }));
  }
  const auto delivery = shop.deliveries(hook)[0];
  CHECK(delivery.status == webhooks::DeliveryStatus::pending);
  CHECK(delivery.attempts.empty());
}
