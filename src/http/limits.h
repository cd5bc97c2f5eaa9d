// Every limit of the front door, with its reason. Changing one changes what strangers can make us hold.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pf::http {

using namespace std::chrono_literals;

inline constexpr std::size_t kHeadBytesMax = 16u << 10;      // a head with long cookies is under 4 KiB
inline constexpr std::size_t kHeadFieldsMax = 64;
inline constexpr std::size_t kTargetBytesMax = 8u << 10;     // path and query; filters in the query are long
inline constexpr std::size_t kPathBytesMax = 2048;           // security.md 8.2
inline constexpr std::size_t kSmallBodyBytesMax = 1u << 20;  // collected without a worker; larger ones take the large lane
inline constexpr std::size_t kCollectedBytesMax = 64u << 20; // of all small bodies together
inline constexpr std::size_t kChunkLineBytesMax = 256;       // size and extensions of one chunk

inline constexpr auto kHandshakeTime = 5s;
inline constexpr auto kHeadTime = 5s;                        // from its first byte
inline constexpr auto kIdleTime = 60s;                       // a kept connection without a request
inline constexpr auto kSmallBodyTime = 15s;
inline constexpr auto kWriteStallTime = 20s;                 // a reader that takes nothing for so long is gone
inline constexpr auto kReadStallTime = 20s;                  // an uploader that sends nothing for so long is gone
inline constexpr std::uint64_t kUploadBytesPerSecondMin = 4u << 10;  // averaged, after kReadStallTime
inline constexpr auto kDrainTime = 1s;                       // so that a refusal is read before the connection is reset

inline constexpr std::size_t kConnectionsMax = 2048;         // above, the one that has waited longest is dropped
inline constexpr std::size_t kConnectionsPerAddressMax = 1024;
inline constexpr int kBacklog = 512;
inline constexpr unsigned kWorkers = 8;
inline constexpr unsigned kLargeLaneWorkers = 4;             // uploads and downloads that take their time
inline constexpr std::size_t kQueueMax = 1024;               // complete requests that wait for a worker; above: 503

}  // namespace pf::http
