// Every limit of the front door, with its reason. Changing one changes what strangers can make us hold.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pf::http {

using namespace std::chrono_literals;

// ---- a request
inline constexpr std::size_t kHeadBytesMax = 16u << 10;  // a head with long cookies is under 4 KiB
inline constexpr std::size_t kHeadFieldsMax = 64;
inline constexpr std::size_t kTargetBytesMax = 8u << 10;  // path and query; filters in the query are long
inline constexpr std::size_t kPathBytesMax = 2048;        // a SKU of 255 bytes, percent-encoded, three times over
inline constexpr std::size_t kSmallBodyBytesMax = 1u
                                                  << 20;  // collected without a worker; larger ones take the large lane
inline constexpr std::size_t kCollectedBytesMax = 64u
                                                  << 20;  // of all small bodies together; above, the oldest is dropped
inline constexpr std::uint64_t kBodyBytesMax = 64ull << 30;  // of any body: more is a mistake, whatever the route takes
inline constexpr std::size_t kChunkLineBytesMax = 256;       // size and extensions of one chunk
inline constexpr std::size_t kTrailerBytesMax = 8u << 10;    // trailers are dropped, so nobody needs long ones

// ---- time
inline constexpr auto kHandshakeTime = 5s;
inline constexpr auto kHeadTime = 5s;         // from its first byte
inline constexpr auto kIdleTime = 60s;        // a kept connection without a request
inline constexpr auto kSmallBodyTime = 30s;   // 1 MiB over a telephone's 300 kbit/s
inline constexpr auto kWriteStallTime = 20s;  // a reader that takes nothing for so long is gone
inline constexpr auto kReadStallTime = 20s;   // an uploader that sends nothing for so long is gone
inline constexpr std::uint64_t kBytesPerSecondMin = 4u
                                                    << 10;  // of uploads and downloads, averaged, beyond the stall time
inline constexpr auto kDrainTime = 2s;                      // so that a refusal is read before the connection is reset
inline constexpr std::uint64_t kDrainBytesMax = 64u << 20;  // what a refused upload may still send in that time
inline constexpr auto kStopTime = 10s;                      // for requests that run when the server stops
inline constexpr auto kTicketKeyTime = 8h;  // TLS session tickets of an earlier key are not taken: forward secrecy

// ---- how many
inline constexpr std::size_t kConnectionsMax = 2048;  // above, the one that has waited longest is dropped
inline constexpr std::size_t kConnectionsPerAddressMax = 1024;
inline constexpr std::size_t kOutgoingBytesMax =
    128u << 20;  // answers that wait for slow readers; above, the oldest is dropped
inline constexpr int kBacklog = 512;
inline constexpr int kReceiveBufferBytes = 256 << 10;  // in the kernel, of one connection; bounds what floods can pin
inline constexpr unsigned kWorkers = 32;  // never wait for a peer; that many changes can wait for one fsync together
inline constexpr auto kStallTime = 1ms;   // after which waiting reads get another worker than those that are awake
inline constexpr unsigned kLargeLaneWorkers = 16;  // uploads: a thread each while they arrive
inline constexpr unsigned kStreamWorkers = 64;     // streamed answers: a thread each
inline constexpr std::size_t kLiveWaitingBytesMax = 512u
                                                    << 10;  // of one open answer; a reader so far behind is dropped
inline constexpr std::size_t kQueueMax = 1024;              // complete requests that wait for a worker; above: 503

}  // namespace pf::http
