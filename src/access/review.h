// The access review: each quarter somebody looks at every person and program, says who keeps his access and who does
// not, and signs it (Amazon DPP 1.2). Plain values; Access does it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "access/people.h"

namespace pf::access {

inline constexpr std::chrono::days kReviewEvery{90};
inline constexpr std::size_t kReviewNoteBytesMax = 1'000;

struct ReviewDecision {
  std::string id;
  bool keep = false;  // else the account is stopped, or the program removed
};
struct ReviewDraft {
  std::vector<ReviewDecision> people, programs;
  std::string note;
};
struct Review {
  std::string text;       // JSON: at, by, people, programs, note, as it was signed
  std::string signature;  // over the text
  json::Value content;    // the text, read
};
// The signature of a text, as it is kept: base64url.
using Signer = std::function<std::string(std::string_view text)>;

}  // namespace pf::access
