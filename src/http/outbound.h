// Asks somebody else's server, of which nothing is trusted: its name is looked up once and the address that was judged
// is the one that is connected to; addresses inside a network are refused unless they are wished; the certificate must
// be right; no redirect is followed; everything has a deadline and a size. One request, one connection; blocks, and
// gives up soon after `stop` is set. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"
#include "productflow/clock.h"

namespace pf::http {

inline constexpr std::chrono::seconds kOutboundConnectTime{5};     // look-up, connection and handshake, each
inline constexpr std::chrono::seconds kOutboundTime{15};           // in all: the least that Standard Webhooks asks for
inline constexpr std::size_t kOutboundAnswerBytesMax = 64u << 10;  // of an answer that only says yes or no

struct Outbound {
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 443;
  std::string target = "/";
  Headers headers{};
  std::string body{};
  std::string authority{};       // PEM: the only one that is trusted; empty: those that the machine trusts
  bool private_network = false;  // may be in a private network, or on this machine
  std::chrono::milliseconds time = kOutboundTime;     // in all
  std::chrono::milliseconds silence = kOutboundTime;  // without a byte
};

struct OutboundAnswer {
  int status = 0;
  Headers headers{};
  std::string body{};  // its beginning, where it is longer than kOutboundAnswerBytesMax
};

// POST. The error's sentence says what went wrong, for the owner of the other server: it holds nothing secret.
Result<OutboundAnswer> post(const Outbound& request, const std::atomic<bool>& stop);

// GET, by the same rules; the whole body goes to `sink`, piece by piece (none of it where the status is not 200), and
// `body` stays empty. unavailable when it does not come to its end within `request.time`, or when `sink` says no.
Result<OutboundAnswer> fetch(const Outbound& request, const std::atomic<bool>& stop, const BodySink& sink);

// Whether `pem` can be an Outbound's authority.
Result<> check_authority(const std::string& pem);

// Of the internet at large (RFC 6890): not private, not this machine, not a link's own, not for groups, nothing
// reserved and nothing that hides an IPv4 address. False for what is no address.
bool is_public_address(std::string_view address);
// One that may be meant by "my own network": private or this machine. A link's own (169.254.0.0/16, where clouds keep
// their secrets) is never.
bool is_private_address(std::string_view address);

}  // namespace pf::http
