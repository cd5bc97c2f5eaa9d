// A load client: one thread, many kept TLS connections, one request at a time on each. Both servers that are compared
// are asked by it, so that its own cost falls on both.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "productflow/result.h"

namespace pf::bench {

struct Load {
  std::uint16_t port = 0;     // on 127.0.0.1: nobody else is ever asked
  std::filesystem::path ca;   // PEM: whom we trust
  unsigned connections = 16;  // callers: each waits for its answer before it asks again
  std::chrono::milliseconds time{3'000};
  std::uint64_t requests_max = ~0ull;                      // ends earlier when so many were asked
  std::function<std::string(std::uint64_t)> request_of{};  // whole bytes of the n-th request
  int status = 200;                                        // what each answer must have
};

struct LoadFigures {
  std::uint64_t answers = 0, others = 0;  // with the wanted status, with another
  double seconds = 0;
  std::vector<double> milliseconds;  // of each answer, sorted
  std::string first_other;           // for the person who must look
  std::string last_body;

  double per_second() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
  double percentile(double percent) const;
};

Result<LoadFigures> run_load(const Load& load);
Result<LoadFigures> run_checked(const Load& load);  // the same; an error when an answer was not the wanted one

// "GET /path HTTP/1.1" with Host, Authorization and what a body needs.
std::string request_bytes(const std::string& method, const std::string& target, const std::string& token,
                          const std::string& body = {}, const std::string& type = "application/json");

}  // namespace pf::bench
