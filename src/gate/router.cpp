#include "gate/router.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::gate {
namespace {

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/') && path.size() > 1) path.remove_suffix(1);  // the public client sometimes adds one
  return split(path, '/');
}

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
  }
  return "";
}

Router::Router(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Shape shape{{}, &row};
    for (std::string_view segment : segments_of(row.path)) shape.segments.emplace_back(segment);
    by_length_[shape.segments.size()].push_back(std::move(shape));
  }
  // A word wins over a parameter: order/queue before order/{id}.
  for (auto& [length, shapes] : by_length_)
    std::ranges::stable_sort(shapes, {},
                             [](const Shape& shape) { return std::ranges::count_if(shape.segments, is_parameter); });
}

Router::Match Router::find(std::string_view method, std::string_view encoded_path) const {
  Match match;
  const auto segments = segments_of(encoded_path);
  const auto shapes = by_length_.find(segments.size());
  if (shapes == by_length_.end()) return match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Shape& shape : shapes->second) {
    bool fits = true;
    for (std::size_t i = 0; fits && i < segments.size(); ++i)
      fits = is_parameter(shape.segments[i]) ? !segments[i].empty() : shape.segments[i] == segments[i];
    if (!fits) continue;
    if (method_name(shape.row->method) != wanted) {
      const std::string one =
          std::string(method_name(shape.row->method)) + (shape.row->method == Method::get ? ", HEAD" : "");
      if (match.allowed.find(one) == std::string::npos) match.allowed += (match.allowed.empty() ? "" : ", ") + one;
      continue;
    }
    match.row = shape.row;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (!is_parameter(shape.segments[i])) continue;
      auto value = percent_decode(segments[i]);
      if (!value || first_bad_utf8(*value) || value->find('\0') != std::string::npos) {
        match.undecodable = true;
        return match;
      }
      match.path.emplace_back(shape.segments[i].substr(1, shape.segments[i].size() - 2), *std::move(value));
    }
    return match;
  }
  return match;
}

}  // namespace pf::gate
