#include "formats/json_items.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::formats {
namespace {

bool is_json_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// How a GraphQL API of a shop (Vendure's) begins its answer about orders; its list stands three deep. Nothing else that
// stands so deep is taken for the file's items.
constexpr int kAnswerDepth = 3;
constexpr std::size_t kAnswerBytesMax = 200;  // with the blanks of a program that writes each name on its line
bool begins_answer(std::string_view text) {
  if (text.size() > kAnswerBytesMax) return false;
  std::string bare;
  for (const char c : text)
    if (!is_json_blank(c)) bare.push_back(c);
  constexpr std::string_view kStart = R"({"data":{"orders":{)", kEnd = R"("items":)", kTotal = R"("totalItems":)";
  if (!bare.starts_with(kStart) || !bare.ends_with(kEnd) || bare.size() < kStart.size() + kEnd.size()) return false;
  std::string_view between = std::string_view(bare).substr(kStart.size(), bare.size() - kStart.size() - kEnd.size());
  if (between.empty()) return true;
  if (!between.starts_with(kTotal) || !between.ends_with(',')) return false;
  between = between.substr(kTotal.size(), between.size() - kTotal.size() - 1);
  return between.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_json_wrapper(std::string_view name) {
  constexpr std::string_view kWrappers[] = {"data", "orders", "order", "products", "product", "items"};
  return std::ranges::find(kWrappers, name) != std::end(kWrappers);
}

// Whether what was gathered is `{ "orders" :`, so that the bracket that follows opens the list of items.
bool JsonItems::opens_list() {
  std::string_view text = trim(item_.text);
  if (depth_ == kAnswerDepth) return begins_answer(text);
  if (!text.starts_with('{') || !text.ends_with(':')) return false;
  text = trim(text.substr(1, text.size() - 2));
  // Shopware's Admin API counts its list before it: {"total": 2, "data": [
  constexpr std::string_view kCount = R"("total")", kList = R"("data")";
  if (text.size() > kCount.size() + kList.size() && text.starts_with(kCount) && text.ends_with(kList)) {
    std::string_view between = trim(text.substr(kCount.size(), text.size() - kCount.size() - kList.size()));
    if (!between.starts_with(':') || !between.ends_with(',')) return false;
    between = trim(between.substr(1, between.size() - 2));
    return between.find_first_not_of("0123456789") == std::string_view::npos && !between.empty();
  }
  return text.size() > 2 && text.front() == '"' && text.back() == '"' &&
         is_json_wrapper(text.substr(1, text.size() - 2));
}

Result<> JsonItems::take(const std::function<Result<>(JsonItem&&)>& item) {
  JsonItem done = std::move(item_);
  item_ = {};
  in_text_ = escaped_ = false;
  depth_ = 0;
  if (trim(done.text).empty()) return {};
  ++taken_;
  return item(std::move(done));
}

Result<> JsonItems::feed(std::string_view text, const std::function<Result<>(JsonItem&&)>& item) {
  for (const char c : text) {
    if (c == '\n') ++line_;
    if (at_ == At::done) continue;
    if (at_ == At::start) {
      if (is_json_blank(c)) continue;
      at_ = At::items;
      if (c == '[') {
        in_list_ = true;
        continue;
      }
    }
    const bool lines = !in_list_ && taken_ > 0;
    if (item_.text.empty() && (is_json_blank(c) || (in_list_ && c == ','))) continue;
    if (lines && c == '\n') {
      PF_TRY(take(item));
      continue;
    }
    if (item_.text.empty()) item_.line = line_;
    if (item_.text.size() >= kJsonItemBytesMax)
      return error(ErrorCode::too_large, "line " + std::to_string(item_.line) + ": a value is larger than " +
                                             std::to_string(kJsonItemBytesMax >> 20) + " MiB");
    if (in_text_) {
      item_.text.push_back(c);
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_text_ = false;
      continue;
    }
    if (in_list_ && depth_ == 0 && (c == ',' || c == ']')) {
      PF_TRY(take(item));
      if (c == ']') at_ = At::done;
      continue;
    }
    if (c == '[' && (depth_ == 1 || depth_ == kAnswerDepth) && !in_list_ && taken_ == 0 && opens_list()) {
      in_list_ = true;
      item_ = {};
      depth_ = 0;
      continue;
    }
    item_.text.push_back(c);
    if (c == '"') in_text_ = true;
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && --depth_ <= 0 && !lines) PF_TRY(take(item));
  }
  return {};
}

Result<> JsonItems::finish(const std::function<Result<>(JsonItem&&)>& item) {
  const bool cut_off = !trim(item_.text).empty() && (depth_ > 0 || in_text_);
  if (cut_off && (in_list_ || taken_ == 0))
    return error(ErrorCode::invalid, "line " + std::to_string(item_.line) +
                                         ": the file ends inside a value that begins here; it seems to be cut off");
  PF_TRY(take(item));
  if (in_list_ && at_ != At::done)
    return error(ErrorCode::invalid,
                 "line " + std::to_string(line_) + ": the file ends inside its list; it seems to be cut off");
  return {};
}

}  // namespace pf::formats
