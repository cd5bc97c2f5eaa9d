// Exports that go on where they broke off, with the very bytes that were on their way, whatever was changed meanwhile.
// While a reader takes what comes, its end is remembered (kTailBytesMax), which is more than can be lost with a
// connection. When he is gone the export is written on, into a file without a name that dies with the process; whoever
// asks for the rest waits until that is whole, since an answer says its length first.
//
// 1. No snapshot is held, since one older than storage::kReadAgeMax would pin what a purge must destroy. What is kept
// is
//    what was to be sent, and no export holds a buyer.
// 2. Nothing is kept longer than kKeptFor without a reader, nor beyond the session or token that asked for it; a few of
//    a person and in all. The oldest without a reader makes place, and where there is none the next is not kept.
// Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "access/actor.h"
#include "http/message.h"
#include "productflow/clock.h"

namespace pf::api {

inline constexpr std::chrono::minutes kKeptFor{10};  // a train's tunnel, a laptop that is carried elsewhere
inline constexpr std::size_t kKeptMax = 8, kKeptOfPersonMax = 2;
// What broke off so long ago is not gone on with by somebody who names no ETag; downloads that are remembered for it.
inline constexpr std::chrono::hours kMeantFor{24};
inline constexpr std::size_t kBrokenOffMax = 1'000;

// What tests make small.
struct KeptLimits {
  std::size_t tail_bytes = 8u << 20;  // a kernel's send and receive buffers grow to some MiB each
  // Of one export's file: some ten million orders.
  std::uint64_t file_bytes = 2ull << 30;
  std::uint64_t free_bytes = 1ull << 30;  // left on the disk: four times what the store needs to go on writing
};

class KeptExports {
 public:
  // Who it is now, without counting as activity.
  using Authenticate = std::function<Result<access::Actor>(const http::Request&)>;
  using Write = std::function<Result<>(const http::BodySink&)>;

  KeptExports(std::filesystem::path folder, Authenticate authenticate, const Clock& clock, KeptLimits limits = {});
  ~KeptExports();
  KeptExports(const KeptExports&) = delete;
  KeptExports& operator=(const KeptExports&) = delete;

  struct Wish {
    std::string tag{};    // the answer's ETag, of this one alone
    std::string asked{};  // the question and whatever else its answer depends on: the reader, limits, language
    std::string person{};
    http::Request request{};  // whose credentials are looked at again
  };
  // Sends what `write` writes, and keeps it. Throws where it was not sent to its end, so that nobody takes it for
  // whole.
  void send(Wish wish, const Write& write, const http::BodySink& sink);

  class Kept;
  // That of this tag; without one that of this question that lost its reader, unless another of that question is under
  // way or broke off too. From `byte` on everything is there, or will be. Null where there is none. Its first reader,
  // if it still has one, gets no more.
  std::shared_ptr<Kept> find(std::string_view asked, std::string_view tag, std::uint64_t byte);
  static const std::string& tag_of(const Kept& kept);
  // Writes all of it, once it is whole; in place of what is no longer there come zeros, which from_byte passes over.
  // An empty piece asks whether the reader is there. Throws where it never became whole.
  void send_rest(Kept& kept, const http::BodySink& sink) const;
  // Its reader has got the rest of it: it no longer counts as one that broke off.
  void arrived(std::string_view tag);

  void stop();  // before the server stops: nothing is written on without a reader
  std::size_t kept() const;

 private:
  bool add(const std::shared_ptr<Kept>& kept);
  bool take(Kept& kept, std::string_view piece, const http::BodySink& sink);
  void look_after();
  bool is_sole(const Wish& wish) const;

  const std::filesystem::path folder_;
  const Authenticate authenticate_;
  const Clock& clock_;
  const KeptLimits limits_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Kept>> all_;  // oldest first
  struct BrokenOff {
    std::string asked{}, tag{};  // the SHA-256 of what was asked
    Time at{};
  };
  std::deque<BrokenOff> broken_off_;  // and those under way; oldest first
  bool stop_ = false;
  std::thread thread_;  // last: starts when the others are there
};

}  // namespace pf::api
