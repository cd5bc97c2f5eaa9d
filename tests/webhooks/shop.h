// A shop with hooks and a receiver that is told what to answer.
#pragma once

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "support/hand_clock.h"
#include "support/temp_folder.h"
#include "webhooks/deliverer.h"

namespace pf::test {

inline access::Actor owner() {
  access::Actor by{access::Actor::Kind::user, "owner", "owner@example.com"};
  return by;
}

struct HookShop {
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<storage::Store> store = open();
  std::unique_ptr<audit::Audit> audit = std::make_unique<audit::Audit>(*store, clock);
  std::unique_ptr<events::Events> events = std::make_unique<events::Events>(*store, clock);
  std::unique_ptr<webhooks::Webhooks> webhooks = made();

  std::unique_ptr<storage::Store> open() const {
    auto families = events::Events::families();
    for (auto& family : audit::Audit::families()) families.push_back(std::move(family));
    for (auto& family : webhooks::Webhooks::families()) families.push_back(std::move(family));
    return std::move(*storage::Store::open(folder.path(), std::move(families),
                                           {.create_if_missing = true, .free_bytes_reserve = 0}));
  }
  std::unique_ptr<webhooks::Webhooks> made() {
    return std::make_unique<webhooks::Webhooks>(*store, *events, *audit, clock, std::string(32, 'p'));
  }
  // As if the process had ended and come again.
  void restart() {
    webhooks.reset();
    events.reset();
    audit.reset();
    store.reset();
    store = open();
    audit = std::make_unique<audit::Audit>(*store, clock);
    events = std::make_unique<events::Events>(*store, clock);
    webhooks = made();
  }
  webhooks::Hook hook(std::vector<std::string> types = {}, const char* host = "hooks.example.com") {
    REQUIRE(webhooks->allow(owner(), {.place = host}).ok());
    auto hook_made =
        webhooks->create(owner(), {.url = "https://" + std::string(host) + "/x", .types = std::move(types)});
    REQUIRE_MESSAGE(hook_made.ok(), (hook_made.ok() ? "" : hook_made.error().message));
    return hook_made->first;
  }
  void order(const char* id) {
    REQUIRE(store
                ->write([&](storage::Write& work) {
                  return events->add(work, events::type::kOrderCreated, json::Value::object({{"id", id}}));
                })
                .ok());
  }
  std::vector<webhooks::Delivery> deliveries(const webhooks::Hook& of) {
    const auto page = webhooks->deliveries(store->read(), of.id, std::nullopt, 0, 1'000);
    REQUIRE(page.ok());
    return page->deliveries;
  }
  webhooks::Hook now(const webhooks::Hook& of) { return *webhooks->hook(store->read(), of.id); }
  // One attempt at what is due first, with this outcome.
  void attempt(int status, std::optional<std::chrono::seconds> retry_after = {}) {
    const auto due = *webhooks->due(store->read());
    REQUIRE_FALSE(due.empty());
    REQUIRE(due[0].at <= clock.now());
    REQUIRE(webhooks->note(due[0], {.at = clock.now(), .status = status}, retry_after).ok());
  }
};

// Answers in turn; 200 when it was told nothing.
class ScriptedReceiver {
 public:
  webhooks::Deliverer::Send send() {
    return [this](const http::Outbound& request, const std::atomic<bool>&) -> Result<http::OutboundAnswer> {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      changed_.notify_all();
      if (answers_.empty()) return http::OutboundAnswer{.status = 200};
      const int status = answers_.front();
      answers_.pop_front();
      if (status == 0) return error(ErrorCode::unavailable, "nobody is there");
      return http::OutboundAnswer{.status = status, .body = "answer"};
    };
  }
  void answer(int status) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(status);
  }
  std::vector<http::Outbound> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return requests_.size() >= count; }));
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> answers_;
  std::vector<http::Outbound> requests_;
};

}  // namespace pf::test
