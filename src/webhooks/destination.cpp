#include "webhooks/destination.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::webhooks {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035

bool is_name_or_address(std::string_view host) {
  if (host.find(':') != std::string_view::npos)
    return std::ranges::all_of(
        host, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; });
  return !host.starts_with('-') && !host.starts_with('.') && host.find("..") == std::string_view::npos &&
         std::ranges::all_of(
             host, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

}  // namespace

std::string Destination::place() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string out = v6 ? "[" + host + "]" : host;
  return port == 443 ? out : out + ":" + std::to_string(port);
}

Result<Destination> place_of(std::string_view text) {
  const Error bad = invalid("host", "format",
                            "The host must be a name or an address such as hooks.example.com, with a port where that "
                            "is not 443: hooks.example.com:8443");
  Destination out;
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (host.find(':') == std::string_view::npos) return bad;
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  out.host = lower_ascii(host);
  if (out.host.ends_with('.')) out.host.pop_back();
  if (out.host.empty() || out.host.size() > kHostBytesMax || !is_name_or_address(out.host)) return bad;
  if (!port.empty()) {
    const auto number = port.starts_with(':') ? parse_int(port.substr(1)) : std::nullopt;
    if (!number || *number < 1 || *number > 65'535) return bad;
    out.port = static_cast<std::uint16_t>(*number);
  }
  return out;
}

Result<Destination> destination_of(std::string_view url) {
  const auto bad = [](std::string why) { return invalid("url", "format", std::move(why)); };
  if (url.size() > kUrlBytesMax) return bad("The address must have at most 2,000 bytes.");
  if (!lower_ascii(url.substr(0, 8)).starts_with("https://"))
    return bad("The address must begin with https://: what is told about the shop goes nowhere in the clear.");
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c == '\x7f' || c == '\\' || (c & 0x80) != 0; }))
    return bad("The address holds a blank, a control character or a letter outside of ASCII; percent-encode it.");
  if (url.find('#') != std::string_view::npos) return bad("The address must have no #fragment.");
  const std::string_view rest = url.substr(8);
  const std::size_t end = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos)
    return invalid("url", std::string(kHoldsUser),
                   "The address must hold no user and password: deliveries are known by their signature.");
  auto out = place_of(authority);
  if (!out.ok()) return bad("The address names no host: it looks like https://hooks.example.com/productflow");
  out->target = end == std::string_view::npos ? "/" : std::string(rest.substr(end));
  if (out->target.starts_with('?')) out->target.insert(0, "/");
  return out;
}

Result<Destination> redirected(const Destination& from, std::string_view location) {
  location = location.substr(0, location.find('#'));
  const std::size_t colon = location.find(':');
  if (colon != std::string_view::npos && colon < location.find_first_of("/?")) return destination_of(location);
  if (location.starts_with("//")) return destination_of("https:" + std::string(location));
  std::string path = from.target.substr(0, from.target.find('?'));
  const std::size_t query = std::min(location.find('?'), location.size());
  if (location.starts_with('/'))
    path = location.substr(0, query);
  else if (query > 0)
    path = path.substr(0, path.rfind('/') + 1).append(location.substr(0, query));
  return destination_of("https://" + from.place() + path.append(location.substr(query)));
}

}  // namespace pf::webhooks
