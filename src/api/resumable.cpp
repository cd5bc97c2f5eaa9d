#include "api/resumable.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "api/rows.h"
#include "crypto/crypto.h"
#include "http/negotiation.h"

namespace pf::api {
namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(1, '\0').append(part);
  return out;
}

// Whoever is limited is answered otherwise, and so is who reads another language.
std::string reader_of(const Call& call) {
  std::string out = joined({call.actor.id, call.actor.user, call.locale});
  if (call.limits)
    for (const auto* list : {&call.limits->channels, &call.limits->categories, &call.limits->locales}) {
      out.append(1, '\1');
      for (const std::string& one : *list) out.append(joined({one}));
    }
  return out;
}

// Another one whenever the answer may be another.
std::string state_of(std::string mark, const Call& call) {
  // The question as it is meant: of a view that somebody changes, or whose times move (now-7d), it is another each
  // time.
  for (const auto& [name, value] : call.query) mark.append(joined({name, value}));
  return hex(crypto::sha256(mark + reader_of(call))).substr(0, 32);
}

Error nothing_to_go_on_with() {
  Error out = error(ErrorCode::conflict,
                    "There is no download that goes on here: it broke off more than ten minutes ago, or before "
                    "ProductFlow was started again, or several did and it is not said which; or it broke off only "
                    "now, which may not have been noticed yet. Try again in half a minute, name its ETag in If-Range, "
                    "or begin anew without Range.");
  out.faults.push_back({"Range", "stale", out.message});
  return out;
}

// An exception cuts an answer short, so that nobody takes it for whole.
template <class Done>
void whole(const Done& done) {
  if (!done.ok()) throw std::runtime_error(done.error().message);
}

// An answer that goes on runs twice, to count and to send. When its reader has all of it nothing is broken off any
// more.
std::function<void(const http::BodySink&)> going_on(KeptExports& kept, std::string tag, std::uint64_t first,
                                                    std::function<void(const http::BodySink&)> write) {
  return [&kept, tag = std::move(tag), first, write = std::move(write),
          counted = std::make_shared<bool>(false)](const http::BodySink& sink) {
    const bool sends = std::exchange(*counted, true);
    std::uint64_t bytes = 0;
    bool taken = true;
    write([&](std::string_view piece) {
      bytes += piece.size();
      return taken = taken && sink(piece);
    });
    if (taken && (sends || bytes <= first)) kept.arrived(tag);
  };
}

}  // namespace

Result<> check_range_is_named(const Call& call) {
  if (trim(header(call, "if-range")).empty() && http::resumes_at(header(call, "range"), "", ""))
    return nothing_to_go_on_with();
  return {};
}

Result<Answer> resumable(KeptExports& kept, const Call& call, MadeFile file) {
  Answer answer{.content_type = std::move(file.content_type)};
  answer.headers.emplace_back("content-disposition", "attachment; filename=\"" + file.name + "\"");
  answer.headers.emplace_back("accept-ranges", "bytes");
  // What was asked, in its own words: `now` is then that of the first time.
  const std::string asked = call.request.target + reader_of(call);
  // Who names no ETag, as curl -C - does, means the last that he was sent.
  const std::string if_range(trim(header(call, "if-range")));
  const auto first = http::resumes_at(header(call, "range"), if_range, if_range);
  if (const auto known = first ? kept.find(asked, if_range, *first) : nullptr) {
    answer.headers.emplace_back("etag", KeptExports::tag_of(*known));
    answer.from_byte = first;
    answer.stream = going_on(kept, KeptExports::tag_of(*known), *first,
                             [&kept, known](const http::BodySink& sink) { kept.send_rest(*known, sink); });
    return answer;
  }
  PF_TRY(check_range_is_named(call));
  PF_LET(const std::string mark, file.mark());
  const std::string state = state_of(mark, call);
  if (first && if_range.starts_with('"' + state + '-')) {
    answer.headers.emplace_back("etag", if_range);
    answer.from_byte = first;
    answer.stream = going_on(kept, if_range, *first, [file = std::move(file), mark](const http::BodySink& sink) {
      whole(file.write(sink));
      // Each time all of it must be what the ETag named.
      const auto after = file.mark();
      whole(after);
      if (*after != mark) throw std::runtime_error("What an export holds has changed while the rest of it was sent.");
    });
    return answer;
  }
  // Pages are reads of their own: two downloads that begin alike may go on otherwise, and so are called otherwise.
  const std::string tag = '"' + state + '-' + hex(crypto::random_bytes(8)) + '"';
  answer.headers.emplace_back("etag", tag);
  const http::Request credentials{.method = call.request.method,
                                  .target = call.request.target,
                                  .path = call.request.path,
                                  .headers = call.request.headers,
                                  .peer = call.request.peer};
  answer.stream = [&kept, write = std::move(file.write),
                   wish = KeptExports::Wish{tag, asked, call.actor.id, credentials}](const http::BodySink& sink) {
    kept.send(wish, write, sink);
  };
  return answer;
}

}  // namespace pf::api
