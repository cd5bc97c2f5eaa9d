#include "http/head.h"

#include <algorithm>

#include "http/limits.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

bool is_token_char(char c) {  // RFC 9110 section 5.6.2
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}
bool is_target_char(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`' && c != '{' &&
         c != '|' && c != '}';
}

ParsedHead refused(int status, std::string reason) {
  return {std::nullopt, {status, std::move(reason)}};
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

HeadScanner::Found HeadScanner::scan(std::string_view received) {
  for (; at_ < received.size(); ++at_) {
    const char c = received[at_];
    if (c == '\n') {
      if (at_ == 0 || received[at_ - 1] != '\r') return Found::fault;
      if (at_ >= 3 && received[at_ - 2] == '\n') {
        ++at_;
        return Found::end;
      }
    } else if ((at_ > 0 && received[at_ - 1] == '\r') ||
               (static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\t') || c == 0x7f) {
      return Found::fault;
    }
  }
  return Found::nothing_yet;
}

ParsedHead parse_head(std::string_view text) {
  if (text.size() > kHeadBytesMax) return refused(431, "The request's head is larger than 16 KiB.");
  Head head;
  std::size_t line_end = text.find("\r\n");
  std::string_view line = text.substr(0, line_end);

  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return refused(400, "The request line is not METHOD TARGET HTTP/1.1.");
  const std::string_view version = line.substr(last + 1);
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return refused(version.starts_with("HTTP/") ? 505 : 400, "Only HTTP/1.1 is spoken here.");
  if (!is_token(head.method) || head.method.size() > 16) return refused(400, "The method is not a token.");
  if (head.target.size() > kTargetBytesMax) return refused(414, "The address is longer than 8 KiB.");
  if (!head.target.starts_with('/') || !std::ranges::all_of(head.target, is_target_char))
    return refused(400, "The address must start with / and hold only the characters of RFC 3986.");
  const std::size_t question = head.target.find('?');
  head.path = head.target.substr(0, question);
  if (question != std::string::npos) head.query = head.target.substr(question + 1);
  if (head.path.size() > kPathBytesMax) return refused(414, "The path is longer than 2,048 bytes.");

  std::size_t hosts = 0, lengths = 0, encodings = 0;
  for (std::size_t at = line_end + 2; at < text.size();) {
    line_end = text.find("\r\n", at);
    line = text.substr(at, line_end - at);
    at = line_end + 2;
    if (line.empty()) break;
    if (head.headers.size() >= kHeadFieldsMax) return refused(431, "The request has more than 64 header fields.");
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    // A folded line starts with a blank, so its name is no token either.
    if (colon == std::string_view::npos || !is_token(name))
      return refused(400, "A header field's name is not a token.");
    if (name.find('_') != std::string_view::npos)
      return refused(400, "Header names with an underscore are not accepted.");
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    for (char c : value)
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
        return refused(400, "A header field holds a control character.");
    std::string lower = lower_ascii(name);

    if (lower == "host") {
      if (++hosts > 1 || value.empty() || value.find_first_of(" ,/@?#") != std::string_view::npos)
        return refused(400, "There must be exactly one well-formed Host.");
    } else if (lower == "content-length") {
      const auto length = parse_int(value);
      if (++lengths > 1 || value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos || !length)
        return refused(400, "There must be at most one Content-Length, of digits.");
      head.content_length = static_cast<std::uint64_t>(*length);
    } else if (lower == "transfer-encoding") {
      if (++encodings > 1 || !equals_ignoring_case(value, "chunked"))
        return refused(501, "Only Transfer-Encoding: chunked is understood.");
      head.chunked = true;
    } else if (lower == "content-encoding" && !equals_ignoring_case(value, "identity")) {
      return refused(415, "Please send the body without Content-Encoding.");
    } else if (lower == "expect") {
      if (!equals_ignoring_case(value, "100-continue")) return refused(417, "Only Expect: 100-continue is understood.");
      head.expects_continue = true;
    } else if (lower == "connection") {
      for (std::string_view option : split(value, ','))
        if (equals_ignoring_case(trim(option), "close")) head.keep_alive = false;
    }
    head.headers.emplace_back(std::move(lower), value);
  }
  if (version == "HTTP/1.0") head.keep_alive = false;
  if (hosts == 0 && version == "HTTP/1.1") return refused(400, "There must be exactly one well-formed Host.");
  if (head.chunked && (lengths > 0 || version == "HTTP/1.0"))
    return refused(400, "Content-Length and Transfer-Encoding together are not accepted.");
  if (head.content_length.value_or(0) > kBodyBytesMax)
    return refused(413, "The body is larger than 64 GiB, which nothing here takes.");
  if (head.has_body() && (head.method == "GET" || head.method == "HEAD"))
    return refused(400, "A GET request must not have a body.");
  return {std::move(head), {0, {}}};
}

}  // namespace pf::http
