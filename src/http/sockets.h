// Sockets to listen on, and the names of those who call.
#pragma once

#include <filesystem>
#include <string>

#include "http/message.h"

namespace pf::http {

Result<int> listen_on(const std::string& address, std::uint16_t port);
// A unix socket that only this user may open. REQUIRES: nobody else serves this folder (its lock says so).
Result<int> listen_at(const std::filesystem::path& path);
std::uint16_t port_of(int listener);

struct Accepted {
  int socket = -1;
  Peer peer{};
};  // -1: nobody waits, errno says why
Accepted accept_from(int listener, bool is_admin);

// Whom a limit per caller counts: the address, or for IPv6 its /64, which is one household.
std::string source_of(const Peer& peer);

}  // namespace pf::http
