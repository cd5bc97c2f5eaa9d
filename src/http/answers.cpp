#include "http/answers.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>

#include "crypto/crypto.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

constexpr std::string_view kDataPolicy =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
constexpr std::string_view kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri "
    "'none'; "
    "frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

void add_default(Headers& headers, std::string_view name, std::string_view value) {
  if (find_header(headers, name) == nullptr) headers.emplace_back(name, value);
}

}  // namespace

void add_common_headers(Response& response, std::string_view request_id, Time now, bool secure) {
  Headers& headers = response.headers;
  const std::string* type = find_header(headers, "content-type");
  const bool page = type != nullptr && type->starts_with("text/html");
  if (secure) add_default(headers, "strict-transport-security", "max-age=31536000");  // a year: ASVS 5.0 3.4.1
  add_default(headers, "content-security-policy", page ? kPagePolicy : kDataPolicy);
  add_default(headers, "x-content-type-options", "nosniff");
  add_default(headers, "x-frame-options", "DENY");
  add_default(headers, "referrer-policy", "no-referrer");
  add_default(headers, "cross-origin-opener-policy", "same-origin");
  add_default(headers, "cross-origin-resource-policy", "same-origin");
  add_default(headers, "permissions-policy", "camera=(), geolocation=(), microphone=(), usb=()");
  add_default(headers, "cache-control", "no-store");
  add_default(headers, "x-request-id", request_id);
  add_default(headers, "date", imf_fixdate(now));
}

Response refusal_answer(const Refusal& refusal, std::string_view request_id) {
  // The reasons are our own texts: nothing in them needs escaping.
  const std::string& reason = refusal.reason;
  Response response{.status = refusal.status, .headers = {{"content-type", "application/problem+json"}}};
  response.body = "{\"type\":\"urn:productflow:problem:refused\",\"title\":\"The request was refused\",\"status\":" +
                  std::to_string(refusal.status) + ",\"detail\":\"" + reason + "\",\"message\":\"" + reason +
                  "\",\"errors\":[],\"request_id\":\"" + std::string(request_id) + "\"}";
  if (refusal.status == 503) response.headers.emplace_back("retry-after", "2");
  return response;
}

Response redirect_answer(const Head& head, const std::string& own_host) {
  const std::string* host = find_header(head.headers, "host");
  return {.status = 308, .headers = {{"location", "https://" + (host != nullptr ? *host : own_host) + head.target}}};
}

// Unique, not secret: random for the process, then counted, which asks the kernel for nothing.
std::string new_request_id() {
  static const std::string process = crypto::random_bytes(4);
  static std::atomic<std::uint32_t> count{get_be32(crypto::random_bytes(4))};
  std::string id = process;
  put_be32(id, ++count);
  return hex(id);
}

std::string imf_fixdate(Time time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(utc.tm_wday)],
                utc.tm_mday, kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text;
}

}  // namespace pf::http
