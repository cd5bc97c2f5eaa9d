// Who listens to what changes, and the thread that tells them. A listener costs a connection and no thread: the door
// writes what is put on its wire (http::Live). Everybody hears what he may read now: rights, limits and the session
// itself are looked up again before each telling and every second, so that an ended session hears nothing more.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "access/actor.h"
#include "catalog/products.h"
#include "events/events.h"
#include "http/message.h"

namespace pf::api {

inline constexpr std::size_t kStreamsMax = 256;         // in all: a connection and some KiB each
inline constexpr std::size_t kStreamsOfPersonMax = 8;   // a browser needs one, whatever its tabs
inline constexpr std::chrono::seconds kStreamBeat{20};  // proxies give up a silent connection after 30 to 60 s

class EventStreams {
 public:
  // Who it is now, without counting as activity.
  using Authenticate = std::function<Result<access::Actor>(const http::Request&)>;
  EventStreams(storage::Store& store, events::Events& events, const catalog::Products& products,
               Authenticate authenticate, const Clock& clock);
  ~EventStreams();

  struct Wish {
    http::Request request{};           // whose credentials are looked at again
    std::vector<std::string> types{};  // "order.created", "order.*"; none: all
    std::string last_id{};             // of the last event that was heard; empty: from now on
  };
  // Opens the ear; too_many above the limits. Give the function to the answer: it is called once with the wire.
  Result<std::function<void(std::shared_ptr<http::Live>)>> listen(const access::Actor& by, Wish wish);
  std::size_t open() const;

 private:
  struct Slot;
  struct Stream;
  void run();
  void tell(bool news);
  bool still_there(Stream& stream) const;
  std::optional<std::string> line_for(const storage::Reader& read, const Stream& stream,
                                      const events::Event& event) const;
  void greet(const storage::Reader& read, Stream& stream) const;
  void hear(const storage::Reader& read, Stream& stream, const std::vector<events::Event>& news) const;

  storage::Store& store_;
  events::Events& events_;
  const catalog::Products& products_;
  const Authenticate authenticate_;
  const Clock& clock_;
  std::uint64_t listener_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable ready_;
  // Guarded by mutex_:
  std::map<std::string, std::size_t> of_person_;
  std::size_t slots_ = 0;
  std::vector<std::unique_ptr<Stream>> arriving_;
  bool news_ = false, stop_ = false;

  std::vector<std::unique_ptr<Stream>> streams_;  // of the thread alone
  bool behind_ = false;                           // one of them waits for its reader; of the thread alone
  std::thread thread_;                            // last: starts when the others are there
};

}  // namespace pf::api
