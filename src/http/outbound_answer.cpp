#include "http/outbound_answer.h"

#include <algorithm>

#include "http/body.h"
#include "http/head.h"
#include "http/limits.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

constexpr std::size_t kInterimAnswersMax = 8;

}  // namespace

Result<OutboundAnswer> read_answer(const Receive& receive, const BodySink* sink) {
  const Error no_http = error(ErrorCode::unavailable, "What came back is no answer in HTTP.");
  std::string received;
  OutboundAnswer answer;
  for (std::size_t interim = 0;; ++interim) {
    HeadScanner scanner;
    HeadScanner::Found found;
    while ((found = scanner.scan(received)) == HeadScanner::Found::nothing_yet) {
      if (received.size() > kHeadBytesMax) return no_http;
      PF_LET(const bool more, receive(received));
      if (!more) return error(ErrorCode::unavailable, "The connection was closed without an answer.");
    }
    const std::string head = received.substr(0, scanner.end());
    if (found == HeadScanner::Found::fault || !head.starts_with("HTTP/1.") || head.size() < 12 ||
        interim > kInterimAnswersMax)
      return no_http;
    received.erase(0, scanner.end());
    answer.status = static_cast<int>(parse_int(head.substr(9, 3)).value_or(0));
    if (answer.status < 100 || answer.status > 599) return no_http;
    if (answer.status < 200) continue;
    for (const std::string_view line : split(std::string_view(head).substr(head.find("\r\n") + 2), '\n'))
      if (const std::size_t colon = line.find(':'); colon != std::string_view::npos)
        answer.headers.emplace_back(lower_ascii(line.substr(0, colon)), trim(line.substr(colon + 1)));
    break;
  }
  Head head;
  if (const auto* length = find_header(answer.headers, "content-length"))
    head.content_length = static_cast<std::uint64_t>(std::max<std::int64_t>(0, parse_int(*length).value_or(0)));
  else if (answer.status != 204 && answer.status != 304)
    head.content_length = ~std::uint64_t{0};  // until the connection ends
  if (const auto* encoding = find_header(answer.headers, "transfer-encoding"))
    head.chunked = lower_ascii(*encoding) == "chunked";
  BodyReader reader(head);
  for (;;) {
    received.erase(0, reader.feed(received, answer.body));
    if (sink != nullptr && answer.status == 200) {
      if (!answer.body.empty() && !(*sink)(answer.body))
        return error(ErrorCode::too_large, "The answer is larger than what is taken.");
      answer.body.clear();
      if (reader.done()) return answer;
      if (reader.broken()) return no_http;
      PF_LET(const bool more, receive(received));
      const bool ends_with_connection = head.content_length == ~std::uint64_t{0} && !head.chunked;
      if (!more && ends_with_connection) return answer;
      if (!more) return error(ErrorCode::unavailable, "The answer was cut off before its end.");
      continue;
    }
    if (reader.done() || reader.broken() || answer.body.size() >= kOutboundAnswerBytesMax) break;
    // The status is known: an answer that comes to no end is as good as one that does.
    const auto more = receive(received);
    if (!more.ok() || !*more) break;
  }
  answer.body.resize(std::min(answer.body.size(), kOutboundAnswerBytesMax));
  return answer;
}

}  // namespace pf::http
