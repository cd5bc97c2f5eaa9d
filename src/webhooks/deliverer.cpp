#include "webhooks/deliverer.h"

#include <algorithm>

#include "productflow/text.h"
#include "webhooks/destination.h"
#include "webhooks/signing.h"

namespace pf::webhooks {
namespace {

constexpr std::size_t kEventsAtOnce = 500;
constexpr milliseconds kLookAtLeast{60'000};  // a clock that is set shows by then
constexpr milliseconds kAfterFault{5'000};    // the disk's: it is not asked all the time

// What a stranger answered, as text that may be stored and shown.
std::string readable_part(std::string_view text) {
  text = text.substr(0, kAnswerBytesKept);
  std::string out;
  while (const auto bad = first_bad_utf8(text)) {
    out.append(text.substr(0, *bad));
    if (text.size() - *bad <= 3 && *bad + 1 >= text.size()) return out;  // cut within a letter
    out.append("\xef\xbf\xbd");                                          // U+FFFD
    text.remove_prefix(*bad + 1);
  }
  return out.append(text);
}

std::optional<std::chrono::seconds> retry_after(const http::OutboundAnswer& answer) {
  const std::string* asked = http::find_header(answer.headers, "retry-after");
  const auto seconds = asked != nullptr ? parse_int(trim(*asked)) : std::nullopt;
  return seconds && *seconds > 0 ? std::optional(std::chrono::seconds{std::min<std::int64_t>(*seconds, 86'400)})
                                 : std::nullopt;
}

}  // namespace

Deliverer::Deliverer(storage::Store& store, events::Events& events, Webhooks& webhooks, const Clock& clock, Send send)
    : store_(store),
      events_(events),
      webhooks_(webhooks),
      clock_(clock),
      send_(std::move(send)),
      senders_(kSendersMax, 0, kSendersMax, [this](const Webhooks::Due& due) { deliver(due); }) {
  listener_ = events_.on_news([this] { look_again(); });
  webhooks_.on_due([this] { look_again(); });
  planner_ = std::thread([this] { run(); });
}

Deliverer::~Deliverer() {
  events_.forget(listener_);
  webhooks_.on_due([] {});
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_all();
  planner_.join();
  senders_.stop();
}

void Deliverer::look_again() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(again_, true)) return;
  }
  ready_.notify_one();
}

void Deliverer::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    again_ = false;
    lock.unlock();
    const milliseconds wait = plan();
    lock.lock();
    ready_.wait_for(lock, wait, [this] { return stop_ || again_; });
  }
}

milliseconds Deliverer::plan() {
  for (;;) {
    const auto read = webhooks_.fan_out(kEventsAtOnce);
    if (!read.ok()) return kAfterFault;
    if (*read == 0 || stop_) break;
  }
  const auto due = webhooks_.due(store_.read());
  if (!due.ok()) return kAfterFault;
  milliseconds wait = kLookAtLeast;
  const Time now = clock_.now();
  for (Webhooks::Due one : *due) {
    if (one.at > now) {
      wait = std::min(wait, milliseconds(one.at - now) + milliseconds{1});
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (stop_ || under_way_.contains(one.hook)) continue;
    const std::string id = one.hook;
    if (senders_.push(one)) under_way_.insert(id);  // else one of them comes back and looks again
  }
  return wait;
}

void Deliverer::deliver(const Webhooks::Due& due) {
  Attempt attempt{.at = clock_.now()};
  std::optional<std::chrono::seconds> later;
  const milliseconds start = clock_.since_boot();
  const auto message = webhooks_.message(store_.read(), due);
  if (!message.ok()) {
    attempt.answer = message.error().message;
  } else {
    const Destination to = *destination_of(message->hook.url);  // message() has read it
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(attempt.at).time_since_epoch().count();
    http::Outbound request{
        .host = to.host,
        .port = to.port,
        .target = to.target,
        .headers = {{"content-type", "application/json"},
                    {"user-agent", "ProductFlow"},
                    {"webhook-id", message->id},
                    {"webhook-timestamp", std::to_string(seconds)},
                    {"webhook-signature", signature(message->secrets, message->id, seconds, message->body)}},
        .body = message->body,
        .authority = message->host.authority,
        .private_network = message->host.private_network};
    const auto answer = send_(request, stop_);
    if (answer.ok()) {
      attempt.status = answer->status;
      attempt.answer = readable_part(answer->body);
      later = retry_after(*answer);
      if (attempt.status >= 300 && attempt.status < 400)
        attempt.answer = "The receiver wanted to send us elsewhere. Redirects are not followed; change the address.";
    } else {
      attempt.answer = answer.error().message;
    }
  }
  attempt.took = clock_.since_boot() - start;
  // Stopped before there was an answer: that says nothing about the receiver.
  if (!stop_ || attempt.status != 0) static_cast<void>(webhooks_.note(due, attempt, later));
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(due.hook);
    again_ = true;
  }
  ready_.notify_one();
}

}  // namespace pf::webhooks
